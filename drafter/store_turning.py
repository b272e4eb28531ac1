"""Making a document what it was in another state, and the parts of any change of its structure.

No transaction is begun here. Texts are set by adding versions, never by taking any away.
"""

from dataclasses import replace
from sqlite3 import Connection, Row

from drafter import store_rows, store_snapshots
from drafter.errors import InputError
from drafter.records import plan_from_json, plan_to_json, sheet_from_json
from drafter.store_snapshots import Kept, Moment
from drafter.types import Plan


def joined(first: str, second: str) -> str:
    """Return two texts as one, the second as paragraphs of its own."""
    if not (first.strip() and second.strip()):
        return first if first.strip() or not second.strip() else second
    return first.rstrip("\n") + "\n" + second.lstrip("\n")


def displaces(
    db: Connection,
    now: Moment,
    source: Moment,
    target: Moment,
    parts: tuple[str, str] | None,
) -> bool:
    """Say whether going to `target` puts aside texts typed since `source`."""
    new, old, goal = (store_snapshots.texts(db, moment) for moment in (now, source, target))
    joint = parts or ()
    return any(
        new.get(sid, "") != old[sid] and (sid not in goal or goal[sid] != old[sid])
        for sid in old
        if sid not in joint
    )


def turn(
    db: Connection,
    doc: int,
    source: Moment,
    target: Moment,
    origin: str,
    parts: tuple[str, str] | None = None,
    exact: bool = False,
) -> None:
    """Make the document `target` where that differs from `source`, which it is or was.

    A section that comes back has the text it was hidden with, or with `exact` that of `target`.
    Where a split is taken back, its `parts` are joined as they read now.
    """
    now = store_snapshots.present(db, doc)
    new, old, goal = (store_snapshots.texts(db, moment) for moment in (now, source, target))
    for column, is_, was, to in (
        ("title", now.title, source.title, target.title),
        ("paste", now.paste, source.paste, target.paste),
    ):
        if was != to and is_ == was:
            db.execute(f"UPDATE documents SET {column} = ? WHERE id = ?", (to, doc))  # noqa: S608
    _set_facts(db, doc, target.facts_json)
    if target.plan_json is not None:
        set_plan(db, doc, store_rows.read(plan_from_json, target.plan_json), target.plan_json)
    split = parts if parts and any(new.get(sid) != old.get(sid) for sid in parts) else None
    for sid, kept in target.sections.items():
        text = goal[sid] if old.get(sid) != goal[sid] else new[sid]
        if sid not in source.sections:
            found = section_row(db, doc, sid)["current_version"]
            text = goal[sid] if exact or found is None else _current(db, doc, sid)
        if split and sid == split[0]:
            text = joined(new.get(split[0], ""), new.get(split[1], ""))
        set_text(db, doc, sid, text, origin, kept.version if text == goal[sid] else None)
        was_kept = source.sections.get(sid)
        unlike = was_kept is None or replace(was_kept, version=None) != replace(kept, version=None)
        if unlike:
            set_locks(db, doc, sid, kept)


def set_plan(db: Connection, doc: int, plan: Plan, written: str | None = None) -> None:
    """Keep a plan; `written` is its JSON, where that is at hand."""
    db.execute(
        "UPDATE documents SET plan_json = ?, outline = ?, rev = rev + 1, updated_at = ?"
        " WHERE id = ?",
        (written or plan_to_json(plan), plan.outline, store_rows.now(), doc),
    )
    store_rows.put_sections(db, doc, plan)


def _set_facts(db: Connection, doc: int, written: str | None) -> None:
    year = None if written is None else store_rows.read(sheet_from_json, written).year
    db.execute("UPDATE documents SET facts_json = ?, year = ? WHERE id = ?", (written, year, doc))


def set_text(
    db: Connection, doc: int, sid: str, text: str, origin: str, of: int | None = None
) -> None:
    """Give a section a text, as a version of the person's, unless it has it already."""
    section = section_row(db, doc, sid)
    if text != store_rows.current_text(db, section):
        added = store_rows.insert_version(
            db, section, store_rows.storable(text), "human", "current", origin=origin, of=of
        )
        store_rows.make_current(db, section, added)


def set_locks(db: Connection, doc: int, sid: str, kept: Kept) -> None:
    """Give a section the locks of a state."""
    db.execute(
        "UPDATE sections SET locked = ? WHERE document_id = ? AND id = ?",
        (int(kept.locked), doc, sid),
    )
    db.execute("DELETE FROM locked_sentences WHERE document_id = ? AND section_id = ?", (doc, sid))
    db.executemany(
        "INSERT INTO locked_sentences (document_id, section_id, text, created_at)"
        " VALUES (?, ?, ?, ?)",
        [(doc, sid, sentence, store_rows.now()) for sentence in kept.sentences],
    )


def section_row(db: Connection, doc: int, sid: str) -> Row:
    """Return a section's row. Raises InputError when there is none."""
    found: Row | None = db.execute(
        "SELECT * FROM sections WHERE document_id = ? AND id = ?", (doc, sid)
    ).fetchone()
    if found is None:
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")
    return found


def _current(db: Connection, doc: int, sid: str) -> str:
    return store_rows.current_text(db, section_row(db, doc, sid))
