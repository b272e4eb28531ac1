"""Steps that bring a drafts database from any older layout to the current one.

Each step is a named function run in its own transaction together with the rise of
`PRAGMA user_version`, so a crash leaves the database at one step or the other, never between.
Steps are only ever appended. Before a database that holds work is changed, a copy of it is laid
beside it (`drafts.db` of layout 1: `drafts.v1.bak.db`). What the tables mean: `drafter.store`.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from drafter.errors import StoreError


def create_tables(connection: sqlite3.Connection) -> None:
    """Lay out documents, sections, versions and settings.

    `versions` is append-only: triggers refuse to change a text or delete a row, so that no bug
    above can lose what a person wrote. `status` says how a version came in and what was decided
    about it; which version is current is `sections.current_version`.
    """
    for statement in (
        """CREATE TABLE documents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            paste TEXT NOT NULL DEFAULT '',
            facts_json TEXT,
            plan_json TEXT,
            year INTEGER,
            outline TEXT,
            rev INTEGER NOT NULL DEFAULT 1,
            deleted_at TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL)""",
        """CREATE TABLE sections (
            document_id INTEGER NOT NULL REFERENCES documents(id),
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            heading TEXT NOT NULL,
            level INTEGER NOT NULL,
            role TEXT NOT NULL,
            fact_ids TEXT NOT NULL DEFAULT '[]',
            exemplar_ids TEXT NOT NULL DEFAULT '[]',
            target_chars INTEGER NOT NULL DEFAULT 0,
            topic TEXT,
            locked INTEGER NOT NULL DEFAULT 0,
            current_version INTEGER REFERENCES versions(id),
            rev INTEGER NOT NULL DEFAULT 1,
            removed INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (document_id, id))""",
        """CREATE TABLE versions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id INTEGER NOT NULL,
            section_id TEXT NOT NULL,
            parent_id INTEGER REFERENCES versions(id),
            author TEXT NOT NULL CHECK (author IN ('model', 'human')),
            text TEXT NOT NULL,
            run_json TEXT,
            points_json TEXT NOT NULL DEFAULT '[]',
            status TEXT NOT NULL CHECK (
                status IN ('current', 'candidate', 'accepted', 'discarded', 'conflict')),
            created_at TEXT NOT NULL,
            FOREIGN KEY (document_id, section_id) REFERENCES sections(document_id, id))""",
        "CREATE INDEX versions_of_section ON versions (document_id, section_id, id)",
        """CREATE TRIGGER versions_keep_text
            BEFORE UPDATE OF id, document_id, section_id, text, author, created_at ON versions
            BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END""",
        """CREATE TRIGGER versions_keep_rows BEFORE DELETE ON versions
            BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END""",
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ):
        connection.execute(statement)


def add_ignored(connection: sqlite3.Connection) -> None:
    """Keep which findings were set aside, by what they are about (see `drafter.remarks`).

    Not by section and offset: an ignored finding stays ignored through every rewriting.
    """
    connection.execute(
        """CREATE TABLE ignored (
            document_id INTEGER NOT NULL REFERENCES documents(id),
            check_name TEXT NOT NULL,
            words TEXT NOT NULL,
            about TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (document_id, check_name, words, about))"""
    )


def add_desk(connection: sqlite3.Connection) -> None:
    """Keep what a person decides beside the text.

    Exemplars pinned or banned for a section; sentences no rewriting may change; states of the whole
    document, named or not (which version each section had, with plan and facts); last year's
    report; the edited file that came back; why a finding was set aside.
    """
    for statement in (
        """CREATE TABLE exemplar_choices (
            document_id INTEGER NOT NULL REFERENCES documents(id),
            section_id TEXT NOT NULL,
            exemplar_id TEXT NOT NULL,
            choice TEXT NOT NULL CHECK (choice IN ('pinned', 'banned')),
            created_at TEXT NOT NULL,
            PRIMARY KEY (document_id, section_id, exemplar_id))""",
        """CREATE TABLE locked_sentences (
            document_id INTEGER NOT NULL REFERENCES documents(id),
            section_id TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (document_id, section_id, text))""",
        """CREATE TABLE snapshots (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id INTEGER NOT NULL REFERENCES documents(id),
            name TEXT NOT NULL DEFAULT '',
            kind TEXT NOT NULL CHECK (kind IN ('milestone', 'automatic')),
            title TEXT NOT NULL,
            paste TEXT NOT NULL,
            facts_json TEXT,
            plan_json TEXT,
            versions_json TEXT NOT NULL,
            created_at TEXT NOT NULL)""",
        "CREATE INDEX snapshots_of_document ON snapshots (document_id, id)",
        """CREATE TABLE earlier_reports (
            document_id INTEGER PRIMARY KEY REFERENCES documents(id),
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL)""",
        """CREATE TABLE returned_files (
            document_id INTEGER PRIMARY KEY REFERENCES documents(id),
            name TEXT NOT NULL,
            data BLOB NOT NULL,
            created_at TEXT NOT NULL)""",
        "ALTER TABLE ignored ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    ):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    create_tables,
    add_ignored,
    add_desk,
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database up to date. The connection must be in autocommit mode.

    `path` is the database's file; the copy made of an older one is laid beside it.

    Raises:
        StoreError: the database was written by a newer version of this tool, or no copy could be
            made; it is left untouched.
    """
    if _version(connection) > len(MIGRATIONS):
        raise StoreError(
            "文稿库由更新版本的拟稿台写成，这一版打不开。",
            "请升级拟稿台后再打开；文稿没有改动。",
        )
    if 0 < _version(connection) < len(MIGRATIONS):
        _back_up(connection, path)
    while (done := _version(connection)) < len(MIGRATIONS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have done this step while we waited for the lock.
            if _version(connection) == done:
                MIGRATIONS[done](connection)
                connection.execute(f"PRAGMA user_version = {done + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _back_up(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the database as it is. A copy already there is kept: it is the older work."""
    copy = path.with_name(f"{path.stem}.v{_version(connection)}.bak{path.suffix}")
    if copy.exists():
        return
    part = copy.with_name(f"{copy.name}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as target:
            connection.backup(target)
        part.replace(copy)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StoreError(
            f"升级文稿库之前要先备份，备份没有写成：{copy.name}（{error}）。",
            "文稿库没有改动；请腾出磁盘空间或检查文件夹权限，再重新启动。",
        ) from error


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
