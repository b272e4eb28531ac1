"""What the buttons inside the panels do: select, lock, reorder, accept, restore, move a fact.

Each action first saves what is typed, then does one thing, then shows the page anew.
"""

from collections.abc import Callable, Iterator, Mapping

import gradio as gr

from drafter.errors import InputError
from drafter.ui import showing
from drafter.ui.candidate_acts import CandidateActs, keeping_locks, with_lost
from drafter.ui.choices import SOON_SECONDS
from drafter.ui.desk import Desk
from drafter.ui.history_acts import HistoryActs
from drafter.ui.remedies import Remedies
from drafter.ui.saving import read_stamp
from drafter.ui.showing import Page, Updates
from drafter.ui.snapshot import document_id, read
from drafter.ui.structure_acts import StructureActs
from drafter.ui.text import whole_number
from drafter.ui.wiring import Told


class Acts:
    """The panels' actions by name (`data-do`); `more` are those of other tabs that the message bar
    offers as ways back."""

    def __init__(
        self, desk: Desk, more: Mapping[str, Callable[[Told, Page], Updates]] | None = None
    ) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        remedies = Remedies(desk)
        self._acts: dict[str, Callable[[Told, Page], Updates]] = {
            "select": self._select,
            "history": self._history,
            "page": self._turn,
            "lock": lambda told, page: self._lock(told, page, True),
            "unlock": lambda told, page: self._lock(told, page, False),
            "issues": remedies.issues,
            "fix": remedies.fix,
            "undo-fix": remedies.undo_fix,
            "ignore": remedies.ignore,
            "heed": remedies.heed,
            "explain": remedies.explain,
            **CandidateActs(desk).acts,
            **StructureActs(desk).by_name(),
            **HistoryActs(desk).by_name(),
            **(more or {}),
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
        page = Page(document_id(doc_id), selected, whole_number(offset))
        with keeping_locks(self._workspace, page.doc, do) as lost:
            extra = handler(told, page)
        extra = with_lost(extra, lost)
        page = Page(page.doc, extra.pop("focus", page.selected), extra.pop("from", page.offset))
        self._desk.focused[told.session] = page.selected
        running = self._desk.running(page.doc)
        editors = self._desk.editors(pairs)
        shown = showing.whole(self._workspace, page, editors, running)
        yield shown | {"dialog": ""} | notes | extra

    def _prepare(self, do: str) -> Updates:
        if do == "prepare":
            self._workspace.prepare_engine()
            self._workspace.prepare_library()
        else:
            self._workspace.stop_preparing()
        return {"timer": gr.update(active=True, value=SOON_SECONDS)}

    def focus(
        self, told: Told, doc_id: str, selected: str, offset: str, *stamps: str
    ) -> Iterator[Updates]:
        """Put the section whose editor was entered in focus."""
        stamp = read_stamp(stamps[told.card]) if told.card < len(stamps) else None
        # Entering one after the other quickly, the page may not know yet which was the last.
        last = self._desk.focused.get(told.session, selected)
        if stamp is None or {stamp.section} == {selected, last} or str(stamp.doc) != doc_id:
            return
        self._desk.focused[told.session] = stamp.section
        snapshot = read(self._workspace, stamp.doc)
        updates: Updates = {"selected": stamp.section}
        for section in dict.fromkeys((selected, last, stamp.section)):
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

    # the text

    def _lock(self, told: Told, page: Page, locked: bool) -> Updates:
        self._workspace.set_locked(page.doc, told.get("id"), locked)
        return {"focus": told.get("id")}
