"""changed_qualifier: small words that turn a fact into something else, and their true equals."""

import time
from collections.abc import Sequence

import pytest

from drafter.checks import changed_qualifier
from drafter.checks.alignment import best_clauses, clauses_of
from drafter.checks.changed_qualifier import changes
from drafter.checks.passages import locate
from drafter.types import Finding, Sources
from tests.checks_cases import REPORTS, make_draft, make_facts, paragraphs


def found(text: str, facts: Sequence[str]) -> list[Finding]:
    made = make_facts(facts)
    draft = make_draft(text, ids=tuple(fact.id for fact in made))
    return list(changed_qualifier.check(draft, Sources(made, (), 2026)))


def errors(text: str, *facts: str) -> list[str]:
    return [one.text for one in found(text, facts) if one.severity == "error"]


def told(text: str, *facts: str) -> list[str]:
    return [one.text for one in found(text, facts) if one.severity != "advice"]


@pytest.mark.parametrize(
    ("fact", "text", "words"),
    [
        ("每两个月研究1次党建", "每月研究1次党建。", "每月"),
        ("支委每三年体检一次", "支委每年体检一次。", "每年"),
        ("进度每旬通报一次", "进度每月通报一次。", "每月"),
        ("慰问职工近400人", "慰问职工400余人。", "400余人"),
        ("慰问职工近400人", "慰问职工400人。", "400人"),
        ("每年服务不少于8次", "要求党员每年服务不超过8次。", "不超过8次"),
        ("党龄50年以上的12名", "党龄50年以下的12名。", "50年以下"),
        ("拟新建驿站2个", "驿站已新建2个。", "已"),
        ("明年增设岗位6个", "今年增设岗位6个。", "今年"),
        ("展厅正在布置", "展厅布置完毕。", "完毕"),
        ("基本消除薄弱村", "全面消除薄弱村。", "全面"),
        ("少数支部记录不全", "多数支部记录不全。", "多数"),
        ("在3个科室试行积分制", "在3个科室全面推行积分制。", "全面"),
        ("首次举办技能赛", "再次举办技能赛。", "再次"),
        ("获区级先进", "获省级先进。", "省级"),
        ("竞赛获三等奖", "竞赛获一等奖。", "一等奖"),
        ("建议给予诫勉处理", "决定给予诫勉处理。", "决定"),
        ("协助区文旅局办展", "牵头区文旅局办展。", "牵头"),
        ("副书记带队检查", "书记带队检查。", "书记"),
        ("上半年走访居民210户", "全年走访居民210户。", "全年"),
        ("5月底前完成换届", "5月底后完成换届。", "后"),
        ("村集体经济尚未达标", "村集体经济达标。", "达标"),
        ("谈心谈话做到全覆盖", "谈心谈话没有做到全覆盖。", "没有"),
        ("支部参加区里歌咏比赛", "支部组织区里歌咏比赛。", "组织"),
        ("开放时间延长2小时", "开放时间缩短2小时。", "缩短"),
    ],
)
def test_an_exchanged_word_is_found_where_it_stands(fact: str, text: str, words: str) -> None:
    assert told(text, fact) == [words]


@pytest.mark.parametrize(
    ("fact", "text", "words"),
    [
        ("开展安全检查18次", "每周开展安全检查，共18次。", "每周"),
        ("举办读书会4期", "首次举办读书会4期。", "首次"),
        ("调整支部书记2名", "经党工委会议研究同意，调整支部书记2名。", "经党工委会议研究同意"),
        ("支部获评先进", "支部获评市级先进。", "市级"),
        ("修缮阵地3处", "修缮阵地3处，受到区委表彰。", "受到区委表彰"),
    ],
)
def test_a_qualifier_nobody_gave_is_found(fact: str, text: str, words: str) -> None:
    assert errors(text, fact) == [words]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("每季度研究1次党建", "按季度研究党建，每季1次。"),
        ("半年述职一次", "每半年述职一次。"),
        ("每名党员服务不少于8次", "每名党员至少服务8次。"),
        ("慰问职工近400人", "慰问职工，人数接近400人。"),
        ("到会率90%以上", "到会率保持在90%以上，一次不落。"),
        ("拟新建驿站2个", "下一步，将新建驿站2个。"),
        ("展厅正在布置", "展厅尚在布置之中。"),
        ("部分党员参与不够", "一些党员参与不够。"),
        ("首次举办技能赛", "头一回举办技能赛。"),
        ("基本消除薄弱村", "薄弱村大体消除。"),
        ("2个支部尚未换届", "还有2个支部没有换届。"),
        ("上半年走访居民210户", "1至6月，走访居民210户。"),
        ("党员参加志愿服务60人次", "组织党员参加志愿服务60人次。"),
        ("经党员大会讨论通过，确定发展对象3名", "经党员大会讨论通过，确定3名发展对象。"),
        ("副书记分管宣传，书记抓总", "书记抓总、副书记分管宣传。"),
        ("无一人掉队", "没有一人掉队。"),
        ("支委每三年体检一次", "坚持支委三年一体检。"),
        ("9个支部中6个达标", "9个支部中6个达标，其余3个尚未达标。"),
    ],
)
def test_true_equals_pass(fact: str, text: str) -> None:
    assert found(text, [fact]) == []


def test_each_of_two_facts_keeps_its_own_frequency() -> None:
    facts = ("支委会每月开1次", "党员大会每季度开1次")
    assert errors("支委会每月开1次，党员大会每季度开1次。", *facts) == []
    assert errors("支委会每季度开1次，党员大会每季度开1次。", *facts) == ["每季度"]


def test_who_led_and_who_helped_may_not_change_places() -> None:
    facts = ["区水务局牵头清淤3公里，我街道配合"]
    assert errors("区水务局牵头清淤3公里，我街道积极配合。", *facts) == []
    assert "牵头" in errors("我街道牵头清淤3公里，区水务局配合。", *facts)


def test_a_hedge_left_out_is_only_pointed_at() -> None:
    told = found("驿站建设完成。", ["驿站建设初步完成"])
    assert [(one.text, one.severity) for one in told] == [("完成", "warning")]


def test_only_an_exchange_offers_the_facts_own_word() -> None:
    assert [one.suggestion for one in found("每月研究党建。", ["每季度研究党建"])] == ["每季度"]
    assert [one.suggestion for one in found("未做到全覆盖。", ["做到全覆盖"])] == [None]


def test_changes_names_the_anchor_that_was_exchanged() -> None:
    (fact,) = make_facts(["每季度慰问职工近400人"])
    draft = make_draft("每月慰问职工400余人。", ids=(fact.id,))
    passage = locate(fact, draft.sections)
    assert passage is not None
    assert [change.anchor.text for change in changes(fact, passage, [fact])] == [
        "每季度",
        "近400人",
    ]


def test_a_clause_is_known_by_its_words_and_numbers() -> None:
    text = "慰问老党员36名，走访群众120户；修路3公里。"
    fact = "入户走访120户"
    clause = best_clauses(fact, 0, len(fact), text)[0]
    assert text[clause.start : clause.end] == "走访群众120户"
    assert len(clauses_of(text)) == 3


@pytest.mark.skipif(not REPORTS.is_dir(), reason="no sample reports beside the repository")
def test_real_paragraphs_told_from_themselves_stay_silent() -> None:
    for path in sorted(REPORTS.glob("*.txt")):
        for paragraph in paragraphs(path):
            assert found(paragraph, [one for one in paragraph.split("。") if one]) == []


def test_a_long_report_is_checked_while_one_types() -> None:
    facts = [f"每季度走访居民近{n}0户，拟新建驿站{n}个" for n in range(1, 61)]
    found("先读一次词表", facts)
    text = "".join(f"每季度走访居民近{n}0户，下一步拟新建驿站{n}个。" for n in range(1, 120))
    seconds = []
    for turn in range(3):
        start = time.perf_counter()
        found(text[:3000] + str(turn), facts)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.5  # measured 0.07 s; room for a busy machine
