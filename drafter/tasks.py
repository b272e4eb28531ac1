"""What one section is written from: its facts, the exemplars beside it, and how those speak."""

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.choosing import Choosing, facts_of
from drafter.errors import WeightsError
from drafter.hostile import held
from drafter.labels import labels_in, speak_in_labels
from drafter.recovering import Recovering
from drafter.shelf import Shelf
from drafter.shots import strip_opener
from drafter.store import Store
from drafter.types import DraftSection, Fact, Shot
from drafter.write import Policy, SectionTask
from index.errors import LibraryMismatch
from index.types import Exemplar, Role

# An exemplar "speaks in ordinals" when its text opens points this way.
ORDINAL_OPENINGS = ("一是", "一个是")


@dataclass(frozen=True, slots=True)
class Shown:
    """Worked examples, and the exemplars they come from."""

    shots: tuple[Shot, ...]
    exemplars: tuple[Exemplar, ...]


def speaks_in_ordinals(exemplars: Sequence[Exemplar]) -> bool:
    """Return whether exemplars open their points with 一是/二是: one in three is enough.

    A section of one point has none even in a report that uses them throughout. True without
    exemplars, since that is the genre's habit.
    """
    votes = [any(mark in e.section.text for mark in ORDINAL_OPENINGS) for e in exemplars]
    return not votes or sum(votes) * 3 >= len(votes)


class Tasks:
    """Lays out what a section of a stored document is written from."""

    def __init__(self, store: Store, shelf: Shelf, recovering: Recovering) -> None:
        self._store = store
        self.choosing = Choosing(store, shelf.library)
        self._bullets = recovering.bullets

    def exemplars(self, doc: int, section: DraftSection) -> tuple[Exemplar, ...]:
        """Return what this section is written beside: chosen by hand, then closest; () if none."""
        return self.choosing.exemplars(doc, section)

    def facts(self, doc: int, section: DraftSection) -> tuple[Fact, ...]:
        """Return the facts of a section in its order."""
        return facts_of(self._store.sheet(doc), section)

    def task(self, doc: int, section: DraftSection, noted: bool = True) -> SectionTask:
        """Return the task of a section, and keep which exemplars stand beside it, if `noted`."""
        facts = self.facts(doc, section)
        try:
            exemplars = self.exemplars(doc, section)
            shown = self._shown(doc, section, exemplars)
        except (LibraryMismatch, WeightsError):
            # Without exemplars a report can still be written; the library's own status says why.
            exemplars, shown = (), Shown((), ())
        if noted:
            self.choosing.consult(doc, section, (*exemplars, *shown.exemplars))
        sheet = self._store.sheet(doc)
        drafted = self._store.draft_sections(doc)
        others = tuple(s.text for s in drafted if s.id != section.id and s.text.strip())
        return SectionTask(
            section_id=section.id,
            role=section.role,
            genre=(sheet.report_type if sheet else None) or "述职报告",
            facts=facts,
            shots=shown.shots,
            exemplar_texts=tuple(e.section.text for e in exemplars),
            ordinals=speaks_in_ordinals(exemplars),
            year=sheet.year if sheet else None,
            heading=section.heading,
            labels_used=tuple(label for other in others for label in labels_in(other)),
            labelled=speak_in_labels(
                [strip_opener(p) for e in exemplars for p in e.section.points]
            ),
            others=others,
        )

    def _shown(self, doc: int, section: DraftSection, exemplars: Sequence[Exemplar]) -> "Shown":
        """Return the worked examples a section's prompts begin with.

        All sections of a role share them: reading them costs a small computer as long as writing a
        point does, and what has been read once is in the engine's cache (docs/log.md). A section
        whose exemplars were chosen by hand has its own.
        """
        facts = self.facts(doc, section)
        if not self.choosing.by_hand(doc, section.id):
            section = self._whole_role(doc, section.role)
            exemplars = self.exemplars(doc, section)
            facts = self.facts(doc, section)
        told = tuple(fact for fact in facts if not held(fact.text))
        count = Policy().shots
        shots = self.choosing.shots(doc, section, exemplars, told, self._bullets, count)
        used = {shot.section_id for shot in shots}
        return Shown(shots, tuple(e for e in exemplars if e.section.id in used))

    def _whole_role(self, doc: int, role: Role) -> DraftSection:
        """Return all sections of a role as if they were one, its facts in the order of the sheet:
        moving a fact between them changes nothing."""
        sheet = self._store.sheet(doc)
        drafted = self._store.draft_sections(doc)
        ids = {fact_id for s in drafted if s.role == role for fact_id in s.fact_ids}
        ordered = tuple(fact.id for fact in (sheet.facts if sheet else ()) if fact.id in ids)
        return DraftSection("", "", 1, role, "", ordered, (), False)
