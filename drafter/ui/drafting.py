"""Handlers that have the model write: the whole report, or one section into a candidate."""

from collections.abc import Iterator

from drafter.errors import InputError
from drafter.types import SectionState
from drafter.ui.desk import Desk
from drafter.ui.jobs import Job, View
from drafter.ui.showing import Page, Updates
from drafter.ui.snapshot import document_id, read
from drafter.ui.status_view import IDLE, message_html, progress_html, saved_html
from drafter.ui.streaming import Beat, caught_up, growing, read_beat
from drafter.ui.text import whole_number
from drafter.ui.wiring import Told


class Drafting:
    """Starts jobs and shows them on the page that asked, or that was opened meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._jobs = desk.jobs
        # Each page looks on once, however many actions of it end while a job runs.
        self._followed: set[tuple[str, Job]] = set()

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
        yield from self._follow(told, job, doc)

    def rewrite(
        self, told: Told, doc_id: str, selected: str, offset: str, *pairs: str
    ) -> Iterator[Updates]:
        """Write one section into a candidate; nothing else is touched."""
        doc, section, wish = document_id(doc_id), told.get("id"), told.get("wish").strip()
        yield {"selected": section} | self._desk.flush(told, pairs)
        variants, point = told.number("variants") or 1, None
        if told.get("do") == "rewrite-point":
            variants, point = 1, (told.number("at"), told.get("words"))
        elif told.get("variants"):
            self._workspace.candidates.want(variants)
        write = self._workspace.write_section
        job = self._jobs.start(
            "section",
            doc,
            lambda stop: write(doc, section, stop, wish, variants=variants, point=point),
        )
        yield from self._follow(told, job, doc)

    def look_on(self, told: Told, doc_id: str, selected: str, offset: str) -> Iterator[Updates]:
        """Show the writing that goes on in the document just opened, if any does."""
        job = self._jobs.running(document_id(doc_id)) if doc_id else None
        if job is not None and (told.session, job) not in self._followed:
            yield from self._follow(told, job, document_id(doc_id))

    def stop(self, told: Told, doc_id: str = "") -> Updates:
        """Stop the writer in the document on the page; what is finished stays."""
        # A server started again knows of no page what it shows; the page itself does.
        if self._jobs.stop(whole_number(doc_id) or self._desk.showing.get(told.session, 0)):
            return {"progress": '<div class="progress busy" data-busy>正在停止…</div>'}
        return {"message": message_html("info", "现在没有在写。")}

    def catch_up(
        self, _told: Told, doc_id: str, selected: str, offset: str, beat: str, *pairs: str
    ) -> Updates:
        """Show what became whole while a job writes; asked for by the page at each beat."""
        news = read_beat(beat)
        if news is None or str(news.doc) != doc_id:
            return {}
        page = Page(news.doc, selected, whole_number(offset))
        return caught_up(self._workspace, page, news, pairs)

    def _follow(self, told: Told, job: Job, doc: int) -> Iterator[Updates]:
        here = (told.session, job)
        self._followed.add(here)
        try:
            yield from self._frames(told, job, doc)
        finally:
            self._followed.discard(here)

    def _frames(self, told: Told, job: Job, doc: int) -> Iterator[Updates]:
        snapshot = read(self._workspace, doc)
        beat = Beat(doc, "", (), False)
        for view in job.views():
            if self._desk.showing.get(told.session, doc) != doc:
                yield {"progress": IDLE, "live": ""}
                return  # another document is on the page now; the writing goes on
            if view.finished:
                snapshot = read(self._workspace, doc)
            live = growing(snapshot, view)
            updates: Updates = {"progress": progress_html(view, ""), "live": live}
            writing = view.section_id or "" if live else beat.live
            now = Beat(doc, writing, (*beat.finished, *view.finished), view.ended)
            if now != beat:
                beat = now
                updates["beat"] = str(beat)
            yield updates | (_ended(view, len(beat.finished)) if view.ended else {})


def _ended(view: View, done: int) -> Updates:
    """Return what is said when a job is over."""
    updates: Updates = {"progress": IDLE, "saved": saved_html()}
    if view.failed:
        return updates  # the error itself is shown next
    if view.stopped:
        message = message_html("info", "已停止。", "写好的部分都已保存，可以接着生成。")
    elif view.kind == "all":
        message = message_html(
            "info", f"写完了，共 {done} 节。", "请逐节核对，旁证的“问题”里列出了要留意的地方。"
        )
    elif view.message:
        message = message_html("info", "写好了。", view.message)
    else:
        return updates
    return updates | {"message": message}


def _waits(state: SectionState) -> bool:
    section = state.section
    formula = section.role in ("导语", "结语")
    return not section.text.strip() and not section.locked and bool(section.fact_ids or formula)
