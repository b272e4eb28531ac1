"""Undo and redo of what changes a document's structure, step by step, kept in `drafts.db`.

A step is two states of the document (`drafter.store_snapshots`) with a name. Taking it back makes
plan and facts what they were, byte for byte, and gives back the texts that the step itself changed;
what was typed since in other sections stays, what was typed in those is in their history. A change
of the plan that did not come through here becomes a step of its own when it is met.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from sqlite3 import Connection
from typing import Any

from drafter import store_snapshots
from drafter.database import Database
from drafter.errors import InputError
from drafter.records import plan_to_json
from drafter.store_snapshots import Kept, Moment
from drafter.store_turning import displaces, section_row, set_locks, set_plan, set_text, turn
from drafter.types import Plan

STEPS_KEPT = 40
ELSEWHERE = "提纲的其他改动"
_MOVED_ON = ("文稿刚在别处改过，这一步没有做。", "请看一眼现在的提纲，再做一次。")


@dataclass(frozen=True, slots=True)
class Step:
    """One change: its number in the document, what it is called, the states before and after, the
    section to show, and, where a section was split, (the first part, the second)."""

    id: int
    label: str
    before: int
    after: int
    focus: str = ""
    parts: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What can be undone and redone next, and how many steps there are each way."""

    undo: Step | None
    redo: Step | None
    undo_depth: int = 0
    redo_depth: int = 0


@dataclass(frozen=True, slots=True)
class Turned:
    """A step that was undone or redone. `displaced`: texts typed since had to give way; they are
    in the state of the whole document with that id, and in the sections' histories."""

    step: Step
    displaced: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to make: the plan it was worked out from, the new one, and new texts by section.

    `revs` are the revisions the texts were worked out from; `merged` names the version that was
    joined into a section's text; `locks` are the sections' locks after it, where they change.
    """

    before: Plan
    after: Plan
    origin: str
    texts: Mapping[str, str] = field(default_factory=dict)
    revs: Mapping[str, int] = field(default_factory=dict)
    merged: Mapping[str, int | None] = field(default_factory=dict)
    locks: Mapping[str, tuple[bool, tuple[str, ...]]] = field(default_factory=dict)
    focus: str = ""
    parts: tuple[str, str] | None = None


@dataclass(slots=True)
class _Line:
    """The steps of a document: those done, oldest first, and those undone, oldest undone first."""

    done: list[Step]
    undone: list[Step]
    last: int

    @property
    def known(self) -> int | None:
        """The state the last step led to, done or undone."""
        if self.done:
            return self.done[-1].after
        return self.undone[-1].before if self.undone else None

    def push(self, label: str, before: int, after: int, edit: Edit | None = None) -> Step:
        self.last += 1
        focus, parts = (edit.focus, edit.parts) if edit else ("", None)
        step = Step(self.last, label, before, after, focus, parts)
        self.done = [*self.done, step][-STEPS_KEPT:]
        self.undone = []
        return step


class Steps:
    """The steps of all documents."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def line(self, doc: int) -> Line:
        """Return what can be undone and redone now."""
        with self._db.transaction() as db:
            line = _read(db, doc)
            if _elsewhere(db, doc, line):
                step = Step(line.last + 1, ELSEWHERE, 0, 0)
                return Line(step, None, len(line.done) + 1, 0)
        undo = line.done[-1] if line.done else None
        redo = line.undone[-1] if line.undone else None
        return Line(undo, redo, len(line.done), len(line.undone))

    def apply(self, doc: int, label: str, edit: Edit, name: str = "") -> Step:
        """Make a change, as one transaction. `name` shows the state before it in the list.

        Raises InputError when the document is no longer what the change was worked out from.
        """
        with self._db.transaction() as db:
            line = _read(db, doc)
            before = _begin(db, doc, line, name)
            if store_snapshots.present(db, doc).plan_json != plan_to_json(edit.before):
                raise InputError(*_MOVED_ON)
            for sid, rev in edit.revs.items():
                if section_row(db, doc, sid)["rev"] != rev:
                    raise InputError(*_MOVED_ON)
            set_plan(db, doc, edit.after)
            for sid, text in edit.texts.items():
                set_text(db, doc, sid, text, edit.origin, edit.merged.get(sid))
            for sid, (locked, sentences) in edit.locks.items():
                set_locks(db, doc, sid, Kept(None, locked, sentences))
            return _end(db, doc, line, label, before, edit)

    @contextmanager
    def around(self, doc: int, label: str, name: str = "") -> Iterator[None]:
        """Make a step of whatever the block changes in the document by other ways."""
        with self._db.transaction() as db:
            line = _read(db, doc)
            before = _begin(db, doc, line, name)
            _write(db, doc, line)
        yield
        with self._db.transaction() as db:
            line = _read(db, doc)
            was = store_snapshots.of_row(store_snapshots.find(db, doc, before))
            now = store_snapshots.present(db, doc)
            if (was.plan_json, was.facts_json) != (now.plan_json, now.facts_json):
                _end(db, doc, line, label, before, None)

    def go_to(self, doc: int, moment_id: int, label: str, name: str) -> Step:
        """Make the whole document what it was in a state; itself a step."""
        with self._db.transaction() as db:
            line = _read(db, doc)
            before = _begin(db, doc, line, name)
            target = store_snapshots.of_row(store_snapshots.find(db, doc, moment_id))
            now = store_snapshots.present(db, doc)
            if target.plan_json is None:
                raise InputError("这一份快照里还没有提纲。", "请选一份后来的。")
            turn(db, doc, now, target, label, exact=True)
            return _end(db, doc, line, label, before, None)

    def undo(self, doc: int, step_id: int | None = None) -> Turned:
        """Take back the last step. Raises InputError when there is none, or when `step_id` is not
        the last one's number."""
        with self._db.transaction() as db:
            line = _read(db, doc)
            if _elsewhere(db, doc, line):
                _begin(db, doc, line, "")
            step = _asked(line.done, step_id, "没有可以撤销的改动。")
            displaced = self._go(db, doc, step, back=True)
            line.done.pop()
            line.undone.append(step)
            _write(db, doc, line)
            return Turned(step, displaced)

    def redo(self, doc: int, step_id: int | None = None) -> Turned:
        """Make again what `undo` took back last. Raises InputError as `undo` does."""
        with self._db.transaction() as db:
            line = _read(db, doc)
            if line.undone and _elsewhere(db, doc, line):
                raise InputError("提纲后来又改过，不能重做。", "各节的旧文字在“历史”里。")
            step = _asked(line.undone, step_id, "没有可以重做的改动。")
            displaced = self._go(db, doc, step, back=False)
            line.undone.pop()
            line.done.append(step)
            _write(db, doc, line)
            return Turned(step, displaced)

    def _go(self, db: Connection, doc: int, step: Step, back: bool) -> int | None:
        verb = "撤销" if back else "重做"
        ends = [
            store_snapshots.of_row(store_snapshots.find(db, doc, moment))
            for moment in (step.before, step.after)
        ]
        target, source = ends if back else reversed(ends)
        now = store_snapshots.present(db, doc)
        parts = step.parts if back else None
        displaced = None
        if displaces(db, now, source, target, parts):
            name = f"{verb}“{step.label}”前"
            displaced = store_snapshots.put(db, doc, now, name)
        turn(db, doc, source, target, f"{verb}：{step.label}", parts)
        return displaced


def _begin(db: Connection, doc: int, line: _Line, name: str) -> int:
    """Return the state before a step; what changed the plan from elsewhere becomes a step first."""
    now = store_snapshots.present(db, doc)
    known = line.known
    if known is not None:
        kept = store_snapshots.of_row(store_snapshots.find(db, doc, known))
        if (kept.plan_json, kept.facts_json) != (now.plan_json, now.facts_json):
            here = store_snapshots.put(db, doc, now, name)
            line.push(ELSEWHERE, store_snapshots.put(db, doc, _unplanned(kept, now)), here)
            return here
        if kept == now and not name:
            return known
    shown = store_snapshots.newest_shown(db, doc)
    if shown is not None and store_snapshots.of_row(shown) == now:
        return int(shown["id"])
    return store_snapshots.put(db, doc, now, name)


def _unplanned(kept: Moment, now: Moment) -> Moment:
    """Return the state before a change from elsewhere: plan and facts as they were, texts as they
    are, for those may have been typed at any time."""
    sections = {
        sid: now.sections[sid] if sid in now.sections and now.sections[sid].version else was
        for sid, was in kept.sections.items()
    }
    return Moment(now.title, now.paste, kept.facts_json, kept.plan_json, sections)


def _end(db: Connection, doc: int, line: _Line, label: str, before: int, edit: Edit | None) -> Step:
    after = store_snapshots.put(db, doc, store_snapshots.present(db, doc))
    step = line.push(label, before, after, edit)
    _write(db, doc, line)
    return step


def _elsewhere(db: Connection, doc: int, line: _Line) -> bool:
    """Say whether plan or facts were changed since the last step by other ways."""
    if line.known is None:
        return False
    kept = store_snapshots.of_row(store_snapshots.find(db, doc, line.known))
    now = store_snapshots.present(db, doc)
    return (kept.plan_json, kept.facts_json) != (now.plan_json, now.facts_json)


def _asked(steps: list[Step], step_id: int | None, none_left: str) -> Step:
    if not steps:
        raise InputError(none_left, "各节的旧文字可以在“历史”里恢复。")
    if step_id is not None and steps[-1].id != step_id:
        raise InputError(
            "这之后又有别的改动，请一步一步来。", f"现在可以先处理的是“{steps[-1].label}”。"
        )
    return steps[-1]


def _read(db: Connection, doc: int) -> _Line:
    row = db.execute("SELECT value FROM settings WHERE key = ?", (f"steps:{doc}",)).fetchone()
    kept: dict[str, Any] = {"done": [], "undone": [], "last": 0}
    if row is not None:
        kept = json.loads(row["value"])
    done, undone = ([_step(one) for one in kept[name]] for name in ("done", "undone"))
    return _Line(done, undone, kept["last"])


def _step(kept: dict[str, Any]) -> Step:
    parts = kept.pop("parts")
    return Step(**kept, parts=None if parts is None else (parts[0], parts[1]))


def _write(db: Connection, doc: int, line: _Line) -> None:
    steps = [*line.done, *line.undone]
    kept = {
        "done": [asdict(step) for step in line.done],
        "undone": [asdict(step) for step in line.undone],
        "last": line.last,
    }
    db.execute(
        "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)",
        (f"steps:{doc}", json.dumps(kept, ensure_ascii=True)),
    )
    needed = {moment for step in steps for moment in (step.before, step.after)}
    store_snapshots.prune(db, doc, needed)
