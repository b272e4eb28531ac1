"""Tables are read before the first keystroke, and the text they are read with changes nothing."""

from drafter.checking import check_case
from drafter.checks.first_look import read_tables
from drafter.data import load_table

CASE = {
    "id": "一篇",
    "year": 2025,
    "facts": [
        "召开支委会9次",
        "看望老党员14人，送去慰问金0.9万元",
        "打算：2026年3月底前建成阵地2处",
    ],
    "draft": "一、工作情况\n召开支委会9次，看望老党员15人，送去慰问金9000元。\n"
    "二、下一步打算\n2026年3月底前建成阵地2处，贯彻党的二十届四中全会精神。",
}


def test_a_later_text_reads_no_table() -> None:
    read_tables()
    before = load_table.cache_info().misses
    check_case(CASE)
    assert load_table.cache_info().misses == before


def test_findings_are_the_same_before_and_after() -> None:
    first = check_case(CASE)
    read_tables()
    assert check_case(CASE) == first
    assert any("15" in finding["text"] for finding in first)
