"""The person's work: documents, plans and every text ever written, in `drafts.db`.

Versions are append-only; what changes is which version of a section is current. A save names the
`rev` it was based on; when somebody saved in between, the text is kept as a version but does not
become current. Nothing here knows of pages, models or files other than the database.
"""

from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Connection, Row

from drafter import store_rows
from drafter.database import Database
from drafter.errors import StoreError
from drafter.records import (
    ids_to_json,
    plan_from_json,
    plan_to_json,
    points_from_json,
    sheet_from_json,
    sheet_to_json,
)
from drafter.store_candidates import Candidates
from drafter.store_earlier import EarlierReports
from drafter.store_exemplars import ExemplarChoices
from drafter.store_history import History
from drafter.store_ignored import Ignored
from drafter.store_locks import LockedSentences
from drafter.store_returned import ReturnedFiles
from drafter.store_rows import Author, Status
from drafter.store_snapshots import Moments
from drafter.store_steps import Steps
from drafter.types import (
    DocumentInfo,
    DraftSection,
    FactSheet,
    Plan,
    PlannedSection,
    Run,
    SaveOutcome,
    Version,
    WrittenPoint,
)

_SECTION_TEXT = """
    SELECT s.*, coalesce(v.text, '') AS text FROM sections s
    LEFT JOIN versions v ON v.id = s.current_version
    WHERE s.document_id = ? AND s.removed = 0 ORDER BY s.position"""


class Store:
    """All drafts of one person. Every method may be called from any thread.

    Every method raises StoreError for an unknown id and when the database cannot be used; in both
    cases nothing was changed.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the database at `path` (see `Database`)."""
        self._db = Database(path)
        self.ignored = Ignored(self._db)
        self.earlier = EarlierReports(self._db)
        self.past, self.moments = History(self._db), Moments(self._db)
        self.steps, self.chosen = Steps(self._db), ExemplarChoices(self._db)
        self.locked = LockedSentences(self._db)
        self.candidates = Candidates(self._db)
        self.returned = ReturnedFiles(self._db)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    # documents

    def documents(self, deleted: bool = False) -> tuple[DocumentInfo, ...]:
        """Return the documents last changed first; with `deleted`, those that were deleted."""
        rows = self._db.rows(
            "SELECT * FROM documents WHERE (deleted_at IS NOT NULL) = ?"
            " ORDER BY updated_at DESC, id DESC",
            (int(deleted),),
        )
        return tuple(store_rows.document(row) for row in rows)

    def create_document(self, title: str) -> DocumentInfo:
        """Add an empty document."""
        now = store_rows.now()
        with self._db.transaction() as db:
            cursor = db.execute(
                "INSERT INTO documents (title, created_at, updated_at) VALUES (?, ?, ?)",
                (store_rows.storable(title), now, now),
            )
        return self.document(int(cursor.lastrowid or 0))

    def document(self, doc: int) -> DocumentInfo:
        """Return one document. A deleted one is an error that says how to get it back."""
        row = self._document_row(doc)
        if row["deleted_at"] is not None:
            raise StoreError(f"文稿“{row['title']}”已经删除。", "可以在文稿列表里恢复它。")
        return store_rows.document(row)

    def rename(self, doc: int, title: str) -> None:
        """Give a document another title."""
        self._update_document(doc, "title = ?", store_rows.storable(title))

    def delete(self, doc: int) -> None:
        """Mark a document as deleted. Everything in it stays."""
        self._update_document(doc, "deleted_at = ?", store_rows.now())

    def undelete(self, doc: int) -> None:
        """Take back `delete`."""
        self._update_document(doc, "deleted_at = ?", None)

    def paste(self, doc: int) -> str:
        """Return the pasted facts as they were last saved."""
        return str(self._document_row(doc)["paste"])

    def save_paste(self, doc: int, text: str) -> None:
        """Keep the pasted text as it is."""
        if self.paste(doc) != text:
            self._update_document(doc, "paste = ?", store_rows.storable(text))

    def sheet(self, doc: int) -> FactSheet | None:
        """Return the facts as last read, None if they never were."""
        text = self._document_row(doc)["facts_json"]
        return None if text is None else store_rows.read(sheet_from_json, text)

    def save_sheet(self, doc: int, sheet: FactSheet) -> None:
        """Keep the facts as read."""
        self._update_document(doc, "facts_json = ?, year = ?", sheet_to_json(sheet), sheet.year)

    # plan

    def plan(self, doc: int) -> Plan | None:
        """Return the plan as last saved, None if there is none."""
        text = self._document_row(doc)["plan_json"]
        return None if text is None else store_rows.read(plan_from_json, text)

    def save_plan(self, doc: int, plan: Plan, sheet: FactSheet | None = None) -> None:
        """Keep the plan, and in the same transaction the sheet whose fact ids it uses, if given.

        Sections that stay keep their text, by id.

        Sections no longer in the plan are hidden with all their versions, and come back when their
        id does. An id that comes to mean another section (another role, level or topic, or a hidden
        one under another heading) starts empty; the old texts stay in its history.
        """
        with self._db.transaction() as db:
            self._touch(db, doc, "plan_json = ?, outline = ?", plan_to_json(plan), plan.outline)
            if sheet is not None:
                self._touch(db, doc, "facts_json = ?, year = ?", sheet_to_json(sheet), sheet.year)
            store_rows.put_sections(db, doc, plan)

    # sections

    def draft_sections(self, doc: int) -> tuple[DraftSection, ...]:
        """Return the sections of the plan in order, with their current texts."""
        self._document_row(doc)
        return tuple(store_rows.draft_section(row) for row in self._db.rows(_SECTION_TEXT, (doc,)))

    def every_section(self, doc: int) -> tuple[PlannedSection, ...]:
        """Return all sections the document ever had, those of the plan first, without facts."""
        rows = self._db.rows(
            "SELECT * FROM sections WHERE document_id = ? ORDER BY removed, position", (doc,)
        )
        return tuple(
            PlannedSection(
                r["id"], r["heading"], r["role"], r["level"], (), r["target_chars"], r["topic"]
            )
            for r in rows
        )

    def section_rev(self, doc: int, sid: str) -> int:
        """Return the revision the next `save_text` of this section must name."""
        return int(self._section_row(doc, sid)["rev"])

    def set_locked(self, doc: int, sid: str, locked: bool) -> None:
        """Lock a section against the model, or unlock it."""
        self._update_section(doc, sid, "locked = ?", int(locked))

    def set_exemplars(self, doc: int, sid: str, ids: Sequence[str]) -> None:
        """Keep which exemplars the section is written beside."""
        self._update_section(doc, sid, "exemplar_ids = ?", ids_to_json(ids))

    # texts

    def save_text(
        self, doc: int, sid: str, text: str, rev: int, origin: str = store_rows.TYPED
    ) -> SaveOutcome:
        """Save what the person typed, if nobody saved since revision `rev`.

        `origin` says in Chinese where else than from typing the text comes.
        The text is durable in history when this returns, whether or not it became current. A text
        equal to the current one makes no version and is no conflict.
        """
        text = store_rows.storable(text)
        with self._db.transaction() as db:
            section = self._section_row(doc, sid)
            if text == store_rows.current_text(db, section):
                return SaveOutcome(section["rev"], section["current_version"], conflict=False)
            if section["rev"] != rev:
                lost = store_rows.insert_version(
                    db, section, text, "human", "conflict", origin=origin
                )
                return SaveOutcome(section["rev"], lost, conflict=True)
            saved = store_rows.insert_version(db, section, text, "human", "current", origin=origin)
            store_rows.make_current(db, section, saved)
            self._touch(db, doc)
            return SaveOutcome(rev + 1, saved, conflict=False)

    def add_version(
        self,
        doc: int,
        sid: str,
        text: str,
        author: Author,
        run: Run | None,
        points: Sequence[WrittenPoint] = (),
        status: Status = "candidate",
        rev: int | None = None,
        beside: bool = False,
    ) -> Version:
        """Add a text. "current" makes it the section's text, "candidate" lays it beside.

        A "current" text of the model becomes a candidate instead when the section is locked, or
        when `rev` is given and the section has moved on: the model never overwrites the person. A
        new candidate discards the older ones, unless it is to stand `beside` them.
        """
        with self._db.transaction() as db:
            section = self._section_row(doc, sid)
            moved_on = rev is not None and section["rev"] != rev
            if status == "current" and author == "model" and (section["locked"] or moved_on):
                status = "candidate"
            if status == "candidate" and not beside:
                store_rows.discard_candidates(db, doc, sid)
            added = store_rows.insert_version(
                db, section, store_rows.storable(text), author, status, run, points
            )
            if status == "current":
                store_rows.make_current(db, section, added)
                self._touch(db, doc)
        return self.version(added)

    def candidate(self, doc: int, sid: str) -> Version | None:
        """Return the newest version that was neither accepted nor discarded."""
        self._section_row(doc, sid)
        return self.candidates.newest(doc, sid)

    def accept(self, doc: int, sid: str, version_id: int) -> None:
        """Make a candidate the section's text."""
        with self._db.transaction() as db:
            section = self._section_row(doc, sid)
            self._version_row(version_id, doc, sid)
            db.execute("UPDATE versions SET status = 'accepted' WHERE id = ?", (version_id,))
            store_rows.make_current(db, section, version_id)
            self._touch(db, doc)

    def discard(self, doc: int, sid: str, version_id: int) -> None:
        """Put a candidate aside. It stays in history; any other version is left as it is."""
        with self._db.transaction() as db:
            self._version_row(version_id, doc, sid)
            db.execute(
                "UPDATE versions SET status = 'discarded' WHERE id = ? AND status = 'candidate'",
                (version_id,),
            )

    def history(self, doc: int, sid: str) -> tuple[Version, ...]:
        """Return every version of a section, newest first."""
        self._section_row(doc, sid)
        rows = self._db.rows(
            "SELECT * FROM versions WHERE document_id = ? AND section_id = ? ORDER BY id DESC",
            (doc, sid),
        )
        return tuple(store_rows.version(row) for row in rows)

    def version(self, version_id: int) -> Version:
        """Return one version."""
        return store_rows.version(self._version_row(version_id))

    def points(self, version_id: int) -> tuple[WrittenPoint, ...]:
        """Return how a model's version came about, point by point; () for a person's."""
        return points_from_json(self._version_row(version_id)["points_json"])

    def restore(self, doc: int, sid: str, version_id: int, origin: str = "恢复") -> None:
        """Go back to an old text by adding it again, as the person's newest version."""
        self._section_row(doc, sid)
        self._version_row(version_id, doc, sid)
        self.past.restore(doc, sid, version_id, origin)

    # settings

    def setting(self, key: str) -> str | None:
        """Return a setting, None if it was never set."""
        row = self._db.row("SELECT value FROM settings WHERE key = ?", (key,))
        return None if row is None else str(row["value"])

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting."""
        with self._db.transaction() as db:
            db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (key, value))

    # rows

    def _document_row(self, doc: int) -> Row:
        row = self._db.row("SELECT * FROM documents WHERE id = ?", (doc,))
        if row is None:
            raise StoreError(f"没有编号为 {doc} 的文稿。", "请刷新页面，从文稿列表里重新选择。")
        return row

    def _section_row(self, doc: int, sid: str) -> Row:
        row = self._db.row("SELECT * FROM sections WHERE document_id = ? AND id = ?", (doc, sid))
        if row is None:
            self._document_row(doc)
            raise StoreError(f"文稿里没有“{sid}”这一节。", "提纲可能已经改动，请刷新页面。")
        return row

    def _version_row(self, version_id: int, doc: int | None = None, sid: str | None = None) -> Row:
        row = self._db.row("SELECT * FROM versions WHERE id = ?", (version_id,))
        if row is None or (
            doc is not None and (row["document_id"], row["section_id"]) != (doc, sid)
        ):
            raise StoreError(
                f"这一节没有编号为 {version_id} 的版本。", "请刷新页面后从历史里重选。"
            )
        return row

    def _update_document(self, doc: int, assignments: str, *values: object) -> None:
        with self._db.transaction() as db:
            self._touch(db, doc, assignments, *values)

    def _touch(self, db: Connection, doc: int, assignments: str = "", *values: object) -> None:
        """Note a change of the document; `rev` grows when columns of its own changed."""
        grown = f", rev = rev + 1, {assignments}" if assignments else ""
        changed = db.execute(
            f"UPDATE documents SET updated_at = ?{grown} WHERE id = ?",  # noqa: S608 - our own text
            (store_rows.now(), *values, doc),
        )
        if changed.rowcount == 0:
            self._document_row(doc)

    def _update_section(self, doc: int, sid: str, assignment: str, value: object) -> None:
        with self._db.transaction() as db:
            self._section_row(doc, sid)
            db.execute(
                f"UPDATE sections SET {assignment} WHERE document_id = ? AND id = ?",  # noqa: S608
                (value, doc, sid),
            )
