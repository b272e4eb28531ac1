"""Files out and back in a real Chromium: exported, edited, taken back. No language model."""

from pathlib import Path
from typing import Any

import docx
import pytest

from tests.test_browser_findings import Desk, address, desk, served  # noqa: F401 - fixtures
from tests.test_browser_story import page, wait_until_saved  # noqa: F401 - a fixture
from tests.test_handing import edited

pytestmark = [pytest.mark.browser]

TEXT = "全年组织党员干部巡河1860人次，发现并整改河道问题143个。"


def test_a_report_goes_out_and_comes_back(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    tab = desk.tab
    desk.write("F3", TEXT)
    wait_until_saved(tab)
    sent = tmp_path / "交出.docx"
    fetch(tab, "#export_docx").save_as(sent)

    files(tab)
    tab.locator("#fonts p").wait_for()
    # There is nothing new to show: the message says so, and the last file is not fetched again.
    fetched: list[Any] = []
    tab.on("download", lambda one: fetched.append(one))
    tab.locator("#redline").click()
    tab.locator("#message .message", has_text="没有可以标出的修改").wait_for()
    tab.wait_for_timeout(600)
    assert fetched == []
    tab.locator("#message [data-close]").click()
    assert fetch(tab, "#appendix_xlsx").suggested_filename.endswith("（证据附录）.xlsx")

    back = tmp_path / "领导改过.docx"
    back.write_bytes(edited(edited(sent.read_bytes(), "全年组织", "全年动员"), "143个", "141个"))
    tab.locator("#edited input[type=file]").set_input_files(str(back))
    rows = tab.locator("#returned .back-change")
    rows.first.wait_for()
    assert rows.count() == 2
    rows.nth(0).get_by_role("button", name="采用").click()
    tab.locator("#message .message", has_text="已采用").wait_for()
    rows.nth(0).get_by_role("button", name="不用").click()
    tab.locator("#returned", has_text="没有待定的修改").wait_for()

    revised = tmp_path / "修订.docx"
    fetch(tab, "#redline").save_as(revised)
    assert "<w:ins " in str(docx.Document(str(revised)).element.xml)
    tab.locator("#main > .tab-wrapper button[role=tab][data-tab-id=write]").click()
    assert desk.editor("F3").input_value() == TEXT.replace("组织", "动员")
    assert desk.errors == []


def test_a_file_too_large_is_refused_in_chinese(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    large = tmp_path / "很大.docx"
    with large.open("wb") as file:
        file.truncate(101 * 1024**2)
    files(desk.tab)
    desk.tab.locator("#edited input[type=file]").set_input_files(str(large))
    told = desk.tab.locator(".toast-message-text", has_text="“很大.docx”超过 100 MB，没有读入")
    told.wait_for()


def files(tab: Any) -> None:
    tab.locator("#main > .tab-wrapper button[role=tab][data-tab-id=files]").click()


def fetch(tab: Any, button: str) -> Any:
    with tab.expect_download() as waiting:
        tab.locator(button).click()
    return waiting.value
