"""What durability stands on: SQLite's settings, steps after a copy, a newer file refused, one at a
time, nothing left by a killed process."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from drafter.backups import Backups
from drafter.errors import StoreError
from drafter.migrations import MIGRATIONS
from drafter.packing import pack, unpack
from drafter.store import Store
from index.alone import alone, working_folder
from index.errors import UserFacingError
from index.library import Library
from index.library.schema import STEPS, connect
from tests.conftest import ROOT
from tests.durability.homes import dice, make_home, make_old
from tests.fakes import FakeEmbedder


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        return [row[0] for row in opened.execute("SELECT title FROM documents ORDER BY id")]


def layout(path: Path) -> int:
    with closing(sqlite3.connect(path)) as opened:
        return int(opened.execute("PRAGMA user_version").fetchone()[0])


# what SQLite is asked for


def test_every_database_writes_through_to_the_disk(tmp_path: Path) -> None:
    store = Store(tmp_path / "drafts.db")
    for opened in (store._db._connection, connect(tmp_path / "library" / "library.db")):
        assert opened.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert opened.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
        assert opened.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        opened.close()


# older and newer files


def test_a_copy_is_made_before_each_upgrade_also_after_going_back(tmp_path: Path) -> None:
    make_old(tmp_path / "家", 1, dice(1))
    path = tmp_path / "家" / "drafts.db"
    Store(path).close()
    first = path.with_name("drafts.v1.bak.db")
    assert (layout(first), layout(path)) == (1, len(MIGRATIONS))
    # The person goes back to the old release with that copy, works on, and upgrades again.
    path.write_bytes(first.read_bytes())
    with closing(sqlite3.connect(path)) as old:
        old.execute("UPDATE documents SET title = '后来写的' WHERE id = 1")
        old.commit()
    Store(path).close()
    assert titles(first)[0] == "旧文稿0"
    assert titles(path.with_name("drafts.v1.bak-2.db"))[0] == "后来写的"
    assert not list(path.parent.glob("*.part*"))


def test_an_older_library_is_copied_and_brought_up_to_date(tmp_path: Path) -> None:
    make_old(tmp_path, 1, dice(1))
    path = tmp_path / "library" / "library.db"
    with closing(Library(path.parent, FakeEmbedder)) as library:
        assert [report.title for report in library.reports()] == ["旧样本"]
        assert library.own_reports() == frozenset()
    assert (layout(path.with_name("library.v1.bak.db")), layout(path)) == (1, len(STEPS))


def test_a_step_that_fails_leaves_the_file_at_the_step_before(tmp_path: Path) -> None:
    make_old(tmp_path, 1, dice(1))
    with closing(sqlite3.connect(tmp_path / "drafts.db")) as old:
        old.execute("CREATE TABLE locked_sentences (x)")  # the third step meets it half-way
    with pytest.raises(StoreError):
        Store(tmp_path / "drafts.db")
    assert layout(tmp_path / "drafts.db") == 2
    with closing(sqlite3.connect(tmp_path / "drafts.db")) as opened:
        tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_schema")}
    assert "exemplar_choices" not in tables


def test_a_newer_copy_or_package_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    home, path = tmp_path / "家", tmp_path / "家" / "drafts.db"
    make_home(home, dice(1))
    backups = Backups(path)
    made = backups.path(backups.make().name)
    pack(home, tmp_path / "全部.zip")
    for file in (made,):
        with closing(sqlite3.connect(file)) as newer:
            newer.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="更新版本"):
        backups.restore(made.name)
    assert (titles(path), layout(path)) == (["起点"], len(MIGRATIONS))
    for name in ("drafts.db", "library/library.db"):
        other = tmp_path / f"乙{len(name)}"
        make_home(other, dice(1))
        with closing(sqlite3.connect(other / name)) as newer:
            newer.execute("PRAGMA user_version = 99")
        pack(other, tmp_path / "新版.zip")
        with pytest.raises(UserFacingError, match="更新版本"):
            unpack(home, tmp_path / "新版.zip")
        assert (titles(path), layout(path)) == (["起点"], len(MIGRATIONS))
        assert layout(home / "library" / "library.db") == len(STEPS)
    with pytest.raises(UserFacingError, match="更新版本"):
        Library(other / "library", FakeEmbedder).reports()


def test_a_library_is_not_taken_for_drafts(tmp_path: Path) -> None:
    make_home(tmp_path, dice(1))
    backups = Backups(tmp_path / "drafts.db")
    taken = backups.take_in(tmp_path / "library" / "library.db")
    with pytest.raises(StoreError, match="不是文稿库"):
        backups.restore(taken.name)
    assert titles(tmp_path / "drafts.db") == ["起点"]


# one at a time, and nothing left


def test_a_killed_process_leaves_no_lock_and_no_folder(tmp_path: Path) -> None:
    place = tmp_path / "backups"
    code = (
        "import sys, time; from pathlib import Path; from index.alone import working_folder\n"
        f"with working_folder(Path({str(place)!r})) as folder:\n"
        "    (folder / 'big').write_text('x'); print('in', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout is not None and child.stdout.readline().strip() == b"in"
    with working_folder(place):
        assert len(list(place.glob("work-*"))) == 2  # one at work is left alone
    os.kill(child.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    child.wait()
    child.stdout.close()
    began = time.monotonic()
    with working_folder(place):
        assert len(list(place.glob("work-*"))) == 1
    assert time.monotonic() - began < 5
    assert [path.name for path in place.iterdir()] == [".lock"]


def test_two_do_not_hold_one_lock(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(OSError), alone(tmp_path, seconds=0):
        pass
    with alone(tmp_path, seconds=0):
        pass
