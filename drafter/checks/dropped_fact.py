"""Facts that the draft lost, whole or in part. Rule: every fact placed in a section is told there,
with all its anchors. A limit or qualifier that was exchanged for another is changed_qualifier's."""

from collections import Counter
from collections.abc import Iterator, Sequence

from drafter.anchors import is_kept
from drafter.checks.changed_qualifier import changes
from drafter.checks.passages import Passage, locate, sections_with
from drafter.types import Anchor, Draft, DraftSection, Fact, FactStatus, FactUse, Finding, Sources


def _borrowed(anchor: Anchor, fact: Fact, around: str, text: str, facts: Sequence[Fact]) -> bool:
    """Whether the anchor stands in the section only because another fact has the same one."""
    if anchor.kind != "number" or is_kept(anchor, around):
        return False
    others = [
        other
        for other in facts
        if other.id != fact.id and any(a.value == anchor.value for a in other.anchors)
    ]
    return bool(others) and text.count(anchor.text) <= len(others)


def _missing(
    fact: Fact,
    passage: Passage,
    sections: Sequence[DraftSection],
    facts: Sequence[Fact],
    year: int | None,
) -> tuple[Anchor, ...]:
    whole = "\n".join(f"{section.heading}\n{section.text}" for section in sections)
    here = [
        other for other in facts if not sections[0].fact_ids or other.id in sections[0].fact_ids
    ]
    changed = {change.anchor for change in changes(fact, passage, facts)}
    return tuple(
        anchor
        for anchor in fact.anchors
        if anchor not in changed
        and (
            not is_kept(anchor, whole, year) or _borrowed(anchor, fact, passage.around, whole, here)
        )
    )


def _use(
    draft: Draft, fact: Fact, facts: Sequence[Fact], year: int | None
) -> tuple[FactUse, Passage | None]:
    sections = sections_with(draft, fact)
    if not sections:
        return FactUse(fact.id, "unplaced", None, ()), None
    passage = locate(fact, sections)
    if passage is None or not passage.close:
        texts = tuple(anchor.text for anchor in fact.anchors)
        return FactUse(fact.id, "dropped", sections[0].id, texts), None
    missing = _missing(fact, passage, sections, facts, year)
    status: FactStatus = "dropped" if missing else "used"
    texts = tuple(anchor.text for anchor in missing)
    return FactUse(fact.id, status, passage.section.id, texts), passage


def fact_uses(draft: Draft, facts: Sequence[Fact]) -> tuple[FactUse, ...]:
    """Return where each fact went, in the order given.

    "merged": told in one sentence with another fact; "dropped": its section does not tell it, or
    lacks the anchors in `missing` (a section not written yet tells nothing); "unplaced": no section
    has it. A draft that assigns no facts to sections at all is searched whole.
    """
    found = [_use(draft, fact, facts, draft.year) for fact in facts]
    shared = Counter(
        (passage.section.id, passage.start)
        for use, passage in found
        if passage is not None and use.status == "used"
    )
    uses = []
    for use, passage in found:
        merged = passage is not None and use.status == "used"
        if merged and passage is not None and shared[passage.section.id, passage.start] > 1:
            use = FactUse(use.fact_id, "merged", use.section_id, use.missing)
        uses.append(use)
    return tuple(uses)


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each fact that its written section does not tell in full."""
    written = {section.id for section in draft.sections if section.text.strip()}
    by_id = {fact.id: fact for fact in sources.facts}
    for use in fact_uses(draft, sources.facts):
        if use.status != "dropped" or use.section_id not in written:
            continue
        fact = by_id[use.fact_id]
        if use.missing and locate_is_close(draft, fact):
            named = "、".join(f"“{text}”" for text in use.missing)
            message = f"要点“{fact.text}”写漏了{named}。"
        else:
            message = f"要点“{fact.text}”没有写进正文。"
        yield Finding("dropped_fact", "error", use.section_id, None, fact.text, message, fact.text)


def locate_is_close(draft: Draft, fact: Fact) -> bool:
    """Whether some sentence of the fact's sections is about it."""
    passage = locate(fact, sections_with(draft, fact))
    return passage is not None and passage.close
