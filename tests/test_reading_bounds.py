"""What reading may take: time, memory, depth; and that nothing and nobody is left when it ends."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from index import soffice
from index.errors import UnreadableFile
from index.parse import MAX_PACKED_BYTES, read_each, read_each_bytes, read_file_bytes, read_text
from index.reading import bounded
from tests.nasty import REPORT, docx, ole, report_pdf, zipped
from tests.nasty_packed import FIB

OLD_WORD = ole({"WordDocument": FIB + bytes(20)})
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for LibreOffice")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "临时 文件"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def fake_office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv(soffice.SEARCH_VARIABLE, str(program))


@posix
def test_a_converter_that_hangs_is_killed_with_all_it_started(
    scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "pid"
    fake_office(tmp_path, f"sleep 300 & echo $! > '{mark}'; sleep 300", monkeypatch)
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match="超过 2 秒"):
        bounded.bounded_text("a.doc", "ole", OLD_WORD, False, seconds=2.0)
    assert time.monotonic() - began < 10
    child = int(mark.read_text())
    deadline = time.monotonic() + 5
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(child)
    assert not list(scratch.iterdir())


def running(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith(b"Z")


@posix
def test_what_the_converter_made_is_read(
    scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(docx())
    fake_office(tmp_path, f"mkdir out; cp '{made}' out/source.docx", monkeypatch)
    reading = read_file_bytes("旧.doc", OLD_WORD)
    assert reading.text == REPORT.strip()
    assert "LibreOffice" in reading.notes[0]
    assert not list(scratch.iterdir())


@posix
def test_a_converter_that_makes_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_office(tmp_path, "exit 1", monkeypatch)
    with pytest.raises(UnreadableFile, match="没有转换成功"):
        read_file_bytes("旧.wps", OLD_WORD)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("旧.doc", OLD_WORD, "旧版 Word"),
        ("旧.et", ole({"Workbook": b"x"}), "旧版 Excel"),
        ("文.rtf", b"{\\rtf1 a}", "RTF"),
    ],
)
def test_without_libreoffice_a_person_is_told_what_to_do(
    name: str, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(soffice.SEARCH_VARIABLE, "")
    with pytest.raises(UnreadableFile) as refused:
        read_file_bytes(name, data)
    assert said in refused.value.message
    assert "另存为" in refused.value.hint and "LibreOffice" in refused.value.hint


def test_a_process_that_dies_or_babbles_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("false", "true", "echo"):
        monkeypatch.setattr(sys, "executable", f"/bin/{program}")
        if Path(f"/bin/{program}").exists():
            with pytest.raises(UnreadableFile, match="损坏"):
                read_file_bytes("a.docx", docx())


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_over_the_limit_is_refused_not_taken() -> None:
    code = "from index.reading.limits import limit_process as l; l(); bytearray(2 << 30)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("what", ["pipe", "device", "socket"])
def test_what_never_ends_is_not_opened(what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        socket.socket(socket.AF_UNIX).bind(str(path))
    with pytest.raises(UnreadableFile, match="不是普通文件"):
        read_text(path)


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "大.docx"
    with path.open("wb") as file:
        file.truncate(MAX_PACKED_BYTES + 1)
    with pytest.raises(UnreadableFile, match="超过 100 MB"):
        read_text(path)


def test_a_zip_tells_of_each_of_its_files() -> None:
    data = zipped(
        {
            "好/述职.docx": docx(),
            "空.txt": b"",
            "图.png": b"\x89PNG" + bytes(9),
            "b.pdf": report_pdf(),
        }
    )
    found = {r.name: r for r in read_each_bytes("包.zip", data)}
    assert list(found) == ["包.zip/好/述职.docx", "包.zip/空.txt", "包.zip/图.png", "包.zip/b.pdf"]
    assert found["包.zip/好/述职.docx"].text == REPORT.strip()
    assert "空文件" in str(found["包.zip/空.txt"].error)
    assert "图片" in str(found["包.zip/图.png"].error)
    assert found["包.zip/b.pdf"].error is None


def test_a_zip_where_one_document_is_wanted_says_so() -> None:
    with pytest.raises(UnreadableFile, match="里面有 2 个文件"):
        read_file_bytes("包.zip", zipped({"a.txt": REPORT, "b.txt": REPORT}))


def test_names_of_chinese_windows_are_readable() -> None:
    from tests.nasty_packed import gbk_named_zip

    (reading,) = read_each_bytes("包.zip", gbk_named_zip())
    assert reading.name.strip() == "包.zip/述职.txt"


def test_a_folder_is_read_to_any_depth_and_each_file_told(tmp_path: Path) -> None:
    (tmp_path / "里").mkdir()
    (tmp_path / "里" / "a.docx").write_bytes(docx())
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "c.zip").write_bytes(zipped({"d.txt": REPORT}))
    (tmp_path / "e.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "~$a.docx").write_bytes(b"x")
    found = {reading.name: reading.error for reading in read_each(tmp_path)}
    assert list(found) == ["b.pdf", "c.zip/d.txt", "里/a.docx"]
    assert found["b.pdf"] is not None and found["c.zip/d.txt"] is None
