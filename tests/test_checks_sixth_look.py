"""What the sixth set showed, with other examples: short dates, numbers that follow, differences
that do not come out, words doubled, institutions of another kind."""

import pytest

from tests.looked import alarms, findings, told


@pytest.mark.parametrize(
    ("fact", "draft"),
    [
        ("9-30开展消防演练", "9月30日，开展消防演练。"),
        ("6/28，支部看望老党员5名", "6月28日，支部看望老党员5名。"),
        ("于12.4在广场普法", "12月4日，在广场普法。"),
        ("5.20号组织体检", "5月20日组织体检。"),
        ("3.5学雷锋，30名党员上街", "3月5日，30名党员上街学雷锋。"),
        ("11/9消防日演练2场", "11月9日消防日，演练2场。"),
        ("2.28之前交齐台账", "2月28日之前交齐台账。"),
    ],
)
def test_a_month_and_day_with_a_point_or_stroke_is_a_date(fact: str, draft: str) -> None:
    assert alarms([fact], draft) == []


@pytest.mark.parametrize(
    "fact", ["拨付4.17万元", "3-5人一组走访", "完成任务3/4", "4.17版方案印发", "1.5小时讲完"]
)
def test_other_numbers_are_no_dates(fact: str) -> None:
    assert told("untraced_number", [fact], "4月17日、3月5日、3月4日和1月5日都有活动。") == [
        "4月17日",
        "3月5日",
        "3月4日",
        "1月5日",
    ]


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (
            ["到课率一季度76%", "二季度84%"],
            "到课率由一季度的76%提高到二季度的84%，上升8个百分点。",
        ),
        (["网格分别有楼栋6、8、11、4栋"], "网格分别有楼栋6栋、8栋、11栋、4栋，29栋楼均有楼长。"),
        (["陈志远、周敏当选先锋"], "陈志远、周敏两名党员当选先锋。"),
        (["修缮概算12万元", "决算9.6万元"], "修缮概算12万元，决算9.6万元，节省2.4万元。"),
        (
            ["8万元修路", "2万元装灯", "1万元买书"],
            "资金有三项用途：\n8万元修路。\n2万元装灯。\n1万元买书。",
        ),
        (["在职25人，离休15人"], "现有在职25人、离休15人，在职比离休多10人。"),
    ],
)
def test_what_follows_from_two_numbers_is_no_error(facts: list[str], draft: str) -> None:
    assert alarms(facts, draft) == []


@pytest.mark.parametrize(
    ("facts", "draft", "wrong"),
    [
        (["东区巡查18次，西区巡查12次"], "东区巡查18次，西区巡查12次，东区较西区多5次。", "5次"),
        (
            ["控制价40万元", "中标价36万元"],
            "控制价40万元，中标价36万元，节约资金6万元。",
            "6万元",
        ),
        (["计划栽树500棵，实际栽470棵"], "计划栽树500棵，实际栽470棵，还差40棵。", "40棵"),
        (
            ["上半年采购8万元", "下半年采购5万元"],
            "上半年采购8万元，下半年采购5万元，全年采购14万元。",
            "14万元",
        ),
        (
            ["理事会9人：理事长1、副理事长2、理事5"],
            "理事会9人：理事长1人、副理事长2人、理事5人。",
            "9人",
        ),
        (
            ["班子7人（书记1、副书记2、委员5）"],
            "班子有7人，其中书记1人、副书记2人、委员5人。",
            "7人",
        ),
    ],
)
def test_a_difference_or_a_list_that_does_not_come_out(
    facts: list[str], draft: str, wrong: str
) -> None:
    assert wrong in told("arithmetic", facts, draft)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("干部干部积极参加，开展培训3次。", "干部干部"),
        ("我们认真组织，群众群众满意，培训3次。", "群众群众"),
        (
            "支部党员主动上前，带头示范，培训3次，党员主动上前，带头示范，树了形象。",
            "党员主动上前，带头示范",
        ),
        (
            "支部坚持把群众放在心上，培训3次。天气寒冷，上门服务。坚持把群众放在心上，服务更细。",
            "坚持把群众放在心上",
        ),
    ],
)
def test_what_stands_twice_is_told(draft: str, words: str) -> None:
    assert told("repetition", ["开展培训3次"], draft) == [words]


@pytest.mark.parametrize(
    "draft",
    [
        "党组织组织党员培训3次，一户一户走访，大家研究研究再定。",
        "第一支部支部书记带头，党小组小组长跟上，党员代表代表大家发言，培训3次。",
        "缺什么缺什么就补什么，逐条逐条过，认认真真，培训3次。",
    ],
)
def test_words_doubled_on_purpose_pass(draft: str) -> None:
    assert told("repetition", ["开展培训3次"], draft) == []


@pytest.mark.parametrize(
    ("facts", "draft", "words"),
    [
        (["正在登记困难职工，共41人"], "困难职工登记完成，共41人。", "完成"),
        (["3名教师参加县里办的微党课大赛"], "承办县里的微党课大赛，3名教师登台。", "承办"),
        (["派队参加行业技能大赛，8人获奖"], "主办行业技能大赛，8人获奖。", "主办"),
    ],
)
def test_under_way_told_as_done_and_attended_as_held(
    facts: list[str], draft: str, words: str
) -> None:
    assert told("changed_qualifier", facts, draft) == [words]


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (["正在登记困难职工，共41人"], "困难职工登记有序推进，共41人。"),
        (["正在修缮活动室，完成投资80%"], "活动室修缮正在推进，完成投资80%。"),
        (["3名教师参加县里办的微党课大赛"], "3名教师参加县里的微党课大赛。"),
    ],
)
def test_under_way_and_attended_told_as_they_are(facts: list[str], draft: str) -> None:
    assert told("changed_qualifier", facts, draft) == []


@pytest.mark.parametrize(
    ("draft", "right"),
    [
        ("落实包括党员大会、支委会、主题党日和党课在内的“三会一课”制度。", False),
        ("“三会一课”由支部党员大会、支部委员会会议、民主生活会、党课构成。", False),
        ("落实支部党员大会、支部委员会、党小组会和党课组成的“三会一课”制度。", True),
        ("“三会一课”由支部书记、组织委员和宣传委员分头抓。", True),
    ],
)
def test_the_members_of_a_term_told_with_made_up_of(draft: str, right: bool) -> None:
    assert (told("term_form", ["落实三会一课"], draft) == []) is right


def test_an_institution_of_another_kind_is_another_name() -> None:
    fact = "城关镇司法所支部调解40件"
    assert findings([fact], "城关镇派出所支部调解40件。") == [
        ("untraced_name", "error", "城关镇派出所")
    ]
    both = [fact, "城关镇派出所出警协助"]
    assert told("untraced_name", both, "城关镇司法所支部调解40件，城关镇派出所出警协助。") == []


def test_dots_of_a_quotation_or_behind_a_list_are_no_blank() -> None:
    facts = ["墙上写“少说话……多干事”", "办件20件"]
    assert told("placeholder", facts, "墙上写着“少说话……多干事”，办件20件。") == []
    assert told("placeholder", facts, "层层压实……年中督查，办件20件。") == []
    assert told("placeholder", facts, "累计走访……余户，办件……次。") == ["……", "……"]
