"""What the buttons inside the panels do: select, lock, reorder, accept, restore, move a fact.

Each action first saves what is typed, then does one thing, then shows the page anew.
"""

from collections.abc import Callable, Iterator

import gradio as gr

from drafter import plan as planning
from drafter.errors import InputError
from drafter.types import Plan
from drafter.ui import showing
from drafter.ui.desk import Desk
from drafter.ui.remedies import Remedies
from drafter.ui.saving import read_stamp
from drafter.ui.showing import Page, Updates
from drafter.ui.snapshot import document_id, read
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.wiring import Told
from index.types import Role

NEW_HEADING = "新的一节（请改标题）"


class Acts:
    """The panels' actions by name (`data-do`)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._before: dict[int, Plan] = {}
        remedies = Remedies(desk)
        self._acts: dict[str, Callable[[Told, Page], Updates]] = {
            "select": self._select,
            "history": self._history,
            "page": self._turn,
            "lock": lambda told, page: self._lock(told, page, True),
            "unlock": lambda told, page: self._lock(told, page, False),
            "up": lambda told, page: self._shift(told, page, -1),
            "down": lambda told, page: self._shift(told, page, 1),
            "add-after": self._add_after,
            "add-child": self._add_child,
            "drop": self._drop,
            "undo-plan": self._undo,
            "accept": self._accept,
            "discard": self._discard,
            "restore": self._restore,
            "move-fact": self._move_fact,
            "issues": remedies.issues,
            "fix": remedies.fix,
            "undo-fix": remedies.undo_fix,
            "ignore": remedies.ignore,
            "heed": remedies.heed,
        }

    def act(
        self, told: Told, doc_id: str, selected: str, offset: str, *pairs: str
    ) -> Iterator[Updates]:
        """Do what a panel's button asks for."""
        notes = self._desk.flush(told, pairs)
        do = told.get("do")
        if do == "undelete":
            yield self._desk.undelete(told, told.number("id"), pairs)
            return
        if do in ("prepare", "stop-preparing"):
            yield self._prepare(do)
            return
        handler = self._acts.get(do)
        if handler is None:
            raise InputError("页面与程序的版本不一致。", "请刷新页面。")
        page = Page(document_id(doc_id), selected, int(offset or 0))
        extra = handler(told, page)
        page = Page(page.doc, extra.pop("focus", page.selected), extra.pop("from", page.offset))
        self._desk.focused[told.session] = page.selected
        running = self._desk.running(page.doc)
        editors = self._desk.editors(pairs)
        yield showing.whole(self._workspace, page, editors, running) | notes | extra

    def _prepare(self, do: str) -> Updates:
        if do == "prepare":
            self._workspace.prepare_engine()
            self._workspace.prepare_library()
        else:
            self._workspace.stop_preparing()
        return {"timer": gr.update(active=True)}

    def focus(
        self, told: Told, doc_id: str, selected: str, offset: str, *stamps: str
    ) -> Iterator[Updates]:
        """Put the section whose editor was entered in focus."""
        stamp = read_stamp(stamps[told.card])
        if stamp is None or stamp.section == selected or str(stamp.doc) != doc_id:
            return
        self._desk.focused[told.session] = stamp.section
        snapshot = read(self._workspace, stamp.doc)
        updates: Updates = {"selected": stamp.section}
        for section in (selected, stamp.section):
            place, card = snapshot.at(section), showing.card_of(stamps, section)
            if place is not None and card is not None:
                frame = showing.frame(snapshot, place, card, stamp.section)
                updates[f"head.{card}"] = frame[f"head.{card}"]
        running = self._desk.running(stamp.doc)
        updates["toc"] = showing.lists(snapshot, stamp.section, running)["toc"]
        yield updates | showing.evidence(self._workspace, snapshot, stamp.section)

    # looking

    def _select(self, told: Told, _page: Page) -> Updates:
        return {"focus": told.get("id")}

    def _history(self, told: Told, _page: Page) -> Updates:
        return {"focus": told.get("id"), "ev_tabs": gr.update(selected="history")}

    def _turn(self, told: Told, _page: Page) -> Updates:
        return {"from": told.number("id")}

    # the plan

    def _plan(self, page: Page) -> Plan:
        plan = self._workspace.plan(page.doc)
        if plan is None:
            raise InputError("还没有提纲。", "先粘贴要点，再点“整理要点”。")
        return plan

    def _keep(self, page: Page, plan: Plan) -> None:
        self._workspace.save_plan(page.doc, plan)

    def _shift(self, told: Told, page: Page, by: int) -> Updates:
        self._keep(page, planning.move_section(self._plan(page), told.get("id"), by))
        return {"focus": told.get("id"), "saved": saved_html()}

    def _add_after(self, told: Told, page: Page) -> Updates:
        plan = self._plan(page)
        near = next(s for s in plan.sections if s.id == told.get("id"))
        return self._added(page, plan, told.get("id"), near.role, near.level)

    def _add_child(self, told: Told, page: Page) -> Updates:
        plan = self._plan(page)
        near = next(s for s in plan.sections if s.id == told.get("id"))
        return self._added(page, plan, told.get("id"), near.role, 2)

    def _added(self, page: Page, plan: Plan, after: str, role: Role, level: int) -> Updates:
        grown = planning.add_section(plan, after, NEW_HEADING, role, level)
        self._keep(page, grown)
        added = {section.id for section in grown.sections} - {
            section.id for section in plan.sections
        }
        note = message_html("info", "已加一节。", "改好标题，再从左边把要点移进来。")
        return {"focus": added.pop(), "saved": saved_html(), "message": note}

    def _drop(self, told: Told, page: Page) -> Updates:
        plan = self._plan(page)
        self._before[page.doc] = plan
        self._keep(page, planning.drop_section(plan, told.get("id")))
        note = message_html(
            "info", "已删除这一节，它的要点回到“未安排”。", undo=f"undo-plan:{told.get('id')}"
        )
        return {"message": note, "saved": saved_html()}

    def _undo(self, told: Told, page: Page) -> Updates:
        plan = self._before.pop(page.doc, None)
        if plan is None:
            raise InputError("没有可以撤销的改动。", "各节的旧内容可以在“历史”里恢复。")
        self._keep(page, planning.restore_section(self._plan(page), plan, told.get("id")))
        return {"focus": told.get("id"), "message": message_html("info", "已撤销删除。")}

    def _move_fact(self, told: Told, page: Page) -> Updates:
        to = told.get("to")
        self._keep(page, planning.move_fact(self._plan(page), told.get("id"), to or None))
        where = "移到新的位置" if to else "移出提纲"
        hint = "已经写好的正文不会自动改，需要时重新生成那一节。" if to else ""
        note = message_html("info", f"要点 {told.get('id')} 已{where}。", hint)
        return {"focus": to or page.selected, "message": note, "saved": saved_html()}

    # the text

    def _lock(self, told: Told, page: Page, locked: bool) -> Updates:
        self._workspace.set_locked(page.doc, told.get("id"), locked)
        return {"focus": told.get("id")}

    def _accept(self, told: Told, page: Page) -> Updates:
        self._workspace.accept(page.doc, told.get("id"), told.number("version"))
        note = message_html("info", "已采用候选，原来的文字在“历史”里。")
        return {"focus": told.get("id"), "saved": saved_html(), "message": note}

    def _discard(self, told: Told, page: Page) -> Updates:
        self._workspace.discard(page.doc, told.get("id"), told.number("version"))
        return {"focus": told.get("id")}

    def _restore(self, told: Told, page: Page) -> Updates:
        self._workspace.restore(page.doc, told.get("id"), told.number("version"))
        note = message_html("info", "已恢复这个版本，原来的文字也在“历史”里。")
        return {"focus": told.get("id"), "saved": saved_html(), "message": note}
