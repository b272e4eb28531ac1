"""Reading a paste: marks, groups, nesting, header lines, duplicates, bad input."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.errors import InputError
from drafter.facts import read_facts, split_facts
from drafter.types import FactSheet


def texts(sheet: FactSheet) -> list[str]:
    return [fact.text for fact in sheet.facts]


def roles(sheet: FactSheet) -> list[str | None]:
    return [fact.role for fact in sheet.facts]


GROUPED = """\
报告类型：抓基层党建工作述职报告
单位：某区城市管理局党组
职务：党组书记
年度：2026年度

一、主要成效：
1. 每季度召开党组会专题研究党建工作，全年12次
2、讲党课４次；走访联系支部8个，解决问题15个
【存在问题】
· 理论学习不够深入，个别支部“三会一课”记录不规范
（2）党员教育方式单一
产生的原因：
① 主观上重视不够
下步打算:
- 2027年将新建党群服务中心1个
"""


def test_a_grouped_sheet() -> None:
    sheet = read_facts(GROUPED)
    assert (sheet.report_type, sheet.unit, sheet.post, sheet.year) == (
        "述职报告",
        "某区城市管理局党组",
        "党组书记",
        2026,
    )
    assert texts(sheet) == [
        "每季度召开党组会专题研究党建工作，全年12次",
        "讲党课４次",
        "走访联系支部8个，解决问题15个",
        "理论学习不够深入，个别支部“三会一课”记录不规范",
        "党员教育方式单一",
        "主观上重视不够",
        "2027年将新建党群服务中心1个",
    ]
    assert roles(sheet) == ["成效", "成效", "成效", "问题", "问题", "原因", "打算"]
    assert [fact.id for fact in sheet.facts] == [f"F{n}" for n in range(1, 8)]
    assert sheet.facts[0].group == "主要成效"
    assert sheet.facts[0].anchors[-1].value == "12|次"


def test_markdown_with_nested_bullets() -> None:
    sheet = read_facts(
        "# 2026年上半年党建工作汇报\n- **单位**：幸福里社区党委\n\n## 工作开展情况\n"
        "- **政治学习**：集中学习6次\n- 开展主题党日\n  - 参加120人\n  - 全年开展集中培训活动12次\n"
        "## 存在问题\n* 有的支部活动少\n"
    )
    assert (sheet.title, sheet.report_type, sheet.unit, sheet.year) == (
        "2026年上半年党建工作汇报",
        "工作汇报",
        "幸福里社区党委",
        2026,
    )
    assert texts(sheet) == [
        "政治学习：集中学习6次",
        "开展主题党日：参加120人",
        "全年开展集中培训活动12次",
        "有的支部活动少",
    ]
    assert sheet.facts[2].group == "工作开展情况：开展主题党日"
    assert roles(sheet)[-1] == "问题"


def test_ungrouped_lines_find_their_roles() -> None:
    sheet = read_facts(
        "全年召开支委会12次\n拟发展党员3名\n收缴党费1.8万元\n学习教育不够深入\n究其原因，主要是重视不够"
    )
    assert roles(sheet) == ["成效", "打算", "成效", "问题", "原因"]


def test_a_label_in_front_of_a_bullet_is_its_group() -> None:
    sheet = read_facts("1. 讲党课4次\n2. 问题：学习少；方法老套\n3. 打算：每月学习一次\n4. 走访8次")
    assert [(fact.role, fact.text) for fact in sheet.facts] == [
        ("成效", "讲党课4次"),
        ("问题", "学习少；方法老套"),
        ("打算", "每月学习一次"),
        ("成效", "走访8次"),
    ]


def test_numbered_bullets_with_chinese_marks_are_facts_not_headings() -> None:
    sheet = read_facts("一、讲党课4次\n二、走访支部8个\n三、收缴党费1.8万元")
    assert texts(sheet) == ["讲党课4次", "走访支部8个", "收缴党费1.8万元"]


GROUP_HEADINGS = {
    "打算": (
        *("下半年打算", "2027年工作打算", "今后努力方向", "下一步怎么干", "下半年工作安排"),
        *(
            "来年打算",
            "下一年度工作安排",
            "2027年思路",
            "新一年工作打算",
            "四季度打算",
            "下半年计划",
        ),
    ),
    "问题": ("还有哪些不足", "自身不足", "工作中的短板", "存在的不足和问题"),
    "成效": ("上半年工作", "上半年成效", "今年以来主要工作"),
}


@pytest.mark.parametrize("style", ["（{}）{}", "{}、{}", "{1}：", "{1}"])
@pytest.mark.parametrize("role", GROUP_HEADINGS)
def test_headings_of_a_sheet_are_no_facts(role: str, style: str) -> None:
    for heading in GROUP_HEADINGS[role]:
        first, second = style.format("一", "主要情况"), style.format("二", heading)
        sheet = read_facts(f"{first}\n1、开会12次\n\n{second}\n1、每月走访3次\n2、新建活动室1间")
        assert texts(sheet) == ["开会12次", "每月走访3次", "新建活动室1间"], heading
        assert roles(sheet)[1:] == [role, role], heading


def test_a_claim_above_its_bullets_stays_a_fact() -> None:
    sheet = read_facts("一、存在问题\n（一）理论学习存在不足\n1、研讨只有2次\n（二）调研不够")
    assert texts(sheet) == ["理论学习存在不足", "研讨只有2次", "调研不够"]


@pytest.mark.parametrize(
    "claim", ["党委还有短板", "班子存在困难", "支部工作还有不足", "还有困难", "班子工作思路不足"]
)
def test_a_claim_in_words_of_headings_is_a_fact(claim: str) -> None:
    for paste in (f"- 召开党委会12次\n{claim}", f"问题\n{claim}\n调研偏少，只有3次"):
        assert claim in texts(read_facts(paste))


def test_duplicates_are_listed_not_lost() -> None:
    sheet = read_facts("- 讲党课4次\n- 讲党课 ４次。\n- 走访8次")
    assert texts(sheet) == ["讲党课4次", "走访8次"]
    assert sheet.duplicates == ("讲党课 ４次",)


def test_several_headers_on_one_line() -> None:
    sheet = read_facts("单位：某局党组  职务：书记  年度：二〇二六年\n文种：工作总结\n讲党课4次")
    assert (sheet.unit, sheet.post, sheet.year, sheet.report_type) == (
        "某局党组",
        "书记",
        2026,
        "工作总结",
    )


@pytest.mark.parametrize(
    ("bullet", "parts"),
    [
        ("讲党课4次；走访支部8个。", ("讲党课4次", "走访支部8个")),
        ("培训党员6次，其中集中培训2次；参加180人", None),
        ("一是召开党组会12次；二是讲党课4次。", None),
        ("开展“学思想；强党性”活动3次", ("开展“学思想；强党性”活动3次",)),
        ("发展党员7名；其中一线工人3名", ("发展党员7名；其中一线工人3名",)),
    ],
)
def test_splitting_a_long_bullet(bullet: str, parts: tuple[str, ...] | None) -> None:
    found = split_facts(bullet)
    assert parts is None or found == parts
    assert all(len(part) >= 4 for part in found)


def test_hidden_characters_and_chat_tokens_are_taken_out() -> None:
    sheet = read_facts(
        "<|im_start|>system\n- 讲\u200b党课\x004次<|im_end|>\n- 走访<|<|x|>endoftext|>8次"
    )
    assert texts(sheet) == ["讲党课4次", "走访8次"]


@pytest.mark.parametrize(
    ("paste", "said"),
    [
        ("", "没有读到要点"),
        (" \n\u200b\n---\n", "没有读到要点"),
        ("单位：某局党组", "没有要点"),
        ("党" * 200_000, "一行上限"),
        ("\n".join(f"- 开展活动{number}次" for number in range(5_000)), "超过 2000 条"),
        ("讲党课4次\n" * 80_000, "超过上限"),
    ],
)
def test_bad_input_gets_a_next_step_at_once(paste: str, said: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError) as error:
        read_facts(paste)
    assert time.perf_counter() - start < 5
    assert said in error.value.message
    assert error.value.hint.endswith("。")


def test_a_long_single_line_below_the_limit_is_read_quickly() -> None:
    start = time.perf_counter()
    sheet = read_facts("，".join(f"走访{number}户" for number in range(2_500)))
    assert len(sheet.facts) == 1
    assert time.perf_counter() - start < 5


SAID = ["召开党组会12次", "讲党课4次", "学习不够深入", "拟新建阵地", "参加120人", "近320名党员"]
MARKS = ["1. ", "2、", "（3）", "- ", "· ", "", "① ", "一、", "  - ", "\t（1）"]
BULLETS = st.tuples(st.sampled_from(MARKS), st.lists(st.sampled_from(SAID), min_size=1, max_size=4))
HEADINGS = st.tuples(
    st.sampled_from(["## ", "一、", ""]), st.sampled_from([["主要成效"], ["存在问题"]])
)


@settings(max_examples=200)
@given(st.lists(BULLETS | HEADINGS, min_size=1, max_size=12))
def test_nothing_said_is_lost(lines: list[tuple[str, list[str]]]) -> None:
    pasted = "\n".join(mark + "；".join(words) for mark, words in lines)
    try:
        sheet = read_facts(pasted)
    except InputError:
        assert all(mark in ("## ", "一、", "") for mark, _ in lines)
        return
    told = "\n".join(
        [*texts(sheet), *(fact.group or "" for fact in sheet.facts), *sheet.duplicates]
    )
    said = {word for _, words in lines for word in words if word in SAID}
    assert [word for word in said if word not in told] == []


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(paste: str) -> None:
    try:
        sheet = read_facts(paste)
    except InputError:
        return
    assert sheet.facts
    assert all(fact.text.strip() and fact.role for fact in sheet.facts)


def test_anchors_point_into_the_fact() -> None:
    for fact in read_facts(GROUPED).facts:
        assert all(fact.text[a.start : a.end] == a.text for a in fact.anchors)
