"""Which findings the person has set aside in a document: part of the work, and kept with it."""

from drafter import store_rows
from drafter.database import Database


class Ignored:
    """The ignored findings of all documents, each by (check, words, about).

    What these mean is the caller's matter (`drafter.remarks`); nothing here looks into a text, so
    that an entry outlives every rewriting of it.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, doc: int) -> frozenset[tuple[str, str, str]]:
        """Return what is ignored in a document."""
        return frozenset(self.reasons(doc))

    def reasons(self, doc: int) -> dict[tuple[str, str, str], str]:
        """Return what is ignored in a document, each with the reason given, "" for none."""
        rows = self._db.rows("SELECT * FROM ignored WHERE document_id = ?", (doc,))
        return {(r["check_name"], r["words"], r["about"]): str(r["reason"]) for r in rows}

    def add(self, doc: int, matter: tuple[str, str, str]) -> None:
        """Ignore a finding from now on. Raises StoreError for a document that is not there."""
        with self._db.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO ignored (document_id, check_name, words, about, created_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (doc, *(store_rows.storable(part) for part in matter), store_rows.now()),
            )

    def explain(self, doc: int, matter: tuple[str, str, str], reason: str) -> None:
        """Keep why an ignored finding was set aside; nothing for one that is not ignored."""
        with self._db.transaction() as db:
            db.execute(
                "UPDATE ignored SET reason = ? WHERE document_id = ? AND check_name = ?"
                " AND words = ? AND about = ?",
                (
                    store_rows.storable(reason),
                    doc,
                    *(store_rows.storable(part) for part in matter),
                ),
            )

    def remove(self, doc: int, matter: tuple[str, str, str]) -> None:
        """Show a finding again."""
        with self._db.transaction() as db:
            db.execute(
                "DELETE FROM ignored WHERE document_id = ? AND check_name = ? AND words = ?"
                " AND about = ?",
                (doc, *(store_rows.storable(part) for part in matter)),
            )
