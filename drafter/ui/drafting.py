"""Handlers that have the model write: the whole report, or one section into a candidate."""

from collections.abc import Iterator

from drafter.errors import InputError
from drafter.types import SectionState
from drafter.ui import showing
from drafter.ui.desk import Desk
from drafter.ui.jobs import Job, View
from drafter.ui.section_view import live_html
from drafter.ui.showing import POOL, Page, Updates
from drafter.ui.snapshot import Snapshot, document_id, read
from drafter.ui.status_view import IDLE, message_html, progress_html, saved_html
from drafter.ui.wiring import Told


class Drafting:
    """Starts jobs and shows them on the page that asked, or that was opened meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._jobs = desk.jobs

    def write_all(
        self, told: Told, doc_id: str, selected: str, offset: str, *pairs: str
    ) -> Iterator[Updates]:
        """Write every empty section, one after the other."""
        doc = document_id(doc_id)
        yield self._desk.flush(told, pairs)
        states = self._workspace.sections(doc)
        if not states:
            raise InputError("还没有提纲。", "先粘贴要点，点“整理要点”，再生成全文。")
        if not any(_waits(state) for state in states):
            raise InputError(
                "各节都已经写好（或已锁定）。", "想重写某一节，点那一节的“重新生成”，现稿不会被动。"
            )
        job = self._jobs.start("all", doc, lambda stop: self._workspace.write_all(doc, stop))
        yield from self._follow(told, job, Page(doc, selected, int(offset or 0)))

    def rewrite(
        self, told: Told, doc_id: str, selected: str, offset: str, *pairs: str
    ) -> Iterator[Updates]:
        """Write one section into a candidate; nothing else is touched."""
        doc, section, wish = document_id(doc_id), told.get("id"), told.get("wish").strip()
        yield self._desk.flush(told, pairs)
        job = self._jobs.start(
            "section", doc, lambda stop: self._workspace.write_section(doc, section, stop, wish)
        )
        yield from self._follow(told, job, Page(doc, section, int(offset or 0)))

    def look_on(self, told: Told, doc_id: str, selected: str, offset: str) -> Iterator[Updates]:
        """Show the writing that goes on in the document just opened, if any does."""
        job = self._jobs.running(document_id(doc_id)) if doc_id else None
        if job is not None:
            yield from self._follow(
                told, job, Page(document_id(doc_id), selected, int(offset or 0))
            )

    def stop(self, _told: Told) -> Updates:
        """Stop the writer; what is finished stays."""
        if self._jobs.stop():
            return {"progress": '<div class="progress busy" data-busy>正在停止…</div>'}
        return {"message": message_html("info", "现在没有在写。")}

    def _follow(self, told: Told, job: Job, page: Page) -> Iterator[Updates]:
        snapshot = read(self._workspace, page.doc)
        live = listed = ""
        done = 0
        for view in job.views():
            if self._desk.showing.get(told.session, page.doc) != page.doc:
                yield {"progress": IDLE}
                return  # another document is on the page now; the writing goes on
            updates: Updates = {"progress": progress_html(view, "")}
            for section in view.finished:
                done += 1
                snapshot = read(self._workspace, page.doc)
                updates |= _whole_section(snapshot, page, section)
                live = "" if section == live else live
            if (
                view.text
                and view.section_id
                and view.section_id not in view.finished
                and not view.ended
            ):
                live = view.section_id
                updates |= _live(snapshot, page, view)
            if view.finished or live != listed:
                listed = live
                updates |= showing.lists(snapshot, page.selected, live)
            yield updates
            if view.ended:
                yield self._end(page, view, done)

    def _end(self, page: Page, view: View, done: int) -> Updates:
        snapshot = read(self._workspace, page.doc)
        updates: Updates = {"progress": IDLE, "saved": saved_html()}
        for place in range(page.offset, min(len(snapshot.states), page.offset + POOL)):
            card = place - page.offset
            updates |= showing.frame(snapshot, place, card, page.selected)
        updates |= showing.lists(snapshot, page.selected)
        updates |= showing.evidence(self._workspace, snapshot, page.selected)
        if view.stopped:
            updates["message"] = message_html(
                "info", "已停止。", "写好的部分都已保存，可以接着生成。"
            )
        elif view.kind == "all":
            updates["message"] = message_html(
                "info", f"写完了，共 {done} 节。", "请逐节核对，右边“问题”里列出了要留意的地方。"
            )
        return updates


def _waits(state: SectionState) -> bool:
    section = state.section
    formula = section.role in ("导语", "结语")
    return not section.text.strip() and not section.locked and bool(section.fact_ids or formula)


def _whole_section(snapshot: Snapshot, page: Page, section_id: str) -> Updates:
    """Return a finished section's card; its editor only if the text became the current one."""
    updates = showing.finished(snapshot, page, section_id)
    state = snapshot.state(section_id)
    if state is not None and state.candidate is not None:
        keep = ("head.", "marks.", "pane.", "tools.")
        return {name: value for name, value in updates.items() if name.startswith(keep)}
    return updates


def _live(snapshot: Snapshot, page: Page, view: View) -> Updates:
    place = snapshot.at(view.section_id or "")
    if place is None or not page.offset <= place < page.offset + POOL:
        return {}
    current = snapshot.states[place].section.text
    candidate = view.kind == "section"
    html = live_html(current, view.text, view.message, candidate)
    return {f"pane.{place - page.offset}": html}
