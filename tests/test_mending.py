"""What a small model drops or adds around a fact's words is put right without rewording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.mending import mended, with_first_word, with_quotes, without_added_body


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("委分工不够细，五名支委身兼数职。", "支委分工不够细，五名支委身兼数职"),
        ("居民代表参与议事不积极。", "部分居民代表参与议事不积极"),
        ("怕影响生产排班。", "自己怕影响生产排班"),
        ("招投标、资金拨付2个环节排查，查出21个。", "工程招投标、资金拨付2个环节排查，查出21个"),
    ],
)
def test_the_first_word_of_a_fact_comes_back(text: str, fact: str) -> None:
    assert with_first_word(text, [fact]) == fact + "。"


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("廉洁从业承诺书签订1126份。", "签订廉洁从业承诺书1126份"),  # said further on
        ("将主要精力放在业务上。", "本人把主要精力放在业务上"),  # not the fact's very words
        ("红色阵地3处建成投用。", "打造红色阵地3处"),  # a sentence of its own
        ("党员干部320人次参加学习。", "培训党员干部320人次"),
        ("缴纳党费党员317名。", "未缴纳党费党员3名"),  # others
        ("党建工作会议12次。", "召开党建工作会议12次，研究党建"),
        ("党建考核分值提高到25分。", "把党建考核分值提高到25分"),  # 把 is no word to be missed
    ],
)
def test_what_was_only_put_otherwise_is_left_alone(text: str, fact: str) -> None:
    assert with_first_word(text, [fact]) == text


def test_where_two_facts_go_on_alike_nothing_is_put_in_front() -> None:
    for text, facts in (
        ("发展党员6名，较上年多2名。", ["去年发展党员4名", "今年发展党员6名"]),
        ("支部活动规范有序。", ["个别支部活动不经常", "多数支部活动规范"]),
        ("先进基层党组织2个。", ["省先进基层党组织1个", "市先进基层党组织2个"]),
    ):
        done = with_first_word(text, facts)
        assert done == text or any(done.startswith(fact) for fact in facts), done


def test_a_title_gets_no_quotation_marks() -> None:
    facts = ["编印《红色故事》1册", "开展“红色故事”宣讲8场"]
    assert with_quotes("编印《红色故事》1册，开展红色故事宣讲8场。", facts) == (
        "编印《红色故事》1册，开展红色故事宣讲8场。"
    )


def test_quotation_marks_of_a_name_come_back_once() -> None:
    fact = "“河长+党员”巡河1240公里"
    assert with_quotes("河长+党员巡河1240公里，河长+党员齐上阵。", [fact]) == (
        "“河长+党员”巡河1240公里，河长+党员齐上阵。"
    )
    assert with_quotes("“河长+党员”巡河。", [fact]) == "“河长+党员”巡河。"


@pytest.mark.parametrize(
    ("text", "fact", "left"),
    [
        ("局党组更换井盖612个。", "更换井盖612个", "更换井盖612个。"),
        ("我局共有党支部18个。", "所辖党支部18个", "共有党支部18个。"),
        ("局党组于1月15日召开会议。", "1月15日召开会议", "1月15日召开会议。"),
        ("局党组研究党建12次。", "局党组研究党建12次", "局党组研究党建12次。"),
        ("党支部党员34名，占41%。", "支部党员34名，占41%", "党支部党员34名，占41%。"),
        ("党委会议专题研究4次。", "专题研究4次", "专题研究4次。"),
        ("我村的道路硬化3公里。", "道路硬化3公里", "我村的道路硬化3公里。"),
        ("党委和支部书记讲党课24次。", "讲党课24次", "党委和支部书记讲党课24次。"),
        ("我市级示范点3个。", "市级示范点3个", "我市级示范点3个。"),
        ("领导班子配备齐全，成员7名。", "配齐班子成员7名", "领导班子配备齐全，成员7名。"),
        ("党支部共12个。", "下设党组织12个", "党支部共12个。"),
        ("党委会专题研究8次。", "党委会专题研究8次", "党委会专题研究8次。"),
    ],
)
def test_a_body_that_no_fact_names_goes(text: str, fact: str, left: str) -> None:
    assert without_added_body(text, [fact]) == left


def test_the_cause_is_not_announced_under_its_own_heading() -> None:
    fact = "下基层调研少，一年只去了1次"
    assert mended("究其原因，下基层调研少，一年只去了1次。", [fact], "原因") == fact + "。"
    assert mended("究其原因，下基层调研少。", [fact], "问题").startswith("究其原因")


@given(st.text(alphabet="部分居民代表支委党组局“”+，。12名次个会议", max_size=24))
def test_a_facts_own_words_are_never_touched(fact: str) -> None:
    text = fact.rstrip("。") + "。"
    assert mended(text, [fact], "成效") == text
