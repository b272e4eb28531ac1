"""The library of sample reports: import, list, delete, search.

Every method may be called from any thread; one import runs at a time, and others may search
meanwhile. Knows nothing of drafting.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from index.errors import UnreadableFile
from index.library import records
from index.library.ahead import read_ahead
from index.library.catalogue import Catalogue
from index.library.files import report_files
from index.library.importing import Importer, OnBuildProgress, StoppedError, Task
from index.library.opening import Opening
from index.library.own import OwnPart, is_kept_draft, own_report, report_id
from index.library.schema import DATABASE
from index.library.topics import TopicsOf
from index.parse import Reading, read_each_bytes
from index.types import (
    BuildReport,
    Embedder,
    Exemplar,
    FileOutcome,
    ParsedReport,
    ReportInfo,
    Role,
    Section,
)


class Library:
    """The sample reports kept in `folder`. Opened at first use.

    `embedder` is called only when something must be embedded or searched, so that listing,
    showing and deleting work without a model. Unknown ids raise UserFacingError. `topics`, if
    given, tells what a text speaks of (topic → weight); search then prefers the query's topics.
    """

    def __init__(
        self, folder: Path, embedder: Callable[[], Embedder], topics: TopicsOf | None = None
    ) -> None:
        self._embedder = embedder
        self._catalogue = Catalogue(folder / DATABASE)
        self._importer = Importer(self._catalogue, embedder)
        self._building = threading.Lock()
        self._opening = Opening(folder, self._catalogue, topics)

    def close(self) -> None:
        """Close the database; the next call opens it again."""
        self._catalogue.close()

    # import ---------------------------------------------------------------------------------

    def build(
        self,
        paths: Iterable[Path],
        on_progress: OnBuildProgress | None = None,
        stop: threading.Event | None = None,
    ) -> BuildReport:
        """Import files and folders; what is there already is not embedded again.

        A file that cannot be read is listed as failed and the others go on. A file seen before at
        the same path with other content replaces its old self. When `stop` is set, the reports
        finished so far stay. Raises LibraryMismatch, and what the embedder raises.
        """
        started = time.monotonic()
        files, failed = report_files(paths)
        outcomes = list(failed)
        task = Task(len(files), on_progress, stop)
        with self._building:
            try:
                with closing(read_ahead(files)) as read:
                    for path, readings in read:
                        task.tell(f"正在读取 {path.name}")
                        outcomes += self._import_each(str(path), readings, path.name, task)
                        task.done += 1
                if files:
                    self._opening.keep_up(self._embedder, task.tell)
                    task.tell("导入完成")
            except StoppedError:
                pass  # what is finished is in the library and in the outcomes
        return BuildReport(tuple(outcomes), task.embedded, time.monotonic() - started)

    def _import_each(
        self, origin: str, readings: Iterator[Reading], name: str, task: Task
    ) -> list[FileOutcome]:
        """Put in what was read of one file: one text, or those of a zip, each told by itself."""
        outcomes = []
        try:
            for reading in readings:
                inside = reading.name.removeprefix(name)  # "" for the file itself
                if reading.error:
                    reason = reading.error.message + reading.error.hint
                    outcomes.append(FileOutcome(origin + inside, "failed", reason, None))
                    continue
                source = reading.name.rpartition("/")[2] or name
                made = self._importer.put(source, origin + inside, reading.text, task)
                told = "".join(reading.notes)
                outcomes.append(replace(made, message=made.message + told))
        except UnreadableFile as error:
            outcomes.append(FileOutcome(origin, "failed", error.message + error.hint, None))
        return outcomes

    def add_files(
        self, name: str, data: bytes, on_progress: OnBuildProgress | None = None
    ) -> tuple[FileOutcome, ...]:
        """Import an upload by its file name and bytes; a zip gives an outcome for each file in it.

        What is unreadable is a failed outcome.
        """
        task = Task(1, on_progress)
        with self._building:
            task.tell(f"正在读取 {name}")
            outcomes = self._import_each(name, read_each_bytes(name, data), name, task)
            task.done = 1
            task.tell(outcomes[-1].message)
        return tuple(outcomes)

    def add_text(
        self, name: str, data: bytes, on_progress: OnBuildProgress | None = None
    ) -> FileOutcome:
        """Import an upload as `add_files` does, and sum up what became of the files of a zip."""
        outcomes = self.add_files(name, data, on_progress)
        return outcomes[0] if len(outcomes) == 1 else _summed(name, outcomes)

    def rebuild(
        self,
        on_progress: OnBuildProgress | None = None,
        stop: threading.Event | None = None,
    ) -> BuildReport:
        """Take every report apart anew from its kept text; embed what this embedder has not.

        The way on after a change of embedder. Pairs are kept; each report is replaced whole.
        """
        started = time.monotonic()
        outcomes: list[FileOutcome] = []
        with self._building:
            kept = self._catalogue.identities()
            task = Task(len(kept), on_progress, stop, checked=True)
            try:
                for report in kept:
                    if is_kept_draft(report.id):  # its roles and ids are known: nothing to parse
                        sections = self._catalogue.sections_of(report.id)
                        self._importer.embed(sections, task, report.title)
                    else:
                        self._importer.store(report, self._catalogue.text(report.id), task)
                    outcomes.append(FileOutcome(report.origin, "added", "已重建。", report.id))
                    task.done += 1
                used = {records.hash_of(u) for s in self.sections() for u in records.units_of(s)}
                self._catalogue.keep_vectors(used)
                self._opening.keep_up(self._embedder, task.tell)
                task.tell("重建完成")
            except StoppedError:
                pass  # every report is whole, as it was or anew
        return BuildReport(tuple(outcomes), task.embedded, time.monotonic() - started)

    def delete(self, report_id: str) -> None:
        """Remove a report with its sections and pairs."""
        with self._building:
            self._catalogue.delete(report_id)

    # the own unit's --------------------------------------------------------------------------

    def keep_own(self, key: str, title: str, parts: Sequence[OwnPart]) -> ReportInfo | None:
        """Keep sections written here as the own unit's, in place of what the key held before.

        Returns the report they make; None when no part has a text: then nothing is left of it.
        Raises LibraryMismatch, and what the embedder raises; what was kept before then stays.
        """
        made = own_report(key, title, parts)
        with self._building:
            before = {s.id: s.text for s in self._catalogue.sections_of(made.identity.id)}
            if not made.sections:
                if before:
                    self._catalogue.delete(made.identity.id)
                return None
            self._importer.embed(made.sections, Task(1), title)
            now = {section.id: section.text for section in made.sections}
            stale = [one for one, text in before.items() if now.get(one) != text]
            self._catalogue.put_report(
                *(made.identity, made.text, made.parsed, made.sections),
                own=True,
                stale=stale,
                embedder=self._embedder().name,
            )
            return self._catalogue.report(made.identity.id)

    def kept_own(self, key: str) -> tuple[Section, ...]:
        """Return the sections kept under a key, in order."""
        return self._catalogue.sections_of(report_id(key))

    def own_reports(self) -> frozenset[str]:
        """Return the ids of the reports of the own unit, which a search prefers among equals."""
        return self._catalogue.own_reports()

    def set_own(self, report: str, own: bool) -> None:
        """Mark a report as of the own unit, or take the mark off."""
        self._catalogue.set_own(report, own)

    # contents -------------------------------------------------------------------------------

    def reports(self) -> tuple[ReportInfo, ...]:
        """Return all reports in the order they came in."""
        return self._catalogue.reports()

    def report(self, report_id: str) -> ReportInfo:
        """Return one report."""
        return self._catalogue.report(report_id)

    def parsed(self, report_id: str) -> ParsedReport:
        """Return the structure of one report."""
        return self._catalogue.parsed(report_id)

    def sections(self) -> Iterator[Section]:
        """Iterate over all sections, report by report, in order."""
        return iter(self._catalogue.sections())

    def section(self, section_id: str) -> Section:
        """Return one section."""
        return self._catalogue.section(section_id)

    def pair(self, section_id: str, point: int) -> tuple[str, ...] | None:
        """Return the bullets of a section's point (from 0), None where there are none yet."""
        return self._catalogue.pair(section_id, point)

    def pair_sources(self) -> dict[tuple[str, int], str]:
        """Return where the bullets of each point came from, by (section id, point)."""
        return self._catalogue.pair_sources()

    def put_pair(
        self, section_id: str, point: int, bullets: Sequence[str], text: str, source: str
    ) -> None:
        """Keep the bullets a point was written from; `source` says how they were found.

        "rule", "model", or "tried" for a rule's that a model was asked to better and could not.
        """
        self._catalogue.put_pair(section_id, point, bullets, text, source)

    # search ---------------------------------------------------------------------------------

    def search(
        self,
        text: str,
        role: Role | None = None,
        top_k: int = 5,
        exclude_reports: Iterable[str] = (),
        mmr: bool = True,
        exclude_sections: Iterable[str] = (),
    ) -> tuple[Exemplar, ...]:
        """Return up to `top_k` sections closest to the text, best first, of the role if given.

        Closeness is that of headings (the text's first clause is read as one) and of texts (the
        section's own, or its closest point's), blended with shared wording and, where the library
        was given a topic function, with closeness of topics. With `mmr` the results
        come from several reports where they can. Reports of the own unit come first among equals
        (`own.BONUS`); the scores given back are without that. Raises LibraryMismatch when the
        library's vectors are another embedder's.
        """
        if top_k < 1 or not text.strip() or self._catalogue.is_empty():
            return ()
        embedder = self._embedder()
        ready = self._opening.ready(embedder)
        without = set(exclude_sections)
        return ready.search(embedder, text, role, top_k, set(exclude_reports), mmr, without)


_SAID = {"added": "导入", "unchanged": "已在库中", "duplicate": "重复", "failed": "没有导入"}


def _summed(name: str, outcomes: Sequence[FileOutcome]) -> FileOutcome:
    """Return one outcome for the files of a zip: how many came in, and why others did not."""
    counts = Counter(_SAID[outcome.status] for outcome in outcomes)
    tally = "，".join(f"{word} {counts[word]} 个" for word in _SAID.values() if counts[word])
    failed = [outcome.message for outcome in outcomes if outcome.status == "failed"]
    more = f"（另有 {len(failed) - 3} 个）" if len(failed) > 3 else ""
    message = f"压缩包里 {len(outcomes)} 个文件：{tally}。" + "".join(failed[:3]) + more
    statuses = [outcome.status for outcome in outcomes]
    best = next(status for status in _SAID if status in statuses)
    first = next(outcome for outcome in outcomes if outcome.status == best)
    return FileOutcome(name, first.status, message, first.report_id)
