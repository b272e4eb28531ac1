"""What a Word file holds beside its text is told, and nothing struck out or raised is misread."""

import io
import random
from xml.etree import ElementTree

import docx
import pytest
from docx.shared import Inches

from drafter.returning import EditedText, Line, Returned, compare, returned
from drafter.types import Draft
from index.parse import read_file_bytes
from index.reading.symbols import symbol
from tests.export_cases import section
from tests.returning_cases import DRAFT
from tests.returning_edits import WordFile, retext, run
from tests.test_returning_word import XMLNS, back_of, opened, put_after, put_into, row_of, text_of

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201a5f645400000000049454e44ae426082"
)
RED_HEAD = ("中共某某区城市管理局党组文件", "某城管党〔2026〕7号")


def notes_of(back: Returned, word: str) -> list[str]:
    return [note for note in back.notes if word in note]


def exported_with(change: "docx.document.Document") -> Returned:
    out = io.BytesIO()
    change.save(out)
    return returned(DRAFT, "改.docx", out.getvalue())


def document() -> "docx.document.Document":
    return docx.Document(io.BytesIO(WordFile(DRAFT, random.Random(1)).saved()))  # noqa: S311


def test_an_untouched_file_has_nothing_to_tell() -> None:
    back = exported_with(document())
    assert (back.is_unchanged, back.notes, back.above, back.doubt) == (True, (), (), "")


def test_a_picture_is_told() -> None:
    edited = document()
    edited.paragraphs[4].add_run().add_picture(io.BytesIO(PIXEL), Inches(1))
    assert notes_of(exported_with(edited), "1 张图片")


def test_a_remark_in_a_header_or_footer_is_quoted_but_a_page_number_is_none() -> None:
    edited = document()
    edited.sections[0].header.is_linked_to_previous = False
    edited.sections[0].header.paragraphs[0].text = "此件请再核一遍数据"
    assert notes_of(exported_with(edited), "“此件请再核一遍数据”")


def test_a_table_is_told() -> None:
    file = opened()
    cell = "<w:tc><w:p><w:r><w:t>支部</w:t></w:r></w:p></w:tc>"
    put_after(file, "一是定责任", f"<w:tbl {XMLNS}><w:tr>{cell}</w:tr></w:tbl>")
    assert notes_of(back_of(file), "1 个表格")


def test_a_title_that_was_deleted_is_told() -> None:
    edited = document()
    first = edited.paragraphs[0]._p
    first.getparent().remove(first)
    back = exported_with(edited)
    assert notes_of(back, "没有标题")
    assert {s.kind for s in back.sections} == {"same"}


@pytest.mark.parametrize("mark", ["strike", "dstrike"])
def test_what_was_struck_through_by_hand_is_a_deletion_to_decide(mark: str) -> None:
    file = opened()
    row = row_of(file, "二是抓督查")
    retext(row)
    for text, struck in (("二是抓督查。", False), ("全年到支部现场督查14次，", True)):
        inner = f"<w:rPr><w:{mark}/></w:rPr>" if struck else ""
        xml = f"<w:r {XMLNS}>{inner}<w:t>{text}</w:t></w:r>"
        row.element.append(ElementTree.fromstring(xml))  # noqa: S314
    row.element.append(run("发现“以会代训”等问题31个，现已整改29个。"))
    back = back_of(file)
    assert "督查14次" not in text_of(back, "S3")
    (kept,) = [s for s in back.sections if s.section_id == "S3"]
    (change,) = kept.changes
    assert (change.before, change.after) == ("全年到支部现场督查14次，", "")
    assert change.author == "删除线"
    assert notes_of(back, "删除线")


def test_a_line_struck_through_whole_goes_and_one_with_the_mark_off_stays() -> None:
    edited = document()
    (gone,) = [p for p in edited.paragraphs if p.text.startswith("三是严考核")]
    for one in gone.runs:
        one.font.strike = True
    (stays,) = [p for p in edited.paragraphs if p.text.startswith("一是定责任")]
    for one in stays.runs:
        one.font.strike = False
    (kept,) = [s for s in exported_with(edited).sections if s.section_id == "S3"]
    assert "三是严考核" not in kept.new
    assert "一是定责任" in kept.new
    assert [c.author for c in kept.changes] == ["删除线"]


def test_everything_struck_through_is_still_read() -> None:
    edited = document()
    for paragraph in edited.paragraphs:
        for one in paragraph.runs:
            one.font.strike = True
    back = exported_with(edited)
    assert not any(s.new for s in back.sections)
    assert not back.doubt, "what is marked as gone tells whose text it is"


def test_raised_and_lowered_digits_stay_so() -> None:
    edited = document()
    (line,) = [p for p in edited.paragraphs if p.text.startswith("一是定责任")]
    line.add_run("面积3×10")
    line.add_run("4").font.superscript = True
    line.add_run("平方米，CO")
    line.add_run("2").font.subscript = True
    line.add_run("，商标")
    line.add_run("TM").font.superscript = True
    back = exported_with(edited)
    assert "3×10⁴平方米，CO₂，商标TM" in text_of(back, "S3")
    assert notes_of(back, "“TM”")


def test_signs_of_symbol_fonts_are_read_or_told() -> None:
    file = opened()
    for font, code in (("Wingdings", "F0FC"), ("Wingdings", "F0A8"), ("Wingdings 2", "F052")):
        xml = f'<w:r {XMLNS}><w:sym w:font="{font}" w:char="{code}"/></w:r>'
        put_into(file, "三是严考核", xml)
    assert text_of(back_of(file), "S3").endswith("√□☑")
    assert not back_of(file).notes
    put_into(
        file, "三是严考核",
        f'<w:r {XMLNS}><w:sym w:font="Webdings" w:char="F0E5"/></w:r>',
    )  # fmt: skip
    assert notes_of(back_of(file), "1 个特殊符号")


def test_an_imported_file_has_its_signs_and_raised_digits_too() -> None:
    edited = docx.Document()
    line = edited.add_paragraph("已完成")
    line.add_run("\uf0fc").font.name = "Wingdings"
    line.add_run("，绿化10")
    line.add_run("4").font.superscript = True
    xml = f'<w:r {XMLNS}><w:sym w:font="Wingdings" w:char="F06F"/></w:r>'
    line._p.append(docx.oxml.parse_xml(xml))
    out = io.BytesIO()
    edited.save(out)
    assert read_file_bytes("表.docx", out.getvalue(), markdown=False).text == "已完成√，绿化10⁴□"


@pytest.mark.parametrize("code", ["", "zz", "0", "D800", "F0FFFF", "1F600"])
def test_a_code_that_is_no_sign_is_none(code: str) -> None:
    assert symbol("宋体", code) == symbol("Wingdings", code) == ""


def lines_of(draft: Draft, *ahead: str, title: tuple[str, ...] = ()) -> EditedText:
    bodies = [line for s in draft.sections for line in (s.heading, *s.text.split("\n")) if line]
    lines = (text.strip() for text in (*ahead, *(title or (draft.title,)), *bodies))
    return EditedText(tuple(Line(text) for text in lines if text))


@pytest.mark.parametrize(
    "title", [(DRAFT.title,), ("某某区城市管理局党组书记", "2026年度抓基层党建工作述职报告")]
)
def test_a_red_head_above_a_title_left_alone_is_none_of_it(title: tuple[str, ...]) -> None:
    back = compare(DRAFT, lines_of(DRAFT, *RED_HEAD, title=title))
    assert back.title.replace(" ", "") == DRAFT.title
    assert back.above == RED_HEAD
    assert all(notes_of(back, line) for line in RED_HEAD)
    assert {s.kind for s in back.sections} == {"same"}


def test_lines_of_the_report_moved_above_the_title_are_not_lost() -> None:
    moved = "个别支部把学习当任务，读文件多、谈体会少，联系城市管理实际不紧密。"
    back = compare(DRAFT, lines_of(DRAFT, moved))
    assert back.above == ()


def test_a_report_without_a_title_has_none_to_miss() -> None:
    draft = Draft("", 2026, (section("S1", "", 1, "导语", "现将情况报告如下。"),))
    assert compare(draft, lines_of(draft)).notes == ()
