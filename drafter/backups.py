"""Copies of the person's work: one a day by themselves, more when asked, and the way back.

A copy is made by SQLite's own backup, so it is whole while somebody writes. It is looked over
(`integrity_check`) before it gets its name, and again before it replaces anything. Copies are
numbered as they are made: the clock may be wrong, or set back. Knows the file of a database and its
neighbours, nothing of documents. How files are copied: `drafter.database_files`.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drafter.database_files import (
    DRAFTS_KIND,
    DamagedError,
    Kind,
    bring_up_to_date,
    check_database,
    copy_database,
    is_sound,
    overwrite_database,
)
from drafter.errors import StoreError
from index.alone import alone, drop_abandoned, working_folder
from index.failures import meaning
from index.lasting import put_in_place

__all__ = ["KEPT_DAYS", "Backup", "Backups", "check_database", "is_sound"]

# Two weeks of days, and the first copy of each of the last twelve months.
KEPT_DAYS, KEPT_MONTHS = 14, 12
# Copies made by hand, and as many made before something was replaced: not counted by days.
KEPT_OTHERS = 10
# Day, time, why, and which copy it is; copies of earlier releases have no number, or up to three
# digits that count those of one second.
_REST = r"-(\d{8})-(\d{6})(?:-(daily|asked|before))?(?:-(\d{5,})|-\d{1,4})?\.db"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a database. `made` is local time as the clock then was, `why` "daily", "asked" or
    "before" (something was replaced), `size` in bytes, `order` rises from copy to copy."""

    name: str
    made: datetime
    why: str
    size: int
    order: int = 0


class Backups:
    """The copies of one database, in the folder `backups` beside it.

    Every method raises StoreError, with the next step, where the disk does not play along. Only one
    process of this computer makes copies at a time.
    """

    def __init__(
        self,
        database: Path,
        now: Callable[[], datetime] = datetime.now,
        kind: Kind = DRAFTS_KIND,
        kept: tuple[int, int, int, int] = (KEPT_DAYS, KEPT_MONTHS, KEPT_OTHERS, KEPT_OTHERS),
    ) -> None:
        """`kept` are how many to keep: days, months, copies asked for, copies made before something
        was replaced. Each is counted apart, so that none pushes another kind out."""
        self.database = database
        self.folder = database.parent / "backups"
        self._now, self._kind, self._kept = now, kind, kept
        self._name = re.compile(re.escape(database.stem) + _REST)
        self._lock = threading.Lock()

    def list(self) -> tuple[Backup, ...]:
        """Return the copies, the last made first; files of other names are not ours."""
        found = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                match = self._name.fullmatch(path.name)
                if match:
                    with suppress(OSError, ValueError):  # gone by now; no such day
                        made = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")
                        size, order = path.stat().st_size, int(match[4] or 0)
                        found.append(Backup(path.name, made, match[3] or "asked", size, order))
        return tuple(sorted(found, key=lambda b: (b.order, b.made, b.name), reverse=True))

    def path(self, name: str) -> Path:
        """Return the file of a copy. Raises StoreError for a name that is none."""
        if name not in {backup.name for backup in self.list()}:
            raise StoreError(f"没有名为“{name}”的备份。", "请从备份列表里重新选择。")
        return self.folder / name

    def daily(self) -> Backup | None:
        """Make today's copy, unless the last daily one is today's or nothing was written yet.

        A clock set back or ahead makes copies more, never fewer. What a killed process left half
        done is cleared away.
        """
        if any(self.folder.glob("*.part*")) or any(self.folder.glob("work-*")):
            with self._held():
                pass
        today = self._now().date()
        last = next((b for b in self.list() if b.why == "daily"), None)
        if not self.database.exists() or (last is not None and last.made.date() == today):
            return None
        return self.make("daily")

    def make(self, why: str = "asked") -> Backup:
        """Copy the database as it stands, then drop copies that are too old to keep."""
        if not self.database.exists():
            raise StoreError(f"还没有{self._kind.holds}可以备份。", "先新建一篇文稿。")
        return self._take(self.database, why)

    def take_in(self, source: Path) -> Backup:
        """Lay a database from elsewhere beside the copies, checked."""
        return self._take(source, "asked")

    def _take(self, source: Path, why: str) -> Backup:
        with self._held():
            order = max((backup.order for backup in self.list()), default=0) + 1
            now = self._now()
            name = f"{self.database.stem}-{now:%Y%m%d-%H%M%S}-{why}-{order:05}.db"
            copy_database(source, self.folder / name)
            self._rotate()
            size = (self.folder / name).stat().st_size
            return Backup(name, now.replace(microsecond=0), why, size, order)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Be alone with the copies; what was left half done is nobody's then, and goes."""
        try:
            with self._lock, alone(self.folder):
                for leftover in self.folder.glob("*.part*"):
                    with suppress(OSError):
                        leftover.unlink()
                drop_abandoned(self.folder)
                yield
        except OSError as error:
            raise self._no_copy(error) from error

    def _no_copy(self, error: OSError, failed: str = "备份没有写成") -> StoreError:
        return StoreError(
            f"{failed}（{meaning(error)}）。",
            f"{self._kind.holds}没有改动；请腾出磁盘空间或检查文件夹权限后再试：{self.folder}",
        )

    def _rotate(self) -> None:
        """Drop what is too old. What was made last is newest, whatever the clock said."""
        copies = self.list()
        days: dict[str, Backup] = {}
        months: dict[str, Backup] = {}
        for backup in (b for b in copies if b.why == "daily"):
            days.setdefault(f"{backup.made:%Y%m%d}", backup)  # the last of its day
            months[f"{backup.made:%Y%m}"] = backup  # the first of its month
        asked = [b.name for b in copies if b.why == "asked"]
        before = [b.name for b in copies if b.why == "before"]
        most_days, most_months, most_asked, most_before = self._kept
        kept = {
            *(b.name for b in list(days.values())[:most_days]),
            *(b.name for b in list(months.values())[:most_months]),
            *asked[:most_asked],
            *before[:most_before],
        }
        for backup in copies:
            if backup.name not in kept:
                with suppress(OSError):
                    (self.folder / backup.name).unlink()

    def restore(self, name: str) -> Backup | None:
        """Put a copy in the place of the database; return the copy made of it before.

        The database may be open: whoever has it open sees the restored one at the next look. A
        damaged file is laid aside instead of copied (None is returned, as where there was none); it
        is never deleted. A copy that is damaged, of another kind or of a newer version of this tool
        changes nothing, nor does a database that just now cannot be read.
        """
        return self.restore_from(self.path(name))

    def restore_from(self, source: Path) -> Backup | None:
        """Do what `restore` does with a file from elsewhere."""
        check_database(source)
        try:
            with working_folder(self.folder) as work:
                ready = work / self.database.name
                copy_database(source, ready, "备份没有恢复成")
                bring_up_to_date(ready, self._kind)
                before = self._put_by()
                with self._lock:
                    if self.database.exists():
                        overwrite_database(ready, self.database)
                    else:  # at once: a kill half-way leaves no empty database
                        put_in_place(ready, self.database)
        except OSError as error:
            raise self._no_copy(error, "备份没有恢复成") from error
        return before

    def what_became(self, before: Backup | None, was_there: bool) -> str:
        """Say what became of what a restore replaced; `was_there`: there was a file before it."""
        if before:
            return f"原来的{self._kind.holds}存为备份 {before.name}。"
        if was_there:
            return f"原来的{self._kind.what}文件已损坏，改名留存在同一个文件夹里。"
        return f"之前没有{self._kind.what}。"

    def _put_by(self) -> Backup | None:
        """Copy what will be replaced. Only what is damaged is laid aside: a database that is busy,
        or that cannot be read just now, stays where it is."""
        if not self.database.exists():
            self._lay_aside()  # a journal without its file must not be read into the new one
            return None
        try:
            return self.make("before")
        except DamagedError:
            with suppress(DamagedError):
                check_database(self.database)
                raise  # it is the copy that came out damaged
            self._lay_aside()
            return None

    def _lay_aside(self) -> None:
        stamp = f"{self._now():%Y%m%d-%H%M%S}"
        try:
            for tail in ("-wal", "-shm", ""):
                path = self.database.with_name(self.database.name + tail)
                if path.exists():
                    path.replace(self._free(f"{self.database.stem}.damaged-{stamp}", tail))
        except OSError as error:
            raise StoreError(
                f"损坏的{self._kind.what}正被占用，换不下来。",
                "请先关闭拟稿台的页面窗口，再恢复备份。",
            ) from error

    def _free(self, stem: str, tail: str) -> Path:
        """Return a name that no file has: what was laid aside before stays."""
        path, number = self.database.with_name(f"{stem}.db{tail}"), 1
        while path.exists():
            number += 1
            path = self.database.with_name(f"{stem}-{number}.db{tail}")
        return path
