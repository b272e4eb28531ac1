"""What the tenth set showed, with other examples: the unit's own name left out, blanks of a form,
what is over told as going on, numbers just told, a member beside the others, social bodies."""

import pytest

from drafter.checking import read_case
from drafter.checks.own_unit import own_unit
from drafter.counting import counted_here
from drafter.numbers import find_quantities
from tests.test_checks_ninth_look import errors, told


def unit_of(facts: list[str]) -> str:
    return own_unit(read_case({"year": 2026, "facts": facts, "draft": "。"})[1].facts)


FACTS = ["林业站党支部清淤9处", "更换航标26座", "走访船户140户"]


def test_the_unit_that_reports_need_not_be_named() -> None:
    assert unit_of(FACTS) == "林业站党支部"
    assert errors(FACTS, "1.清淤9处。\n2.更换航标26座。\n3.走访船户140户。") == []


def test_another_bodys_name_is_still_missed() -> None:
    facts = [FACTS[0], "柳湾村党支部更换航标26座"]
    assert unit_of(facts) == ""
    assert told("dropped_fact", facts, "林业站党支部清淤9处，更换航标26座。") == facts[1:]


def test_who_does_it_to_others_is_not_the_unit() -> None:
    assert unit_of(["市直机关党委表彰支部2次", "集中学习8次"]) == ""
    assert unit_of(["与石桥小学党支部结对，送课8节"]) == ""
    assert unit_of([]) == ""


@pytest.mark.parametrize(
    "blank", ["[岗位]", "［主讲人姓名］", "【协办单位】", "[活动日期、活动地点]"]
)
def test_a_field_of_a_form_in_brackets_is_a_blank(blank: str) -> None:
    assert told("placeholder", ["讲党课6次"], f"支部请{blank}讲党课6次。")


@pytest.mark.parametrize("words", ["［以签到为准］", "（含线上）", "〔2020〕"])
def test_a_note_in_brackets_is_no_blank(words: str) -> None:
    assert told("placeholder", ["讲党课6次"], f"支部讲党课6次{words}。") == []


def test_a_campaign_that_is_over_is_not_going_on() -> None:
    draft = "当前，党史学习教育正在全所深入推进，讲党课6次。"
    assert told("stale_phrase", ["讲党课6次"], draft, 2024)
    assert told("stale_phrase", ["讲党课6次"], draft, 2021) == []
    kept = "推动党史学习教育常态化长效化，讲党课6次。"
    assert told("stale_phrase", ["讲党课6次"], kept, 2024) == []


def test_a_goal_whose_year_is_over_is_no_task() -> None:
    draft = "讲党课6次，为到2020年全面建成小康社会而奋斗。"
    assert told("stale_phrase", ["讲党课6次"], draft, 2022)
    assert told("stale_phrase", ["讲党课6次"], draft, 2019) == []


def test_numbers_just_told_may_be_counted() -> None:
    def counted(text: str) -> str:
        return counted_here(find_quantities(text)[-1], text)

    assert counted("讲党课6次，走访40户。两个数字背后是脚步。")
    assert not counted("讲党课6次。三个数字背后是脚步。")


def test_two_quarters_may_be_told_as_half_a_year() -> None:
    facts = ["第一季度巡航11次", "第二季度巡航15次"]
    assert errors(facts, "上半年巡航26次，其中一季度11次、二季度15次。") == []
    assert told("changed_qualifier", facts[:1], "上半年巡航11次。")


def test_one_member_may_be_told_beside_the_others() -> None:
    rest = "经济建设、政治建设、文化建设、生态文明建设"
    assert told("term_form", ["讲党课6次"], f"讲党课6次，社会建设与{rest}相互促进。") == []
    assert told("term_form", ["讲党课6次"], f"讲党课6次，“五位一体”（社会建设、{rest}）。")


def test_a_social_body_of_no_fact_is_told() -> None:
    facts = ["助老服务50次"]
    draft = "与晚晴为老服务中心签订协议，助老服务50次。"
    assert told("untraced_name", facts, draft)
    assert told("untraced_name", ["与晚晴为老服务中心签订协议", *facts], draft) == []
