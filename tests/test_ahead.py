"""Several points at a time: the same text as one after the other, stopped as fast."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.ahead import Ahead
from drafter.errors import EngineError
from drafter.facts import read_facts
from drafter.types import ChatModel, ManyReplies, Message, Sampling, WriteEvent, WrittenPoint
from drafter.workflow import Workspace
from drafter.write import Policy, SectionTask, write_section
from tests.fakes import FakeChat, FakeEmbedder

SHEET = """年度：2026

- 召开党组会研究党建工作13次，其中专题研究基层党建4次
- 每季度听取一次党建汇报，签订责任书8份
- 组织党员集中学习5次，累计参加610人次
- 发展党员4名，培养入党积极分子9名
- 走访困难党员27户，解决用水问题14个
- 问题：支部活动形式单一，年轻党员参与不多
- 问题：楼院议事成效不均，仅解决了3个院落
- 打算：拟每季度开展1次支部书记交流
- 打算：计划培训党务干部2期
"""


class ManyChat:
    """Replies by prompt and seed alone, several at a time and after delays nobody can foretell.

    One in three replies has a fault. `delay` gives the seconds before a piece; `most` is how many
    replies were ever made at a time, `closed` how many were left before their end, `asked` what
    was asked for in its order.
    """

    def __init__(self, delay: Callable[[int], float], at_once: int = 4) -> None:
        self._delay = delay
        self._at_once = at_once
        self._lock = threading.Lock()
        self.now = self.most = self.closed = 0
        self.asked: list[str] = []

    name, sha256, context_tokens = "many", "f" * 64, 4096

    @property
    def at_once(self) -> int:
        return self._at_once

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message["content"]) for message in messages)

    def read_ahead(self, messages: Sequence[Message], stop: threading.Event) -> None:
        """Nothing is kept here."""

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        key = crc32(f"{messages}{sampling.seed}{sampling.temperature}".encode())
        bullets = str([m for m in messages if m["content"].startswith("要点")][-1]["content"])
        facts = [line[2:] for line in bullets.splitlines()[1:]]
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.asked.append(bullets)
        ended = False
        try:
            for place, piece in enumerate(self._said(facts, key)):
                time.sleep(self._delay(key + place))
                yield piece
            ended = True
        finally:
            with self._lock:
                self.now -= 1
                self.closed += not ended

    def _said(self, facts: Sequence[str], key: int) -> Iterator[str]:
        yield ""
        if key % 3 == 0:
            yield "一派大好形势，"
        for number, fact in enumerate(facts if key % 5 else facts[1:]):
            yield f"{'，同时' if number else ''}{fact}"
        yield "，走访群众99户。" if key % 7 == 0 else "。"

    def close(self) -> None:
        """There is nothing to free."""


class OneChat:
    """The same replies, one at a time: a model without the protocol."""

    def __init__(self) -> None:
        self._many = ManyChat(lambda _key: 0.0)

    name, sha256, context_tokens = "many", "f" * 64, 4096

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return self._many.count_tokens(messages)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        return self._many.stream(messages, sampling)

    def close(self) -> None:
        self._many.close()


def section(role: str = "成效", count: int = 8) -> SectionTask:
    lines = [
        f"- 开展第{'甲乙丙丁戊己庚辛'[n]}类活动{n + 3}次，参加{n * 7 + 11}人" for n in range(count)
    ]
    facts = read_facts("\n".join(lines)).facts
    return SectionTask("S1", role, "述职报告", facts, (), (), True, 2026)  # type: ignore[arg-type]


def written(model: ChatModel, task: SectionTask, seed: int) -> tuple[str, list[WrittenPoint]]:
    text, points = "", []
    for step in write_section(model, task, Policy(), Sampling(seed=seed)):
        text = step.text
        points += [step.point] if step.point else []
    return text, points


def chance(seed: int) -> Callable[[int], float]:
    return lambda key: (crc32(f"{seed}/{key}".encode()) % 5) / 2000


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(1, 10**6), at_once=st.integers(2, 8), count=st.integers(1, 8))
def test_a_section_is_the_same_however_its_points_are_timed(
    seed: int, at_once: int, count: int
) -> None:
    task = section("成效" if seed % 2 else "问题", count)
    assert written(ManyChat(chance(seed), at_once), task, seed) == written(OneChat(), task, seed)


def test_points_are_made_at_the_same_time_and_each_reply_once() -> None:
    model, one = ManyChat(lambda _key: 0.01), OneChat()
    assert isinstance(model, ManyReplies)
    text, _ = written(model, section("问题"), 1)
    assert text == written(one, section("问题"), 1)[0]
    assert 2 <= model.most <= 4
    assert sorted(model.asked) == sorted(one._many.asked), "nothing was asked for twice"


def test_the_first_word_is_kept_waiting_by_nothing_else() -> None:
    read = threading.Event()

    class Reading(ManyChat):
        def _said(self, facts: Sequence[str], key: int) -> Iterator[str]:
            while not read.is_set():
                yield ""
            yield from super()._said(facts, key)

    model = Reading(lambda _key: 0.01)
    steps = write_section(model, section("问题"), Policy(), Sampling())
    for _ in range(20):
        next(steps)
    assert len(model.asked) == 1
    read.set()
    assert len(list(steps)) and len(model.asked) > 1


def test_the_text_grows_in_order() -> None:
    texts = [s.text for s in write_section(ManyChat(chance(3)), section(), Policy(), Sampling())]
    places = [text.find("丙类") for text in texts]
    assert all("乙类" in text for text, place in zip(texts, places, strict=True) if place >= 0)


class Endless(ManyChat):
    """Never at the end of a reply."""

    def _said(self, facts: Sequence[str], key: int) -> Iterator[str]:
        while True:
            yield "好"


def test_closing_stops_every_reply_within_a_second() -> None:
    model = Endless(lambda _key: 0.02)
    steps = write_section(model, section("问题"), Policy(), Sampling())
    with closing(steps):  # type: ignore[type-var]
        while model.now < 4:
            next(steps)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert (model.now, model.closed) == (0, 4)


def test_a_reply_that_fails_ends_the_section_when_its_turn_comes() -> None:
    class Broken(ManyChat):
        def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
            if "丁类" in messages[-1]["content"]:
                raise EngineError("模型停止了响应。", "重启后再试。")
            yield from super().stream(messages, sampling)

    model = Broken(lambda _key: 0.02)
    texts: list[str] = []
    with pytest.raises(EngineError, match="停止了响应"):
        texts += [""]
        for step in write_section(model, section("问题"), Policy(), Sampling()):
            texts.append(step.text)
    assert "丙类" in texts[-1]
    assert model.now == 0


def report(home: Path, model: ChatModel) -> tuple[list[str], list[WriteEvent]]:
    desk = Workspace(home, chat=model, embedder=FakeEmbedder())
    doc = desk.create_document().id
    desk.save_paste(doc, SHEET)
    desk.make_plan(doc)
    events = list(desk.write_all(doc, threading.Event(), 3))
    texts = [section.text for section in desk.draft(doc).sections]
    desk.close()
    return texts, events


def test_a_whole_report_is_the_same_and_its_sections_end_in_order(tmp_path: Path) -> None:
    model = ManyChat(lambda _key: 0.004)
    texts, events = report(tmp_path / "many", model)
    plain, one = report(tmp_path / "one", OneChat())
    assert texts == plain
    ended = [event.section_id for event in events if event.kind == "section"]
    assert ended == [event.section_id for event in one if event.kind == "section"]
    assert 2 <= model.most <= 4


def test_the_next_section_begins_before_the_last_one_ends(tmp_path: Path) -> None:
    model = ManyChat(lambda _key: 0.01)
    desk = Workspace(tmp_path, chat=model, embedder=FakeEmbedder())
    doc = desk.create_document().id
    desk.save_paste(doc, SHEET)
    desk.make_plan(doc)
    for event in desk.write_all(doc, threading.Event()):
        if event.kind == "section" and event.points:
            break
    section = desk.section(doc, str(event.section_id)).section
    sheet = desk.sheet(doc)
    assert sheet is not None
    others = [fact.text for fact in sheet.facts if fact.id not in section.fact_ids]
    assert any(text in asked for text in others for asked in model.asked)
    desk.close()


def test_the_next_section_begins_early_and_still_sees_what_the_one_before_says(
    tmp_path: Path,
) -> None:
    """Told the same empty clause by every reply, a later section asks again for other words."""
    again = "坚持把每一件事都当作头等大事来抓"

    class Same(ManyChat):
        def _said(self, facts: Sequence[str], key: int) -> Iterator[str]:
            yield f"{again}，{'，'.join(facts)}。"

    texts, _ = report(tmp_path / "many", Same(lambda _key: 0.004))
    plain, _ = report(tmp_path / "one", _single(Same(lambda _key: 0.0)))
    assert texts == plain


def _single(model: ManyChat) -> OneChat:
    one = OneChat()
    one._many = model
    return one


def test_what_was_made_early_is_stopped_while_somebody_else_waits() -> None:
    model = ManyChat(lambda _key: 0.05)
    ahead = Ahead(model, 2)

    def work(asked: ChatModel) -> Generator[object]:
        messages: list[Message] = [{"role": "user", "content": "要点：\n- 甲\n- 乙"}]
        yield from asked.stream(messages, Sampling(seed=7))

    with closing(ahead):
        ahead.begin([work])
        while not model.now:
            time.sleep(0.005)
        ahead.hold()
        time.sleep(0.3)
        assert (model.now, model.closed) == (0, 1)
        ahead.begin([work])
        assert "".join(map(str, work(ahead))).endswith("。"), "it is made anew, whole"


def test_a_model_without_the_protocol_is_asked_one_thing_at_a_time() -> None:
    chat = FakeChat("好。")
    assert not isinstance(chat, ManyReplies)
    threads = threading.active_count()
    for _ in write_section(chat, section(), Policy(), Sampling()):
        assert threading.active_count() == threads
