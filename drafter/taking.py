"""What came back made part of the report: words, headings, sections, each with a way back.

Every text taken is the person's own version behind the one it changes, and every take is a step
among those of the document (`drafter.store_steps`), to be undone after a restart as well; a title
alone is given back while the program runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Literal

from rapidfuzz import fuzz

from drafter import plan as planning
from drafter.checks.passages import letters
from drafter.errors import InputError
from drafter.handed import kept_exports
from drafter.returned_parts import offers_title, open_changes, part_key, part_of, title_key
from drafter.returned_plan import arranged, gone_with, moved, planned, with_added, without
from drafter.returning import EditedText, Returned, ReturnedSection, compare, text_with
from drafter.returning.kinship import kinship
from drafter.review import Review
from drafter.store import Store
from drafter.store_steps import Edit
from drafter.tracing import told_in, trace
from drafter.types import DraftSection, Plan, PlannedSection

ORIGIN = "收回修改稿"  # where a text comes from, as the history tells it
BEFORE = "收回修改稿前"  # the state of the document before the first take, among its snapshots
_SAME_WORDS = 80  # rapidfuzz partial_ratio: from here deleted words stand in the other section
_SAME_LETTERS = 4
# Of a file that is no edit of the report: what would take most of the report away is not done.
FOREIGN = (
    "这份文件不像是这篇文稿的修改稿，不能整节删去，也不能全部采用。",
    "请确认没有传错文件；要用其中的文字，可以逐处采用。",
)
_GONE = ("这一处修改已经不在了。", "请看下面现在列出的修改。")


class Taking:
    """Takes what came back, and takes that back. Every method may be called from any thread.

    What is taken returns its step for `undo`. All raise InputError when the thing is no longer
    there or the document moved on meanwhile.
    """

    def __init__(self, store: Store, review: Review) -> None:
        self._store = store
        self._review = review
        # Titles before and after, by document and step; a title alone has a number below zero.
        self._titles: dict[tuple[int, int], tuple[str, str]] = {}

    # words

    def text(
        self, doc: int, edited: EditedText, section_id: str, pick: Callable[[Returned], set[int]]
    ) -> int:
        """Take the changes that `pick` names (places in the section's `changes`)."""
        revs, plan = self._revs(doc), self._plan(doc)
        back = self.compared(doc, edited)
        section = next((s for s in back.sections if s.section_id == section_id), None)
        taken = pick(back)
        if section is None or not taken or not taken <= set(range(len(section.changes))):
            raise InputError(*_GONE)
        texts = {section_id: text_with(section, taken)}
        edit = Edit(plan, plan, ORIGIN, texts, focus=section_id)
        return self._keep(doc, "采用收回的修改", edit, revs)

    def title(self, doc: int, title: str) -> int:
        """Give the report the title that came back."""
        step = min((number for known, number in self._titles if known == doc), default=0)
        step = min(step, 0) - 1
        self._retitled(doc, step, title.strip() or self._store.document(doc).title)
        return step

    def heading(self, doc: int, section_id: str, heading: str) -> int:
        """Give a section the heading that came back."""
        plan = self._plan(doc)
        after = planning.rename(plan, section_id, heading)
        edit = Edit(plan, after, ORIGIN, focus=section_id)
        return self._keep(doc, "采用收回的标题", edit, {})

    # sections

    def add(self, doc: int, edited: EditedText, key: str) -> tuple[int, str]:
        """Plan a section that is new in the file behind the one it follows there, with its text.

        Of a section that was split, what stands in the new one goes from the old one, and the facts
        told there go along. Returns the step and the new section's id.
        """
        revs, plan = self._revs(doc), self._plan(doc)
        back = self.compared(doc, edited)
        section = _part(back, key)
        made, text = self._planned(doc, plan, back, section)
        texts, parts = {made.id: text}, None
        partner = next((s for s in back.sections if s.section_id == section.partner), None)
        if partner is not None and section.partner:
            left = text_with(partner, _shared(partner, section.new, "before"))
            if left != partner.old:
                texts[section.partner], parts = left, (section.partner, made.id)
        after = with_added(plan, back, section, made)
        edit = Edit(plan, after, ORIGIN, texts, focus=made.id, parts=parts)
        return self._keep(doc, "加进收回的一节", edit, revs), made.id

    def drop(self, doc: int, edited: EditedText, key: str) -> int:
        """Take a section that is gone from the file out of the plan; its text stays in history."""
        plan, back = self._plan(doc), self._edit_of(doc, edited)
        section_id = str(_part(back, key).section_id)
        after = without(plan, gone_with(plan, back, section_id))
        return self._keep(doc, "照收回的稿子删去一节", Edit(plan, after, ORIGIN), {})

    def merge(self, doc: int, edited: EditedText, key: str) -> int:
        """Put a section's words where the file has them now, and take the section out."""
        revs, plan = self._revs(doc), self._plan(doc)
        back = self.compared(doc, edited)
        section = _part(back, key)
        into = next((s for s in back.sections if s.section_id == section.partner), None)
        if into is None or section.partner is None:
            raise InputError(*_GONE)
        gone, partner = str(section.section_id), section.partner
        texts = {partner: text_with(into, _shared(into, section.old, "after"))}
        after = without(plan, {gone}, partner)
        joined = {partner: self._store.past.current(doc, gone)}
        edit = Edit(plan, after, ORIGIN, texts, merged=joined, focus=partner)
        return self._keep(doc, "照收回的稿子合并", edit, revs)

    def move(self, doc: int, edited: EditedText, key: str) -> int:
        """Put a section where the file has it."""
        plan, back = self._plan(doc), self.compared(doc, edited)
        section = _part(back, key)
        edit = Edit(plan, moved(plan, back, section), ORIGIN, focus=str(section.section_id))
        return self._keep(doc, "照收回的稿子移动一节", edit, {})

    def everything(
        self, doc: int, edited: EditedText, refused: frozenset[str], untouched: frozenset[str]
    ) -> tuple[int, tuple[str, ...]]:
        """Take all that was not refused, in one step; return it and what could not be taken."""
        revs, plan = self._revs(doc), self._plan(doc)
        back = self._edit_of(doc, edited)
        taken = arranged(plan, back, refused, untouched, partial(self._planned, doc))
        texts = dict(taken.texts)
        for section in back.sections:
            if section.section_id and section.section_id not in untouched:
                text = text_with(section, open_changes(section, refused))
                if text != section.old:
                    texts[section.section_id] = text
        edit = Edit(plan, taken.plan, ORIGIN, texts)
        step = self._keep(doc, "全部采用收回的修改", edit, revs)
        if offers_title(back) and title_key(back.title) not in refused:
            self._retitled(doc, step, back.title.strip())
        return step, taken.left

    def _planned(
        self, doc: int, plan: Plan, back: Returned, section: ReturnedSection
    ) -> tuple[PlannedSection, str]:
        """Plan a new section under an id no section of the document ever had."""
        new_id = planning.next_id((*self._store.every_section(doc), *plan.sections))
        return planned(plan, back, section, new_id, self._told_now(doc, plan, back, section))

    def _told_now(
        self, doc: int, plan: Plan, back: Returned, section: ReturnedSection
    ) -> tuple[str, ...]:
        """Return the facts of the section it was split from that only the new one tells now."""
        sheet = self._store.sheet(doc)
        own = next((s for s in plan.sections if s.id == section.partner), None)
        rest = next((s for s in back.sections if s.section_id == section.partner), None)
        if sheet is None or own is None or rest is None:
            return ()

        def told(text: str) -> set[str]:
            part = DraftSection(
                own.id, own.heading, own.level, own.role, text, own.fact_ids, (), locked=False
            )
            return set(told_in(trace(part, sheet.facts)))

        here, there = told(section.new), told(rest.new)
        return tuple(f for f in own.fact_ids if f in here and f not in there)

    # keeping and taking back

    def compared(self, doc: int, edited: EditedText) -> Returned:
        """Return how a file differs from the report as it stands now.

        Whether it is an edit of the report at all is asked of the exports, too: the report may have
        been written anew since.
        """
        back = compare(self._review.draft(doc), edited)
        if not back.doubt:
            return back
        known = (kinship(h.draft, edited) for h in kept_exports(self._store, doc))
        return replace(back, doubt="") if any(not kin.doubt for kin in known) else back

    def _edit_of(self, doc: int, edited: EditedText) -> Returned:
        """Return the same of a file that is an edit of the report; raise InputError for others."""
        back = self.compared(doc, edited)
        if back.doubt:
            raise InputError(*FOREIGN)
        return back

    def _revs(self, doc: int) -> dict[str, int]:
        """Return the revisions the texts are about to be read at."""
        return {s.id: self._store.section_rev(doc, s.id) for s in self._store.draft_sections(doc)}

    def _plan(self, doc: int) -> Plan:
        plan = self._store.plan(doc)
        if plan is None:
            raise InputError("还没有提纲。", "先粘贴要点，再点“整理要点”。")
        return plan

    def _keep(self, doc: int, label: str, edit: Edit, revs: Mapping[str, int]) -> int:
        """Make a change, and return the step's number; only what it rests on must be as it was.

        The document before the first take of a file is kept among its snapshots.
        """
        rests_on = {i: rev for i, rev in revs.items() if i in edit.texts}
        name = "" if self._is_begun(doc) else BEFORE
        return self._store.steps.apply(doc, label, replace(edit, revs=rests_on), name).id

    def _is_begun(self, doc: int) -> bool:
        """Say whether the document was kept as it was before anything of this file was taken."""
        at = self._store.returned.received_at(doc)
        return any(m.name == BEFORE and m.created_at > at for m in self._store.moments.listed(doc))

    def _retitled(self, doc: int, step: int, title: str) -> None:
        now = self._store.document(doc).title
        self._titles[doc, step] = (now, title)
        self._store.rename(doc, title)

    def undo(self, doc: int, step: int) -> bool:
        """Take back the last step, or a title; say whether texts typed since had to give way (they
        are among the snapshots). Raises InputError when other steps came after it."""
        title, displaced = self._titles.get((doc, step)), False
        if step > 0:
            displaced = self._store.steps.undo(doc, step).displaced is not None
        elif title is None:
            raise InputError("没有可以撤销的改动。", "各节的旧内容可以在“历史”里恢复。")
        if title is not None and self._store.document(doc).title == title[1]:
            self._store.rename(doc, title[0])
        self._titles.pop((doc, step), None)
        return displaced


def _part(back: Returned, key: str) -> ReturnedSection:
    """Return the section that is added, gone or moved under this key."""
    found = (s for s in back.sections if part_of(s) and part_key(s) == key)
    section = next(found, None)
    if section is None:
        raise InputError(*_GONE)
    return section


def _shared(section: ReturnedSection, other: str, side: Literal["before", "after"]) -> set[int]:
    """Return the changes of a section whose old (or new) words stand in another text."""
    words = letters(other)[0]
    found = set()
    for number, change in enumerate(section.changes):
        own = letters(change.before if side == "before" else change.after)[0]
        if min(len(own), len(words)) < _SAME_LETTERS:
            continue
        if fuzz.partial_ratio(own, words) >= _SAME_WORDS:
            found.add(number)
    return found
