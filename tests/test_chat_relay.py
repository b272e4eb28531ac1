"""How replies are carried, stopped, and cleaned on the way."""

import threading
import time
from collections.abc import Generator, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.chat.relay import Emit, cut_at, relay, without_thinking


def feed(pieces: Iterable[str]) -> Generator[str]:
    yield from pieces


@st.composite
def cut_texts(draw: st.DrawFn, text: st.SearchStrategy[str]) -> tuple[str, list[str]]:
    """A text, and the same text cut into pieces anywhere."""
    whole = draw(text)
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    return whole, [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]


def test_pieces_arrive_in_order() -> None:
    def produce(emit: Emit, stop: threading.Event) -> None:
        for piece in ("甲", "乙", "丙"):
            emit(piece)

    assert "".join(relay(produce)) == "甲乙丙"


def test_what_the_worker_raises_reaches_the_reader_after_what_it_said() -> None:
    def produce(emit: Emit, stop: threading.Event) -> None:
        emit("甲")
        raise LookupError("gone")

    said: list[str] = []
    with pytest.raises(LookupError, match="gone"):
        said.extend(relay(produce))
    assert said == ["甲"]


def test_a_silent_worker_leaves_the_reader_time_to_stop_it() -> None:
    ended = threading.Event()

    def produce(emit: Emit, stop: threading.Event) -> None:
        stop.wait(30)
        ended.set()

    pieces = relay(produce)
    begun = time.monotonic()
    assert next(pieces) == ""
    pieces.close()
    assert time.monotonic() - begun < 1
    assert ended.is_set()


def test_closing_wakes_a_worker_that_blocks() -> None:
    blocked = threading.Event()

    def produce(emit: Emit, stop: threading.Event) -> None:
        blocked.wait(30)

    pieces = relay(produce, wake=blocked.set)
    next(pieces)
    begun = time.monotonic()
    pieces.close()
    assert time.monotonic() - begun < 0.5


def test_closing_does_not_wait_for_ever_for_a_worker_that_will_not_stop() -> None:
    release = threading.Event()

    def produce(emit: Emit, stop: threading.Event) -> None:
        release.wait(30)

    pieces = relay(produce)
    next(pieces)
    begun = time.monotonic()
    pieces.close()
    assert time.monotonic() - begun < 1.5
    release.set()


@given(cut_texts(st.text(alphabet="<think>/甲\n ", max_size=40)))
def test_without_a_thought_at_its_head_a_reply_passes_whole(cut: tuple[str, list[str]]) -> None:
    whole, pieces = cut
    passed = "".join(without_thinking(feed(pieces)))
    if whole.lstrip().startswith("<think>"):
        assert "<think>" not in passed.split("</think>")[0] or "</think>" in whole
    else:
        assert passed == whole


@given(cut_texts(st.just("<think>\n先想一想 <b>…\n</think>\n\n支部坚持学习。")))
def test_a_thought_is_left_out_wherever_the_pieces_are_cut(cut: tuple[str, list[str]]) -> None:
    assert "".join(without_thinking(feed(cut[1]))) == "支部坚持学习。"


def test_a_thought_that_never_ends_leaves_nothing() -> None:
    assert "".join(without_thinking(feed(["<thi", "nk>想", "个没完"]))) == ""


@given(cut_texts(st.text(alphabet="ab甲", max_size=30)), st.lists(st.text("ab甲", max_size=3)))
def test_the_reply_ends_before_the_first_stop(cut: tuple[str, list[str]], stops: list[str]) -> None:
    whole, pieces = cut
    ends = [at for at in (whole.find(stop) for stop in stops if stop) if at >= 0]
    assert "".join(cut_at(feed(pieces), tuple(stops))) == whole[: min(ends, default=len(whole))]


def test_a_stop_closes_the_source() -> None:
    closed = threading.Event()

    def source() -> Generator[str]:
        try:
            while True:
                yield "甲。"
        finally:
            closed.set()

    assert "".join(cut_at(source(), ("。甲",))) == "甲"
    assert closed.is_set()
