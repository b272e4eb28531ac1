"""Steps that bring a drafts database from any older layout to the current one.

How they are taken, each in a transaction and after a copy: `index.migrating`. Steps are only ever
appended. What the tables mean: `drafter.store`.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from drafter.errors import StoreError
from index import migrating


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
    migrating.migrate(connection, path, MIGRATIONS, "文稿库", StoreError)
