"""Replies made into points: form put right, empty tails cut, nothing of the facts lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.wording import (
    cut_unfinished,
    join_points,
    stutters,
    tidy,
    trim_head,
    trim_tail,
    without_speaker,
)

FACTS = ["6月组织到区廉政教育基地参观1次，62人参加"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("一是召开党组会12次", "召开党组会12次。"),
        ("- 走访困难党员27户\n- 解决问题14个", "走访困难党员27户。解决问题14个。"),
        ("走访困难党员27户,解决问题14个.", "走访困难党员27户，解决问题14个。"),
        ('打造"红色驿站"4处。', "打造“红色驿站”4处。"),
        ("办结率99.1%，平均2.6天。", "办结率99.1%，平均2.6天。"),
        ("**压实责任**。召开会议3次。", "压实责任。召开会议3次。"),
        ("要点：召开会议3次", "召开会议3次。"),
    ],
)
def test_replies_become_one_clean_paragraph(reply: str, expected: str) -> None:
    assert tidy(reply) == expected


def test_a_reply_cut_short_by_its_limit_ends_at_its_last_full_stop() -> None:
    assert cut_unfinished("召开会议3次。签订责任书8份。随后组织") == "召开会议3次。签订责任书8份。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "6月组织62名党员到区廉政教育基地参观1次，增强了廉洁意识，提升了拒腐防变能力。",
            "6月组织62名党员到区廉政教育基地参观1次。",
        ),
        (
            "6月组织到区廉政教育基地参观1次，62人参加。通过参观学习，增强了廉洁意识。",
            "6月组织到区廉政教育基地参观1次，62人参加。",
        ),
    ],
)
def test_outcomes_nobody_reported_are_cut(text: str, expected: str) -> None:
    assert trim_tail(text, FACTS) == expected


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("开展整治行动，推动占道经营投诉下降38%。", ["开展整治，占道经营投诉下降38%"]),
        ("平均办结时间由5天缩短到2.6天，提升了办事效率。", ["办结时间缩短，提升了办事效率"]),
        ("走访困难党员27户。", ["走访困难党员27户"]),
    ],
)
def test_outcomes_that_were_reported_stay(text: str, facts: list[str]) -> None:
    assert trim_tail(text, facts) == text


def test_ordinals_open_points_only_where_there_are_several() -> None:
    assert join_points(["甲。", "乙。"], True) == "一是甲。二是乙。"
    assert join_points(["甲。"], True) == "甲。"
    assert join_points(["甲。", "乙。"], False) == "甲。乙。"
    assert join_points(["甲。"] * 11, True) == "甲。" * 11


@given(st.text(alphabet="召开会议走访党员12次，。；、“”\n- ", max_size=80))
def test_tidying_twice_changes_nothing_more(reply: str) -> None:
    once = tidy(reply)
    assert tidy(once) == once


@given(st.text(alphabet="召开会议走访党员确保提升，。0123", min_size=1, max_size=60))
def test_a_trimmed_text_keeps_every_digit(text: str) -> None:
    """Numbers are never a tail: cutting must not touch them."""
    trimmed = trim_tail(text, [text])
    assert [c for c in trimmed if c.isdigit()] == [c for c in text if c.isdigit()]


def test_a_claim_in_mid_paragraph_goes_and_rhetoric_may_stay() -> None:
    facts = ["4月廉政谈话28人次", "观看警示教育片3部"]
    text = "开展廉政谈话28人次，覆盖所有党员和社区干部。观看警示教育片3部，让纪律的弦绷得更紧。"
    kept = "开展廉政谈话28人次。观看警示教育片3部，让纪律的弦绷得更紧。"
    assert trim_tail(text, facts) == kept
    assert trim_tail(text, facts, strict=True) == "开展廉政谈话28人次。观看警示教育片3部。"


def test_a_purpose_nobody_gave_goes_from_the_head() -> None:
    told = ["5月到北坪战役旧址开展现场教学，26人参加"]
    assert trim_head("为缅怀历史，5月到北坪战役旧址开展现场教学。", told).startswith("5月")
    own = ["围绕防汛供水，每个支部立项1个"]
    kept = "围绕防汛供水，每个支部立项1个。"
    assert trim_head(kept, own) == kept


def test_a_closing_clause_that_adds_no_word_of_a_fact_goes() -> None:
    told = ["抽查的11个支部中有3个会议记录照抄文件"]
    text = "抽查的11个支部中有3个会议记录照抄文件，会议记录不真实。"
    assert trim_tail(text, told, strict=True) == "抽查的11个支部中有3个会议记录照抄文件。"
    paid = ["走访困难党员46人次，送慰问金5.2万元"]
    twice = "走访困难党员46人次，送慰问金5.2万元，共计46人次送慰问金5.2万元。"
    assert trim_tail(twice, paid) == "走访困难党员46人次，送慰问金5.2万元。"
    both = ["抽查11个支部，会议记录不真实"]
    assert trim_tail("抽查11个支部，会议记录不真实。", both, strict=True).endswith("不真实。")


def test_a_speaker_the_facts_do_not_have_is_left_out() -> None:
    told = ["3月以来分6个专题学习"]
    assert without_speaker("3月以来，我分6个专题学习。", told) == "3月以来，分6个专题学习。"
    assert without_speaker("我局分6个专题学习，我国成就。", told) == "我局分6个专题学习，我国成就。"
    assert without_speaker("我分6个专题学习。", ["我分6个专题学习"]) == "我分6个专题学习。"


def test_what_one_sentence_says_twice_is_named() -> None:
    told = ["2个楼宇党委中有1个上半年没有开展过联建"]
    assert stutters("楼宇党委中有的，2个楼宇党委中有1个没有开展过联建。", told) == ("楼宇党委中有",)
    assert stutters("2个楼宇党委中有1个没有开展过联建。", told) == ()
