"""What was set aside stays set aside; and an older database is copied before it is changed."""

import sqlite3
from pathlib import Path

import pytest

from drafter.errors import StoreError
from drafter.migrations import MIGRATIONS
from drafter.store import Store
from tests.store.cases import PLAN, texts

MATTER = ("untraced_number", "9999个", "组织党员干部巡河")


def test_an_ignored_finding_outlives_texts_plans_and_restarts(path: Path) -> None:
    store = Store(path)
    doc = store.create_document("述职报告").id
    other = store.create_document("别的").id
    store.save_plan(doc, PLAN)
    store.ignored.add(doc, MATTER)
    store.ignored.add(doc, MATTER)  # twice is once
    store.save_text(doc, "S3", "另写一遍", store.section_rev(doc, "S3"))
    store.save_plan(doc, PLAN)
    store.close()
    again = Store(path)
    assert again.ignored.of(doc) == {MATTER}
    assert again.ignored.of(other) == frozenset()
    again.ignored.remove(doc, MATTER)
    assert again.ignored.of(doc) == frozenset()


def test_words_no_encoding_can_store_do_not_stop_it(store: Store, doc: int) -> None:
    store.ignored.add(doc, ("placeholder", "\ud800", ""))
    store.ignored.remove(doc, ("placeholder", "\ud800", ""))
    assert store.ignored.of(doc) == frozenset()


def test_a_document_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError):
        store.ignored.add(999, MATTER)


def old_database(path: Path) -> None:
    """Lay down a database of layout 1 with some work in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    MIGRATIONS[0](connection)
    connection.execute("PRAGMA user_version = 1")
    connection.execute(
        "INSERT INTO documents (title, paste, created_at, updated_at)"
        " VALUES ('旧文稿', '要点', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')"
    )
    connection.close()


def test_an_older_database_is_copied_before_it_is_brought_up_to_date(path: Path) -> None:
    old_database(path)
    store = Store(path)
    (info,) = store.documents()
    assert (info.title, store.paste(info.id)) == ("旧文稿", "要点")
    store.ignored.add(info.id, MATTER)
    store.close()
    copy = path.with_name("drafts.v1.bak.db")
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT title FROM documents").fetchone() == ("旧文稿",)
    connection.close()
    taken = copy.stat().st_mtime_ns
    Store(path).close()  # nothing to do any more: no second copy
    assert copy.stat().st_mtime_ns == taken
    assert sorted(p.name for p in path.parent.glob("*.bak*")) == [copy.name]


def test_a_new_database_needs_no_copy(path: Path) -> None:
    store = Store(path)
    doc = store.create_document("新").id
    store.save_plan(doc, PLAN)
    assert set(texts(store, doc)) == {"S1", "S2", "S3", "S4"}
    assert list(path.parent.glob("*.bak*")) == []


def test_without_a_copy_nothing_is_changed(path: Path) -> None:
    old_database(path)
    blocked = path.with_name("drafts.v1.bak.db.part")
    blocked.mkdir()
    (blocked / "占位").write_text("x")
    with pytest.raises(StoreError, match="备份"):
        Store(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
