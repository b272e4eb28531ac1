"""The tab 范例 in a real Chromium: pin, swap, search by hand, side by side, closed with Esc."""

from pathlib import Path
from typing import Any

import pytest

from tests.library.cases import report_text
from tests.test_browser_findings import (  # noqa: F401 - fixtures: the server, its address, the desk
    Desk,
    Served,
    address,
    desk,
    served,
)
from tests.test_browser_manners import COVERED
from tests.test_browser_story import open_evidence, page, wait_until_saved  # noqa: F401

pytestmark = [pytest.mark.browser]

TEXT = (
    "一是抓实标准化建设。8个党支部全部完成标准化建设验收，"
    "其中3个被评为区级示范支部。二是规范组织生活。"
)


@pytest.fixture
def samples(served: Served, tmp_path: Path) -> None:  # noqa: F811
    for unit in range(4):
        (tmp_path / f"{unit}.txt").write_text(report_text(unit), encoding="utf-8")
    served.desk.library.build([tmp_path])
    served.desk.prepare_library()


def test_exemplars_are_chosen_and_compared(samples: None, desk: Desk) -> None:  # noqa: F811
    tab = desk.tab
    tab.set_viewport_size({"width": 1366, "height": 768})
    desk.write("F2", TEXT)
    panel = open_evidence(tab, "exemplars")
    panel.locator(".exemplar mark.pattern").first.wait_for()
    first, second = panel.locator("article.exemplar").all()[:2]
    chosen = second.get_attribute("data-exemplar")
    dropped = first.get_attribute("data-exemplar")

    second.locator("[data-do=pin]").click()
    panel.locator(f".pinned[data-exemplar='{chosen}']").wait_for()
    tab.locator(".message [data-do=undo-choice]").wait_for()
    panel.locator(f"[data-exemplar='{dropped}'] [data-do=swap]").click()
    tab.locator(".message", has_text="已换掉").wait_for()
    panel.locator(f"article[data-exemplar='{dropped}']").wait_for(state="detached")

    side_by_side(desk, panel)
    searched_by_hand(desk, panel)
    wait_until_saved(tab)
    assert desk.editor("F2").input_value() == TEXT
    assert desk.errors == []


def side_by_side(desk: Desk, panel: Any) -> None:  # noqa: F811
    """Open the pane: over middle and right, read only; Esc gives focus and place back."""
    tab = desk.tab
    tab.locator("#middle").evaluate("e => { e.style.scrollBehavior = 'auto'; e.scrollTop = 90; }")
    opener = panel.locator("[data-do=compare]").first
    opener.click()
    pane = tab.locator("#compare .compare")
    pane.wait_for()
    assert tab.locator("#message .message:not(.gone)").count() == 1  # 已换掉 … 撤销
    tab.wait_for_function(f"() => ({COVERED})().length === 0")  # it moves out of the pane's way
    assert pane.locator("textarea, input, [contenteditable]").count() == 0
    assert "8个党支部全部完成" in pane.locator(".compare-text").first.inner_text()
    left = tab.locator("#left").bounding_box()
    box = pane.bounding_box()
    assert box["x"] >= left["x"] + left["width"] - 1
    assert box["width"] > 900
    # The section stays where it was scrolled to while the exemplars are walked through.
    mine = pane.locator(".compare-text").first
    mine.evaluate("e => { e.style.maxHeight = '60px'; e.scrollTop = 20; }")
    tab.wait_for_timeout(100)
    before = pane.locator(".compare-side").nth(1).inner_text()
    pane.locator("[data-do=compare]", has_text="下一段").click()
    tab.wait_for_function(
        "t => document.querySelectorAll('.compare-side')[1]?.innerText !== t", arg=before
    )
    tab.keyboard.press("Escape")
    pane.wait_for(state="detached")
    assert tab.evaluate("document.activeElement.dataset.do") == "compare"
    assert tab.locator("#middle").evaluate("e => e.scrollTop") == 90


def searched_by_hand(desk: Desk, panel: Any) -> None:  # noqa: F811
    tab = desk.tab
    box = tab.locator("#ev_ask .ask")
    box.fill("警示教育和廉政谈话")
    box.press("Enter")
    hit = tab.locator("#ev_found article", has_text="廉政").first
    hit.wait_for()
    hit.locator("[data-do=pin]").click()
    panel.locator("article.pinned", has_text="廉政").wait_for()
    assert box.input_value() == "警示教育和廉政谈话", "what was asked stays in its box"
