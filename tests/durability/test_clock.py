"""A clock that is wrong, set back or reset at each start: no day is skipped, no copy dropped, no
version out of order."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from drafter.backups import KEPT_DAYS, KEPT_OTHERS, Backups
from drafter.store import Store
from tests.durability.homes import dice, make_home


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 5, 3, 8, 30)

    def __call__(self) -> datetime:
        return self.now


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        return [row[0] for row in opened.execute("SELECT title FROM documents ORDER BY id")]


def test_a_clock_that_was_ahead_skips_no_day(tmp_path: Path) -> None:
    clock, store = Clock(), Store(tmp_path / "drafts.db")
    backups = Backups(tmp_path / "drafts.db", clock)
    store.create_document("甲")
    assert backups.daily() is not None  # made on what the clock said was 3 May
    clock.now -= timedelta(days=2)  # it was 1 May
    for title in ("乙", "丙", "丁"):
        store.create_document(title)
        made = backups.daily()
        assert made is not None and titles(backups.path(made.name))[-1] == title
        assert backups.daily() is None
        clock.now += timedelta(days=1)
    assert [titles(backups.path(b.name))[-1] for b in backups.list()] == ["丁", "丙", "乙", "甲"]


def test_a_clock_set_back_never_drops_the_copy_just_made(tmp_path: Path) -> None:
    clock, store = Clock(), Store(tmp_path / "drafts.db")
    backups = Backups(tmp_path / "drafts.db", clock)
    for _ in range(KEPT_OTHERS):
        store.create_document("甲")
        backups.make()
        clock.now += timedelta(days=1)
    backups.daily()
    clock.now = datetime(1970, 1, 1)
    for number in range(3):
        store.create_document(f"乙{number}")
        made = backups.make()
        assert backups.list()[0] == made
        assert titles(backups.path(made.name))[-1] == f"乙{number}"
    daily = backups.daily()
    assert daily is not None and backups.list()[0] == daily
    assert len([b for b in backups.list() if b.why == "asked"]) == KEPT_OTHERS


def test_a_clock_reset_at_each_start_does_not_push_the_days_out(tmp_path: Path) -> None:
    clock, store = Clock(), Store(tmp_path / "drafts.db")
    backups = Backups(tmp_path / "drafts.db", clock)
    store.create_document("甲")
    real = clock.now
    for _ in range(KEPT_DAYS + 2):
        for _start in range(2):  # an empty battery: 1970, then the network sets it right
            clock.now = datetime(1970, 1, 1)
            backups.daily()
            clock.now = real
            backups.daily()
        real += timedelta(days=1)
    days = {b.made.date() for b in backups.list()} - {datetime(1970, 1, 1).date()}
    assert len(days) >= KEPT_DAYS - 1


def test_versions_keep_their_order_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home(tmp_path, dice(1))
    store = Store(tmp_path / "drafts.db")
    times = iter(["2030-01-01T00:00:00+00:00", "2020-01-01T00:00:00+00:00"] * 50)
    monkeypatch.setattr("drafter.store_rows.now", lambda: next(times))
    for number in range(6):
        store.save_text(1, "S3", f"第{number}稿", store.section_rev(1, "S3"))
    assert [v.text for v in store.history(1, "S3")] == [f"第{n}稿" for n in range(5, -1, -1)]
    assert store.draft_sections(1)[2].text == "第5稿"


def test_the_oldest_copy_can_be_restored_though_the_list_is_full(tmp_path: Path) -> None:
    store, backups = Store(tmp_path / "drafts.db"), Backups(tmp_path / "drafts.db")
    store.create_document("最早")
    for _ in range(KEPT_OTHERS):
        backups.make()
        store.create_document("后来")
    backups.restore(backups.list()[-1].name)  # the copy made before it pushes it out of the list
    assert [info.title for info in store.documents()] == ["最早"]
