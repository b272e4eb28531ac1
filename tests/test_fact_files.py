"""Facts from Word tables, sheets and text files, put under what somebody typed."""

import datetime
import io
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.errors import InputError
from drafter.fact_files import FactFile, fill, read_fact_file, taken_out
from drafter.facts import read_facts
from drafter.paste import MAX_CHARS
from drafter.ui.desk import Desk
from drafter.ui.fact_files import FactFiles
from drafter.ui.jobs import Jobs
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.nasty import xlsx
from tests.test_ui_desk import Browser, told

openpyxl: Any = pytest.importorskip("openpyxl", reason="openpyxl builds the workbook")


def workbook() -> bytes:
    """Return a ledger as offices keep one: a merged title, a header, groups in merged cells, whole
    numbers stored as fractions, a date, empty rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.append(["2026年党建工作台账"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["序号", "类别", "工作内容", "数量", "单位", "完成时间"])
    sheet.append([1, "工作成效", "召开党组会研究党建工作", 12.0, "次", datetime.date(2026, 11, 3)])
    sheet.append([2, None, "与支部签订责任书", 8, "份", None])
    sheet.merge_cells("B4:B5")
    sheet.append([])
    sheet.append([3, "存在问题", "个别支部会议记录照抄文件", None, None, None])
    sheet["F4"].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word_table() -> bytes:
    """Return a Word file with a line of text and a table whose first column is merged."""
    document = docx.Document()
    document.add_paragraph("单位：清源区农业局")
    rows = (
        ("类别", "工作内容", "数量"),
        ("工作成效", "讲党课", "4次"),
        ("", "开展主题党日", "12次"),
        ("下步打算", "拟每季度开展现场指导", ""),
    )
    table = document.add_table(rows=len(rows), cols=3)
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            table.cell(at, column).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_ledger_gives_a_line_a_row_with_its_numbers_as_they_are_shown() -> None:
    file = read_fact_file("台账.xlsx", workbook())
    assert file.error is None
    assert "12.0" not in file.text
    facts = [(fact.text, fact.role) for fact in read_facts(file.text).facts]
    assert facts == [
        ("召开党组会研究党建工作12次，完成时间：2026年11月3日", "成效"),
        ("与支部签订责任书8份", "成效"),
        ("个别支部会议记录照抄文件", "问题"),
    ]
    assert file.facts == 3
    assert "2026年党建工作台账" in "".join(file.notes)


def test_a_formula_gives_its_stored_value_and_one_without_is_told() -> None:
    rows = (
        '<row><c t="inlineStr"><is><t>工作内容</t></is></c>'
        '<c t="inlineStr"><is><t>数量</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>投入党建经费（万元）</t></is></c>'
        "<c><f>SUM(1,2)</f><v>18.5</v></c></row>"
        '<row><c t="inlineStr"><is><t>新建活动室</t></is></c><c><f>A1+1</f></c></row>'
    )
    file = read_fact_file("表.xlsx", xlsx({"表": rows}))
    assert "18.5" in file.text
    assert "SUM" not in file.text
    assert "1 个单元格" in "".join(file.notes)


def test_each_sheet_is_a_table_of_its_own() -> None:
    def rows(*told: tuple[str, ...]) -> str:
        cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
        return "".join(f"<row>{''.join(map(cell.format, row))}</row>" for row in told)

    ledger = rows(("类别", "事项", "数量", "单位"), ("慰问", "慰问困难党员", "26", "名"))
    months = rows(("事项", "1月", "2月"), ("发展党员（名）", "2", "3"))
    file = read_fact_file("表.xlsx", xlsx({"台账": ledger, "月份": months}))
    assert "- 慰问困难党员26名" in file.text.split("\n")
    assert "- 发展党员（名），1月：2，2月：3" in file.text.split("\n")


def test_a_table_in_word_gives_facts_and_header_lines() -> None:
    file = read_fact_file("汇总.docx", word_table())
    sheet = read_facts(file.text)
    assert sheet.unit == "清源区农业局"
    assert [(fact.text, fact.role) for fact in sheet.facts] == [
        ("讲党课4次", "成效"),
        ("开展主题党日12次", "成效"),
        ("拟每季度开展现场指导", "打算"),
    ]


def test_a_csv_of_excel_in_gbk() -> None:
    data = "工作内容,数量,单位\n讲党课,4,次\n开展主题党日,12,次\n".encode("gbk")
    file = read_fact_file("台账.csv", data)
    assert [fact.text for fact in read_facts(file.text).facts] == ["讲党课4次", "开展主题党日12次"]


def test_what_stands_under_other_text_does_not_count_to_its_last_group() -> None:
    paste = "单位：某局\n打算：每季度开展现场指导"
    file = read_fact_file("a.txt", "单位：别局\n召开党组会12次\n".encode())
    filled = fill(paste, [file])
    assert filled.text.startswith(paste + "\n")
    sheet = read_facts(filled.text)
    assert sheet.unit == "某局"
    assert [(fact.text, fact.role) for fact in sheet.facts] == [
        ("每季度开展现场指导", "打算"),
        ("召开党组会12次", "成效"),
    ]
    assert "单位：别局" in "".join(filled.files[0].notes)
    assert taken_out(filled.text, filled.added) == paste


@given(
    st.text("党课讲4次。\n：- 打算问题", max_size=40), st.text("会议12次\n：单位年度", min_size=1)
)
def test_nothing_typed_is_changed_and_a_reading_goes_out_whole(paste: str, words: str) -> None:
    filled = fill(paste, [FactFile("a.txt", words, 1)])
    assert filled.text == paste + filled.added
    assert taken_out(filled.text, filled.added) == paste
    assert taken_out(filled.text + "后来写的", filled.added) == paste + "后来写的"


def test_too_much_is_refused_and_changes_nothing() -> None:
    with pytest.raises(InputError, match="超过上限"):
        fill("一" * (MAX_CHARS - 10), [FactFile("a.txt", "二" * 100, 1)])


@pytest.fixture
def desk(own_home: Path) -> Desk:
    return Desk(Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder()), Jobs())


def files_in(folder: Path, **files: bytes) -> list[str]:
    paths = []
    for name, data in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(data)
        paths.append(str(path))
    return paths


def test_files_fill_the_paste_box_each_with_its_message(desk: Desk, tmp_path: Path) -> None:
    page, files = Browser().show(desk.open(told())), FactFiles(desk)
    doc, typed = page.values["doc_id"], "发展党员5名\n"
    paths = files_in(
        tmp_path, 台账_xlsx=workbook(), 坏_docx=b"PK\x03\x04nothing", 汇总_docx=word_table()
    )
    page.show(files.read(told(), paths, doc, typed))
    told_of = page.values["facts_in"]
    assert "3 条</b>台账.xlsx" in told_of
    assert "未读入</b>坏.docx" in told_of
    assert "3 条</b>汇总.docx" in told_of
    text = page.values["paste"]
    assert text.startswith(typed)
    assert desk.workspace.paste(int(doc)) == text
    assert len(read_facts(text).facts) == 7
    number = told_of.split('data-id="', 1)[1].split('"', 1)[0]
    page.show(files.act(told(do="undo-facts", id=number), doc, text + "最后一条"))
    assert page.values["paste"] == typed + "最后一条" == desk.workspace.paste(int(doc))
    with pytest.raises(InputError):
        files.act(told(do="undo-facts", id=number), doc, typed)


def test_nothing_readable_leaves_the_box_as_it_is(desk: Desk, tmp_path: Path) -> None:
    page, files = Browser().show(desk.open(told())), FactFiles(desk)
    paths = files_in(tmp_path, 空_txt=b"", 图_docx=b"\x89PNG\r\n")
    page.show(files.read(told(), paths, page.values["doc_id"], "发展党员5名"))
    assert page.values["paste"] == "发展党员5名"
    assert "message error" in page.values["message"]
    assert "撤销读入" not in page.values["facts_in"]
    with pytest.raises(InputError):
        files.read(told(), None, page.values["doc_id"], "")
    with pytest.raises(InputError, match="最多"):
        files.read(told(), paths * 6, page.values["doc_id"], "")


def test_a_reading_that_was_edited_is_not_taken_out(desk: Desk, tmp_path: Path) -> None:
    page, files = Browser().show(desk.open(told())), FactFiles(desk)
    doc = page.values["doc_id"]
    page.show(files.read(told(), files_in(tmp_path, a_txt="讲党课4次".encode()), doc, ""))
    with pytest.raises(InputError, match="又改过"):
        files.act(told(do="undo-facts", id="1"), doc, "讲党课5次")
