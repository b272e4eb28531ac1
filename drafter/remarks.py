"""Findings as a person meets them: what each one is judged by, and whether it was set aside.

Pure. A finding is remembered by what it is about (its check, its words, its fact), never by where
it stands: so an ignored one stays ignored when the section is written anew or moved, and the same
words about another fact are a new finding.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.passages import letters
from drafter.tracing import closest_fact, told_in, trace
from drafter.types import Draft, DraftSection, Fact, FactUse, Finding
from index.types import Section

# (check, words, about): what an ignored finding is remembered by. `words` are bare letters; `about`
# is the wording of the fact (ids change when the paste is edited), or the section's id.
Matter = tuple[str, str, str]
# Findings that a fact decides; of others the nearest fact says nothing.
_BY_FACT = (
    *("untraced_number", "dropped_fact", "changed_qualifier", "untraced_name", "unsupported"),
    *("arithmetic", "exemplar_leak"),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding on the page. `key` names it there until the text changes; `fact` is the fact it is
    judged by (for something that has no source: the closest one), None where there is none."""

    key: str
    matter: Matter
    finding: Finding
    fact: Fact | None
    ignored: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """The passage of a sample report that a draft repeats: report, heading, and the shared run."""

    section_id: str
    report: str
    heading: str
    run: str


def remarks_of(
    findings: Iterable[Finding],
    draft: Draft,
    facts: Sequence[Fact],
    uses: Iterable[FactUse],
    ignored: Collection[Matter],
) -> tuple[Remark, ...]:
    """Return the findings in their order, each with its fact and its memory."""
    sections = {section.id: section for section in draft.sections}
    lost = {use.fact_id: use.missing for use in uses}
    seen: Counter[tuple[str, Matter]] = Counter()
    remarks = []
    for finding in findings:
        section = sections.get(finding.section_id or "")
        fact = _fact_of(finding, section, facts)
        matter = _matter(finding, fact)
        if finding.check == "dropped_fact" and fact is not None and section is not None:
            matter = _of_loss(matter, fact, section, facts, lost.get(fact.id, ()))
        place = (finding.section_id or "", matter)
        key = _key(*place, seen[place])
        seen[place] += 1
        remarks.append(Remark(key, matter, finding, fact, matter in ignored))
    return tuple(remarks)


def _fact_of(finding: Finding, section: DraftSection | None, facts: Sequence[Fact]) -> Fact | None:
    if finding.check not in _BY_FACT or section is None:
        return None
    if finding.check == "dropped_fact":
        told = [fact for fact in facts if fact.text == finding.text]
        own = [fact for fact in told if fact.id in section.fact_ids]
        return next(iter(own or told), None)
    if finding.span is None:
        return None
    near = closest_fact(section, finding.span, facts)
    if not finding.suggestion or (near and finding.suggestion in near.text):
        return near
    # The suggested words come from a fact: that one is the source, however the sentence is worded.
    having = [fact for fact in facts if finding.suggestion in fact.text]
    return next((fact for fact in having if fact.id in section.fact_ids), near)


def _matter(finding: Finding, fact: Fact | None) -> Matter:
    said = finding.text or finding.message
    words = _bare(said) or said  # "××" has no letters
    about = _bare(fact.text) if fact else finding.section_id or ""
    return finding.check, words, about


def _of_loss(
    matter: Matter,
    fact: Fact,
    section: DraftSection,
    facts: Sequence[Fact],
    missing: Sequence[str],
) -> Matter:
    """A fact told without its number is another matter than the whole fact gone."""
    told = fact.id in told_in(trace(section, facts))
    return matter[0], "|".join([matter[1], *(missing if told else ("",))]), matter[2]


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return letters(text)[0]


def _key(section_id: str, matter: Matter, turn: int) -> str:
    written = "\x1f".join([section_id, *matter, str(turn)])
    return hashlib.blake2b(written.encode("utf-8", "replace"), digest_size=8).hexdigest()


def origin_of(finding: Finding, exemplars: Iterable[tuple[Section, str]]) -> Origin | None:
    """Return where copied words come from, of (section, report title) pairs; None if unknown.

    The passage with the longest run in common wins: a leaked stretch may have several sources.
    A deed told in other words than the sample's is of the one its message counts (第3篇范文).
    """
    words = _bare(finding.text)
    best: tuple[int, Origin] | None = None
    counted = re.search(r"第(\d+)篇范文", finding.message)
    for number, (section, report) in enumerate(exemplars, start=1):
        bare, offsets = letters(section.text)
        start, length = longest_shared(words, bare)
        named = counted is not None and int(counted[1]) == number and length > 1
        enough = named or length >= min(len(words), _RUN)
        if not enough or (best and length <= best[0]):
            continue
        run = section.text[offsets[start] : offsets[start + length - 1] + 1]
        heading = (section.number or "") + (section.heading or "")
        best = length, Origin(section.id, report, heading, run)
    return best[1] if best else None


_RUN = 8


def longest_shared(words: str, other: str) -> tuple[int, int]:
    """Return (place in `other`, length) of the longest run that `words` shares with it."""
    place = length = 0
    for start in range(len(words)):
        # Only a run longer than the longest so far matters, so each look is one search.
        while start + length < len(words):
            at = other.find(words[start : start + length + 1])
            if at < 0:
                break
            place, length = at, length + 1
    return place, length
