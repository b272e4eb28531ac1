"""Facts read and sections planned: what follows the paste."""

from collections.abc import Sequence
from dataclasses import replace

from drafter import plan as planning
from drafter.facts import read_facts
from drafter.hostile import held
from drafter.outlines import choose_outline, outline_named
from drafter.shelf import Shelf
from drafter.store import Store
from drafter.structure import Structure
from drafter.topics import topic_weights
from drafter.types import Fact, FactSheet, Plan

UNTITLED = "未命名文稿"


def _apart(sheet: FactSheet) -> tuple[FactSheet, tuple[Fact, ...]]:
    """Return the sheet without facts that speak to a model, and these: a report is planned from
    what it is about, so that they move nothing (drafter.hostile)."""
    aside = tuple(fact for fact in sheet.facts if held(fact.text))
    told = tuple(fact for fact in sheet.facts if fact not in aside)
    return (replace(sheet, facts=told), aside) if aside and told else (sheet, ())


def _put_in(plan: Plan, aside: Sequence[Fact]) -> Plan:
    """Return the plan with such facts at the end of the section of their role that their words
    name the topic of, else of the last; unplaced where there is none."""
    for fact in aside:
        fits = [s for s in plan.sections if s.role == fact.role and s.fact_ids]
        if not fits:
            plan = replace(plan, unplaced=(*plan.unplaced, fact.id))
            continue
        weights = topic_weights(fact.text)
        fit = max(reversed(fits), key=lambda section: weights.get(section.topic or "", 0.0))
        more = replace(fit, fact_ids=(*fit.fact_ids, fact.id))
        sections = tuple(more if s.id == more.id else s for s in plan.sections)
        plan = replace(plan, sections=sections)
    return plan


class Arranging:
    """Reads the paste of stored documents and plans them."""

    def __init__(self, store: Store, shelf: Shelf, structure: Structure) -> None:
        self._store = store
        self._shelf = shelf
        self._structure = structure

    def read(self, doc: int) -> FactSheet:
        """Read the paste into facts and keep them; a plan already made takes them in.

        Raises InputError on empty or oversized text, leaving facts and plan as they were.
        """
        sheet = read_facts(self._store.paste(doc))
        plan, before = self._store.plan(doc), self._store.sheet(doc)
        if plan and before:
            merged = planning.merge_sheet(plan, before, sheet, self._shelf.ready_embedder)
            self._store.save_plan(doc, merged, sheet)
        else:
            self._store.save_sheet(doc, sheet)
        return sheet

    def plan(self, doc: int, outline: str | None = None) -> Plan:
        """Plan from the paste; texts of sections that stay are kept. Raises InputError.

        With a plan already there and the same outline, only what changed in the paste is placed
        anew; another outline plans everything anew. Either is a step that can be undone."""
        if self._store.plan(doc) is None:
            return self._arrange(doc, outline)
        with self._structure.step(doc, "整理要点", "整理要点前"):
            return self._arrange(doc, outline)

    def _arrange(self, doc: int, outline: str | None) -> Plan:
        sheet = self.read(doc)
        before = self._store.plan(doc)
        if before and outline in (None, before.outline):
            plan = before
        else:
            told, aside = _apart(sheet)
            chosen = outline_named(outline) if outline else choose_outline(told)
            # Hidden sections take part: going back to an outline brings their texts back.
            every = self._store.every_section(doc)
            known = Plan("", chosen.name, every, ()) if every else None
            plan = planning.make_plan(
                told, chosen, self._shelf.ready_embedder, self._headings(), previous=known
            )
            plan = _put_in(plan, aside)
            self._store.save_plan(doc, plan, sheet)
        if self._store.document(doc).title == UNTITLED:
            self._store.rename(doc, plan.title)
        return plan

    def _headings(self) -> tuple[str, ...]:
        return tuple(
            section.heading
            for section in self._shelf.library.sections()
            if section.level == 2 and section.heading and section.role == "成效"
        )
