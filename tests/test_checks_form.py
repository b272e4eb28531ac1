"""The form of a draft: order, blanks, repetition, copying, and the checks that only advise."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checking import read_case
from drafter.checks import ADVICE_ONLY, CHECKS
from drafter.checks.copying import RUN, find_copies
from drafter.checks.numbering import value
from drafter.types import Draft, DraftSection, Sources
from index.numbering import chinese

EXEMPLAR = (
    "支部把工具箱背进楼道，把漏水的管、松动的灯、卡顿的门一样一样修好，居民都说党员比亲戚还亲。"
    "“铜铃”议事会一年开了63场，槐树坪的老人不再为买药发愁。"
)


def found(
    check: str, draft: str, facts: Sequence[str] = (), exemplars: Sequence[str] = ()
) -> list[tuple[str, str]]:
    case = {"year": 2025, "facts": list(facts), "draft": draft, "exemplars": list(exemplars)}
    return [(one.severity, one.text) for one in CHECKS[check](*read_case(case))]


def advised(check: str, draft: str, facts: Sequence[str] = ()) -> list[str]:
    read = read_case({"year": 2025, "facts": list(facts), "draft": draft})
    return [one.text for one in CHECKS[check](*read)]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("一是讲党课4次。三是谈心6次。", "三是"),
        ("一是讲党课4次；二是谈心6次；二是走访9户；三是慰问3人。", "二是"),
        ("支部从三个方面用力：一是讲党课4次；二是谈心6次。", "三个方面用力"),
        ("支部注重关怀，一是谈心6次。同时走访9户。", "一是"),
        ("第一，讲党课4次。第三，走访9户。", "第三"),
        ("其一，讲党课4次；其三，走访9户。", "其三，"),
        ("抓了几件事：1.讲党课4次；3.走访9户。", "3."),
        ("（1）讲党课4次；（3）走访9户。", "（3）"),
        ("①讲党课4次；②谈心6次；④走访9户。", "④"),
        ("一、学习\n讲党课4次。\n三、服务\n走访9户。", "三、服务"),
        ("一、学习\n讲党课4次。\n一、服务\n走访9户。", "一、服务"),
        ("一、学习\n（一）讲课\n讲党课4次。\n二、服务\n（二）走访\n走访9户。", "（二）走访"),
        ("（一）讲课\n讲党课4次。\n一、服务\n走访9户。", "（一）讲课"),
        ("一、学习\n讲党课4次。\n二、服务\n三、关怀\n走访9户。", "二、服务"),
        ("一、学习\n讲党课4次。\n二、服务", "二、服务"),
        ("（一）学习\n讲党课4次。\n（二）服务", "（二）服务"),
        ("开办“夜校，讲党课4次。", "“"),
        ("开办“夜校“，讲党课4次。", "“"),
        ("讲党课4次（含微党课，走访9户。", "（"),
        ("讲党课4次），走访9户。", "）"),
        ("讲党课4次，走访9户，让党员在关键时刻", "让党员在关键时刻"),
        ("讲党课4次，走访9户，", "4次，走访9户，"),
    ],
)
def test_a_slip_of_order_is_an_error(draft: str, wrong: str) -> None:
    assert ("error", wrong) in found("structure", draft)


@pytest.mark.parametrize(
    "draft",
    [
        "账目一是一、二是二，讲党课4次。",
        "一、二季度讲党课4次，三、四季度走访9户。",
        "第一、第三党支部讲党课4次，第二季度走访9户。",
        "一要稳、二要准的要求落到了实处。",
        "三、存在问题\n谈心偏少。\n四、下一步打算\n谈心6次。",
        "一是讲党课4次；二是谈心6次。\n一是走访9户；二是慰问3人。",
        "（一）谈心6次\n（二）走访9户\n（三）慰问3人",
        "1.谈心6次；\n2.走访9户。\n还有两项：\n1.慰问3人；\n2.讲党课4次。",
        "从两方面入手：一是谈心6次，二是走访9户。",
        "版本由1.5升级到2.0，讲党课4次。",
        "学习《支部工作条例（试行）》，讨论“如何把‘两新’党建做实”。",
        "1）谈心6次；2）走访9户。",
        "某单位党支部\n2025年12月20日",
        "二是谈心6次。三是走访9户。",  # an excerpt may start anywhere
    ],
)
def test_sound_order_is_left_alone(draft: str) -> None:
    assert found("structure", draft) == []


def test_the_order_of_the_parts_is_a_warning() -> None:
    draft = "一、存在的问题\n谈心偏少。\n二、主要成效\n讲党课4次。"
    assert found("structure", draft) == [("warning", "二、主要成效")]
    own = "一、上年度述职反馈问题整改情况\n整改3条。\n二、主要成效\n讲党课4次。"
    assert found("structure", own) == []


def test_what_a_fact_leaves_open_is_advice() -> None:
    assert found("structure", "整改问题3条，谈心6次，", ["整改问题3条，谈心6次，"]) == [
        ("advice", "3条，谈心6次，")
    ]


def test_a_section_of_a_plan_not_written_yet_is_no_fault() -> None:
    sections = tuple(
        DraftSection(f"S{n}", heading, 1, "成效", text, (), (), False)
        for n, (heading, text) in enumerate([("学习", "讲党课4次。"), ("服务", "")])
    )
    findings = CHECKS["structure"](Draft("", 2025, sections), Sources((), (), 2025))
    assert [(one.severity, one.text) for one in findings] == [("advice", "服务")]


@given(st.integers(1, 99))
def test_chinese_numbers_are_read_back(number: int) -> None:
    assert value(chinese(number)) == value(str(number)) == number


@given(st.integers(1, 9), st.integers(2, 9))
def test_a_list_in_order_is_fine_and_one_without_its_middle_is_not(size: int, gone: int) -> None:
    items = [f"{chinese(n)}是抓好{chinese(n)}号工作" for n in range(1, size + 1)]
    assert found("structure", "；".join(items) + "。") == []
    if gone < size:
        broken = "；".join(items[: gone - 1] + items[gone:]) + "。"
        assert found("structure", broken) == [("error", f"{chinese(gone + 1)}是")]


@pytest.mark.parametrize(
    ("draft", "blank"),
    [
        ("××局党组研究党建4次。", "××"),
        ("20XX年研究党建4次。", "20XX年"),
        ("二〇××年研究党建4次。", "二〇××年"),
        ("×月×日研究党建4次。", "×月×日"),
        ("研究党建X次。", "X"),
        ("研究党建1X次。", "1X"),
        ("受益群众N人。", "N"),
        ("受益群众……人。", "……"),
        ("受益群众____人。", "____"),
        ("受益群众□□人。", "□□"),
        ("受益群众（人数）人。", "（人数）"),
        ("受益群众【】人。", "【】"),
        ("{{单位名称}}研究党建4次。", "{{单位名称}}"),
        ("研究党建<次数>次。", "<次数>"),
        ("研究党建4次。（此处补充事例）", "（此处补充事例）"),
        ("研究党建4次（根据实际修改）。", "（根据实际修改）"),
        ("参会人数（待核）。", "（待核）"),
        ("请根据本单位情况填写。研究党建4次。", "请根据本单位情况填写"),
        ("TBD：补数字。研究党建4次。", "TBD：补数字"),
    ],
)
def test_a_blank_is_an_error(draft: str, blank: str) -> None:
    assert found("placeholder", draft) == [("error", blank)]


@pytest.mark.parametrize(
    "draft",
    [
        "购置X光机1台，建成5G基站3个，A类网格6个，Q版漫画5集，N95口罩20只。",
        "方案（征求意见稿）修改3轮，条例（试行）学习2次，党费公示（单位：元）。",
        "3×8小时值班，2×2结对，“×”形路口改造1处。",
        "他说：“路虽远，行则将至……”在场党员深受触动。",
        "某些做法、某个环节、某种程度上还有不足，张某某受到表扬。",
        "待办事项清零，待业青年上岗，填补空白2项。",
        "**突出重点**，研究党建4次。",
    ],
)
def test_what_only_looks_like_a_blank_is_left_alone(draft: str) -> None:
    assert found("placeholder", draft) == []


def test_a_letter_that_a_fact_defines_is_no_blank() -> None:
    fact = "“N+1”结对：N个支部帮1个村"
    assert found("placeholder", "推行“N+1”结对，N个支部帮1个村。", [fact]) == []
    assert found("placeholder", "推行结对，N个支部帮1个村。") == [("error", "N")]


@pytest.mark.parametrize(
    ("draft", "facts"),
    [
        ("走访9户，让学习成为生活习惯。谈心6次，让学习成为生活习惯。", ["走访9户", "谈心6次"]),
        ("调解纠纷34起，成功率96%。34起纠纷的调解成功率达到96%。", ["调解纠纷34起，成功率96%"]),
        ("走访困难党员15名。年底又走访困难党员15名，送去温暖。", ["走访困难党员15名"]),
        (
            "社区把群众的小事当成自己的大事来办。社区将群众的小事当作自己的大事来办。",
            [],
        ),
    ],
)
def test_what_is_told_twice_is_found_at_its_second_place(draft: str, facts: list[str]) -> None:
    (told,) = found("repetition", draft, facts)
    assert told[1] in draft[draft.index("。") :]


def test_a_long_sentence_that_stands_twice_is_an_error() -> None:
    twice = "支部把党员的名字亮在楼道口、把责任扛在肩膀上"
    assert found("repetition", f"{twice}。谈心6次。{twice}。") == [("error", twice)]


@pytest.mark.parametrize(
    ("draft", "facts"),
    [
        ("学得深不深，看行动；干得好不好，看成效。", []),
        ("谈心6次。这6次谈心，次次见真话。", ["谈心6次"]),
        ("上半年谈心6次，下半年谈心6次，全年谈心12次。", ["上半年谈心6次，下半年谈心6次"]),
        (
            "深入学习贯彻党的二十届三中全会精神，宣讲8场。学习贯彻党的二十届三中全会精神有了成效。",
            ["宣讲8场"],
        ),
        ("学《党员教育管理工作条例》3次。《党员教育管理工作条例》怎么定就怎么做。", []),
        ("开展谈心谈话活动6次。\n开展谈心谈话活动6次。", ["开展谈心谈话活动6次"] * 2),
    ],
)
def test_what_may_be_said_again(draft: str, facts: list[str]) -> None:
    assert found("repetition", draft, facts) == []


def test_a_problem_and_its_measure_may_share_the_facts_words() -> None:
    words = "党员教育管理的针对性和实效性不强"
    draft = f"一、存在问题\n{words}。\n二、下一步打算\n针对{words}，办班2期。"
    assert found("repetition", draft, [f"问题：{words}", "打算：办班2期"]) == []


@pytest.mark.parametrize(
    ("draft", "severity", "words"),
    [
        ("修好松动的灯。把漏水的管、松动的灯、卡顿的门一样一样修好。", "error", "卡顿的门"),
        ("把漏水的管、松动的灯、难开的门一样一样修好。", "error", "漏水的管"),
        ("办实事21件，居民都说党员比亲戚还亲。", "warning", "居民都说党员比亲戚还亲"),
        ("办实事21件，“铜铃”议事会越开越旺。", "error", "“铜铃”"),
        ("办实事21件，槐树坪的老人也得到照顾。", "error", "槐树坪"),
        ("办实事21件，议事会开了63场。", "error", "63场"),
    ],
)
def test_what_only_an_exemplar_has_is_a_leak(draft: str, severity: str, words: str) -> None:
    leaks = found("exemplar_leak", draft, ["办实事21件"], [EXEMPLAR])
    assert [one for one in leaks if one[0] == severity and words in one[1]]


@pytest.mark.parametrize(
    ("draft", "facts", "exemplar"),
    [
        (
            "严格落实“三会一课”、组织生活会、谈心谈话、民主评议党员等制度，谈心6次。",
            ["谈心6次"],
            "严格落实“三会一课”、组织生活会、谈心谈话、民主评议党员等制度，走访9户。",
        ),
        (
            "带头把自己摆进去、把职责摆进去、把工作摆进去，谈心6次。",
            ["谈心6次"],
            "我坚持把自己摆进去、把职责摆进去、把工作摆进去。",
        ),
        ("队伍由7人增加到63人。", ["志愿队由7人增加到63人"], "服务队伍由7人增加到63人，一呼百应。"),
        ("修好漏水的管。", ["修好漏水的管、松动的灯"], EXEMPLAR),
    ],
)
def test_common_wording_and_the_facts_own_are_no_leak(
    draft: str, facts: list[str], exemplar: str
) -> None:
    assert found("exemplar_leak", draft, facts, [exemplar]) == []


def test_a_leak_names_its_exemplar_and_the_share_of_the_section() -> None:
    case = {"facts": ["谈心6次"], "draft": "把工具箱背进楼道，把漏水的管、松动的灯修好。谈心6次。",
            "exemplars": ["讲党课4次。", EXEMPLAR]}  # fmt: skip
    (message,) = [one.message for one in CHECKS["exemplar_leak"](*read_case(case))]
    assert "第2篇范文" in message
    assert "%" in message


@given(st.integers(0, 30), st.integers(0, 40))
def test_a_copied_stretch_is_sure_from_thirteen_letters_on(start: int, size: int) -> None:
    plain = "".join(char for char in EXEMPLAR if char.isalnum())
    part = plain[start : start + size]
    copies = [copy for copy in find_copies(part, (EXEMPLAR,), ()) if copy.sure]
    assert bool(copies) == (len(part) >= RUN)
    assert all(part[copy.start : copy.end] in plain for copy in copies)


def test_a_problem_without_a_measure_is_shown_as_advice() -> None:
    draft = (
        "一、存在问题\n一是流动党员联系不紧。二是理论学习不深。\n二、下一步打算\n一是集中学习12次。"
        "二是组织读书会4期。"
    )
    assert advised("pairing", draft) == ["流动党员联系不紧"]
    answered = draft.replace("组织读书会4期", "给外出党员每月打一次电话")
    assert advised("pairing", answered) == []


def test_a_section_crowded_with_slogans_is_shown_as_advice() -> None:
    draft = "提高认识、加强领导、精心组织、狠抓落实，谈心6次，各项工作亮点纷呈、硕果累累。"
    assert (
        advised("empty_phrase", draft, ["谈心6次"])[0] == "提高认识、加强领导、精心组织、狠抓落实"
    )
    plain = "谈心6次，走访9户，修好路灯23盏，群众走夜路亮堂了，狠抓落实不是一句空话。"
    assert advised("empty_phrase", plain) == []


def test_advice_stays_out_of_the_batch() -> None:
    assert {"pairing", "empty_phrase"} <= ADVICE_ONLY


def test_form_is_checked_in_headings_too() -> None:
    assert found("placeholder", "一、抓实××街道党建\n谈心6次。\n二、其他\n走访9户。")
