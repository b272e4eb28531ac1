"""What a walk through the manual found in the checks."""

from typing import Any

import pytest

from drafter.anchors import find_anchors
from drafter.checking import check_case
from drafter.checks import run_checks
from drafter.types import Draft, DraftSection, Fact, Sources


def found(check: str, draft: str, facts: list[str], exemplars: list[str]) -> list[Any]:
    case = {"id": "1", "year": 2026, "facts": facts, "draft": draft, "exemplars": exemplars}
    return [one for one in check_case(case) if one["check"] == check]


@pytest.mark.parametrize(
    ("fact", "told", "better"),
    [
        ("每季度调度一次落实情况", "每月调度一次落实情况。", "每季度"),
        ("每季度听取党建工作汇报1次", "每周听取党建工作汇报1次。", "每季度"),
    ],
)
def test_the_better_word_for_an_interval_is_whole(fact: str, told: str, better: str) -> None:
    facts = (Fact("F1", fact, find_anchors(fact), None, None),)
    section = DraftSection("S1", "", 1, "成效", told, ("F1",), (), False)
    findings = run_checks(Draft("", 2026, (section,)), Sources(facts, (), 2026))
    (changed,) = [one for one in findings if one.check == "changed_qualifier"]
    assert changed.span is not None
    start, end = changed.span
    assert told[:start] + (changed.suggestion or "") + told[end:] == f"{fact}。"
    assert changed.suggestion == better


def test_a_long_run_of_an_exemplar_is_an_error_in_whatever_wording() -> None:
    run = "聚焦群众反映的突出问题逐项研究解决办法明确责任人和完成时限"
    exemplar = f"一年来，局党组{run}，推动各项工作取得新成效。"
    (leak,) = found("exemplar_leak", f"召开会议12次，{run}。", ["召开会议12次"], [exemplar])
    assert leak["severity"] == "error"


def test_the_same_run_in_a_fact_is_nobodys() -> None:
    run = "聚焦群众反映的突出问题逐项研究解决办法明确责任人和完成时限"
    assert not found("exemplar_leak", f"{run}。", [run], [f"局党组{run}。"])


def test_a_clause_of_another_sections_fact_is_not_out_of_nothing() -> None:
    facts = (
        Fact("F1", "开展义务巡河48次", find_anchors("开展义务巡河48次"), None, None),
        Fact("F2", "设意见簿，收集意见42条", find_anchors("设意见簿，收集意见42条"), None, None),
    )
    text = "开展义务巡河48次。收集意见42条。惠及沿线群众生活。"
    sections = (
        DraftSection("S1", "", 1, "成效", text, ("F1",), (), False),
        DraftSection("S2", "", 1, "成效", "", ("F2",), (), False),
    )
    findings = run_checks(Draft("", 2026, sections), Sources(facts, (), 2026))
    assert [one.text for one in findings if one.check == "unsupported"] == ["惠及沿线群众生活"]
