"""Exemplar points as worked shots: they teach style and hold nothing their bullets lack."""

import re

from drafter.anchors import find_anchors
from drafter.facts import read_facts
from drafter.pairs import point_key, recover_with
from drafter.shots import choose_shots, fill_placeholders, make_shot, recover_by_rule, strip_opener
from index.types import Exemplar, Section
from tests.fakes import FakeChat

POINT = (
    "二是严格组织生活。对×名长期外出党员建立联络册，逢年过节由支部打一通电话、寄一份学习资料；"
    "对因病行动不便的×名老党员，支部会开到他们家里。"
)


def section(key: str, *points: str) -> Section:
    return Section(key, "r", "（一）", "抓组织", "成效", 2, "".join(points), points)


def test_openers_go() -> None:
    assert strip_opener("一是抓学习。") == "抓学习。"
    assert strip_opener("另一个是，先锋意识不强。") == "先锋意识不强。"
    assert strip_opener("2. 抓学习。") == "抓学习。"
    assert strip_opener("统一是基础。") == "统一是基础。"


def test_placeholders_become_the_same_number_each_time() -> None:
    first = fill_placeholders(POINT)
    assert "×" not in first
    assert first == fill_placeholders(POINT)
    assert re.search(r"对\d+名长期外出党员", first)
    assert fill_placeholders("××局党组与××街道共建") == "局党组与街道共建"


def test_a_shot_holds_no_number_date_or_name_its_bullets_lack() -> None:
    shot = make_shot(POINT, None, "r/1")
    assert shot is not None
    said = "".join(shot.bullets)
    for anchor in find_anchors(shot.text):
        if anchor.kind != "qualifier":
            assert anchor.text in said


def test_bullets_that_do_not_cover_the_text_make_no_shot() -> None:
    text = "2017年，制定《学习计划》，全年组织集中学习12次，开展专题研讨4次，撰写心得60篇。"
    assert make_shot(text, ("组织集中学习12次", "专题研讨4次"), "r/1") is None
    assert make_shot("一是抓好。", None, "r/1") is None


def test_the_label_that_opens_a_point_is_not_a_bullet() -> None:
    bullets = recover_by_rule("严格组织生活。对4名长期外出党员建立联络册，每季度通一次电话。")
    assert bullets == ("对4名长期外出党员建立联络册，每季度通一次电话",)


def test_shots_closest_to_the_facts_come_last_and_from_several_exemplars() -> None:
    facts = read_facts("- 走访困难党员27户，解决用水问题14个").facts
    near = "走访困难党员×户，逐户登记用水用电的难处，解决问题×个，回访时让党员自己打分。"
    far = "组织青年党员到红色教育基地参观学习×次，回来后各写一篇体会，在支部会上交流。"
    also = "开设楼道课堂×处，由退休教师轮流主讲，居民带着小板凳来听，全年开讲×场。"
    exemplars = (
        Exemplar(section("a/1", far, also, near), 0.5),
        Exemplar(section("b/1", far.replace("红色", "廉政")), 0.5),
    )
    shots = choose_shots(exemplars, facts, lambda _id, _n: None, 3)
    assert shots[-1].text.startswith("走访困难党员")
    assert {shot.section_id for shot in shots} == {"a/1", "b/1"}


def test_stored_bullets_are_preferred_to_the_rule() -> None:
    point = "办好身边小事。组织党员认领微心愿，利用周末上门修水管、换灯泡，全年兑现微心愿43个。"
    bullets = ("党员认领微心愿，兑现43个", "周末上门修水管、换灯泡")
    shots = choose_shots((Exemplar(section("a/1", point), 0.5),), (), lambda _i, _n: bullets, 3)
    assert shots[0].bullets == bullets


def test_recovered_bullets_are_kept_only_when_they_cover_the_point() -> None:
    point = "一是办好小事。组织党员认领微心愿，周末上门修水管、换灯泡，全年兑现微心愿43个。"
    good = "- 组织党员认领微心愿，兑现43个\n- 周末上门修水管、换灯泡"
    assert recover_with(FakeChat("- 办小事", good), point) == (
        "组织党员认领微心愿，兑现43个",
        "周末上门修水管、换灯泡",
    )
    assert recover_with(FakeChat("- 办小事", "- 修水管"), point) is None


def test_a_point_keeps_its_key_whatever_its_number() -> None:
    assert point_key("一是抓学习，全年×次。") == point_key("三是抓学习，全年×次。")
