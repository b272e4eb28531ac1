"""A document read once, for everything the page shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from drafter.candidates import Variant
from drafter.errors import InputError
from drafter.locks import SectionLocks
from drafter.remarks import Remark
from drafter.review import Reviewed
from drafter.structure import Line, Stray
from drafter.types import Fact, FactSheet, FactUse, Plan, SectionState, Version
from drafter.ui.text import whole_number
from drafter.workflow import Workspace


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document read once, for everything that is shown of it. `wanted` is how many candidates a
    rewriting is to give, `line` what can be undone, `strays` the facts out of place by section,
    `conflicts` other windows' texts that wait for a choice."""

    doc: int
    states: tuple[SectionState, ...]
    numbers: tuple[str, ...]
    plan: Plan | None
    sheet: FactSheet | None
    reviewed: Reviewed
    candidates: Mapping[str, tuple[Variant, ...]]
    locks: Mapping[str, SectionLocks]
    wanted: int
    line: Line
    strays: Mapping[str, tuple[Stray, ...]]
    conflicts: Mapping[str, Version]

    @property
    def uses(self) -> tuple[FactUse, ...]:
        """Where each fact went."""
        return self.reviewed.uses

    @property
    def open_errors(self) -> int:
        """How many findings that must be put right are neither mended nor ignored."""
        return self.reviewed.open_errors

    def at(self, section_id: str) -> int | None:
        """Return the place of a section in the report."""
        for place, state in enumerate(self.states):
            if state.section.id == section_id:
                return place
        return None

    def state(self, section_id: str) -> SectionState | None:
        """Return a section by id."""
        place = self.at(section_id)
        return None if place is None else self.states[place]

    def facts(self, state: SectionState) -> tuple[Fact, ...]:
        """Return the facts of a section in their order."""
        known = {fact.id: fact for fact in self.sheet.facts} if self.sheet else {}
        return tuple(known[i] for i in state.section.fact_ids if i in known)

    def remarks(self, section_id: str | None) -> tuple[Remark, ...]:
        """Return what was found in a section, ignored or not; None: in no single one."""
        return tuple(r for r in self.reviewed.remarks if r.finding.section_id == section_id)

    def locked(self, section_id: str) -> SectionLocks:
        """Return the locked sentences of a section."""
        return self.locks.get(section_id, SectionLocks())

    def is_parent(self, place: int) -> bool:
        """Say whether a section only heads the level-2 sections below it."""
        following = self.states[place + 1 : place + 2]
        return (
            self.states[place].section.level == 1
            and bool(following)
            and following[0].section.level == 2
        )

    def labels(self) -> dict[str, str]:
        """Return what sections are called in short: 一（二）."""
        labels, above = {}, ""
        for state, number in zip(self.states, self.numbers, strict=True):
            if state.section.level == 1:
                above = number.rstrip("、")
                labels[state.section.id] = above or state.section.role
            else:
                labels[state.section.id] = above + number
        return labels


def document_id(written: str) -> int:
    """Return the document the page has open. Raises InputError while it is still opening."""
    doc = whole_number(written)
    if not doc:
        raise InputError("页面还在打开。", "请稍等一两秒再试。")
    return doc


def read(workspace: Workspace, doc: int) -> Snapshot:
    """Read a document. Raises StoreError when it is gone."""
    workspace.warming.look_at(doc)
    reviewed = workspace.review.read(doc)
    states = workspace.sections(doc, reviewed)
    choosing = workspace.candidates
    locks = choosing.locks.of(doc, reviewed.draft.sections)
    return Snapshot(
        doc,
        states,
        workspace.numbers(doc),
        workspace.plan(doc),
        workspace.sheet(doc),
        reviewed,
        choosing.of(doc, reviewed, locks),
        locks,
        choosing.wanted(),
        workspace.structure.line(doc),
        workspace.structure.strays(doc, reviewed),
        workspace.past.conflicts(doc),
    )
