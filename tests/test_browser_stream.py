"""The page's stream of answers: none is lost when a question crosses the stream's end.

Gradio closes the stream of a page that has no question left and opens it with the next one. A
question asked between the server's "closed" and the page's hearing of it never got its answer.
"""

import time
from typing import Any

import pytest

from drafter.ui import showing
from tests.test_browser_findings import Desk, address, desk, served  # noqa: F401 - fixtures
from tests.test_browser_story import page  # noqa: F401 - a fixture

# ruff: noqa: F811 - fixtures are arguments of the same name

pytestmark = [pytest.mark.browser]

# The network is slow one way: what the stream says arrives late, what is asked goes out at once.
# `init` runs before any script of the page, so the page's own handling lies on top of it.
LATE_STREAM = """(() => {
  const ask = window.fetch.bind(window);
  const late = () => new TransformStream({ async transform(chunk, out) {
    await new Promise((done) => setTimeout(done, 250));
    out.enqueue(chunk);
  } });
  // Nor does the page ask of itself, which would fetch a lost answer by chance.
  const every = window.setInterval.bind(window);
  window.setInterval = (work, wait, ...more) => (wait >= 1000 ? 0 : every(work, wait, ...more));
  window.fetch = async (input, init) => {
    const response = await ask(input, init);
    const url = String(input.url ?? input);
    if (!url.includes('/queue/data') || !response.body) return response;
    return new Response(response.body.pipeThrough(late()), response);
  };
})()"""

# The first line of answers takes long to open; how many are open at a time is counted.
LATE_OPENING = """(() => {
  const ask = window.fetch.bind(window);
  window.lines = { now: 0, most: 0, all: 0 };
  window.fetch = async (input, init) => {
    if (!String(input.url ?? input).includes('/queue/data')) return ask(input, init);
    const lines = window.lines;
    lines.most = Math.max(lines.most, (lines.now += 1));
    const first = (lines.all += 1) === 1;
    const response = await ask(input, init);
    const end = () => { lines.now -= 1; };
    if (!response.body) { end(); return response; }
    const counted = new TransformStream({ flush: end });
    if (first) await new Promise((done) => setTimeout(done, 1500));
    return new Response(response.body.pipeThrough(counted), response);
  };
})()"""


def test_no_answer_is_lost_when_the_stream_is_slow(desk: Desk, page: Any) -> None:
    page.add_init_script(LATE_STREAM)
    page.reload()
    page.locator("#saved .saved").wait_for()
    desk.editor("F1").click()
    locked = page.locator(f"{desk.card('F1')} .card-head .locked")
    for pause in range(0, 500, 50):
        page.wait_for_timeout(pause)
        page.keyboard.press("Alt+l")
        locked.wait_for(state="attached" if pause % 100 == 0 else "detached")
    assert desk.errors == []


def test_an_older_answer_never_lies_over_a_newer_one(
    desk: Desk, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The focus is slow to answer; what is locked meanwhile is shown as locked."""
    quick = showing.evidence

    def slow(*args: Any, **named: Any) -> Any:
        time.sleep(1.0)
        return quick(*args, **named)

    desk.editor("F3").click()
    page.wait_for_timeout(500)
    monkeypatch.setattr(showing, "evidence", slow)
    desk.editor("F1").click()
    page.wait_for_timeout(200)
    monkeypatch.setattr(showing, "evidence", quick)
    page.keyboard.press("Alt+l")
    locked = page.locator(f"{desk.card('F1')} .card-head .locked")
    locked.wait_for()
    page.wait_for_timeout(1500)
    assert locked.count() == 1
    assert desk.errors == []


def test_answers_come_by_one_line_however_slowly_it_opens(desk: Desk, page: Any) -> None:
    """By two lines at once, the end of an answer may overtake its beginning, which is then lost:
    an editor was never told that it is saved."""
    page.add_init_script(LATE_OPENING)
    page.reload()
    editor = desk.editor("F1")
    editor.click()
    for _ in range(4):
        page.keyboard.insert_text("巡河")
        page.wait_for_timeout(300)
    page.wait_for_timeout(1500)
    lines = page.evaluate("window.lines")
    assert lines["all"] >= 1
    assert lines["most"] == 1
    assert desk.errors == []
