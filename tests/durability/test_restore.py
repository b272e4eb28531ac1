"""Restoring in the worst moments: while the page is open, while the file is busy, half-way."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from drafter import database_files, doctor
from drafter.backups import Backups
from drafter.database_files import DamagedError, check_database
from drafter.errors import StoreError
from drafter.packing import library_backups
from drafter.store import Store
from index.library import Library
from tests.durability.homes import dice, report
from tests.fakes import FakeEmbedder


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        return [row[0] for row in opened.execute("SELECT title FROM documents ORDER BY id")]


def harm(path: Path) -> None:
    """Change the bytes in the file itself, as a bad disk does: who has it open keeps it open."""
    with path.open("r+b") as opened:
        opened.seek(0)
        opened.write(b"\xff" * 8192)


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """Return what holds a database of one document, so that nobody can read it."""
    monkeypatch.setattr(database_files, "_WAIT_SECONDS", 0.2)
    store = Store(tmp_path / "drafts.db")
    store.create_document("早")
    Backups(tmp_path / "drafts.db").make()
    store.create_document("晚")
    store.close()
    holder = sqlite3.connect(tmp_path / "drafts.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("COMMIT")
    return holder


def test_what_is_saved_after_a_damaged_file_was_replaced_is_in_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    store = Store(path)
    store.create_document("早")
    backups = Backups(path)
    kept = backups.make()
    store._db._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    harm(path)
    assert backups.restore(kept.name) is None
    assert [info.title for info in store.documents()] == ["早"]
    store.create_document("恢复以后写的")
    store.close()
    assert titles(path) == ["早", "恢复以后写的"]
    (aside,) = tmp_path.glob("drafts.damaged-*.db")
    with pytest.raises(DamagedError):
        check_database(aside)


def test_what_is_imported_after_a_damaged_library_was_replaced_is_in_the_new_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "library" / "library.db"
    library = Library(path.parent, FakeEmbedder)
    library.add_text("早.txt", report(dice(1)).encode())
    copies = library_backups(tmp_path)
    kept = copies.make()
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    harm(path)
    assert copies.restore(kept.name) is None
    library.add_text("后.txt", report(dice(2)).encode())
    library.close()
    again = Library(path.parent, FakeEmbedder)
    assert {one.source for one in again.reports()} == {"早.txt", "后.txt"}
    again.close()


def test_a_transaction_that_the_restore_overtook_is_not_called_saved(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    store = Store(path)
    store.create_document("早")
    with pytest.raises(StoreError, match="没有保存"), store._db.transaction() as opened:
        path.rename(tmp_path / "drafts.damaged-1.db")
        opened.execute("UPDATE documents SET title = '晚'")


def test_a_file_that_is_busy_is_not_damaged(tmp_path: Path, busy: sqlite3.Connection) -> None:
    backups = Backups(tmp_path / "drafts.db")
    with pytest.raises(StoreError, match="占用") as caught:
        check_database(tmp_path / "drafts.db")
    assert not isinstance(caught.value, DamagedError)
    with pytest.raises(StoreError, match="占用"):
        backups.restore(backups.list()[0].name)
    busy.close()
    assert titles(tmp_path / "drafts.db") == ["早", "晚"]
    assert not list(tmp_path.glob("drafts.damaged-*"))


def test_the_doctor_calls_a_busy_file_unreadable_and_a_lost_one_lost(
    tmp_path: Path, busy: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_HOME", str(tmp_path))
    (look,) = doctor._drafts()
    assert look.state == "不行" and "读不了" in look.seen and "损坏" not in look.seen
    busy.close()
    (look,) = doctor._drafts()
    assert look.state == "好"
    (tmp_path / "drafts.db").rename(tmp_path / "别处.db")
    (look,) = doctor._drafts()
    assert "不在原处" in look.seen and "backup restore" in look.hint


def test_a_copy_of_a_busy_file_is_given_up(tmp_path: Path, busy: sqlite3.Connection) -> None:
    with pytest.raises(StoreError, match="占用"):
        Backups(tmp_path / "drafts.db").make()
    with pytest.raises(StoreError, match="占用"):
        database_files.overwrite_database(
            next((tmp_path / "backups").glob("*.db")), tmp_path / "drafts.db"
        )
    busy.close()
    assert titles(tmp_path / "drafts.db") == ["早", "晚"]


@pytest.mark.parametrize("beside", ["backups/drafts-20260101-000000-daily-00001.db",
                                    "drafts.damaged-20260101-000000.db"])  # fmt: skip
def test_an_end_half_way_never_shows_an_empty_desk(tmp_path: Path, beside: str) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / beside).write_bytes(b"?")
    with pytest.raises(StoreError, match="不在原处"):
        Store(tmp_path / "drafts.db")
    assert not (tmp_path / "drafts.db").exists()


def test_a_store_whose_file_is_gone_makes_no_new_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "drafts.db")
    (tmp_path / "drafts.db").rename(tmp_path / "别处.db")
    for _ in range(2):
        with pytest.raises(StoreError, match="不在原处"):
            store.create_document("写到哪里去了")
    (tmp_path / "别处.db").rename(tmp_path / "drafts.db")
    store.create_document("找回来了")


def test_no_kind_of_copy_pushes_another_out(tmp_path: Path) -> None:
    store, backups = Store(tmp_path / "drafts.db"), Backups(tmp_path / "drafts.db")
    store.create_document("早")
    asked = backups.make()
    before = backups.restore(asked.name)
    for _ in range(11):
        backups.make()
    for _ in range(9):
        backups.restore(backups.list()[-1].name)
    assert before is not None and before.name in {one.name for one in backups.list()}
    assert sum(one.why == "asked" for one in backups.list()) == 10
