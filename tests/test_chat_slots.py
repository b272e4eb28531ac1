"""Several replies at a time on llama.cpp: who gets which slot, what is read once, what stops."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from drafter.chat import kept_prompts
from drafter.chat.kept_prompts import KeptPrompts
from drafter.chat.llamacpp import LlamaCppChat
from drafter.chat.slots import Slots, flat, replies_with_room
from drafter.errors import EngineError
from drafter.types import ManyReplies, Message, Sampling
from index.home import home
from tests.tiny_gguf import build_tiny_gguf

PREFIX: tuple[Message, ...] = (
    {"role": "system", "content": "按要点写一段话。" * 10},
    {"role": "user", "content": "开会十二次，走访百余户。" * 8},
    {"role": "assistant", "content": "全年开会，走访到户。" * 5},
)
GREEDY = Sampling(max_tokens=24, temperature=0.0)
ENDLESS = Sampling(max_tokens=3000, temperature=1.5)
WORDS = "甲乙丙丁戊己庚辛"


def point(word: str) -> tuple[Message, ...]:
    return (*PREFIX, {"role": "user", "content": f"要点：{word}"})


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_gguf(tmp_path_factory.mktemp("tiny") / "微型 模型.gguf")


@pytest.fixture
def model(file: Path) -> Iterator[LlamaCppChat]:
    opened = LlamaCppChat(file, threads=1)
    yield opened
    opened.close()


GB = 1 << 30


@pytest.mark.parametrize(
    ("each", "weights", "free", "replies"),
    [
        (28_672 * 4096, 1 * GB, 8 * GB, 4),  # the 1.5B on an office PC
        (147_456 * 4096, 3 * GB, 6 * GB, 3),  # a model of 4B where half of the memory is taken
        (147_456 * 4096, 3 * GB, 3 * GB, 1),  # one at a time rather than not at all
        (0, 1 * GB, 8 * GB, 4),  # a file that does not say
        (28_672 * 4096, 1 * GB, None, 4),  # a system that does not say
    ],
)
def test_as_many_replies_at_a_time_as_there_is_memory_for(
    each: int, weights: int, free: int | None, replies: int
) -> None:
    assert replies_with_room(each, weights, free) == replies


def test_a_model_with_little_memory_left_writes_one_reply_at_a_time(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.chat.llamacpp.free_memory", lambda: GB)
    model = LlamaCppChat(file, threads=1)
    assert model.at_once == 1
    assert say(model, point("甲"))
    model.close()


def say(model: LlamaCppChat, messages: Sequence[Message], sampling: Sampling = GREEDY) -> str:
    return "".join(model.stream(messages, sampling))


def together(model: LlamaCppChat, prompts: Sequence[Sequence[Message]]) -> list[str]:
    said = [""] * len(prompts)

    def one(number: int) -> None:
        said[number] = say(model, prompts[number])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(prompts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def most_alike(some: Sequence[str], others: Sequence[str]) -> bool:
    """Not all: the last bits of a float differ in company, and this model hardly has a choice that
    is clearly the best."""
    return 2 * sum(a == b for a, b in zip(some, others, strict=True)) > len(some)


def readings(model: LlamaCppChat, seen: list[dict[str, Any]]) -> None:
    """Note what the server is asked from now on."""
    complete = model._server.complete

    def noted(
        request: dict[str, Any], emit: Callable[[str], None], ended: Callable[[], bool]
    ) -> bool:
        seen.append(request)
        return complete(request, emit, ended)

    model._server.complete = noted  # type: ignore[method-assign]


class TestManyAtATime:
    def test_eight_at_once_say_what_each_says_alone(self, model: LlamaCppChat) -> None:
        alone = [say(model, point(word)) for word in WORDS]
        assert len(set(alone)) > 1
        beside = together(model, [point(word) for word in WORDS])
        assert most_alike(beside, alone)
        assert [len(said) for said in beside] == [len(said) for said in alone]
        assert isinstance(model, ManyReplies)
        assert model.at_once > 1

    def test_what_they_share_is_read_once(self, model: LlamaCppChat) -> None:
        seen: list[dict[str, Any]] = []
        readings(model, seen)
        together(model, [point(word) for word in WORDS])
        assert [request["max_tokens"] for request in seen].count(0) == 1
        assert len(list(model._kept.folder.iterdir())) == 1 if model._kept else False

    def test_replies_run_at_the_same_time(self, model: LlamaCppChat) -> None:
        streams = [model.stream(point(word), ENDLESS) for word in WORDS[: model.at_once]]
        for stream in streams:
            assert any(stream)
        begun = time.monotonic()
        streams[0].close()
        assert time.monotonic() - begun < 1.1
        assert all(any(stream) for stream in streams[1:]), "stopping one leaves the others alone"
        assert model.count_tokens(point("甲")) > 100, "it counts while replies run"
        for stream in streams[1:]:
            stream.close()

    def test_one_too_many_waits_and_can_be_stopped_waiting(self, model: LlamaCppChat) -> None:
        streams = [model.stream(point(word), ENDLESS) for word in WORDS[: model.at_once]]
        for stream in streams:
            assert any(stream)
        late = model.stream(point("辛"), GREEDY)
        assert next(late) == ""
        begun = time.monotonic()
        late.close()
        assert time.monotonic() - begun < 1.1
        follower = model.stream(point("庚"), GREEDY)
        assert next(follower) == ""
        streams[0].close()
        assert any(follower)
        for stream in (*streams[1:], follower):
            stream.close()

    def test_closing_ends_all_and_leaves_no_file(self, file: Path) -> None:
        model = LlamaCppChat(file, threads=1)
        assert model._kept
        folder = model._kept.folder
        streams = [model.stream(point(word), ENDLESS) for word in WORDS]
        for stream in streams[: model.at_once]:
            assert any(stream)
        next(streams[-1])
        model.close()
        for stream in (*streams[: model.at_once], streams[-1]):
            with pytest.raises(EngineError, match="已经关闭"):
                list(stream)
        assert not folder.exists()
        model.read_ahead(point("甲"), threading.Event())

    def test_exact_replies_share_nothing(self, file: Path) -> None:
        exact = LlamaCppChat(file, threads=1, cache_prompt=False)
        try:
            assert exact.at_once == 1
            assert say(exact, point("甲"), ENDLESS_ONCE) == say(exact, point("甲"), ENDLESS_ONCE)
        finally:
            exact.close()

    def test_guessing_ahead_writes_the_same(self, model: LlamaCppChat, file: Path) -> None:
        guessing = LlamaCppChat(file, threads=1, guessing=True)
        try:
            asked = [point(word) for word in WORDS[:6]]
            assert most_alike([say(guessing, a) for a in asked], [say(model, a) for a in asked])
        finally:
            guessing.close()


ENDLESS_ONCE = Sampling(max_tokens=30, temperature=1.0, seed=3)


class TestReadingAhead:
    def test_the_reply_finds_the_prompt_read(self, model: LlamaCppChat) -> None:
        model.read_ahead(point("甲"), threading.Event())
        seen: list[dict[str, Any]] = []
        readings(model, seen)
        together(model, [point(word) for word in WORDS])
        assert 0 not in [request["max_tokens"] for request in seen]

    def test_it_gives_way_to_whoever_writes(self, model: LlamaCppChat) -> None:
        long: Message = {"role": "user", "content": "很长的要点" * 200}
        reader = threading.Thread(target=model.read_ahead, args=((long,), threading.Event()))
        reader.start()
        time.sleep(0.1)
        begun = time.monotonic()
        assert say(model, point("甲"))
        reader.join(10)
        assert time.monotonic() - begun < 5

    def test_it_does_nothing_while_somebody_writes(self, model: LlamaCppChat) -> None:
        stream = model.stream(point("甲"), ENDLESS)
        assert any(stream)
        begun = time.monotonic()
        model.read_ahead((*point("乙"), *point("丙")), threading.Event())
        assert time.monotonic() - begun < 1
        stream.close()

    def test_stop_ends_it(self, model: LlamaCppChat) -> None:
        stop = threading.Event()
        long: Message = {"role": "user", "content": "很长的要点" * 200}
        threading.Timer(0.1, stop.set).start()
        begun = time.monotonic()
        model.read_ahead((long,), stop)
        assert time.monotonic() - begun < 1.2
        assert say(model, point("甲"))


class TestKeptPrompts:
    def test_a_lost_file_costs_time_only(self, model: LlamaCppChat) -> None:
        expected = together(model, [point(word) for word in WORDS])
        assert all(expected)
        assert model._kept
        for kept in model._kept.folder.iterdir():
            kept.unlink()
        other: tuple[Message, ...] = ({"role": "user", "content": "别的材料" * 90},)
        together(model, [other] * model.at_once)
        assert most_alike(together(model, [point(word) for word in WORDS]), expected)

    def test_a_damaged_file_costs_time_only(self, model: LlamaCppChat) -> None:
        assert say(model, point("甲"))
        assert model._kept
        for kept in model._kept.folder.iterdir():
            kept.write_bytes(b"\1" * 4096)
        assert all(together(model, [point(word) for word in "甲甲甲"]))

    def test_a_folder_that_takes_no_file_costs_time_only(self, model: LlamaCppChat) -> None:
        assert model._kept
        model._kept.folder.rmdir()
        assert together(model, [point(word) for word in WORDS])

    def test_without_a_place_for_files_it_writes_all_the_same(
        self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "no-folder").write_text("", encoding="utf-8")
        monkeypatch.setenv("DRAFTER_HOME", str(tmp_path / "no-folder"))
        model = LlamaCppChat(file, threads=1)
        try:
            assert model._kept is None
            assert all(together(model, [point(word) for word in WORDS[:3]]))
            model.read_ahead(point("甲"), threading.Event())
        finally:
            model.close()

    def test_the_oldest_goes_when_they_become_too_large(self) -> None:
        kept = KeptPrompts(limit=250)
        for text in ("abc", "xyz", "opq"):
            file = kept.new_file()
            (kept.folder / file).write_bytes(b"0" * 100)
            kept.add(text, file)
            kept.best("abcd")
        assert kept.best("abcd")[1] == 3
        assert kept.best("xyz")[1] == 0
        assert len(list(kept.folder.iterdir())) == 2
        kept.close()

    @pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folder to that user")
    def test_the_folder_is_the_users_alone(self) -> None:
        kept = KeptPrompts(limit=1)
        assert kept.folder.stat().st_mode & 0o077 == 0
        kept.close()

    def test_the_folder_of_a_killed_process_goes_at_the_next_start(self) -> None:
        left = home() / kept_prompts.PLACE / "work-left"
        (left / "kept").mkdir(parents=True)
        (left / "kept" / "1.bin").write_bytes(b"0")
        kept = KeptPrompts(limit=1)
        assert not left.exists()
        assert kept.folder.exists()
        kept.close()
        assert not kept.folder.exists()

    def test_another_thread_may_close_it(self) -> None:
        kept = KeptPrompts(limit=1)
        thread = threading.Thread(target=kept.close)
        thread.start()
        thread.join()
        assert not kept.folder.exists()


class TestSlots:
    def test_a_prompt_goes_where_most_of_it_has_been_read(self) -> None:
        slots = Slots(3)
        taken = [slots.take(text, 0, never) for text in ("abc", "abd", "xyz")]
        for slot, text in zip(taken, ("abc", "abd", "xyz"), strict=True):
            assert slot
            slot.holds = text
            slots.give(slot)
        found = slots.take("abde", 0, never)
        assert found is taken[1]
        assert slots.take("q", 0, never) is taken[0], "the one idle for longest"

    def test_first_come_first_served(self) -> None:
        slots, order = Slots(1), []
        first = slots.take("a", 0, never)
        assert first

        def wait(name: str) -> None:
            slot = slots.take(name, 0, never)
            assert slot
            order.append(name)
            slots.give(slot)

        threads = []
        for name in "bcdef":
            threads.append(threading.Thread(target=wait, args=(name,)))
            threads[-1].start()
            time.sleep(0.02)
        slots.give(first)
        for thread in threads:
            thread.join(10)
        assert order == list("bcdef")

    def test_two_prompts_begin_alike_as_their_texts_do(self) -> None:
        one, other = flat(point("甲")), flat(point("乙"))
        assert one[:-1] == other[:-1]
        assert flat(({"role": "user", "content": "a"},)) != flat(
            ({"role": "system", "content": "a"},)
        )
