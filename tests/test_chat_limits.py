"""Engines that hold limits do hold them: on random models, and on the 0.5B that begs to differ."""

import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drafter.chat.limiting import (
    LimitedChoice,
    Written,
    after_bytes,
    limit_processor,
    token_bytes,
)
from drafter.chat.llamacpp import LlamaCppChat
from drafter.chat.transformers import TransformersChat
from drafter.checks.passages import letters
from drafter.limits import START, admits, guard_for
from drafter.types import ChatModel, Limits, Message, Sampling
from tests import tiny_model
from tests.byte_model import build_byte_model

TWELVE = Limits(("12", "2025", "1.8"), (), ())
# Hot enough that a random model wanders through its whole vocabulary.
WILD = Sampling(max_tokens=400, temperature=1.5, top_p=1.0, seed=3)
ASK: tuple[Message, ...] = ({"role": "user", "content": "写一段话"},)
BEG: tuple[Message, ...] = (
    {"role": "system", "content": "你是统计员，句句都有数字。"},
    {"role": "user", "content": "写出今年各月的会议次数、人数、经费，每行都要有具体数字。"},
)


def digit_runs(text: str) -> set[str]:
    return set(re.findall(r"[0-9０-９]+", text))


def reply(model: ChatModel, sampling: Sampling, messages: tuple[Message, ...] = ASK) -> str:
    """A whole reply, without the broken character it may have been cut short in."""
    return "".join(model.stream(messages, sampling)).rstrip("\ufffd")


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransformersChat]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiny_model, "LETTERS", tiny_model.LETTERS + "0123456789.１２")
        folder = tiny_model.build_tiny_model(tmp_path_factory.mktemp("digits"))
    model = TransformersChat(folder, device="cpu")
    yield model
    model.close()


@pytest.fixture(scope="module")
def bytewise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransformersChat]:
    model = TransformersChat(build_byte_model(tmp_path_factory.mktemp("bytes")), device="cpu")
    yield model
    model.close()


@pytest.fixture(params=["digits", "bytewise"])
def wild(request: pytest.FixtureRequest) -> TransformersChat:
    model: TransformersChat = request.getfixturevalue(request.param)
    return model


class TestTransformers:
    def test_a_long_random_reply_has_no_number_but_the_allowed(
        self, wild: TransformersChat
    ) -> None:
        loose, held = reply(wild, WILD), reply(wild, replace(WILD, limits=TWELVE))
        assert not admits(TWELVE, loose), "the model would break the limits"
        assert admits(TWELVE, held, ended=False)
        assert len(held) > 100
        assert digit_runs(held), "the allowed ones are still written"

    def test_without_numbers_no_digit_is_written(self, wild: TransformersChat) -> None:
        assert not digit_runs(reply(wild, replace(WILD, limits=Limits((), (), ()))))

    @pytest.mark.parametrize("seed", [11, 12])
    def test_a_copy_is_turned_away_before_its_thirteenth_letter(
        self, wild: TransformersChat, seed: int
    ) -> None:
        sampling = replace(WILD, seed=seed)
        copy = reply(wild, sampling)
        bare = letters(copy)[0]
        assert len(bare) > 30
        held = letters(
            reply(wild, replace(sampling, limits=Limits(tuple("0123456789"), (copy,), ())))
        )[0]
        assert not any(bare[at : at + 13] in held for at in range(len(bare) - 12))

    def test_only_what_breaks_a_limit_is_taken_away(self, digits: TransformersChat) -> None:
        import torch

        tokenizer = digits._tokenizer
        processor = limit_processor(TWELVE, tokenizer, 0, ())
        scores = torch.arange(len(tokenizer), dtype=torch.float32)[None]
        said = torch.tensor([tokenizer.convert_tokens_to_ids(["党", "2", "0"])])
        for end, allowed in ((1, "党12，.一"), (2, "0"), (3, "2")):
            kept = processor(said[:, :end], scores)
            for letter in "党120，.一":
                token = tokenizer.convert_tokens_to_ids(letter)
                left = kept[0, token].item()
                assert left == (float(token) if letter in allowed else float("-inf")), letter

    def test_where_nothing_is_left_the_reply_ends(self, digits: TransformersChat) -> None:
        import torch

        tokenizer = digits._tokenizer
        end = tokenizer.convert_tokens_to_ids("<|im_end|>")
        scores = torch.zeros(1, len(tokenizer))
        said = torch.tensor([tokenizer.convert_tokens_to_ids(["2"])])
        dead = Limits(("27",), ("7",), (), 1)
        kept = limit_processor(dead, tokenizer, 0, (end,))(said, scores)
        assert kept.isfinite().nonzero().tolist() == [[0, end]]
        assert limit_processor(dead, tokenizer, 0, ())(said, scores).isfinite().all()

    def test_a_reply_does_not_end_inside_a_number(self, tmp_path: Path) -> None:
        model = TransformersChat(build_byte_model(tmp_path / "m", ending=True), device="cpu")
        limits = Limits(("20252025",), (), ())
        for seed in range(12):
            said = reply(model, replace(WILD, max_tokens=900, seed=seed, limits=limits))
            assert admits(limits, said, ended=len(said) < 300), said
        model.close()


class TestChoice:
    def test_random_choices_agree_with_the_text_they_make(self, bytewise: TransformersChat) -> None:
        """What is chosen token by token is what `admits` says of the decoded whole."""
        tokenizer = bytewise._tokenizer
        chance = random.Random(5)  # noqa: S311 - no secret
        for _ in range(20):
            choice = LimitedChoice(TWELVE, tokenizer, ())
            tokens: list[int] = []
            for _ in range(60):
                token = chance.randrange(len(tokenizer) - 2)  # without the template's marks
                text = tokenizer.decode([*tokens, token], skip_special_tokens=True)
                kept = admits(TWELVE, text.rstrip("\ufffd"), ended=False)
                if choice.allows(token):
                    choice.add(token)
                    tokens.append(token)
                    assert kept, text
                else:
                    broken = text.endswith("\ufffd")
                    assert broken or not kept, text

    def test_a_character_in_three_bytes_is_judged_when_it_is_whole(self) -> None:
        guard = guard_for(Limits((), (), ()))
        at = Written()
        for byte in "３".encode()[:2]:
            after = after_bytes(guard, at, bytes([byte]))
            assert after is not None
            at = after
        assert at.place == START
        assert after_bytes(guard, at, "３".encode()[2:]) is None
        assert after_bytes(guard, at, "，".encode()[2:]) == Written()

    def test_tokens_are_read_as_bytes(self, bytewise: TransformersChat) -> None:
        tokenizer = bytewise._tokenizer
        every = [token_bytes(tokenizer, token) for token in range(len(tokenizer))]
        assert {bytes([byte]) for byte in range(256)} <= set(every)
        assert "2次，1".encode() in every
        assert every[-2:] == [b"", b""], "marks of the template are no text"

    def test_looking_costs_little(self, bytewise: TransformersChat) -> None:
        exemplar = "".join(chr(0x4E00 + n) for n in range(2000))
        choice = LimitedChoice(replace(TWELVE, exemplars=(exemplar,)), bytewise._tokenizer, ())
        for token in range(64):
            choice.allows(token)
        begun = time.perf_counter()
        for _ in range(100):
            for token in range(64):
                choice.allows(token)
        assert (time.perf_counter() - begun) / 100 < 0.005, "seconds a step of 64 tokens"


@pytest.fixture(scope="module")
def llama(request: pytest.FixtureRequest) -> Iterator[LlamaCppChat]:
    model = LlamaCppChat(request.getfixturevalue("small_model"))
    yield model
    model.close()


class TestLlamaCpp:
    HOT = Sampling(max_tokens=70, temperature=0.8, seed=2)

    def test_a_prompt_that_begs_for_numbers_gets_the_allowed_ones(
        self, llama: LlamaCppChat
    ) -> None:
        limits = Limits(("12",), (), ())
        assert digit_runs(reply(llama, self.HOT, BEG)) - {"12"}, "the model would write others"
        held = reply(llama, replace(self.HOT, limits=limits), BEG)
        assert admits(limits, held, ended=False)
        assert digit_runs(held[:-2]) <= {"12"}
        assert len(held) > 20

    def test_no_numbers_at_all(self, llama: LlamaCppChat) -> None:
        held = reply(llama, replace(self.HOT, limits=Limits((), (), ())), BEG)
        assert held
        assert not digit_runs(held)

    def test_streams_stops_and_closes_as_without(self, llama: LlamaCppChat) -> None:
        held = replace(self.HOT, max_tokens=600, limits=TWELVE)
        pieces = llama.stream(BEG, held)
        first = [piece for piece, _ in zip(filter(None, pieces), range(5), strict=False)]
        begun = time.monotonic()
        pieces.close()
        assert time.monotonic() - begun < 1.1
        assert len(first) == 5
        cut = reply(llama, replace(self.HOT, limits=TWELVE, stop=("，", "：", "\n")), BEG)
        assert not set("，：\n") & set(cut)
        whole = reply(llama, replace(self.HOT, max_tokens=12), ASK)
        assert whole == reply(llama, replace(self.HOT, max_tokens=12, limits=None), ASK)
