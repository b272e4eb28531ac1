"""How the page tells things, in a real Chromium: messages that leave, that wait while they are in
use and cover no button; a long document that opens quickly. No language model."""

from typing import Any

import pytest

from tests.test_browser_findings import (  # noqa: F401 - fixtures
    Desk,
    Served,
    address,
    desk,
    served,
)
from tests.test_browser_story import page, shot  # noqa: F401 - a fixture

# ruff: noqa: F811 - fixtures are arguments of the same name

pytestmark = [pytest.mark.browser]

COVERED = """() => {
  const box = document.querySelector('#message .message').getBoundingClientRect();
  return [...document.querySelectorAll('button')].filter((one) => {
    if (one.closest('#message') || !one.checkVisibility({ opacityProperty: true })) return false;
    const at = one.getBoundingClientRect();
    return at.width && at.right > box.left && at.left < box.right
      && at.bottom > box.top && at.top < box.bottom;
  }).map((one) => one.textContent);
}"""


def main_tab(tab: Any, name: str) -> None:
    tab.locator(f"#main > .tab-wrapper button[role=tab][data-tab-id={name}]").click()


def test_messages_leave_and_cover_no_button(desk: Desk) -> None:
    tab = desk.tab
    tab.set_viewport_size({"width": 1366, "height": 768})
    told = tab.locator("#message .message:not(.gone)")
    told.wait_for()  # what 整理要点 found
    assert tab.evaluate(COVERED) == []
    tab.keyboard.press("Escape")
    assert told.count() == 0
    desk.write("F1", "召开党组会12次，其中专题研究4次。")
    tab.keyboard.press("Control+s")
    told.wait_for()
    main_tab(tab, "library")
    assert told.count() == 0  # it does not follow to another tab
    main_tab(tab, "write")
    one_with_a_way_back_waits(desk, told)
    what_a_click_found_is_told_in_the_foot(desk)
    assert desk.errors == []


def one_with_a_way_back_waits(desk: Desk, told: Any) -> None:
    tab, card = desk.tab, desk.card("F3")
    tab.locator(f"{card} details.menu > summary").click()
    tab.locator(f"{card} [data-do=add-after]").click()
    told.locator("[data-do]").first.wait_for()
    assert tab.evaluate(COVERED) == []
    main_tab(tab, "help")
    assert told.count() == 1  # the way back is still there
    main_tab(tab, "write")
    tab.wait_for_timeout(7000)
    assert told.count() == 1
    tab.keyboard.press("Escape")
    assert told.count() == 0


def what_a_click_found_is_told_in_the_foot(desk: Desk) -> None:
    tab = desk.tab
    desk.chip("F3").locator("summary").click()
    note = tab.locator("#foot > .trace-note")
    note.wait_for()
    assert "F3" in note.inner_text()
    tab.keyboard.press("Escape")
    assert not note.is_visible()
