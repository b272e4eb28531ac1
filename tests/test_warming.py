"""Prompts are read ahead while nobody writes, each of them once, and given up for whoever does."""

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import pytest

from drafter import warming
from drafter.types import Message, Sampling
from drafter.ui.reading_ahead import ReadingAhead
from drafter.ui.wiring import Told
from drafter.workflow import Workspace
from tests.fakes import FakeEmbedder
from tests.test_ahead import SHEET, ManyChat


class Reader(ManyChat):
    """Notes what it reads ahead; `slow` prompts take until they are given up."""

    def __init__(self) -> None:
        super().__init__(lambda _key: 0.001)
        self.read: list[tuple[Message, ...]] = []
        self.slow = False
        self.given_up = 0
        self.prompts: list[tuple[Message, ...]] = []

    def read_ahead(self, messages: Sequence[Message], stop: threading.Event) -> None:
        self.read.append(tuple(messages))
        if self.slow:
            self.given_up += stop.wait(5)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        self.prompts.append(tuple(messages))
        return super().stream(messages, sampling)


@pytest.fixture
def model() -> Reader:
    return Reader()


@pytest.fixture
def desk(tmp_path: Path, model: Reader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(warming, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(warming, "LOOK_SECONDS", 0.02)
    desk = Workspace(tmp_path, chat=model, embedder=FakeEmbedder())
    yield desk
    desk.close()


def planned(desk: Workspace, sheet: str = SHEET) -> int:
    doc = desk.create_document().id
    desk.save_paste(doc, sheet)
    desk.make_plan(doc)
    return doc


def looked_at(desk: Workspace, doc: int) -> None:
    desk.warming.look_at(doc)
    desk.warming.wait()


def test_what_is_read_ahead_is_what_writing_asks_for_first(desk: Workspace, model: Reader) -> None:
    doc = planned(desk)
    looked_at(desk, doc)
    assert model.read
    assert len(model.read) == len(set(map(str, model.read)))
    for _ in desk.write_all(doc, threading.Event()):
        pass
    assert set(map(str, model.read)) <= set(map(str, model.prompts))
    first = [p for p in map(str, model.prompts) if p in set(map(str, model.read))]
    assert len(set(first)) == len(model.read), "every point's first prompt had been read"


def test_no_prompt_is_read_twice(desk: Workspace, model: Reader) -> None:
    doc = planned(desk)
    looked_at(desk, doc)
    before = len(model.read)
    looked_at(desk, doc)
    desk.rename_document(doc, "另一个题目")
    looked_at(desk, doc)
    assert len(model.read) == before


def test_a_change_of_the_facts_gives_up_what_is_being_read(desk: Workspace, model: Reader) -> None:
    doc = planned(desk)
    model.slow = True
    desk.warming.look_at(doc)
    while not model.read:
        time.sleep(0.005)
    model.slow = False
    desk.save_paste(doc, SHEET + "- 组织党员志愿者入户探访独居老人216人次\n")
    desk.make_plan(doc)
    looked_at(desk, doc)
    assert model.given_up == 1
    assert any("独居老人" in str(prompt) for prompt in model.read)


def test_whoever_writes_is_not_kept_waiting(desk: Workspace, model: Reader) -> None:
    doc = planned(desk)
    model.slow = True
    desk.warming.look_at(doc)
    while not model.read:
        time.sleep(0.005)
    began = time.monotonic()
    steps = desk.write_all(doc, threading.Event())
    while next(steps).kind != "text":
        pass
    assert time.monotonic() - began < 1
    assert model.given_up == 1
    desk.warming.look_at(doc)
    assert len(model.read) == 1, "nothing is read while somebody writes"
    for _ in steps:
        pass


def test_it_can_be_switched_off_and_stays_so(
    desk: Workspace, model: Reader, tmp_path: Path
) -> None:
    doc = planned(desk)
    assert desk.warming.on
    box = ReadingAhead(desk)
    assert "已关掉" in str(box.keep(Told(), False)["message"])
    assert box.show(Told()) == {"read_ahead": False}
    looked_at(desk, doc)
    assert not model.read
    again = Workspace(tmp_path, chat=model, embedder=FakeEmbedder())
    assert not again.warming.on
    again.close()
    desk.warming.switch(True)
    looked_at(desk, doc)
    assert model.read


def test_a_look_costs_next_to_nothing(desk: Workspace, model: Reader) -> None:
    doc = planned(desk, SHEET + "".join(f"- 开展第{n}类活动{n}次\n" for n in range(3, 40)))
    model.slow = True
    times = []
    for _ in range(30):
        began = time.perf_counter()
        desk.warming.look_at(doc)
        times.append(time.perf_counter() - began)
    assert sorted(times)[15] < 0.03


def test_a_library_that_is_still_filling_is_waited_for(desk: Workspace, model: Reader) -> None:
    doc = planned(desk)
    embedder, desk._shelf._embedder = desk._shelf._embedder, None
    desk.warming.look_at(doc)
    time.sleep(0.2)
    assert not model.read
    desk._shelf._embedder = embedder
    desk.warming.wait()
    assert model.read
