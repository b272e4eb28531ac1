"""Files as offices keep them are read; what cannot be read is refused with the way out."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.parse import MAX_BYTES, read_text, read_text_bytes, strip_markdown
from index.reading.extract import text_of
from index.reading.types import Request

TEXT = "清源区农业局述职报告\n一、履职情况\n（一）抓学习。全年集中学习12次，研讨4次。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_text_in_any_office_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    boms = {"utf-16-le-bom": b"\xff\xfe", "utf-16-be-bom": b"\xfe\xff"}
    data = boms.get(encoding, b"") + TEXT.encode(encoding.removesuffix("-bom"))
    path = tmp_path / "清源 述职.txt"
    path.write_bytes(data)
    assert read_text(path) == TEXT


def test_a_file_cut_in_the_middle_of_a_character_stays_readable() -> None:
    data = (TEXT * 3).encode()
    assert read_text_bytes("a.txt", data[:-3]).startswith(TEXT)


def test_a_stray_byte_does_not_turn_the_file_into_another_encoding() -> None:
    data = (TEXT * 20).encode()
    assert TEXT in read_text_bytes("a.txt", data[:400] + b"\xff" + data[400:])


@given(st.text(st.sampled_from("党支部学习，。一二（）、12次\n　"), min_size=1).filter(str.strip))
def test_what_was_written_is_what_is_read(text: str) -> None:
    assert read_text_bytes("a.txt", text.encode("utf-8-sig")) == text


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        ("空.txt", b"", "保存"),
        ("空白.txt", " \n　\n".encode(), "扫描"),
        ("照片.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "另存为"),
        ("乱码.txt", bytes(range(1, 32)) * 40, "另存为"),
        ("坏的.docx", b"this is no archive", "修复"),
        ("截断.docx", b"PK\x03\x04" + b"\x14" * 60, "修复"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "docx"),
        ("改名.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "docx"),
        ("旧.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "docx"),
        ("文.pdf", b"%PDF-1.7\n", "docx"),
        ("文.rtf", b"{\\rtf1\\ansi", "docx"),
        ("太大.txt", b"a" * (MAX_BYTES + 1), "20"),
    ],
)
def test_what_cannot_be_read_is_refused_in_chinese(name: str, data: bytes, hint: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_text_bytes(name, data)
    assert name in refused.value.message
    assert hint in refused.value.hint + refused.value.message
    assert refused.value.hint.endswith("。")


def test_places_without_a_readable_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="找不到"):
        read_text(tmp_path / "没有.txt")
    with pytest.raises(UnreadableFile, match="文件夹"):
        read_text(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "密.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="权限"):
        read_text(path)


def docx_bytes(*paragraphs: str) -> bytes:
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return the archive with one part added or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()


def body(xml: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:document xmlns:w="{space}"><w:body>{xml}</w:body></w:document>'.encode()


def test_a_docx_is_read_in_body_order_with_its_tables() -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("清源区农业局述职报告")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells),
        ["支部", "党员", "一支部", "12名"],
        strict=True,
    ):
        cell.text = text
    document.add_paragraph("一、履职情况").add_run("\n（一）抓学习。")
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_text_bytes("a.docx", buffer.getvalue()).split("\n") == [
        "清源区农业局述职报告",
        "支部\t党员",
        "一支部\t12名",
        "一、履职情况",
        "（一）抓学习。",
    ]


def test_a_docx_under_another_name_is_still_a_docx() -> None:
    assert "清源" in read_text_bytes("a.txt", docx_bytes("清源区农业局述职报告"))


def test_a_report_kept_in_one_table_cell_keeps_its_paragraphs() -> None:
    import docx

    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "一、履职情况"
    cell.add_paragraph("（一）抓学习。")
    buffer = io.BytesIO()
    document.save(buffer)
    assert "一、履职情况\n（一）抓学习。" in read_text_bytes("a.docx", buffer.getvalue())


def test_insertions_are_text_and_deletions_are_not() -> None:
    xml = (
        "<w:p><w:r><w:t>坚持</w:t></w:r><w:ins><w:r><w:t>每月</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>每周</w:delText></w:r></w:del><w:r><w:t>学习</w:t></w:r></w:p>"
    )
    data = with_part(docx_bytes("x"), "word/document.xml", body(xml))
    assert read_text_bytes("a.docx", data) == "坚持每月学习"


def test_numbers_word_makes_by_itself_are_written_out() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def level(ilvl: int, form: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
        )

    numbering = (
        f'<w:numbering xmlns:w="{space}"><w:abstractNum w:abstractNumId="0">'
        + level(0, "chineseCountingThousand", "%1、")
        + level(1, "japaneseCounting", "（%2）")
        + level(2, "decimal", "%3.")
        + '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    ).encode()

    def paragraph(ilvl: int, text: str) -> str:
        place = f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="7"/></w:numPr>'
        return f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    levels = [
        (0, "履职"),
        (1, "学习"),
        (2, "读书"),
        (1, "支部"),
        (2, "换届"),
        (0, "问题"),
        (1, "不深"),
    ]
    xml = "".join(paragraph(*item) for item in levels)
    data = with_part(docx_bytes("x"), "word/document.xml", body(xml))
    data = with_part(data, "word/numbering.xml", numbering)
    assert read_text_bytes("a.docx", data).split("\n") == [
        "一、履职",
        "（一）学习",
        "1.读书",
        "（二）支部",
        "1.换届",
        "二、问题",
        "（一）不深",
    ]


def test_a_dangerous_archive_is_refused() -> None:
    good = docx_bytes("清源")
    bomb = with_part(good, "word/media/a.bin", b"\x00" * (30 * 1024 * 1024))
    doctype = with_part(good, "word/styles.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    broken = with_part(good, "word/document.xml", b"<w:document>")
    no_text = with_part(with_part(good, "x", b""), "word/document.xml", b"")
    for data in (bomb, doctype, broken, no_text):
        with pytest.raises(UnreadableFile):
            read_text_bytes("a.docx", data)


@pytest.mark.parametrize("sixth", range(1, 6))
def test_every_truncated_docx_is_refused_clearly(sixth: int) -> None:
    data = docx_bytes("清源区农业局述职报告", "一、履职情况")
    with pytest.raises(UnreadableFile):
        read_text_bytes("a.docx", data[: len(data) * sixth // 6])


def test_every_damaged_docx_is_read_or_refused_but_never_crashes() -> None:
    """Without the process around it, which would hide a crash as damage."""
    data = docx_bytes("清源区农业局述职报告", "一、履职情况")
    for place in range(40, len(data), len(data) // 150):
        damaged = data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1 :]
        try:
            text_of(Request("text", "a.docx", "zip", False, ""), damaged)
        except UnreadableFile as refused:
            assert refused.hint


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# 清源区述职报告", "清源区述职报告"),
        ("### （一）抓学习 ###", "（一）抓学习"),
        ("**一、履职情况**", "一、履职情况"),
        ("**（一）抓学习。**坚持月月学。", "（一）抓学习。坚持月月学。"),
        ("**一是抓学习。**二是抓支部。", "一是抓学习。二是抓支部。"),
        ("- 一是抓学习", "一是抓学习"),
        ("> 引用的话", "引用的话"),
        ("---", ""),
        ("1\\. 抓学习", "1. 抓学习"),
        ("| 支部 | 党员 |\n| --- | :-: |\n| 一支部 | 12名 |", "支部\t党员\n\n一支部\t12名"),
        ("**年度召开会议*次，**年存在的问题已整改。", "**年度召开会议*次，**年存在的问题已整改。"),
        ("推进**工作，抓好**宣传。", "推进**工作，抓好**宣传。"),
        ("现将本人**年度情况报告如下", "现将本人**年度情况报告如下"),
        ("#1楼道党小组", "#1楼道党小组"),
    ],
)
def test_markdown_marks_go_and_placeholders_stay(markdown: str, text: str) -> None:
    assert strip_markdown(markdown) == text


def test_marks_are_only_taken_out_of_markdown_files() -> None:
    assert read_text_bytes("a.txt", "# 标题".encode()) == "# 标题"
    assert read_text_bytes("a.md", "# 标题".encode()) == "标题"
