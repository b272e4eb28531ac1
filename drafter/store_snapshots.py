"""States of a whole document: title, paste, facts, plan, and which version each section had.

Texts are not copied: a state names versions, which are never changed or deleted. States with a name
are shown; those without are the steps of undoing (`drafter.store_steps`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection, Row
from typing import Any

from drafter import store_rows
from drafter.database import Database
from drafter.errors import StoreError
from drafter.records import plan_from_json
from drafter.types import DraftSection

# Automatic states kept per document beside those that undoing needs; each is some 20 kB.
AUTOMATIC_KEPT = 60


@dataclass(frozen=True, slots=True)
class MomentInfo:
    """A state in the list: its name, whether the person named it, when (UTC, ISO 8601), and how
    many characters the report had."""

    id: int
    name: str
    milestone: bool
    created_at: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a state keeps of a section: its version (None: not written), whether it was locked, and
    its locked sentences."""

    version: int | None
    locked: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A state, whole. Facts and plan are JSON as the document has them; `sections` are by id."""

    title: str
    paste: str
    facts_json: str | None
    plan_json: str | None
    sections: Mapping[str, Kept]


class Moments:
    """The states of all documents."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, doc: int, name: str, milestone: bool = False) -> int:
        """Keep the document as it is now and return the state's id.

        An automatic state equal to the newest one that is shown is that one.
        """
        with self._db.transaction() as db:
            now = present(db, doc)
            if not milestone:
                row = newest_shown(db, doc)
                if row is not None and of_row(row) == now:
                    return int(row["id"])
            return put(db, doc, now, name, milestone)

    def listed(self, doc: int) -> tuple[MomentInfo, ...]:
        """Return the states that are shown, newest first."""
        rows = self._db.rows(
            "SELECT * FROM snapshots WHERE document_id = ? AND name <> '' ORDER BY id DESC", (doc,)
        )
        return tuple(_info(row) for row in rows)

    def info(self, doc: int, moment_id: int) -> MomentInfo:
        """Return one state's entry in the list. Raises StoreError when it is gone."""
        return _info(self._row(doc, moment_id))

    def moment(self, doc: int, moment_id: int) -> Moment:
        """Return a state. Raises StoreError when it is gone."""
        return of_row(self._row(doc, moment_id))

    def sections(self, doc: int, moment_id: int) -> tuple[DraftSection, ...]:
        """Return the sections of a state in order, with the texts they had."""
        moment = self.moment(doc, moment_id)
        if moment.plan_json is None:
            return ()
        plan = store_rows.read(plan_from_json, moment.plan_json)
        rows = self._db.rows("SELECT id, text FROM versions WHERE document_id = ?", (doc,))
        texts: dict[int | None, str] = {row["id"]: row["text"] for row in rows}
        return tuple(
            DraftSection(
                id=section.id,
                heading=section.heading,
                level=section.level,
                role=section.role,
                text=texts.get(kept.version, ""),
                fact_ids=section.fact_ids,
                exemplar_ids=(),
                locked=kept.locked,
            )
            for section in plan.sections
            for kept in (moment.sections.get(section.id, Kept(None, False, ())),)
        )

    def names_of_versions(self, doc: int) -> dict[int, tuple[str, ...]]:
        """Return, by version, the milestones it stood in, oldest first."""
        found: dict[int, tuple[str, ...]] = {}
        rows = self._db.rows(
            "SELECT * FROM snapshots WHERE document_id = ? AND kind = 'milestone' ORDER BY id",
            (doc,),
        )
        for row in rows:
            for kept in of_row(row).sections.values():
                if kept.version is not None:
                    found[kept.version] = (*found.get(kept.version, ()), row["name"])
        return found

    def rename(self, doc: int, moment_id: int, name: str) -> None:
        """Give a state a name of the person's, which makes it a milestone."""
        with self._db.transaction() as db:
            find(db, doc, moment_id)
            db.execute(
                "UPDATE snapshots SET name = ?, kind = 'milestone' WHERE id = ?",
                (store_rows.storable(name), moment_id),
            )

    def _row(self, doc: int, moment_id: int) -> Row:
        with self._db.transaction() as db:
            return find(db, doc, moment_id)


def find(db: Connection, doc: int, moment_id: int) -> Row:
    """Return the row of a state. Raises StoreError when it is gone."""
    found: Row | None = db.execute(
        "SELECT * FROM snapshots WHERE id = ? AND document_id = ?", (moment_id, doc)
    ).fetchone()
    if found is None:
        raise StoreError("这一份快照已经不在了。", "请刷新页面，看“历史”里现在列出的。")
    return found


def newest_shown(db: Connection, doc: int) -> Row | None:
    """Return the row of the newest state that is shown, None before the first."""
    found: Row | None = db.execute(
        "SELECT * FROM snapshots WHERE document_id = ? AND name <> '' ORDER BY id DESC LIMIT 1",
        (doc,),
    ).fetchone()
    return found


def of_row(found: Row) -> Moment:
    """Return the state of a row."""
    sections = {
        sid: Kept(version, bool(locked), tuple(sentences))
        for sid, (version, locked, sentences) in _kept(found)["sections"].items()
    }
    return Moment(found["title"], found["paste"], found["facts_json"], found["plan_json"], sections)


def present(db: Connection, doc: int) -> Moment:
    """Return the document as it is now."""
    found = db.execute("SELECT * FROM documents WHERE id = ?", (doc,)).fetchone()
    if found is None:
        raise StoreError(f"没有编号为 {doc} 的文稿。", "请刷新页面，从文稿列表里重新选择。")
    sentences: dict[str, tuple[str, ...]] = {}
    for one in db.execute(
        "SELECT section_id, text FROM locked_sentences WHERE document_id = ? ORDER BY rowid", (doc,)
    ):
        sentences[one["section_id"]] = (*sentences.get(one["section_id"], ()), one["text"])
    sections = {
        one["id"]: Kept(one["current_version"], bool(one["locked"]), sentences.get(one["id"], ()))
        for one in db.execute(
            "SELECT * FROM sections WHERE document_id = ? AND removed = 0 ORDER BY position", (doc,)
        )
    }
    return Moment(found["title"], found["paste"], found["facts_json"], found["plan_json"], sections)


def put(db: Connection, doc: int, moment: Moment, name: str = "", milestone: bool = False) -> int:
    """Add a state and return its id."""
    sections = {
        sid: [kept.version, int(kept.locked), list(kept.sentences)]
        for sid, kept in moment.sections.items()
    }
    written = {"size": _size(db, moment), "sections": sections}
    cursor = db.execute(
        "INSERT INTO snapshots (document_id, name, kind, title, paste, facts_json, plan_json,"
        " versions_json, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            doc,
            store_rows.storable(name),
            "milestone" if milestone else "automatic",
            moment.title,
            moment.paste,
            moment.facts_json,
            moment.plan_json,
            json.dumps(written, ensure_ascii=True),
            store_rows.now(),
        ),
    )
    return int(cursor.lastrowid or 0)


def prune(db: Connection, doc: int, needed: set[int]) -> None:
    """Let go of automatic states that are neither `needed` nor among the newest that are shown."""
    rows = db.execute(
        "SELECT id, name FROM snapshots WHERE document_id = ? AND kind = 'automatic'"
        " ORDER BY id DESC",
        (doc,),
    ).fetchall()
    shown = [one["id"] for one in rows if one["name"]][:AUTOMATIC_KEPT]
    gone = [(one["id"],) for one in rows if one["id"] not in needed and one["id"] not in shown]
    db.executemany("DELETE FROM snapshots WHERE id = ?", gone)


def texts(db: Connection, moment: Moment) -> dict[str, str]:
    """Return the texts of a state by section, "" for those not written."""
    return {sid: _text(db, kept.version) for sid, kept in moment.sections.items()}


def _text(db: Connection, version: int | None) -> str:
    found = db.execute("SELECT text FROM versions WHERE id = ?", (version,)).fetchone()
    return "" if found is None else str(found["text"])


def _size(db: Connection, moment: Moment) -> int:
    """Return how many characters a person would count."""
    return sum(not c.isspace() for text in texts(db, moment).values() for c in text)


def _kept(found: Row) -> dict[str, Any]:
    kept: dict[str, Any] = store_rows.read(json.loads, found["versions_json"])
    return kept


def _info(found: Row) -> MomentInfo:
    size = _kept(found)["size"]
    milestone = found["kind"] == "milestone"
    return MomentInfo(found["id"], found["name"], milestone, found["created_at"], size)
