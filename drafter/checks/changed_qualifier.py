"""Qualifiers exchanged for others: 每季度 told as 每月, 近320 as 320余, 拟 as 已, 部分 as 全部.

Pairs are in data/qualifiers.toml. Only the sentence that tells the fact is looked at.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.anchors import is_kept, quantity_value
from drafter.checks.passages import Passage, locate, sections_with
from drafter.data import load_table
from drafter.numbers import find_quantities
from drafter.types import Anchor, Draft, Fact, Finding, Sources


@dataclass(frozen=True, slots=True)
class Change:
    """An anchor of a fact and the words `start:end` of the section that stand in its place."""

    anchor: Anchor
    start: int
    end: int


@lru_cache(maxsize=1)
def _contradictions() -> dict[str, re.Pattern[str]]:
    table = load_table("qualifiers")
    often = {word["name"]: word["find"] for word in table["word"] if word["kind"] == "frequency"}
    pairs = {entry["from"]: re.compile(entry["to"]) for entry in table["changed"]}
    for name in often:
        others = [find for other, find in often.items() if other != name]
        if name == "每周几":
            others.remove(often["每周"])
        pairs[name] = re.compile("|".join(others))
    return pairs


def _changed_number(anchor: Anchor, passage: Passage) -> Change | None:
    """The same number and unit with another limit, where the right one does not stand too."""
    value, _, approx = (
        anchor.value.rpartition("|") if anchor.value.count("|") > 1 else (anchor.value, "", "")
    )
    if is_kept(anchor, passage.text) or "|" not in value:
        return None
    for quantity in find_quantities(passage.text):
        if quantity.key == value and quantity.approx != approx and not quantity.weak:
            start = passage.start + quantity.start
            return Change(anchor, start, start + len(quantity.text))
    return None


def _changed_word(anchor: Anchor, fact: Fact, passage: Passage) -> Change | None:
    contradiction = _contradictions().get(anchor.value)
    if contradiction is None or is_kept(anchor, passage.text):
        return None
    for match in contradiction.finditer(passage.text):
        if match[0] not in fact.text:
            return Change(anchor, passage.start + match.start(), passage.start + match.end())
    return None


def changes(fact: Fact, passage: Passage, facts: Sequence[Fact]) -> tuple[Change, ...]:
    """Return the limits and qualifiers of `fact` that `passage` tells otherwise.

    Words that another of `facts`, told in the same sentence, has are that fact's own.
    """
    if not passage.close:
        return ()
    found = []
    for anchor in fact.anchors:
        change = None
        if anchor.kind == "number":
            change = _changed_number(anchor, passage)
        elif anchor.kind == "qualifier":
            change = _changed_word(anchor, fact, passage)
        if change is not None and not _is_others(change, passage, facts, fact):
            found.append(change)
    return tuple(found)


def _is_others(change: Change, passage: Passage, facts: Sequence[Fact], fact: Fact) -> bool:
    words = passage.section.text[change.start : change.end]
    others = [other for other in facts if other.id != fact.id]
    if change.anchor.kind == "number":
        values = {quantity_value(quantity) for quantity in find_quantities(words)}
        return any(anchor.value in values for other in others for anchor in other.anchors)
    return any(
        words in other.text
        and (told := locate(other, [passage.section])) is not None
        and told.close
        and told.start == passage.start
        for other in others
    )


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each qualifier of a fact that its sentence exchanged for another."""
    for fact in sources.facts:
        passage = locate(fact, sections_with(draft, fact))
        if passage is None:
            continue
        for change in changes(fact, passage, sources.facts):
            said = passage.section.text[change.start : change.end]
            yield Finding(
                "changed_qualifier",
                "error",
                passage.section.id,
                (change.start, change.end),
                said,
                f"要点写的是“{change.anchor.text}”，这里写成了“{said}”。",
                change.anchor.text,
            )
