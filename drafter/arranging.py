"""Facts read and sections planned: what follows the paste."""

from drafter import plan as planning
from drafter.facts import read_facts
from drafter.outlines import choose_outline, outline_named
from drafter.shelf import Shelf
from drafter.store import Store
from drafter.structure import Structure
from drafter.types import FactSheet, Plan

UNTITLED = "未命名文稿"


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
            chosen = outline_named(outline) if outline else choose_outline(sheet)
            # Hidden sections take part: going back to an outline brings their texts back.
            every = self._store.every_section(doc)
            known = Plan("", chosen.name, every, ()) if every else None
            plan = planning.make_plan(
                sheet, chosen, self._shelf.ready_embedder, self._headings(), previous=known
            )
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
