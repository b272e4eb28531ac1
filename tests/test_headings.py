"""Headings, outlines and templates: parallel, parametrised by the sheet, editable by a person."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from drafter.errors import InputError
from drafter.outlines import (
    OUTLINES_FOLDER,
    chinese_number,
    choose_outline,
    closing_text,
    list_outlines,
    numbered,
    opening_text,
    outline_named,
    section_numbers,
)
from drafter.plan import (
    make_plan,
)
from drafter.topics import (
    TOPICS_FILE,
    Pattern,
    heading_pattern,
    load_topics,
    majority_pattern,
    verb_of,
)
from index.types import Role
from tests.plan_cases import BUREAU, FULL, assert_sound, sheet_of, topic_of

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
