"""Last year's report of a document, kept with it as text."""

from dataclasses import dataclass

from drafter import store_rows
from drafter.database import Database


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """A report as it came in: the file's name, its text, and when (UTC, ISO 8601)."""

    name: str
    text: str
    created_at: str


class EarlierReports:
    """Which report each document is compared with, one at most."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, doc: int) -> EarlierReport | None:
        """Return the report a document is compared with, None where there is none."""
        row = self._db.row("SELECT * FROM earlier_reports WHERE document_id = ?", (doc,))
        return EarlierReport(row["name"], row["text"], row["created_at"]) if row else None

    def put(self, doc: int, name: str, text: str) -> None:
        """Keep a report in the place of any other. StoreError for a document that is not there."""
        with self._db.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO earlier_reports (document_id, name, text, created_at)"
                " VALUES (?, ?, ?, ?)",
                (doc, store_rows.storable(name), store_rows.storable(text), store_rows.now()),
            )

    def remove(self, doc: int) -> None:
        """Forget the report."""
        with self._db.transaction() as db:
            db.execute("DELETE FROM earlier_reports WHERE document_id = ?", (doc,))
