"""All work as one file: it comes back whole elsewhere; a foreign or broken one changes nothing."""

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from drafter import database_files, packing
from drafter.errors import UserFacingError
from drafter.packing import library_backups, pack, unpack
from drafter.store import Store
from index.library import Library
from tests.fakes import FakeEmbedder

SAMPLE = (
    "述职报告\n一、履职情况\n一是抓实责任。召开会议研究党建工作。\n二、存在的问题\n学习不够深入。\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "甲机"
    store = Store(place / "drafts.db")
    store.create_document("年度述职报告")
    store.set_setting("settings", json.dumps({"api_key": "sk-秘密钥匙"}, ensure_ascii=False))
    store.close()
    library = Library(place / "library", FakeEmbedder)
    library.add_files("往年.txt", SAMPLE.encode())
    library.close()
    (place / "templates").mkdir()
    (place / "templates" / "本单位.dotx").write_bytes(b"PK...")
    return place


def test_everything_comes_back_on_another_computer(tmp_path: Path, home: Path) -> None:
    package, other = tmp_path / "全部.zip", tmp_path / "乙机"
    packed = pack(home, package)
    assert (packed.documents, packed.reports) == (1, 1)
    assert unpack(other, package) == packed
    assert [info.title for info in Store(other / "drafts.db").documents()] == ["年度述职报告"]
    library = Library(other / "library", FakeEmbedder)
    assert [report.source for report in library.reports()] == ["往年.txt"]
    assert library.search("抓实责任", None, 1)
    assert (other / "templates" / "本单位.dotx").read_bytes() == b"PK..."


def test_a_key_never_leaves(tmp_path: Path, home: Path) -> None:
    package = tmp_path / "全部.zip"
    pack(home, package)
    with zipfile.ZipFile(package) as opened:
        assert "sk-秘密".encode() not in opened.read("drafts.db")
    kept = Store(home / "drafts.db").setting("settings")
    assert kept is not None
    assert "sk-秘密钥匙" in kept


def test_what_was_there_can_be_had_back(tmp_path: Path, home: Path) -> None:
    package, other = tmp_path / "全部.zip", tmp_path / "乙机"
    pack(home, package)
    store = Store(other / "drafts.db")
    store.create_document("乙机自己的稿子")
    unpack(other, package)
    assert [info.title for info in store.documents()] == ["年度述职报告"]
    copies = sorted((other / "backups").glob("*.db"))
    titles = [
        row[0]
        for copy in copies
        for row in sqlite3.connect(copy).execute("SELECT title FROM documents")
    ]
    assert "乙机自己的稿子" in titles


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"manifest.json": b"[]"},
        {"manifest.json": b'{"form": 1, "files": {"drafts.db": "00"}}', "drafts.db": b"x"},
        {"manifest.json": b'{"form": 1, "files": {"../drafts.db": "00"}}', "../drafts.db": b"x"},
        {"manifest.json": b'{"form": 1, "files": {"templates/../../a": "0"}}', "a": b"x"},
        {"manifest.json": b'{"form": 2, "files": {}}'},
        {"manifest.json": b'{"form": 1, "files": {}}'},
        {"manifest.json": b'{"form": 1, "files": {"drafts.db": "00"}}'},
    ],
)
def test_a_foreign_or_broken_file_changes_nothing(
    tmp_path: Path, home: Path, files: dict[str, bytes]
) -> None:
    before = (home / "drafts.db").read_bytes()
    with pytest.raises(UserFacingError):
        unpack(home, _zip(tmp_path / "别的.zip", files))
    assert (home / "drafts.db").read_bytes() == before
    assert {path.name for path in (home / "backups").glob("*")} <= {".lock"}


def test_a_truncated_package_is_refused(tmp_path: Path, home: Path) -> None:
    package = tmp_path / "全部.zip"
    pack(home, package)
    data = package.read_bytes()
    for size in (0, 10, len(data) // 2, len(data) - 1):
        package.write_bytes(data[:size])
        with pytest.raises(UserFacingError):
            unpack(tmp_path / "乙机", package)
    assert not (tmp_path / "乙机" / "drafts.db").exists()


def test_a_template_of_any_name_and_any_time_comes_back(tmp_path: Path, home: Path) -> None:
    odd = home / "templates" / "甲..乙.dotx"
    odd.write_bytes(b"PK..")
    (home / "templates" / "没传完.dotx.part").write_bytes(b"P")
    os.utime(odd, (0, 0))  # 1970: no zip knows it
    package = tmp_path / "全部.zip"
    pack(home, package)
    unpack(tmp_path / "乙机", package)
    there = {path.name: path.read_bytes() for path in (tmp_path / "乙机" / "templates").iterdir()}
    assert there == {"甲..乙.dotx": b"PK..", "本单位.dotx": b"PK..."}


def test_what_could_not_be_taken_in_is_not_packed(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("MOST_FILES", 3), ("MOST_BYTES", 1000)):
        with monkeypatch.context() as smaller:
            smaller.setattr(packing, name, most)
            with pytest.raises(UserFacingError, match="内容太多"):
                pack(home, tmp_path / "全部.zip")
    assert not list(tmp_path.glob("*.zip*"))


def test_a_package_taken_in_time_and_again_pushes_no_own_library_out(
    tmp_path: Path, home: Path
) -> None:
    package, other = tmp_path / "全部.zip", tmp_path / "乙机"
    pack(home, package)
    Store(other / "drafts.db").close()
    library = Library(other / "library", FakeEmbedder)
    library.add_files("自己的.txt", SAMPLE.encode())
    library.close()
    for _ in range(4):
        unpack(other, package)
    copies = library_backups(other)
    copies.restore(copies.list()[-1].name)
    again = Library(other / "library", FakeEmbedder)
    assert [report.source for report in again.reports()] == ["自己的.txt"]
    again.close()


def test_a_library_is_put_back_where_the_drafts_cannot_be_replaced(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, other = tmp_path / "全部.zip", tmp_path / "乙机"
    pack(home, package)
    library = Library(other / "library", FakeEmbedder)
    library.add_files("自己的.txt", SAMPLE.encode())
    library.close()
    Store(other / "drafts.db").close()
    monkeypatch.setattr(database_files, "_WAIT_SECONDS", 0.2)
    holder = sqlite3.connect(other / "drafts.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")  # somebody writes and does not end
    with pytest.raises(UserFacingError) as caught:
        unpack(other, package)
    assert "样本库已换回原来的" in caught.value.hint
    holder.close()
    again = Library(other / "library", FakeEmbedder)
    assert [report.source for report in again.reports()] == ["自己的.txt"]
    again.close()
