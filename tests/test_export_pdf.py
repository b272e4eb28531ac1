"""The report as PDF and as pictures of its pages: by LibreOffice, bounded, nothing left behind."""

import json
import struct
import subprocess
import tempfile
import threading
import time
import zlib
from dataclasses import asdict
from pathlib import Path

import pytest

from drafter.__main__ import main
from drafter.errors import ExportError
from drafter.export import docx_of, paragraphs, paragraphs_of_text, to_docx
from drafter.export.fonts import stand_ins
from drafter.export.pdf_of import pdf_of
from drafter.export.pictures import pictures_of, png_of
from index.soffice import SEARCH_VARIABLE, find_office
from tests.export_cases import REPORT, long_report

office = pytest.mark.office


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where temporary files are put, with Chinese and a space in its path."""
    folder = tmp_path / "临时 文件"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def needs_office() -> None:
    if find_office() is None:
        pytest.skip("LibreOffice (soffice) is not installed")


def stubborn_office(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in LibreOffice's place that starts another and never ends."""
    program = folder / "soffice.sh"
    program.write_text('#!/bin/sh\nsleep 300 &\necho $! > "$(dirname "$0")/pid"\nwait\n')
    program.chmod(0o755)
    monkeypatch.setenv(SEARCH_VARIABLE, str(program))


def still_running(folder: Path) -> bool:
    """Tell whether a process names this folder, or the one that program started still lives."""
    command = ["ps", "-eo", "pid,stat,args"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # One that has ended stays listed as Z until somebody asks for its status.
    rows = [row for line in listed.splitlines() if (row := line.split(None, 2))[1][0] != "Z"]
    started = folder / "pid"
    pid = started.read_text().strip() if started.exists() else None
    return any(row[0] == pid or str(folder) in row[2] for row in rows)


def shown(pdf: bytes) -> list[str]:
    """Return the text of each page without blanks."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


@office
def test_the_pdf_holds_the_whole_report_and_leaves_nothing_behind(scratch: Path) -> None:
    needs_office()
    pages = shown(pdf_of(to_docx(REPORT)))
    text = "".join(pages)
    place = 0
    for paragraph in paragraphs(REPORT):
        place = text.find("".join(paragraph.full.split())[:20], place)
        assert place >= 0, paragraph.full
    assert "—1—" in pages[0]
    assert not list(scratch.iterdir())
    assert not still_running(scratch)


@office
def test_the_title_stands_in_two_lines_with_the_fonts_of_this_machine() -> None:
    """A missing font must not be replaced by one with wide digits: lines would break elsewhere."""
    needs_office()
    if not stand_ins():
        pytest.skip("this machine has every font of official documents")
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf_of(to_docx(long_report())))[0].get_textpage()
    lines = [line for line in page.get_text_bounded().splitlines() if line.strip()]
    title = long_report().title
    assert "".join(lines[0].split()) == title[:14]
    assert "".join(lines[1].split()) == title[14:]


def test_what_stands_in_for_a_font_is_installed_and_the_font_itself_is_not() -> None:
    have = frozenset({"simsun", "宋体", "kaiti", "noto sans cjk sc"})
    found = stand_ins(have)
    assert found["楷体_GB2312"] == found["KaiTi_GB2312"] == "KaiTi"
    assert found["黑体"] == "Noto Sans CJK SC"
    assert "宋体" not in found
    assert "仿宋_GB2312" not in found, "nothing of the table is installed"


def test_without_libreoffice_the_next_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, "")
    with pytest.raises(ExportError, match="LibreOffice") as refused:
        pdf_of(to_docx(REPORT))
    assert "导出 Word" in refused.value.hint


def test_a_stop_ends_everything_at_once(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn_office(tmp_path, monkeypatch)
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    began = time.monotonic()
    with pytest.raises(ExportError, match="已停止"):
        pdf_of(to_docx(REPORT), stop)
    assert time.monotonic() - began < 5
    assert not list(scratch.iterdir())
    assert not still_running(tmp_path)


def test_a_program_that_never_ends_is_ended(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn_office(tmp_path, monkeypatch)
    with pytest.raises(ExportError, match="1 秒"):
        pdf_of(to_docx(REPORT), seconds=1)
    assert not list(scratch.iterdir())
    assert not still_running(tmp_path)


def test_a_program_that_makes_nothing_or_cannot_start_is_told(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv(SEARCH_VARIABLE, str(program))
    with pytest.raises(ExportError, match="没能生成"):
        pdf_of(to_docx(REPORT))
    program.chmod(0o644)
    with pytest.raises(ExportError, match="启动不了"):
        pdf_of(to_docx(REPORT))
    assert not list(scratch.iterdir())


def pixels_of(png: bytes) -> tuple[int, int, int, bytes]:
    """Return width, height, kind of colour and the rows of a PNG, each chunk's sum checked."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, packed, head = 8, b"", b""
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", png, at + 8 + size)[0] == zlib.crc32(kind + body)
        head = body if kind == b"IHDR" else head
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    width, height, depth, colour = struct.unpack_from(">IIBB", head)
    assert depth == 8
    return width, height, colour, zlib.decompress(packed)


def test_a_picture_is_grey_where_there_is_no_colour() -> None:
    import numpy as np

    white = np.full((2, 3, 3), 255, "uint8")
    assert pixels_of(png_of(white)) == (3, 2, 0, b"\x00\xff\xff\xff" * 2)
    red = white.copy()
    red[0, 0] = (200, 0, 0)
    width, height, colour, rows = pixels_of(png_of(red))
    assert (width, height, colour) == (3, 2, 2)
    assert rows[:4] == b"\x00\xc8\x00\x00"


@office
def test_the_pages_come_as_pictures_in_order_and_no_more_than_asked() -> None:
    needs_office()
    pdf = pdf_of(to_docx(long_report()))
    pictures = list(pictures_of(pdf, 3))
    assert [picture.number for picture in pictures] == [1, 2, 3]
    assert {picture.pages for picture in pictures} == {len(shown(pdf))}
    for picture in pictures:
        width, height, _, rows = pixels_of(picture.png)
        assert (width, height) == (picture.width, picture.height)
        assert abs(height / width - 297 / 210) < 0.01
        assert min(rows) < 60, "something is printed on it"
    assert sum(len(picture.png) for picture in pictures) < 600_000


def test_a_broken_pdf_has_no_pictures() -> None:
    with pytest.raises(ExportError, match="读不出来"):
        list(pictures_of(b"%PDF-1.7 nothing", 3))


def draft_json(folder: Path) -> Path:
    path = folder / "稿.json"
    path.write_text(json.dumps(asdict(REPORT), ensure_ascii=False), encoding="utf-8")
    return path


@office
def test_the_command_line_writes_a_pdf(tmp_path: Path) -> None:
    needs_office()
    out = tmp_path / "报告.pdf"
    assert main(["export", str(draft_json(tmp_path)), "-o", str(out)]) == 0
    assert REPORT.title[:10] in shown(out.read_bytes())[0]


def test_the_command_line_says_what_a_pdf_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, "")
    out = tmp_path / "报告.pdf"
    assert main(["export", str(draft_json(tmp_path)), "-o", str(out)]) == 1
    assert "LibreOffice" in capsys.readouterr().err
    assert not out.exists()


@office
def test_a_report_of_forty_pages_is_set_in_time() -> None:
    needs_office()
    lines = "\n".join(f"第{n}项工作已经完成，成效明显，群众满意。" for n in range(1, 880))
    pdf = pdf_of(docx_of(paragraphs_of_text(f"某某局工作总结\n{lines}")))
    assert len(shown(pdf)) >= 40
    assert len(list(pictures_of(pdf, 30))) == 30
