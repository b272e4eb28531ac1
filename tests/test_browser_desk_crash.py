"""Typing, and a server killed with SIGKILL: what the page said was saved is there, letter by
letter, in 50 rounds. The real store and page in processes of their own; no language model."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from drafter.ui.saving import text_hash
from tests.conftest import ROOT
from tests.test_browser_story import free_port, page  # noqa: F401 - a fixture

# ruff: noqa: F811 - fixtures are arguments of the same name

pytestmark = [pytest.mark.browser]

ROUNDS = 50
PASTE = "单位：松岭区水务局\n年度：2026\n1. 召开党组会12次\n2. 组织党员干部巡河1860人次\n"
WORDS = ("组织", "党员干部", "巡河", "，", "。", "12次", "“三会一课”", "\n", "𠮷", "发现并整改")


class Killable:
    """A server that is killed and comes back with the same work."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.crash_server", str(home), str(self.port)]
        environment = {**os.environ, "DRAFTER_HOME": str(home)}
        pipe = subprocess.PIPE
        self._starter = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
        )
        self.start()

    def start(self) -> None:
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write("start\n")
        self._starter.stdin.flush()
        self._process = int(self._starter.stdout.readline())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urlopen(self.url, timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        pytest.fail("the page did not come up within a minute")

    def kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)

    def close(self) -> None:
        self.kill()
        self._starter.kill()
        self._starter.wait(timeout=20)


@pytest.fixture
def server(own_home: Path) -> Iterator[Killable]:
    running = Killable(own_home)
    yield running
    running.close()


@pytest.fixture
def address(server: Killable) -> str:
    return server.url


def test_nothing_saved_is_lost_when_the_server_is_killed(page: Any, server: Killable) -> None:
    page.locator("#paste textarea").fill(PASTE)
    page.locator("#arrange").click()
    page.locator(".fact").first.wait_for()
    context = page.context
    number = sum(box.is_visible() for box in page.locator(".editor textarea").all())
    page.close()
    kept = [""] * number
    chance = random.Random(20261121)  # noqa: S311 - not for secrets
    for _ in range(ROUNDS):
        tab = context.new_page()
        tab.goto(server.url)
        tab.locator("#saved .saved").wait_for()
        tab.wait_for_function(SHOWN, arg=[number, sum(map(bool, kept))])
        assert texts(tab, number) == kept
        at = chance.randrange(number)
        edit(tab, tab.locator(f"#editor-{at} textarea"), chance)
        before, kept[at] = kept[at], texts(tab, number)[at]
        if kept[at] == before:  # what was undone may be on its way: its save is no sign of ours
            tab.wait_for_timeout(2500)
        wait_until_acknowledged(tab, at, kept[at])
        server.kill()
        tab.close()
        server.start()


SHOWN = """([cards, written]) => [...Array(cards).keys()].filter(
  (n) => document.querySelector(`#editor-${n} textarea`)?.value).length === written"""


def texts(tab: Any, number: int) -> list[str]:
    return [str(tab.locator(f"#editor-{n} textarea").input_value()) for n in range(number)]


def edit(page: Any, box: Any, chance: random.Random) -> None:
    """Make a few edits as a person does: composed, pasted, deleted, undone."""
    client = page.context.new_cdp_session(page)
    box.click()
    page.keyboard.press(chance.choice(("Control+Home", "Control+End", "End")))
    for _ in range(chance.randint(1, 3)):
        words = "".join(chance.choices(WORDS, k=chance.randint(1, 4)))
        kind = chance.choice(("compose", "paste", "paste", "delete", "undo", "enter"))
        if kind == "compose":
            compose = {"text": "zuzhi", "selectionStart": 5, "selectionEnd": 5}
            client.send("Input.imeSetComposition", compose)
            client.send("Input.insertText", {"text": "组织"})
        elif kind == "paste":
            page.keyboard.insert_text(words)
        elif kind == "delete":
            page.keyboard.press("Backspace")
        elif kind == "undo":
            page.keyboard.insert_text(words)
            page.keyboard.press("Control+z")
        else:
            page.keyboard.press("Enter")


def wait_until_acknowledged(page: Any, card: int, text: str) -> None:
    """Wait until the page has been told that this very text is saved."""
    page.wait_for_function(
        """([card, hash]) => document.querySelector(`#stamp-${card} textarea, #stamp-${card} input`)
             ?.value.endsWith('|' + hash)""",
        arg=[card, text_hash(text)],
    )
