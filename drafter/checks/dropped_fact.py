"""Facts that the draft lost, whole or in part. Rule: every fact placed in a section is told there,
with all its anchors and clauses (checks/kept.py). A limit or qualifier that was exchanged for
another is changed_qualifier's."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from drafter.anchors import is_kept
from drafter.checks.changed_qualifier import changes
from drafter.checks.clauses import Loss, telling
from drafter.checks.header_lines import is_header
from drafter.checks.kept import losses
from drafter.checks.own_unit import is_unit_left_out
from drafter.checks.passages import Passage, locate, sections_with
from drafter.checks.told_people import people_of
from drafter.names import squash
from drafter.types import (
    Anchor,
    Draft,
    DraftSection,
    Fact,
    FactStatus,
    FactUse,
    Finding,
    Severity,
    Sources,
)


class _Known:
    """The facts of a sheet, as a key that is reckoned once for all of them."""

    __slots__ = ("_hash", "facts")

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        self.facts = facts
        self._hash = hash(facts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.facts == other.facts


@lru_cache(maxsize=2048)
def _lost(
    fact: Fact, sections: tuple[DraftSection, ...], known: _Known, year: int | None
) -> tuple[Loss, ...]:
    """What the sections of a fact lack of it, without what was exchanged for something else."""
    facts = known.facts
    whole = "\n".join(f"{section.heading}\n{section.text}" for section in sections)
    given = set().union(*(section.fact_ids for section in sections))
    here = [other for other in facts if not given or other.id in given]
    lost = tuple(
        loss
        for loss in losses(fact, telling(whole, year), here)
        if not is_header(loss.text, fact.text)
        and not is_unit_left_out(loss.text, fact, facts, whole)
    )
    passage = locate(fact, sections) if lost else None
    if passage is None:
        return lost
    changed = {change.anchor.text for change in changes(fact, passage, facts)}
    return tuple(loss for loss in lost if loss.text not in changed)


def _home(draft: Draft, sections: Sequence[DraftSection]) -> str:
    """The first of a fact's sections that is to have a text: not a heading with headings of its
    own below it, which has none."""
    levels = [(section.id, section.level) for section in draft.sections]
    heads = {one for (one, level), (_, below) in pairwise(levels) if below > level}
    own = (s.id for s in sections if s.text.strip() or s.id not in heads)
    return next(own, sections[0].id)


def _use(
    draft: Draft, fact: Fact, known: _Known
) -> tuple[FactUse, tuple[Loss, ...], Passage | None]:
    sections = sections_with(draft, fact)
    if not sections:
        return FactUse(fact.id, "unplaced", None, ()), (), None
    passage = locate(fact, sections)
    home = passage.section.id if passage is not None and passage.close else _home(draft, sections)
    if not any(section.text.strip() for section in sections):
        texts = tuple(anchor.text for anchor in fact.anchors)
        return FactUse(fact.id, "dropped", home, texts), (), None
    lost = _lost(fact, sections, known, draft.year)
    # 2026年上半年 of the title is said there.
    dates = [a for a in fact.anchors if a.kind == "date" and is_kept(a, draft.title, draft.year)]
    lost = tuple(loss for loss in lost if loss.text not in {date.text for date in dates})
    certain = tuple(loss.text for loss in lost if loss.certain)
    status: FactStatus = "dropped" if certain else "used"
    return FactUse(fact.id, status, home, certain), lost, passage


def fact_uses(draft: Draft, facts: Sequence[Fact]) -> tuple[FactUse, ...]:
    """Return where each fact went, in the order given.

    "merged": told in one sentence with another fact; "dropped": its section does not tell it, or
    lacks what `missing` names (a section not written yet tells nothing); "unplaced": no section
    has it. A draft that assigns no facts to sections at all is searched whole.
    """
    known = _Known(tuple(facts))
    found = [(use, passage) for use, _, passage in (_use(draft, fact, known) for fact in facts)]
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


def _is_gone(fact: Fact, lost: Sequence[Loss], draft: Draft, year: int | None) -> bool:
    """Whether what a fact lost has no trace: a number, date, title or name that its sections
    nowhere have in any form. A clause or a qualifier may be there in words that nobody listed, a
    number with another fact's, a body under a short name."""
    whole = "\n".join(f"{s.heading}\n{s.text}" for s in sections_with(draft, fact))
    names = {loss.text for loss in lost if loss.certain}
    hard = (a for a in fact.anchors if a.text in names and a.kind != "qualifier")
    gone = (anchor for anchor in hard if not is_kept(anchor, whole, year))
    if any(anchor.kind != "name" or _no_trace(anchor, whole) for anchor in gone):
        return True
    if any(loss.direct for loss in lost):
        return True
    return any(name in people_of(fact.text) for name in names)


def _no_trace(name: Anchor, text: str) -> bool:
    """Whether not even half of a name's letters stand in one clause of `text`: a short name, or the
    name in parts, has more."""
    letters = set(name.value)
    clauses = re.split("[，。；\n]", squash(text))
    return all(len(letters & set(clause)) < 0.5 * len(letters) for clause in clauses)


def _named(loss: Loss) -> str:
    """What was lost, with what stands in its place."""
    return f"“{loss.text}”" + (f"（写成了“{loss.instead}”）" if loss.instead else "")


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each fact that its written section does not tell in full: an error where
    something of it has no trace, a warning where other words may stand for it."""
    written = {section.id for section in draft.sections if section.text.strip()}
    known = _Known(sources.facts)
    for fact in sources.facts:
        use, lost, _ = _use(draft, fact, known)
        if not lost or use.section_id not in written:
            continue
        named = "、".join(map(_named, lost))
        whole = all(anchor.text in {loss.text for loss in lost} for anchor in fact.anchors)
        if whole and any(len(loss.text) > 0.6 * len(fact.text) for loss in lost):
            message = f"要点“{fact.text}”没有写进正文。"
        else:
            message = f"要点“{fact.text}”写漏了{named}。"
        severity: Severity = "error" if _is_gone(fact, lost, draft, sources.year) else "warning"
        yield Finding("dropped_fact", severity, use.section_id, None, fact.text, message, fact.text)
