"""What every engine promises (drafter.types.ChatModel), asked of the fake and of the real ones."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from drafter.chat.llamacpp import LlamaCppChat
from drafter.chat.openai import OpenAIChat
from drafter.chat.transformers import TransformersChat
from drafter.types import ChatModel, Message, Sampling
from tests.fakes import FakeChat
from tests.tiny_model import build_tiny_model

CLOSE_SECONDS = 1.1  # the contract's second, and the clock's own slack
RESTART_SECONDS = 3.0  # the same second, and reading a short prompt on a machine others use too
VARIED = Sampling(max_tokens=16, temperature=0.9, seed=7)
LONG_REPLY = Sampling(max_tokens=800, temperature=1.0)


def asking(text: str) -> tuple[Message, ...]:
    return ({"role": "system", "content": "你是写作助手。"}, {"role": "user", "content": text})


SHORT = asking("写一段话，谈谈读书学习的好处。")
LONG = asking("写一段话，谈谈读书学习的好处。" * 60)


@pytest.fixture(scope="module")
def llama(request: pytest.FixtureRequest) -> Iterator[LlamaCppChat]:
    model = LlamaCppChat(request.getfixturevalue("small_model"))
    yield model
    model.close()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransformersChat]:
    folder = build_tiny_model(tmp_path_factory.mktemp("tiny") / "模型 一")
    model = TransformersChat(folder, device="cpu")
    yield model
    model.close()


@pytest.fixture(
    params=[
        "fake",
        "transformers",
        pytest.param("llama.cpp", marks=pytest.mark.model),
        pytest.param("openai", marks=pytest.mark.model),
    ]
)
def model(request: pytest.FixtureRequest) -> ChatModel:
    if request.param == "fake":
        return FakeChat("一年来，支部坚持学习。" * 50, delay=0.01)
    if request.param == "transformers":
        tiny: TransformersChat = request.getfixturevalue("tiny")
        return tiny
    llama: LlamaCppChat = request.getfixturevalue("llama")
    if request.param == "llama.cpp":
        return llama
    url, key = llama.listener
    return OpenAIChat(url, api_key=key)


def reply(model: ChatModel, sampling: Sampling, messages: tuple[Message, ...] = SHORT) -> str:
    return "".join(model.stream(messages, sampling))


def seconds_to_first(model: ChatModel, messages: tuple[Message, ...]) -> float:
    begun = time.monotonic()
    for piece in model.stream(messages, Sampling(max_tokens=4)):
        if piece:
            return time.monotonic() - begun
    raise AssertionError("no reply")


class TestEveryEngine:
    def test_streams_in_pieces(self, model: ChatModel) -> None:
        pieces = [piece for piece in model.stream(SHORT, Sampling(max_tokens=12)) if piece]
        assert len(pieces) > 2
        assert "<|im_end|>" not in "".join(pieces)

    def test_the_same_seed_gives_the_same_text(self, model: ChatModel) -> None:
        reply(model, VARIED)  # reads the prompt: the next two find it in the same cache
        assert reply(model, VARIED) == reply(model, VARIED)

    def test_max_tokens_bounds_the_reply(self, model: ChatModel) -> None:
        short, longer = (reply(model, Sampling(max_tokens=n, seed=2)) for n in (3, 16))
        assert 0 < len(short) < len(longer)

    def test_a_stop_ends_the_reply_and_is_left_out(self, model: ChatModel) -> None:
        reply(model, VARIED)
        whole = reply(model, VARIED)
        mark = whole[4:6]
        cut = reply(model, replace(VARIED, stop=(mark,)))
        assert mark not in cut
        assert len(cut) < len(whole)

    def test_counts_tokens(self, model: ChatModel) -> None:
        assert 0 < model.count_tokens(SHORT) < model.count_tokens(LONG)

    def test_tells_what_it_is(self, model: ChatModel) -> None:
        assert model.name
        assert model.context_tokens >= 1024
        assert len(model.sha256) in (0, 64)

    def test_closing_stops_writing_within_a_second(self, model: ChatModel) -> None:
        pieces = model.stream(SHORT, LONG_REPLY)
        assert any(pieces)
        begun = time.monotonic()
        close(pieces)
        assert time.monotonic() - begun < CLOSE_SECONDS
        assert seconds_to_first(model, SHORT) < RESTART_SECONDS

    def test_closing_stops_reading_the_prompt_within_a_second(self, model: ChatModel) -> None:
        pieces = model.stream(LONG, LONG_REPLY)
        next(pieces)
        begun = time.monotonic()
        close(pieces)
        assert time.monotonic() - begun < CLOSE_SECONDS
        assert seconds_to_first(model, SHORT) < RESTART_SECONDS

    def test_a_reader_never_waits_long_for_a_piece(self, model: ChatModel) -> None:
        pieces, longest = model.stream(LONG, Sampling(max_tokens=2)), 0.0
        begun = before = time.monotonic()
        for _ in pieces:
            now = time.monotonic()
            longest, before = max(longest, now - before), now
            if now - begun > 2:
                break
        close(pieces)
        assert longest < 1.0

    def test_works_from_another_thread(self, model: ChatModel) -> None:
        said: list[str] = []
        thread = threading.Thread(target=lambda: said.append(reply(model, Sampling(max_tokens=5))))
        thread.start()
        thread.join(60)
        assert said
        assert said[0]

    def test_two_readers_at_once_both_get_whole_replies(self, model: ChatModel) -> None:
        said: list[str] = []
        threads = [
            threading.Thread(target=lambda: said.append(reply(model, VARIED))) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(said) == 2
        assert all(said)


def close(pieces: Iterator[str]) -> None:
    """Close as a caller does that knows only Iterator: every engine gives a generator."""
    getattr(pieces, "close")()  # noqa: B009 - Iterator does not promise it, ChatModel does
