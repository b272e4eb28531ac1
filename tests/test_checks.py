"""Each check: what it must flag and what it must leave alone, and the real reports as must-pass."""

import pytest

from drafter.checks import ADVICE_ONLY, CHECKS
from tests.checks_cases import EXEMPLAR, FACTS, FAITHFUL, findings, flagged


def test_names_are_the_documented_ones() -> None:
    assert [name for name in CHECKS if name not in ADVICE_ONLY] == [
        "untraced_number",
        "dropped_fact",
        "changed_qualifier",
        "untraced_name",
        "exemplar_leak",
        "stale_phrase",
        "arithmetic",
        "term_form",
        "structure",
        "placeholder",
        "repetition",
    ]


def test_a_faithful_draft_is_clean() -> None:
    assert findings(FAITHFUL, FACTS) == []


@pytest.mark.parametrize(
    ("old", "new", "check", "text"),
    [
        ("十二次", "15次", "untraced_number", "15次"),
        ("18000元", "2万元", "untraced_number", "2万元"),
        ("2027年", "2028年", "untraced_number", "2028年"),
        ("带头讲党课4次。", "", "dropped_fact", "讲党课4次"),
        ("4个支部", "一些支部", "dropped_fact", "有4个支部尚未完成换届"),
        ("每季度", "每月", "changed_qualifier", "每月"),
        ("近320名", "320余名", "changed_qualifier", "320余名"),
        ("近320名", "320名", "changed_qualifier", "320名"),
        ("拟于2027年新建", "2027年已建成", "changed_qualifier", "已"),
        ("没有完成", "已完成", "changed_qualifier", "已"),
        ("讲党课", "讲“微党课”", "untraced_name", "“微党课”"),
        ("党员参加", "党员到平安里社区参加", "untraced_name", "平安里社区"),
        ("主题党日", "《党员手册》学习和主题党日", "untraced_name", "《党员手册》"),
    ],
)
def test_one_change_is_found_where_it_stands(old: str, new: str, check: str, text: str) -> None:
    changed = FAITHFUL.replace(old, new)
    found = [one for one in findings(changed, FACTS) if one.check == check]
    assert [one.text for one in found] == [text]
    assert found[0].severity == "error"
    if found[0].span:
        assert changed[slice(*found[0].span)] == text


def test_a_changed_qualifier_is_not_told_twice() -> None:
    found = findings(FAITHFUL.replace("每季度", "每月"), FACTS)
    assert [one.check for one in found] == ["changed_qualifier"]


def test_the_message_names_what_was_lost() -> None:
    (found,) = findings(FAITHFUL.replace("全年共十二次", "全年共多次"), FACTS)
    assert (found.check, found.section_id) == ("dropped_fact", "S1")
    assert "12次" in found.message


def test_a_number_borrowed_from_another_fact_does_not_save_a_fact() -> None:
    facts = ("组织廉政谈话12次，覆盖全体中层干部", "组织廉政谈话教育培训12次")
    text = (
        "组织廉政谈话，覆盖全体中层干部。深化作风建设，严明工作纪律，强化日常监督。"
        "组织廉政谈话教育培训12次。"
    )
    assert flagged("dropped_fact", text, facts) == [facts[0]]


def test_without_facts_nothing_is_untraced() -> None:
    assert flagged("untraced_number", "讲党课15次") == []
    assert flagged("untraced_name", "开展“微党课”") == []


def test_copying_from_an_exemplar_is_found() -> None:
    copied = "讲党课4次。把支部建在项目上、把党旗插在工地上，成效明显。"
    found = findings(copied, ["讲党课4次"], exemplars=(EXEMPLAR,))
    assert [(one.check, one.text) for one in found] == [
        ("exemplar_leak", "把支部建在项目上、把党旗插在工地上")
    ]
    own = ["讲党课4次", "把支部建在项目上、把党旗插在工地上"]
    assert findings(copied, own, exemplars=(EXEMPLAR,)) == []


def test_an_exemplars_number_and_name_are_found() -> None:
    found = findings("讲党课15次，到红星里社区讲党课4次。", ["讲党课4次"], exemplars=(EXEMPLAR,))
    assert {one.text for one in found if one.check == "exemplar_leak"} == {"15次", "红星里社区"}


def test_published_formulas_are_not_copying() -> None:
    formula = (
        "深入学习贯彻习近平新时代中国特色社会主义思想，"
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”。"
    )
    found = findings(f"{formula}讲党课4次。", ["讲党课4次"], exemplars=(f"要{formula}",))
    assert found == []
