"""Tables with heads over heads, sums, years as heads: no number that no cell has, nothing lost."""

import io
import re
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.fact_files import read_fact_file
from drafter.facts import read_facts
from drafter.numbers import narrow
from drafter.tables import read_rows, rows_as_lines

openpyxl: Any = pytest.importorskip("openpyxl", reason="openpyxl builds the workbook")

Table = list[list[str]]

TWO_ROWS: Table = [
    ["序号", "项目", "完成情况", ""],
    ["", "", "数量", "单位"],
    ["1", "走访困难职工", "14", "人次"],
    ["2", "警示教育", "3", "场"],
]
PLANNED: Table = [
    ["序号", "事项", "进度", "", ""],
    ["", "", "计划数", "实际数", "完成率"],
    ["1", "培训党务干部", "40", "42", "105%"],
    ["2", "书记讲党课", "4", "4", "100%"],
]
NO_HEAD: Table = [
    ["", "项目", "计划数", "实际数"],
    ["1", "走访困难职工", "14", "16"],
    ["2", "警示教育", "3", "3"],
]
YEARS: Table = [
    ["指标", "2025年", "2026年", "同比"],
    ["发展党员", "5", "6", "20%"],
    ["投入经费（万元）", "1.2", "1.8", "50%"],
]
EXPECTED: list[tuple[Table, list[str]]] = [
    (TWO_ROWS, ["走访困难职工14人次", "警示教育3场"]),
    (
        PLANNED,
        [
            "培训党务干部，计划数40，实际数42，完成率105%",
            "书记讲党课，计划数4，实际数4，完成率100%",
        ],
    ),
    (NO_HEAD, ["走访困难职工，计划数14，实际数16", "警示教育，计划数3，实际数3"]),
    (
        YEARS,
        ["发展党员：2025年5，2026年6，同比20%", "投入经费（万元）：2025年1.2，2026年1.8，同比50%"],
    ),
]


def pasted(table: Table) -> str:
    return "\n".join("\t".join(row) for row in table)


def as_docx(table: Table) -> bytes:
    """Return a Word table in which a head spans what is empty to its right, as offices merge."""
    document = docx.Document()
    made = document.add_table(rows=len(table), cols=len(table[0]))
    for at, row in enumerate(table):
        for column, words in enumerate(row):
            made.cell(at, column).text = words
    empty = [c for c, head in enumerate(table[0]) if not head and c]
    if empty:
        made.cell(0, empty[0] - 1).merge(made.cell(0, empty[-1]))
        for column in range(empty[0] - 1):
            made.cell(0, column).merge(made.cell(1, column))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_xlsx(table: Table) -> bytes:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(table: Table) -> bytes:
    return "\n".join(",".join(row) for row in table).encode("gbk")


@pytest.mark.parametrize(("table", "facts"), EXPECTED)
def test_heads_over_heads_and_years_are_heads_wherever_the_table_comes_from(
    table: Table, facts: list[str]
) -> None:
    assert [fact.text for fact in read_facts(pasted(table)).facts] == facts
    for name, data in (("表.docx", as_docx(table)), ("表.xlsx", as_xlsx(table))):
        assert [fact.text for fact in read_facts(read_fact_file(name, data).text).facts] == facts
    read = read_fact_file("表.csv", as_csv(table))
    assert [fact.text for fact in read_facts(read.text).facts] == facts


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        # the upper head stays where the lower alone would not tell
        (
            "支部\t党员数\t\n\t正式\t预备\n机关支部\t35\t6\n街道支部\t30\t2",
            ["机关支部，党员数正式35，党员数预备6", "街道支部，党员数正式30，党员数预备2"],
        ),
        (
            "\t2025年\t\t2026年\t\n指标\t计划\t完成\t计划\t完成\n讲党课\t4\t5\t6\t7",
            ["讲党课：2025年计划4，2025年完成5，2026年计划6，2026年完成7"],
        ),
        # a head repeated over its columns, as programs write csv
        (
            "序号\t事项\t完成情况\t完成情况\n序号\t事项\t数量\t单位\n1\t讲党课\t4\t次",
            ["讲党课4次"],
        ),
        ("序号\t项目\t经费\n\t\t（万元）\n1\t修缮活动室\t3.5", ["修缮活动室，经费3.5万元"]),
        (
            "事项\t1月\t2月\n讲党课\t1\t0\n研讨\t2\t1",
            ["讲党课，1月：1，2月：0", "研讨，1月：2，2月：1"],
        ),
        (
            "事项\t第一季度\t第二季度\t合计\n讲党课\t1\t2\t3",
            ["讲党课：第一季度1，第二季度2，合计3"],
        ),
        ("指标\t2025\t2026\n讲党课\t4\t5", ["讲党课：2025年4，2026年5"]),
        ("事项\t计划数\t实际数\t单位\n讲党课\t4\t5\t次", ["讲党课，计划数4次，实际数5次"]),
        # an organisation is no unit
        ("单位\t项目\t数量\n综合科\t走访\t3", ["走访3，单位：综合科"]),
        ("项目\t单位\t数量\n走访\t综合科\t3", ["走访3，单位：综合科"]),
        # digits do not meet
        ("项目\t数量\n支部1\t235\n专题三\t十次", ["支部1，数量235", "专题三，数量：十次"]),
        ("支部1\t35\n支部2\t600", ["支部1为35", "支部2为600"]),
        ("项目\t数量\t\n图书\t3\t200", ["图书3、200"]),
        ("时间\t活动\t人数\n7月1日\t宣誓\t46", ["宣誓，时间：7月1日，人数46"]),
        (
            "项目\t2025年\t2026年\t同比\t单位\n讲党课\t4\t5\t25%\t次",
            ["讲党课：2025年4次，2026年5次，同比25%"],
        ),
        ("名称\t党员之家\n地点\t综合楼", ["名称：党员之家", "地点：综合楼"]),
        ("项目\t数量\t单位\n走访\t约三十\t户", ["走访：约三十户"]),
        ("1\t讲党课\t4次\n2\t研讨\t6次", ["讲党课4次", "研讨6次"]),
        # rows whose first word could be a head
        ("问题\t学习不深\n打算\t每季度学习一次", ["问题：学习不深", "打算：每季度学习一次"]),
        (
            "类别\t内容\t责任人\n问题\t学习不深\t某同志\n问题\t记录照抄\t某同志",
            ["学习不深，责任人：某同志", "记录照抄，责任人：某同志"],
        ),
    ],
)
def test_rows_keep_what_their_heads_say(table: str, lines: list[str]) -> None:
    made = [line for line in rows_as_lines(table).split("\n") if not line.startswith("【")]
    assert [line.removeprefix("- ") for line in made] == lines


SUMMED: Table = [
    ["类别", "事项", "数量", "单位"],
    ["工作成效", "讲党课", "4", "次"],
    ["", "研讨", "6", "次"],
    ["小计", "", "10", ""],
    ["存在问题", "记录照抄", "2", "个支部"],
    ["", "全年合计", "2", ""],
    ["总 计", "", "12", ""],
]


def test_sums_are_no_facts_and_are_told() -> None:
    sheet = read_facts(pasted(SUMMED))
    assert [(fact.text, fact.role) for fact in sheet.facts] == [
        ("讲党课4次", "成效"),
        ("研讨6次", "成效"),
        ("记录照抄2个支部", "问题"),
    ]
    assert len(sheet.duplicates) == 3
    for name, data in (("表.xlsx", as_xlsx(SUMMED)), ("表.csv", as_csv(SUMMED))):
        file = read_fact_file(name, data)
        assert file.facts == 3
        assert "计" not in file.text
        assert "小计：10；全年合计：2；总 计：12" in "".join(file.notes)


def test_a_fact_that_speaks_of_a_sum_stays() -> None:
    read = read_rows("事项\t数量\n累计走访群众\t320户\n合计投入经费\t3万元")
    assert read.totals == ()
    assert "累计走访群众320户" in read.text
    assert "合计投入经费3万元" in read.text


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.append(["事项", "数量", "备注"])
    for number in range(2, 7):
        sheet.append([f"第{number}项工作", f"{number}次", "有记录"])
    for number in (3, 4, 6, 20):  # nothing stands in row 20
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions["C"].hidden = True
    out = io.BytesIO()
    book.save(out)
    file = read_fact_file("台账.xlsx", out.getvalue())
    assert file.facts == 5
    assert "工作表“台账”隐藏的第 3—4、6 行、第 C 列也读进来了" in "".join(file.notes)
    assert "隐藏" not in "".join(read_fact_file("表.xlsx", as_xlsx(YEARS)).notes)


NUMBERS = st.sampled_from(
    ["1", "2", "3", "14", "200", "1.5", "20%", "2026年3月5日", "14次", "约30", "-3", "35", ""]
)
WORDS = st.sampled_from(["讲党课", "走访", "支部1", "专题3", "问题", "小计", "2025年", ""])
HEADS = st.sampled_from(
    (
        *("序号", "项目", "数量", "单位", "计划数", "实际数", "完成情况", "党员数（名）", "类别"),
        *("备注", "2025年", "1月", "同比", "", "正式", "时间", "合计", "2026"),
    )
)
ROWS = st.lists(HEADS, min_size=3, max_size=5)


def runs(text: str) -> set[str]:
    """Return the numbers of a text, as long as they can be read."""
    return set(re.findall(r"\d(?:[\d.]*\d|,(?=\d{3}(?!\d)))*", narrow(text)))


@given(
    st.lists(ROWS, max_size=3),
    st.lists(st.lists(NUMBERS | WORDS, min_size=1, max_size=6), min_size=1, max_size=5),
    st.booleans(),
)
def test_no_number_is_made_that_no_cell_has(heads: Table, rows: Table, numbered: bool) -> None:
    table = heads + [[str(at), *row] if numbered else row for at, row in enumerate(rows, start=1)]
    own = {run for row in table for cell in row for run in runs(cell)}
    made = read_rows(pasted(table)).text.split("\n")
    assert set().union(*(runs(line) for line in made if "\t" not in line)) <= own


PLAIN = st.sampled_from(["讲党课", "走访", "支部1", "小计", "14次", "2", ""])


@given(st.lists(st.lists(PLAIN, min_size=2, max_size=5), max_size=5))
def test_no_word_of_a_row_is_lost(rows: Table) -> None:
    read = read_rows(pasted([["事项", "数量", "单位", "备注", "完成时间"], *rows]))
    kept = read.text + "".join(read.totals)
    assert all(cell in kept for cell in ("讲党课", "走访") for row in rows if cell in row)


def test_a_row_left_empty_does_not_end_a_table() -> None:
    pasted = (
        "类别\t事项\t数量\t单位\n党员队伍\t发展党员\t5\t名\n\n"
        "党员队伍\t走访慰问困难党员\t46\t人次\n阵地\t建成党员活动室\t3\t个"
    )
    assert rows_as_lines(pasted).splitlines() == [
        "【党员队伍】",
        "- 发展党员5名",
        "- 走访慰问困难党员46人次",
        "【阵地】",
        "- 建成党员活动室3个",
    ]
