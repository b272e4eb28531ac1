"""The server is killed and started again while the page stays open: typing goes on and is saved."""

from typing import Any

import pytest

from tests.test_browser_desk_crash import PASTE, Killable, address, server  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are arguments of the same name

pytestmark = [pytest.mark.browser]


def test_an_open_page_outlives_its_server(server: Killable, browsed: Any) -> None:
    tab = browsed
    tab.locator("#paste textarea").fill(PASTE)
    tab.locator("#arrange").click()
    tab.locator(".fact").first.wait_for()
    editor = tab.locator(".editor textarea").nth(1)
    editor.click()
    tab.keyboard.insert_text("断开以前写的。")
    tab.wait_for_timeout(1500)
    server.kill()
    tab.keyboard.insert_text("断开的时候写的。")
    tab.locator("#away", has_text="连接断了").wait_for()
    tab.keyboard.insert_text("又写一句。")
    server.start()
    tab.locator("#away").wait_for(state="detached")
    tab.keyboard.insert_text("连上以后写的。")
    tab.wait_for_timeout(3000)
    said = "断开以前写的。断开的时候写的。又写一句。连上以后写的。"
    assert editor.input_value() == said
    tab.reload()
    tab.wait_for_function(
        "(said) => [...document.querySelectorAll('.editor textarea')].some((e) => e.value == said)",
        arg=said,
    )


@pytest.fixture
def browsed(address: str) -> Any:
    """The page in a Chromium whose console may complain: the server is away for a while."""
    import shutil

    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium here")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.set_default_timeout(60_000)
        context.add_init_script("localStorage.setItem('drafter-tour', 'done')")
        tab = context.new_page()
        tab.goto(address)
        tab.locator("#saved .saved").wait_for()
        yield tab
        browser.close()
