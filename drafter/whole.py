"""The whole report before it is handed in: read through, looked over, compared with last year's.

The composer's half: what the person must still see to, and what they have ticked off themselves.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from drafter.data import load_table
from drafter.errors import InputError
from drafter.export.layout import Paragraph, paragraphs
from drafter.last_year import Comparison, Promise, Recycled, Unmoved, compare_with
from drafter.review import Review, Reviewed
from drafter.store import Store
from drafter.store_earlier import EarlierReport
from drafter.types import Finding, SectionState
from index.parse import read_text_bytes
from index.split import parse_report

__all__ = ["Comparison", "Item", "Paragraph", "Promise", "Recycled", "Unmoved", "Whole"]

State = Literal["done", "open", "look"]
UNTITLED = "未命名文稿"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list before handing in: done, open (must be seen to), or worth a look.

    `section_id` is where to begin, None where no single section is meant.
    """

    label: str
    state: State
    note: str = ""
    section_id: str | None = None


class Whole:
    """Looks at whole reports. Every method raises StoreError for an unknown document."""

    def __init__(self, store: Store, review: Review) -> None:
        self._store = store
        self._review = review

    def paragraphs(self, doc: int) -> tuple[Paragraph, ...]:
        """Return the report as it will be printed, paragraph by paragraph."""
        return paragraphs(self._review.draft(doc))

    # last year's report

    def earlier(self, doc: int) -> EarlierReport | None:
        """Return the report this one is compared with."""
        return self._store.earlier.of(doc)

    def set_earlier(self, doc: int, name: str, data: bytes) -> EarlierReport:
        """Take in last year's report; any kind of file that samples may be.

        Raises UnreadableFile or InputError for one without a report in it; the one before stays.
        """
        text = read_text_bytes(name, data)
        if not any(s.lead or s.subsections for s in parse_report(text).sections):
            raise InputError(f"“{name}”里没有读到正文。", "请换一份完整的往年报告。")
        self._store.earlier.put(doc, name, text)
        kept = self._store.earlier.of(doc)
        assert kept is not None  # noqa: S101 - put in the line before
        return kept

    def drop_earlier(self, doc: int) -> None:
        """Stop comparing."""
        self._store.earlier.remove(doc)

    def comparison(self, doc: int) -> Comparison | None:
        """Compare with last year's report, None where there is none."""
        kept = self._store.earlier.of(doc)
        if kept is None:
            return None
        sheet = self._store.sheet(doc)
        facts = sheet.facts if sheet else ()
        return compare_with(parse_report(kept.text), self._review.draft(doc), facts)

    # before handing in

    def own_items(self, doc: int) -> tuple[tuple[str, bool], ...]:
        """Return what only a person can tell, and whether they have ticked it."""
        ticked = self._ticked(doc)
        return tuple((label, label in ticked) for label in load_table("checklist")["items"])

    def tick(self, doc: int, label: str, done: bool) -> None:
        """Tick an item off, or take the tick back."""
        ticked = self._ticked(doc)
        kept = [*ticked, label] if done else [one for one in ticked if one != label]
        self._store.set_setting(f"ticked:{doc}", json.dumps(kept, ensure_ascii=False))

    def _ticked(self, doc: int) -> list[str]:
        return [str(label) for label in json.loads(self._store.setting(f"ticked:{doc}") or "[]")]

    def items(
        self, doc: int, states: Sequence[SectionState], reviewed: Reviewed
    ) -> tuple[Item, ...]:
        """Return what the tool can tell, in the order a person would see to it."""
        found = [*_written(states), *_facts(reviewed), *_findings(reviewed)]
        found += [_title(reviewed.draft.title), _length(states)]
        compared = self.comparison(doc)
        if compared is not None:
            found.append(_last_year(compared))
        return tuple(found)


def _written(states: Sequence[SectionState]) -> list[Item]:
    empty = [s for s in states if s.section.fact_ids and not s.section.text.strip()]
    waiting = [s for s in states if s.candidate is not None]
    items = [
        Item("各节都已写好", "open", f"还有 {len(empty)} 节没有正文", empty[0].section.id)
        if empty
        else Item("各节都已写好", "done")
    ]
    if waiting:
        note = f"{len(waiting)} 节有候选没有采用，也没有放弃"
        items.append(Item("候选都已处理", "look", note, waiting[0].section.id))
    return items


def _facts(reviewed: Reviewed) -> list[Item]:
    label = "要点都写进了正文"
    if not reviewed.uses:
        return [Item(label, "look", "没有要点可以核对")]
    lost = [use for use in reviewed.uses if use.status in ("dropped", "unplaced")]
    if lost:
        names = "、".join(use.fact_id for use in lost[:6]) + ("…" if len(lost) > 6 else "")
        return [Item(label, "open", f"{len(lost)} 条没有写到：{names}", lost[0].section_id)]
    return [Item(label, "done", f"{len(reviewed.uses)} 条")]


def _findings(reviewed: Reviewed) -> list[Item]:
    open_ = [remark.finding for remark in reviewed.remarks if not remark.ignored]
    blanks = [finding for finding in open_ if finding.check == "placeholder"]
    errors = [f for f in open_ if f.severity == "error" and f.check != "placeholder"]
    warnings = [f for f in open_ if f.severity == "warning" and f.check != "placeholder"]
    rows: tuple[tuple[str, list[Finding], State, str], ...] = (
        ("没有待填的空", blanks, "open", "处没有填"),
        ("须改的问题都已处理", errors, "open", "处"),
        ("要留意的地方都已看过", warnings, "look", "处"),
    )
    items = [
        Item(label, state, f"{len(found)} {unit}", found[0].section_id)
        if found
        else Item(label, "done")
        for label, found, state, unit in rows
    ]
    ignored = sum(remark.ignored for remark in reviewed.remarks)
    if ignored:
        items.append(Item("忽略的提示", "look", f"{ignored} 处，附录里会列出理由"))
    return items


def _title(title: str) -> Item:
    named = bool(title.strip()) and title.strip() != UNTITLED
    return Item("标题已写", "done" if named else "open", "" if named else "标题还没有起")


def _length(states: Sequence[SectionState]) -> Item:
    """Say which sections are far from the length they were planned for."""
    off = [
        state
        for state in states
        if state.target_chars
        and state.section.text.strip()
        and not 0.6 <= len("".join(state.section.text.split())) / state.target_chars <= 1.6
    ]
    if not off:
        return Item("各节篇幅适当", "done")
    return Item("各节篇幅适当", "look", f"{len(off)} 节与建议字数相差较大", off[0].section.id)


def _last_year(compared: Comparison) -> Item:
    promises = sum(promise.open for promise in compared.promises)
    parts = [
        f"{number} {what}"
        for number, what in (
            (len(compared.recycled), "句与去年相同"),
            (len(compared.unmoved), "个数字没有变"),
            (promises, "项去年的打算没有交代"),
        )
        if number
    ]
    return Item("与去年的报告对照过", "look" if parts else "done", "，".join(parts))
