"""Candidates and locked sentences in a real Chromium. No language model.

The story: lock a sentence by mouse and by key, ask for three candidates, take one sentence, take
it back, write one point anew, accept; the locked sentence stands untouched through all of it.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from drafter.plan import move_fact
from drafter.sentences import bare_sentences
from drafter.workflow import Workspace
from tests.fakes import FakeEmbedder
from tests.test_browser_findings import Desk, Served
from tests.test_browser_story import open_evidence, page, shot, wait_until_saved  # noqa: F401
from tests.test_candidates import PASTE, VariedChat

pytestmark = [pytest.mark.browser]

LOCKED = "与党支部签订责任书8份。"
TEXT = (
    "一是召开党组会研究党建工作12次。二是与党支部签订责任书8份。三是发展党员5名，其中一线职工3名。"
    "四是走访慰问困难党员46人次。五是开展主题党日活动24次。"
)


class VariedServed(Served):
    """The page with a model that says things in another way each time."""

    def open_desk(self) -> Workspace:
        chat = VariedChat(seed=7)
        chat.ways = ("{}。", "今年{}。", "全年{}。", "扎实{}。")
        return Workspace(self.home, chat=chat, embedder=FakeEmbedder())


@pytest.fixture
def served(own_home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")  # set by make_app; put back afterwards
    server = VariedServed(own_home)
    lay_out_facts(server.desk)
    yield server
    server.stop()


def lay_out_facts(workspace: Workspace) -> None:
    """Make a document with all facts in one section."""
    doc = workspace.create_document().id
    workspace.save_paste(doc, PASTE)
    plan = workspace.make_plan(doc)
    home = next(s.id for s in plan.sections if "F1" in s.fact_ids)
    for fact in ("F2", "F3", "F4", "F5"):
        plan = move_fact(plan, fact, home)
    workspace.save_plan(doc, plan)


@pytest.fixture
def address(served: Served) -> str:
    return served.url


@pytest.fixture
def desk(served: Served, page: Any) -> Desk:  # noqa: F811
    page.locator("#saved .saved").wait_for()
    page.locator(".fact").first.wait_for()
    return Desk(served, page)


def test_candidates_and_locks_on_the_page(desk: Desk) -> None:
    tab, card = desk.tab, desk.card("F1")
    desk.write("F1", TEXT)
    wait_until_saved(tab)
    lock_by_mouse(desk, card)
    three_candidates(desk, card)
    one_sentence_taken_and_given_back(desk, card)
    one_point_anew(desk, card)
    unlocked_by_key(desk, card)


def pick(desk: Desk, words: str) -> None:
    """Click into a sentence of the editor."""
    box = desk.editor("F1")
    at = box.input_value().index(words) + 2
    box.click()
    box.evaluate("(box, at) => { box.setSelectionRange(at, at); box.click(); }", at)


def lock_by_mouse(desk: Desk, card: str) -> None:
    tab = desk.tab
    desk.overlay("F1").locator(".sentence", has_text="8份").wait_for(state="attached")
    pick(desk, "签订责任书")
    bar = tab.locator(f"{card} .sentence-bar")
    bar.wait_for()
    assert "第 2 句" in bar.inner_text()
    bar.locator("[data-do=lock-sentence]").click()
    tab.locator(f"{card} .overlay .sentence.held").wait_for(state="attached")
    tab.locator(f"{card} .locks summary").click()
    assert LOCKED in tab.locator(f"{card} .locks li").inner_text()


def three_candidates(desk: Desk, card: str) -> None:
    tab = desk.tab
    tab.locator(f"{card} .wish").focus()
    tab.locator(f"{card} .chip-wish", has_text="换个说法").click()
    assert tab.locator(f"{card} .wish").input_value() == "换个说法"
    tab.locator(f"{card} .variants-wanted").select_option("3")
    tab.locator(f"{card} [data-do=rewrite]").click()
    tab.locator(f"{card} [data-do=discard-all]").wait_for()
    panes = tab.locator(f"{card} .candidate")
    assert panes.count() == 3
    for text in panes.all_inner_texts():
        assert LOCKED in text
        assert "要点 5/5" in text
    assert desk.editor("F1").input_value() == TEXT
    assert tab.locator(f"{card} .variants-wanted").input_value() == "3"
    shot(tab, "19-候选并排")


def one_sentence_taken_and_given_back(desk: Desk, card: str) -> None:
    tab = desk.tab
    before = desk.editor("F1").input_value()
    take = tab.locator(f"{card} .take").first
    take.focus()
    tab.keyboard.press("Enter")
    back = tab.locator(".message [data-do=undo-take]")
    back.wait_for()
    changed = desk.editor("F1").input_value()
    assert changed != before
    assert LOCKED in changed
    back.click()
    back.wait_for(state="detached")
    assert desk.editor("F1").input_value() == before
    tab.locator(f"{card} .candidate").first.locator("[data-do=accept]").click()
    tab.locator(f"{card} .candidate").first.wait_for(state="detached")
    accepted = desk.editor("F1").input_value()
    assert accepted != before
    assert LOCKED in [one.text for one in bare_sentences(accepted)]


def one_point_anew(desk: Desk, card: str) -> None:
    tab = desk.tab
    before = desk.editor("F1").input_value()
    pick(desk, "24次")
    tab.locator(f"{card} [data-do=rewrite-point]").click()
    tab.locator(f"{card} .candidate [data-do=accept]").click()
    tab.locator(f"{card} .candidate").wait_for(state="detached")
    after = desk.editor("F1").input_value()
    assert after[: before.index(LOCKED)] == before[: before.index(LOCKED)]
    assert LOCKED in after
    assert "24次" in after


def unlocked_by_key(desk: Desk, card: str) -> None:
    tab = desk.tab
    panel = open_evidence(tab, "issues")
    sentence = panel.locator(".preview .sentence.held")
    sentence.focus()
    tab.keyboard.press("Enter")
    button = panel.locator(".sentence-bar [data-do=unlock-sentence]")
    button.wait_for()
    button.focus()
    tab.keyboard.press("Enter")
    tab.locator(f"{card} .overlay .sentence.held").wait_for(state="detached")
    assert tab.locator(f"{card} .locks").count() == 0
