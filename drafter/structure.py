"""Changes of a document's structure, each a step that can be taken back: the composer's half about
sections and where facts go. Texts change only where a section is split, joined, or a step undone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from drafter import plan as planning
from drafter.errors import InputError
from drafter.moved_facts import Stray, cuts, facts_behind, strays
from drafter.review import Reviewed
from drafter.sentences import present
from drafter.store import Store
from drafter.store_history import MERGED
from drafter.store_steps import Edit, Line, Step, Turned
from drafter.store_turning import joined
from drafter.types import DraftSection, Plan, PlannedSection
from index.types import Role

__all__ = ["Cut", "Line", "Step", "Stray", "Structure", "Turned"]

SPLIT = "拆分"


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a section can be split: `at` in its text, the sentence from there on, and the
    facts that would go with the second part."""

    at: int
    text: str
    fact_ids: tuple[str, ...]


class Structure:
    """Structural changes of one person's documents. Every method may be called from any thread.

    Each raises InputError where it cannot be done; then nothing was changed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    # sections

    def cuts(self, doc: int, section_id: str) -> tuple[int, tuple[Cut, ...]]:
        """Return a section's revision and the places where it can be split."""
        section = self._section(doc, section_id)
        rev = self._store.section_rev(doc, section_id)
        sheet = self._store.sheet(doc)
        facts = sheet.facts if sheet else ()
        places = cuts(section.text)
        ends = (*places[1:], len(section.text))[: len(places)]  # none where nothing is told
        return rev, tuple(
            Cut(at, section.text[at:end].strip(), facts_behind(section, facts, at))
            for at, end in zip(places, ends, strict=True)
        )

    def split(self, doc: int, section_id: str, rev: int, at: int, heading: str) -> Step:
        """Make two sections of one: the text from `at` on goes into a new section behind it, with
        the facts told there. `rev` is the revision the place was chosen in."""
        plan, section = self._plan(doc), self._section(doc, section_id)
        if self._store.section_rev(doc, section_id) != rev:
            raise InputError("这一节刚改过，拆分的位置可能不对了。", "请重新点“拆成两节”选位置。")
        if at not in cuts(section.text):
            raise InputError("不能从这里拆开。", "请从列出的句子里选一处。")
        first, second = section.text[:at].rstrip(), section.text[at:].lstrip()
        sheet = self._store.sheet(doc)
        moved = facts_behind(section, sheet.facts if sheet else (), at)
        new_id = self._fresh(doc)
        share = len(first) / (len(first) + len(second))
        grown = planning.split_section(plan, section_id, heading, moved, new_id, share)
        locked = tuple(words for sid, words in self._store.locked.of(doc) if sid == section_id)
        edit = Edit(
            plan,
            grown,
            f"{SPLIT}《{section.heading}》",
            {section_id: first, new_id: second},
            {section_id: rev},
            locks={
                section_id: (section.locked, present(first, locked)),
                new_id: (section.locked, present(second, locked)),
            },
            focus=new_id,
            parts=(section_id, new_id),
        )
        return self._store.steps.apply(doc, f"{SPLIT}《{section.heading}》", edit)

    def can_merge(self, doc: int, section_id: str) -> bool:
        """Say whether a section has a next one of its level."""
        plan = self._store.plan(doc)
        return plan is not None and planning.next_alike(plan, section_id) is not None

    def merge(self, doc: int, section_id: str) -> Step:
        """Join a section with the next one of its level: texts, facts, locks and histories."""
        plan = self._plan(doc)
        merged = planning.merge_next(plan, section_id)
        gone = str(planning.next_alike(plan, section_id))
        first, second = self._section(doc, section_id), self._section(doc, gone)
        sentences = tuple(w for sid, w in self._store.locked.of(doc) if sid in (section_id, gone))
        label = f"合并《{first.heading}》和《{second.heading}》"
        edit = Edit(
            plan,
            merged,
            MERGED,
            {section_id: joined(first.text, second.text)},
            {sid: self._store.section_rev(doc, sid) for sid in (section_id, gone)},
            {section_id: self._store.past.current(doc, gone)},
            {section_id: (first.locked or second.locked, tuple(dict.fromkeys(sentences)))},
            section_id,
        )
        return self._store.steps.apply(doc, label, edit, f"{label}前")

    def drop(self, doc: int, section_id: str) -> Step:
        """Take a section out, a level-1 section with its parts; its facts become unplaced."""
        label = f"删除《{self._section(doc, section_id).heading}》"
        return self._edit(
            doc,
            label,
            lambda plan: planning.drop_section(plan, section_id),
            section_id,
            f"{label}前",
        )

    def add(self, doc: int, after: str | None, heading: str, role: Role, level: int) -> Step:
        """Add an empty section behind another one; the step's focus is its id."""
        new_id = self._fresh(doc)
        return self._edit(
            doc,
            "加一节",
            lambda plan: planning.add_section(plan, after, heading, role, level, new_id),
            new_id,
        )

    def shift(self, doc: int, section_id: str, by: int) -> Step:
        """Move a section up (negative) or down among its like."""
        label = f"{'上' if by < 0 else '下'}移《{self._section(doc, section_id).heading}》"
        return self._edit(
            doc, label, lambda plan: planning.move_section(plan, section_id, by), section_id
        )

    def rename(self, doc: int, section_id: str, heading: str) -> Step:
        """Give a section another heading."""
        label = f"改标题《{self._section(doc, section_id).heading}》"
        return self._edit(
            doc, label, lambda plan: planning.rename(plan, section_id, heading), section_id
        )

    def move_fact(self, doc: int, fact_id: str, to: str | None) -> Step:
        """Put a fact into another section, or among the unplaced."""
        label = f"移动要点 {fact_id}"
        return self._edit(doc, label, lambda plan: planning.move_fact(plan, fact_id, to), to or "")

    def _edit(
        self, doc: int, label: str, change: Callable[[Plan], Plan], focus: str, name: str = ""
    ) -> Step:
        plan = self._plan(doc)
        changed = change(plan)
        if changed == plan:
            raise InputError("没有可改动的，已经是这样了。", "请看一眼左边的“提纲”。")
        return self._store.steps.apply(doc, label, Edit(plan, changed, label, focus=focus), name)

    @contextmanager
    def step(self, doc: int, label: str, name: str = "") -> Iterator[None]:
        """Make a step of what the block changes in plan and facts. `name` shows the state before
        it among the document's snapshots."""
        with self._store.steps.around(doc, label, name):
            yield

    # back and forth

    def line(self, doc: int) -> Line:
        """Return what can be undone and redone next."""
        return self._store.steps.line(doc)

    def undo(self, doc: int, step_id: int | None = None) -> Turned:
        """Take the last step back; with `step_id` only if it is that one."""
        return self._store.steps.undo(doc, step_id)

    def redo(self, doc: int, step_id: int | None = None) -> Turned:
        """Make the step taken back last again."""
        return self._store.steps.redo(doc, step_id)

    # facts out of place

    def strays(self, doc: int, reviewed: Reviewed) -> dict[str, tuple[Stray, ...]]:
        """Return, by section, facts told where they no longer belong, and facts not told where
        they do though another section tells them."""
        return strays(
            reviewed.draft.sections,
            reviewed.sources.facts,
            reviewed.sentences,
            self._store.past.written_from(doc),
        )

    def _plan(self, doc: int) -> Plan:
        plan = self._store.plan(doc)
        if plan is None:
            raise InputError("还没有提纲。", "先粘贴要点，再点“整理要点”。")
        return plan

    def _section(self, doc: int, section_id: str) -> DraftSection:
        for section in self._store.draft_sections(doc):
            if section.id == section_id:
                return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def _fresh(self, doc: int) -> str:
        """Return an id the document never had: another's history must not come with it."""
        every: tuple[PlannedSection, ...] = self._store.every_section(doc)
        return planning.next_id(every)
