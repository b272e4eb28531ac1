"""What the sections of a stored document are about to be asked for, before anybody asks."""

from collections.abc import Iterator
from dataclasses import replace

from drafter.attempts import Try
from drafter.locks import Locks, SectionLocks
from drafter.own_style import FORMULAS
from drafter.rewriting import Order, Rewriting, first_prompts, first_tries, plan_rewriting
from drafter.store import Store
from drafter.tasks import Tasks
from drafter.types import DraftSection, Message, Sampling
from drafter.write import SectionTask


class Preparing:
    """Lays out the writing of a document's sections; writes nothing itself."""

    def __init__(self, store: Store, tasks: Tasks, locks: Locks) -> None:
        self._store = store
        self._tasks = tasks
        self._locks = locks

    def find(self, doc: int, section_id: str) -> DraftSection | None:
        """Return a section as it stands, None when it is gone."""
        return next((s for s in self._store.draft_sections(doc) if s.id == section_id), None)

    def waits(self, doc: int, section_id: str) -> DraftSection | None:
        """Return a section if a model has still to write it."""
        section = self.find(doc, section_id)
        return section if section and _waits(section) else None

    def waiting(self, doc: int) -> tuple[DraftSection, ...]:
        """Return the sections a model has still to write, in order."""
        return tuple(s for s in self._store.draft_sections(doc) if _waits(s))

    def prepared(
        self, doc: int, section: DraftSection, order: Order, noted: bool = True
    ) -> tuple[SectionTask, Rewriting]:
        """Return what a section is written from in answer to an order.

        `noted`: keep which exemplars stand beside it. Raises InputError where nothing is to write.
        """
        task = self._tasks.task(doc, section, noted)
        job = self.rewriting(doc, section, order)
        return task, replace(job, weave=job.weave.counted(task.ordinals))

    def rewriting(self, doc: int, section: DraftSection, order: Order) -> Rewriting:
        """Return what an order means for a section. Raises InputError where nothing is to write."""
        sheet, plan = self._store.sheet(doc), self._store.plan(doc)
        planned = (
            next((s.target_chars for s in plan.sections if s.id == section.id), 0) if plan else 0
        )
        locked = self._locks.of(doc).get(section.id, SectionLocks()).live
        return plan_rewriting(section, sheet.facts if sheet else (), locked, order, planned)

    def tries(self, doc: int, seed: int, section_id: str) -> tuple[Try, ...]:
        """Return what writing the whole report is going to ask for in a section; () where that is
        no longer to be written."""
        section = self.waits(doc, section_id)
        if section is None:
            return ()
        task, job = self.prepared(doc, section, Order("current", seed), noted=False)
        return first_tries(task, job, Sampling(seed=seed))

    def prompts(self, doc: int) -> Iterator[list[Message]]:
        """Yield the prompts that writing the whole report begins with, most urgent first.

        Those of the first section's points, then what the prompts of each other section have in
        common, then those of their points.
        """
        later: list[list[Message]] = []
        for number, section in enumerate(self.waiting(doc)):
            task, job = self.prepared(doc, section, Order("current", 1), noted=False)
            asked = first_prompts(task, job)
            if number == 0:
                yield from asked
            else:
                yield asked[0]
                later += asked[1:]
        yield from later


def _waits(section: DraftSection) -> bool:
    """Whether a model has still to write a section."""
    empty = not section.text.strip() and not section.locked
    return empty and bool(section.fact_ids) and section.role not in FORMULAS
