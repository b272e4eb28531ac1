"""The SQLite side of the library: reports, sections, vectors and pairs, in and out.

Any thread may call; one lock guards the connection, and each change is one transaction. Knows
nothing of files, embedders or search.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import UserFacingError
from index.lasting import identity
from index.library import prints, records, schema
from index.types import ParsedReport, ReportInfo, Section

Vector = npt.NDArray[np.float32]

REPORTS = (
    "SELECT reports.*, (SELECT count(*) FROM sections WHERE report = reports.id) AS sections"
    " FROM reports"
)
IDENTITIES = "SELECT id, title, source, origin FROM reports"
SECTIONS = (
    "SELECT sections.* FROM sections JOIN reports ON reports.id = sections.report"
    " ORDER BY reports.rowid, sections.position"
)


class Catalogue:
    """The database at `path`, opened (and made) at first use.

    Unknown ids raise UserFacingError; so does a database that cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._changes = 0

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None
            self._changes += 1  # another process may write while it is closed

    def version(self) -> tuple[int, int]:
        """Return a value that differs after every change, by this process or another."""
        with self._lock:
            (row,) = self._all("PRAGMA data_version")
            return self._changes, int(row[0])

    # reports and sections -------------------------------------------------------------------

    def reports(self) -> tuple[ReportInfo, ...]:
        """Return all reports in the order they came in."""
        return tuple(records.report_from(row) for row in self._all(REPORTS + " ORDER BY rowid"))

    def report(self, report: str) -> ReportInfo:
        """Return one report."""
        return records.report_from(self._one(REPORTS + " WHERE id = ?", report))

    def is_empty(self) -> bool:
        """Say whether there is no report."""
        return not self._all("SELECT 1 FROM reports LIMIT 1")

    def identities(self) -> tuple[records.Identity, ...]:
        """Return what identifies each report, in the order they came in."""
        rows = self._all(IDENTITIES + " ORDER BY rowid")
        return tuple(records.Identity(*row) for row in rows)

    def identities_at(self, origin: str) -> tuple[records.Identity, ...]:
        """Return what identifies the reports that came from one file."""
        rows = self._all(IDENTITIES + " WHERE origin = ? ORDER BY rowid", origin)
        return tuple(records.Identity(*row) for row in rows)

    def identities_of(self, reports: Sequence[str]) -> tuple[records.Identity, ...]:
        """Return what identifies these reports, in the order they came in."""
        wanted = records.to_json(list(reports))  # one value, however many they are
        rows = self._all(
            f"{IDENTITIES} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY rowid",  # noqa: S608
            wanted,
        )
        return tuple(records.Identity(*row) for row in rows)

    def characters_of(self, reports: Sequence[str]) -> dict[str, int]:
        """Return how long these reports are; what is gone is not in it."""
        query = "SELECT id, characters FROM reports WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: row[1] for row in self._all(query, records.to_json(list(reports)))}

    def text(self, report: str) -> str:
        """Return the text a report was made from."""
        return str(self._one("SELECT text FROM reports WHERE id = ?", report)["text"])

    def with_content(self, content_sha256: str) -> str | None:
        """Return the id of the report with exactly this text, if there is one."""
        rows = self._all("SELECT id FROM reports WHERE content_sha256 = ?", content_sha256)
        return str(rows[0]["id"]) if rows else None

    def parsed(self, report: str) -> ParsedReport:
        """Return the structure of one report."""
        row = self._one("SELECT parsed FROM reports WHERE id = ?", report)
        return records.parsed_from_json(row["parsed"])

    def sections(self) -> tuple[Section, ...]:
        """Return all sections, report by report, in order."""
        return tuple(records.section_from(row) for row in self._all(SECTIONS))

    def section(self, section: str) -> Section:
        """Return one section."""
        return records.section_from(self._one("SELECT * FROM sections WHERE id = ?", section))

    def all_with_vectors(self, embedder: str) -> tuple[tuple[Section, ...], dict[str, Vector]]:
        """Return all sections and this embedder's vectors, both of one moment.

        Read apart, an import between the two would leave sections without their vectors.
        """
        with self._lock, schema.clear_errors(self._path):
            connection = self._open()
            with schema.snapshot(connection):
                return self.sections(), self.vectors(embedder)

    def put_report(
        self,
        report: records.Identity,
        text: str,
        parsed: ParsedReport,
        sections: Sequence[Section],
        replaced: Iterable[str] = (),
        own: bool = False,
        stale: Iterable[str] = (),
        embedder: str = "",
    ) -> None:
        """Put a report in, whole; `replaced` reports (older versions of it) go, with their pairs.

        A report that was there under the same id keeps its pairs, but those of `stale` sections;
        either keeps its place, and that it is of the own unit. `own` says that it is; `embedder`
        is the one that has a vector of every unit of these sections.
        """
        old = set(replaced) - {report.id}
        row = (
            *(report.id, report.title, report.source, report.origin),
            *(records.year_of(parsed, text), len(text)),
            *(records.hash_of(text), text, records.parsed_to_json(parsed)),
        )
        marks = prints.prints_of(text)
        with self.writing() as connection:
            place, ours = None, int(own)
            connection.executemany(
                "DELETE FROM pairs WHERE section_id = ?", [(section,) for section in stale]
            )
            for gone in (report.id, *old):
                found = connection.execute("SELECT rowid, own FROM reports WHERE id = ?", (gone,))
                was = found.fetchone() or (None, 0)
                place, ours = place or was[0], max(ours, was[1])
                if gone != report.id:
                    _drop_pairs(connection, gone)
                prints.drop(connection, gone)
                connection.execute("DELETE FROM reports WHERE id = ?", (gone,))
            connection.execute(
                "INSERT INTO reports (rowid, id, title, source, origin, year, characters,"
                " content_sha256, text, parsed, own) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (place, *row, ours),
            )
            prints.put(connection, report.id, marks)
            first = schema.take_places(connection, len(sections))
            connection.executemany(
                "INSERT INTO sections (place, position, id, report, number, heading, role, level,"
                " text, points) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(first + i, i, *records.section_row(s)) for i, s in enumerate(sections)],
            )
            connection.execute("DELETE FROM settled WHERE embedder != ?", (embedder,))

    def delete(self, report: str) -> None:
        """Remove a report, its sections and its pairs. Its vectors stay, known by hash only."""
        self.report(report)
        with self.writing() as connection:
            _drop_pairs(connection, report)
            prints.drop(connection, report)
            connection.execute("DELETE FROM reports WHERE id = ?", (report,))

    # the own unit's --------------------------------------------------------------------------

    def own_reports(self) -> frozenset[str]:
        """Return the ids of the reports of the own unit."""
        return frozenset(row["id"] for row in self._all("SELECT id FROM reports WHERE own = 1"))

    def set_own(self, report: str, own: bool) -> None:
        """Mark a report as of the own unit, or take the mark off."""
        self.report(report)
        with self.writing() as connection:
            connection.execute("UPDATE reports SET own = ? WHERE id = ?", (int(own), report))

    def sections_of(self, report: str) -> tuple[Section, ...]:
        """Return the sections of one report in order; () where it is not here."""
        query = "SELECT * FROM sections WHERE report = ? ORDER BY position"
        return tuple(records.section_from(row) for row in self._all(query, report))

    # vectors --------------------------------------------------------------------------------

    def vectors(self, embedder: str) -> dict[str, Vector]:
        """Return this embedder's vectors by the hash of their text."""
        rows = self._all("SELECT text_sha256, vector FROM vectors WHERE embedder = ?", embedder)
        return {row[0]: np.frombuffer(row[1], "<f4") for row in rows}

    def vector_hashes(self, embedder: str, among: Iterable[str]) -> set[str]:
        """Return those of these hashes of texts that this embedder has a vector of."""
        rows = self._all(
            "SELECT text_sha256 FROM vectors WHERE embedder = ? AND text_sha256 IN"
            " (SELECT value FROM json_each(?))",
            *(embedder, records.to_json(sorted(among))),
        )
        return {row[0] for row in rows}

    def is_settled(self, embedder: str) -> bool:
        """Say whether it is known that this embedder has a vector of everything that is here."""
        return bool(self._all("SELECT 1 FROM settled WHERE embedder = ?", embedder))

    def settle(self, embedder: str) -> None:
        """Note that this embedder has a vector of everything that is here."""
        with self.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO settled VALUES (?)", (embedder,))

    def put_vectors(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by the hash of their text."""
        with self.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(key, embedder, v.astype("<f4").tobytes()) for key, v in vectors.items()],
            )

    def keep_vectors(self, wanted: set[str]) -> None:
        """Remove the vectors of all texts but these."""
        known = {row[0] for row in self._all("SELECT DISTINCT text_sha256 FROM vectors")}
        with self.writing() as connection:
            connection.executemany(
                "DELETE FROM vectors WHERE text_sha256 = ?", [(key,) for key in known - wanted]
            )

    # pairs ----------------------------------------------------------------------------------

    def pair(self, section: str, point: int) -> tuple[str, ...] | None:
        """Return the bullets of a point, None where they have not been recovered yet."""
        query = "SELECT bullets FROM pairs WHERE section_id = ? AND point = ?"
        rows = self._all(query, section, point)
        return tuple(records.from_json(rows[0]["bullets"])) if rows else None

    def pair_sources(self) -> dict[tuple[str, int], str]:
        """Return where the bullets of each point came from, by (section id, point)."""
        rows = self._all("SELECT section_id, point, source FROM pairs")
        return {(row["section_id"], row["point"]): row["source"] for row in rows}

    def put_pair(
        self, section: str, point: int, bullets: Sequence[str], text: str, source: str
    ) -> None:
        """Keep the bullets of a point; an earlier pair of the same point is replaced."""
        self.section(section)
        with self.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?)",
                (section, point, records.to_json(list(bullets)), text, source),
            )

    # ----------------------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        opened = self._connection
        if opened and not opened.in_transaction and identity(self._path) != self._file:
            self.close()  # a copy was put in its place: what is open is looked at by nobody
        if self._connection is None:
            self._connection = schema.connect(self._path)
            self._file = identity(self._path)
        return self._connection

    def rows(self, query: str, *values: str | int) -> list[sqlite3.Row]:
        """Return what a query of a module of this package finds."""
        return self._all(query, *values)

    def _all(self, query: str, *values: str | int) -> list[sqlite3.Row]:
        with self._lock, schema.clear_errors(self._path):
            return self._open().execute(query, values).fetchall()

    def _one(self, query: str, value: str) -> sqlite3.Row:
        rows = self._all(query, value)
        if not rows:
            raise UserFacingError(
                "样本库里没有这份样本或这个部分，可能已被删除。", "请刷新样本列表后重新选择。"
            )
        return rows[0]

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for changes: all are made or, on any error, none."""
        with self._lock, schema.clear_errors(self._path):
            connection = self._open()
            with schema.transaction(connection):
                yield connection
            self._changes += 1


def _drop_pairs(connection: sqlite3.Connection, report: str) -> None:
    connection.execute(
        "DELETE FROM pairs WHERE section_id IN (SELECT id FROM sections WHERE report = ?)",
        (report,),
    )
