"""Headings as offices write them, and the role a reader gives them."""

import pytest

from index.roles import role_of, role_of_heading
from index.types import Role

LEVEL_ONE: tuple[tuple[str, Role], ...] = (
    ("主要工作", "成效"),
    ("履职情况", "成效"),
    ("个人履职情况", "成效"),
    ("2025年履行抓基层党建工作职责情况", "成效"),
    ("上半年党建工作开展情况", "成效"),
    ("主要做法和成效", "成效"),
    ("工作亮点和特色", "成效"),
    ("工作回顾", "成效"),
    ("2024年工作总结和2025年工作计划", "成效"),
    ("上年度述职评议查摆问题整改情况", "成效"),
    ("履职工作特色和亮点", "成效"),
    ("存在的主要问题及原因", "问题"),
    ("存在问题及原因分析", "问题"),
    ("存在的主要问题及不足", "问题"),
    ("不足和差距", "问题"),
    ("当前面临的困难和问题", "问题"),
    ("存在的突出问题", "问题"),
    ("存在问题和整改措施", "问题"),
    ("查找存在的薄弱环节", "问题"),
    ("问题产生的原因", "原因"),
    ("产生问题的原因分析", "原因"),
    ("原因剖析", "原因"),
    ("下步工作思路和主要措施", "打算"),
    ("下一步工作打算", "打算"),
    ("今后工作思路", "打算"),
    ("下半年工作计划", "打算"),
    ("努力方向和改进措施", "打算"),
    ("针对存在问题的整改措施", "打算"),
    ("2026年工作安排", "打算"),
    ("明年工作重点", "打算"),
    ("整改措施", "打算"),
    ("意见建议", "打算"),
    ("一年来存在的主要问题", "问题"),
    ("履行党建责任方面存在的问题", "问题"),
    ("工作中没做好的事", "问题"),
    ("问题整改落实情况", "成效"),
    ("下步主要工作", "打算"),
    ("在肯定成绩的同时，我们也看到存在的不足", "问题"),
    ("2025年，我们将重点做好以下工作", "打算"),
    ("下半年重点工作", "打算"),
    ("改进工作的主要措施", "打算"),
    ("上半年工作开展情况和下半年计划", "成效"),
)

SUBSECTIONS: tuple[tuple[str, Role, Role], ...] = (
    ("紧盯短板弱项，抓好问题整改", "成效", "成效"),
    ("坚持问题导向，补齐短板", "成效", "成效"),
    ("健全党建责任机制，狠抓整改落实", "成效", "成效"),
    ("党建工作计划性不强", "问题", "问题"),
    ("工作思路不够开阔", "问题", "问题"),
    ("针对学习不深的问题，抓实理论武装", "打算", "打算"),
    ("存在的问题", "成效", "问题"),
    ("主要问题和不足", "成效", "问题"),
    ("原因分析", "问题", "原因"),
    ("产生问题的主要原因", "问题", "原因"),
    ("下步打算", "问题", "打算"),
    ("下一步工作计划", "成效", "打算"),
    ("2026年工作打算", "问题", "打算"),
    ("整改措施", "问题", "打算"),
)


@pytest.mark.parametrize(("heading", "role"), LEVEL_ONE)
def test_role_of_a_section_heading(heading: str, role: Role) -> None:
    assert role_of_heading(heading) == role


@pytest.mark.parametrize(("heading", "section", "role"), SUBSECTIONS)
def test_a_subsection_has_its_sections_role_unless_it_says_otherwise(
    heading: str, section: Role, role: Role
) -> None:
    assert role_of(heading, "", section=section) == role


def test_causes_after_a_section_of_problems_are_causes() -> None:
    assert role_of_heading("存在问题原因分析", before=("成效",)) == "问题"
    assert role_of_heading("存在问题原因分析", before=("成效", "问题")) == "原因"


def test_a_topic_is_decided_by_the_text_and_then_by_its_place() -> None:
    heading = "提高站位，凝心聚力"
    problems = "学习不够，力度不足，作用不强，方法单一，落实不到位。"
    plans = "下一步，将继续抓学习，力争全覆盖，确保见实效，进一步强化责任。"
    assert role_of(heading, problems) == "问题"
    assert role_of(heading, plans) == "打算"
    assert role_of(heading, "凝聚人心。") == "成效"
    assert role_of(heading, "凝聚人心。", before=("成效", "问题")) == "打算"


@pytest.mark.parametrize(
    "heading",
    [
        "创新工作思路，打造特色品牌",
        "帮扶困难群众，办好民生实事",
        "聚焦突出问题，补短板、强弱项",
        "坚持问题导向，狠抓责任落实",
        "明确目标任务，夯实基层基础",
    ],
)
def test_a_topic_is_no_role_for_all_its_words(heading: str) -> None:
    assert role_of_heading(heading) is None


def test_work_of_a_named_year_is_a_plan_after_the_problems() -> None:
    assert role_of_heading("2025年主要工作", before=("成效",)) == "成效"
    assert role_of_heading("2025年主要工作", before=("成效", "问题")) == "打算"
