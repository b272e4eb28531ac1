"""The library's SQLite file: tables, how to open it, one transaction at a time.

Everything in it can be rebuilt from the sample reports. Vectors are kept by the hash of the text
they were made from, apart from the reports, so that a text met again is not embedded again.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from index.errors import UserFacingError
from index.failures import DATABASE_ERRORS, is_damage, meaning
from index.migrating import is_whole, migrate
from index.starting import command

DATABASE = "library.db"
# Pages of the file kept in memory at most; a large library's ways to a row do not fit in SQLite's
# own two megabytes.
CACHE_KIB = 64 * 1024
CHECKED_BYTES = 512 * 1024 * 1024  # a library of about 50,000 sections with their vectors

TABLES = """
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    source TEXT NOT NULL,           -- file name, for people
    origin TEXT NOT NULL,           -- whole path of a file, or the name of an upload
    year INTEGER,
    characters INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    parsed TEXT NOT NULL            -- ParsedReport as JSON
);
CREATE TABLE sections (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number TEXT,
    heading TEXT,
    role TEXT NOT NULL,
    level INTEGER NOT NULL,
    text TEXT NOT NULL,
    points TEXT NOT NULL            -- JSON list
);
CREATE INDEX sections_of_report ON sections(report, position);
CREATE TABLE vectors (
    text_sha256 TEXT NOT NULL,
    embedder TEXT NOT NULL,
    vector BLOB NOT NULL,           -- float32, little-endian, length 1
    PRIMARY KEY (text_sha256, embedder)
) WITHOUT ROWID;
CREATE TABLE pairs (                -- a point and the bullets it could have been written from
    section_id TEXT NOT NULL,       -- no foreign key: a rebuild replaces sections and keeps pairs
    point INTEGER NOT NULL,
    bullets TEXT NOT NULL,          -- JSON list
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (section_id, point)
) WITHOUT ROWID;
"""


def create_tables(connection: sqlite3.Connection) -> None:
    """Lay out the tables of a new library."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def add_own(connection: sqlite3.Connection) -> None:
    """Mark reports of the person's own unit (1), which a search prefers."""
    connection.execute("ALTER TABLE reports ADD COLUMN own INTEGER NOT NULL DEFAULT 0")


def add_places(connection: sqlite3.Connection) -> None:
    """Make ready for a million sections: what an import asks is found by an index.

    `place` numbers a section for good (see places.py), `prints` find near-duplicates (prints.py;
    a report whose `printed` is 0 has none yet), `settled` names the embedders that have a vector of
    everything in the library.
    """
    for statement in (
        "ALTER TABLE sections ADD COLUMN place INTEGER",
        "UPDATE sections SET place = rowid",
        "CREATE UNIQUE INDEX sections_by_place ON sections(place)",
        "ALTER TABLE reports ADD COLUMN printed INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX reports_unprinted ON reports(id) WHERE printed = 0",
        "CREATE INDEX reports_own ON reports(id) WHERE own = 1",
        "CREATE INDEX reports_by_origin ON reports(origin)",
        "CREATE TABLE prints (print INTEGER NOT NULL, report TEXT NOT NULL,"
        " PRIMARY KEY (print, report)) WITHOUT ROWID",
        "CREATE TABLE settled (embedder TEXT PRIMARY KEY)",
        "CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "INSERT INTO marks SELECT 'last_place', coalesce(max(place), 0) FROM sections",
    ):
        connection.execute(statement)


def take_places(connection: sqlite3.Connection, count: int) -> int:
    """Take the next `count` places for sections, inside a transaction; return the first."""
    row = connection.execute("SELECT value FROM marks WHERE name = 'last_place'").fetchone()
    first = (int(row[0]) if row else 0) + 1
    connection.execute(
        "INSERT OR REPLACE INTO marks VALUES ('last_place', ?)", (str(first + count - 1),)
    )
    return first


# Only ever appended to.
STEPS = (create_tables, add_own, add_places)


def connect(path: Path) -> sqlite3.Connection:
    """Open the library's database, making it where there is none.

    The connection may be used from any thread, by one at a time. Raises UserFacingError when the
    file cannot be opened, is damaged, or was made by a newer version of this tool.
    """
    with clear_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=30, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            # Bad pages must be found before a search or an import meets them half-way; of a very
            # large file each is found as it is read, for looking at all takes a minute.
            small = path.stat().st_size <= CHECKED_BYTES
            if small and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise damaged(path)
            migrate(connection, path, STEPS, "样本库")
            if not is_whole(connection, STEPS):
                raise damaged(path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about this file into UserFacingError with the next step."""
    try:
        yield
    except (OSError, *DATABASE_ERRORS) as error:
        if is_damage(error):
            raise damaged(path) from error
        raise UserFacingError(
            f"样本库读写失败（{meaning(error)}）：{path}",
            "请检查磁盘空间和读写权限后再试；已导入的样本和已写的文稿不受影响。",
        ) from error


def damaged(path: Path) -> UserFacingError:
    """Return the error of a library whose file is no sound database."""
    return UserFacingError(
        f"样本库文件已损坏：{path}",
        f"文稿不受影响。请运行 {command('backup list')}，用 backup restore 恢复样本库的备份"
        "（library- 开头）；没有备份的，把这个文件改名后重新启动，再重新导入样本。",
    )


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of the block's writes or, on any error, none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all of the block's reads see the database as it was at the first of them."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
