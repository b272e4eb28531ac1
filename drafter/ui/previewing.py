"""Print preview: the pages of the report as it would be printed now, made when asked for."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.errors import InputError, UserFacingError
from drafter.printing import Picture
from drafter.ui.desk import Desk
from drafter.ui.preview_view import EMPTY, NO_OFFICE, head_html, pages_html, working_html
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html
from drafter.ui.text import clock, whole_number
from drafter.ui.wiring import Told, Updates

LOOK_SECONDS = 0.3
KEPT = 3  # documents whose preview stays in memory; one of 30 pages is about 3 MB
_STALE = "正文或版式已经改过，这是改动之前的样子"


@dataclass(frozen=True, slots=True)
class _Preview:
    """A preview that was made: a number of its own, of what, when (the clock's time), its pages."""

    serial: int
    fingerprint: str
    at: str
    pictures: tuple[Picture, ...]


class Previewing:
    """What the person can do with the preview. Pages live in memory, never in a file."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._printing = desk.workspace.printing
        self._made: dict[int, _Preview] = {}
        self._stops: dict[int, threading.Event] = {}
        self._shown: dict[str, int] = {}  # the serial each page has been sent, 0 for none
        self._serials = itertools.count(1)
        self._lock = threading.Lock()

    def show(self, told: Told, doc_id: str) -> Updates:
        """Show the preview there is, and whether the report has changed since."""
        doc = whole_number(doc_id)
        if not self._is_open(told, doc):
            return {}
        found = self._made.get(doc)
        serial = found.serial if found else 0
        head = {"preview": self._head(doc)}
        if self._shown.get(told.session) == serial:
            return head
        self._shown[told.session] = serial
        return {**head, "preview_pages": pages_html(found.pictures) if found else ""}

    def look(self, told: Told, doc_id: str) -> Iterator[Updates]:
        """Show the preview; of one that is being made, wait for its end (the page was reloaded)."""
        yield self.show(told, doc_id)
        doc = whole_number(doc_id)
        if doc in self._stops:
            while doc in self._stops:
                time.sleep(LOOK_SECONDS)
            yield self.show(told, doc_id)

    def _is_open(self, told: Told, doc: int) -> bool:
        """Whether the page still has this document open, and not another by now."""
        return self._desk.showing.get(told.session, doc) == doc

    def _head(self, doc: int) -> str:
        if doc in self._stops:
            return working_html("正在生成预览…")
        found = self._made.get(doc)
        if found is None:
            return EMPTY if self._printing.possible() else NO_OFFICE
        stale = found.fingerprint != self._printing.fingerprint(doc)
        pages = found.pictures[0].pages if found.pictures else 0
        return head_html(found.at, len(found.pictures), pages, _STALE if stale else "")

    def make(self, told: Told, doc_id: str, *pairs: str) -> Iterator[Updates]:
        """Set the report as it stands and show its pages; an older preview stays until then."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        stop = self._begin(doc)
        try:
            yield {"preview": working_html("LibreOffice 正在排版，一般几秒钟…"), **notes}
            for head in self._make(doc, stop):
                if self._is_open(told, doc):
                    yield {"preview": head}
        except UserFacingError:
            if not stop.is_set():
                self._end(doc)
                yield self.show(told, doc_id)
                raise
        finally:
            self._end(doc)
        note = message_html("info", "已停止生成预览。") if stop.is_set() else None
        yield {**self.show(told, doc_id), **({"message": note} if note else {})}

    def _make(self, doc: int, stop: threading.Event) -> Iterator[str]:
        """Make a preview and keep it, yielding how far it is."""
        fingerprint, pictures = self._printing.fingerprint(doc), list[Picture]()
        for picture in self._printing.pages(doc, stop):
            pictures.append(picture)
            doing = f"正在画第 {picture.number}/{picture.pages} 页…"
            yield working_html(doing, picture.number, picture.pages)
        if stop.is_set():
            return
        made = _Preview(next(self._serials), fingerprint, clock(), tuple(pictures))
        with self._lock:
            self._made.pop(doc, None)
            for oldest in list(self._made)[: max(0, len(self._made) - KEPT + 1)]:
                del self._made[oldest]
            self._made[doc] = made

    def _begin(self, doc: int) -> threading.Event:
        with self._lock:
            if self._stops:
                raise InputError("正在生成一份预览。", "请等它排完再点，一般几秒钟。")
            self._stops[doc] = threading.Event()
            return self._stops[doc]

    def _end(self, doc: int) -> None:
        with self._lock:
            self._stops.pop(doc, None)

    def act(self, told: Told, doc_id: str, *pairs: str) -> Iterator[Updates]:
        """Do what a button above the preview asks for."""
        doc = document_id(doc_id)
        match told.get("do"):
            case "make-preview":
                yield from self.make(told, doc_id, *pairs)
            case "stop-preview":
                for stop in list(self._stops.values()):
                    stop.set()
            case "close-preview":
                with self._lock:
                    self._made.pop(doc, None)
                yield self.show(told, doc_id)
