"""Rows of `drafts.db` to the types of drafter and back; no transaction is begun here."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from sqlite3 import Connection, Row
from typing import Literal, TypeVar

from drafter.errors import StoreError
from drafter.records import (
    ids_from_json,
    ids_to_json,
    origin_to_json,
    points_to_json,
    run_of,
    run_to_json,
)
from drafter.types import (
    DocumentInfo,
    DraftSection,
    Plan,
    PlannedSection,
    Run,
    Version,
    WrittenPoint,
)

_T = TypeVar("_T")
Author = Literal["model", "human"]
Status = Literal["current", "candidate", "accepted", "discarded", "conflict"]
TYPED = "手工修改"  # what a version typed by the person came of


def put_sections(db: Connection, doc: int, plan: Plan) -> None:
    """Make the plan's sections the document's; the others are hidden with all their versions."""
    known = {
        row["id"]: row for row in db.execute("SELECT * FROM sections WHERE document_id = ?", (doc,))
    }
    db.execute("UPDATE sections SET removed = 1 WHERE document_id = ?", (doc,))
    for position, section in enumerate(plan.sections):
        upsert_section(db, doc, position, section, known.get(section.id))


def upsert_section(
    db: Connection, doc: int, position: int, section: PlannedSection, known: Row | None
) -> None:
    """Insert or update a planned section; an id that comes to mean another starts empty."""
    facts = ids_to_json(section.fact_ids)
    shape = (position, section.heading, section.level, section.role, facts)
    rest = (section.target_chars, section.topic)
    if known is None:
        db.execute(
            "INSERT INTO sections (position, heading, level, role, fact_ids, target_chars, topic,"
            " document_id, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*shape, *rest, doc, section.id),
        )
        return
    db.execute(
        "UPDATE sections SET position = ?, heading = ?, level = ?, role = ?, fact_ids = ?,"
        " target_chars = ?, topic = ?, removed = 0 WHERE document_id = ? AND id = ?",
        (*shape, *rest, doc, section.id),
    )
    kind = (section.role, section.level, section.topic)
    another = kind != (known["role"], known["level"], known["topic"])
    if another or (known["removed"] and known["heading"] != section.heading):
        db.execute(
            "UPDATE sections SET current_version = NULL, locked = 0, exemplar_ids = '[]',"
            " rev = rev + 1 WHERE document_id = ? AND id = ?",
            (doc, section.id),
        )
        db.execute(
            "DELETE FROM exemplar_choices WHERE document_id = ? AND section_id = ?",
            (doc, section.id),
        )
        discard_candidates(db, doc, section.id)


def insert_version(
    db: Connection,
    section: Row,
    text: str,
    author: Author,
    status: Status,
    run: Run | None = None,
    points: Sequence[WrittenPoint] = (),
    origin: str = "",
    of: int | None = None,
) -> int:
    """Add a version and return its id. `origin` says in Chinese what a person's version came of,
    `of` which version it repeats; a model's has its run."""
    came = origin_to_json(origin, of) if origin else None
    cursor = db.execute(
        "INSERT INTO versions (document_id, section_id, parent_id, author, text, run_json,"
        " points_json, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            section["document_id"],
            section["id"],
            section["current_version"],
            author,
            text,
            came if run is None else run_to_json(run),
            points_to_json(points),
            status,
            now(),
        ),
    )
    return int(cursor.lastrowid or 0)


def make_current(db: Connection, section: Row, version_id: int) -> None:
    """Make a version the section's text."""
    db.execute(
        "UPDATE sections SET current_version = ?, rev = rev + 1"
        " WHERE document_id = ? AND id = ? AND rev = ?",
        (version_id, section["document_id"], section["id"], section["rev"]),
    )


def discard_candidates(db: Connection, doc: int, sid: str) -> None:
    """Put away the candidates of a section."""
    db.execute(
        "UPDATE versions SET status = 'discarded'"
        " WHERE document_id = ? AND section_id = ? AND status = 'candidate'",
        (doc, sid),
    )


def current_text(db: Connection, section: Row) -> str:
    """Return the current text of a section row."""
    row = db.execute(
        "SELECT text FROM versions WHERE id = ?", (section["current_version"],)
    ).fetchone()
    return "" if row is None else str(row["text"])


def storable(text: str) -> str:
    """Replace halves of surrogate pairs, which no encoding can store."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read(reader: Callable[[str], _T], text: str) -> _T:
    """Read a JSON record. Raises StoreError when it cannot be understood."""
    try:
        return reader(text)
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "这份文稿的要点或提纲记录读不出来。", "正文和历史不受影响；请重新读取要点、生成提纲。"
        ) from error


def now() -> str:
    """Return the time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def document(row: Row) -> DocumentInfo:
    """Return a row of the list of documents."""
    return DocumentInfo(row["id"], row["title"], row["rev"], row["updated_at"])


def draft_section(row: Row) -> DraftSection:
    """Return a section row with its text."""
    return DraftSection(
        id=row["id"],
        heading=row["heading"],
        level=row["level"],
        role=row["role"],
        text=row["text"],
        fact_ids=ids_from_json(row["fact_ids"]),
        exemplar_ids=ids_from_json(row["exemplar_ids"]),
        locked=bool(row["locked"]),
    )


def version(row: Row) -> Version:
    """Return a version row."""
    return Version(
        id=row["id"],
        section_id=row["section_id"],
        parent_id=row["parent_id"],
        author=row["author"],
        text=row["text"],
        run=run_of(row["run_json"]),
        created_at=row["created_at"],
    )
