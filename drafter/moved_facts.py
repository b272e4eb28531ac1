"""Which facts go with which part of a text, and which stand in a section they no longer belong to.

Pure, on top of `drafter.tracing`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from drafter.checks.passages import sentence_spans
from drafter.tracing import Sentence, told_in, trace
from drafter.types import DraftSection, Fact


@dataclass(frozen=True, slots=True)
class Stray:
    """A fact out of place in a written section.

    kind "still": the text tells it, though it belongs to section `other` (None: to none any more);
    "missing": it belongs here, but only section `other` tells it.
    """

    fact_id: str
    kind: Literal["still", "missing"]
    other: str | None


def cuts(text: str) -> tuple[int, ...]:
    """Return the places where a text can be made two: between its sentences and paragraphs."""
    starts = [start for start, _ in sentence_spans(text)]
    return tuple(at for at in starts[1:] if text[:at].strip() and text[at:].strip())


def facts_behind(section: DraftSection, facts: Sequence[Fact], at: int) -> tuple[str, ...]:
    """Return the facts of a section that its text tells from `at` on rather than before.

    A fact told in both halves goes with the larger part of its telling; one told nowhere stays in
    front.
    """
    places = told_in(trace(section, facts))
    behind = []
    for fact_id in section.fact_ids:
        told = places.get(fact_id, ())
        late = sum(s.end - max(s.start, at) for s in told if s.end > at)
        early = sum(min(s.end, at) - s.start for s in told if s.start < at)
        if late > early:
            behind.append(fact_id)
    return tuple(behind)


def strays(
    sections: Sequence[DraftSection],
    facts: Sequence[Fact],
    sentences: Mapping[str, Sequence[Sentence]],
    written_from: Mapping[str, Collection[str]],
) -> dict[str, tuple[Stray, ...]]:
    """Return, by section, the facts that are out of place there.

    `sentences` are those of the sections as traced, `written_from` the facts a section's text was
    last written from: one that has left since is looked for as closely as the section's own.
    """
    home = {fact_id: section.id for section in sections for fact_id in section.fact_ids}
    told = {s.id: _told(s, facts, sentences, written_from.get(s.id, ())) for s in sections}
    found: dict[str, tuple[Stray, ...]] = {}
    for section in sections:
        if section.text.strip():
            still = _still(section, home, told, written_from.get(section.id, ()))
            missing = _missing(section, sections, told)
            if still or missing:
                found[section.id] = (*still, *missing)
    return found


def _told(
    section: DraftSection,
    facts: Sequence[Fact],
    sentences: Mapping[str, Sequence[Sentence]],
    written_from: Collection[str],
) -> frozenset[str]:
    gone = tuple(i for i in written_from if i not in section.fact_ids)
    if not gone:
        found = sentences.get(section.id, ())
    else:
        found = trace(replace(section, fact_ids=(*section.fact_ids, *gone)), facts)
    return frozenset(told_in(found))


def _still(
    section: DraftSection,
    home: Mapping[str, str],
    told: Mapping[str, frozenset[str]],
    written_from: Collection[str],
) -> tuple[Stray, ...]:
    foreign = [i for i in told[section.id] if i not in section.fact_ids]
    return tuple(
        Stray(fact_id, "still", home.get(fact_id))
        for fact_id in sorted(foreign, key=_order)
        if fact_id in written_from
        or fact_id not in home
        or fact_id not in told.get(home[fact_id], ())
    )


def _missing(
    section: DraftSection, sections: Sequence[DraftSection], told: Mapping[str, frozenset[str]]
) -> tuple[Stray, ...]:
    found = []
    for fact_id in section.fact_ids:
        if fact_id not in told[section.id]:
            other = next((s.id for s in sections if fact_id in told[s.id]), None)
            if other is not None:
                found.append(Stray(fact_id, "missing", other))
    return tuple(found)


def _order(fact_id: str) -> tuple[int, str]:
    return len(fact_id), fact_id
