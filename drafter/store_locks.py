"""Which sentences no rewriting may change: part of the work, and kept with the document."""

from drafter import store_rows
from drafter.database import Database


class LockedSentences:
    """The locked sentences of all documents, each by (section, words).

    The words are a sentence without its ordinal; what a sentence is, and whether it still stands in
    the text, is the caller's matter (`drafter.locks`).
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, doc: int) -> tuple[tuple[str, str], ...]:
        """Return (section id, words) of all locks of a document, oldest first."""
        rows = self._db.rows(
            "SELECT section_id, text FROM locked_sentences WHERE document_id = ?"
            " ORDER BY created_at, rowid",
            (doc,),
        )
        return tuple((row["section_id"], row["text"]) for row in rows)

    def add(self, doc: int, section_id: str, words: str) -> None:
        """Lock a sentence. Raises StoreError for a document that is not there."""
        with self._db.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO locked_sentences (document_id, section_id, text, created_at)"
                " VALUES (?, ?, ?, ?)",
                (doc, section_id, store_rows.storable(words), store_rows.now()),
            )

    def remove(self, doc: int, section_id: str, words: str) -> None:
        """Unlock a sentence."""
        with self._db.transaction() as db:
            db.execute(
                "DELETE FROM locked_sentences WHERE document_id = ? AND section_id = ?"
                " AND text = ?",
                (doc, section_id, store_rows.storable(words)),
            )
