"""What the eighth set showed, with other examples: numbers that follow from facts of a paragraph,
shares and totals far from their parts, exchanged words, rows out of order, names told in part."""

import pytest

from drafter.checking import check_case


def findings(facts: list[str], draft: str, year: int = 2026) -> list[tuple[str, str, str]]:
    found = check_case({"id": "1", "year": year, "facts": facts, "draft": draft})
    return [(one["check"], one["severity"], one["text"]) for one in found]


def told(check: str, facts: list[str], draft: str, year: int = 2026) -> list[str]:
    return [text for name, _, text in findings(facts, draft, year) if name == check]


def errors(facts: list[str], draft: str) -> list[tuple[str, str, str]]:
    return [one for one in findings(facts, draft) if one[1] == "error"]


# Facts, a draft with {} for a number, the number that follows, and one that does not.
FOLLOWS = [
    (
        ["东街支部有党员21名", "西街支部党员13名"],
        "东街支部21名党员与西街支部13名党员一道，{}党员清扫街道。",
        "34名",
        "36名",
    ),
    (
        ["年初有入党积极分子7名", "年内转出2名", "年内新吸收4名"],
        "年初有入党积极分子7名，年内转出2名，新吸收4名，年末在册积极分子{}。",
        "9名",
        "11名",
    ),
    (
        ["受理诉求160件", "办结率95%"],
        "全年受理诉求160件。经过上门走访，办结{}，办结率95%。",
        "152件",
        "148件",
    ),
    (["图书借阅由4.2万增至6万"], "图书借阅由4.2万增加到6万，净增{}。", "1.8万", "1.9万"),
    (
        ["借款60万元，已还20万元", "余款分四年还清"],
        "借款60万元，已还20万元，所余40万元分四年还清，每年还{}。",
        "10万元",
        "12万元",
    ),
    (["投诉率下降2个百分点，降到5%"], "投诉率由{}降到5%，下降2个百分点。", "7%", "9%"),
    (
        ["整改自去年10月开始，6个月内完成"],
        "去年10月起整改，历时6个月，到{}全部完成。",
        "3月",
        "6月",
    ),
    (["每周一、周四开放阅览室"], "阅览室每周开放{}，分别是周一和周四。", "两天", "三天"),
    (
        ["首批派出工作队员12名", "第二批15名"],
        "先后派出{}工作队员，首批12名、第二批15名。",
        "两批",
        "三批",
    ),
    (["账目每半年公示一次"], "账目每年公示{}、半年一次。", "两次", "四次"),
    (
        ["14个班组完成达标", "其余3个班组正在整改"],
        "全厂{}班组中，14个完成达标，3个正在整改。",
        "17个",
        "19个",
    ),
    (["开展自查2轮"], "第一轮、{}自查相继展开，2轮自查环环相扣。", "第二轮", "第四轮"),
    (["有党员12名，群众代表36名"], "有党员12名，群众代表36名，两者之比为{}。", "1:3", "1:4"),
    (["服务带动周边6村"], "服务辐射周边{}村。", "6个", "8个"),
]


@pytest.mark.parametrize(("facts", "draft", "right", "wrong"), FOLLOWS)
def test_what_follows_is_no_error_and_what_does_not_is(
    facts: list[str], draft: str, right: str, wrong: str
) -> None:
    assert errors(facts, draft.format(right)) == []
    assert [one for one in errors(facts, draft.format(wrong)) if one[2] in wrong]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("支部共有党员50名，35岁以下的有12名，占党员总数的34%。", "34%"),
        ("全年受理申请900批。其中由党员经办的有540批，占到75%。", "75%"),
        ("查摆问题40项，33项已经改到位，整改率超过九成。", "超过九成"),
        ("一所接诊120人，二所接诊90人，三所接诊75人，累计接诊305人。", "305人"),
        ("围绕16个项目攻坚，三个季度分别完成3个、4个、5个，余下的3个年底完成。", "3个"),
        ("评选示范岗10个，奖励6万元，平均每岗5000元。", "5000元"),
        ("2023年培训60名，2025年培训85名，2025年比2023年多了20名。", "20名"),
        ("支部有党员11名，职工群众44名，党员与群众之比为1:5。", "1:5"),
    ],
)
def test_a_share_or_total_far_from_its_parts(draft: str, wrong: str) -> None:
    assert told("arithmetic", ["村里有水井1口"], draft) == [wrong]


@pytest.mark.parametrize(
    "draft",
    [
        "支部共有党员50名，35岁以下的有17名，占党员总数的34%。",
        "查摆问题40项，37项已经改到位，整改率超过九成。",
        "一所接诊120人，二所接诊90人，三所接诊75人，累计接诊285人。",
        "围绕16个项目攻坚，三个季度分别完成3个、4个、5个，余下的4个年底完成。",
        "支部有党员11名，职工群众44名，党员与群众之比为1:4。",
        "2023年培训60名，2025年培训85名，2025年比2023年多了25名。",
    ],
)
def test_what_comes_out_is_left_alone(draft: str) -> None:
    assert told("arithmetic", ["村里有水井1口"], draft) == []


@pytest.mark.parametrize(
    ("fact", "draft", "wrong"),
    [
        ("参加全市运动会获团体第二名", "支部参加全市运动会，荣获个人第二名。", "个人"),
        ("建议将食堂供餐时间延至晚8点", "食堂供餐时间将延至晚8点。", "将延"),
        ("劝导后自行清理杂物15处", "经劝导，强制清理杂物15处。", "强制"),
        (
            "修路以镇级拨款为主、村民筹资为辅",
            "修路由村民筹资为主、镇级拨款为辅。",
            "村民筹资为主、镇级拨款为辅",
        ),
    ],
)
def test_words_exchanged(fact: str, draft: str, wrong: str) -> None:
    assert told("changed_qualifier", [fact], draft) == [wrong]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("支部办了几件事。一、修路3公里。三、栽树80棵。", "三、"),
        ("二是走访老人70名。一是办理业务90件。", "二是"),
        ("支部一抓学习，二抓服务，二抓帮扶，样样见成效。", "二抓"),
    ],
)
def test_rows_inside_a_paragraph(draft: str, wrong: str) -> None:
    assert wrong in told("structure", [], draft)


def test_rows_in_order_pass() -> None:
    draft = "支部一抓学习，二抓服务，三抓帮扶。一抓到底，久久为功。一、修路。二、栽树。"
    assert told("structure", [], draft) == []


def test_other_classes() -> None:
    own = ["与驻地部队共建"]
    assert told("untraced_name", own, "与驻地武警望江中队共建。")
    assert told("untraced_name", own, "与驻地部队共建，以安全护航园区发展。") == []
    fact = ["张家塘村党员周大海护渠20年"]
    draft = "号召党员向张家塘村党员周大海学习，学习他护渠20年的坚守。"
    assert told("untraced_name", fact, draft) == []
    assert told("term_form", [], "准确运用监督执纪“四种形势”。") == ["四种形势"]
    assert told("term_form", [], "准确运用监督执纪“四种形态”。") == []
    goal = "为如期实现全面建成小康社会目标而奋斗。"
    assert told("stale_phrase", [], goal, 2024)
    assert told("stale_phrase", [], goal, 2019) == []
    twice = "陪老人看病取药，让孩子们在外地放心。党员接力上门，让孩子们在外地放心成为承诺。"
    assert told("repetition", [], twice) == ["让孩子们在外地放心"]
    assert errors(["约有两成职工住在外地"], "约两成职工住在外地。") == []
    assert errors(["组队参加3个项目", "获两项第一"], "组队参赛3个项目，两项夺得头名。") == []
