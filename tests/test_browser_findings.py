"""Findings, fixes and the way from fact to sentence in a real Chromium. No language model.

The real server and page on hand-written text; DRAFTER_SCREENSHOTS=1 makes its pictures anew.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_browser_story import (
    free_port,
    open_evidence,
    page,  # noqa: F401 - a fixture: Chromium, offline, with a clean console
    shot,
    type_chinese,
    wait_until_saved,
)

pytestmark = [pytest.mark.browser]

PASTE = """单位：松岭区水务局
年度：2026
1. 召开党组会研究党建工作12次，其中专题研究基层党建4次
2. 8个党支部全部完成标准化建设验收，其中3个被评为区级示范支部
3. 组织党员干部巡河1860人次，发现并整改河道问题143个
问题：抽查的8个支部中有2个会议记录过于简单
打算：每季度到不少于2个支部开展现场指导
"""


class Served:
    """The page on a port of its own, with a home that outlives it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        import uvicorn

        from drafter.ui.server import make_app

        self.desk = self.open_desk()
        app = make_app("127.0.0.1", self.port, self.desk)
        self._server = uvicorn.Server(
            uvicorn.Config(
                *(app, "127.0.0.1", self.port), log_level="error", timeout_graceful_shutdown=2
            )
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            assert time.monotonic() < deadline, "the page did not come up within a minute"
            time.sleep(0.05)

    def open_desk(self) -> Workspace:
        return Workspace(self.home, chat=FakeChat("好。"), embedder=FakeEmbedder())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self.desk.close()


@pytest.fixture
def served(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")  # set by make_app; put back afterwards
    server = Served(own_home)
    yield server
    server.stop()


@pytest.fixture
def address(served: Served) -> str:
    return served.url


class Desk:
    """The page as a person sees it: sections by one of their facts."""

    def __init__(self, served: Served, tab: Any) -> None:
        self.served, self.tab = served, tab
        self.errors: list[str] = []

    def card(self, fact: str) -> str:
        """Return the selector of the card of the section that holds a fact."""
        doc = self.served.desk.documents()[0].id
        plan = self.served.desk.plan(doc)
        assert plan is not None
        ids = [section.id for section in plan.sections]
        return f"#card-{ids.index(next(s.id for s in plan.sections if fact in s.fact_ids))}"

    def editor(self, fact: str) -> Any:
        return self.tab.locator(f"{self.card(fact)} .editor textarea")

    def overlay(self, fact: str) -> Any:
        return self.tab.locator(f"{self.card(fact)} .overlay")

    def chip(self, fact: str) -> Any:
        return self.tab.locator(f"#facts .fact[data-fact={fact}]")

    def write(self, fact: str, text: str) -> None:
        """Type at the end of a section, as a paste does."""
        self.editor(fact).click()
        self.tab.keyboard.press("Control+End")
        self.tab.keyboard.insert_text(text)


@pytest.fixture
def desk(served: Served, page: Any) -> Desk:  # noqa: F811
    page.locator("#paste textarea").fill(PASTE)
    page.locator("#arrange").click()
    page.locator(".fact").first.wait_for()
    return Desk(served, page)


def test_findings_live_on_every_edit(desk: Desk) -> None:
    marks_follow_the_typing(desk)
    a_fix_changes_its_span_and_can_be_undone(desk)
    a_dropped_fact_turns_used(desk)
    an_ignored_finding_stays_ignored(desk)
    sentences_and_facts_find_each_other(desk)
    assert desk.errors == []


def marks_follow_the_typing(desk: Desk) -> None:
    tab, box = desk.tab, desk.editor("F3")
    box.click()
    type_chinese(tab, [("zuzhi", "组织"), ("dangyuan", "党员")])
    tab.keyboard.insert_text("干部巡河1860人次，发现并整改河道问题143个，")
    tab.keyboard.insert_text("新增9999个事项。")
    mark = desk.overlay("F3").locator("mark.error", has_text="9999")
    mark.wait_for()
    # The editor keeps the focus and the caret; the mark lies under its words, line by line.
    end = "el => document.activeElement === el && el.selectionStart === el.value.length"
    assert box.evaluate(end)
    layers = tab.locator(f"{desk.card('F3')} .paper").evaluate(
        "el => ['.editor textarea', '.overlay'].map(s => el.querySelector(s))"
        ".map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.width, r.height])"
    )
    assert layers[0] == pytest.approx(layers[1], abs=1.5)
    # Words typed in front push the mark along at once, before the next check.
    tab.keyboard.press("Control+Home")
    tab.keyboard.insert_text("这一年，")
    assert desk.overlay("F3").text_content() == box.input_value()
    assert mark.text_content() == "9999个"
    # A word half spelt by an input method is left alone by the refresh that comes meanwhile.
    client = tab.context.new_cdp_session(tab)
    tab.keyboard.insert_text("我们")
    client.send(
        "Input.imeSetComposition", {"text": "jianchi", "selectionStart": 7, "selectionEnd": 7}
    )
    tab.wait_for_timeout(1500)
    client.send("Input.insertText", {"text": "坚持"})
    wait_until_saved(tab)
    assert box.input_value().startswith("这一年，我们坚持组织党员")


def a_fix_changes_its_span_and_can_be_undone(desk: Desk) -> None:
    tab, box = desk.tab, desk.editor("F3")
    panel = open_evidence(tab, "issues")
    finding = panel.locator(".finding.error", has_text="9999")
    finding.wait_for()
    assert "F3" in finding.locator(".source").inner_text()
    assert "须改" in finding.inner_text()
    shot(tab, "15-问题与改法")
    before = box.input_value()
    finding.locator("[data-kind=cut]").click()
    tab.locator(".message", has_text="已删去").wait_for()
    wait_until_saved(tab)
    assert box.input_value() == before.replace("，新增9999个事项", "")
    assert desk.overlay("F3").locator("mark.error").count() == 0
    tab.locator(".message [data-do=undo-fix]").click()
    tab.locator(".message", has_text="已撤销").wait_for()
    wait_until_saved(tab)
    assert box.input_value() == before


def a_dropped_fact_turns_used(desk: Desk) -> None:
    tab = desk.tab
    desk.write("F2", "支部建设扎实推进。")
    desk.chip("F2").locator(".chip.lost").wait_for()
    desk.write("F2", "8个党支部全部完成标准化建设验收，其中3个被评为区级示范支部。")
    desk.chip("F2").locator(".chip.used").wait_for()
    assert "已用" in desk.chip("F2").inner_text()
    desk.write("F4", "个别支部组织生活质量不高。")
    desk.chip("F4").locator(".chip.lost").wait_for()
    panel = open_evidence(tab, "issues")
    panel.locator("[data-kind=tell]").click()
    desk.chip("F4").locator(".chip.used").wait_for()
    wait_until_saved(tab)
    assert desk.editor("F4").input_value().startswith("个别支部组织生活质量不高。")
    assert "有2个会议记录过于简单。" in desk.editor("F4").input_value()


def an_ignored_finding_stays_ignored(desk: Desk) -> None:
    tab = desk.tab
    desk.write("F1", "召开党组会研究党建工作12次，其中专题研究基层党建4次，形成纪要77份。")
    mark = desk.overlay("F1").locator("mark.error", has_text="77")
    mark.wait_for()
    panel = open_evidence(tab, "issues")
    panel.locator(".finding.error", has_text="77份").locator("[data-do=ignore]").click()
    mark.wait_for(state="detached")
    assert "已忽略 1 处" in panel.locator(".ignored > summary").inner_text()
    for again in (tab.reload, lambda: restart(desk)):
        wait_until_saved(tab)
        again()
        tab = desk.tab
        tab.locator(f"{desk.card('F1')} .card-head .number").click()
        panel = open_evidence(tab, "issues")
        panel.locator(".ignored > summary").wait_for()
        assert desk.overlay("F1").locator("mark.error").count() == 0
    # Another number is another matter.
    desk.write("F1", "发文78份。")
    desk.overlay("F1").locator("mark.error", has_text="78").wait_for()
    assert desk.overlay("F1").locator("mark.error", has_text="77").count() == 0
    panel.locator(".ignored > summary").click()
    panel.locator(".ignored [data-do=heed]").click()
    desk.overlay("F1").locator("mark.error", has_text="77").wait_for()


def restart(desk: Desk) -> None:
    """Stop the program and start it again, as on the next day, in a new tab."""
    context = desk.tab.context
    desk.tab.close()
    desk.served.stop()
    desk.served.start()
    desk.tab = context.new_page()
    desk.tab.on("pageerror", lambda error: desk.errors.append(str(error)))
    desk.tab.on("console", lambda m: desk.errors.append(m.text) if m.type == "error" else None)
    desk.tab.goto(desk.served.url)
    desk.tab.locator("#saved .saved").wait_for()


def sentences_and_facts_find_each_other(desk: Desk) -> None:
    tab = desk.tab
    # A sentence of the text, by mouse: its facts are lit.
    desk.editor("F2").click()
    tab.keyboard.press("Control+End")
    tab.keyboard.press("ArrowLeft")
    tab.locator("#facts .fact.lit[data-fact=F2]").wait_for()
    assert tab.locator("#facts .fact.lit").count() == 1
    assert "F2" in tab.locator(".trace-note").inner_text()
    # A fact: its sentence is lit and in view.
    desk.chip("F4").locator("summary").click()
    lit = desk.overlay("F4").locator(".sentence.lit")
    lit.first.wait_for()
    assert "会议记录过于简单" in "".join(lit.all_text_contents())
    assert tab.locator("#facts .fact.lit").get_attribute("data-fact") == "F4"
    # The same by key, in the reading view.
    tab.locator(f"{desk.card('F2')} .card-head .number").click()
    sentence = open_evidence(tab, "issues").locator(".preview .sentence", has_text="示范支部")
    sentence.focus()
    tab.keyboard.press("Enter")
    tab.locator("#facts .fact.lit[data-fact=F2]").wait_for()
    shot(tab, "16-句子与要点")
