"""Wording said twice: a run of 12 letters or more, a whole clause of 8 or more, a fact told again.

Published formulas, titles and long names may recur, and so may what the facts themselves say more
than once. In another section a fact's own words may stand again (a problem and its measure).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from drafter.checks.echoes import Echo, echoes
from drafter.checks.numbering import lines_of
from drafter.checks.passages import letters
from drafter.checks.recurring import free_letters, recurs
from drafter.checks.retold import retold, reworded
from drafter.checks.twice import Again, headings_again
from drafter.checks.twice import again as said_again
from drafter.types import Draft, DraftSection, Finding, Severity, Sources

RUN = 12
_CLAUSE = 8  # letters of a clause that is told when it stands twice word for word
_SURE = 16  # letters from which nobody repeats himself on purpose

_REWORDED = "与前面一句只差几个字，请合并或换一种说法。"

# Section, span, why, severity (None: by its length).
_Twice = tuple[DraftSection, int, int, str, Severity | None]


class _Seen:
    """What was written so far: runs by their letters, clauses by theirs, each where it stands."""

    __slots__ = ("clauses", "own", "runs", "said")

    def __init__(self, facts: Sequence[str]) -> None:
        self.own = "\n".join(facts)
        self.runs: dict[str, tuple[str, int]] = {}
        self.clauses: dict[str, str] = {}
        self.said: dict[str, int] = {}

    def too_often(self, words: str) -> bool:
        """Whether the draft says `words` more often than the facts do, being asked once each."""
        self.said[words] = self.said.get(words, 1) + 1
        return self.said[words] > self.own.count(words)


def _repeated(section: DraftSection, skip: Sequence[tuple[int, int]], seen: _Seen) -> bytearray:
    """Return one flag a letter of the section: 1 where it says again what was said."""
    bare, offsets, exempt, breaks = free_letters(section.text)
    heading = bytearray(
        any(start <= offset < end for start, end in skip) for offset in offsets
    )  # a heading's words may come again in the text below it
    told = bytearray(len(bare))
    for at in range(len(bare) - RUN + 1):
        end = at + RUN
        if any(heading[at:end]):
            continue
        gram = bare[at:end]
        where, before = seen.runs.setdefault(gram, (section.id, at))
        elsewhere = where != section.id
        if (not elsewhere and at - before < RUN) or recurs(exempt, at, end):
            continue
        if not (elsewhere and gram in seen.own) and seen.too_often(gram):
            told[at:end] = b"\1" * RUN
    places = sorted(breaks)
    for at, end in pairwise(places):
        if end - at < _CLAUSE or recurs(exempt, at, end) or any(heading[at:end]):
            continue
        clause = bare[at:end]
        first = seen.clauses.setdefault(clause, f"{section.id}|{at}")
        if first == f"{section.id}|{at}":
            continue
        elsewhere = not first.startswith(f"{section.id}|")
        if not (elsewhere and clause in seen.own) and seen.too_often(clause):
            told[at:end] = b"\1" * (end - at)
    return told


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield a finding at the second place of what is said twice: an error for a sentence that
    stands there again word for word, a warning for less."""
    spans: list[tuple[DraftSection, int, int]] = []
    for section, start, end, why, severity in (
        *_in_sections(draft, sources),
        *((*one, "说的是前面已经写过的事，请合并。", "warning") for one in retold(draft, sources)),
        *((*one, _REWORDED, "warning") for one in reworded(draft, sources)),
    ):
        if _is_new(spans, section, start, end):
            spans.append((section, start, end))
            yield _finding(section, start, end, why, severity)
    for section, span, words in headings_again(draft):
        message = f"“{words}”与前面的标题相同，请改一个。"
        yield Finding("repetition", "error", section.id, span, words, message, None)


def _in_sections(draft: Draft, sources: Sources) -> Iterator[_Twice]:
    """Yield what stands twice letter by letter, word by word or clause by clause."""
    seen = _Seen([letters(fact.text)[0] for fact in sources.facts])
    facts = tuple(fact.text for fact in sources.facts)
    headings: dict[str, list[tuple[int, int]]] = {}
    for line in lines_of(draft):
        if line.start is not None and line.is_heading:
            span = (line.start, line.start + len(line.text))
            headings.setdefault(line.section.id, []).append(span)
    for section in draft.sections:
        told = _repeated(section, headings.get(section.id, ()), seen)
        for start, end in _spans(told, free_letters(section.text)[1]):
            if not _is_taken_up(section.text, start, end):
                yield section, start, end, "前面已经写过，请合并或换一种说法。", None
        for start, end, severity in _echoes(section, seen.own):
            yield section, start, end, "连着重复，或说得太多，请删去。", severity
        for _, start, end, severity in _said_again(section, facts):
            yield section, start, end, "前面已经说过，请合并或删去。", severity


# What one section says twice by itself is asked again at every keystroke in another.
@lru_cache(maxsize=256)
def _echoes(section: DraftSection, own: str) -> tuple[Echo, ...]:
    return tuple(echoes(section, own))


@lru_cache(maxsize=256)
def _said_again(section: DraftSection, facts: tuple[str, ...]) -> tuple[Again, ...]:
    return tuple(said_again(section, facts))


def _is_taken_up(text: str, start: int, end: int) -> bool:
    """Whether a measure names the problem it answers: 针对…偏低的问题."""
    before = re.search("(?:针对|对于|围绕|聚焦|着眼|解决|破解|正视)$", text[:start])
    return bool(before) and bool(
        re.match("[^，。；]{0,4}(?:问题|短板|不足|情况|现象|难题|实际)", text[end:])
    )


def _is_new(
    spans: Sequence[tuple[DraftSection, int, int]], section: DraftSection, start: int, end: int
) -> bool:
    return not any(one.id == section.id and a < end and start < b for one, a, b in spans)


def _finding(
    section: DraftSection, start: int, end: int, why: str, severity: Severity | None = None
) -> Finding:
    words = section.text[start:end]
    sure: Severity = "error" if len(letters(words)[0]) >= _SURE else "warning"
    message = f"“{words}”{why}"
    return Finding("repetition", severity or sure, section.id, (start, end), words, message, None)


def _spans(told: bytearray, offsets: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    at = 0
    while (start := told.find(1, at)) >= 0:
        at = told.find(0, start)
        at = len(told) if at < 0 else at
        yield offsets[start], offsets[at - 1] + 1
