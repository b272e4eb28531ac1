"""Checks of wording, sums, terms and shape; clean real paragraphs stay silent."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.checks import run_checks
from drafter.checks.dropped_fact import fact_uses
from drafter.types import Draft, DraftSection, Finding, Sources
from tests.checks_cases import (
    EXEMPLAR,
    FACTS,
    REPORTS,
    findings,
    flagged,
    make_draft,
    make_facts,
    paragraphs,
)


@pytest.mark.parametrize(
    ("text", "year", "phrase"),
    [
        ("深入学习贯彻党的十九大精神。", 2026, "党的十九大精神"),
        ("扎实开展“两学一做”学习教育。", 2026, "“两学一做”学习教育"[1:]),
        ("走访建档立卡贫困户。", 2026, "建档立卡贫困户"),
        ("与区环保局共建。", 2026, "环保局"),
        ("学习贯彻党的二十届四中全会精神。", 2024, "二十届四中全会"),
    ],
)
def test_stale_wording(text: str, year: int, phrase: str) -> None:
    assert [re.sub("[“”]", "", one) for one in flagged("stale_phrase", text, year=year)] == [
        re.sub("[“”]", "", phrase)
    ]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("深入学习贯彻党的十九大精神。", 2020),
        ("党的十九大以来，工作扎实。", 2026),
        ("深入学习贯彻党的二十大精神。", 2026),
        ("深入学习贯彻党的十九大精神。", None),
        ("巩固脱贫户增收成果，与农业农村局、文化和旅游局共建。", 2026),
    ],
)
def test_wording_of_its_time(text: str, year: int | None) -> None:
    assert flagged("stale_phrase", text, year=year) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("发展党员12名，其中一线8名、机关9名。", "12名"),
        ("发展党员12名，其中一线15名。", "15名"),
        ("全局党员320名，288名参加学习，占80%。", "80%"),
        ("党员占比120%。", "120%"),
        ("支部由8个增加到12个，增加5个。", "5个"),
        ("参加率由76%提高到92%，提高12个百分点。", "12个百分点"),
        ("收入由100万元增长到120万元，增长30%。", "30%"),
    ],
)
def test_sums_that_do_not_come_out(text: str, wrong: str) -> None:
    assert flagged("arithmetic", text) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "发展党员12名，其中一线8名、机关4名。",
        "发展党员12名，其中一线8名。",
        "全局党员320名，288名参加学习，占90%。",
        "支部由8个增加到12个，增加4个。",
        "参加率由76%提高到92%，提高16个百分点。",
        "收入由100万元增长到120万元，增长20%。",
        "完成全年任务的106%。",
        "共召开会议12次，其中专题4次，覆盖党员320名。",
        "近320名党员中约280名参加，占90%。",
    ],
)
def test_sums_that_come_out(text: str) -> None:
    assert flagged("arithmetic", text) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("增强“五个意识”。", "四个意识"),
        ("增强“四个自信”。", "坚定“四个自信”"),
        ("严格落实“三会两课”。", "三会一课"),
        ("“四个意识”（政治意识、核心意识、大局意识、看齐意识）。", "政治意识、大局意识"),
        ("坚持学习习近平新时代特色社会主义思想。", "习近平新时代中国特色社会主义思想"),
        ("增强政治意识、大局意识、看齐意识、核心意识。", "政治意识、大局意识"),
    ],
)
def test_misquoted_terms(text: str, right: str) -> None:
    (found,) = [one for one in findings(text) if one.check == "term_form"]
    assert found.suggestion is not None
    assert found.suggestion.startswith(right)


@pytest.mark.parametrize(
    "text",
    [
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”，落实“三会一课”。",
        "“四个意识”（政治意识、大局意识、核心意识、看齐意识）。",
        "增强政治意识、责任意识。",
        "深刻领悟“两个确立”的决定性意义。",
        "意识形态工作专题研究2次，成立两个志愿者队伍。",
    ],
)
def test_terms_in_their_published_form(text: str) -> None:
    assert flagged("term_form", text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("一是抓学习。三是抓作风。", "三是"),
        ("落实“三会一课制度。", "“"),
        ("抓好党建工作，推动", "好党建工作，推动"),
    ],
)
def test_broken_shape(text: str, wrong: str) -> None:
    assert wrong in flagged("structure", text)


def test_sound_shape() -> None:
    text = "一是抓学习。\n二是抓作风。\n一是抓队伍；二是抓“三会一课”；三是抓《条例》落实。"
    assert flagged("structure", text) == []


def test_an_unwritten_section_is_advice_only() -> None:
    facts = make_facts(["讲党课4次"])
    draft = make_draft("", ids=("F1",))
    found = run_checks(draft, Sources(facts, (), 2026))
    assert [(one.check, one.severity) for one in found] == [("structure", "advice")]


def test_blanks_and_repetition() -> None:
    assert flagged("placeholder", "全年召开党组会X次。") == ["X"]
    twice = "推动党建工作与业务工作深度融合发展。"
    assert flagged("repetition", f"{twice}讲党课4次。{twice}") == [twice[:-1]]
    formula = "深入学习贯彻习近平新时代中国特色社会主义思想。"
    assert flagged("repetition", formula + "讲党课。" + formula) == []


def test_where_facts_went() -> None:
    facts = make_facts(
        ["讲党课4次", "走访支部8个", "收缴党费1.8万元", "发展党员3名", "开展谈话6次"]
    )
    sections = (
        DraftSection("S1", "学习", 1, "成效", "讲党课4次，走访支部8个。", ("F1", "F2"), (), False),
        DraftSection("S2", "队伍", 1, "成效", "收缴党费18000元。", ("F3", "F4"), (), False),
    )
    uses = fact_uses(Draft("述职报告", 2026, sections), facts)
    assert [(use.status, use.section_id) for use in uses] == [
        ("merged", "S1"),
        ("merged", "S1"),
        ("used", "S2"),
        ("dropped", "S2"),
        ("unplaced", None),
    ]
    assert uses[3].missing == ("3名",)


@settings(deadline=None)  # tables are read at the first draft
@given(
    st.text(
        alphabet="党建一二三是四个意识，。；“”《》（）12次X%年月日其中占由到增加\n", max_size=120
    )
)
def test_findings_point_at_what_they_name(text: str) -> None:
    made = make_facts(FACTS)
    draft = make_draft(text, ids=tuple(fact.id for fact in made))
    for found in run_checks(draft, Sources(made, (EXEMPLAR,), 2026)):
        if found.span:
            assert text[slice(*found.span)] == found.text


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real sample reports are not on this machine")
@pytest.mark.parametrize("path", sorted(REPORTS.glob("0*.txt")), ids=lambda path: path.name[:3])
def test_real_paragraphs_raise_no_false_alarm(path: Path) -> None:
    # One report's wording is of several years (党的二十大精神 beside 聚力脱贫攻坚): it has none.
    year = None if path.name.startswith("002") else 2020
    others = tuple(
        other.read_text(encoding="utf-8") for other in REPORTS.glob("0*.txt") if other != path
    )
    for paragraph in paragraphs(path):
        facts = [part for part in re.split("[。；]", paragraph) if len(part.strip()) > 3]
        assert wrong_errors(findings(paragraph, facts, year, others)) == []
    whole = "\n".join(paragraphs(path))
    assert wrong_errors(findings(whole, (), year)) == []


def wrong_errors(found: list[Finding]) -> list[Finding]:
    """The errors; without the blanks that the publisher left for numbers and names (X次, ××局)."""
    return [one for one in found if one.severity == "error" and one.check != "placeholder"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("走访党员27户，让群众的笑容更加灿烂。", ["让群众的笑容更加灿烂"]),
        ("抓实服务。走访党员27户，解决用水问题14个。", []),
        ("走访党员27户，深入学习贯彻习近平新时代中国特色社会主义思想。", []),
    ],
)
def test_words_that_rest_on_no_fact_are_shown_as_advice(text: str, expected: list[str]) -> None:
    facts = make_facts(["走访党员27户，解决用水问题14个"])
    draft = make_draft(text, year=2026, ids=("F1",))
    found = [f for f in run_checks(draft, Sources(facts, (), 2026)) if f.check == "unsupported"]
    assert [f.text for f in found] == expected
    assert all(f.severity == "advice" for f in found)


@pytest.mark.parametrize(
    ("text", "year", "wrong"),
    [
        ("今年是“十四五”规划的收官之年。", 2023, True),
        ("今年是“十四五”规划的收官之年。", 2025, False),
        ("明年是“十五五”开局之年，早作谋划。", 2025, False),
        ("2021年是“十四五”开局之年，支部当年获奖。", 2024, False),
        ("今年是贯彻党的二十大精神的开局之年。", 2024, True),
    ],
)
def test_the_first_and_last_years_of_a_plan_are_known(text: str, year: int, wrong: bool) -> None:
    assert bool(flagged("stale_phrase", text, year=year)) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("落实“三会一课”制度，开好党员大会、支委会、党小组会，上好党课。", False),
        ("落实“三会一课”制度，开好党员大会、支委会、座谈会，上好党课。", True),
        (
            "按村党组织提议、村“两委”会议商议、村监委会审议、村民代表会议决议的“四议两公开”程序办。",
            True,
        ),
        (
            "按村党组织提议、村“两委”会议商议、党员大会审议、村民代表会议决议的“四议两公开”程序办。",
            False,
        ),
    ],
)
def test_a_verb_or_a_missing_end_does_not_hide_a_wrong_member(text: str, wrong: bool) -> None:
    assert bool(flagged("term_form", text, year=2024)) is wrong
