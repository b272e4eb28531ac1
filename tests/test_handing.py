"""What goes out and what comes back, through the composer: real files, no model."""

import io
from pathlib import Path

import docx
import pytest

from drafter.errors import ExportError
from drafter.handing import WordChoice
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

PASTE = """单位：某局
年度：2026
1. 召开党组会研究党建工作12次
2. 发展党员5名
问题：2个支部会议记录过于简单
打算：每季度开展1次现场指导
"""
TEXT = "一是压实责任。召开党组会研究党建工作12次。\n二是建强队伍。发展党员5名。"


@pytest.fixture
def desk(own_home: Path) -> Workspace:
    return Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())


@pytest.fixture
def doc(desk: Workspace) -> int:
    made = desk.create_document().id
    desk.save_paste(made, PASTE)
    desk.make_plan(made)
    write(desk, made, body(desk, made), TEXT)
    return made


def body(desk: Workspace, doc: int) -> str:
    """Return the section the first fact was planned into."""
    return next(s.section.id for s in desk.sections(doc) if "F1" in s.section.fact_ids)


def write(desk: Workspace, doc: int, section: str, text: str) -> None:
    desk.save_text(doc, section, text, desk.section(doc, section).rev)


def text_of(desk: Workspace, doc: int) -> str:
    return desk.section(doc, body(desk, doc)).section.text


def edited(data: bytes, old: str, new: str) -> bytes:
    """Return a Word file with one wording replaced, as somebody without tracking would."""
    document = docx.Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        if old in paragraph.text:
            changed = paragraph.text.replace(old, new)
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = changed
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def all_text(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def xml(data: bytes) -> str:
    return str(docx.Document(io.BytesIO(data)).element.xml)


def test_the_layout_is_remembered_and_used(desk: Workspace, doc: int, own_home: Path) -> None:
    before = desk.handing.report(doc, "docx")[1]
    layouts = desk.handing.layouts
    other = next(n for _, n in layouts.offered() if n != layouts.choice().profile)
    layouts.choose(other, "Times New Roman")
    after = desk.handing.report(doc, "docx")[1]
    assert all_text(before) == all_text(after)
    assert "Times New Roman" in str(docx.Document(io.BytesIO(after)).styles.element.xml)
    desk.close()
    again = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    assert again.handing.layouts.choice() == WordChoice(other, "Times New Roman")
    with pytest.raises(ExportError):
        again.handing.layouts.choose("nowhere")


def test_a_redline_needs_an_export_and_a_change(desk: Workspace, doc: int) -> None:
    with pytest.raises(ExportError, match="还没有导出过"):
        desk.handing.redline(doc)
    desk.handing.report(doc, "docx")
    with pytest.raises(ExportError, match="没有可以标出的修改"):
        desk.handing.redline(doc)


def test_a_redline_shows_what_changed_since_the_export(desk: Workspace, doc: int) -> None:
    desk.handing.report(doc, "docx")
    write(desk, doc, body(desk, doc), TEXT.replace("压实责任", "扛牢责任"))
    name, data = desk.handing.redline(doc)
    assert name.endswith("（修订稿）.docx")
    assert "<w:ins " in xml(data) and "<w:del " in xml(data)
    assert "扛牢" in xml(data) and "压实" in xml(data)


def test_exporting_the_clean_copy_first_does_not_lose_the_redline(
    desk: Workspace, doc: int
) -> None:
    desk.handing.report(doc, "docx")
    write(desk, doc, body(desk, doc), TEXT.replace("压实责任", "扛牢责任"))
    desk.handing.report(doc, "docx")
    assert "压实" in xml(desk.handing.redline(doc)[1])
    first = desk.handing.handed(doc)[-1]
    assert "压实" in xml(desk.handing.redline(doc, first.at)[1])


def test_exports_are_kept_over_a_restart_and_each_document_has_its_own(
    desk: Workspace, doc: int, own_home: Path
) -> None:
    desk.handing.report(doc, "docx")
    other = desk.create_document("别的").id
    kept = desk.handing.handed(doc)
    desk.close()
    again = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    assert again.handing.handed(doc) == kept
    assert again.handing.handed(other) == ()


def test_a_redline_against_a_file_of_ones_own(desk: Workspace, doc: int) -> None:
    old = edited(desk.handing.report(doc, "docx")[1], "12次", "10次")
    _, data = desk.handing.redline_against(doc, "旧稿.docx", old)
    deleted = xml(data).count("<w:del ")
    assert 1 <= deleted <= 2, "only the number differs"
    with pytest.raises(ExportError, match="一字不差"):
        desk.handing.redline_against(doc, "同稿.docx", desk.handing.report(doc, "docx")[1])


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_the_appendix_comes_as_word_and_as_a_sheet(desk: Workspace, doc: int, form: str) -> None:
    if form == "xlsx":
        pytest.importorskip("openpyxl", reason="openpyxl writes the spreadsheet")
    name, data = desk.handing.appendix(doc, form)
    assert name.endswith(f"（证据附录）.{form}")
    assert data.startswith(b"PK")


def test_the_appendix_names_the_export_while_the_text_is_the_same(
    desk: Workspace, doc: int
) -> None:
    desk.handing.report(doc, "docx")
    digest = desk.handing.handed(doc)[0].sha256
    tables = "\n".join(
        cell.text
        for table in docx.Document(io.BytesIO(desk.handing.appendix(doc, "docx")[1])).tables
        for row in table.rows
        for cell in row.cells
    )
    assert digest in tables
    assert "召开党组会研究党建工作12次" in tables


def test_nothing_written_nothing_exported(desk: Workspace) -> None:
    empty = desk.create_document().id
    with pytest.raises(ExportError, match="还没有正文"):
        desk.handing.report(empty, "docx")
    with pytest.raises(ExportError, match="还没有正文"):
        desk.handing.redline(empty)
    with pytest.raises(ExportError, match="还没有正文"):
        desk.handing.appendix(empty, "docx")


def test_an_export_that_is_gone_is_told_as_gone(desk: Workspace, doc: int) -> None:
    desk.handing.report(doc, "docx")
    with pytest.raises(ExportError, match="这一稿已经不在了"):
        desk.handing.redline(doc, "2020-01-01T00:00:00+00:00")
