"""SQLite files as files: copied whole, looked over, put in another's place, brought up to date.

Nothing here knows what the tables mean, but for those that tell one kind of database from another.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from drafter.errors import StoreError
from drafter.migrations import MIGRATIONS
from index import migrating
from index.failures import DATABASE_ERRORS, is_damage, meaning
from index.lasting import put_in_place
from index.library.schema import STEPS

_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of database: its name for people, what it holds, its steps, a table only it has."""

    what: str
    holds: str
    steps: Sequence[migrating.Step]
    table: str


DRAFTS_KIND = Kind("文稿库", "文稿", MIGRATIONS, "versions")
LIBRARY_KIND = Kind("样本库", "样本", STEPS, "reports")


def copy_database(source: Path, target: Path, failed: str = "备份没有写成") -> None:
    """Write a whole, checked copy of a database that may be in use; nothing is left on failure.

    Raises StoreError, which says in Chinese that what it is for `failed`.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        if not source.stat().st_size:
            raise damaged(source)
        with closing(_reading(source)) as read, closing(sqlite3.connect(part)) as written:
            migrating.copy_pages(read, written, _WAIT_SECONDS)
            written.execute("PRAGMA journal_mode = DELETE")
            _check(written, source)
        put_in_place(part, target)
    except (OSError, *DATABASE_ERRORS) as error:
        if is_damage(error):
            raise damaged(source) from error
        raise StoreError(
            f"{failed}（{meaning(error)}）。",
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
            closing(_reading(source)) as read,
            closing(sqlite3.connect(target, timeout=_WAIT_SECONDS)) as written,
        ):
            migrating.copy_pages(read, written, _WAIT_SECONDS)
            written.execute("PRAGMA journal_mode = WAL")
    except (OSError, *DATABASE_ERRORS) as error:
        raise StoreError(
            f"备份没有恢复成（{meaning(error)}）。",
            "原来的内容没有丢，备份也都在；请关闭正在生成的窗口、腾出磁盘空间后再恢复一次。",
        ) from error


def bring_up_to_date(path: Path, kind: Kind) -> None:
    """Give a copy from before an update of the tool the layout of now.

    Raises StoreError where it is not of this kind, or a newer version of the tool wrote it.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as opened:
            query = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?"
            if not opened.execute(query, (kind.table,)).fetchone()[0]:
                raise StoreError(f"这份文件不是{kind.what}：{path.name}。", "请换一份备份。")
            migrating.migrate(opened, path, kind.steps, kind.what, StoreError, copied=True)
            if not migrating.is_whole(opened, kind.steps):
                raise damaged(path)
    except DATABASE_ERRORS as error:
        raise StoreError(
            f"这份备份是旧版本的，升级没有做成（{meaning(error)}）。",
            f"现在的{kind.holds}没有改动；请换一份备份。",
        ) from error


def check_database(path: Path) -> None:
    """Raise DamagedError unless the file is a database whose every page is sound, and StoreError
    where it cannot be read just now, which says nothing of its pages."""
    try:
        if not path.stat().st_size:
            raise damaged(path)
        with closing(_reading(path)) as opened:
            _check(opened, path)
    except (OSError, *DATABASE_ERRORS) as error:
        if is_damage(error):
            raise damaged(path) from error
        raise StoreError(
            f"读不了 {path.name}（{meaning(error)}）。",
            "它不一定坏了，没有改动；请关闭占用它的程序、检查权限后再试。",
        ) from error


def is_sound(path: Path) -> bool:
    """Say whether `check_database` finds nothing."""
    try:
        check_database(path)
    except StoreError:
        return False
    return True


class DamagedError(StoreError):
    """A file is no sound database."""


def damaged(path: Path) -> DamagedError:
    """Return the error of a file that is no sound database."""
    return DamagedError(
        f"数据库文件已损坏：{path.name}", "请换一份备份；损坏的文件请留着，也许还能救回一部分。"
    )


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise damaged(path)
