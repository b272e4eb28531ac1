"""Which exemplars stand beside a section: the person's choice first, then the closest ones.

A pinned exemplar is always used, however far it is; a banned one never again for that section. A
report's own sections, kept as the unit's style, are no exemplars of it: it would repeat itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from drafter.errors import InputError, WeightsError
from drafter.hostile import held
from drafter.own_style import FORMULAS, OwnStyle
from drafter.shots import choose_shots, make_shot, points_of
from drafter.store import Store
from drafter.store_exemplars import Choice
from drafter.types import DraftSection, Fact, FactSheet, Shot
from index.errors import LibraryMismatch, UserFacingError
from index.library import Library
from index.types import Exemplar, ReportInfo, Role, Section

__all__ = ["EXEMPLARS", "Choice", "Choosing", "Considered", "facts_of"]

# How many exemplars stand beside a section; shots come from these.
EXEMPLARS = 4
# A section's earlier exemplars stay its sources: texts written beside them may stand in it.
MOST_CONSULTED = 16
EVERY = 100_000  # more sections than any library has


@dataclass(frozen=True, slots=True)
class Considered:
    """An exemplar as it is shown: from which report, what was decided of it.

    `own`: of the person's own unit. `shot`: it has a point the model can be shown as an example;
    without one only its form is followed.
    """

    exemplar: Exemplar
    report: ReportInfo | None
    choice: Choice | None
    own: bool
    shot: bool


def facts_of(sheet: FactSheet | None, section: DraftSection) -> tuple[Fact, ...]:
    """Return the facts of a section in its order."""
    by_id = {fact.id: fact for fact in sheet.facts} if sheet else {}
    return tuple(by_id[i] for i in section.fact_ids if i in by_id)


class Choosing:
    """Exemplars of stored sections, chosen by search and by hand; `own` keeps a unit's style."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self.own = OwnStyle(store, library)

    def exemplars(self, doc: int, section: DraftSection) -> tuple[Exemplar, ...]:
        """Return what a section is written beside: the pinned ones, then the closest in role and
        topic; () for 导语 and 结语 and where the library is empty.

        Raises what a search raises, unless exemplars are pinned: those need no search (their
        closeness is then 0).
        """
        if section.role in FORMULAS or not self._library.reports():
            return ()
        chosen = self._store.chosen.of(doc, section.id)
        mine = frozenset({self.own.report_of(doc)})
        pinned = [s for s in self.sections(chosen.pinned) if s.report not in mine]
        wanted = self._wanted(doc, section)
        left = EXEMPLARS - len(pinned)
        try:
            near = self._scores(wanted, mine) if pinned else {}
            found = (
                self._library.search(
                    wanted, section.role, left, mine,
                    exclude_sections=(*chosen.banned, *chosen.pinned),
                )
                if left > 0
                else ()
            )  # fmt: skip
        except (LibraryMismatch, WeightsError):
            if not pinned:
                raise
            near, found = {}, ()
        return (*(Exemplar(s, near.get(s.id, 0.0)) for s in pinned), *found)

    def _wanted(self, doc: int, section: DraftSection) -> str:
        facts = facts_of(self._store.sheet(doc), section)
        # What speaks to a model is no topic: the exemplars are the same with and without it.
        told = (fact.text for fact in facts if not held(fact.text))
        return "\n".join([section.heading, *told]).strip()

    def _scores(self, wanted: str, mine: Iterable[str]) -> dict[str, float]:
        found = self._library.search(wanted, None, EVERY, mine, mmr=False)
        return {exemplar.section.id: exemplar.score for exemplar in found}

    def closeness(self, doc: int, section: DraftSection) -> dict[str, float]:
        """Return how close each section of the library is to one of a document; {} for 导语 and
        结语. Raises what a search raises."""
        return {} if section.role in FORMULAS else self._scores(self._wanted(doc, section), ())

    def sections(self, ids: Iterable[str]) -> tuple[Section, ...]:
        """Return sections of the library by id; those no longer there are left out."""
        found = []
        for section_id in dict.fromkeys(ids):
            try:
                found.append(self._library.section(section_id))
            except UserFacingError:
                continue  # its report was deleted since
        return tuple(found)

    def by_hand(self, doc: int, section_id: str) -> bool:
        """Whether the person has pinned or banned an exemplar for a section."""
        chosen = self._store.chosen.of(doc, section_id)
        return bool(chosen.pinned or chosen.banned)

    def consult(self, doc: int, section: DraftSection, exemplars: Sequence[Exemplar]) -> None:
        """Note what a section is being written beside; what it was written beside before stays."""
        ids = dict.fromkeys([*(e.section.id for e in exemplars), *section.exemplar_ids])
        self._store.set_exemplars(doc, section.id, tuple(ids)[:MOST_CONSULTED])

    def sources(self, doc: int, draft_ids: Iterable[str]) -> tuple[Section, ...]:
        """Return the sections of the library a document's texts may have been copied from: those
        written beside (`draft_ids`) and those a person pinned, or had seen before banning them.

        What was kept of the document itself is none: nobody copies from himself.
        """
        choices = self._store.chosen.everywhere(doc).values()
        by_hand = [one for chosen in choices for one in (*chosen.pinned, *chosen.banned)]
        found = self.sections([*draft_ids, *by_hand])
        return tuple(section for section in found if section.report != self.own.report_of(doc))

    def shots(
        self,
        doc: int,
        section: DraftSection,
        exemplars: Sequence[Exemplar],
        facts: Sequence[Fact],
        stored: Callable[[Section, int], tuple[str, ...] | None],
        count: int,
    ) -> tuple[Shot, ...]:
        """Return worked examples: one from each pinned exemplar that has one, then the others'.

        The pinned ones come last: a small model leans on what it read last.
        """
        pinned = self._store.chosen.of(doc, section.id).pinned
        first = tuple(
            shot
            for exemplar in exemplars
            if exemplar.section.id in pinned
            for shot in choose_shots([exemplar], facts, stored, 1)
        )
        others = choose_shots(exemplars, facts, stored, count + len(first))
        rest = [shot for shot in others if shot not in first]
        kept = rest[max(0, len(rest) - max(0, count - len(first))) :]
        return (*kept, *reversed(first))

    # what is shown

    def considered(self, doc: int, section: DraftSection) -> tuple[Considered, ...]:
        """Return the exemplars of a section as they are shown. Raises as `exemplars` does."""
        return self._shown(doc, section.id, self.exemplars(doc, section))

    def one(self, doc: int, section: DraftSection, exemplar: str) -> Considered | None:
        """Return one section of the library beside a section; None where it is not there."""
        found = self.sections([exemplar])
        if not found:
            return None
        near = self._scores(self._wanted(doc, section), ()) if section.role not in FORMULAS else {}
        return self._shown(doc, section.id, [Exemplar(found[0], near.get(exemplar, 0.0))])[0]

    def set_aside(self, doc: int, section_id: str) -> tuple[Considered, ...]:
        """Return the banned exemplars of a section that are still in the library."""
        banned = self.sections(self._store.chosen.of(doc, section_id).banned)
        return self._shown(doc, section_id, [Exemplar(section, 0.0) for section in banned])

    def search(
        self, doc: int, section_id: str, text: str, role: Role | None, count: int
    ) -> tuple[Considered, ...]:
        """Return the sections of the library closest to any text, whatever was decided of them."""
        mine = {self.own.report_of(doc)}
        found = self._library.search(text, role, count, mine) if text.strip() else ()
        return self._shown(doc, section_id, found)

    def _shown(
        self, doc: int, section_id: str, exemplars: Sequence[Exemplar]
    ) -> tuple[Considered, ...]:
        if not exemplars:
            return ()
        chosen = self._store.chosen.of(doc, section_id)
        reports = {report.id: report for report in self._library.reports()}
        own = self._library.own_reports()
        return tuple(
            Considered(
                exemplar,
                reports.get(exemplar.section.report),
                chosen.of(exemplar.section.id),
                exemplar.section.report in own,
                self._has_shot(exemplar.section),
            )
            for exemplar in exemplars
        )

    def _has_shot(self, section: Section) -> bool:
        return any(
            make_shot(point, self._library.pair(section.id, number), section.id)
            for number, point in enumerate(points_of(section))
        )

    # deciding

    def choose(
        self, doc: int, section_id: str, exemplar: str, choice: Choice | None
    ) -> Choice | None:
        """Pin or ban an exemplar for a section, or (None) leave it to the search.

        Returns what was decided before. Raises InputError when as many are pinned as can be used,
        UserFacingError when the exemplar has left the library (a choice can still be taken back).
        """
        if choice is not None:
            self._library.section(exemplar)
        pinned = self._store.chosen.of(doc, section_id).pinned
        kept = self.sections(one for one in pinned if one != exemplar)
        if choice == "pinned" and len(kept) >= EXEMPLARS:
            raise InputError(
                f"一节最多固定 {EXEMPLARS} 段范例。", "先把用不着的一段“取消固定”，再固定这一段。"
            )
        return self._store.chosen.choose(doc, section_id, exemplar, choice)
