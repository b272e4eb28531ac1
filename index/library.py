"""The library of sample reports: import, list, delete, search.

SQLite holds reports, sections, vectors and pairs; FAISS searches the vectors, from an index made
in memory of what SQLite holds (a foreign index file is never read). Every method may be called from
any thread; an import may run while others search. Reports enter whole or not at all. Knows nothing
of drafting.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index import likeness, ranking, records, schema
from index.bm25 import Bm25
from index.errors import LibraryMismatch, UnreadableFile, UserFacingError
from index.files import report_files
from index.parse import read_text, read_text_bytes
from index.split import parse_report, sections_of
from index.types import (
    BuildProgress,
    BuildReport,
    Embedder,
    Exemplar,
    FileOutcome,
    ParsedReport,
    ReportInfo,
    Role,
    Section,
)

OnBuildProgress = Callable[[BuildProgress], None]
EMBED_TEXTS = 32  # between two looks at `stop`
REPORTS = (
    "SELECT reports.*, (SELECT count(*) FROM sections WHERE report = reports.id) AS sections"
    " FROM reports"
)


class _StoppedError(Exception):
    """The person stopped an import; never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Searchable:
    """The library in memory, ready to search. Unit u belongs to section owner[u]."""

    key: tuple[str, int, int]
    sections: tuple[Section, ...]
    owner: npt.NDArray[np.int64]
    first: npt.NDArray[np.float32]  # the vector of each section as a whole
    index: Any  # faiss.IndexFlatIP over the units
    wording: Bm25


@dataclass(frozen=True, slots=True)
class _Task:
    """One import under way: how far it is, whom to tell, and whether to stop."""

    total: int
    on_progress: OnBuildProgress | None
    stop: threading.Event | None
    embedded: list[int]

    def tell(self, done: int, message: str) -> None:
        if self.on_progress:
            self.on_progress(BuildProgress(done, self.total, message))

    def check(self) -> None:
        if self.stop and self.stop.is_set():
            raise _StoppedError


class Library:
    """The sample reports kept in `folder`. Opened at first use.

    `embedder` is called only when something must be embedded or searched, so that listing,
    showing and deleting work without a model. Unknown ids raise UserFacingError.
    """

    def __init__(self, folder: Path, embedder: Callable[[], Embedder]) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.RLock()
        self._building = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._generation = 0
        self._searchable: _Searchable | None = None
        self._shingles: dict[str, likeness.Shingles] = {}

    # import ---------------------------------------------------------------------------------

    def build(
        self,
        paths: Iterable[Path],
        on_progress: OnBuildProgress | None = None,
        stop: threading.Event | None = None,
    ) -> BuildReport:
        """Import files and folders; what is there already is not read into vectors again.

        A file that cannot be read is listed as failed and the others go on. A file seen before at
        the same path with other content replaces its old self. When `stop` is set the reports
        finished so far stay. Raises LibraryMismatch, and what the embedder raises.
        """
        started = time.monotonic()
        files, failed = report_files(paths)
        outcomes = list(failed)
        task = _Task(len(files), on_progress, stop, [])
        with self._building:
            try:
                for done, path in enumerate(files):
                    task.check()
                    task.tell(done, f"正在读取 {path.name}")
                    outcomes.append(self._import_file(path, task, done))
                task.tell(len(files), "导入完成")
            except _StoppedError:
                task.tell(len(outcomes) - len(failed), "已停止，完成的样本已保存")
        return BuildReport(tuple(outcomes), sum(task.embedded), time.monotonic() - started)

    def add_text(
        self, name: str, data: bytes, on_progress: OnBuildProgress | None = None
    ) -> FileOutcome:
        """Import an upload by its file name and bytes; an unreadable one is a failed outcome."""
        task = _Task(1, on_progress, None, [])
        with self._building:
            task.tell(0, f"正在读取 {name}")
            try:
                text = read_text_bytes(name, data)
            except UnreadableFile as error:
                return FileOutcome(name, "failed", error.message + error.hint, None)
            outcome = self._import_text(name, name, text, task, 0)
            task.tell(1, outcome.message)
        return outcome

    def rebuild(
        self,
        on_progress: OnBuildProgress | None = None,
        stop: threading.Event | None = None,
    ) -> BuildReport:
        """Take every report apart anew from its kept text, and embed what this embedder has not.

        The way on after a change of embedder. Pairs are kept. Each report is replaced whole.
        """
        started = time.monotonic()
        outcomes: list[FileOutcome] = []
        with self._building:
            rows = self._all("SELECT * FROM reports ORDER BY rowid")
            task = _Task(len(rows), on_progress, stop, [])
            try:
                for done, row in enumerate(rows):
                    task.check()
                    task.tell(done, f"正在重建 {row['source']}")
                    parsed = parse_report(row["text"])
                    self._store(row["id"], row["source"], row["origin"], parsed, row["text"], task)
                    outcomes.append(FileOutcome(row["origin"], "added", "已重建", row["id"]))
                self._forget_unused_vectors()
                task.tell(len(rows), "重建完成")
            except _StoppedError:
                task.tell(len(outcomes), "已停止，可稍后继续重建")
        return BuildReport(tuple(outcomes), sum(task.embedded), time.monotonic() - started)

    def _import_file(self, path: Path, task: _Task, done: int) -> FileOutcome:
        try:
            text = read_text(path)
        except UnreadableFile as error:
            return FileOutcome(str(path), "failed", error.message + error.hint, None)
        return self._import_text(path.name, str(path), text, task, done)

    def _import_text(
        self, name: str, origin: str, raw: str, task: _Task, done: int
    ) -> FileOutcome:
        text = records.harmless(raw)
        content = records.hash_of(text)
        known = self._all("SELECT id FROM reports WHERE content_sha256 = ?", content)
        if known:
            return FileOutcome(origin, "unchanged", "内容没有变化，无需重复导入。", known[0]["id"])
        grams = likeness.shingles(text)
        twins = [row for row in self._all(REPORTS) if likeness.alike(grams, self._grams_of(row))]
        for twin in twins:
            if twin["origin"] != origin:
                message = f"与已有样本《{twin['title']}》（{twin['source']}）基本相同，未重复导入。"
                return FileOutcome(origin, "duplicate", message, twin["id"])
        parsed = parse_report(text)
        report = content[:12]
        sections = sections_of(report, parsed)
        if not any(section.text.strip() for section in sections):
            message = "没有识别出报告正文。请确认文件内容是一篇完整的报告。"
            return FileOutcome(origin, "failed", message, None)
        task.tell(done, f"正在处理 {name}")
        # An upload is known by its name only: the same name may be another report altogether.
        at_path = self._all("SELECT * FROM reports WHERE origin = ?", origin)
        previous = at_path if Path(origin).is_absolute() else twins
        replaced = tuple(row["id"] for row in previous)
        self._store(report, name, origin, parsed, text, task, replaced, done)
        what = "内容有更新，已替换原来的版本" if replaced else "已导入"
        message = f"{what}：{len(sections)} 个部分，{len(text)} 字。"
        return FileOutcome(origin, "added", message, report)

    def _grams_of(self, row: sqlite3.Row) -> likeness.Shingles:
        grams = self._shingles.get(row["id"])
        if grams is None:
            grams = self._shingles[row["id"]] = likeness.shingles(row["text"])
        return grams

    def _store(
        self,
        report: str,
        name: str,
        origin: str,
        parsed: ParsedReport,
        text: str,
        task: _Task,
        replaced: Sequence[str] = (),
        done: int = 0,
    ) -> None:
        """Embed what is new, then put the report with its sections in one transaction."""
        sections = sections_of(report, parsed)
        units = [unit for section in sections for unit in records.units_of(section)]
        self._embed(units, task, name, done)
        title = parsed.title.strip() or Path(name).stem
        year = records.year_of(parsed, text)
        with self._writing() as connection:
            for old in {report, *replaced}:
                connection.execute("DELETE FROM reports WHERE id = ?", (old,))
            for old in replaced:
                connection.execute("DELETE FROM pairs WHERE section_id IN"
                                   " (SELECT id FROM sections WHERE report = ?)", (old,))
            connection.execute(
                "INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (report, title, name, origin, year, len(text), records.hash_of(text), text,
                 records.parsed_to_json(parsed)),
            )
            connection.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (s.id, report, position, s.number, s.heading, s.role, s.level, s.text,
                     records.to_json(s.points))
                    for position, s in enumerate(sections)
                ],
            )
