"""What slots, guessing and kept prompts bring on llama.cpp: `python -m bench.engine_speed`.

The eight facts of a section, each a point of its own, with the shots shipped with the tool. Each
figure is a ratio of two ways taken in turn (A B A B) in one run:

- together: as many replies at a time as the engine has slots, against one after the other;
- guessing: words of the prompt guessed ahead, against every token by itself, at temperature 0;
- again: the first character of a section written a second time, after others have been written,
  against the same prompt read for the first time.

With --model qwen2.5-coder-1.5b about four minutes on two quiet cores; the 0.5B is for orientation.
"""

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.table import Row, heading, table
from drafter.chat.llamacpp import LlamaCppChat
from drafter.facts import read_facts
from drafter.models import resolve_model
from drafter.prompts import default_shots, point_messages
from drafter.types import Message, Sampling

SHEET = Path(__file__).parent / "sheets" / "06-社区书记-20条.md"
POINTS = 8
ROUNDS = 2
Prompt = Sequence[Message]


def prompts(wish: str = "") -> list[Prompt]:
    """Return the prompts of eight points of one section; another wish, another beginning."""
    facts = read_facts(SHEET.read_text(encoding="utf-8")).facts[:POINTS]
    shots = default_shots("成效")
    return [
        point_messages("成效", "述职报告", shots, [fact.text.rstrip("。")], wish) for fact in facts
    ]


def say(model: LlamaCppChat, prompt: Prompt, tokens: int = 320) -> str:
    """Return a reply at temperature 0."""
    return "".join(model.stream(prompt, Sampling(temperature=0.0, max_tokens=tokens)))


def first(model: LlamaCppChat, prompt: Prompt, seed: int) -> float:
    """Return the seconds to the first character of a reply."""
    begun = time.monotonic()
    stream = model.stream(prompt, Sampling(seed=seed, max_tokens=24))
    try:
        for piece in stream:
            if piece:
                return time.monotonic() - begun
    finally:
        stream.close()
    raise SystemExit("no reply")


def write(
    model: LlamaCppChat, asked: Sequence[Prompt], at_once: int, tokens: int = 320
) -> tuple[list[str], float]:
    """Return the replies, made `at_once` at a time, and the seconds they took."""
    said = [""] * len(asked)
    turns = iter(range(len(asked)))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(turns, None)
            if number is None:
                return
            said[number] = say(model, asked[number], tokens)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said, time.monotonic() - begun


def tokens_of(model: LlamaCppChat, texts: Sequence[str]) -> int:
    """Return how many tokens some replies have together."""
    empty = model.count_tokens([{"role": "user", "content": ""}])
    return sum(model.count_tokens([{"role": "user", "content": text}]) - empty for text in texts)


class Way:
    """One way of writing the points: its replies, and tokens a second over all rounds."""

    def __init__(self, model: LlamaCppChat, asked: Sequence[Prompt], at_once: int) -> None:
        self._model, self._asked, self._at_once = model, asked, at_once
        self.said: list[str] = []
        self._tokens, self._whole, self._reading = 0, 0.0, 0.0

    def round(self) -> None:
        """Write once more: whole replies, and of each only the first token, for the difference."""
        self.said, seconds = write(self._model, self._asked, self._at_once)
        self._whole += seconds
        self._tokens += tokens_of(self._model, self.said)
        self._reading += write(self._model, self._asked, self._at_once, 1)[1]

    @property
    def speed(self) -> float:
        """Tokens a second from the prefix in the cache to the end of the last reply."""
        return self._tokens / self._whole

    @property
    def decoding(self) -> float:
        """Tokens a second of writing alone, without reading the facts."""
        return self._tokens / max(self._whole - self._reading, 0.001)


def _changed(one: Way, other: Way) -> str:
    count = sum(a != b for a, b in zip(one.said, other.said, strict=True))
    return f"{count} of {len(one.said)} texts differ at temperature 0"


def _against(what: str, ours: Way, peer: Way, goal: str) -> list[Row]:
    pairs = [
        ("end to end", ours.speed, peer.speed),
        ("writing alone", ours.decoding, peer.decoding),
    ]
    return [
        Row(f"{what}, {part}", f"{a:.1f} tokens/s", f"{b:.1f} tokens/s", a / b, goal,
            _changed(ours, peer))
        for part, a, b in pairs
    ]  # fmt: skip


def again(model: LlamaCppChat) -> Row:
    """Measure the first character of a section written again, against a cold cache."""
    cold, warm = [], []
    for number in range(ROUNDS):
        asked = prompts(f"第{number}遍写")[0]
        cold.append(first(model, asked, 1))
        for other in range(model.at_once):  # these push it out of every slot
            first(model, [*prompts(f"别的第{number}{other}节")[0][:3], asked[-1]], 1)
        warm.append(first(model, asked, 2))
    a, b = statistics.mean(warm), statistics.mean(cold)
    return Row("first character, section again", f"{a:.2f} s", f"{b:.2f} s", b / a, ">= 15x")


def rows(model: str) -> list[Row]:
    """Measure all three with one model file, in this process."""
    path = Path(resolve_model(model))
    guessing, plain = LlamaCppChat(path, guessing=True), LlamaCppChat(path)
    try:
        asked = prompts()
        for engine in (guessing, plain):
            engine.read_ahead(asked[0], threading.Event())
        ways = {
            "plain": Way(plain, asked, 1),
            "together": Way(plain, asked, plain.at_once),
            "guessing": Way(guessing, asked, 1),
            "both": Way(guessing, asked, guessing.at_once),
        }
        for _ in range(ROUNDS):
            for way in ways.values():
                way.round()
        side = f"{POINTS} points, {plain.at_once} at a time"
        return [
            *_against(side, ways["together"], ways["plain"], ">= 1.3x"),
            *_against("guessing ahead", ways["guessing"], ways["plain"], ">= 1.2x"),
            *_against("both", ways["both"], ways["plain"], ""),
            again(plain),
        ]  # fmt: skip
    finally:
        guessing.close()
        plain.close()


def main(say_line: Callable[[str], object] = sys.stdout.write) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="qwen2.5-coder-0.5b")
    model = parser.parse_args().model
    before = heading()
    say_line(f"{before}\nmodel {model}\n{table(rows(model))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
