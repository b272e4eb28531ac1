"""Handlers of the sample library's tab: import, list, look inside, search, delete."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from drafter.cautions import of_report
from drafter.errors import UserFacingError
from drafter.ui.jobs import watched
from drafter.ui.library_view import (
    NO_STRUCTURE,
    found_html,
    outcomes_html,
    parsed_html,
    reports_html,
)
from drafter.ui.showing import Updates
from drafter.ui.status_view import message_html
from drafter.ui.text import esc
from drafter.ui.wiring import Told
from drafter.workflow import Workspace
from index.types import BuildProgress, BuildReport, FileOutcome, Role

ANY_ROLE = "不限"
HITS = 8


class Shelf:
    """What the person at the page can do with sample reports."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stop = threading.Event()

    def list(self, _told: Told) -> Updates:
        """Show what is in the library."""
        return {"reports": self._reports()}

    def _reports(self, chosen: str = "") -> str:
        library = self._workspace.library
        return reports_html(library.reports(), chosen, library.own_reports())

    def upload(self, _told: Told, paths: Sequence[str] | None) -> Iterator[Updates]:
        """Import uploaded files one by one; one that cannot be read is listed with its reason."""
        outcomes: list[FileOutcome] = []
        for path in paths or ():
            outcomes += yield from self._import(Path(path), outcomes)
            yield {
                "outcomes": outcomes_html(outcomes),
                "reports": self._reports(),
            }
        yield {"upload": None}

    def _import(
        self, path: Path, before: Sequence[FileOutcome]
    ) -> Generator[Updates, None, tuple[FileOutcome, ...]]:
        def work(tell: Callable[[str], None]) -> tuple[FileOutcome, ...]:
            def progress(step: BuildProgress) -> None:
                tell(step.message)

            return self._workspace.library.add_files(path.name, path.read_bytes(), progress)

        steps = watched(work)
        yield {"outcomes": outcomes_html(before, f"正在导入 {path.name}…")}
        try:
            while True:
                yield {"outcomes": outcomes_html(before, next(steps))}
        except StopIteration as end:
            result: tuple[FileOutcome, ...] = end.value
        except UserFacingError as error:
            result = (FileOutcome(path.name, "failed", error.message + error.hint, None),)
        return tuple(self._with_caution(outcome) for outcome in result)

    def _with_caution(self, outcome: FileOutcome) -> FileOutcome:
        """Say of a sample just taken in what in it speaks to a model."""
        if outcome.report_id is None or outcome.status != "added":
            return outcome
        parsed = self._workspace.library.parsed(outcome.report_id)
        carried = of_report(parsed)
        return replace(outcome, message=f"{outcome.message}{carried}") if carried else outcome

    def rebuild(self, _told: Told) -> Iterator[Updates]:
        """Take every report apart and embed it anew: after a change of the retrieval model."""

        def work(tell: Callable[[str], None]) -> BuildReport:
            def progress(step: BuildProgress) -> None:
                tell(f"{step.message}（{step.done}/{step.total}）")

            return self._workspace.library.rebuild(progress)

        for message in watched(work):
            yield {"outcomes": outcomes_html((), message)}
        note = message_html("info", "样本库已按当前检索模型重建。")
        yield {"outcomes": "", "message": note, **self.list(_told)}

    def learn(self, _told: Told) -> Iterator[Updates]:
        """Turn the points of the samples back into bullets with the model: drafts follow closer."""
        self._stop.clear()
        last = ""
        for event in self._workspace.recover_pairs(self._stop):
            last = event.message
            yield {"outcomes": outcomes_html((), last)}
        yield {"outcomes": "", "message": message_html("info", last)}

    def stop_learning(self, _told: Told) -> Updates:
        """Stop `learn` after the point in hand; what was recovered is kept."""
        self._stop.set()
        return {}

    def act(self, told: Told) -> Updates:
        """Show or delete one report, or say whether it is of the own unit."""
        report_id = told.get("id")
        library = self._workspace.library
        if told.get("do") == "delete":
            title = library.report(report_id).title
            library.delete(report_id)
            kept = self._workspace.choosing.own.is_from_a_draft(report_id)
            hint = "文稿没有改动，需要时可以再存一次。" if kept else "需要时可以重新上传。"
            note = message_html("info", f"已从样本库删除《{title}》。", hint)
            return {
                "reports": self._reports(),
                "parsed": NO_STRUCTURE,
                "message": note,
            }
        if told.get("do") in ("own", "not-own"):
            return self._mark(report_id, told.get("do") == "own")
        report = library.report(report_id)
        return {
            "reports": self._reports(report_id),
            "parsed": parsed_html(report, library.parsed(report_id)),
        }

    def _mark(self, report_id: str, own: bool) -> Updates:
        self._workspace.library.set_own(report_id, own)
        said = "已标为本单位：同样接近时优先作范例。" if own else "已取消本单位标记。"
        return {"reports": self._reports(report_id), "message": message_html("info", said)}

    def search(self, _told: Told, asked: str, role: str) -> Updates:
        """Show the sections closest to a text."""
        library = self._workspace.library
        status = self._workspace.library_status()
        if asked.strip() and status.state not in ("ready", "failed"):
            waiting = esc(status.message.rstrip("。"))
            return {"hits": f'<p class="doing">{waiting}。准备好后再查。</p>'}
        wanted = next((known for known in get_args(Role) if known == role), None)
        found = library.search(asked, wanted, HITS) if asked.strip() else ()
        titles = {report.id: report for report in library.reports()}
        return {"hits": found_html(found, titles, asked)}
