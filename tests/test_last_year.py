"""Last year's report beside this year's draft: carried over, standing still, left open."""

from drafter.anchors import find_anchors
from drafter.last_year import Comparison, compare_with
from drafter.types import Draft, DraftSection, Fact
from index.split import parse_report
from index.types import Role

LAST = """2025年度抓基层党建工作述职报告
一、履职情况
一是抓实理论学习。召开党组会传达学习上级精神18次，组织中心组学习12次，机关干部撰写体会文章46篇。
二是建强基层支部。8个党支部全部完成换届，选派3名年轻干部到村任第一书记，帮助村里修通产业路4公里。
三是严格组织生活。坚持和完善“三会一课”制度，班子成员带头到联系点讲党课9次。
二、存在的问题
一是个别支部组织生活形式单一，党员参与的主动性不强。
三、下一步打算
一是建成“红石榴”党群服务站5个，把服务送到居民楼下。
二是制定支部书记轮训计划，每半年集中培训一次，补齐能力短板。
三是对退休党员逐户走访，建立困难党员帮扶台账。
"""


def compare(texts: dict[Role, str], facts: tuple[str, ...] = ()) -> Comparison:
    sections = tuple(
        DraftSection(f"S{number}", "", 1, role, text, (), (), False)
        for number, (role, text) in enumerate(texts.items(), 1)
    )
    known = tuple(
        Fact(f"F{number}", text, find_anchors(text), None, None)
        for number, text in enumerate(facts, 1)
    )
    return compare_with(parse_report(LAST), Draft("", 2026, sections), known)


def test_a_sentence_taken_over_is_found_also_with_other_numbers() -> None:
    found = compare(
        {
            "成效": "一是理论武装持续加强。召开党组会传达学习上级精神21次，组织中心组学习13次，"
            "机关干部撰写体会文章52篇。二是支部建设有新进展，新设2个项目临时党支部。"
        }
    ).recycled
    assert [(one.section_id, one.numbers_changed) for one in found] == [("S1", True)]
    assert "18次" in found[0].last


def test_common_formulas_and_new_sentences_are_nobodys() -> None:
    found = compare(
        {
            "成效": "坚持以习近平新时代中国特色社会主义思想为指导，增强“四个意识”、坚定“四个自信”、"
            "做到“两个维护”。新建党员先锋岗14个，解决企业用工难题27件。"
        }
    )
    assert found.recycled == ()
    assert found.unmoved == ()


def test_a_number_that_stands_still_is_asked_about() -> None:
    found = compare(
        {"成效": "班子成员到联系点讲党课9次，组织中心组学习15次，走访企业9家。"}
    ).unmoved
    assert [(one.number, one.last) for one in found] == [("9次", "班子成员带头到联系点讲党课9次")]


def test_promises_told_open_and_open_with_a_fact_at_hand() -> None:
    promises = compare(
        {
            "成效": "建成“红石榴”党群服务站4个，服务居民3200人次。",
            "打算": "对退休党员逐户走访，建立帮扶台账。",
        },
        ("支部书记轮训每半年集中培训一次，共2期86人",),
    ).promises
    assert [(promise.open, bool(promise.told)) for promise in promises] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    assert "退休党员" in promises[2].text


def test_a_short_general_sentence_keeps_no_promise() -> None:
    found = compare({"成效": "集中培训到位。制定计划落实。补齐短板弱项，走访党员群众。"})
    assert all(promise.open for promise in found.promises)


def test_an_empty_draft_leaves_every_promise_open() -> None:
    found = compare({"成效": ""})
    assert len(found.promises) == 3
    assert all(promise.open for promise in found.promises)
    assert not found.recycled
    assert not found.unmoved


def test_a_short_promise_is_one_too() -> None:
    last = LAST.replace(
        "三是对退休党员逐户走访，建立困难党员帮扶台账。", "三是选派6名年轻干部到基层锻炼。"
    )
    sections = (DraftSection("S1", "", 1, "成效", "走访企业9家。", (), (), False),)
    found = compare_with(parse_report(last), Draft("", 2026, sections), ())
    assert any("年轻干部" in promise.text and promise.open for promise in found.promises)
