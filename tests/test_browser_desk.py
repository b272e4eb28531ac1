"""Habits at the desk in a real Chromium: keys that leave an input method alone, focus kept while a
text streams, narrow windows, dark, names for a screen reader, the tour. No language model."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from drafter.types import Message, Sampling
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_browser_findings import Desk, Served, address, desk  # noqa: F401 - fixtures
from tests.test_browser_story import page, shot, wait_until_saved  # noqa: F401 - a fixture

# ruff: noqa: F811 - fixtures are arguments of the same name

pytestmark = [pytest.mark.browser]

SIZES = ((1366, 768), (1199, 768), (911, 512))
NAMED = ("button", "textbox", "combobox", "tab", "radio", "checkbox", "link")
OUTSIDE = """() => [...document.querySelectorAll('button, input, textarea, select, summary')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => [e.id || e.textContent.slice(0, 20), e.getBoundingClientRect()])
  .filter(([, r]) => r.width && (r.right > innerWidth + 1 || r.left < -1)).map(([name]) => name)"""


class SlowChat(FakeChat):
    """Writes a few letters at a time, until it is stopped."""

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        yield from FakeChat("扎实开展各项工作，" * 600 + "。", piece=3, delay=0.1).stream(
            messages, sampling
        )


class SlowServed(Served):
    def open_desk(self) -> Workspace:
        return Workspace(self.home, chat=SlowChat(), embedder=FakeEmbedder())


@pytest.fixture
def served(own_home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    server = SlowServed(own_home)
    yield server
    server.stop()


def test_the_desk_is_comfortable(desk: Desk, page: Any) -> None:
    keys_do_what_is_listed(desk)
    an_input_method_keeps_its_keys(desk)
    focus_caret_and_scroll_stay_while_a_text_streams(desk)
    everything_has_a_name_and_fits(desk)
    the_page_is_dark_when_asked(desk)
    assert desk.errors == []


def in_card(desk: Desk, fact: str) -> bool:
    """Say whether the focus is in the section of a fact."""
    inside = "(id) => Boolean(document.activeElement?.closest(id))"
    return bool(desk.tab.evaluate(inside, desk.card(fact)))


def keys_do_what_is_listed(desk: Desk) -> None:
    tab = desk.tab
    desk.write("F1", "召开党组会88次。")
    tab.keyboard.press("Enter")
    tab.keyboard.insert_text("另起一行。")
    assert desk.editor("F1").input_value() == "召开党组会88次。\n另起一行。"
    tab.keyboard.press("Control+s")
    tab.locator("#message .message", has_text="已保存").wait_for()
    tab.locator(f"{desk.card('F1')} mark.error").first.wait_for(state="attached")
    tab.keyboard.press("Alt+ArrowDown")
    assert not in_card(desk, "F1")
    tab.keyboard.press("Alt+ArrowUp")
    assert in_card(desk, "F1")
    tab.keyboard.press("Alt+l")
    tab.locator(f"{desk.card('F1')} .card-head .locked").wait_for()
    tab.keyboard.press("Alt+l")
    tab.locator(f"{desk.card('F1')} .card-head .locked").wait_for(state="detached")
    tab.keyboard.press("F8")
    place = "() => document.activeElement.value.slice(document.activeElement.selectionStart)"
    first = tab.evaluate(place)
    assert tab.locator("#ev_issues .finding").first.is_visible()
    tab.keyboard.press("F8")
    tab.keyboard.press("Shift+F8")
    assert tab.evaluate(place) == first
    tab.evaluate("() => document.activeElement.blur()")
    tab.keyboard.press("?")
    tab.locator("#keys-sheet td", has_text="重新生成").wait_for()
    shot(tab, "40-快捷键")
    box = tab.locator("#keys-sheet").bounding_box()
    height = tab.viewport_size["height"]
    assert abs(box["y"] - (height - box["y"] - box["height"])) < 2  # in the middle
    tab.keyboard.press("Escape")
    assert not tab.locator("#keys-sheet").is_visible()
    desk.editor("F1").click()
    tab.keyboard.type("?")
    assert not tab.locator("#keys-sheet").is_visible()
    tab.keyboard.press("Backspace")


def an_input_method_keeps_its_keys(desk: Desk) -> None:
    """Enter, Esc and arrows belong to the composition, with Ctrl and Alt too."""
    tab = desk.tab
    client = tab.context.new_cdp_session(tab)
    desk.editor("F1").click()
    client.send(
        "Input.imeSetComposition", {"text": "zuzhi", "selectionStart": 5, "selectionEnd": 5}
    )
    for key, code, modifiers in (("Enter", 13, 2), ("ArrowDown", 40, 1), ("l", 76, 1)):
        press = {"type": "rawKeyDown", "key": key, "code": key, "modifiers": modifiers}
        client.send("Input.dispatchKeyEvent", {**press, "windowsVirtualKeyCode": 229})
        told = "([key, m]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        told += "{ key, ctrlKey: m === 2, altKey: m === 1, isComposing: true, bubbles: true }))"
        tab.evaluate(told, [key, modifiers])
        assert code
    client.send("Input.insertText", {"text": "组织"})
    tab.wait_for_timeout(600)
    assert in_card(desk, "F1")
    assert tab.locator("[data-busy]").count() == 0
    assert tab.locator(f"{desk.card('F1')} .card-head .locked").count() == 0
    assert "组织" in desk.editor("F1").input_value()
    wait_until_saved(tab)


def focus_caret_and_scroll_stay_while_a_text_streams(desk: Desk) -> None:
    tab = desk.tab
    desk.editor("F3").click()
    tab.keyboard.press("Control+Enter")
    slot = tab.locator(f"{desk.card('F3')} .live-slot .pane-text")
    slot.wait_for()
    desk.editor("F1").click()
    tab.keyboard.press("Control+Home")
    state = """() => [document.activeElement.closest('.card').id,
      document.activeElement.selectionStart, document.querySelector('#middle').scrollTop]"""
    tab.wait_for_timeout(700)
    before, text = tab.evaluate(state), slot.inner_text()
    box = "document.querySelector(`${card} .live-slot .pane-text`)"
    grown = f"([card, said]) => {box}?.innerText !== said"
    tab.wait_for_function(grown, arg=[desk.card("F3"), text])
    assert tab.evaluate(state) == before
    tab.keyboard.type("ab")
    assert desk.editor("F1").input_value().startswith("ab")
    tab.locator("#stop").click()
    tab.locator("[data-busy]").wait_for(state="detached", timeout=3000)
    partial = tab.locator(f"{desk.card('F3')} .candidate")
    partial.wait_for()
    assert "扎实开展" in partial.inner_text()
    tab.locator(".live-slot").wait_for(state="detached")


def everything_has_a_name_and_fits(desk: Desk) -> None:
    tab = desk.tab
    client = tab.context.new_cdp_session(tab)
    for name in ("whole", "files", "library", "settings", "help", "write"):
        tab.locator(f"#main > .tab-wrapper button[role=tab][data-tab-id={name}]").click()
        tab.wait_for_timeout(500)
        for width, height in SIZES:
            tab.set_viewport_size({"width": width, "height": height})
            assert tab.evaluate(OUTSIDE) == [], (name, width)
            assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
        deadline = time.monotonic() + 10
        while (wrong := badly_told(client)) and time.monotonic() < deadline:
            tab.wait_for_timeout(300)  # names follow a moment after a panel is renewed
        assert wrong == [], name
    shot(tab, "41-放大到150%")
    tab.set_viewport_size({"width": 1920, "height": 1080})


def badly_told(client: Any) -> list[str]:
    """Return controls without a name and headings that skip a level, as a reader has them."""
    wrong, level = [], 1
    for node in client.send("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        said = str(node.get("name", {}).get("value", "")).strip()
        if node["ignored"]:
            continue
        if role in NAMED and not said:
            wrong.append(f"{role} {node['nodeId']}")
        if role == "heading":
            before = level
            level = next(p["value"]["value"] for p in node["properties"] if p["name"] == "level")
            if level > before + 1:
                wrong.append(f"{before} -> {level} {said}")
    return wrong


def the_page_is_dark_when_asked(desk: Desk) -> None:
    tab = desk.tab
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    tab.locator("#main > .tab-wrapper button[role=tab][data-tab-id=settings]").click()
    tab.locator("label", has_text="深色").click()
    tab.wait_for_function("() => document.body.classList.contains('dark')")
    assert tab.evaluate(ground) != light
    tab.reload(wait_until="commit")
    tab.wait_for_function("() => document.body && document.documentElement.dataset.look === 'dark'")
    tab.locator("#saved .saved").wait_for()
    shot(tab, "42-深色")
    tab.evaluate("() => { localStorage.setItem('drafter-look', 'light'); drafterLook.apply(); }")
    assert tab.evaluate(ground) == light


def test_a_first_visit_is_shown_around_and_left_alone_afterwards(served: Served, page: Any) -> None:
    context = page.context.browser.new_context(viewport={"width": 1366, "height": 768})
    tab = context.new_page()
    tab.goto(served.url)
    tour = tab.locator("#tour")
    tour.wait_for()
    shot(tab, "43-引导")
    tour.locator("[data-press=example]").click()
    tour.locator("b", has_text="整理要点").wait_for()
    tab.wait_for_function("() => document.querySelector('#paste textarea').value.length > 100")
    tour.locator("[data-press=arrange]").click()
    tab.locator(".fact").first.wait_for()
    tour.locator("[data-tour-end]").click()
    assert not tour.is_visible()
    tab.reload()
    tab.locator("#saved .saved").wait_for()
    tab.wait_for_timeout(800)
    assert not tour.is_visible()
    tab.locator("#main > .tab-wrapper button[role=tab][data-tab-id=help]").click()
    tab.locator("[data-tour]").click()
    tour.wait_for()
    context.close()
