"""Outlines, topics and plans: where facts go, how sections are headed, what edits keep."""

import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.errors import InputError
from drafter.outlines import (
    OUTLINES_FOLDER,
    chinese_number,
    choose_outline,
    closing_text,
    fill_template,
    list_outlines,
    numbered,
    opening_text,
    outline_named,
    section_numbers,
)
from drafter.plan import (
    add_section,
    drop_section,
    make_plan,
    merge_sheet,
    move_fact,
    move_section,
    rename,
    restore_section,
)
from drafter.topics import (
    TOPICS_FILE,
    Pattern,
    heading_pattern,
    load_topics,
    majority_pattern,
    verb_of,
)
from drafter.types import Fact, FactSheet, Plan, PlannedSection
from index.types import Embedder, Role
from tests.fakes import FakeEmbedder

DONE = """全年召开党组会专题研究党建工作12次
与8个支部签订党建目标责任书
理论学习中心组集中学习14次，研讨6次
举办读书班2期，党员领导干部讲党课9次
8个支部全部完成标准化达标创建
开展主题党日活动96次
发展党员5名，预备党员转正3名
组织党员集中培训2期，参训156人次
组建3支党员突击队，完成道路修补3.2万平方米
办结城市管理类诉求4862件，满意率98.6%
开展廉政谈话63人次，观看警示教育片4场
排查廉政风险点37个
召开意识形态分析研判会4次
走访慰问困难党员、老党员28户
与社区结对共建，开展双报到服务活动35次
修订党建工作制度11项""".splitlines()
PROBLEMS = ["理论学习的深度不够", "个别支部组织生活质量不高", "党建与业务融合不够紧密"]
CAUSES = ["存在重业务轻党建的思想"]
NEXT = """每季度召开1次党建专题会
举办2期党务干部培训班
每个支部打造1个党建品牌
开展形式主义问题专项整治
每半年抽查1次组织生活质量""".splitlines()


def sheet_of(
    *parts: tuple[Role | None, str | None, Sequence[str]],
    title: str | None = None,
    report_type: str | None = "述职报告",
    unit: str | None = "某区城市管理局",
    post: str | None = "党组书记",
    year: int | None = 2026,
) -> FactSheet:
    rows = [(role, group, text) for role, group, texts in parts for text in texts]
    facts = tuple(
        Fact(f"F{number}", text, (), role, group)
        for number, (role, group, text) in enumerate(rows, 1)
    )
    return FactSheet(title, report_type, unit, post, year, facts, ())


FULL = sheet_of(("成效", None, DONE), ("问题", None, PROBLEMS), ("打算", None, NEXT))
BUREAU = outline_named("bureau")


def placed_ids(plan: Plan) -> list[str]:
    return [id_ for section in plan.sections for id_ in section.fact_ids] + list(plan.unplaced)


def assert_sound(plan: Plan, fact_ids: Sequence[str]) -> None:
    """Every fact exactly once, ids unique, no facts above children or in 导语 and 结语."""
    assert sorted(placed_ids(plan)) == sorted(fact_ids)
    ids = [section.id for section in plan.sections]
    assert len(set(ids)) == len(ids)
    for above, below in zip(plan.sections, plan.sections[1:], strict=False):
        if above.level == 1 and below.level == 2:
            assert above.fact_ids == ()
    assert all(not section.fact_ids for section in plan.sections if not section.heading)


def topic_of(plan: Plan, sheet: FactSheet, text: str) -> str | None:
    wanted = next(fact.id for fact in sheet.facts if fact.text == text)
    return next((s.topic for s in plan.sections if wanted in s.fact_ids), None)


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
    assert all(s.fact_ids and s.target_chars == 110 * len(s.fact_ids) for s in second)


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


# headings


def test_headings_of_one_section_are_parallel_and_their_verbs_vary() -> None:
    for exemplars in ((), ("压紧压实责任链条",), ("在提质上下功夫", "在增效上做文章")):
        plan = make_plan(FULL, BUREAU, None, exemplars)
        second = [s for s in plan.sections if s.level == 2]
        for role in ("成效", "打算"):
            headings = [s.heading for s in second if s.role == role]
            assert len({heading_pattern(h) for h in headings}) == 1
            assert len({len(h) for h in headings}) == 1
        verbs = Counter(verb_of(s.heading) for s in second)
        assert max(verbs.values()) <= max(1, len(second) / 4)


@pytest.mark.parametrize(
    ("heading", "pattern"),
    [
        ("压紧压实党建责任", "single"),
        ("（一）扛牢主体责任，层层压实担子。", "double"),
        ("在压实责任上下功夫", "inaspect"),
        ("在加强领导上下功夫，进一步强化责任意识", "inaspect"),
        ("一、二、三", None),
    ],
)
def test_the_pattern_of_a_heading(heading: str, pattern: str | None) -> None:
    assert heading_pattern(heading) == pattern


def test_most_exemplars_decide_the_pattern() -> None:
    assert majority_pattern(["压紧压实党建责任", "在提质上下功夫", "建强基层战斗堡垒"]) == "single"
    assert majority_pattern([]) == "double"


def test_the_table_is_parallel_and_complete() -> None:
    lengths = {"single": 8, "double": 13, "inaspect": 9}
    table = load_topics()
    names = {topic.name for topic in table.topics}
    assert len(names) >= 14
    for topic in table.topics:
        assert set(topic.near) <= names - {topic.name}
        for role in ("成效", "打算"):
            assert set(topic.headings[role]) == set(lengths)
        for patterns in topic.headings.values():
            for pattern, headings in patterns.items():
                assert {len(h) for h in headings} == {lengths[pattern]}, (topic.name, headings)
                assert pattern != "double" or all(h[6] == "，" for h in headings)


def test_first_verbs_of_the_table_differ() -> None:
    topics = load_topics().topics
    cases: list[tuple[Role, Pattern]] = [
        ("成效", "single"),
        ("成效", "double"),
        ("打算", "double"),
    ]
    for role, pattern in cases:
        verbs = Counter(verb_of(topic.headings[role][pattern][0]) for topic in topics)
        assert verbs.most_common(1)[0][1] == 1, (role, pattern, verbs)


def test_no_heading_was_taken_from_the_real_samples(shared_reports: tuple[Path, ...]) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in shared_reports)
    for topic in load_topics().topics:
        for patterns in topic.headings.values():
            for headings in patterns.values():
                assert not [h for h in headings if h in text]


# outlines


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"post": "党组书记", "unit": "某区城市管理局"}, "bureau"),
        ({"post": "党工委书记", "unit": "某某街道"}, "street"),
        ({"post": "党支部书记", "unit": "某市财政局"}, "branch"),
        ({"post": "社区党支部书记", "unit": "某街道"}, "branch"),
        ({"report_type": "半年工作汇报"}, "half-year"),
        ({"report_type": "工作总结", "post": None}, "summary"),
        ({"report_type": None, "title": "2026年上半年党建工作情况汇报", "post": None}, "half-year"),
        ({"report_type": None, "unit": None, "post": None}, "bureau"),
    ],
)
def test_the_outline_is_chosen_by_type_and_person(fields: dict[str, str | None], name: str) -> None:
    assert choose_outline(sheet_of(**fields)).name == name  # type: ignore[arg-type]


def test_templates_say_only_what_the_sheet_says() -> None:
    for outline in list_outlines():
        known, unknown = sheet_of(), sheet_of(unit=None, post=None, year=None)
        for text in (opening_text(outline, known), closing_text(outline, known)):
            assert "{" not in text and "[" not in text
        bare = opening_text(outline, unknown) + make_plan(unknown, outline, None).title
        assert not any(char.isdigit() for char in bare)
        assert "年" not in bare.replace("半年", "")
    assert "2026年度" in opening_text(BUREAU, sheet_of())


def test_a_faulty_outline_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    good = (OUTLINES_FOLDER / "branch.toml").read_text(encoding="utf-8")
    for broken, said in (
        (good.replace("{who}", "{name}"), "{name}"),
        (good.replace('role = "问题"', 'role = "难题"'), "难题"),
        (good.replace("closing =", "closed ="), "closing"),
        (good.replace('name = "branch"', "name = "), "mine.toml"),
        (good.replace('"述职报告"\n', '"诗歌"\n'), "report_type"),
    ):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        (folder / "mine.toml").write_text(broken, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            list_outlines(folder)
        assert said in caught.value.message
        assert "mine.toml" in caught.value.message


def test_a_faulty_topic_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    text = TOPICS_FILE.read_text(encoding="utf-8")
    path.write_text(text.replace('[topic.headings."问题"]', '[topic.headings."毛病"]', 1), "utf-8")
    with pytest.raises(InputError, match="党建责任"):
        load_topics(path)


def test_an_unknown_outline_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="branch"):
        outline_named("没有")


def test_fixed_headings_take_their_topics(tmp_path: Path) -> None:
    text = (OUTLINES_FOLDER / "half-year.toml").read_text(encoding="utf-8")
    opening = 'heading = "下半年工作计划"'
    fixed = '[[section.child]]\nheading = "{}"\ntopics = ["{}"]\n'
    children = fixed.format("组织领导情况", "党建责任") + fixed.format("纪律作风情况", "廉政作风")
    before, after = text.split('[[section]]\nheading = "存在的主要问题"')
    text = f'{before}{children}\n[[section]]\nheading = "存在的主要问题"{after}'
    assert opening in text and tomllib.loads(text)
    (tmp_path / "fixed.toml").write_text(text, encoding="utf-8")
    plan = make_plan(FULL, list_outlines(tmp_path)[0], None)
    headings = [s.heading for s in plan.sections if s.level == 2 and s.role == "成效"]
    assert headings == ["组织领导情况", "纪律作风情况"]
    assert topic_of(plan, FULL, "排查廉政风险点37个") == "廉政作风"
    assert_sound(plan, [fact.id for fact in FULL.facts])


def test_numbers() -> None:
    assert section_numbers([0, 1, 2, 2, 1, 2, 1]) == (
        "",
        "一、",
        "（一）",
        "（二）",
        "二、",
        "（一）",
        "三、",
    )
    assert [chinese_number(n) for n in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
    marks = numbered(make_plan(FULL, BUREAU, None).sections)
    assert marks[0] == marks[-1] == ""
    assert [mark for mark in marks if mark.endswith("、")] == ["一、", "二、", "三、"]


# editing a plan

PLAN = make_plan(FULL, BUREAU, None)
FACT_IDS = [fact.id for fact in FULL.facts]


def test_a_moved_fact_leaves_its_old_place() -> None:
    source = next(s for s in PLAN.sections if len(s.fact_ids) > 1)
    target = next(s for s in PLAN.sections if s.role == "问题")
    moved = move_fact(PLAN, source.fact_ids[0], target.id)
    assert next(s for s in moved.sections if s.id == target.id).fact_ids[-1] == source.fact_ids[0]
    out = move_fact(moved, source.fact_ids[0], None)
    assert out.unplaced == (source.fact_ids[0],)
    assert_sound(out, FACT_IDS)


def test_moving_onto_a_parent_means_its_first_child() -> None:
    parent, child = PLAN.sections[1:3]
    moved = move_fact(PLAN, PLAN.sections[-2].fact_ids[0], parent.id)
    assert next(s for s in moved.sections if s.id == child.id).fact_ids[-1:] == (
        PLAN.sections[-2].fact_ids[0],
    )


def test_rename_leaves_out_a_typed_number_and_refuses_nothing() -> None:
    section = PLAN.sections[2]
    renamed = rename(PLAN, section.id, " （二）压实责任\n担当。")
    assert renamed.sections[2].heading == "压实责任 担当"
    for bad in ("", "  ", "（一）", "长" * 61):
        with pytest.raises(InputError):
            rename(PLAN, section.id, bad)
    with pytest.raises(InputError):
        rename(PLAN, PLAN.sections[0].id, "导语")


def test_added_sections_get_new_ids_and_the_place_asked_for() -> None:
    child = add_section(PLAN, PLAN.sections[1].id, "新的小节", "成效", 2)
    assert child.sections[2].heading == "新的小节"
    assert child.sections[2].id not in {s.id for s in PLAN.sections}
    top = add_section(PLAN, PLAN.sections[2].id, "特色做法", "成效", 1)
    position = next(i for i, s in enumerate(top.sections) if s.heading == "特色做法")
    assert top.sections[position + 1].role == "问题"
    first = add_section(PLAN, None, "基本情况", "成效", 1)
    assert [s.heading for s in first.sections[:2]] == ["", "基本情况"]
    leaf = next(s for s in PLAN.sections if s.role == "问题")
    taken_over = add_section(PLAN, leaf.id, "学习方面", "问题", 2)
    assert_sound(taken_over, FACT_IDS)


def test_dropping_a_section_frees_its_facts() -> None:
    dropped = drop_section(PLAN, PLAN.sections[1].id)
    assert all(s.role != "成效" for s in dropped.sections)
    assert_sound(dropped, FACT_IDS)
    assert len(dropped.unplaced) == len(DONE)


def test_a_section_moves_with_its_children_and_stays_between_opening_and_closing() -> None:
    moved = move_section(PLAN, PLAN.sections[1].id, 99)
    roles = [s.role for s in moved.sections if s.level == 1]
    assert roles == ["导语", "问题", "打算", "成效", "结语"]
    assert [s.role for s in moved.sections if s.level == 2 and s.role == "成效"]
    assert move_section(moved, PLAN.sections[1].id, -99) == PLAN
    down = move_section(PLAN, PLAN.sections[2].id, 1)
    assert down.sections[3].id == PLAN.sections[2].id


@pytest.mark.parametrize("edit", [
    lambda: move_fact(PLAN, "F999", "S2"),
    lambda: move_fact(PLAN, "F1", "S999"),
    lambda: move_fact(PLAN, "F1", "S1"),
    lambda: rename(PLAN, "S999", "标题"),
    lambda: drop_section(PLAN, "S999"),
    lambda: move_section(PLAN, "S999", 1),
    lambda: add_section(PLAN, None, "标题", "成效", 2),
    lambda: add_section(PLAN, "S1", "标题", "成效", 2),
    lambda: add_section(PLAN, None, "标题", "成效", 3),
])  # fmt: skip
def test_a_wrong_edit_is_refused_in_chinese(edit: object) -> None:
    with pytest.raises(InputError) as caught:
        edit()  # type: ignore[operator]
    assert caught.value.message and caught.value.hint


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_edit_loses_or_doubles_a_fact(data: st.DataObject) -> None:
    plan = PLAN
    for _ in range(data.draw(st.integers(1, 12))):
        ids = [s.id for s in plan.sections]
        if not ids:
            break
        some = st.sampled_from(ids)
        kind = data.draw(st.sampled_from(["fact", "rename", "add", "drop", "move"]))
        try:
            if kind == "fact":
                target = data.draw(st.one_of(st.none(), some))
                plan = move_fact(plan, data.draw(st.sampled_from(FACT_IDS)), target)
            elif kind == "rename":
                plan = rename(plan, data.draw(some), data.draw(st.text(max_size=70)))
            elif kind == "add":
                after = data.draw(st.one_of(st.none(), some))
                plan = add_section(plan, after, "新节", "成效", data.draw(st.integers(1, 2)))
            elif kind == "drop":
                plan = drop_section(plan, data.draw(some))
            else:
                plan = move_section(plan, data.draw(some), data.draw(st.integers(-9, 9)))
        except InputError:
            continue
        assert_sound(plan, FACT_IDS)


# a changed paste


def changed(texts: Sequence[str]) -> FactSheet:
    return sheet_of(("成效", None, texts), ("问题", None, PROBLEMS), ("打算", None, NEXT))


def test_a_changed_paste_keeps_what_was_placed_by_hand() -> None:
    hand = next(s for s in PLAN.sections if s.role == "问题")
    plan = move_fact(PLAN, "F5", hand.id)
    new = changed(
        ["新增：开展廉政谈话3场", *DONE[:8], "组织党员集中培训4期，参训200人次", *DONE[9:]]
    )
    merged = merge_sheet(plan, FULL, new)
    assert_sound(merged, [fact.id for fact in new.facts])
    home = next(s for s in merged.sections if "F6" in s.fact_ids)  # the old F5, one later now
    assert home.id == hand.id
    assert topic_of(merged, new, "新增：开展廉政谈话3场") == "廉政作风"
    assert [s.id for s in merged.sections] == [s.id for s in plan.sections]


def test_a_reworded_fact_keeps_its_place_and_a_vanished_one_goes() -> None:
    new = changed(["全年召开党组会专题研究党建工作15次", *DONE[2:]])
    merged = merge_sheet(PLAN, FULL, new)
    before = next(s.id for s in PLAN.sections if "F1" in s.fact_ids)
    assert next(s.id for s in merged.sections if "F1" in s.fact_ids) == before
    assert_sound(merged, [fact.id for fact in new.facts])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*DONE, "别的事情一件", "无"]), max_size=20), st.integers(0, 10))
def test_merging_any_paste_is_sound(texts: list[str], dropped: int) -> None:
    new = changed(texts)
    plan = drop_section(PLAN, PLAN.sections[min(dropped, len(PLAN.sections) - 1)].id)
    assert_sound(merge_sheet(plan, FULL, new), [fact.id for fact in new.facts])


def test_planning_again_keeps_ids_and_never_gives_one_to_another_section() -> None:
    fewer = sheet_of(("成效", None, DONE[4:]), ("问题", None, PROBLEMS))
    again = make_plan(fewer, BUREAU, None, previous=PLAN)

    def kind(section: PlannedSection) -> tuple[str, int, str | None]:
        return section.role, section.level, section.topic

    before = {s.id: kind(s) for s in PLAN.sections}
    for section in again.sections:
        assert before.get(section.id, kind(section)) == kind(section)
    assert next(s.id for s in again.sections if s.topic == "廉政作风" or s.role == "问题")
    assert make_plan(FULL, BUREAU, None, previous=PLAN) == PLAN


def test_unit_and_post_are_joined_without_saying_a_word_twice() -> None:
    def who(unit: str, post: str) -> str:
        return fill_template("{who}", FactSheet(None, None, unit, post, None, (), ()))

    assert who("某市档案馆机关党支部", "党支部书记") == "某市档案馆机关党支部书记"
    assert who("某社区党委", "党委书记") == "某社区党委书记"
    assert who("某局", "党组书记") == "某局党组书记"
    assert who("某局", "某局党组书记") == "某局党组书记"


@given(st.data())
def test_taking_a_drop_back_keeps_what_was_changed_since(data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from([section.id for section in PLAN.sections]))
    dropped = drop_section(PLAN, gone)
    back = restore_section(dropped, PLAN, gone)
    assert {s.id: s.fact_ids for s in back.sections} == {s.id: s.fact_ids for s in PLAN.sections}
    assert set(back.unplaced) == set(PLAN.unplaced)
    headed = [section.id for section in dropped.sections if section.heading]
    if headed:
        other = data.draw(st.sampled_from(headed))
        renamed = rename(dropped, other, "改过的标题")
        kept = {s.id: s.heading for s in restore_section(renamed, PLAN, gone).sections}
        assert kept[other] == "改过的标题"
