"""The page is served with the document in it: what it holds, and when it has to ask."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drafter.types import EngineStatus, WriteEvent
from drafter.ui.choices import Choices
from drafter.ui.desk import Desk
from drafter.ui.jobs import Jobs
from drafter.ui.saving import read_stamp
from drafter.ui.served import Served
from drafter.ui.server import InChinese, Receive, Scope, Send, holding_texts
from drafter.ui.wiring import Board, Told
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

PASTE = "单位：某局\n1. 召开党组会研究党建工作12次\n2. 发展党员5名\n"
EVIL = "</script><script>alert(1)</script>&lt;\u2028"


class _Parts(Board):
    """A board whose parts are numbered as they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = _Numbered()


class _Numbered(dict[str, SimpleNamespace]):
    def __missing__(self, name: str) -> SimpleNamespace:
        self[name] = SimpleNamespace(_id=len(self) + 1)
        return self[name]


@pytest.fixture
def desk(own_home: Path) -> Desk:
    return Desk(Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder()), Jobs())


def held(served: Served, board: Board, query: str = "") -> dict[str, object]:
    script = served.script(query)
    said = json.loads(script[script.rindex(")({") + 2 : script.rindex(");")])
    numbers = {str(part._id): name for name, part in board.parts.items()}
    return {numbers[number]: props.get("value") for number, props in said["props"].items()}


def make(desk: Desk) -> tuple[Served, Board]:
    board = _Parts()
    return Served(board, desk, Choices(desk.workspace)), board


def document(desk: Desk, text: str = "全年召开党组会12次。") -> tuple[int, str]:
    doc = desk.workspace.create_document().id
    desk.workspace.save_paste(doc, PASTE)
    desk.workspace.make_plan(doc)
    section = desk.workspace.sections(doc)[0]
    desk.workspace.save_text(doc, section.section.id, text, section.rev)
    return doc, section.section.id


def waiting(stop: threading.Event) -> Iterator[WriteEvent]:
    stop.wait(9)
    yield from ()


def test_the_page_is_served_with_the_newest_document_or_the_one_asked_for(desk: Desk) -> None:
    (first, _), (second, section) = document(desk, "第一篇。"), document(desk)
    served, board = make(desk)
    values = held(served, board)
    stamp = read_stamp(str(values["stamp.0"]))
    assert values["doc_id"] == str(second) and values["editor.0"] == "全年召开党组会12次。"
    assert stamp is not None and (stamp.doc, stamp.section) == (second, section)
    assert 'class="saved"' in str(values["saved"])
    assert held(served, board, f"doc={first}")["editor.0"] == "第一篇。"


def test_what_the_page_holds_is_not_sent_again_when_it_asks(desk: Desk) -> None:
    doc, _ = document(desk)
    told = Told(SimpleNamespace(session_hash="a", query_params={"doc": str(doc)}))
    again = desk.open(told, str(doc))
    assert set(again) == {"docs", "paste_box"} and desk.showing["a"] == doc
    assert desk.open(told)["editor.0"]["value"] == "全年召开党组会12次。"


def test_a_page_whose_document_has_gone_meanwhile_gets_another_one_whole(desk: Desk) -> None:
    left, _ = document(desk, "留下的。")
    gone, _ = document(desk)
    desk.workspace.delete_document(gone)
    told = Told(SimpleNamespace(session_hash="a", query_params={"doc": str(gone)}))
    shown = desk.open(told, str(gone))
    assert shown["doc_id"] == str(left) and shown["editor.0"]["value"] == "留下的。"
    assert shown["stamp.31"] == "" and shown["head.31"] == ""


def test_no_text_can_end_the_script_it_stands_in(desk: Desk) -> None:
    document(desk, EVIL)
    served, board = make(desk)
    script = served.script("")
    assert script.count("</script>") == 1 and "\u2028" not in script
    assert held(served, board)["editor.0"] == EVIL


def test_a_page_asks_itself_when_there_is_nothing_or_something_is_written(desk: Desk) -> None:
    served, _ = make(desk)
    assert served.script("doc=1") == ""
    doc, _ = document(desk)
    desk.jobs.start("all", doc, waiting)
    try:
        assert served.script("") == ""
    finally:
        desk.jobs.stop(doc)


def test_the_script_stands_behind_what_gradio_says_of_the_page() -> None:
    page = b'<head><script>window.gradio_config = {"a":1};</script><script>x</script></head>'
    put = holding_texts(page, "<script>put</script>").decode()
    assert re.search(r"\{.a.:1\};</script><script>put</script><script>x", put)
    assert holding_texts(b"<head></head>", "put") == b"<head></head>"


def served_to(headers: dict[str, str]) -> tuple[str, list[str]]:
    """Return the page as a request with these headers gets it, and its cache-control."""

    async def gradio(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        page = b"<head></head><script>window.gradio_config = {};</script>"
        await send({"type": "http.response.body", "body": page})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: Scope = {"type": "http", "path": "/", "method": "GET", "query_string": b""}
    app = InChinese(gradio, held=lambda _query: "<script>机密</script>")
    asyncio.run(app({**scope, "headers": pairs}, receive_nothing, send))
    kept = [v.decode() for k, v in sent[0]["headers"] if k == b"cache-control"]
    return sent[1]["body"].decode(), kept


async def receive_nothing() -> Any:
    return {"type": "http.disconnect"}


def test_only_a_browser_that_opens_the_page_gets_texts_with_it_and_no_cache_keeps_them() -> None:
    opened = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    page, kept = served_to(opened)
    assert "机密" in page and kept == ["no-store"]
    for asked in ({}, {**opened, "sec-fetch-dest": "iframe"}, {"sec-fetch-mode": "cors"}):
        assert "机密" not in served_to(asked)[0]


def test_a_page_goes_on_asking_till_model_and_library_are_ready() -> None:
    """One opened before another page's writing loads the model must not say "未就绪" for good."""

    class Standing:
        def __init__(self, engine: str) -> None:
            self.engine = engine

        def engine_status(self) -> EngineStatus:
            return EngineStatus(self.engine, "m", "", "", 0, 0)  # type: ignore[arg-type]

        def library_status(self) -> EngineStatus:
            return EngineStatus("ready", "e", "", "", 0, 0)

    def asks(engine: str) -> bool:
        choices = Choices(Standing(engine))  # type: ignore[arg-type]
        return bool(choices.standing(Told())["timer"]["active"])

    assert asks("missing") and asks("failed") and asks("loading")
    assert not asks("ready")


def test_a_page_opened_at_once_after_the_start_shows_nothing_amiss(tmp_path: Path) -> None:
    """Model and library are made ready seconds later: till then both were "未就绪", with 重试."""
    workspace = Workspace(tmp_path)
    assert {workspace.engine_status().state, workspace.library_status().state} == {"missing"}
    workspace.about_to_prepare()
    shown = Choices(workspace).standing(Told())
    assert "准备中" in shown["standing"] and "重试" not in shown["standing"]
