"""Outlines, topics and plans: where facts go, how sections are headed, what edits keep."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.outlines import (
    list_outlines,
    outline_named,
)
from drafter.plan import (
    make_plan,
    merge_sheet,
)
from drafter.topics import (
    load_topics,
)
from index.types import Embedder, Role
from tests.fakes import FakeEmbedder
from tests.plan_cases import (
    BUREAU,
    CAUSES,
    DONE,
    FULL,
    NEXT,
    PROBLEMS,
    assert_sound,
    sheet_of,
    topic_of,
)

# making a plan


def test_a_full_sheet_becomes_a_whole_outline() -> None:
    plan = make_plan(FULL, BUREAU, None)
    assert_sound(plan, [fact.id for fact in FULL.facts])
    assert plan.unplaced == ()
    assert plan.title == "某区城市管理局党组书记2026年度抓基层党建工作述职报告"
    top = [(s.role, s.heading) for s in plan.sections if s.level == 1]
    assert [role for role, _ in top] == ["导语", "成效", "问题", "打算", "结语"]
    second = [s for s in plan.sections if s.level == 2 and s.role == "成效"]
    assert 4 <= len(second) <= 6
    said = {fact.id: len(fact.text) for fact in FULL.facts}
    for section in second:
        own = sum(said[i] for i in section.fact_ids)
        assert own and own <= section.target_chars <= 1.5 * own + 20, "as long as its facts carry"


def test_facts_keep_to_their_roles() -> None:
    sheet = sheet_of(
        ("成效", None, DONE), ("问题", None, PROBLEMS), ("原因", None, CAUSES), ("打算", None, NEXT)
    )
    plan = make_plan(sheet, BUREAU, None)
    roles = {fact.id: fact.role for fact in sheet.facts}
    for section in plan.sections:
        assert {roles[id_] for id_ in section.fact_ids} <= {section.role}
    assert [s.role for s in plan.sections if s.level == 1].count("原因") == 1


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("全年召开党组会专题研究党建工作12次", "党建责任"),
        ("理论学习中心组集中学习14次，研讨6次", "政治理论"),
        ("开展主题党日活动96次", "组织建设"),
        ("发展党员5名，预备党员转正3名", "党员队伍"),
        ("开展廉政谈话63人次，观看警示教育片4场", "廉政作风"),
        ("组建3支党员突击队，完成道路修补3.2万平方米", "业务融合"),
        ("走访慰问困难党员、老党员28户", "服务群众"),
    ],
)
def test_a_fact_goes_to_its_topic(text: str, topic: str) -> None:
    others = ["工会组织职工文体活动3场", "走访党外人士12名"]
    sheet = sheet_of(("成效", None, [text, *others, "化解信访积案3件", "开展消防隐患排查9次"]))
    assert topic_of(make_plan(sheet, BUREAU, None), sheet, text) == topic


def test_facts_pasted_under_a_heading_stay_together() -> None:
    group = "意识形态工作"
    facts = ["召开专题会4次", "组织学习研讨2次", "新建支部台账8本"]
    sheet = sheet_of(("成效", group, facts), ("成效", None, DONE[:8]))
    plan = make_plan(sheet, BUREAU, None)
    assert {topic_of(plan, sheet, text) for text in facts} == {"意识形态"}


@pytest.mark.parametrize("heading", ["履职", "亮点工作", "抓党建工作情况", "上半年重点工作"])
def test_a_heading_that_names_only_a_part_gathers_nothing(heading: str) -> None:
    facts = ["“师带徒”结对16对", "7月暴雨抢险，连续值守38小时", "开展廉政谈话20人次"]
    sheet = sheet_of(("成效", heading, [*DONE[:8], *facts]))
    plan = make_plan(sheet, BUREAU, None)
    assert len({topic_of(plan, sheet, text) for text in facts}) == len(facts)


def test_an_overfull_group_gives_up_what_belongs_elsewhere() -> None:
    learning = [f"理论学习中心组第{n}次学习" for n in range(1, 7)]
    clean = ["开展廉政谈话20人次", "组织警示教育3场"]
    sheet = sheet_of(("成效", "理论学习情况", learning + clean))
    plan = make_plan(sheet, BUREAU, None)
    assert {topic_of(plan, sheet, text) for text in clean} == {"廉政作风"}


def test_one_topic_makes_no_lonely_subsection() -> None:
    sheet = sheet_of(("成效", None, [f"开展廉政谈话{n}人次" for n in range(1, 6)]))
    plan = make_plan(sheet, BUREAU, None)
    assert all(section.level == 1 for section in plan.sections)
    assert_sound(plan, [fact.id for fact in sheet.facts])


def test_problems_and_measures_stay_as_empty_sections_but_causes_do_not() -> None:
    plan = make_plan(sheet_of(("成效", None, DONE)), BUREAU, None)
    empty = {s.role for s in plan.sections if s.level == 1 and s.heading and not s.fact_ids}
    assert {"问题", "打算"} <= empty
    assert "原因" not in {s.role for s in plan.sections}


def test_few_problems_are_points_and_many_are_subsections() -> None:
    many = [*PROBLEMS, "作风建设抓得不严", "意识形态阵地管理不够有力", "党员教育形式单一"]
    few_plan = make_plan(FULL, BUREAU, None)
    many_plan = make_plan(sheet_of(("成效", None, DONE), ("问题", None, many)), BUREAU, None)
    assert [s.level for s in few_plan.sections if s.role == "问题"] == [1]
    assert [s.level for s in many_plan.sections if s.role == "问题"].count(2) >= 2


def test_a_bullet_without_a_role_is_judged_by_its_wording() -> None:
    sheet = sheet_of(
        (
            None,
            None,
            ["党员教育管理形式单一", "拟于明年开展2次轮训", "针对学习不够深入的问题开展整改6项"],
        )
    )
    plan = make_plan(sheet, BUREAU, None)
    role = {id_: section.role for section in plan.sections for id_ in section.fact_ids}
    assert (role["F1"], role["F2"]) == ("问题", "打算")


def test_leftovers_are_unplaced_and_everything_else_finds_a_place() -> None:
    sheet = sheet_of((None, None, ["无", "12345", "完成管网改造若干公里", "xyz"]))
    plan = make_plan(sheet, BUREAU, None)
    assert plan.unplaced == ("F1", "F2", "F4")


def test_no_facts_at_all_still_make_an_outline() -> None:
    plan = make_plan(sheet_of(), BUREAU, None)
    assert [s.heading for s in plan.sections if s.heading]
    assert_sound(plan, [])


def test_meaning_is_asked_only_where_words_do_not_decide() -> None:
    embedder = FakeEmbedder()
    sheet = sheet_of(("成效", None, ["压减文电三成", "开展廉政谈话6人次"]))
    assert_sound(make_plan(sheet, BUREAU, embedder), ["F1", "F2"])
    assert "压减文电三成" in embedder.queries
    assert "开展廉政谈话6人次" not in embedder.queries


def test_meaning_with_the_real_embedder(embedder: Embedder) -> None:
    from drafter.topic_scores import score_topics

    texts = {
        "邀请市委讲师团作专题辅导4次": {"政治理论"},
        "压减会议文件三成": {"廉政作风"},
        "灭火器更换120具": {"安全稳定"},
        "引进外资2.3亿元": {"项目环境"},
        "印发工作规范5项": {"制度机制"},
        "提任科级领导5名，交流轮换12人": {"干部人才"},
    }
    sheet = sheet_of(("成效", None, list(texts)))
    roles: dict[str, Role] = {fact.id: "成效" for fact in sheet.facts}

    def right(model: Embedder | None) -> int:
        scores = score_topics(sheet.facts, roles, load_topics(), model)
        return sum(scores.best(fact.id) in texts[fact.text] for fact in sheet.facts)

    assert right(embedder) > right(None)
    assert right(embedder) >= 4


def test_five_hundred_facts_are_planned_at_once() -> None:
    sheet = sheet_of(("成效", None, [f"{DONE[n % 16]}（第{n}项）" for n in range(500)]))
    embedder = FakeEmbedder()
    began = time.perf_counter()
    plan = make_plan(sheet, BUREAU, embedder)
    merge_sheet(plan, sheet, sheet_of(("成效", None, [f.text + "有新变化" for f in sheet.facts])))
    assert time.perf_counter() - began < 5
    assert_sound(plan, [fact.id for fact in sheet.facts])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "成效", "问题", "原因", "打算", "导语", "结语"]),
            st.sampled_from([None, "党风廉政", "随便一个小标题", ""]),
            st.one_of(st.sampled_from(DONE + PROBLEMS + NEXT), st.text(max_size=30)),
        ),
        max_size=40,
    ),
    st.sampled_from([outline.name for outline in list_outlines()]),
)
def test_every_fact_is_in_exactly_one_place(
    rows: list[tuple[Role | None, str | None, str]], name: str
) -> None:
    sheet = sheet_of(*((role, group, [text]) for role, group, text in rows))
    plan = make_plan(sheet, outline_named(name), None)
    assert_sound(plan, [fact.id for fact in sheet.facts])
