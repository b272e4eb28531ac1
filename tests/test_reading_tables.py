"""Sheets come in as they are shown, and each row of a fact sheet becomes a fact."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.facts import read_facts
from drafter.tables import rows_as_lines
from index.parse import read_file_bytes, read_text
from index.reading.formats import shown
from tests.nasty import xlsx


@pytest.mark.parametrize(
    ("stored", "code", "expected"),
    [
        ("12", "0", "12"),
        ("0.30000000000000004", "0", "0"),
        ("0.30000000000000004", "General", "0.3"),
        ("12.0", "General", "12"),
        ("1E+3", "General", "1000"),
        ("0.953", "0%", "95%"),
        ("0.9534", "0.00%", "95.34%"),
        ("1.83333", "0.00", "1.83"),
        ("1.5", "0.##", "1.5"),
        ("2", "0.##", "2"),
        ("2.5", "0", "3"),  # as Excel rounds
        ("12345.6", "#,##0.0", "12345.6"),
        ("12", '0"次"', "12次"),
        ("12", '"共"0"次"', "共12次"),
        ("-3", "0;(0)", "(3)"),
        ("-3", "0", "-3"),
        ("46082", "yyyy-m-d", "2026年3月1日"),
        ("46082", "yyyy-mm-dd h:mm:ss", "2026年3月1日"),
        ("46082", 'yyyy"年"m"月"', "2026年3月"),
        ("46082", "m/d", "3月1日"),
        ("46082.5", "yyyy-mm-dd hh:mm", "2026年3月1日 12:00"),
        ("0.5", "h:mm", "12:00"),
        ("46082", "[$-804]yyyy年m月d日;@", "2026年3月1日"),
        ("110101199001011234", "@", "110101199001011234"),
        ("一般", "0", "一般"),
    ],
)
def test_a_number_is_written_as_the_cell_shows_it(stored: str, code: str, expected: str) -> None:
    assert shown(stored, code) == expected


@given(st.integers(-(10**9), 10**9))
def test_a_whole_number_stays_itself(number: int) -> None:
    assert shown(str(number), "General") == shown(f"{number}.0", "0") == str(number)


@given(st.floats(allow_nan=True), st.text("0#?.,%;ymdhs[]\"'年@ E+/\\_*", max_size=12))
def test_no_format_breaks_the_reading(number: float, code: str) -> None:
    assert isinstance(shown(repr(number), code), str)


def row(*values: str | int, numbers: str = "") -> str:
    cells = "".join(
        f"<c{numbers}><v>{value}</v></c>"
        if isinstance(value, int)
        else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        for value in values
    )
    return f"<row>{cells}</row>"


def test_styles_say_how_a_number_is_shown() -> None:
    own = '<numFmts><numFmt numFmtId="164" formatCode="0.0&quot;万元&quot;"/></numFmts>'
    styles = own + "<cellXfs>" + "".join(
        f'<xf numFmtId="{number}"/>' for number in (0, 1, 9, 14, 164)
    ) + "</cellXfs>"  # fmt: skip
    cells = "".join(
        f'<c s="{style}"><v>{value}</v></c>'
        for style, value in enumerate(("1.8", "1.8", "0.95", "46082", "1.8"))
    )
    text = read_file_bytes("a.xlsx", xlsx({"表": f"<row>{cells}</row>"}, styles=styles)).text
    assert text.split("\t") == ["1.8", "2", "95%", "2026年3月1日", "1.8万元"]


BOOK = xlsx(
    {
        "工作台账": row("单位", "清源区农业局")
        + row("年度", 2026)
        + row("序号", "类别", "工作内容", "数量", "单位")
        + row(1, "工作成效", "召开党组会研究党建工作", 13, "次")
        + row(2, "", "与支部签订责任书", 8, "份")
        + row(3, "存在问题", "个别支部会议记录照抄文件", "", "")
        + row(4, "下步打算", "拟每季度开展现场指导", "", ""),
        "字典": row("选项一", "选项二"),
    },
    hidden="字典",
)


def test_a_workbook_of_facts_gives_facts_with_their_numbers_and_roles() -> None:
    reading = read_file_bytes("台账.xlsx", BOOK, markdown=False)
    assert "字典" in "".join(reading.notes) and "选项" not in reading.text
    sheet = read_facts(reading.text)
    assert (sheet.unit, sheet.year) == ("清源区农业局", 2026)
    assert [(fact.text, fact.role) for fact in sheet.facts] == [
        ("召开党组会研究党建工作13次", "成效"),
        ("与支部签订责任书8份", "成效"),
        ("个别支部会议记录照抄文件", "问题"),
        ("拟每季度开展现场指导", "打算"),
    ]


def test_a_csv_as_excel_saves_it_gives_the_same_facts(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes("工作内容,数量,单位\n讲党课,4,次\n开展主题党日,12,次\n".encode("gbk"))
    facts = read_facts(read_text(path, markdown=False)).facts
    assert [fact.text for fact in facts] == ["讲党课4次", "开展主题党日12次"]


def test_a_formula_without_a_result_is_told() -> None:
    cells = row("讲党课", "4次") + "<row><c><f>SUM(A1)</f></c><c t='e'><v>#REF!</v></c></row>"
    assert "2 个单元格" in "".join(read_file_bytes("a.xlsx", xlsx({"表": cells})).notes)


def test_sheets_with_names_that_say_something_head_their_rows() -> None:
    book = xlsx({"工作成效": row("讲党课", "4次"), "存在问题": row("学习不深", "活动单一")})
    assert [fact.role for fact in read_facts(read_file_bytes("a.xlsx", book).text).facts] == [
        "成效", "问题",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "facts"),
    [
        ("召开党组会\t12次\n讲党课\t4次", ["召开党组会12次", "讲党课4次"]),
        (
            "支部\t党员数（名）\t备注\n第一支部\t32\t已换届\n第二支部\t18\t\n",
            ["第一支部，党员数32名，备注：已换届", "第二支部，党员数18名"],
        ),
        (
            "内容\t数量\n一、工作成效\n讲党课\t4次\n二、存在问题\n学习不深\t/\n",
            ["讲党课4次", "学习不深"],
        ),
        ("事项\t计划数\t完成数\n讲党课\t4\t5\n研讨\t6\t6", None),
        ("问题\t整改措施\n学习不深\t每月学习一次\n活动少\t每季度一次", None),
    ],
)
def test_rows_pasted_from_a_sheet_are_facts(pasted: str, facts: list[str] | None) -> None:
    found = [fact.text for fact in read_facts(pasted).facts]
    expected = {
        "事": ["讲党课，计划数4，完成数5", "研讨，计划数6，完成数6"],
        "问": ["学习不深，整改措施：每月学习一次", "活动少，整改措施：每季度一次"],
    }
    assert found == (facts or expected[pasted[0]])


@pytest.mark.parametrize(
    "paste",
    [
        "1.\t召开党组会12次\n2.\t讲党课4次",
        "\t- 讲党课4次\n\t- 研讨6次",
        "只有一行\t带制表符",
        "没有表格\n只有两行",
    ],
)
def test_what_is_no_table_stays_as_it_is(paste: str) -> None:
    assert rows_as_lines(paste) == paste


@given(st.lists(st.lists(st.text("党课讲4次年月、。\t", max_size=8), min_size=1), max_size=6))
def test_no_word_of_a_table_is_lost(cells: list[list[str]]) -> None:
    text = "\n".join("\t".join(line) for line in cells)
    made = rows_as_lines(text)
    assert set("党课讲次年月") & set(text) <= set(made)
