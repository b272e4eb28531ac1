"""Handlers of the writing tab: documents, facts, typing. Plain functions on plain values."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import gradio as gr

from drafter.cautions import caution
from drafter.errors import InputError
from drafter.ui import showing
from drafter.ui.history_view import conflict_buttons
from drafter.ui.jobs import Jobs
from drafter.ui.saving import Saver, read_stamp
from drafter.ui.showing import POOL, Editors, Page, Updates
from drafter.ui.snapshot import document_id, read
from drafter.ui.status_view import message_html, noted_html, saved_html, unsaved_html
from drafter.ui.text import whole_number
from drafter.ui.wiring import Told
from drafter.workflow import Workspace

ASSETS = Path(__file__).parent / "assets"
# The editors of a page that has just been opened.
NOTHING = ("",) * (2 * POOL)
# The editors of a page whose document has gone since it was served.
SOMETHING = ("?",) * POOL + ("",) * POOL
CONFLICT = (
    "这一节在另一个窗口里先存了一稿。",
    "您的文字没有丢，还在这个窗口里，接着打的字也都留着；选定以前，文稿里算数的是先存的那一稿。",
)


class Desk:
    """What the person at the page can do with documents, facts and text."""

    def __init__(self, workspace: Workspace, jobs: Jobs) -> None:
        self.workspace = workspace
        self.jobs = jobs
        self.saver = Saver(workspace)
        self.showing: dict[str, int] = {}
        # The section each page is in, as it told last: an editor's first save may be on its way
        # before the page itself knows that the editor was entered.
        self.focused: dict[str, str] = {}

    # documents

    def open(self, told: Told, held: str = "") -> Updates:
        """Show the document the address names, else the newest, else a new one.

        `held` is the document the page was served with (`Served`): its texts are not sent again,
        for somebody may have begun to type into them.
        """
        doc = self.asked(told.query.get("doc", ""))
        if doc is not None and held == str(doc):
            self._note(told, doc)
            shut = gr.update(open=self.workspace.plan(doc) is None)
            return {"docs": showing.documents(self.workspace, doc), "paste_box": shut}
        if doc is None:
            doc = self.workspace.create_document().id
        return self._arrive(told, doc, SOMETHING if held else NOTHING)

    def asked(self, doc: str) -> int | None:
        """Return the document asked for, else the newest; None when there is none."""
        infos = self.workspace.documents()
        known = {info.id for info in infos}
        if whole_number(doc) in known:
            return whole_number(doc)
        return infos[0].id if infos else None

    def switch(self, told: Told, chosen: str, *pairs: str) -> Updates:
        """Show another document."""
        notes = self.flush(told, pairs)
        return self._arrive(told, document_id(chosen), pairs) | notes

    def new(self, told: Told, *pairs: str) -> Updates:
        """Begin another document."""
        notes = self.flush(told, pairs)
        return self._arrive(told, self.workspace.create_document().id, pairs) | notes

    def _arrive(self, told: Told, doc: int, pairs: Sequence[str]) -> Updates:
        self._note(told, doc)
        return self.shows(doc, pairs)

    def _note(self, told: Told, doc: int) -> None:
        self.showing[told.session] = doc
        self.focused.pop(told.session, None)

    def shows(self, doc: int, pairs: Sequence[str] = NOTHING) -> Updates:
        """Return what a page shows of a document that is opened on it."""
        info = self.workspace.document(doc)
        plan, paste = self.workspace.plan(doc), self.workspace.paste(doc)
        return {
            **showing.whole(
                self.workspace, Page(doc, "", 0), self.editors(pairs), self.running(doc)
            ),
            "title": info.title,
            # Somebody may already be pasting into a page that has just opened.
            **({"paste": paste} if paste or pairs is not NOTHING else {}),
            "outline": plan.outline if plan else "",
            "paste_box": gr.update(open=plan is None),
            **dict.fromkeys(("ev_exemplars", "ev_found", "compare"), ""),
            "saved": unsaved_html(),
        }

    def running(self, doc: int) -> str:
        """Return the section being written in a document, "" when none is."""
        return "" if self.jobs.running(doc) is None else "*"

    def rename(self, _told: Told, doc_id: str, title: str) -> Updates:
        """Keep the title as it is typed; an empty one is left until something is written."""
        doc = whole_number(doc_id)
        if not doc or not title.strip() or self.workspace.document(doc).title == title.strip():
            return {}
        self.workspace.rename_document(doc, title)
        return {"docs": showing.documents(self.workspace, doc), "saved": saved_html()}

    def delete(self, told: Told, doc_id: str, *pairs: str) -> Updates:
        """Take a document off the list, with a way back."""
        self.flush(told, pairs)
        doc = document_id(doc_id)
        title = self.workspace.document(doc).title
        self.jobs.stop(doc)  # nobody could any more: the page shows another
        self.workspace.delete_document(doc)
        left = self.workspace.documents()
        following = left[0].id if left else self.workspace.create_document().id
        note = message_html("info", f"已删除《{title}》。", undo=f"undelete:{doc}")
        return self._arrive(told, following, pairs) | {"message": note}

    def undelete(self, told: Told, doc: int, pairs: Sequence[str]) -> Updates:
        """Bring a deleted document back and show it."""
        self.workspace.undelete_document(doc)
        note = message_html("info", f"已恢复《{self.workspace.document(doc).title}》。")
        return self._arrive(told, doc, pairs) | {"message": note}

    # facts

    def save_paste(self, _told: Told, doc_id: str, text: str) -> Updates:
        """Keep the pasted text as it is typed."""
        doc = whole_number(doc_id)
        if not doc or self.workspace.paste(doc) == text:
            return {}
        self.workspace.save_paste(doc, text)
        return {"saved": saved_html()}

    def example(self, _told: Told, doc_id: str, text: str) -> Updates:
        """Fill in the example facts, unless that would push aside somebody's own."""
        if text.strip():
            raise InputError("粘贴框里已经有内容。", "想看示例，请先点“新建”开一篇空白文稿。")
        example = (ASSETS / "example.md").read_text(encoding="utf-8")
        self.workspace.save_paste(document_id(doc_id), example)
        return {"paste": example, "saved": saved_html()}

    def arrange(self, told: Told, doc_id: str, text: str, outline: str, *pairs: str) -> Updates:
        """Read the paste into facts and plan the sections; what is written stays."""
        doc = document_id(doc_id)
        self.flush(told, pairs)
        self.workspace.save_paste(doc, text)
        before = self.workspace.plan(doc)
        fresh = before is None or (outline and outline != before.outline)
        plan = self.workspace.make_plan(doc, (outline or None) if fresh else None)
        sheet = self.workspace.sheet(doc)
        facts = len(sheet.facts) if sheet else 0
        loose = f"，{len(plan.unplaced)} 条没有安排" if plan.unplaced else ""
        note = noted_html(
            f"整理出 {facts} 条要点，分成 {len(plan.sections)} 节{loose}。",
            "提纲可以随意改，满意后点下面的“生成全文”。",
            caution(text),
        )
        editors = self.editors(pairs)
        return {
            **showing.whole(self.workspace, Page(doc, "", 0), editors, self.running(doc)),
            "title": self.workspace.document(doc).title,
            "outline": plan.outline,
            "paste_box": gr.update(open=False),
            "saved": saved_html(),
            "message": note,
        }

    # text

    def save(
        self, told: Told, stamp: str, text: str, doc_id: str, selected: str
    ) -> Iterator[Updates]:
        """Save one editor as it is typed; the first value given back is the stamp."""
        mark = read_stamp(stamp)
        if mark is None:
            return
        told_before = self.saver.lost(told.session, mark.doc, mark.section) is not None
        after, outcome = self.saver.save(told.session, mark, text or "")
        if outcome is None:
            return
        yield {"stamp": str(after), "saved": saved_html()}
        if outcome.conflict and not told_before:
            buttons = conflict_buttons(mark.section, outcome.version_id or 0)
            yield {"message": message_html("error", *CONFLICT, buttons=buttons, hold=True)}
        if str(mark.doc) == doc_id:
            focus = self.focused.get(told.session, selected)
            yield self._after_save(mark.doc, mark.section, focus)

    def _after_save(self, doc: int, section: str, selected: str) -> Updates:
        snapshot = read(self.workspace, doc)
        place = snapshot.at(section)
        if place is None:
            return {}
        frame = showing.frame(snapshot, place, 0, selected)
        seen = showing.evidence(self.workspace, snapshot, section) if section == selected else {}
        lists = showing.lists(snapshot, selected, self.running(doc))
        # An open menu or a half-typed wish would be lost if unchanged tools were sent again.
        around = {name: frame[f"{name}.0"] for name in ("head", "marks", "pane")}
        return {**around, **seen, **lists}

    def rename_section(self, _told: Told, stamp: str, heading: str) -> Updates:
        """Keep a heading as it is typed; an empty one is left until something is written."""
        mark = read_stamp(stamp)
        plan = self.workspace.plan(mark.doc) if mark else None
        if mark is None or plan is None or not heading.strip():
            return {}
        now = {section.id: section.heading for section in plan.sections}
        if now.get(mark.section, heading) == heading:
            return {}
        self.workspace.structure.rename(mark.doc, mark.section, heading)
        snapshot = read(self.workspace, mark.doc)
        return {**showing.lists(snapshot, mark.section), "saved": saved_html()}

    def editors(self, pairs: Sequence[str]) -> Editors:
        """Return the editors as the page sent them: all stamps, then all texts."""
        return Editors(list(pairs[:POOL]), list(pairs[POOL : 2 * POOL]))

    def flush(self, told: Told, pairs: Sequence[str]) -> Updates:
        """Save whatever is typed but not saved yet; every action begins with it."""
        editors = self.editors(pairs)
        saved, conflicts = self.saver.flush(told.session, list(editors.stamps), list(editors.texts))
        if conflicts:
            return {"message": message_html("error", *CONFLICT, hold=True)}
        return {"saved": saved_html()} if saved else {}
