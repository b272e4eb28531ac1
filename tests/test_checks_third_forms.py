"""What the third set of cases taught the checks of names, wording and form, in other words."""

import pytest

from drafter.checking import read_case
from drafter.checks import CHECKS


def found(check: str, draft: str, facts: tuple[str, ...]) -> list[str]:
    case = {"year": 2024, "facts": list(facts), "draft": draft, "exemplars": []}
    return [one.text for one in CHECKS[check](*read_case(case))]


@pytest.mark.parametrize(
    ("check", "fact", "draft", "wrong"),
    [
        (
            "untraced_name",
            "评选身边榜样3名",
            "支部评选出李国强等身边榜样3名，用身边事感染身边人。",
            "李国强",
        ),
        (
            "untraced_name",
            "村里建成冷库2座",
            "村党支部在石榴坡自然村建成冷库2座，方便群众。",
            "石榴坡自然村",
        ),
        (
            "untraced_name",
            "学习有关文件，集中学习6次",
            "支部围绕《中国共产党问责条例》集中学习6次，人人受到教育。",
            "《中国共产党问责条例》",
        ),
        (
            "changed_qualifier",
            "参加市里主办的消防技能比武",
            "支部举办了市里的消防技能比武，锻炼了队伍。",
            "举办了",
        ),
        (
            "placeholder",
            "老党员义务巡山45次",
            "老党员刘某某同志义务巡山45次，风雨无阻。",
            "刘某某",
        ),
        (
            "term_form",
            "学习研讨8次",
            "围绕“五位一体”总体布局，对经济建设、政治建设、文化建设、社会建设、作风建设深入领会，学习研讨8次。",
            "经济建设、政治建设、文化建设、社会建设、作风建设",
        ),
        (
            "term_form",
            "落实“三会一课”，开会20次",
            "落实“三会一课”制度，按期召开党员大会、支委会、民主生活会，开会20次。",
            "三会一课”制度，按期召开党员大会、支委会、民主生活会",
        ),
        (
            "structure",
            "谈心谈话30次",
            "（一）抓实思想教育。支部开展谈心谈话，共30次。\n（二）夯实组织基础。\n（三）从严教育监督。支部坚持警示在先，防微杜渐。",
            "（二）夯实组织基础。",
        ),
    ],
)
def test_what_is_wrong_is_found(check: str, fact: str, draft: str, wrong: str) -> None:
    assert found(check, draft, (fact,)) == [wrong]


@pytest.mark.parametrize(
    ("check", "fact", "draft"),
    [
        ("untraced_name", "评选身边榜样3名", "支部评选身边榜样3名，宣传先进典型，树立新风正气。"),
        ("untraced_name", "短板1个：青坪村卫生室", "还有短板1个，即青坪村卫生室，需要补上。"),
        ("untraced_name", "走访自然村9个", "支部走访各自然村，走遍9个自然村和偏远行政村。"),
        ("untraced_name", "通读党章，学习6次", "原原本本学习《中国共产党章程》6次。"),
        ("untraced_name", "引进育才小学老师3名", "引进育才小学老师3名，成效明显。"),
        ("changed_qualifier", "居民会议3次", "大事由居民会议决定，全年3次。"),
        ("changed_qualifier", "参加市里主办的消防技能比武", "支部参加了市里主办的消防技能比武。"),
        ("changed_qualifier", "参加市里主办的消防技能比武", "在市里主办的消防技能比武中锻炼。"),
        ("placeholder", "处分张某某1人", "对张某某同志给予处分，以案为鉴。"),
        (
            "term_form",
            "落实“三会一课”",
            "落实“三会一课”制度，召开党员大会、支委会、党小组会，讲好党课。",
        ),
        (
            "structure",
            "谈心谈话30次",
            "（一）抓实思想教育。\n支部开展谈心谈话。\n（二）夯实组织基础。\n支部坚持警示在先。",
        ),
        ("structure", "谈心30次", "（一）谈心30次。\n（二）走访困难群众。\n（三）夯实组织基础。"),
    ],
)
def test_what_is_right_is_left_alone(check: str, fact: str, draft: str) -> None:
    assert found(check, draft, (fact,)) == []


def test_a_decision_that_no_fact_has_is_still_found() -> None:
    assert found("changed_qualifier", "会议决定新建站点1个。", ("新建站点1个",)) == ["会议决定"]
