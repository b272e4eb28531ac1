"""What the buttons of the history do: compare, restore, name a milestone, choose between windows.

Called by `Acts`, which has saved what is typed and shows the page anew afterwards.
"""

from collections.abc import Callable, Mapping

from drafter.snapshots import Entry
from drafter.ui.desk import Desk
from drafter.ui.history_view import NOW, compare_html
from drafter.ui.moments_view import compare_moment_html
from drafter.ui.showing import Page, Updates
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.text import whole_number
from drafter.ui.wiring import Told


class HistoryActs:
    """Acts on the past by name (`data-do`)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._past = desk.workspace.past

    def by_name(self) -> Mapping[str, Callable[[Told, Page], Updates]]:
        """Return the acts by the name a button has them under."""
        return {
            "restore": self._restore,
            "compare": self._compare,
            "milestone": self._milestone,
            "compare-moment": self._compare_moment,
            "restore-moment": self._restore_moment,
            "settle": self._settle,
            "refresh": self._refresh,
        }

    def _restore(self, told: Told, page: Page) -> Updates:
        self._past.restore(page.doc, told.get("id"), told.number("version"))
        note = message_html("info", "已恢复这个版本，原来的文字也在“历史”里。")
        return {"focus": told.get("id"), "saved": saved_html(), "message": note}

    def _compare(self, told: Told, page: Page) -> Updates:
        section = self._workspace.section(page.doc, told.get("id")).section

        def entry(which: str) -> Entry | None:
            if which == NOW:
                return None
            return self._past.version(page.doc, section.id, whole_number(which))

        name = section.heading or section.role
        sides = entry(told.get("a")), entry(told.get("b"))
        return {"dialog": compare_html(section.id, name, *sides, section.text)}

    def _milestone(self, told: Told, page: Page) -> Updates:
        made = self._past.milestone(page.doc, told.get("name"))
        hint = "在“历史·全文”里可以和现稿对比、恢复，也可以作修订稿的底稿。"
        return {"message": message_html("info", f"已存为里程碑“{made.name}”。", hint)}

    def _compare_moment(self, told: Told, page: Page) -> Updates:
        moment = self._past.moment(page.doc, told.number("id"))
        pairs = self._past.compare(page.doc, moment.id)
        return {"dialog": compare_moment_html(moment, pairs)}

    def _restore_moment(self, told: Told, page: Page) -> Updates:
        moment = self._past.moment(page.doc, told.number("id"))
        step = self._past.go_to(page.doc, moment.id)
        said = f"全文已恢复成“{moment.name}”。"
        note = message_html("info", said, "原来的全文也留了一份。", undo=f"undo-step:{step.id}")
        plan = self._workspace.plan(page.doc)
        return {
            "saved": saved_html(),
            "message": note,
            "title": self._workspace.document(page.doc).title,
            "paste": self._workspace.paste(page.doc),
            **({"outline": plan.outline} if plan else {}),
        }

    # two windows

    def _settle(self, told: Told, page: Page) -> Updates:
        section, take = told.get("id"), told.get("take") == "1"
        # What was typed since the question was asked is a later version of the same text.
        own = self._desk.saver.lost(told.session, page.doc, section)
        waiting = self._past.conflicts(page.doc).get(section)
        version = own or (waiting.id if waiting else told.number("version"))
        self._past.settle(page.doc, section, version, take)
        self._desk.saver.forget(told.session, page.doc, section)
        note = message_html("info", "已选定，另一稿在“历史”里。")
        return {"focus": section, "saved": saved_html(), "message": note}

    def _refresh(self, _told: Told, _page: Page) -> Updates:
        return {"message": message_html("info", "现在显示的是最新内容。")}
