"""Logging in, running out of the session with a page open, logging in again: nothing typed is lost.

A real Chromium on the real pages. DRAFTER_SCREENSHOTS=1 makes its pictures anew.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.access_cases import ONE, SECRETS, TWO, House
from tests.test_browser_story import free_port, shot

pytestmark = [pytest.mark.browser]

EARLIER, LATER = "先写下的一行。", "登录过期以后接着写的一行。"


@pytest.fixture
def house(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, str]]:
    import uvicorn

    monkeypatch.setenv("GRADIO_TEMP_DIR", "")  # set by make_app; put back afterwards
    port = free_port()
    two = House(own_home, port)
    server = uvicorn.Server(
        uvicorn.Config(
            *(two.app, "127.0.0.1", port), log_level="error", timeout_graceful_shutdown=2
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield two, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)
    two.close()


@pytest.fixture
def tab(house: tuple[House, str]) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium here")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        context.set_default_timeout(30_000)
        context.add_init_script("localStorage.setItem('drafter-tour', 'done')")
        opened = context.new_page()
        faults: list[str] = []
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.goto(house[1])
        yield opened
        assert faults == []
        browser.close()


def log_in(tab: Any, name: str) -> None:
    tab.locator("input[name=name]").fill(name)
    tab.locator("input[name=password]").fill(SECRETS[name])
    tab.locator("button[type=submit]").click()


def test_what_was_typed_outlives_the_session(house: tuple[House, str], tab: Any) -> None:
    two, address = house
    assert tab.url == f"{address}/login"
    shot(tab, "60-登录")
    log_in(tab, ONE)
    tab.locator("#saved .saved").wait_for()
    tab.locator("#whoami", has_text=ONE).wait_for()
    paste = tab.locator("#paste textarea")
    paste.fill(EARLIER)
    doc = wait_for(two, EARLIER)

    two.clock.now += two.sessions.idle + 60
    paste.press("End")
    tab.keyboard.insert_text(LATER)
    bar = tab.locator("#access", has_text="请重新登录")
    bar.wait_for()
    shot(tab, "61-登录过期")
    assert paste.input_value() == EARLIER + LATER
    assert two.chief.paste(doc) == EARLIER

    with tab.context.expect_page() as opening:
        bar.locator("a").click()
    other = opening.value
    log_in(other, TWO)  # somebody else: what is on the page must not become theirs
    other.locator("main", has_text="已经登录").wait_for()
    tab.locator("#access", has_text=f"请用“{ONE}”重新登录").wait_for()
    assert paste.input_value() == EARLIER + LATER
    other.goto(f"{address}/login?onward=back")
    log_in(other, ONE)
    other.locator("main", has_text="已经登录").wait_for()

    wait_for(two, EARLIER + LATER)
    bar.wait_for(state="detached")
    assert paste.input_value() == EARLIER + LATER
    paste.press("End")
    tab.keyboard.insert_text("再写一句。")
    wait_for(two, EARLIER + LATER + "再写一句。")
    tab.locator("#whoami button").click()
    tab.locator("input[name=password]").wait_for()


def wait_for(house: House, text: str) -> int:
    """Wait until the newest document's paste is this text; return the document."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        doc = house.chief.documents()[0].id
        if house.chief.paste(doc) == text:
            return doc
        time.sleep(0.1)
    raise AssertionError(f"not saved: {text!r}")
