"""Copies of the drafts: made whole while somebody writes, kept for weeks, and put back."""

import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from drafter.backups import KEPT_DAYS, Backups, check_database, is_sound
from drafter.errors import StoreError
from drafter.migrations import create_tables
from drafter.store import Store


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 8, 30)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "drafts.db")


@pytest.fixture
def backups(tmp_path: Path, clock: Clock) -> Backups:
    return Backups(tmp_path / "drafts.db", clock)


def titles(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    found = [row[0] for row in connection.execute("SELECT title FROM documents ORDER BY id")]
    connection.close()
    return found


def test_one_copy_a_day_and_none_before_there_is_work(
    tmp_path: Path, clock: Clock, backups: Backups
) -> None:
    assert backups.daily() is None
    store = Store(tmp_path / "drafts.db")
    store.create_document("述职报告")
    first = backups.daily()
    assert first is not None
    assert titles(backups.path(first.name)) == ["述职报告"]
    assert backups.daily() is None
    clock.now += timedelta(days=1)
    assert backups.daily() is not None


def test_a_clock_set_back_loses_nothing(store: Store, clock: Clock, backups: Backups) -> None:
    store.create_document("甲")
    backups.daily()
    clock.now -= timedelta(days=400)
    store.create_document("乙")
    older = backups.daily()
    assert older is not None
    assert len(backups.list()) == 2
    assert titles(backups.path(older.name)) == ["甲", "乙"]


def test_old_days_go_and_the_first_of_each_month_stays(
    store: Store, clock: Clock, backups: Backups
) -> None:
    store.create_document("甲")
    for _ in range(100):
        backups.daily()
        clock.now += timedelta(days=1)
    days = [backup.made.date() for backup in backups.list()]
    assert days[:KEPT_DAYS] == [(clock.now - timedelta(days=n + 1)).date() for n in range(14)]
    assert {f"{day:%Y-%m}" for day in days} == {
        "2026-01", "2026-02", "2026-03", "2026-04", "2026-05",
    }  # fmt: skip
    assert len(days) < 20


def test_a_restore_is_seen_by_who_has_the_drafts_open_and_can_be_taken_back(
    store: Store, clock: Clock, backups: Backups
) -> None:
    store.create_document("早上的稿子")
    morning = backups.make()
    clock.now += timedelta(hours=3)
    store.create_document("中午的稿子")
    before = backups.restore(morning.name)
    assert [info.title for info in store.documents()] == ["早上的稿子"]
    assert before is not None
    clock.now += timedelta(hours=1)
    backups.restore(before.name)
    assert {info.title for info in store.documents()} == {"早上的稿子", "中午的稿子"}
    store.create_document("晚上的稿子")


def test_a_copy_made_while_somebody_writes_is_whole(
    store: Store, clock: Clock, backups: Backups
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            store.create_document("稿子" * 200)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(8):
            clock.now += timedelta(seconds=1)
            check_database(backups.path(backups.make().name))
    finally:
        stop.set()
        writer.join()


def test_damaged_drafts_are_laid_aside_and_replaced(
    tmp_path: Path, store: Store, backups: Backups
) -> None:
    store.create_document("要紧的稿子")
    kept = backups.make()
    store.close()
    path = tmp_path / "drafts.db"
    damaged = b"SQLite format 3\x00" + b"\xff" * 8000
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="损坏"):
        Store(path)
    assert backups.restore(kept.name) is None
    assert [info.title for info in Store(path).documents()] == ["要紧的稿子"]
    (aside,) = tmp_path.glob("drafts.damaged-*.db")
    assert aside.read_bytes() == damaged


def test_a_copy_from_before_an_update_is_brought_up_to_date(
    tmp_path: Path, store: Store, backups: Backups
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = sqlite3.connect(folder / "drafts-20250102-030405-daily.db", isolation_level=None)
    create_tables(old)
    old.execute("INSERT INTO documents (title, created_at, updated_at) VALUES ('旧稿', '', '')")
    old.execute("PRAGMA user_version = 1")
    old.close()
    backups.restore("drafts-20250102-030405-daily.db")
    (info,) = store.documents()
    store.ignored.add(info.id, ("a", "b", "c"))
    assert info.title == "旧稿"


def test_a_damaged_copy_replaces_nothing(store: Store, backups: Backups) -> None:
    store.create_document("甲")
    made = backups.make()
    path = backups.path(made.name)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\x00" * (len(data) - 4096))
    with pytest.raises(StoreError, match="损坏"):
        backups.restore(made.name)
    assert [info.title for info in store.documents()] == ["甲"]


def test_a_name_from_elsewhere_is_no_copy(store: Store, backups: Backups) -> None:
    store.create_document("甲")
    for name in ("../drafts.db", "/etc/passwd", "drafts-20260101-000000-daily.db"):
        with pytest.raises(StoreError, match="没有名为"):
            backups.restore(name)


def test_a_full_or_closed_folder_leaves_no_half_copy(
    tmp_path: Path, store: Store, backups: Backups
) -> None:
    store.create_document("甲")
    (tmp_path / "backups").write_text("这里不是文件夹")
    with pytest.raises(StoreError, match="备份没有写成"):
        backups.make()
    assert not list(tmp_path.glob("*.part*"))
    assert is_sound(tmp_path / "drafts.db")
