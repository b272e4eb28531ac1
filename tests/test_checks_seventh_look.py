"""What the seventh set showed, with other examples: facts of which nothing is told, doings of any
trade, parts that are all, balances, lost negations, residue of a chat, misquoted names."""

import pytest

from tests.looked import alarms, findings, told


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        # one, which may go unsaid; two, which a list of two may be; no number; a person
        (["建成标准化卫生室1间", "配备急救箱6个"], "村党支部配备急救箱6个，日子越来越好。"),
        (["妇联组织编织培训3期"], "支部凝聚巾帼力量，说得暖心、做得贴心、管得用心。"),
        (["邀请专家授课"], "支部聚焦发展，完善制度，日子红火。"),
        (["支部书记李桂兰获评劳模"], "支部扎实开展学习，氛围浓厚。"),
    ],
)
def test_a_fact_of_which_nothing_stands_is_lost_for_certain(facts: list[str], draft: str) -> None:
    assert ("dropped_fact", "error", facts[0]) in findings(facts, draft)


@pytest.mark.parametrize(
    ("fact", "draft", "severity"),
    [
        ("打捞沉船2艘", "渔港党支部看望沉船2艘。", "error"),
        ("焊接钢梁260根", "项目党支部统计钢梁260根。", "error"),
        ("解救被困群众23人", "消防站党支部登记被困群众23人。", "error"),
        ("代缴水费19户", "窗口支部走访居民19户。", "error"),
        ("嫁接果树800株", "合作社党支部观赏果树800株。", "warning"),
        ("联合排查燃气管网隐患14处", "支部在燃气管网方面有14处。", "warning"),
    ],
)
def test_a_doing_of_any_trade_is_missed(fact: str, draft: str, severity: str) -> None:
    assert ("dropped_fact", severity, fact) in findings([fact], draft)


@pytest.mark.parametrize(
    ("fact", "draft"),
    [
        ("开设老年食堂1处", "社区办起一处老年食堂，方便老人就餐。"),
        ("救起落水群众3人", "党员跳入水中，3名落水群众被救上岸。"),
        ("返乡大学生7人参加座谈", "组织7名返乡大学生座谈。"),
        ("抢收小麦400亩", "党员突击队帮助群众收割小麦400亩。"),
        ("销售蜂蜜800斤", "党员直播带货，卖出蜂蜜800斤。"),
        ("审结案件210件", "法庭党支部办结案件210件。"),
    ],
)
def test_the_same_doing_in_other_words_is_kept(fact: str, draft: str) -> None:
    assert alarms([fact], draft) == []


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("支部党员45名，仅分为两类：男党员30名、女党员12名。", "45名"),
        ("现有设备50台，其中新购设备20台、旧设备25台，别无其他设备。", "50台"),
        ("全厂职工120名，全部由一线工人84名和技术人员30名组成。", "120名"),
        ("装机由200兆瓦增至500兆瓦，增长2.5倍。", "2.5倍"),
        ("月初库存大米12箱，购入8箱，发放15箱，月末结余6箱。", "6箱"),
        ("支部年初党员52名，全年发展3名，转出5名，年底党员51名。", "51名"),
        ("合作社托管水田120亩、旱地80亩，总面积210亩。", "210亩"),
    ],
)
def test_what_does_not_come_out(draft: str, wrong: str) -> None:
    assert told("arithmetic", ["村里有水井1口"], draft) == [wrong]
    # The facts may be wrong themselves: still told, as a warning.
    assert ("arithmetic", "warning", wrong) in findings([draft], draft)


@pytest.mark.parametrize(
    "draft",
    [
        "装机由200兆瓦增至500兆瓦，增长1.5倍。",
        "月初库存大米12箱，购入8箱，发放15箱，月末结余5箱。",
        "合作社托管水田120亩、旱地80亩，总面积200亩。",
        "女党员20名、少数民族党员8名，支部党员总数60名。",
        "在册志愿者90名，其中党员40名、青年35名，只有这支队伍最活跃。",
    ],
)
def test_what_comes_out_or_claims_no_sum(draft: str) -> None:
    assert alarms([draft], draft) == []


@pytest.mark.parametrize(
    ("facts", "draft", "words"),
    [
        (
            ["没有发生安全事故", "检查隐患18处"],
            "矿区党支部检查隐患18处，发生安全事故，警钟必须长鸣，绝不可大意。",
            "发生",
        ),
        (["党员自愿参加巡河", "每周2次"], "要求全体党员参加巡河，每周2次，守护碧水。", "要求"),
        (
            ["村支书入围全市最美基层干部候选"],
            "村支书荣获全市最美基层干部称号，带动一方。",
            "荣获",
        ),
    ],
)
def test_a_small_word_is_exchanged(facts: list[str], draft: str, words: str) -> None:
    assert words in told("changed_qualifier", facts, draft)


@pytest.mark.parametrize(
    "residue",
    [
        "根据您提供的材料，",
        "当然可以，下面是修改后的段落：",
        "以下是您需要的述职报告段落：",
        "希望对您有所帮助！",
        "如需调整，请随时告诉我。",
        "请问还需要我补充哪些内容？",
    ],
)
def test_residue_of_a_chat_is_told(residue: str) -> None:
    assert told("placeholder", ["开展学习12次"], f"{residue}支部开展学习12次。")


def test_politeness_of_a_report_is_no_residue() -> None:
    draft = "群众说：“有你们在，我们就放心。”如有需要，请随时联系社区党委。"
    assert told("placeholder", ["群众感到放心"], draft) == []


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("（三）抓作风。查处2起。\n（一）抓学习。学习9次。", "（三）抓作风"),
        ("支部开展学习12次，成效明显。\n二、存在的问题", "二、存在的问题"),
        ("支部开展学习12次，成效明显。\n下一步工作打算：", "下一步工作打算："),
    ],
)
def test_shape(draft: str, words: str) -> None:
    assert words in told("structure", ["学习12次"], draft)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("落实“两公开四议”工作法。", "两公开四议"),
        ("做到“两个捍卫”。", "两个捍卫"),
        ("落实“三会一训”制度。", "三会一训"),
        ("开展“三实三严”教育。", "三实三严"),
        ("落实“三重一多”决策制度。", "三重一多"),
    ],
)
def test_a_fixed_name_misquoted(draft: str, words: str) -> None:
    assert words in told("term_form", ["学习12次"], draft)


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (
            ["项目部二季度完工3项", "三季度完工5项"],
            "项目部二、三季度分别完工3项、5项，后一季度比前一季度多2项。",
        ),
        (["村里开展“六大纪律”学习4次"], "围绕政治、组织、廉洁、群众、工作、生活纪律学习4次。"),
        (["网格员周桂芬调解纠纷26起"], "网格员周桂芬调解纠纷26起，周大姐成了居民的贴心人。"),
        (["每半年召开一次民主生活会"], "坚持每六个月召开一次民主生活会。"),
        (["走访52户"], "走访52户，走千家、入万户，把温暖送到百家。"),
    ],
)
def test_what_is_said_otherwise_passes(facts: list[str], draft: str) -> None:
    assert [one for one in findings(facts, draft) if one[1] == "error"] == []


def test_an_organ_that_reports_is_no_stranger_but_one_that_visits_is() -> None:
    own = findings(["开展督导4轮"], "市委巡察组聚焦重点，开展督导4轮。")
    assert ("untraced_name", "error", "市委巡察组") not in own
    other = findings(["开展检查3轮"], "省委巡视组到我县指导，开展检查3轮。")
    assert ("untraced_name", "error", "省委巡视组") in other


def test_words_of_its_own_are_missed_where_the_number_may_go_unsaid() -> None:
    facts = ["组织党员参观纪念馆1次", "组织党员义务植树1次"]
    draft = "支部组织党员参观纪念馆，筑牢信仰之基。"
    assert ("dropped_fact", "warning", facts[1]) in findings(facts, draft)
    assert findings(["建成文化广场1处"], "村口的文化广场也建好了。") == []


def test_a_balance_is_no_remainder_of_its_last_two_numbers() -> None:
    draft = "年初摸排隐患20处，新增6处，整改24处，年底剩余2处。"
    assert told("arithmetic", [draft], draft) == []
    plan = "年初制定计划12项，新增任务3项，年底完成14项。"
    assert told("arithmetic", [plan], plan) == []
