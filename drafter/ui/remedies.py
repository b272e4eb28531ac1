"""What the buttons of a finding do: mend it, take that back, set it aside, look at it again."""

import gradio as gr

from drafter.errors import InputError
from drafter.ui.desk import Desk
from drafter.ui.ignoring import asking_html
from drafter.ui.showing import Page, Updates
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.text import whole_number
from drafter.ui.wiring import Told

_DONE = {
    "replace": "已改好这一处。",
    "cut": "已删去这一处。",
    "reword": "这一句已换成要点的原话。",
    "tell": "已把要点的原话写在本节末尾。",
}


class Remedies:
    """Acts on findings. The text a fix is made in is the saved one: `Acts` saves what is typed
    before it calls anything here."""

    def __init__(self, desk: Desk) -> None:
        self._review = desk.workspace.review

    def issues(self, told: Told, _page: Page) -> Updates:
        """Open the findings of a section."""
        return {"focus": told.get("id"), "ev_tabs": gr.update(selected="issues")}

    def fix(self, told: Told, page: Page) -> Updates:
        """Make one fix; the message has the way back."""
        kind = told.get("kind")
        done = self._review.apply(page.doc, told.get("key"), kind)
        undo = ""
        if done.before is not None and done.after is not None:
            undo = f"undo-fix:{done.section_id}/{done.before}/{done.after}"
        note = message_html("info", _DONE[kind], "原来的文字在“历史”里。", undo=undo)
        return {"focus": done.section_id, "message": note, "saved": saved_html()}

    def undo_fix(self, told: Told, page: Page) -> Updates:
        """Take a fix back, unless the section was changed since."""
        section, _, versions = told.get("id").partition("/")
        before, _, after = versions.partition("/")
        if not (before.isdecimal() and after.isdecimal()):
            raise InputError("没有可以撤销的改动。", "各节的旧内容可以在“历史”里恢复。")
        self._review.undo(page.doc, section, whole_number(before), whole_number(after))
        note = message_html("info", "已撤销，恢复成原来的文字。")
        return {"focus": section, "message": note, "saved": saved_html()}

    def ignore(self, told: Told, page: Page) -> Updates:
        """Set a finding aside."""
        remark = self._review.ignore(page.doc, told.get("key"))
        return {"message": asking_html(remark.key)}

    def explain(self, told: Told, page: Page) -> Updates:
        """Keep why a finding was set aside."""
        reason = told.get("reason").strip()
        self._review.explain(page.doc, told.get("key"), reason)
        if not reason:
            return {"message": message_html("info", "没有写理由。", "可以在“已忽略”里补写。")}
        return {"message": message_html("info", "已记下理由。", "会写进证据附录。")}

    def heed(self, told: Told, page: Page) -> Updates:
        """Show an ignored finding again."""
        self._review.heed(page.doc, told.get("key") or told.get("id"))
        return {"message": message_html("info", "已恢复提示。")}
