"""Texts the model has laid beside a section, neither taken nor put away yet.

Those of one request stand together: the first of a request puts away what an earlier one left
(`Store.add_version`), the others join it. Putting away is a mark; the text stays in the history.
"""

from collections.abc import Sequence

from drafter import store_rows
from drafter.database import Database
from drafter.types import Version


class Candidates:
    """The candidates of all sections, as rows of versions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, doc: int) -> dict[str, tuple[Version, ...]]:
        """Return the candidates of a document by section id, in the order written."""
        rows = self._db.rows(
            "SELECT * FROM versions WHERE document_id = ? AND status = 'candidate' ORDER BY id",
            (doc,),
        )
        found: dict[str, tuple[Version, ...]] = {}
        for row in rows:
            version = store_rows.version(row)
            found[version.section_id] = (*found.get(version.section_id, ()), version)
        return found

    def newest(self, doc: int, section_id: str) -> Version | None:
        """Return the candidate of a section that was written last."""
        return next(iter(self.of_section(doc, section_id)[::-1]), None)

    def of_section(self, doc: int, section_id: str) -> tuple[Version, ...]:
        """Return the candidates of one section, in the order written."""
        rows = self._db.rows(
            "SELECT * FROM versions WHERE document_id = ? AND section_id = ?"
            " AND status = 'candidate' ORDER BY id",
            (doc, section_id),
        )
        return tuple(store_rows.version(row) for row in rows)

    def put_away(self, doc: int, section_id: str) -> tuple[int, ...]:
        """Put away all candidates of a section; return their ids."""
        ids = tuple(version.id for version in self.of_section(doc, section_id))
        with self._db.transaction() as db:
            store_rows.discard_candidates(db, doc, section_id)
        return ids

    def lay_out(self, doc: int, section_id: str, ids: Sequence[int]) -> None:
        """Lay versions that were candidates, put away or taken, beside the section again."""
        with self._db.transaction() as db:
            for version_id in ids:
                db.execute(
                    "UPDATE versions SET status = 'candidate' WHERE id = ? AND document_id = ?"
                    " AND section_id = ? AND status IN ('discarded', 'accepted')",
                    (version_id, doc, section_id),
                )
