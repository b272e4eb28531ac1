"""The `openai` engine against a real llama.cpp server process: well, busy, stuck, killed, back."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drafter import health
from drafter.chat import openai
from drafter.chat.openai import OpenAIChat
from drafter.engine import Engine
from drafter.errors import EngineError
from drafter.types import EngineStatus, Message, Sampling, Settings
from drafter.workflow import Workspace
from tests.fakes import FakeEmbedder
from tests.letters_gguf import build_letters_gguf
from tests.real_server import RealServer, real_server

ASK: tuple[Message, ...] = ({"role": "user", "content": "写一段话，谈谈读书。"},)
LONG = Sampling(max_tokens=4000)  # some seconds of the tiny model
KEY = "key-of-the-office"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_letters_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def server(tiny: Path) -> Iterator[RealServer]:
    with real_server(tiny, KEY, slots=3) as running:
        yield running


def until(true: Callable[[], bool], seconds: float) -> float:
    """Wait until something is so; return how long that took. Fails after so many seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "not in time"
        time.sleep(0.01)
    return time.monotonic() - began


def begun(pieces: Iterator[str]) -> None:
    """Read the first piece of a reply."""
    assert next(piece for piece in pieces if piece)


def test_says_what_it_is_and_streams(server: RealServer) -> None:
    model = OpenAIChat(server.url, api_key=KEY)
    assert (model.name, model.context_tokens, model.at_once) == ("tiny", 4096, 3)
    pieces = [piece for piece in model.stream(ASK, Sampling(max_tokens=30)) if piece]
    assert len(pieces) > 10
    assert "".join(pieces) == "".join(model.stream(ASK, Sampling(max_tokens=30)))


def test_a_wrong_key_is_said(server: RealServer) -> None:
    for key in ("", "wrong"):
        with pytest.raises(EngineError, match=r"密钥缺失或不对"):
            OpenAIChat(server.url, api_key=key)


def test_what_is_too_long_is_said(server: RealServer) -> None:
    model = OpenAIChat(server.url, api_key=KEY)
    with pytest.raises(EngineError, match=r"太长"):
        list(model.stream(({"role": "user", "content": "学习" * 4000},), Sampling()))


def test_a_reply_given_up_frees_its_place_within_a_second(server: RealServer) -> None:
    model = OpenAIChat(server.url, api_key=KEY)
    pieces = model.stream(ASK, LONG)
    begun(pieces)
    assert server.busy() == 1
    pieces.close()
    assert until(lambda: server.busy() == 0, 3) < 1


def test_as_many_at_once_as_it_has_places_and_each_has_its_own(server: RealServer) -> None:
    model = OpenAIChat(server.url, api_key=KEY)
    asked = [Sampling(max_tokens=60, seed=seed) for seed in range(6)]
    alone = ["".join(model.stream(ASK, sampling)) for sampling in asked]
    together: dict[int, str] = {}
    most = [0]

    def read(number: int) -> None:
        together[number] = "".join(model.stream(ASK, asked[number]))

    readers = [threading.Thread(target=read, args=(n,)) for n in range(6)]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        most.append(server.busy())
    assert max(most) <= 3
    assert sorted(map(len, together.values())) == sorted(map(len, alone))
    # What runs beside turns the last bits of a float, and now and then a letter; not the rest.
    assert sum(together[n][:20] == alone[n][:20] for n in range(6)) >= 4


def test_giving_up_one_leaves_the_others_alone(server: RealServer) -> None:
    model = OpenAIChat(server.url, api_key=KEY)
    first, second = model.stream(ASK, LONG), model.stream(ASK, Sampling(max_tokens=500, seed=2))
    begun(first)
    begun(second)
    first.close()
    assert len("".join(second)) > 400


def test_one_that_is_stuck_is_given_up(server: RealServer) -> None:
    model = OpenAIChat(server.url, api_key=KEY, read_seconds=0.5)
    pieces = model.stream(ASK, LONG)
    begun(pieces)
    server.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(EngineError, match="没有及时回答"):
            list(pieces)
        assert time.monotonic() - began < 2
    finally:
        server.signal(signal.SIGCONT)
    until(lambda: server.busy() == 0, 5)


def test_one_that_restarts_is_waited_for_and_one_that_dies_is_told(tiny: Path) -> None:
    with real_server(tiny) as server:
        model = OpenAIChat(server.url)
        pieces = model.stream(ASK, LONG)
        said = [next(piece for piece in pieces if piece)]
        server.kill()
        with pytest.raises(EngineError, match="连接中断"):
            said.extend(pieces)
        assert "".join(said)
        back = threading.Timer(0.2, server.start)
        back.start()
        assert "".join(model.stream(ASK, Sampling(max_tokens=8)))
        back.join()


class Office:
    """A desk whose model is on a server."""

    def __init__(self, home: Path, server: RealServer) -> None:
        self.desk = Workspace(home, embedder=FakeEmbedder())
        self.desk.save_settings(Settings(server.url, "auto", ""))
        self.doc = self.desk.create_document("甲").id
        self.desk.save_paste(self.doc, "年度：2026\n1. 召开党组会研究党建工作12次\n")
        self.desk.make_plan(self.doc)

    def is_in(self, state: str) -> bool:
        return self.desk.engine_status().state == state


def test_what_was_written_before_it_died_is_kept_and_the_page_sees_it_come_back(
    tiny: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "EVERY_SECONDS", 0.2)
    monkeypatch.setattr(openai, "RETRY_SECONDS", (0.1,))
    with real_server(tiny, most=60) as server:
        office = Office(own_home, server)
        desk, stop = office.desk, threading.Event()
        written = desk.write_all(office.doc, stop)
        last = next(event for event in written if event.kind == "text" and len(event.text) > 10)
        assert desk.engine_status().engine == health.SERVER
        server.kill()
        with pytest.raises(EngineError, match=r"连接中断|连不上"):
            for event in written:
                last = event if event.kind == "text" else last
        kept = desk.section(office.doc, last.section_id or "").candidate
        assert kept is not None
        assert kept.text == last.text
        until(lambda: office.is_in("failed"), 5)
        assert "连不上模型服务" in desk.engine_status().message
        with pytest.raises(EngineError, match="连不上模型服务"):
            list(desk.write_all(office.doc, stop))
        server.start()
        until(lambda: office.is_in("ready"), 5)
        assert "tiny" in desk.engine_status().message
        assert list(desk.write_all(office.doc, stop))[-1].kind == "done"
        desk.close()


def test_one_that_is_not_there_yet_is_found_once_it_is(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "EVERY_SECONDS", 0.2)
    server = RealServer(tiny)
    engine = Engine(lambda: Settings(server.url, "auto", ""))
    engine.prepare()

    def status() -> EngineStatus:
        return engine.status()

    until(lambda: status().state == "failed", 5)
    assert "恢复后会自动接上" in status().message
    server.start()
    until(lambda: status().state == "ready", 5)
    engine.release()
    server.kill()
