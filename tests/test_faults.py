"""What is wrong with a point becomes an order; what the person left open does not."""

from drafter.anchors import find_anchors
from drafter.faults import MINOR, find_faults
from drafter.types import Fact


def facts(*texts: str) -> tuple[Fact, ...]:
    return tuple(Fact(f"F{n}", t, find_anchors(t), None, None) for n, t in enumerate(texts, 1))


def checks_of(text: str, *told: str) -> set[str]:
    return {check for check, _ in find_faults(text, facts(*told), "成效", (), 2026)}


def test_a_faithful_point_has_no_fault() -> None:
    assert checks_of("全年发展党员7名，其中一线职工3名。", "发展党员7名，其中一线职工3名") == set()


def test_a_blank_of_the_fact_itself_is_not_the_models_fault() -> None:
    told = "与某局机关党委联合开展主题党日3次"
    assert "placeholder" not in checks_of("与某局机关党委联合开展主题党日3次。", told)
    assert "placeholder" in checks_of("与XX学校联合开展主题党日3次。", "联合开展主题党日3次")


def test_orders_name_what_is_missing_and_what_is_made_up() -> None:
    orders = dict(find_faults("发展党员9名。", facts("发展党员7名"), "成效", (), 2026))
    assert "7名" in orders["dropped_fact"] and "9名" in orders["untraced_number"]


def test_saying_one_thing_twice_is_a_small_fault() -> None:
    found = checks_of(
        "楼宇党委中有的支部，2个楼宇党委中有1个没有开展联建。", "2个楼宇党委中有1个没有开展联建"
    )
    assert found and found <= MINOR | {"framing"}


def test_nothing_written_is_a_fault() -> None:
    assert checks_of("", "发展党员7名") == {"empty"}


def test_a_body_nobody_named_is_worth_another_try_but_no_fallback() -> None:
    found = dict(
        find_faults("与省农科院建立联系，种植油茶260亩。", facts("种植油茶260亩"), "成效", (), 2026)
    )
    assert "省农科院" in found["doubt"] and set(found) <= MINOR


def test_a_clause_said_over_and_over_is_no_minor_fault() -> None:
    """As a small model wrote it: it must fall back to the fact's own words."""
    fact = "党组理论学习中心组集体学习10次"
    looped = "，".join(["对党的理论学习中心组集体学习10次"] * 27) + "。"
    assert checks_of(looped, fact) - MINOR == {"runaway"}
    assert "runaway" not in checks_of("党组理论学习中心组集体学习10次，每次都有记录。", fact)
    thrice = "走访困难党员，甲村走访困难党员，乙村走访困难党员26名"
    assert "runaway" not in checks_of("走访困难党员，走访困难党员，走访困难党员26名。", thrice)


def test_a_clause_without_a_number_may_not_go_unsaid() -> None:
    (told,) = facts("对支部书记教得少、催得多")
    found = find_faults("对支部书记教得少。", [told], "原因", (), 2026)
    assert ("dropped_fact", "写上“催得多”") in found
    assert not find_faults("对支部书记教得少、催得多。", [told], "原因", (), 2026)


def test_clauses_are_tied_as_the_facts_tie_them() -> None:
    (told,) = facts("到基层调研偏少，全年只有6次")
    assert "joint" in checks_of("通过走访困难党员26名。", "走访困难党员26名")
    found = find_faults("虽然到基层调研偏少，但全年只有6次。", [told], "原因", (), 2026)
    assert "joint" in {check for check, _ in found}
