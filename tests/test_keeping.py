"""`backup` and `doctor` on the command line, the daily copy by itself, and the page's part."""

import errno
import json
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from drafter.__main__ import main
from drafter.backups import Backup, Backups
from drafter.keeper import Keeper
from drafter.store import Store
from drafter.ui.copies import Copies
from drafter.ui.wiring import Told
from drafter.workflow import Workspace


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "家"
    monkeypatch.setenv("DRAFTER_HOME", str(place))
    monkeypatch.setenv("DRAFTER_MODELS", str(tmp_path / "models"))
    return place


def write(home: Path, title: str) -> None:
    store = Store(home / "drafts.db")
    store.create_document(title)
    store.close()


def titles(home: Path) -> list[str]:
    store = Store(home / "drafts.db")
    found = sorted(info.title for info in store.documents())
    store.close()
    return found


class Event:
    def __init__(self, **data: str) -> None:
        self._data = data
        self.target = None


def test_a_copy_is_made_listed_and_restored(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "make"]) == 1
    assert "还没有文稿" in capsys.readouterr().err
    write(home, "甲")
    assert main(["backup", "make"]) == 0
    name = capsys.readouterr().out.split("\t")[0]
    write(home, "乙")
    assert main(["backup", "restore", name]) == 0
    assert titles(home) == ["甲"]
    capsys.readouterr()
    main(["backup", "list"])
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["backup", "restore", "没有这份"]) == 1
    assert "没有名为" in capsys.readouterr().err


def test_a_package_travels(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(home, "甲")
    package = str(tmp_path / "全部.zip")
    assert main(["backup", "pack", package]) == 0
    write(home, "乙")
    assert main(["backup", "unpack", package]) == 0
    assert "已导入：1 篇文稿" in capsys.readouterr().out
    assert titles(home) == ["甲"]
    (tmp_path / "坏.zip").write_bytes(b"PK")
    assert main(["backup", "unpack", str(tmp_path / "坏.zip")]) == 1


def looked(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, dict[str, str]]:
    main(["doctor", "--json", *more])
    return {look["name"]: look for look in json.loads(capsys.readouterr().out)}


def test_the_doctor_says_what_is_missing_in_a_new_home(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = looked(capsys)
    assert seen["文稿库"]["seen"] == "还没有文稿"
    assert seen["写作模型"]["state"] == "留意"
    assert seen["程序库"]["state"] == "好"
    assert not home.exists()


def test_the_doctor_finds_a_damaged_database_and_names_the_way_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(home, "要紧的标题")
    kept = Backups(home / "drafts.db").make()
    path = home / "drafts.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert f"backup restore {kept.name}" in said
    assert "要紧的标题" not in said
    assert main(["backup", "restore", kept.name]) == 0
    assert titles(home) == ["要紧的标题"]
    capsys.readouterr()
    assert looked(capsys)["文稿库"]["state"] == "好"


def test_the_doctor_reads_a_whole_model_when_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from drafter.models import list_models

    info = list_models()[0]
    info.path.parent.mkdir(parents=True)
    info.path.write_bytes(b"GGUF")
    assert looked(capsys)[f"模型 {info.name}"]["state"] == "留意"
    assert looked(capsys, "--full")[f"模型 {info.name}"]["state"] == "不行"


def test_the_keeper_makes_todays_copy_and_tells_of_trouble(home: Path) -> None:
    write(home, "甲")
    backups = Backups(home / "drafts.db")
    keeper = Keeper(backups, seconds=0.01)
    end = keeper.start()
    deadline = time.monotonic() + 10
    while not backups.list() and time.monotonic() < deadline:
        time.sleep(0.02)
    end()
    assert [backup.why for backup in backups.list()] == ["daily"]
    shutil.rmtree(home / "backups")
    (home / "backups").write_text("不是文件夹")
    keeper.look()
    assert keeper.trouble is not None
    assert "备份没有写成" in keeper.trouble.message
    (home / "backups").unlink()
    keeper.look()
    assert keeper.trouble is None


def test_the_keeper_outlives_a_disk_that_cannot_be_read(home: Path) -> None:
    class Unreadable(Backups):
        def daily(self) -> Backup | None:
            raise PermissionError(errno.EACCES, "closed")

    write(home, "甲")
    keeper = Keeper(Unreadable(home / "drafts.db"), library=Backups(home / "没有.db"))
    keeper.look()
    assert keeper.trouble is not None and "没有权限" in keeper.trouble.message


def test_the_closing_words_say_what_became_of_what_was_there(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(home, "甲")
    package, path = str(tmp_path / "全部.zip"), home / "drafts.db"
    made = Backups(path).make()
    main(["backup", "pack", package])
    for asked in (["restore", made.name], ["unpack", package]):
        words = []
        for state in ("sound", "damaged", "none"):
            if state == "damaged":
                path.write_bytes(b"%PDF" * 9000)
            if state == "none":
                path.unlink()
            capsys.readouterr()
            assert main(["backup", *asked]) == 0
            words.append(capsys.readouterr().out)
            assert titles(home) == ["甲"]
        assert "存为备份" in words[0] and "已损坏，改名留存" in words[1]
        assert "之前没有文稿库" in words[2] and "损坏" not in words[2]


def test_a_package_too_large_for_the_page_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Workspace(home)
    desk.create_document("甲")
    assert "message" not in Copies(desk, tmp_path).pack(Told())
    monkeypatch.setattr("drafter.ui.copies.MOST_UPLOADED", 100)
    assert "backup unpack" in Copies(desk, tmp_path).pack(Told())["message"]
    desk.close()


def test_the_page_makes_restores_and_packs(home: Path, tmp_path: Path) -> None:
    desk = Workspace(home)
    desk.create_document("甲")
    copies = Copies(desk, tmp_path)
    assert "还没有备份" in copies.show(Told())["copies"]
    assert "手动" in copies.make(Told())["copies"]
    desk.create_document("乙")
    package = copies.pack(Told())["package"]
    (made,) = desk.keeping.backups.list()
    shown = copies.act(Told(None, Event(do="restore-copy", id=made.name)))
    assert "替换之前" in shown["copies"]
    assert [info.title for info in desk.documents()] == ["甲"]
    assert "2 篇文稿" in copies.unpack(Told(), package)["message"]
    assert {info.title for info in desk.documents()} == {"甲", "乙"}
    desk.close()


def test_a_page_that_asks_for_another_file_is_refused(home: Path, tmp_path: Path) -> None:
    desk = Workspace(home)
    desk.create_document("甲")
    (home / "别的.db").write_bytes(b"")
    sqlite3.connect(home / "别的.db").close()
    with pytest.raises(Exception, match="没有名为"):
        Copies(desk, tmp_path).act(Told(None, Event(do="restore-copy", id="../别的.db")))
    desk.close()
