"""What a careless hand does to a fact: numbers and sides exchanged, parts made all, means wrong."""

import pytest

from drafter.checks import arithmetic, changed_qualifier, dropped_fact, untraced_number
from drafter.types import Finding, Sources
from tests.checks_cases import make_draft, make_facts

CHECKS = {
    "number": untraced_number.check,
    "sum": arithmetic.check,
    "word": changed_qualifier.check,
    "lost": dropped_fact.check,
}


def found(check: str, text: str, *facts: str) -> list[Finding]:
    made = make_facts(facts)
    draft = make_draft(text, ids=tuple(fact.id for fact in made))
    all_found = CHECKS[check](draft, Sources(made, (), 2026))
    return [one for one in all_found if one.severity != "advice"]


@pytest.mark.parametrize(
    ("text", "facts", "words"),
    [
        ("慰问时看望船工7名、灯塔工24名。", ("看望船工24名、灯塔工7名",), "船工7名"),
        ("栽下枣树50株，苗圃扩到80亩。栽杏树80株。", ("枣树80株", "杏树50株"), "杏树80株"),
        ("检出缺陷61处，修复61处。", ("检出缺陷61处，修复57处",), "修复61处"),
        ("早班合格率88%，晚班合格率97%。", ("早班合格率97%，晚班合格率88%",), "早班合格率88%"),
        ("4月巡演9场，9月巡演5场。", ("4月巡演5场，9月巡演9场",), "巡演9场"),
    ],
)
def test_numbers_exchanged_between_things(text: str, facts: tuple[str, ...], words: str) -> None:
    assert any(words in one.text or one.text in words for one in found("number", text, *facts))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("船工、灯塔工分别看望24名、7名。", ("看望船工24名、灯塔工7名",)),
        ("61处缺陷中修复57处，余下4处排期。", ("检出缺陷61处，修复57处",)),
        ("枣树、杏树各栽80株、50株。", ("枣树80株", "杏树50株")),
        ("拿出3万元，加上募捐1万元，共4万元，资助20人，人均2000元。",
         ("拿出3万元，募捐1万元", "资助20人")),
        ("2019年动工、2023年通航，四年间不停工。", ("2019年动工", "2023年通航")),
        ("全年义诊96次，平均每月8次。", ("全年义诊96次",)),
        ("甲站、乙站、丙站各评1人，共3人。", ("甲站、乙站、丙站各评1人",)),
        ("收到建言60条，归口办理。逐条研究后采纳52条，余下8条作了说明。",
         ("收到建言60条", "60条建言采纳52条，其余作说明")),
    ],
)  # fmt: skip
def test_numbers_told_truly_in_other_words(text: str, facts: tuple[str, ...]) -> None:
    assert found("number", text, *facts) == []
    assert [one for one in found("lost", text, *facts) if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("6个月检修线路300公里，月均检修60公里。", "60公里"),
        ("半年接诊180人，平均每月接诊45人。", "45人"),
        ("9个村修渠27条，村均4条。", "4条"),
        ("8个班96人，平均每班14人。", "14人"),
        ("上半年巡展共11场，其中一季度4场、二季度5场。", "11场"),
    ],
)
def test_means_and_halves_that_do_not_come_out(text: str, words: str) -> None:
    assert [one.text for one in found("sum", text)] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "坚持每周夜巡1次，全年夜巡46次。",
        "站里有6个班组，对照先进，还有不少差距：一是学得浅。二是管得松。三是抓得虚。",
        "评出优秀11个、合格30个、不合格2个。",
        "6个月检修线路300公里，月均检修50公里。",
    ],
)
def test_what_comes_out_is_left_alone(text: str) -> None:
    assert found("sum", text) == []


def test_a_number_of_the_facts_that_does_not_come_out_is_a_warning() -> None:
    text = "共有队员30名，其中男18名、女14名。"
    assert [one.severity for one in found("sum", text)] == ["error"]
    assert [one.severity for one in found("sum", text, "队员30名，男18名、女14名")] == ["warning"]


@pytest.mark.parametrize(
    ("text", "fact", "words"),
    [
        ("7个渔村全部用上光伏。", "7个渔村中2个用上光伏", "全部"),
        ("建成船坞5座，均配有吊机。", "建成船坞5座，其中2座配有吊机", "均"),
        ("局里举办救生技能赛。", "派3人参加省里举办的救生技能赛", "举办"),
        ("开展督导4次。", "接受市里督导4次", "开展督导"),
        ("向渔业协会捐赠救生衣90件。", "收到渔业协会捐赠救生衣90件", "向渔业协会捐赠"),
        ("避风港已经启用，但标识不清。", "避风港尚未启用", "已"),
        ("无障碍码头已建成，还缺人手。", "无障碍码头没有建成", "已"),
    ],
)
def test_sides_and_parts_exchanged(text: str, fact: str, words: str) -> None:
    assert [one.text for one in found("word", text, fact)] in ([words], ["已经"])


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("7个渔村都通了路，2个用上光伏。", "7个渔村均通路，其中2个用上光伏"),
        ("省里举办救生技能赛，我局派3人参加。", "派3人参加省里举办的救生技能赛"),
        ("市里对我局开展督导4次。", "接受市里督导4次"),
        ("渔业协会捐赠救生衣90件。", "收到渔业协会捐赠救生衣90件"),
        ("失联率控制在3%以内。", "失联率未超过3%"),
        ("8个船队接受巡查，查出隐患5处。", "对8个船队开展巡查，查出隐患5处"),
        ("打算从两方面用力：一要扩面，新建驿站4个；二要提质，培训骨干60人。", "打算培训骨干60人"),
    ],
)
def test_sides_and_parts_told_truly(text: str, fact: str) -> None:
    assert found("word", text, fact) == []


def test_one_word_in_the_facts_own_clause_is_an_error_in_a_like_clause_a_warning() -> None:
    own = found("word", "灯塔加固改造已经完工。", "灯塔加固改造正在实施")
    assert [one.severity for one in own] == ["error"]
    like = found("word", "灯塔的改造工程已经完工。", "灯塔改造正在实施")
    assert [one.severity for one in like] == ["warning"]
