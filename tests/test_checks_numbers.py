"""Numbers traced, reckoned and exchanged; facts told in other words; sums that come out."""

import re
from pathlib import Path

import pytest

from drafter.anchors import new_quantities
from drafter.checks import arithmetic, dropped_fact, untraced_number
from drafter.checks.listing import miscounted_lists
from drafter.origins import trace_numbers
from drafter.types import Sources
from tests.checks_cases import findings, flagged, make_draft, make_facts, paragraphs

SAMPLES = Path(__file__).parents[1] / "samples"


def serious(check: str, text: str, facts: tuple[str, ...], year: int = 2025) -> list[str]:
    """What a check says of a text that a person must look at: no advice."""
    return [
        one.text
        for one in findings(text, facts, year)
        if one.check == check and one.severity != "advice"
    ]


@pytest.mark.parametrize(
    ("fact", "text", "reason"),
    [
        ("排查隐患96处，整改94处", "96处隐患已整改94处，整改率97.9%，余下2处。", "÷"),
        ("党员86名，其中女党员31名", "党员86名，女党员31名，男党员55名。", "86人－31人"),
        ("城区支部7个、乡镇支部9个", "城区支部7个、乡镇支部9个，共有支部16个。", "7个＋9个"),
        ("志愿队6支，每支15人", "6支志愿队、每支15人，90名队员随时待命。", "6支×15人"),
        ("网格员由30名增加到75名", "网格员由30名增加到75名，增长1.5倍。", "÷"),
        ("问题全部整改到位", "问题全部整改到位，整改率100%。", "全部"),
    ],
)
def test_what_follows_from_the_facts_is_no_invention(fact: str, text: str, reason: str) -> None:
    assert serious("untraced_number", text, (fact,)) == []
    derived = [o for o in trace_numbers(text, make_facts([fact])) if o.kind == "derived"]
    assert derived
    assert any(reason in origin.reason for origin in derived)


def test_a_derived_number_is_shown_as_advice() -> None:
    found = findings("党员86名，女党员31名，男党员55名。", ("党员86名，其中女党员31名",), 2025)
    (shown,) = [one for one in found if one.check == "untraced_number"]
    assert (shown.severity, shown.text) == ("advice", "55名")
    assert "推算" in shown.message


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("加固堤坝1.2公里", "加固堤坝1200米。"),
        ("线上学习3.5小时", "线上学习3个半小时。"),
        ("解决问题51个", "解决51项问题。"),
        ("约1/4的党员在外务工", "约四分之一的党员在外务工。"),
        ("考核排名全市第二", "考核位列全市第2名。"),
        ("一季度走访62户", "今年1至3月走访62户。"),
        ("2027年拟建驿站2处", "2027年拟建驿站两处。"),
        ("驿站2个：骑手之家、司机之家", "建成骑手之家、司机之家两个驿站。"),
    ],
)
def test_the_same_number_in_another_form_is_a_facts(fact: str, text: str) -> None:
    assert serious("untraced_number", text, (fact,)) == []
    assert serious("dropped_fact", text, (fact,)) == []


def test_a_year_said_by_word_is_read_by_the_reports_own() -> None:
    assert serious("untraced_number", "2026年，新建阵地1处。", ("明年计划新建阵地1处",)) == []
    assert serious("untraced_number", "2028年，新建阵地1处。", ("明年计划新建阵地1处",)) == [
        "2028年"
    ]


@pytest.mark.parametrize(
    ("facts", "text", "wrong"),
    [
        (("签订廉洁承诺书28份",), "28份党员签订到位。", "28份"),
        (("慰问困难群众18户",), "慰问困难党员18户。", "18户"),
        (("主题党日12次", "党课4次"), "开展主题党日4次、党课12次。", "4次"),
        (("网格走访9轮",), "网格走访9户。", "9户"),
        (("投入资金120万元",), "投入资金1200万元。", "1200万元"),
        (("考核排名全市第二",), "考核排名全市第一。", "第一"),
        (("收缴党费3.2万元",), "收缴党费32元。", "32元"),
        (("入党积极分子12名",), "入党积极分子12名，女8名。", "8名"),
    ],
)
def test_a_number_for_something_else_is_found(
    facts: tuple[str, ...], text: str, wrong: str
) -> None:
    assert any(wrong in one for one in serious("untraced_number", text, facts))


@pytest.mark.parametrize(
    "text",
    [
        "党员干部24小时值守，365天不打烊。",
        "用好8小时以外的时间，90后党员当先锋。",
        "打造党建工作2.0版，补齐三块短板。",
        "近三年来，一手抓党建、一手抓业务，打通最后一公里。",
        "第一，强化学习。第二，强化服务。",
        "把十八般武艺用到服务上，惠及千万家。",
    ],
)
def test_idiom_counts_nothing(text: str) -> None:
    assert new_quantities(text, make_facts(["开展活动19次"])) == ()


@pytest.mark.parametrize(
    ("facts", "lost"),
    [
        (("组织党员赴红旗渠纪念馆参观学习2次",), "组织党员参观学习2次。"),
        (("发放倡议书45份，上门讲解政策",), "发放倡议书45份。"),
        (("与市图书馆共建红色书架",), "共建红色书架。"),
        (("规范议事规则、财务制度、考勤办法",), "规范议事规则、考勤办法等制度。"),
        (("东片3个支部完成换届", "西片3个支部完成换届"), "东片3个支部完成换届。"),
        (("支部获评市级先进",), "支部获评先进。"),
        (("积分每季度公示",), "积分予以公示。"),
        (("制度执行不严，落实打折扣",), "制度执行不严。"),
    ],
)
def test_what_was_left_out_is_found(facts: tuple[str, ...], lost: str) -> None:
    assert facts[-1] in serious("dropped_fact", lost, facts)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (("督查少，压力传导层层递减",), "平时督查偏少，压力传导存在层层递减的现象。"),
        (("认领微心愿60个，全部兑现",), "党员认领的60个微心愿个个都已兑现。"),
        (("导师制流于形式",), "导师制在一定程度上流于形式。"),
        (("编印《党务手册》800本",), "编印800本《党务手册》，发到支部。"),
        (("积分每季度公示",), "积分按季公示，一季一张榜。"),
        (("石桥街道党工委研究党建12次",), "街道党工委先后研究党建12次。"),
        (("建冷库1座",), "建起冷库，果农不再愁卖。"),
        (("东片3个支部换届", "西片3个支部换届"), "东片、西片各有3个支部换届。"),
        (("规范议事规则、考勤办法2项",), "规范议事规则和考勤办法两项。"),
        (("发展党员6名", "女党员占一半"), "发展党员6名，其中女党员3名。"),
    ],
)
def test_a_fact_in_other_words_is_told(facts: tuple[str, ...], text: str) -> None:
    assert serious("dropped_fact", text, facts) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("下属党组织9个，包括党总支2个、党支部8个。", "9个"),
        ("志愿服务40次，上半年18次，下半年24次。", "40次"),
        ("培训3期，第一期50人，第二期60人，合计120人。", "120人"),
        ("捐款3.5万元、捐物1.2万元，共计4.8万元。", "4.8万元"),
        ("排查40处，已整改35处，剩余6处。", "6处"),
        ("应参会58人，实到60人。", "60人"),
        ("4个支部分别发展党员1名、2名、2名。", "4个"),
        ("党员200名，参学180名，参学率85%。", "85%"),
        ("走访300户，占全村400户的80%。", "80%"),
        ("投诉由80件下降到60件，降幅达20%。", "20%"),
        ("收入由20万元增加到30万元，翻了一番。", "翻了一番"),
        ("党员由45名减少到50名。", "50名"),
        ("三季度12件，四季度9件，下降30%。", "30%"),
        ("6个支部共有党员90名，平均每个支部18名。", "18名"),
        ("4期培训，每期50人，共培训250人。", "250人"),
        ("每季度召开一次例会，全年召开6次例会。", "6次"),
        ("满意占85%，基本满意占15%，不满意占5%。", "满意占85%，基本满意占15%，不满意占5%"),
        ("整改率100%，尚有3项未完成整改。", "3项"),
        ("4月31日召开推进会。", "4月31日"),
        ("2023年2月29日召开会议。", "2023年2月29日"),
        ("5月20日至5月6日走访。", "5月20日至5月6日"),
        ("1月至6月，历时8个月。", "8个月"),
        ("连续三年（2022年、2023年）获评优秀。", "三年"),
        ("建立4项机制：联席会议、信息共享、督导考核。", "4项"),
        ("抓好四项工作。一是强政治。二是强组织。三是强作风。", "四项"),
    ],
)
def test_what_does_not_come_out(text: str, wrong: str) -> None:
    found = flagged("arithmetic", text, year=2025)
    assert any(one in wrong or wrong in one for one in found), found


@pytest.mark.parametrize(
    "text",
    [
        "党员120名，其中女党员60名、少数民族15名、35岁以下40名。",
        "党员25名，其中60岁以上10名、50岁以上20名。",
        "党委会24次，研究议题96项，其中党建议题31项，占32.3%。",
        "党员38名，大专以上学历占73.7%，入党积极分子6名。",
        "10月至次年2月开展走访，12月5日至1月8日集中攻坚。",
        "抓两项工作：一是换届，二是整顿。又抓三件事：一是培训，二是谈话，三是考核。",
        "计划培训500人，实际培训620人，完成率124%。",
        "下设3个党总支、12个党支部，党员430名，其中在岗360名、离退休70名。",
        "3月12日启动，3月28日结束，历时17天。",
        "党员参与率由2023年的82%提高到2025年的95%，提高13个百分点。",
        "2019年至2024年先后5次获评先进，连续三年考核优秀。",
        "每月召开例会1次，全年专题研究党建15次。",
        "主题党日每月一次，除2月停办外，全年开展11次主题党日。",
        "预算100万元，支出96万元，执行率96%，结余4万元。",
        "落实“六项纪律”要求开展学习。一是学原文。二是谈体会。",
        "打造3个品牌：“红色管家”“银龄先锋”“青春合伙人”。",
        "测评优秀、良好等3类。",
        "发展党员11名，其中教师5名、医生4名，把培养纳入考核，3名党员走上新岗位。",
        "会议由24个减至12个，压减一半，文件减少三成。",
        "上半年每月2次，下半年每月3次，全年共30次。",
    ],
)
def test_what_comes_out_is_left_alone(text: str) -> None:
    assert flagged("arithmetic", text, year=2025) == []


def test_a_list_need_not_be_of_what_was_counted_before_it() -> None:
    assert list(miscounted_lists("走访了五家企业。一是听诉求。二是送政策。")) == []


def test_a_number_in_a_quoted_name_is_no_claim() -> None:
    assert serious("untraced_number", "运用“五种形态”谈话8人。", ("谈话8人",)) == []


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.name[:2])
def test_our_samples_stay_silent(path: Path) -> None:
    for paragraph in paragraphs(path):
        made = make_facts([p for p in re.split("[。；]", paragraph) if len(p.strip()) > 3])
        draft = make_draft(paragraph, year=2025, ids=tuple(fact.id for fact in made))
        for check in (untraced_number.check, dropped_fact.check, arithmetic.check):
            found = [f for f in check(draft, Sources(made, (), 2025)) if f.severity != "advice"]
            assert found == []


def test_people_are_not_counted_with_a_word_for_things() -> None:
    told = ("签订廉洁承诺书28份",)
    assert "28份" in "".join(serious("untraced_number", "与28份党员签订了廉洁承诺书。", told))
    said = "签订28份党员廉洁承诺书。"
    assert not serious("untraced_number", said, ("签订党员廉洁承诺书28份",))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("排查纠纷41起，化解36起，还有4起正在跟进处理。", "4起"),
        ("争取资金60万元，其中上级补助45万元，村级自筹20万元。", "60万元"),
        ("网格员12名，人均联系8户，累计联系120户。", "120户"),
        ("党员90名，35岁以下20名，36至59岁50名，60岁以上30名。", "90名"),
        ("党务干部14名，女性6名，男性9名。", "14名"),
        ("发放问卷150份，收回160份。", "160份"),
        ("全年办好实事18件，比上年的14件增加5件。", "5件"),
        ("推行“问需、派单、办理、回访”三步工作法。", "三步"),
    ],
)
def test_a_reckoning_without_its_usual_words_is_found(text: str, wrong: str) -> None:
    assert any(wrong in one for one in flagged("arithmetic", text, ()))


@pytest.mark.parametrize(
    "text",
    [
        "排查隐患44处，整改39处，还有3处正在整改，2处列入明年计划。",
        "梳理问题28条，整改25条，还有6名党员主动认领任务。",
        "投入16万元，其中阵地改造12万元，另投入5万元用于培训。",
        "收入70万元，较上年增加9万元，其中租金40万元、分红30万元。",
        "网格员12名，人均走访8.3户，累计走访100户。",
    ],
)
def test_parts_told_beside_the_whole_are_left_alone(text: str) -> None:
    assert flagged("arithmetic", text, ()) == []


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("支委会每两个月开1次", "支委会坚持两个月开1次，议事更加规范。"),
        ("支委会每月开1次", "支委会坚持一个月开1次，议事更加规范。"),
        ("首次举办书记论坛，18人参加", "第一次举办书记论坛，18人参加。"),
        ("第一批组建志愿队3支", "首批组建志愿队3支。"),
        ("26个楼栋中半数以上建了党小组", "26个楼栋中已有过半建起党小组。"),
        ("推行“敲门、问需、回访”工作法", "推行工作法：先“敲门”，再“问需”，后“回访”。"),
    ],
)
def test_a_number_in_words_is_told_in_words(fact: str, text: str) -> None:
    assert serious("untraced_number", text, (fact,)) == []
    assert serious("dropped_fact", text, (fact,)) == []


def test_another_frequency_has_no_source() -> None:
    assert serious("untraced_number", "支委会两个月开1次。", ("支委会每月开1次",)) == ["两个月"]
