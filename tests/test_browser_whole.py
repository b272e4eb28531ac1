"""The whole report read through in a real Chromium, and the way from there to a section."""

from pathlib import Path
from typing import Any

import pytest

from tests.test_browser_findings import Desk, address, desk, served  # noqa: F401 - fixtures
from tests.test_browser_story import page, shot, wait_until_saved  # noqa: F401 - a fixture
from tests.test_last_year import LAST

pytestmark = [pytest.mark.browser]

GOOD = "召开党组会研究党建工作12次，其中专题研究基层党建4次。"
WRONG = "8个党支部全部完成标准化建设验收，其中5个被评为区级示范支部。"


def open_tab(tab: Any, name: str) -> None:
    tab.locator(f"#main > .tab-wrapper button[role=tab][data-tab-id={name}]").click()


def by_key_from_the_report_to_the_findings(tab: Any) -> None:
    """Tab goes from the text to its tabs and then into the one that is open; F8 walks the list."""
    name = "document.activeElement.getAttribute('aria-label')"
    seen = f"() => {name} || document.activeElement.innerText"
    tab.locator("#whole_report .printed").focus()
    order = []
    for _ in range(6):
        tab.keyboard.press("Tab")
        order.append(tab.evaluate(seen).strip())
    assert order[:4] == ["送审检查", "问题", "要点", "与去年对照"]
    assert order[4] == "去看" or "核对" in order[4]
    tab.keyboard.press("F8")
    first = tab.locator("#whole_walk .finding").first
    first.wait_for()
    tab.wait_for_function("() => document.activeElement?.closest('#whole_walk')")
    tab.keyboard.press("F8")
    tab.keyboard.press("Shift+F8")
    assert first.evaluate("(one) => one === document.activeElement")
    tab.locator('#whole-tabs button[data-tab-id="walk"]:visible').click()
    tab.keyboard.press("ArrowDown")  # from the tab straight into its list
    assert first.evaluate("(one) => one === document.activeElement")
    tab.keyboard.press("Alt+l")  # keys of the desk do nothing here
    assert tab.locator(".card-head .locked").count() == 0


def test_reading_through_leads_back_to_what_must_be_mended(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    tab = desk.tab
    desk.write("F1", GOOD)
    wait_until_saved(tab)
    desk.write("F2", WRONG)
    wait_until_saved(tab)
    open_tab(tab, "whole")
    tab.locator("#whole_report .printed", has_text="12次").wait_for()
    tab.locator("#whole_list li.open", has_text="须改的问题").wait_for()
    tab.locator("#whole_list .box").first.click()
    tab.locator("#whole_list li.tick.done").wait_for()
    shot(tab, "19-通读与送审检查")
    by_key_from_the_report_to_the_findings(tab)

    tab.locator("#whole-tabs button[role=tab]", has_text="与去年对照").click()
    last = tmp_path / "去年.txt"
    last.write_text(LAST, encoding="utf-8")
    tab.locator("#earlier input[type=file]").set_input_files(str(last))
    tab.locator("#whole_earlier", has_text="去年说了，今年没有交代").wait_for()

    tab.locator("#whole-tabs button[role=tab]", has_text="问题").click()
    finding = tab.locator("#whole_walk .finding", has_text="5个").first
    finding.focus()
    tab.keyboard.press("Enter")
    tab.locator("#ev_issues .finding").first.wait_for()
    assert desk.editor("F2").is_visible()
    assert desk.errors == []
