"""Steps that bring an SQLite file from any older layout to the current one.

Each step runs in its own transaction together with the rise of `PRAGMA user_version`, so a crash
leaves the file at one step or the other, never between. Before a file that holds work is changed, a
checked copy of it is laid beside it (`drafts.db` of layout 1: `drafts.v1.bak.db`). Knows nothing of
what is in the tables.
"""

import errno
import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from index.alone import alone
from index.errors import UserFacingError
from index.failures import DATABASE_ERRORS, meaning
from index.lasting import put_in_place

Step = Callable[[sqlite3.Connection], None]
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    steps: Sequence[Step],
    what: str,
    kind: type[UserFacingError] = UserFacingError,
    copied: bool = False,
) -> None:
    """Take the steps that the file has not taken. The connection must be in autocommit mode.

    `path` is the file, `what` its name for people (文稿库), `kind` the error to raise where a newer
    version of this tool wrote it, or no copy could be made: it is left untouched then. What is
    `copied` is a copy itself and needs none. Raises sqlite3.Error as the steps do; the steps before
    stand.
    """
    version = layout_of(connection)
    if version > len(steps):
        raise kind(
            f"{what}由更新版本的拟稿台写成，这一版打不开：{path.name}。",
            "请升级拟稿台后再打开；里面的内容没有改动。",
        )
    if 0 < version < len(steps) and not copied:
        try:
            with alone(path.parent):
                _back_up(connection, path)
        except (OSError, *DATABASE_ERRORS) as error:
            raise kind(
                f"升级{what}之前要先备份，备份没有写成（{meaning(error)}）。",
                f"{what}没有改动；请腾出磁盘空间或检查文件夹权限，再重新启动：{path.parent}",
            ) from error
    while (done := layout_of(connection)) < len(steps):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have done this step while we waited for the lock.
            if layout_of(connection) == done:
                steps[done](connection)
                connection.execute(f"PRAGMA user_version = {done + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk may have ended it already
                connection.execute("ROLLBACK")
            raise


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, wait: float = 10.0) -> None:
    """Make `target` the same as `source` by SQLite's own backup, which alone waits for ever.

    Raises OSError (EBUSY) where one of them is still in use after `wait` seconds.
    """
    deadline = time.monotonic() + wait

    def give_up(status: int, _left: int, _pages: int) -> None:
        if status & 0xFF in _BUSY and time.monotonic() > deadline:
            raise OSError(errno.EBUSY, "the database is in use")

    source.backup(target, progress=give_up)


def layout_of(connection: sqlite3.Connection) -> int:
    """Return how many steps a file has taken."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_whole(connection: sqlite3.Connection, steps: Sequence[Step]) -> bool:
    """Say whether every table and column is there that all the steps make: a changed byte in the
    description of a table is nothing to SQLite's own check."""
    there = _columns(connection)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for step in steps:
            step(fresh)
        return _columns(fresh) <= there


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = connection.execute(
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table'"
    )
    return {(row[0], row[1]) for row in rows}


def _back_up(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the file as it is, unless there is this very copy. Older copies stay: they are work."""
    stem = f"{path.stem}.v{layout_of(connection)}.bak"
    part = path.with_name(f"{stem}{path.suffix}.part")
    try:
        for leftover in (part, part.with_name(f"{part.name}-journal")):
            leftover.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as target:
            copy_pages(connection, target)
            target.execute("PRAGMA journal_mode = DELETE")
            if target.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("the copy is not sound")
        number, copy = 1, path.with_name(f"{stem}{path.suffix}")
        while copy.exists() and _sha256(copy) != _sha256(part):
            number += 1
            copy = path.with_name(f"{stem}-{number}{path.suffix}")
        if not copy.exists():
            put_in_place(part, copy)
    finally:
        for leftover in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
