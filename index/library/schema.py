"""The library's SQLite file: tables, how to open it, one transaction at a time.

Everything in it can be rebuilt from the sample reports. Vectors are kept by the hash of the text
they were made from, apart from the reports, so that a text met again is not embedded again.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from index.errors import UserFacingError

VERSION = 2
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
    parsed TEXT NOT NULL,           -- ParsedReport as JSON
    own INTEGER NOT NULL DEFAULT 0  -- 1: of the person's own unit, preferred in a search
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
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _make_tables(connection, path)
    return connection


@contextlib.contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about this file into UserFacingError with the next step."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise UserFacingError(
            f"样本库 {path} 读写失败：{error}。",
            "请检查磁盘空间和读写权限；文件若已损坏，可删除它再重新导入样本（不影响已写的文稿）。",
        ) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of the block's writes or, on any error, none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all of the block's reads see the database as it was at the first of them."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):  # two processes may open a new library at once
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version == 0:
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        elif version == 1:
            connection.execute("ALTER TABLE reports ADD COLUMN own INTEGER NOT NULL DEFAULT 0")
        if version < VERSION:
            connection.execute(f"PRAGMA user_version = {VERSION}")
    if version > VERSION:
        connection.close()
        raise UserFacingError(
            f"样本库 {path} 由更新版本的拟稿台建立，这个版本读不了。",
            "请升级拟稿台，或用环境变量 DRAFTER_HOME 换一个文件夹。",
        )
