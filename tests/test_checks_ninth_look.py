"""What the ninth set showed, with other examples: totals of bare lists, net changes, numbers that
any reader reckons, plans told as done, places nobody named, published wording of no table."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from drafter.amounts import Amount
from drafter.checking import check_case
from drafter.simplest import simplest
from tests.checks_cases import EXEMPLAR
from tests.checks_cases import findings as of_section

LEARNED = Path(__file__).parents[1] / "bench" / "faithful" / "learned"


def findings(facts: list[str], draft: str, year: int = 2026) -> list[tuple[str, str, str]]:
    found = check_case({"id": "1", "year": year, "facts": facts, "draft": draft})
    return [(one["check"], one["severity"], one["text"]) for one in found]


def told(check: str, facts: list[str], draft: str, year: int = 2026) -> list[str]:
    return [text for name, _, text in findings(facts, draft, year) if name == check]


def errors(facts: list[str], draft: str, year: int = 2026) -> list[tuple[str, str, str]]:
    return [one for one in findings(facts, draft, year) if one[1] == "error"]


# Facts, a draft with {} for a number, the number that comes out, and one that does not.
RECKONED = [
    (
        ["一季度办证21本", "二季度办证34本", "三季度办证26本", "四季度办证19本"],
        "四个季度办证分别为21本、34本、26本和19本，全年合计{}。",
        "100本",
        "110本",
    ),
    (
        ["上半年家访64户", "下半年家访53户"],
        "上、下半年分别家访64户和53户，全年共{}。",
        "117户",
        "127户",
    ),
    (
        ["经费60万元，其中培训25万元、阵地20万元、慰问15万元"],
        "经费60万元，其中培训25万元、阵地20万元、慰问15万元，后两项合计{}。",
        "35万元",
        "45万元",
    ),
    (["新建党小组7个，撤并3个"], "新建党小组7个，撤并3个，净增{}。", "4个", "10个"),
    (
        ["投入90万元，铺设管道7.5公里"],
        "投入90万元，铺设管道7.5公里，平均每公里投入{}。",
        "12万元",
        "14万元",
    ),
    (["先锋岗由去年的20个增加到25个"], "先锋岗达到25个，比去年增加5个，增长{}。", "25%", "20%"),
    (
        ["年初在册会员70名", "上半年新招募8名", "下半年新招募5名", "年内退出6名"],
        "年初，在册会员70名。上半年、下半年分别新招募8名和5名，共招募13名，年内另有6名退出，"
        "年末在册{}。",
        "77名",
        "83名",
    ),
    (
        ["排查用户500户", "发现隐患130户"],
        "排查用户500户，发现隐患130户，隐患占比超过{}。",
        "两成",
        "四成",
    ),
]


@pytest.mark.parametrize(("facts", "draft", "right", "wrong"), RECKONED)
def test_a_reckoning_is_silent_when_right_and_told_when_wrong(
    facts: list[str], draft: str, right: str, wrong: str
) -> None:
    assert errors(facts, draft.format(right)) == []
    assert any(wrong in text for text in told("arithmetic", facts, draft.format(wrong)))


def test_a_wrong_total_comes_with_the_right_one_in_its_own_unit() -> None:
    facts = ["一组收集意见14条", "二组收集意见22条"]
    found = of_section("两个小组分别收集意见14条和22条，共计46条。", facts)
    assert [one.suggestion for one in found if one.check == "arithmetic"] == ["36条"]
    facts = ["上半年募捐1.2万元", "下半年募捐0.9万元"]
    found = of_section("上、下半年分别募捐1.2万元和0.9万元，全年共2.3万元。", facts)
    assert "2.1万元" in [one.suggestion for one in found if one.check == "arithmetic"]


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (["首批帮扶14户", "次批帮扶19户"], "先后把33户村民扶上马，首批帮扶14户，次批帮扶19户。"),
        (["收入3.2万元", "支出2.5万元"], "收入3.2万元，支出2.5万元，账上0.7万元，笔笔清楚。"),
        (["去年收入18万元", "今年收入27万元"], "收入从去年的18万元跃升至今年的27万元，涨了五成。"),
        (["评选星级党员8名，占20%"], "40名党员中评选星级党员8名，占20%。"),
        (
            ["下一步整修机耕道", "下一步培训农机手40人"],
            "下一步办好两件实事：整修机耕道，方便农机；培训农机手40人。",
        ),
    ],
)
def test_what_any_reader_reckons_needs_no_word_that_asks_for_it(
    facts: list[str], draft: str
) -> None:
    assert errors(facts, draft) == []


def test_only_what_leaves_no_number_out_follows() -> None:
    told_here = [Amount(Decimal(n), None, "户", False, "") for n in (14, 19, 30)]
    assert simplest(Amount(Decimal(63), None, "户", False, ""), Decimal(0), told_here)
    assert not simplest(Amount(Decimal(33), None, "户", False, ""), Decimal(0), told_here)
    assert not simplest(Amount(Decimal(63), None, "人", False, ""), Decimal(0), told_here)


PLAN = ["街道计划明年建成驿站3处", "已完成选址", "现有助餐点6个"]


def test_a_plan_told_as_done_is_told_at_its_own_number() -> None:
    draft = "现有助餐点6个，驿站完成了选址，已建成3处，老人有了去处。"
    (words,) = told("changed_qualifier", PLAN, draft)
    assert "已建成3处".startswith(words)
    assert errors(PLAN, "现有助餐点6个，驿站已完成选址，计划明年建成3处。") == []


def test_a_fact_lost_below_a_heading_without_text_is_told() -> None:
    facts = ["完成改厕12户", "明年拟建设冷库1座"]
    draft = "一、主要工作\n（一）改厕。完成改厕12户。\n二、下一步打算\n把村里的事一件一件办好。"
    assert told("dropped_fact", facts, draft) == ["明年拟建设冷库1座"]


@pytest.mark.parametrize("place", ["凤凰岭北坡", "鹰嘴崖路段", "龙王滩水域", "梅子坳隧道"])
def test_a_place_of_no_fact_is_told(place: str) -> None:
    assert told("untraced_name", ["设置警示牌36块"], f"党员在{place}设置警示牌36块。")


@pytest.mark.parametrize("place", ["临崖路段", "村口路段", "荒山北坡", "近岸水域", "上山弯道"])
def test_any_slope_or_bend_is_no_place(place: str) -> None:
    assert told("untraced_name", ["设置警示牌36块"], f"党员在{place}设置警示牌36块。") == []


def test_the_whole_year_is_no_name_of_a_village() -> None:
    draft = "全年村集体收入6.5万元，今年社区开放260天。"
    assert told("untraced_name", ["村集体收入6.5万元", "社区开放260天"], draft) == []


def test_official_wording_of_no_table_is_not_called_copied() -> None:
    words = "坚决扛起管党治党主体责任，一刻不停推进全面从严治党"
    case = {
        "id": "1",
        "year": 2024,
        "facts": ["集中学习14次"],
        "exemplars": [f"{words}。{EXEMPLAR}"],
    }
    quoted = check_case(case | {"draft": f"支部{words}，集中学习14次。"})
    assert not [one for one in quoted if one["severity"] == "error"]
    copied = check_case(case | {"draft": "集中学习14次，把支部建在项目上、把党旗插在工地上。"})
    assert [one for one in copied if one["check"] == "exemplar_leak"]


def test_a_battle_won_is_no_task_of_that_year() -> None:
    facts, draft = ["就业帮扶32人"], "村党支部坚决打赢脱贫攻坚战，就业帮扶32人。"
    assert told("stale_phrase", facts, draft, 2021)
    assert told("stale_phrase", facts, draft, 2020) == []
    assert told("stale_phrase", facts, f"打赢脱贫攻坚战以来，{facts[0]}。", 2021) == []


def test_the_learned_cases_hold() -> None:
    """Cases written for what the ninth set showed: faults told, no error in a clean one."""
    for path in sorted(LEARNED.glob("*.jsonl")):
        for case in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            found = check_case(case)
            hits = [
                one["text"]
                for one in found
                if one["check"] == case["check"]
                and any(e in one["text"] or one["text"] in e for e in case["expect"])
            ]
            wrong = [one for one in found if one["severity"] == "error"]
            assert hits if case["kind"] == "fault" else not wrong, (case["id"], found)
