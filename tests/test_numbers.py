"""Numbers, dates and blanks: what is one, what is none, and what equals what."""

from decimal import Decimal
from itertools import pairwise

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.numbers import find_placeholders, find_quantities, format_number, parse_number


def keys(text: str) -> list[str]:
    return [quantity.key for quantity in find_quantities(text) if not quantity.weak]


@pytest.mark.parametrize("text", ["12次", "十二次", "１２次", "12 次", "１２　次"])
def test_one_number_in_any_script(text: str) -> None:
    assert keys(f"全年召开{text}会议") == ["12|次"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1.8万元", "18000|元"),
        ("18000元", "18000|元"),
        ("一万八千元", "18000|元"),
        ("18,000元", "18000|元"),
        ("三百二十名党员", "320|人"),
        ("320位同志", "320|人"),
        ("两个支部", "2|个"),
        ("百分之十", "10|%"),
        ("１０％", "10|%"),
        ("六成", "60|%"),
        ("一半的党员", "50|%"),
        ("三分之二的党员", "2/3"),
        ("8—10个", "8~10|个"),
        ("两三次", "2~3|次"),
        ("第三批", "第3|批"),
        ("三十余万元", "300000|元"),
        ("38万页", "380000|页"),
        ("2024年3月15日", "2024-03-15"),
        ("2024-03-15", "2024-03-15"),
        ("二〇二四年三月十五日", "2024-03-15"),
        ("3月15日", "*-03-15"),
        ("2024年3月", "2024-03"),
        ("9月底", "*-09-底"),
        ("九月末", "*-09-底"),
        ("上半年", "*-H1"),
        ("2026年上半年", "2026-H1"),
        ("第三季度", "*-Q3"),
        ("三季度", "*-Q3"),
        ("二〇二六年度", "2026"),
        ("2026年1—9月", "2026-01~09"),
        ("2025年底", "2025-年底"),
        ("年初", "*-年初"),
    ],
)
def test_normal_form(text: str, key: str) -> None:
    assert keys(text) == [key]


@pytest.mark.parametrize(
    ("text", "approx"),
    [
        ("近320人", "近"),
        ("320余人", "余"),
        ("320多人", "余"),
        ("约320人", "约"),
        ("320人左右", "约"),
        ("超过320人", "超过"),
        ("不少于320人", "不少于"),
        ("320人以上", "不少于"),
        ("不超过320人", "不超过"),
        ("320人", ""),
        ("最近320人", ""),
    ],
)
def test_limits(text: str, approx: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.key, quantity.approx) == ("320|人", approx)


@pytest.mark.parametrize(
    "text",
    [
        "一是抓学习，二是抓队伍，三是抓作风",
        "一、主要成效",
        "（一）强化责任担当",
        "落实“三会一课”，树牢“四个意识”，压实两个责任，履行一岗双责",
        "履行第一责任人职责，落实第一议题制度，深入一线",
        "贯彻党的二十大和二十届三中全会精神",
        "“十四五”规划",
        "进一步统一思想，万众一心，千方百计",
        "近年来，十分重视，一系列举措",
        "培育一批先进典型，一个支部一个堡垒",
        "中央八项规定及其实施细则精神",
        "突出三个重点，抓好四个环节",
        "5G网络",
        "1. 抓学习",
    ],
)
def test_set_phrases_and_list_marks_count_nothing(text: str) -> None:
    assert keys(text) == []


def test_one_written_out_can_stand_for_a_digit_but_claims_nothing() -> None:
    (quantity,) = find_quantities("每季度召开一次")
    assert (quantity.key, quantity.weak) == ("1|次", True)


def test_several_in_one_sentence_keep_their_places() -> None:
    text = "８个支部、12家单位共近百名党员参加，占９０％"
    found = find_quantities(text)
    assert [q.key for q in found] == ["8|个", "12|个", "100|人", "90|%"]
    assert all(text[q.start : q.end] == q.text for q in found)


@pytest.mark.parametrize("text", ["X次", "××局", "＊次", "**年度", "Ｘ月Ｘ日", "（待填）"])
def test_blanks_are_seen_and_are_no_numbers(text: str) -> None:
    assert find_placeholders(f"全年{text}工作")
    assert keys(f"全年{text}工作") == []


@pytest.mark.parametrize("text", ["3×4米", "APEX会议", "OFFICE软件", "党建工作"])
def test_what_is_no_blank(text: str) -> None:
    assert not find_placeholders(text)


def test_parse_number() -> None:
    assert parse_number("三百二十") == 320
    assert parse_number("1.8万") == 18000
    assert parse_number("1,200") == 1200
    assert parse_number("百") == 100
    assert parse_number("党建") is None
    assert parse_number("") is None


@given(st.integers(min_value=1, max_value=99_999_999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert parse_number(cn2an.an2cn(str(number))) == number


@given(st.decimals(min_value=Decimal("0.1"), max_value=10**6, places=1))
def test_digits_read_back_with_their_unit(value: Decimal) -> None:
    assert keys(f"投入{format_number(value)}万元") == [f"{format_number(value * 10000)}|元"]


@given(
    st.text(
        alphabet="全年召开会议一二三四十百千万两第近余多0123456789.%次个人年月日—至上半季度元，。 ",
        max_size=60,
    )
)
def test_any_text_gives_ordered_spans_of_itself(text: str) -> None:
    found = find_quantities(text)
    assert all(text[q.start : q.end] == q.text and q.text for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
