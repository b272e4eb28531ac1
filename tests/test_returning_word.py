"""What people put into a Word file besides typing: tables, boxes, notes, comments anywhere."""

import random
import subprocess
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

import pytest

from drafter.returning import Returned, returned
from index.errors import UnreadableFile
from tests.export_cases import W
from tests.returning_cases import DRAFT
from tests.returning_edits import (
    WHEN,
    WHO,
    Row,
    WordFile,
    commented,
    mark_end,
    moved,
    retext,
    run,
    tracked,
    tracked_exchange,
    tracked_in,
)

NAME = "领导改过的.docx"
XMLNS = f'xmlns:w="{W[1:-1]}"'


def opened(seed: int = 1) -> WordFile:
    return WordFile(DRAFT, random.Random(seed))  # noqa: S311


def row_of(file: WordFile, start: str) -> Row:
    return next(row for row in file.rows if row.text.startswith(start))


def put_after(file: WordFile, start: str, xml: str) -> None:
    place = list(file.body).index(row_of(file, start).element)
    file.body.insert(place + 1, ElementTree.fromstring(xml))  # noqa: S314


def put_into(file: WordFile, start: str, xml: str) -> None:
    row_of(file, start).element.append(ElementTree.fromstring(xml))  # noqa: S314


def back_of(file: WordFile) -> Returned:
    return returned(DRAFT, NAME, file.saved())


def text_of(back: Returned, section_id: str) -> str:
    return next(s.new for s in back.sections if s.section_id == section_id)


def test_a_table_comes_back_line_by_line() -> None:
    file = opened()
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in ("支部", "8个"))
    put_after(file, "一是定责任", f"<w:tbl {XMLNS}><w:tr>{cells}</w:tr></w:tbl>")
    lines = text_of(back_of(file), "S3").split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("一是"))
    assert lines[at + 1 : at + 3] == ["支部", "8个"]


def test_text_in_a_box_is_not_lost_and_stands_once() -> None:
    file = opened()
    inner = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r>{}</w:p></w:txbxContent>"
    deep = f"<w:r><w:pict>{inner.format('框中框', '')}</w:pict></w:r>"
    put_into(
        file, "一是定责任", f"<w:r {XMLNS}><w:pict>{inner.format('框里的话', deep)}</w:pict></w:r>"
    )
    back = back_of(file)
    assert text_of(back, "S3").count("框里的话") == text_of(back, "S3").count("框中框") == 1
    assert any("文本框" in note for note in back.notes)


def test_hidden_text_stays_out_and_is_told() -> None:
    file = opened()
    put_into(
        file, "一是定责任",
        f"<w:r {XMLNS}><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>",
    )  # fmt: skip
    back = back_of(file)
    assert {s.kind for s in back.sections} == {"same"}
    assert any("隐藏" in note for note in back.notes)


def test_a_line_broken_with_shift_and_enter_is_two_lines() -> None:
    file = opened()
    put_into(file, "三是严考核", f"<w:r {XMLNS}><w:br/><w:t>四是重保障。</w:t></w:r>")
    assert text_of(back_of(file), "S3").endswith("2名。\n四是重保障。")


def test_two_paragraphs_joined_by_a_tracked_deletion_of_the_break() -> None:
    file = opened()
    mark_end(row_of(file, "二是抓督查").element, "del")
    back = back_of(file)
    assert "29个。三是严考核" in text_of(back, "S3")
    kept = next(s for s in back.sections if s.section_id == "S3")
    assert ("delete", "¶") in {(t.kind, t.text) for t in kept.tracked}


def test_a_section_whose_heading_was_deleted_under_tracking_is_told() -> None:
    file = opened()
    row = row_of(file, "队伍力量不够强")
    retext(row, tracked("del", run(row.text, "delText")))
    number = row.element.find(f"{W}r")
    assert number is not None
    row.element.remove(number)
    mark_end(row.element, "del")
    gone = next(s for s in back_of(file).sections if s.section_id == "S8")
    assert (gone.kind, gone.partner) == ("merged", "S7")
    assert [t.author for t in gone.tracked] == [WHO]


def test_a_changed_font_is_shown_and_changes_no_text() -> None:
    file = opened()
    row = row_of(file, "一是定责任")
    xml = (
        f'<w:rPr {XMLNS}><w:b/><w:rPrChange w:id="3" w:author="{WHO}" w:date="{WHEN}"><w:rPr/>'
        "</w:rPrChange></w:rPr>"
    )
    first = run(row.text[:5])
    first.insert(0, ElementTree.fromstring(xml))  # noqa: S314
    retext(row, first, run(row.text[5:]))
    kept = next(s for s in back_of(file).sections if s.section_id == "S3")
    assert kept.kind == "same"
    assert [(t.kind, t.text, t.start, t.end) for t in kept.tracked] == [
        ("format", row.text[:5], 0, 5)
    ]


def test_a_comment_on_a_heading_is_marked_as_such() -> None:
    file = opened()
    row = row_of(file, "思想认识不够深")
    number = {f"{W}id": "0"}
    retext(
        row, ElementTree.Element(f"{W}commentRangeStart", number), run(row.text),
        ElementTree.Element(f"{W}commentRangeEnd", number),
    )  # fmt: skip
    file.comments.append((row, "标题再斟酌"))
    (said,) = next(s for s in back_of(file).sections if s.section_id == "S7").comments
    assert (said.in_heading, said.quoted, said.start, said.end) == (True, row.text, 0, 7)


def test_a_comment_without_a_place_is_still_shown() -> None:
    file = opened()
    file.comments.append((file.rows[0], "总体不错，精简到三千字"))
    assert [c.text for c in back_of(file).comments] == ["总体不错，精简到三千字"]


def test_a_comment_that_never_ends_does_not_harm() -> None:
    file = opened()
    mark = ElementTree.Element(f"{W}commentRangeStart", {f"{W}id": "0"})
    row = row_of(file, "一是定责任")
    retext(row, run(row.text[:4]), mark, run(row.text[4:]))
    file.comments.append((row, "从这里起都要压缩"))
    (said,) = next(s for s in back_of(file).sections if s.section_id == "S3").comments
    assert said.quoted.startswith(row.text[4:])
    assert (said.start, said.end) == (4, len(row.text))


def test_a_document_type_declaration_is_refused() -> None:
    file = opened()
    data = file.saved()
    assert returned(DRAFT, NAME, data).is_unchanged
    file.parts["word/comments.xml"] = b""
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><w/>'
    file.parts["word/styles.xml"] = bomb
    with pytest.raises(UnreadableFile):
        returned(DRAFT, NAME, file.saved())


@pytest.mark.office
def test_edits_saved_again_by_libreoffice_come_back_in_place(tmp_path: Path) -> None:
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    names = []
    for seed in range(6):
        file = opened(seed)
        if seed:
            for edit in (tracked_in, tracked_exchange, moved, commented)[: seed + 1]:
                edit(file)
        names.append((tmp_path / f"{seed}.docx", file))
        names[-1][0].write_bytes(file.saved())
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"),
            *(str(path) for path, _ in names),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for path, file in names:
        back = returned(DRAFT, NAME, (tmp_path / "out" / path.name).read_bytes())
        found = {
            s.section_id: (s.heading, [line.strip() for line in s.new.split("\n") if line.strip()])
            for s in back.sections
        }
        assert found == file.expected()
        assert back.is_unchanged == (path.stem == "0")
        for row, text in file.comments:
            kept = next(s for s in back.sections if s.section_id == row.owner)
            assert text in {comment.text for comment in kept.comments}
