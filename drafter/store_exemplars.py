"""Which exemplars a person pinned for a section, and which are never to be used for it again."""

from dataclasses import dataclass
from typing import Literal

from drafter import store_rows
from drafter.database import Database

Choice = Literal["pinned", "banned"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Ids of the sections of the library that are pinned and banned, in the order of choosing."""

    pinned: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()

    def of(self, exemplar: str) -> Choice | None:
        """Return what was decided of an exemplar, None for nothing."""
        return (
            "pinned" if exemplar in self.pinned else "banned" if exemplar in self.banned else None
        )


class ExemplarChoices:
    """The choices of all documents, section by section.

    An exemplar that has left the library keeps its entry, so that the choice holds again when it
    comes back; whether it is there is the caller's question.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, doc: int, sid: str) -> Chosen:
        """Return the choices for one section."""
        return self.everywhere(doc).get(sid, Chosen())

    def everywhere(self, doc: int) -> dict[str, Chosen]:
        """Return the choices of a document by section id; sections without any are left out."""
        rows = self._db.rows(
            "SELECT * FROM exemplar_choices WHERE document_id = ? ORDER BY created_at, rowid",
            (doc,),
        )
        found: dict[str, dict[str, list[str]]] = {}
        for row in rows:
            both = found.setdefault(row["section_id"], {"pinned": [], "banned": []})
            both[row["choice"]].append(row["exemplar_id"])
        return {
            section: Chosen(tuple(both["pinned"]), tuple(both["banned"]))
            for section, both in found.items()
        }

    def choose(self, doc: int, sid: str, exemplar: str, choice: Choice | None) -> Choice | None:
        """Pin or ban an exemplar for a section, or (None) leave it to the search again.

        Returns the choice it replaces, so that it can be taken back. Raises StoreError for an
        unknown document.
        """
        before = self.of(doc, sid).of(exemplar)
        if before == choice:
            return before
        with self._db.transaction() as db:
            db.execute(
                "DELETE FROM exemplar_choices WHERE document_id = ? AND section_id = ?"
                " AND exemplar_id = ?",
                (doc, sid, exemplar),
            )
            if choice is not None:
                db.execute(
                    "INSERT INTO exemplar_choices VALUES (?, ?, ?, ?, ?)",
                    (doc, sid, exemplar, choice, store_rows.now()),
                )
        return before
