"""What the buttons that change a document's structure do: split, join, move, undo.

Called by `Acts`, which has saved what is typed and shows the page anew afterwards. Every change has
its way back in the message and in the outline.
"""

from collections.abc import Callable, Mapping

from drafter.errors import InputError
from drafter.structure import Step, Turned
from drafter.types import PlannedSection
from drafter.ui.desk import Desk
from drafter.ui.showing import Page, Updates
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.structure_view import split_html
from drafter.ui.wiring import Told

NEW_HEADING = "新的一节（请改标题）"


class StructureActs:
    """Changes of structure by name (`data-do`)."""

    def __init__(self, desk: Desk) -> None:
        self._workspace = desk.workspace
        self._structure = desk.workspace.structure

    def by_name(self) -> Mapping[str, Callable[[Told, Page], Updates]]:
        """Return the acts by the name a button has them under."""
        return {
            "up": lambda told, page: self._shift(told, page, -1),
            "down": lambda told, page: self._shift(told, page, 1),
            "add-after": lambda told, page: self._add(told, page, child=False),
            "add-child": lambda told, page: self._add(told, page, child=True),
            "drop": self._drop,
            "move-fact": self._move_fact,
            "split": self._split,
            "split-at": self._split_at,
            "merge-next": self._merge,
            "undo-step": self._undo,
            "redo-step": self._redo,
        }

    def _shift(self, told: Told, page: Page, by: int) -> Updates:
        step = self._structure.shift(page.doc, told.get("id"), by)
        return self._done(step, f"已{step.label}。")

    def _add(self, told: Told, page: Page, *, child: bool) -> Updates:
        near = self._planned(page, told.get("id"))
        level = 2 if child else near.level
        step = self._structure.add(page.doc, near.id, NEW_HEADING, near.role, level)
        return self._done(step, "已加一节。", "改好标题，再从左边把要点移进来。")

    def _planned(self, page: Page, section_id: str) -> PlannedSection:
        plan = self._workspace.plan(page.doc)
        for section in plan.sections if plan else ():
            if section.id == section_id:
                return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def _drop(self, told: Told, page: Page) -> Updates:
        step = self._structure.drop(page.doc, told.get("id"))
        done = self._done(step, "已删除这一节，它的要点回到“未安排”。")
        return {name: value for name, value in done.items() if name != "focus"}

    def _move_fact(self, told: Told, page: Page) -> Updates:
        fact, to = told.get("id"), told.get("to")
        step = self._structure.move_fact(page.doc, fact, to or None)
        where = "移到新的位置" if to else "移出提纲"
        hint = "已经写好的正文不会自动改：两节下面会提示哪里还写着、哪里没有写。"
        return {**self._done(step, f"要点 {fact} 已{where}。", hint), "focus": to or page.selected}

    def _split(self, told: Told, page: Page) -> Updates:
        section = self._workspace.section(page.doc, told.get("id")).section
        rev, cuts = self._structure.cuts(page.doc, section.id)
        if not section.heading:
            raise InputError("导语和结语不能拆分。", "请拆分有标题的小节。")
        if not cuts:
            raise InputError("这一节不到两句，没有可以拆开的地方。", "可以用“后面加一节”另起一节。")
        opening = section.text[: cuts[0].at].strip()
        return {
            "focus": section.id,
            "dialog": split_html(section.id, section.heading, rev, opening, cuts),
        }

    def _split_at(self, told: Told, page: Page) -> Updates:
        step = self._structure.split(
            page.doc, told.get("id"), told.number("rev"), told.number("at"), told.get("heading")
        )
        return self._done(step, "已分成两节。", "写在后一半的要点跟着过去了。")

    def _merge(self, told: Told, page: Page) -> Updates:
        step = self._structure.merge(page.doc, told.get("id"))
        return self._done(step, "已和下一节合并。", "文字和要点都接在一起，两节的历史都在。")

    def _undo(self, told: Told, page: Page) -> Updates:
        turned = self._structure.undo(page.doc, told.number("id") or None)
        return self._turned(page, turned, f"已撤销：{turned.step.label}。")

    def _redo(self, told: Told, page: Page) -> Updates:
        turned = self._structure.redo(page.doc, told.number("id") or None)
        return self._turned(page, turned, f"已重做：{turned.step.label}。")

    def _turned(self, page: Page, turned: Turned, said: str) -> Updates:
        hint = (
            "其间打的字收在“历史·全文”最上面的一份里，可以对比、恢复。"
            if turned.displaced is not None
            else ""
        )
        plan = self._workspace.plan(page.doc)
        focus = turned.step.focus or page.selected
        return {
            "focus": focus,
            "saved": saved_html(),
            "message": message_html("info", said, hint),
            "title": self._workspace.document(page.doc).title,
            "paste": self._workspace.paste(page.doc),
            **({"outline": plan.outline} if plan else {}),
        }

    def _done(self, step: Step, said: str, hint: str = "") -> Updates:
        note = message_html("info", said, hint, undo=f"undo-step:{step.id}")
        return {"focus": step.focus, "saved": saved_html(), "message": note}
