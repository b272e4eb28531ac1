"""How each text of a section came about, and the texts of two windows that stand against each
other. Versions themselves are added by `drafter.store`; nothing here changes a text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection, Row

from drafter import store_rows
from drafter.database import Database
from drafter.errors import StoreError
from drafter.records import origin_from_json
from drafter.store_rows import Status
from drafter.types import Version

# What a version came of, as it is kept and shown; other callers may keep other words.
MERGED = "合并"
TWO_WINDOWS = "两个窗口里选定"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version with how it came about.

    `came` says in Chinese what a person's version came of, "" where that was not kept (versions of
    earlier releases); `of` is the version it repeats, if any. `heading` names the section it was
    written in, where that is another than the one asked about.
    """

    version: Version
    status: Status
    came: str
    of: int | None
    current: bool
    heading: str = ""


class History:
    """The past of all documents' sections."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def entries(self, doc: int, sid: str) -> tuple[Entry, ...]:
        """Return every version of a section, newest first, with those of sections that were merged
        into it and are gone."""
        found: list[Entry] = []
        waiting, seen = [sid], {sid}
        while waiting:
            own = tuple(self._entries(doc, waiting.pop(), sid))
            found += own
            for home in self._merged_into(doc, own):
                if home not in seen:
                    seen.add(home)
                    waiting.append(home)
        return tuple(sorted(found, key=lambda entry: entry.version.id, reverse=True))

    def _entries(self, doc: int, sid: str, asked: str) -> Iterator[Entry]:
        rows = self._db.rows(
            "SELECT v.*, s.current_version AS now, s.heading AS heading FROM versions v"
            " JOIN sections s ON s.document_id = v.document_id AND s.id = v.section_id"
            " WHERE v.document_id = ? AND v.section_id = ? ORDER BY v.id DESC",
            (doc, sid),
        )
        for row in rows:
            came, of = origin_from_json(row["run_json"])
            own = sid == asked
            current = own and row["now"] == row["id"]
            name = "" if own else row["heading"]
            yield Entry(store_rows.version(row), row["status"], came, of, current, name)

    def _merged_into(self, doc: int, entries: tuple[Entry, ...]) -> Iterator[str]:
        for entry in entries:
            if entry.came == MERGED and entry.of is not None:
                row = self._db.row(
                    "SELECT s.id FROM versions v JOIN sections s"
                    " ON s.document_id = v.document_id AND s.id = v.section_id"
                    " WHERE v.id = ? AND v.document_id = ? AND s.removed = 1",
                    (entry.of, doc),
                )
                if row is not None:
                    yield str(row["id"])

    def restore(self, doc: int, sid: str, version_id: int, origin: str) -> None:
        """Make any text of the document a section's newest, as the person's version."""
        with self._db.transaction() as db:
            section, old = _section(db, doc, sid), _version(db, doc, version_id)
            if old["text"] == store_rows.current_text(db, section):
                return
            added = store_rows.insert_version(
                db, section, old["text"], "human", "current", origin=origin, of=version_id
            )
            store_rows.make_current(db, section, added)
            _touch(db, doc)

    def written_from(self, doc: int) -> dict[str, tuple[str, ...]]:
        """Return, by section, the facts the model last wrote its text from."""
        rows = self._db.rows(
            "SELECT * FROM versions WHERE id IN (SELECT max(id) FROM versions"
            " WHERE document_id = ? AND author = 'model' AND run_json IS NOT NULL"
            " AND status IN ('current', 'accepted') GROUP BY section_id)",
            (doc,),
        )
        versions = [store_rows.version(row) for row in rows]
        return {v.section_id: v.run.fact_ids for v in versions if v.run is not None}

    def current(self, doc: int, sid: str) -> int | None:
        """Return the version whose text a section has, None for one not written."""
        row = self._db.row(
            "SELECT current_version AS now FROM sections WHERE document_id = ? AND id = ?",
            (doc, sid),
        )
        return None if row is None else row["now"]

    def revs(self, doc: int) -> dict[str, int]:
        """Return the revision of every section of the plan."""
        rows = self._db.rows(
            "SELECT id, rev FROM sections WHERE document_id = ? AND removed = 0", (doc,)
        )
        return {row["id"]: row["rev"] for row in rows}

    # two windows

    def conflicts(self, doc: int) -> dict[str, Version]:
        """Return, by section, the newest text saved in one window after another one had saved, as
        long as nobody has chosen between the two."""
        rows = self._db.rows(
            "SELECT v.* FROM versions v JOIN sections s"
            " ON s.document_id = v.document_id AND s.id = v.section_id"
            " LEFT JOIN versions c ON c.id = s.current_version"
            " WHERE v.document_id = ? AND v.status = 'conflict' AND s.removed = 0"
            " AND v.text <> coalesce(c.text, '') ORDER BY v.id",
            (doc,),
        )
        return {row["section_id"]: store_rows.version(row) for row in rows}

    def supersede(self, doc: int, version_id: int) -> None:
        """Note that the window that saved this text has saved a later one."""
        with self._db.transaction() as db:
            _version(db, doc, version_id)
            db.execute(
                "UPDATE versions SET status = 'discarded' WHERE id = ? AND status = 'conflict'",
                (version_id,),
            )

    def settle(self, doc: int, sid: str, version_id: int, take: bool) -> None:
        """Choose between two windows' texts: the one put aside (`take`), or the section's own."""
        with self._db.transaction() as db:
            section, other = _section(db, doc, sid), _version(db, doc, version_id)
            db.execute(
                "UPDATE versions SET status = 'discarded' WHERE document_id = ?"
                " AND section_id = ? AND status = 'conflict'",
                (doc, sid),
            )
            if take and other["text"] != store_rows.current_text(db, section):
                added = store_rows.insert_version(
                    db,
                    section,
                    other["text"],
                    "human",
                    "current",
                    origin=TWO_WINDOWS,
                    of=version_id,
                )
                store_rows.make_current(db, section, added)
            _touch(db, doc)


def _section(db: Connection, doc: int, sid: str) -> Row:
    row: Row | None = db.execute(
        "SELECT * FROM sections WHERE document_id = ? AND id = ?", (doc, sid)
    ).fetchone()
    if row is None:
        raise StoreError(f"文稿里没有“{sid}”这一节。", "提纲可能已经改动，请刷新页面。")
    return row


def _version(db: Connection, doc: int, version_id: int) -> Row:
    row: Row | None = db.execute(
        "SELECT * FROM versions WHERE id = ? AND document_id = ?", (version_id, doc)
    ).fetchone()
    if row is None:
        raise StoreError("这个版本不在这篇文稿里。", "请刷新页面后从历史里重选。")
    return row


def _touch(db: Connection, doc: int) -> None:
    db.execute("UPDATE documents SET updated_at = ? WHERE id = ?", (store_rows.now(), doc))
