"""A report taken apart: what a reader sees in it, and that nothing is lost on the way."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clean import clean
from index.split import parse_report, sections_of
from index.types import ParsedReport
from tests.conftest import ROOT, SAMPLE_REPORTS
from tests.report_cases import CASES, Case

REAL = sorted(SAMPLE_REPORTS.glob("*.txt"))


def outline(report: ParsedReport) -> str:
    lines = []
    for section in report.sections:
        lines.append(f"{section.role} {section.number or '-'} {section.heading or '-'}")
        for part in section.subsections:
            count = f" [{len(part.points)}]" if part.points else ""
            lines.append(f"  {part.role} {part.number or '-'} {part.heading or '-'}{count}")
    return "\n".join(lines)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def all_text(report: ParsedReport) -> str:
    pieces = [report.title, report.salutation or "", report.preamble or ""]
    for section in report.sections:
        pieces += [
            section.number or "",
            section.heading or "",
            section.heading_end,
            section.lead or "",
        ]
        for part in section.subsections:
            pieces += [part.number or "", part.heading or "", part.heading_end, part.text]
    return bare("".join(pieces))


def assert_nothing_lost(text: str) -> None:
    kept, _ = clean(text)
    report = parse_report(text)
    assert sorted(all_text(report)) == sorted(bare(kept))
    byline_first = (
        report.salutation
        and report.preamble
        and bare(kept).find(bare(report.salutation))
        > bare(kept).find(bare(report.preamble.split("\n")[0]))
    )
    if not byline_first:
        assert all_text(report) == bare(kept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outline_is_what_a_reader_sees(case: Case) -> None:
    report = parse_report(case.text)
    assert report.title == case.title
    assert outline(report) == case.outline
    assert report.salutation == case.salutation
    if case.preamble is not None:
        assert report.preamble == case.preamble
    assert report.dropped_lines == case.dropped


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_character_of_a_case_is_lost(case: Case) -> None:
    assert_nothing_lost(case.text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_points_and_units_are_slices_of_their_text(case: Case) -> None:
    report = parse_report(case.text)
    for section in report.sections:
        for part in section.subsections:
            assert all(point in part.text for point in part.points)
    units = sections_of("r1", report)
    assert [unit.id for unit in units] == [f"r1/{n}" for n in range(1, len(units) + 1)]
    assert all(unit.text.strip() for unit in units)
    assert all(unit.report == "r1" and unit.level in (1, 2) for unit in units)


def test_points_carry_their_openers_and_stop_at_the_paragraph() -> None:
    report = parse_report("一、工作情况\n一是抓学习；\n二是抓落实。每月一查。\n此外，做好宣传。\n")
    assert report.sections[0].subsections[0].points == ("一是抓学习；", "二是抓落实。每月一查。")


def test_a_numbered_heading_line_takes_its_paragraphs_along() -> None:
    text = (
        "一、主要做法\n1.抓学习，强本领。\n（1）办班2期。\n（2）讲课4次。\n2.抓服务。\n办事9件。\n"
    )
    assert parse_report(text).sections[0].subsections[0].points == (
        "1.抓学习，强本领。\n（1）办班2期。\n（2）讲课4次。",
        "2.抓服务。\n办事9件。",
    )


def test_points_may_open_with_a_comma_or_after_one() -> None:
    text = "一、工作情况\n重点做了三件事，一是，抓学习；二是，抓支部，建阵地；三是抓作风。\n"
    assert parse_report(text).sections[0].subsections[0].points == (
        "一是，抓学习；",
        "二是，抓支部，建阵地；",
        "三是抓作风。",
    )


def test_a_heading_keeps_its_comma_and_gives_its_mark_apart() -> None:
    part = (
        parse_report("一、履职情况\n（一）抓学习，强本领。坚持月月学。\n")
        .sections[0]
        .subsections[0]
    )
    assert (part.number, part.heading, part.heading_end) == ("（一）", "抓学习，强本领", "。")
    assert part.text == "坚持月月学。"


def test_a_full_stop_inside_quotes_does_not_end_a_heading() -> None:
    text = "一、履职情况\n（一）传承“吃水不忘挖井人。”的精神。开展活动2次。\n"
    assert parse_report(text).sections[0].subsections[0].heading == "传承“吃水不忘挖井人。”的精神"


def test_a_long_numbered_paragraph_without_heading_is_text() -> None:
    sentence = "坚持把学习摆在首位，" * 8 + "取得实效。"
    part = parse_report(f"一、履职情况\n（一）{sentence}\n").sections[0].subsections[0]
    assert part.heading is None
    assert part.text == sentence


def test_causes_inside_each_problem_stay_with_their_problem() -> None:
    text = (
        "一、存在问题\n（一）学习不深。研讨少。\n究其原因，抓得不紧。\n"
        "（二）融合不够。联系少。\n究其原因，想得不多。\n"
    )
    section = parse_report(text).sections[0]
    assert [part.role for part in section.subsections] == ["问题", "问题"]


def test_causes_at_the_end_of_the_one_paragraph_of_problems_are_apart() -> None:
    text = "一、存在问题\n一是学习不深。二是融合不够。究其原因，一是抓得不紧。二是想得不多。\n"
    parts = parse_report(text).sections[0].subsections
    assert [(part.role, len(part.points)) for part in parts] == [("问题", 2), ("原因", 2)]


def test_lines_wrapped_by_a_page_are_joined() -> None:
    wrapped = """青禾县水务局机关党委工作汇报
一、主要工作
（一）抓实理论学习，筑牢思想根基。坚持把理论学习摆在重要
位置，建立领导领学、支部研学、党员自学的工作机制，全年组
织集中学习十二次，开展专题研讨四次，举办读书班两期，覆盖
全体党员干部。一是领导带头讲党课，班子成员到联系点讲课六
次。二是支部创新学，组织现场教学三次。
（二）抓实支部建设。规范落实组织生活各项制度，坚持每月一
个主题、每季一次点评，打造示范支部两个，整顿提升支部一个，
支部的战斗堡垒作用明显增强。
"""
    section = parse_report(wrapped).sections[0]
    first, second = section.subsections
    assert "重要位置" in first.text
    assert "全年组织集中学习" in first.text
    assert len(first.points) == 2
    assert second.heading == "抓实支部建设"
    assert_nothing_lost(wrapped)


def test_a_report_without_any_heading_still_has_units() -> None:
    text = "支部工作汇报\n现将情况汇报如下。\n一是抓学习。二是抓活动。\n汇报完毕，谢谢大家！\n"
    report = parse_report(text)
    assert report.preamble == "现将情况汇报如下。"
    assert outline(report) == "成效 - -\n  成效 - - [2]\n结语 - -\n  结语 - -"


def test_address_in_the_same_line_as_the_text() -> None:
    report = parse_report("工作汇报\n各位领导：现将情况汇报如下。\n一、工作情况\n做了三件事。\n")
    assert (report.salutation, report.preamble) == ("各位领导：", "现将情况汇报如下。")


def test_signature_and_date_stay_and_are_the_closing() -> None:
    report = parse_report(CASES[1].text)
    assert report.sections[-1].subsections[0].text == "中共云岭区委办公室支部委员会\n2025年1月6日"


def test_units_carry_leads_and_whole_sections_at_level_one() -> None:
    units = sections_of("r", parse_report(CASES[0].text))
    assert [(u.level, u.number, u.role) for u in units] == [
        (1, None, "导语"),
        (2, "（一）", "成效"),
        (2, "（二）", "成效"),
        (1, "二、", "问题"),
        (2, "（一）", "问题"),
        (2, "（二）", "问题"),
        (2, None, "原因"),
        (2, "（一）", "打算"),
        (2, "（二）", "打算"),
        (1, None, "结语"),
    ]
    whole = sections_of("r", parse_report(CASES[2].text))[3]
    assert (whole.level, whole.number, whole.heading) == (1, "二.", "主要问题")


def test_text_of_any_kind_gives_a_report() -> None:
    for text in (
        "",
        "\n\n",
        "你好",
        "一、",
        "（一）",
        "。" * 50,
        "一是",
        "一、一、一、\n（一）（一）",
    ):
        assert_nothing_lost(text)


def wrapped(text: str) -> str:
    lines = text.split("\n")
    return "\n".join("\n".join(ln[n : n + 36] for n in range(0, len(ln), 36)) for ln in lines)


def watermarked(text: str) -> str:
    lines = text.split("\n")
    for place in range(len(lines) - 1, 0, -3):
        lines.insert(place, "松风文库整理，咨询QQ1234567")
    return "\n".join(["仅供学习 禁止外传", "松风文库", "每天进步一点点", *lines, "松风文库"])


CHANGES: dict[str, Callable[[str], str]] = {
    "wrapped at 36 characters": wrapped,
    "watermarked": watermarked,
    "indented with blank lines": lambda text: "\n\n".join(f"　　{ln}" for ln in text.split("\n")),
    "half-width brackets": lambda text: text.replace("（", "(").replace("）", ")"),
    "space after marks": lambda text: re.sub(r"(?m)^(（[一-十]）|[一-十]、)", r"\1 ", text),
    "full stop for 、": lambda text: re.sub(r"(?m)^([一二三四五])、", r"\1．", text),
}
OWN_SAMPLES = sorted((ROOT / "samples").glob("*.txt"))[:6]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", [*OWN_SAMPLES, *REAL], ids=lambda path: path.stem[:3])
def test_the_same_report_laid_out_otherwise_has_the_same_outline(path: Path, change: str) -> None:
    text = clean(path.read_text(encoding="utf-8"))[0]
    changed = CHANGES[change](text)
    assert_nothing_lost(changed)
    same = outline(parse_report(changed)).replace("(", "（").replace(")", "）").replace("．", "、")
    assert same == outline(parse_report(text))
    assert parse_report(changed).title == parse_report(text).title


@pytest.mark.parametrize(
    "piece",
    [
        "坚持学习，",
        "一是抓学习。二是抓支部。",
        "（一）",
        "。二、",
        "“",
        "1",
        "【",
        "QQ123456 ",
        "- ",
    ],
)
def test_a_line_of_200000_characters_is_read_in_seconds(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.monotonic()
    assert_nothing_lost(text)
    assert time.monotonic() - started < 15


@pytest.mark.skipif(not REAL, reason="shared/sample-reports is not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[:3])
def test_no_character_of_a_real_report_is_lost(path: Path) -> None:
    assert_nothing_lost(path.read_text(encoding="utf-8"))


@pytest.mark.skipif(not REAL, reason="shared/sample-reports is not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[:3])
def test_real_reports_have_three_sections_in_the_usual_roles(path: Path) -> None:
    report = parse_report(path.read_text(encoding="utf-8"))
    assert [section.role for section in report.sections] == ["成效", "问题", "打算"]
    assert [section.number for section in report.sections] == ["一、", "二、", "三、"]
    assert report.title.endswith(("报告", "汇报"))
    assert not re.search("QQ[0-9]|外传|会员", all_text(report))


VOCABULARY = """
学习 支部 群众 检查 制度 台账 阵地 一是 二是 三是 首先 其次 一个是 另一个是 1. （1） ①
第一， 究其原因， 下一步， 请批评指正 谢谢大家 统一是 XX ** × 12次 “ ” 。 ， ； ： 2.
"""
WORDS = st.sampled_from(VOCABULARY.split())
BODY = st.lists(WORDS, min_size=1, max_size=14).map("".join)
MARKS = st.sampled_from(
    [
        "",
        "",
        "一、",
        "二、",
        "（一）",
        "（二）",
        "(三)",
        "第一部分 ",
        "1.",
        "　　",
        "㈠",
        "十一、",
        "一，",
    ]
)
ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "　\n", ""])
NOISE = st.sampled_from(
    [
        "",
        "仅供学习 禁止外传\n",
        "松风文库\n松风文库整理，咨询QQ1234567\n",
        "- 2 -\n",
        "松湾街道述职报告\n",
        "2024年12月3日\n",
    ]
)
REPORTS = st.lists(st.tuples(NOISE, MARKS, BODY, ENDS).map("".join), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(REPORTS)
def test_no_character_is_lost_whatever_the_report(text: str) -> None:
    assert_nothing_lost(text)
    for unit in sections_of("r", parse_report(text)):
        assert all(point in unit.text for point in unit.points)
