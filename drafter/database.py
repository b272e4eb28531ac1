"""One SQLite connection that any thread may use, whose faults are Chinese messages.

Knows nothing of documents: it opens the file, keeps the settings that make a commit durable, and
serialises transactions. SQLite's own words never reach a person.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drafter.errors import StoreError
from drafter.migrations import MIGRATIONS, migrate
from index.failures import DATABASE_ERRORS, is_damage, meaning
from index.lasting import identity
from index.migrating import is_whole
from index.starting import command

_BUSY_SECONDS = 10.0


class Database:
    """The drafts database. A transaction is durable when its `with` block has ended.

    WAL with synchronous=FULL: a commit survives a power cut (sqlite.org/pragma.html, synchronous).
    Where the file was replaced meanwhile (a copy put in the place of a damaged one), the next
    transaction opens the new file: the old one would take what is saved where nobody looks for it.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file at `path` and bring it up to date.

        Raises:
            StoreError: the folder cannot be written, the file is damaged or newer than this code.
        """
        self._path = path
        self._lock = threading.RLock()
        self._closed = self._inside = False
        self._file: tuple[int, int] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if is_lost(path):
                raise _gone(path)
            if is_emptied(path):
                raise _damaged(path)
        except OSError as error:
            raise _unwritable(path) from error
        self._open()

    def _open(self) -> None:
        before = _identity(self._path)
        with self._translated():
            self._connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        opened = _identity(self._path)
        try:
            if before not in (None, opened):  # replaced in between: which one is open?
                raise _replaced()
            with self._translated():
                self._prepare()
            self._file = opened
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        connection = self._connection
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # An interrupted copy often opens but has bad pages; find out before anything is written.
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _damaged(self._path)
        migrate(connection, self._path)
        if not is_whole(connection, MIGRATIONS):
            raise _damaged(self._path)
        # A no-op write: a read-only file or folder must be reported now, not at the first save.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM settings WHERE key IS NULL")
        connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: all of it is kept, or none."""
        with self._lock, self._translated():
            self._follow()
            self._connection.execute("BEGIN IMMEDIATE")
            self._inside = True
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._inside = False
            if _identity(self._path) != self._file:
                raise _replaced()

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self._lock, self._translated():
            if not self._inside:
                self._follow()
            return self._connection.execute(query, tuple(parameters)).fetchall()

    def row(self, query: str, parameters: Sequence[object] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        found = self.rows(query, parameters)
        return found[0] if found else None

    def close(self) -> None:
        """Close the connection. The database cannot be used afterwards."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def _follow(self) -> None:
        """Open the file that is in the place now, if it is another than the one that is open."""
        there = _identity(self._path)
        if there == self._file or self._closed:
            return
        if there is None:  # never made anew here: what is open would be forgotten without a word
            raise _gone(self._path)
        self._connection.close()
        self._file = None
        self._open()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DATABASE_ERRORS as error:
            raise _explain(error, self._path) from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        return identity(path)
    except OSError as error:
        raise _unwritable(path) from error


def is_lost(path: Path) -> bool:
    """Say whether there is no file though there was work: copies, or a damaged one laid aside (the
    program was ended half-way through a restore), are beside it."""
    if path.exists():
        return False
    aside = any(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"))
    return aside or any((path.parent / "backups").glob(f"{path.stem}-*{path.suffix}"))


def is_emptied(path: Path) -> bool:
    """Say whether the file was cut to nothing: SQLite would take it for a new database, and the
    person would find their work gone without a word. Copies beside it show that there was work."""
    if not path.is_file() or path.stat().st_size:
        return False
    wal = path.with_name(f"{path.name}-wal")
    kept = (wal.is_file() and wal.stat().st_size > 0) or any(
        path.parent.glob(f"{path.stem}.v*.bak*{path.suffix}")
    )
    return kept or any((path.parent / "backups").glob(f"{path.stem}-*{path.suffix}"))


def _gone(path: Path) -> StoreError:
    return StoreError(
        f"文稿库文件不在原处：{path}",
        f"请运行 {command('backup list')} 看有哪些备份，再用 backup restore 加备份的名称恢复；"
        "要从头新建的，先把同一个文件夹里的 backups 文件夹和文件名带 damaged 的文件移到别处，"
        "再重新启动。",
    )


def _replaced() -> StoreError:
    return StoreError(
        "文稿库刚被换成一份备份，这次没有保存。", "请刷新页面，看到恢复的文稿后再写。"
    )


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"文稿库文件已损坏：{path}",
        f"请运行 {command('backup list')} 看有哪些备份，再用 backup restore 加备份的名称恢复"
        "（损坏的文件会改名留存）；没有备份的，把它移到别的文件夹后重新启动，会新建一个空文稿库。",
    )


def _unwritable(path: Path) -> StoreError:
    return StoreError(
        f"文稿库所在的文件夹不能写入：{path.parent}",
        "请检查这个文件夹的权限和剩余空间，或用环境变量 DRAFTER_HOME 换一个可以写入的文件夹。",
    )


def _explain(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", -1)  # errors of Python's own have none
    code = code & 0xFF if code >= 0 else code
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return _unwritable(path)
    if code in (sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL):
        return StoreError(
            "文稿库正被另一个程序占用，这次没有保存。", "请关闭另一个拟稿台窗口后再试。"
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StoreError(
            "磁盘写不进去，这次没有保存。", "请腾出磁盘空间后再试；已保存的内容不受影响。"
        )
    if "closed database" in str(error).lower():
        return StoreError("文稿库已经关闭。", "请重新启动拟稿台。")
    if is_damage(error) or "no such" in str(error):  # a table is not there
        return _damaged(path)
    return StoreError(
        f"文稿库读写失败（{meaning(error)}）。",
        "已保存的内容不受影响；请重试，仍不行请重新启动。",
    )
