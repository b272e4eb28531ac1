"""Several replies of one transformers model: the same texts, prompts read once, clean endings."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from drafter.chat import batch
from drafter.chat.transformers import TransformersChat
from drafter.errors import EngineError
from drafter.types import ManyReplies, Message, Sampling
from tests.tiny_model import LIVELY, build_tiny_model

GREEDY = Sampling(temperature=0, max_tokens=40)
VARIED = Sampling(temperature=0.9, max_tokens=40, seed=3)
ENDLESS = Sampling(temperature=1.0, max_tokens=3000)


def asking(text: str) -> tuple[Message, ...]:
    return ({"role": "system", "content": "你是写作助手。"}, {"role": "user", "content": text})


ASKED = [
    asking(text) for text in ("写一段话。", "谈读书的好处，学习责任落实。", "党员", "推动工作" * 9)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny") / "模型", **LIVELY)


@pytest.fixture
def chat(folder: Path) -> Iterator[TransformersChat]:
    model = TransformersChat(folder, device="cpu")
    yield model
    model.close()


def reply(chat: TransformersChat, messages: tuple[Message, ...], sampling: Sampling) -> str:
    return "".join(chat.stream(messages, sampling))


def read(chat: TransformersChat) -> int:
    """Return how many prompt tokens went through the model so far."""
    assert chat._shared._batch
    return chat._shared._batch.read_tokens


def slow(chat: TransformersChat, seconds: float) -> None:
    for module in chat.model.modules():
        if not any(module.children()):
            module.register_forward_hook(lambda *_: time.sleep(seconds))


@pytest.mark.parametrize("sampling", [GREEDY, VARIED])
def test_replies_made_together_are_those_made_alone(
    chat: TransformersChat, sampling: Sampling
) -> None:
    alone = [reply(chat, messages, sampling) for messages in ASKED]
    assert len(set(alone)) == len(ASKED)
    with ThreadPoolExecutor(len(ASKED)) as pool:
        together = list(pool.map(lambda messages: reply(chat, messages, sampling), ASKED * 2))
    assert together == alone * 2


def test_it_writes_what_transformers_itself_writes(chat: TransformersChat) -> None:
    import torch

    ids = torch.tensor([chat._encode(ASKED[1])])
    made = chat.model.generate(ids, max_new_tokens=40, do_sample=False)[0, ids.shape[1] :]
    assert reply(chat, ASKED[1], GREEDY) == chat._tokenizer.decode(made, skip_special_tokens=True)


def test_rows_really_write_at_the_same_time(chat: TransformersChat) -> None:
    slow(chat, 0.001)
    readers = [chat.stream(messages, ENDLESS) for messages in ASKED]
    assert all(next(piece for piece in reader if piece) for reader in readers)
    for reader in readers:
        reader.close()
    assert isinstance(chat, ManyReplies)
    assert chat.at_once >= len(ASKED)


def test_one_that_is_cancelled_touches_no_other(chat: TransformersChat) -> None:
    sampling = replace(VARIED, max_tokens=120)
    alone = reply(chat, ASKED[1], sampling)
    slow(chat, 0.0005)
    ended = chat.stream(ASKED[3], ENDLESS)
    next(piece for piece in ended if piece)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(reply, chat, ASKED[1], sampling)
        time.sleep(0.15)
        begun = time.monotonic()
        ended.close()
        assert time.monotonic() - begun < 1
        assert other.result(30) == alone


class TestPrompts:
    def test_what_two_prompts_share_is_read_once(self, chat: TransformersChat) -> None:
        same = "推动工作落实责任。" * 30
        first = reply(chat, asking(same + "读书"), GREEDY)
        before = read(chat)
        reply(chat, asking(same + "学习"), GREEDY)
        assert read(chat) - before < 12
        before = read(chat)
        assert reply(chat, asking(same + "读书"), GREEDY) == first
        assert read(chat) - before == 1

    def test_a_forgotten_prompt_gives_the_same_text(self, chat: TransformersChat) -> None:
        texts = []
        for _ in range(2):
            texts.append(reply(chat, ASKED[3], VARIED))
            chat.forget()
        assert texts[0] == texts[1]

    def test_reading_ahead_leaves_only_the_last_token(self, chat: TransformersChat) -> None:
        chat.read_ahead(ASKED[3], threading.Event())
        before = read(chat)
        reply(chat, ASKED[3], GREEDY)
        assert read(chat) - before == 1

    @pytest.mark.parametrize("by", ["stop", "reply"])
    def test_reading_ahead_gives_way_within_a_second(self, chat: TransformersChat, by: str) -> None:
        slow(chat, 0.1)
        stop = threading.Event()
        reading = threading.Thread(target=chat.read_ahead, args=(asking("学" * 2000), stop))
        reading.start()
        time.sleep(0.3)
        begun = time.monotonic()
        asked = chat.stream(ASKED[0], GREEDY)
        if by == "stop":
            stop.set()
        else:
            next(asked)
        reading.join(10)
        asked.close()
        assert time.monotonic() - begun < 1

    def test_what_was_read_before_it_gave_way_stays(self, chat: TransformersChat) -> None:
        long, stop = asking("学习" * 500), threading.Event()
        stop_after = iter(range(1000))
        chat.model.lm_head.register_forward_hook(
            lambda *_: stop.set() if next(stop_after) == 1 else None
        )
        chat.read_ahead(long, stop)
        assert read(chat) == 2 * batch.PASS
        reply(chat, long, GREEDY)
        assert read(chat) == chat.count_tokens(long)


class TestGuessing:
    @pytest.mark.parametrize("sampling", [GREEDY, VARIED, replace(VARIED, temperature=0.4)])
    def test_it_changes_no_text_and_saves_passes(
        self, chat: TransformersChat, monkeypatch: pytest.MonkeyPatch, sampling: Sampling
    ) -> None:
        passes: list[int] = []
        chat.model.lm_head.register_forward_hook(lambda *_: passes.append(1))
        sampling = replace(sampling, max_tokens=150)
        guessed = [reply(chat, messages, sampling) for messages in ASKED]
        with_guesses = len(passes)
        monkeypatch.setattr(batch, "GUESSED", 0)
        assert [reply(chat, messages, sampling) for messages in ASKED] == guessed
        plain = len(passes) - with_guesses
        assert with_guesses < plain if sampling.temperature == 0 else with_guesses <= plain

    def test_a_guess_is_never_longer_than_the_reply_may_be(self, chat: TransformersChat) -> None:
        texts = [reply(chat, ASKED[3], replace(GREEDY, max_tokens=n)) for n in range(1, 30)]
        assert all(after.startswith(text) for text, after in pairwise(texts))


def test_a_model_that_forgets_old_tokens_writes_one_at_a_time(tmp_path: Path) -> None:
    import torch

    window: dict[str, Any] = {"sliding_window": 8, "max_window_layers": 0}
    window |= {"use_sliding_window": True, "layer_types": ["sliding_attention"] * 2}
    folder = build_tiny_model(tmp_path / "窗口", **LIVELY, **window)
    chat = TransformersChat(folder, device="cpu")
    assert chat.at_once == 1
    chat.read_ahead(ASKED[3], threading.Event())
    ids = torch.tensor([chat._encode(ASKED[3])])
    made = chat.model.generate(ids, max_new_tokens=40, do_sample=False)[0, ids.shape[1] :]
    expected = chat._tokenizer.decode(made, skip_special_tokens=True)
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda _: reply(chat, ASKED[3], GREEDY), range(2)))
    assert said == [expected] * 2
    chat.close()


def test_closing_the_model_ends_every_reply(folder: Path) -> None:
    chat = TransformersChat(folder, device="cpu")
    slow(chat, 0.002)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(reply, chat, ASKED[n % 4], ENDLESS) for n in range(6)]
        time.sleep(0.3)
        begun = time.monotonic()
        chat.close()
        assert time.monotonic() - begun < 1
        for one in waiting:
            with pytest.raises(EngineError, match="已经关闭"):
                one.result(5)


def test_an_error_in_a_pass_reaches_all_and_spoils_nothing_later(chat: TransformersChat) -> None:
    expected = reply(chat, ASKED[0], GREEDY)
    broken = chat.model.lm_head.register_forward_hook(lambda *_: 1 / 0)
    with pytest.raises((EngineError, ZeroDivisionError)):
        reply(chat, ASKED[0], GREEDY)
    broken.remove()
    assert reply(chat, ASKED[0], GREEDY) == expected
