"""Fixed Party terms misquoted: a wrong numeral, name or verb; members wrong, missing, too many or
out of order; plenums that never were.

Terms, members and their sources are in data/fixed_terms.toml, plenums in data/stale_phrases.toml. A
name alone passes, and so does a part of the members that claims no completeness (等, or two of
four). It does not know terms a province or a unit made up for itself.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from drafter.checks.congresses import congresses, never_was, plenum_mentions
from drafter.checks.member_lists import terms
from drafter.checks.misnamed import misnamed
from drafter.checks.passages import letters, sentence_spans
from drafter.checks.term_lists import list_faults
from drafter.checks.told import place_of
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Finding, Severity, Sources

_QUOTED_NAME = re.compile("“([\u4e00-\u9fff]{4,6})”")
_COUNTED = re.compile(
    "[一二两三四五六七八九](?!个)[\u4e00-\u9fff][一二两三四五六七八九][\u4e00-\u9fff]{1,2}$"
)


@lru_cache(maxsize=1)
def _wrong() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(row["find"]), row) for row in load_table("fixed_terms")["wrong"])


def _finding(
    section: DraftSection,
    span: tuple[int, int],
    right: str,
    severity: Severity = "error",
    fix: bool = True,
) -> Finding:
    words = section.text[slice(*span)]
    message = f"“{words}”与规范表述“{right}”不一致。"
    better = right if fix else None
    return Finding("term_form", severity, section.id, span, words, message, better)


def _in_force(row: dict[str, Any], year: int | None) -> bool:
    first, last = str(row.get("from", "0000"))[:4], str(row.get("to", "9999"))[:4]
    return year is None or int(first) <= year <= int(last)


def _excused(section: DraftSection, at: int, row: dict[str, Any]) -> bool:
    words = row.get("unless", ())
    inside = [span for span in sentence_spans(section.text) if span[0] <= at < span[1]]
    sentence = section.text[slice(*inside[0])] if inside else section.text
    return any(word in sentence for word in words)


def _misquoted(section: DraftSection, year: int | None) -> Iterator[Finding]:
    bare, offsets = letters(section.text)
    for pattern, row in _wrong():
        if not _in_force(row, year):
            continue
        for match in pattern.finditer(bare):
            span = (offsets[match.start()], offsets[match.end() - 1] + 1)
            if not _excused(section, span[0], row):
                severity: Severity = row.get("severity", "error")
                fix = row.get("replace", True)
                yield _finding(section, span, row["right"], severity, fix)


def _no_such_plenum(section: DraftSection, year: int | None) -> Iterator[Finding]:
    """十八届八中全会, 党的二十大三中全会, 党的二十届三次全会."""
    bare, offsets = letters(section.text)
    told: set[int] = set()
    for mention in plenum_mentions(bare):
        if never_was(mention, year) and mention.start not in told:
            told.add(mention.start)
            span = (offsets[mention.start], offsets[mention.end - 1] + 1)
            words, held = section.text[slice(*span)], mention.congress
            known = held.count or len(held.plenums)
            said = f"没有“{words}”：{held.term}中央委员会共召开{known}次全会，请核实届次。"
            yield Finding("term_form", "error", section.id, span, words, said, None)
    for match in _misnumbered().finditer(bare):
        span = (offsets[match.start()], offsets[match.end() - 1] + 1)
        if match["name"]:
            term = next(one.term for one in congresses() if one.name == match["name"])
            yield _finding(section, span, f"{term}{match['nth']}")
        else:
            yield _finding(section, span, f"党的{match['term']}{match['n']}中全会")


@lru_cache(maxsize=1)
def _misnumbered() -> re.Pattern[str]:
    """二十大三中全会 and 党的二十届三次全会, both for 二十届三中全会."""
    known = sorted(congresses(), key=lambda one: len(one.name), reverse=True)
    names, held = "|".join(one.name for one in known), "|".join(one.term for one in known)
    number = "[一二三四五六七]"
    return re.compile(
        rf"(?<!第)(?P<name>{names})(?P<nth>{number}中全会)"
        rf"|党的(?P<term>{held})(?P<n>{number})次(?:中央)?全会"
    )


def _lists(section: DraftSection, year: int | None) -> Iterator[Finding]:
    for fault in list_faults(section.text, year):
        sure = fault.severity == "error"  # of a doubtful list the end is not certain either
        yield _finding(
            section, (fault.start, fault.end), fault.term.joined, fault.severity, fix=sure
        )


def _names(section: DraftSection) -> Iterator[Finding]:
    for one in misnamed(section.text):
        place = place_of(section, one.start, one.end)
        found = _finding(section, (place.start, place.end), one.right or "")
        yield found if one.right else replace(found, message=one.message or "", suggestion=None)


@lru_cache(maxsize=1)
def _counted_names() -> dict[str, tuple[str, ...]]:
    """The published names with two counts in them (三严三实, 四议两公开), by their length; and all
    that a quotation may say beside them."""
    names = {term.name for term in terms() if _COUNTED.match(term.name)}
    return {name: tuple(sorted(name)) for name in names}


def _near_counted(section: DraftSection, sources: Sources) -> Iterator[Finding]:
    """“四公开两议”, “三严三细”: a quoted name with the letters of a published one in another order
    (an error), or with one letter of it exchanged (it may be a unit's own: a warning)."""
    known = {*(term.name for term in terms()), *load_table("fixed_terms")["phrases"]["terms"]}
    facts = "\n".join(fact.text for fact in sources.facts)
    for match in _QUOTED_NAME.finditer(section.text):
        said = match[1]
        if said in known or said in facts:
            continue
        for name, sorted_letters in _counted_names().items():
            if len(name) != len(said):
                continue
            mixed = tuple(sorted(said)) == sorted_letters
            if mixed or sum(a != b for a, b in zip(said, name, strict=True)) == 1:
                severity: Severity = "error" if mixed else "warning"
                yield _finding(section, match.span(1), name, severity, fix=mixed)
                break


def _softened(found: Finding, sources: Sources) -> Finding:
    """A list or a name that a fact has letter by letter may be the unit's own: a warning."""
    words = letters(found.text)[0]
    if not any(words in letters(fact.text)[0] for fact in sources.facts):
        return found
    message = f"{found.message}要点原文也这样写，请一并核实。"
    return replace(found, severity="warning", message=message)


def _overlap(one: Finding, other: Finding) -> bool:
    (start, end), (first, last) = one.span or (0, 0), other.span or (0, 0)
    return start < last and first < end


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each fixed term whose form is not the published one (a warning where the
    table says so, or where a fact itself has the list or the name). Without a year every version
    ever published is right."""
    year = draft.year or sources.year
    for section in draft.sections:
        told = [*_misquoted(section, year), *_no_such_plenum(section, year)]
        for found in _near_counted(section, sources):
            if not any(_overlap(found, other) for other in told):
                told.append(found)
        for found in (*_lists(section, year), *_names(section)):
            if not any(_overlap(found, other) for other in told):
                told.append(_softened(found, sources))
        yield from told
