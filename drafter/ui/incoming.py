"""An edited Word file comes back: what is in it is shown, and taken or refused one by one."""

from collections.abc import Callable, Iterator

from drafter.cautions import RETURNED, caution
from drafter.errors import InputError, UserFacingError
from drafter.receiving import Received, Returned
from drafter.returned_parts import (
    change_key,
    heading_key,
    offers_heading,
    open_changes,
    title_key,
)
from drafter.taking import FOREIGN
from drafter.ui import showing
from drafter.ui.desk import Desk
from drafter.ui.outgoing import uploaded
from drafter.ui.returned_view import EMPTY, closed_html, returned_html
from drafter.ui.showing import Page, Updates
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html, noted_html, saved_html
from drafter.ui.text import esc, whole_number
from drafter.ui.wiring import Told

_GONE = ("这一处修改已经不在了。", "请看下面现在列出的修改。")
_HINT = "原来的文字在“历史”里；新写进来的数字、名称照样会核对。"
_TAKEN = {
    "add": "已加进文稿。",
    "drop": "已删去这一节。",
    "merge": "已合并到一节。",
    "move": "已移到文件里的位置。",
}


class Incoming:
    """What the person can do with files that came back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._receiving = desk.workspace.receiving
        self._taking = desk.workspace.receiving.taking
        # Each takes something and returns the step to take back; the others only mark and put away.
        self._takes: dict[str, Callable[[Told, int, Received], tuple[int, str]]] = {
            "take": self._take,
            "take-section": self._take_section,
            "take-all": self._take_all,
        }
        self._marks: dict[str, Callable[[Told, int], None]] = {
            "refuse": lambda told, doc: self._receiving.refuse(doc, [told.get("key")]),
            "refuse-all": lambda _, doc: self._receiving.refuse_all(doc),
            "relist-return": lambda _, doc: self._receiving.relist(doc),
            "comment-done": lambda told, doc: self._receiving.handle(doc, told.get("key")),
            "comment-open": lambda told, doc: self._receiving.handle(doc, told.get("key"), False),
            "close-return": lambda _, doc: self._receiving.close(doc),
            "reopen-return": lambda _, doc: self._receiving.close(doc, False),
        }

    def show(self, _told: Told, doc_id: str) -> Updates:
        """Show what is still to be decided of the document's returned file."""
        doc = whole_number(doc_id)
        return {"returned": self._html(doc) if doc else EMPTY}

    def receive(self, told: Told, upload: str | None, doc_id: str, *pairs: str) -> Updates:
        """Read and keep an edited file. Nothing of the draft changes by this."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        name, data = uploaded(upload)
        edited = self._receiving.receive(doc, name, data).edited
        said = "\n".join(line.text for line in edited.lines)
        note = noted_html(
            f"已读入 {name}。",
            "逐处看改了什么，采用的才会写进正文。",
            caution(said, RETURNED),
        )
        return {"returned": self._html(doc), "edited": None, "message": note, **notes}

    def act(
        self, told: Told, doc_id: str, selected: str, offset: str, *pairs: str
    ) -> Iterator[Updates]:
        """Take or refuse something that came back."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        take, mark = self._takes.get(told.get("do")), self._marks.get(told.get("do"))
        received = self._receiving.received(doc)
        if received is None or (take is None and mark is None):
            raise InputError("这份收回的文件已经不在了。", "请重新上传。")
        if received.is_closed and told.get("do") != "reopen-return":
            raise InputError("这份收回的文件已经收起。", "先点“重新打开”，再决定采用哪些。")
        if mark is not None:
            mark(told, doc)
            yield {"returned": self._html(doc), **self._said_of(told.get("do"), doc), **notes}
        if take is not None:
            step, said = take(told, doc, received)
            self._receiving.begin(doc)
            note = message_html("info", said, _HINT, undo=f"undo-return:{step}")
            page = Page(doc, selected, whole_number(offset))
            yield {**self._whole(page, pairs), "message": note, **notes}

    def _whole(self, page: Page, pairs: tuple[str, ...]) -> Updates:
        editors, running = self._desk.editors(pairs), self._desk.running(page.doc)
        return {
            **showing.whole(self._desk.workspace, page, editors, running),
            "title": self._desk.workspace.document(page.doc).title,
            "returned": self._html(page.doc),
            "saved": saved_html(),
        }

    def _said_of(self, do: str, doc: int) -> Updates:
        if do != "close-return":
            return {}
        where = "没有采用的修改都还在文件里，随时可以重新打开。"
        return {"message": message_html("info", "已收起。", where, undo=f"reopen-return:{doc}")}

    def _html(self, doc: int) -> str:
        """Return the list of what came back; a faulty file must not keep the tab from opening."""
        try:
            received = self._receiving.received(doc)
            if received is None:
                return EMPTY
            if received.is_closed:
                return closed_html(received)
            back = self._receiving.compared(doc, received)
            return returned_html(received, back, self._receiving.untouched(doc, back))
        except UserFacingError as error:
            return f'{EMPTY}<p class="note">{esc(error.message)}{esc(error.hint)}</p>'

    # the message bar's ways back, called by `Acts` (see `Wires`)

    def undo(self, told: Told, page: Page) -> Updates:
        """Take back what was taken last."""
        number = told.get("id")
        step = whole_number(number.removeprefix("-"))
        if not step:
            raise InputError("没有可以撤销的改动。", "各节的旧内容可以在“历史”里恢复。")
        displaced = self._taking.undo(page.doc, -step if number.startswith("-") else step)
        hint = "其间打的字收在“历史·全文”最上面的一份里，可以对比、恢复。" if displaced else ""
        return {
            "title": self._desk.workspace.document(page.doc).title,
            "returned": self._html(page.doc),
            "saved": saved_html(),
            "message": message_html("info", "已撤销，恢复成采用以前的样子。", hint),
        }

    def reopen(self, _told: Told, page: Page) -> Updates:
        """Take up the file that was put away."""
        self._receiving.close(page.doc, False)
        return {"returned": self._html(page.doc)}

    # taking

    def _take(self, told: Told, doc: int, received: Received) -> tuple[int, str]:
        section_id, key, edited = told.get("id"), told.get("key"), received.edited
        match told.get("what"):
            case "title":
                back = self._receiving.compared(doc, received)
                if title_key(back.title) != key:
                    raise InputError(*_GONE)
                return self._taking.title(doc, back.title), "已采用标题。"
            case "heading":
                heading = self._heading(doc, received, section_id, key)
                return self._taking.heading(doc, section_id, heading), "已采用标题。"
            case "add":
                return self._taking.add(doc, edited, key)[0], _TAKEN["add"]
            case "drop":
                return self._taking.drop(doc, edited, key), _TAKEN["drop"]
            case "merge":
                return self._taking.merge(doc, edited, key), _TAKEN["merge"]
            case "move":
                return self._taking.move(doc, edited, key), _TAKEN["move"]
            case _:
                return self._take_changes(doc, received, section_id, {key})

    def _heading(self, doc: int, received: Received, section_id: str, key: str) -> str:
        for section in self._receiving.compared(doc, received).sections:
            mine = section.section_id == section_id and offers_heading(section)
            if mine and heading_key(section) == key:
                return section.heading
        raise InputError(*_GONE)

    def _take_section(self, told: Told, doc: int, received: Received) -> tuple[int, str]:
        if self._receiving.compared(doc, received).doubt:
            raise InputError(*FOREIGN)
        return self._take_changes(doc, received, told.get("id"), None)

    def _take_changes(
        self, doc: int, received: Received, section_id: str, keys: set[str] | None
    ) -> tuple[int, str]:
        """Take the changes with these keys; None: all of the section that were not refused."""

        def pick(compared: Returned) -> set[int]:
            section = next((s for s in compared.sections if s.section_id == section_id), None)
            if section is None:
                return set()
            waiting = open_changes(section, received.refused)
            return {n for n in waiting if keys is None or change_key(section, n) in keys}

        step = self._taking.text(doc, received.edited, section_id, pick)
        return step, "已采用，写进了正文。"

    def _take_all(self, _told: Told, doc: int, received: Received) -> tuple[int, str]:
        untouched = self._receiving.untouched(doc, self._receiving.compared(doc, received))
        step, left = self._taking.everything(doc, received.edited, received.refused, untouched)
        more = f"有 {len(left)} 处没有采用：{'；'.join(left)}" if left else ""
        return step, f"已全部采用。{more}"
