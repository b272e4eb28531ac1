"""An edited Word file comes back: its changes are shown, and taken or refused one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from drafter.errors import InputError
from drafter.handing import EditedText, Returned
from drafter.ui import showing
from drafter.ui.desk import Desk
from drafter.ui.outgoing import uploaded
from drafter.ui.return_view import (
    EMPTY,
    change_key,
    heading_key,
    offers_heading,
    open_changes,
    returned_html,
    title_key,
)
from drafter.ui.showing import Page, Updates
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.wiring import Told

_GONE = ("这一处修改已经不在了。", "请看下面现在列出的修改。")


@dataclass(slots=True)
class _Back:
    """A file that came back, and the changes of it that were refused, by their keys."""

    name: str
    edited: EditedText
    refused: set[str] = field(default_factory=set)


class Incoming:
    """What the person can do with files that came back.

    A file is held in memory, one a document, until another comes or it is put away; what was taken
    of it is in the store. Its changes are reckoned anew against the draft at every look, so that
    none is ever taken into a text it was not shown for.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._handing = desk.workspace.handing
        self._held: dict[int, _Back] = {}
        self._acts: dict[str, Callable[[Told, int, _Back], None]] = {
            "take": self._take,
            "take-section": self._take_section,
            "refuse": self._refuse,
            "close-return": self._close,
        }

    def show(self, _told: Told, doc_id: str) -> Updates:
        """Show what is still to be decided of the document's returned file."""
        return {"returned": self._html(int(doc_id)) if doc_id else EMPTY}

    def receive(self, told: Told, upload: str | None, doc_id: str, *pairs: str) -> Updates:
        """Read an edited file. Nothing of the draft changes by this."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        name, data = uploaded(upload)
        self._held[doc] = _Back(name, self._handing.read_back(name, data))
        note = message_html("info", f"已读入 {name}。", "逐处看改了什么，采用的才会写进正文。")
        return {"returned": self._html(doc), "edited": None, "message": note, **notes}

    def act(
        self, told: Told, doc_id: str, selected: str, offset: str, *pairs: str
    ) -> Iterator[Updates]:
        """Take or refuse something that came back."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        handler, back = self._acts.get(told.get("do")), self._held.get(doc)
        if handler is None or back is None:
            raise InputError("这份收回的文件已经不在了。", "请重新上传。")
        handler(told, doc, back)
        if not told.get("do").startswith("take"):
            yield {"returned": self._html(doc), **notes}
            return
        editors = self._desk.editors(pairs)
        page = Page(doc, selected, int(offset or 0))
        whole = showing.whole(self._desk.workspace, page, editors, self._desk.running(doc))
        hint = "原来的文字在“历史”里；新写进来的数字、名称照样会核对。"
        yield {
            **whole,
            "title": self._desk.workspace.document(doc).title,
            "returned": self._html(doc),
            "saved": saved_html(),
            "message": message_html("info", "已采用，写进了正文。", hint),
            **notes,
        }

    def _html(self, doc: int) -> str:
        back = self._held.get(doc)
        if back is None:
            return EMPTY
        compared = self._handing.compared(doc, back.edited)
        untouched = self._handing.untouched(doc, compared)
        return returned_html(back.name, compared, back.refused, untouched)

    def _take(self, told: Told, doc: int, back: _Back) -> None:
        section_id, key = told.get("id"), told.get("key")
        match told.get("what"):
            case "title":
                compared = self._handing.compared(doc, back.edited)
                if title_key(compared.title) != key:
                    raise InputError(*_GONE)
                self._handing.take_title(doc, compared.title)
            case "heading":
                compared = self._handing.compared(doc, back.edited)
                for section in compared.sections:
                    mine = section.section_id == section_id and offers_heading(section)
                    if mine and heading_key(section) == key:
                        self._handing.take_heading(doc, section_id, section.heading)
                        return
                raise InputError(*_GONE)
            case _:
                self._take_changes(doc, back, section_id, {key})

    def _take_section(self, told: Told, doc: int, back: _Back) -> None:
        self._take_changes(doc, back, told.get("id"), None)

    def _take_changes(self, doc: int, back: _Back, section_id: str, keys: set[str] | None) -> None:
        """Take the changes with these keys; None: all of the section that were not refused."""

        def pick(compared: Returned) -> set[int]:
            section = next((s for s in compared.sections if s.section_id == section_id), None)
            if section is None:
                return set()
            waiting = open_changes(section, back.refused)
            return {n for n in waiting if keys is None or change_key(section, n) in keys}

        self._handing.take_text(doc, back.edited, section_id, pick)

    def _refuse(self, told: Told, _doc: int, back: _Back) -> None:
        back.refused.add(told.get("key"))

    def _close(self, _told: Told, doc: int, _back: _Back) -> None:
        self._held.pop(doc, None)
