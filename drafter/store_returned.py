"""The edited file that came back to a document, and what the person decided of it so far."""

from dataclasses import dataclass

from drafter import store_rows
from drafter.database import Database


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file as it came back: its name, its bytes, when it was received (UTC, ISO 8601)."""

    name: str
    data: bytes
    received_at: str


class ReturnedFiles:
    """One returned file a document: the newest. What is decided of it is the caller's text.

    The decisions lie among the settings, under the document's number; a new file begins without.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, doc: int) -> ReturnedFile | None:
        """Return the file of a document, None where none came back."""
        row = self._db.row("SELECT * FROM returned_files WHERE document_id = ?", (doc,))
        if row is None:
            return None
        return ReturnedFile(row["name"], bytes(row["data"]), row["created_at"])

    def received_at(self, doc: int) -> str:
        """Return when the file of a document was received, "" where none came back."""
        row = self._db.row("SELECT created_at FROM returned_files WHERE document_id = ?", (doc,))
        return "" if row is None else str(row["created_at"])

    def keep(self, doc: int, name: str, data: bytes) -> None:
        """Keep a file in place of the one before. Raises StoreError for an unknown document."""
        with self._db.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO returned_files (document_id, name, data, created_at)"
                " VALUES (?, ?, ?, ?)",
                (doc, store_rows.storable(name), data, store_rows.now()),
            )
            db.execute("DELETE FROM settings WHERE key = ?", (_place(doc),))

    def decided(self, doc: int) -> str:
        """Return what was decided of the file, as it was written; "" for nothing yet."""
        row = self._db.row("SELECT value FROM settings WHERE key = ?", (_place(doc),))
        return "" if row is None else str(row["value"])

    def decide(self, doc: int, written: str) -> None:
        """Keep what is decided of the file."""
        with self._db.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)",
                (_place(doc), written),
            )


def _place(doc: int) -> str:
    return f"returned:{doc}"
