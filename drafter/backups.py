"""Copies of the person's work: one a day by themselves, more when asked, and the way back.

A copy is made by SQLite's own backup, so it is whole while somebody writes. It is looked over
(`integrity_check`) before it gets its name, and again before it replaces anything. Knows the file
of the drafts and its neighbours, nothing of documents.
"""

import os
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drafter.errors import StoreError
from drafter.migrations import migrate

# Two weeks of days, and the first copy of each of the last twelve months.
KEPT_DAYS, KEPT_MONTHS = 14, 12
# Copies made before something was replaced, or by hand: not counted by days.
KEPT_OTHERS = 10
_NAME = re.compile(r"drafts-(\d{8})-(\d{6})(?:-(daily|asked|before))?(?:-\d+)?\.db$")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the drafts. `made` is local time, `why` "daily", "asked" or "before" (something
    was replaced), `size` in bytes."""

    name: str
    made: datetime
    why: str
    size: int


class Backups:
    """The copies of one drafts database, in the folder `backups` beside it.

    Every method raises StoreError, with the next step, where the disk does not play along.
    """

    def __init__(self, database: Path, now: Callable[[], datetime] = datetime.now) -> None:
        self.database = database
        self.folder = database.parent / "backups"
        self._now = now
        self._lock = threading.Lock()

    def list(self) -> tuple[Backup, ...]:
        """Return the copies, the last made first; files of other names are not ours."""
        found = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                match = _NAME.match(path.name)
                if match and path.is_file():
                    made = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")
                    found.append(Backup(path.name, made, match[3] or "asked", path.stat().st_size))
        return tuple(sorted(found, key=lambda b: (b.made, b.name), reverse=True))

    def path(self, name: str) -> Path:
        """Return the file of a copy. Raises StoreError for a name that is none."""
        if name not in {backup.name for backup in self.list()}:
            raise StoreError(f"没有名为“{name}”的备份。", "请从备份列表里重新选择。")
        return self.folder / name

    def daily(self) -> Backup | None:
        """Make today's copy, unless there is one or nothing has been written yet.

        A clock set back makes at most one copy more: what counts is the name, not the order.
        """
        today = self._now().date()
        if not self.database.exists() or any(
            b.why == "daily" and b.made.date() == today for b in self.list()
        ):
            return None
        return self.make("daily")

    def make(self, why: str = "asked") -> Backup:
        """Copy the drafts as they stand, then drop copies that are too old to keep."""
        if not self.database.exists():
            raise StoreError("还没有文稿可以备份。", "先新建一篇文稿。")
        with self._lock:
            target = self._free_name(why)
            copy_database(self.database, target)
            self._rotate()
        return next(backup for backup in self.list() if backup.name == target.name)

    def take_in(self, source: Path) -> Backup:
        """Lay a drafts database from elsewhere beside the copies, checked."""
        with self._lock:
            target = self._free_name("asked")
            copy_database(source, target)
        return next(backup for backup in self.list() if backup.name == target.name)

    def _free_name(self, why: str) -> Path:
        stem = f"drafts-{self._now():%Y%m%d-%H%M%S}-{why}"
        target, number = self.folder / f"{stem}.db", 1
        while target.exists():
            number += 1
            target = self.folder / f"{stem}-{number}.db"
        return target

    def _rotate(self) -> None:
        copies = self.list()
        daily = [b for b in copies if b.why == "daily"]
        months: dict[str, Backup] = {}
        for backup in reversed(daily):
            months.setdefault(f"{backup.made:%Y%m}", backup)
        kept = {
            *(b.name for b in daily[:KEPT_DAYS]),
            *(b.name for b in list(months.values())[-KEPT_MONTHS:]),
            *(b.name for b in [b for b in copies if b.why != "daily"][:KEPT_OTHERS]),
        }
        for backup in copies:
            if backup.name not in kept:
                with suppress(OSError):
                    (self.folder / backup.name).unlink()

    def restore(self, name: str) -> Backup | None:
        """Put a copy in the place of the drafts; return the copy made of them before.

        The drafts may be open: whoever has them open sees the restored ones at the next look. A
        damaged file is laid aside instead of copied (None is returned); it is never deleted.
        """
        source = self.path(name)
        check_database(source)
        before = None
        if self.database.exists():
            try:
                before = self.make("before")
            except StoreError:
                if is_sound(self.database):
                    raise
                self._lay_aside()
        with self._lock:
            overwrite_database(source, self.database)
            _bring_up_to_date(self.database)
        return before

    def _lay_aside(self) -> None:
        stamp = f"{self._now():%Y%m%d-%H%M%S}"
        try:
            for tail in ("-wal", "-shm", ""):
                path = self.database.with_name(self.database.name + tail)
                if path.exists():
                    path.replace(path.with_name(f"{self.database.stem}.damaged-{stamp}.db{tail}"))
        except OSError as error:
            raise StoreError(
                "损坏的文稿库正被占用，换不下来。", "请先关闭拟稿台的页面窗口，再恢复备份。"
            ) from error


def copy_database(source: Path, target: Path) -> None:
    """Write a whole, checked copy of a database that may be in use; nothing is left on failure."""
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(part)) as written,
        ):
            read.backup(written)
            written.execute("PRAGMA journal_mode = DELETE")
            _check(written, source)
        _to_disk(part)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"备份没有写成：{target.name}（{error}）。",
            "文稿没有改动；请腾出磁盘空间或检查文件夹权限后再试。",
        ) from error
    finally:
        for leftover in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def overwrite_database(source: Path, target: Path) -> None:
    """Make `target` the same as `source` in one transaction, also while others have it open."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target, timeout=10)) as written,
        ):
            read.backup(written)
            written.execute("PRAGMA journal_mode = WAL")
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"备份没有恢复成（{error}）。",
            "文稿还是恢复之前的样子；请关闭正在生成的窗口、腾出磁盘空间后再试。",
        ) from error


def _bring_up_to_date(path: Path) -> None:
    """A copy may be from before an update of the tool."""
    try:
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as opened:
            migrate(opened, path)
    except sqlite3.Error as error:
        raise StoreError(
            f"恢复的文稿库没有升级成（{error}）。", "请重新启动拟稿台，启动时会再试一次。"
        ) from error


def check_database(path: Path) -> None:
    """Raise StoreError unless the file is a database whose every page is sound."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            _check(opened, path)
    except (OSError, sqlite3.Error) as error:
        raise _damaged(path) from error


def is_sound(path: Path) -> bool:
    """Say whether `check_database` finds nothing."""
    try:
        check_database(path)
    except StoreError:
        return False
    return True


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise _damaged(path)


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"数据库文件已损坏：{path.name}", "请换一份备份；损坏的文件请留着，也许还能救回一部分。"
    )


def _to_disk(path: Path) -> None:
    """Have the system write a file out, so that a power cut cannot leave it half there."""
    with path.open("r+b") as opened:
        os.fsync(opened.fileno())
