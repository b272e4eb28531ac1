"""Splitting, undoing, comparing, milestones and two windows in a real Chromium. No language model.

DRAFTER_SCREENSHOTS=1 makes its pictures anew.
"""

from typing import Any

import pytest

from tests.test_browser_findings import Desk, Served, address, desk, served  # noqa: F401 - fixtures
from tests.test_browser_story import (
    open_evidence,
    page,  # noqa: F401 - a fixture
    shot,
    wait_until_saved,
)

# ruff: noqa: F811 - fixtures are arguments of the same name

pytestmark = [pytest.mark.browser]

ONE = "全年召开党组会研究党建工作12次，其中专题研究基层党建4次。"
TWO = "8个党支部全部完成标准化建设验收，其中3个被评为区级示范支部。"
MINE, THEIRS = "另起一句，在第二个窗口写。", "甲方添上的话。"


def test_a_person_goes_back_and_forth(desk: Desk, served: Served) -> None:
    a_section_is_split_and_put_together_again(desk)
    versions_and_milestones_are_compared_and_restored(desk)
    two_windows_keep_both_texts(desk, served)
    assert desk.errors == []


def a_section_is_split_and_put_together_again(desk: Desk) -> None:
    tab = desk.tab
    desk.write("F1", ONE + "机关学习抓得紧。" + "责任书签到每个支部。")
    wait_until_saved(tab)
    whole = desk.editor("F1").input_value()
    card = tab.locator(desk.card("F1"))
    card.locator("details.menu summary").click()
    card.locator("[data-do=split]").click()
    sheet = tab.locator("#dialog .dialog")
    sheet.wait_for()
    heading = sheet.locator("input.named")
    assert heading.evaluate("el => el === document.activeElement")
    shot(tab, "40-拆成两节")
    heading.fill("抓实机关学习")
    sheet.locator("[data-do=split-at]").first.click()
    tab.locator("#message .message", has_text="已分成两节").wait_for()
    assert desk.editor("F1").input_value() == ONE
    tab.locator("#left-tabs button[role=tab]", has_text="提纲").click()
    tab.locator("#toc [data-do=undo-step]", has_text="拆分").click()
    tab.locator("#message .message", has_text="已撤销：拆分").wait_for()
    assert desk.editor("F1").input_value() == whole
    tab.locator("#toc [data-do=redo-step]").wait_for()


def versions_and_milestones_are_compared_and_restored(desk: Desk) -> None:
    tab = desk.tab
    open_evidence(tab, "history")
    tab.locator("#right label", has_text="全文").click()
    form = tab.locator("#ev_document .chooser")
    form.locator("input").fill("送审稿")
    form.locator("[data-do=milestone]").click()
    row = tab.locator("#ev_document .moment.milestone", has_text="送审稿")
    row.wait_for()
    desk.editor("F1").fill(ONE)
    wait_until_saved(tab)
    shot(tab, "41-里程碑")
    row.locator("[data-do=compare-moment]").click()
    sheet = tab.locator("#dialog .dialog")
    sheet.locator("del", has_text="机关学习抓得紧").first.wait_for()
    sheet.locator("label", has_text="左右并排").click()
    assert sheet.locator(".side-by-side").first.is_visible()
    shot(tab, "42-与里程碑对比")
    tab.keyboard.press("Escape")
    assert not sheet.is_visible()
    for _ in range(2):  # the first click asks again
        row.locator("[data-do=restore-moment]").click()
    tab.locator("#message .message", has_text="全文已恢复成").wait_for()
    assert "机关学习抓得紧" in desk.editor("F1").input_value()
    tab.locator("#message [data-do=undo-step]").click()
    tab.locator("#message .message", has_text="已撤销：恢复").wait_for()
    assert desk.editor("F1").input_value() == ONE
    tab.locator("#right label", has_text="本节").click()
    tab.locator("#ev_history [data-do=compare]").first.click()
    sheet.wait_for()
    tab.keyboard.press("Escape")


def two_windows_keep_both_texts(desk: Desk, served: Served) -> None:
    tab = desk.tab
    other = tab.context.new_page()
    other.on("pageerror", lambda error: desk.errors.append(str(error)))
    other.goto(served.url)
    second = Desk(served, other)
    other.locator("#saved .saved").wait_for()
    other.locator(f"{second.card('F1')} .editor textarea").wait_for()
    desk.write("F1", THEIRS)
    wait_until_saved(tab)
    second.write("F1", MINE)
    told = other.locator("#message .message", has_text="另一个窗口里先存了一稿")
    told.wait_for()
    shot(other, "43-两个窗口")
    other.keyboard.press("Control+s")  # what is told next does not take its place
    other.locator("#message .message", has_text="已保存").wait_for()
    assert told.is_visible()
    tab.locator(f"{desk.card('F1')} .twins").wait_for(timeout=20_000)
    told.locator("[data-do=compare]").click()
    sheet = other.locator("#dialog .dialog")
    sheet.locator("ins", has_text="第二个窗口").first.wait_for()
    other.keyboard.press("Escape")
    assert second.editor("F1").input_value() == ONE + MINE  # not pushed aside by looking
    other.locator(f"{second.card('F1')} .twins [data-do=settle][data-take='1']").click()
    other.locator("#message .message", has_text="已选定").wait_for()
    assert second.editor("F1").input_value() == ONE + MINE
    tab.locator("#message .message", has_text="在另一个窗口里改过").wait_for(timeout=20_000)
    tab.locator("#message [data-do=refresh]").click()
    tab.locator(f"{desk.card('F1')} .twins").wait_for(state="detached")
    assert value_after(desk, ONE + MINE) == ONE + MINE
    texts = {version.text for version in histories(served)}
    assert {ONE + THEIRS, ONE + MINE} <= texts
    other.close()


def value_after(desk: Desk, wanted: str) -> Any:
    box = desk.editor("F1")
    desk.tab.wait_for_function(
        "([el, text]) => el.value === text", arg=[box.element_handle(), wanted]
    )
    return box.input_value()


def histories(served: Served) -> list[Any]:
    doc = served.desk.documents()[0].id
    states = served.desk.sections(doc)
    return [v for state in states for v in served.desk.history(doc, state.section.id)]
