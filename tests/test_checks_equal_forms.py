"""The same amount told another way, products, subjects counted, people left out."""

import pytest

from drafter.checking import check_case
from drafter.checks import run_checks
from drafter.checks.told_people import people_of
from drafter.clock import same_time
from drafter.numbers import find_quantities
from drafter.types import Draft, Sources
from tests.checks_cases import make_draft, make_facts


def errors(facts: list[str], draft: str) -> list[tuple[str, str]]:
    """Return check and words of each error."""
    found = check_case({"facts": facts, "draft": draft})
    return [(one["check"], one["text"]) for one in found if one["severity"] == "error"]


def says(check: str, facts: list[str], draft: str, words: str) -> bool:
    """Whether `check` points at `words`, as an error or a warning."""
    found = check_case({"facts": facts, "draft": draft})
    return any(one["check"] == check and words in one["text"] for one in found)


EQUAL = [
    ("便民窗口开放到20点", "便民窗口开放到晚上8点，下班后也能办事。"),
    ("升旗仪式6时40分开始", "清晨六点四十分，升旗仪式准时开始。"),
    ("食堂早上6点半开门", "食堂6:30开门，环卫工人也吃得上热饭。"),
    ("每晚7点半讲一刻钟", "每晚19:30开讲，每回讲15分钟。"),
    ("凌晨2点接到险情", "凌晨两点接到险情，党员冒雨出发。"),
    ("响应时限30分钟", "响应时限定为半个小时，超时要说明理由。"),
    ("集中培训半年", "集中培训6个月，学员轮流试讲。"),
    ("驻村帮扶一年半", "驻村帮扶18个月，队员吃住都在村里。"),
    ("隔离观察14天", "隔离观察两周，志愿者上门送餐。"),
    ("攻坚两个季度", "攻坚6个月，欠账清完。"),
    ("整改时限45天", "整改时限为一个半月，到点销账。"),
    ("志愿者24小时内回访", "志愿者在一天之内回访，有结果也有交代。"),
    ("值守两天两夜", "值守48小时，没人喊累。"),
    ("村集体收入增长100%", "村集体收入增长，翻了一番，账上有了钱。"),
    ("覆盖率七成五", "覆盖率达到75%，还差最后几家。"),
    ("退耕还湿450亩", "退耕还湿30公顷，鹭鸟又回来了。"),
    ("收购鲜茶3000斤", "收购鲜茶1.5吨，茶农当天拿到钱。"),
]


@pytest.mark.parametrize(("fact", "draft"), EQUAL)
def test_an_amount_told_in_another_unit_or_clock_is_the_same(fact: str, draft: str) -> None:
    assert errors([fact], draft) == []


@pytest.mark.parametrize(
    ("fact", "draft", "words"),
    [
        ("便民窗口开放到20点", "便民窗口开放到晚上9点。", "9点"),
        ("下午3点召开碰头会", "上午3点召开碰头会。", "3点"),
        ("升旗仪式6时40分开始", "清晨六点二十分，升旗仪式开始。", "六点二十分"),
        ("接警后15分钟到场", "接警后半小时内到场。", "半小时"),
        ("接警后10分钟到场", "接警后一刻钟内到场。", "一刻钟"),
        ("攻坚两个季度", "攻坚三个季度。", "三个季度"),
        ("村集体收入增长80%", "村集体收入翻了一番。", "翻了一番"),
        ("投诉量下降25%", "投诉量下降三成。", "三成"),
        ("退耕还湿450亩", "退耕还湿45公顷。", "45公顷"),
        ("值守48小时", "值守三天三夜。", "三天"),
    ],
)
def test_another_amount_in_another_unit_is_untraced(fact: str, draft: str, words: str) -> None:
    assert says("untraced_number", [fact], draft, words)


def test_points_of_advice_are_no_time_of_day() -> None:
    for words in ("提出3点建议", "早一点准备", "主要有三点，都写进方案", "21点意见", "一时间"):
        assert not [q for q in find_quantities(words) if q.kind == "time"], words


def test_a_bare_hour_may_be_of_either_half_of_the_day() -> None:
    assert same_time("9:30", "21:30") and same_time("9:30", "am9:30")
    assert not same_time("am9:30", "21:30") and not same_time("9:30", "21:00")


PRODUCTS = [
    ("义诊每月3次，坚持8个月，共义诊{}次。", 24, 26),
    ("按每人200元的标准为60名老人发放慰问金，合计{}元。", 12000, 15000),
    ("志愿者连续9周、每周上门4次，累计上门{}次。", 36, 38),
    ("每个网格配3名联络员，12个网格总计配备{}名。", 36, 38),
    ("每车拉8吨，一共跑了15车，共运水{}吨。", 120, 130),
    ("每名导师带徒3名，14名导师共带徒弟{}名。", 42, 45),
    ("开放日每月1次，3至10月共办{}次。", 8, 9),
    ("按每亩80元的标准给1200亩冬小麦发放补贴，总额达{}元。", 96000, 98000),
]


@pytest.mark.parametrize(("text", "right", "wrong"), PRODUCTS)
def test_so_much_each_times_so_many_must_come_out(text: str, right: int, wrong: int) -> None:
    good, bad = text.format(right), text.format(wrong)
    assert not says("arithmetic", [good.rstrip("。")], good, "")
    assert says("arithmetic", [bad.rstrip("。")], bad, str(wrong))


def test_what_a_product_leaves_out_is_no_fault() -> None:
    for text in (
        "每周一、周四各开门2小时，连续8周，共开门32小时。",
        "每班每天巡查2次，坚持3个月，共排除隐患41处。",
        "30名党员每人联系5户，另有干部联系10户，共联系160户。",
        "技术员每村住3天，跑了7个村，前后用了21天。",
    ):
        assert not says("arithmetic", [text.rstrip("。")], text, ""), text


def test_a_product_that_does_not_come_out_in_the_facts_is_shown_in_the_draft() -> None:
    fact = "夜校每周2次，连续10周，共25次"
    assert says("arithmetic", [fact], "夜校办了25次。每周2次，前后10周。", "25次")


@pytest.mark.parametrize(
    ("fact", "draft"),
    [
        ("县气象站与柳溪村共建", "县气象站与柳溪村两个党支部签约共建。"),
        ("团委、妇联、工会合办运动会", "团委、妇联、工会三家合办运动会。"),
        ("书记、主任带头值守", "书记、主任两人带头值守。"),
        ("车间党支部与质检科党支部结对", "两个党支部结成对子，车间与质检科一起攻关。"),
        ("夜校每周2次，连续10周", "夜校每周2次，连续10周，共开课20次。"),
    ],
)
def test_a_number_may_count_who_was_named_or_follow_from_a_rate(fact: str, draft: str) -> None:
    assert errors([fact], draft) == []


def test_more_bodies_than_were_named_are_untraced() -> None:
    assert says("untraced_number", ["团委、妇联合办运动会"], "团委、妇联等四家合办运动会。", "四家")


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        ("邀请县医院医生吕思源坐诊", "吕思源"),
        ("退役军人骆长青担任村支书", "骆长青"),
        ("消防员韩立群救出2名儿童", "韩立群"),
    ],
)
def test_a_person_left_out_is_a_loss(fact: str, name: str) -> None:
    assert ("dropped_fact", fact) in errors([fact], fact.replace(name, ""))
    assert errors([fact], fact) == []


def test_words_after_a_part_are_no_names() -> None:
    for fact in (
        "志愿者周末到社区服务",
        "老师向学生家长反馈",
        "青年教师骨干授课9节",
        "党员干部带头",
    ):
        assert people_of(fact) == (), fact


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (["增设便民座椅"], "社区新添了供老人歇脚的凳子。"),
        (["节假日不打烊"], "法定假日里照样开门。"),
        (["双休日轮流值班"], "每到周六、周日，干部们轮着来守窗口。"),
    ],
)
def test_a_paraphrase_without_numbers_is_never_an_error(facts: list[str], draft: str) -> None:
    assert errors(facts, draft) == []


def test_a_lost_number_stays_an_error() -> None:
    assert errors(["响应时限30分钟", "配备抢修车3台"], "响应更快，配备抢修车3台。")


def test_a_problem_that_lasts_is_not_denied_and_a_charter_is_no_limit() -> None:
    facts = ["学习与工作两张皮", "3个支部记录雷同"]
    assert errors(facts, "学习与工作两张皮的现象没有根本扭转，3个支部的记录雷同。") == []
    assert says("changed_qualifier", ["隐患已整改"], "隐患没有得到整改。", "没有")
    assert errors(["村规民约修订6条", "签约23家"], "修订村规民约6条，签约23家。") == []


def test_the_same_draft_checked_twice_gives_the_same_findings() -> None:
    text = "走访困难职工45户，送去米面45份。后来又走访困难职工45户，送去米面45份。"
    sources = Sources(make_facts(["走访困难职工45户，送去米面45份"]), (), 2026)

    def again() -> Draft:
        return make_draft(text)

    assert run_checks(again(), sources) == run_checks(again(), sources)
