"""Who may write in which slot of llama.cpp, first come first served.

A slot holds the prompt it read last, so a prompt goes to the slot that has most of it already.
Knows no engine.
"""

import os.path
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drafter.types import Message

# Replies at a time. Each has a context of its own in memory: 28 kB a token for the 1.5B, 144 kB for
# a model of 4B, of which four would take 2.3 GB.
AT_ONCE = 4
LEFT_FREE = 1 << 30  # bytes for everything else on the computer
LOOK_SECONDS = 0.1  # how often one who waits looks whether it has been stopped


def flat(messages: Sequence[Message]) -> str:
    """Return a prompt as one text: two prompts begin alike as far as their texts do."""
    return "".join(f"\0{message['role']}\0{message['content']}" for message in messages)


def replies_with_room(each: int, weights: int, free: int | None) -> int:
    """Return how many replies there is memory for beside a model, 1 to AT_ONCE.

    All in bytes: what the context of one reply takes (0: not known), the weights, what is free.
    """
    if not each or free is None:
        return AT_ONCE
    return max(1, min(AT_ONCE, (free - weights - LEFT_FREE) // each))


def alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return len(os.path.commonprefix((one, other)))  # noqa: RUF071 - texts, not paths


@dataclass(slots=True, eq=False)
class Slot:
    """A place for one reply. `holds` is the prompt it read last, `whole` whether to its end."""

    number: int
    holds: str = ""
    whole: bool = False
    busy: bool = False
    turn: int = 0

    def has(self, text: str) -> int:
        """Return how many characters of a prompt need not be read again in this slot."""
        return alike(self.holds, text) if self.whole else 0


class Slots:
    """The slots of one server, and those who wait for one. Safe from any thread."""

    def __init__(self, count: int) -> None:
        self._slots = [Slot(number) for number in range(count)]
        self._freed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._closed = False
        self._turns = 0

    @property
    def busy(self) -> bool:
        """Whether a reply is under way or waited for."""
        with self._freed:
            return bool(self._waiting) or any(slot.busy for slot in self._slots)

    def take(self, text: str, kept: int, ended: Callable[[], bool]) -> Slot | None:
        """Wait for a slot to read `text` in; None once `ended()` says so or the slots are closed.

        `kept` characters of the text need not be read afresh in any slot.
        """
        ticket = object()
        with self._freed:
            self._waiting.append(ticket)
            try:
                while self._waiting[0] is not ticket or not self._free():
                    if self._closed or ended():
                        return None
                    self._freed.wait(LOOK_SECONDS)
                return None if self._closed else self._choose(text, kept)
            finally:
                self._waiting.remove(ticket)
                self._freed.notify_all()

    def _free(self) -> list[Slot]:
        return [slot for slot in self._slots if not slot.busy]

    def _choose(self, text: str, kept: int) -> Slot:
        """The slot that has most of the text; where less than is kept, the one idle for longest."""
        free = self._free()
        best = max(free, key=lambda slot: (alike(slot.holds, text), -slot.turn))
        if alike(best.holds, text) < kept:
            best = min(free, key=lambda slot: slot.turn)
        self._turns += 1
        best.busy, best.turn = True, self._turns
        return best

    def give(self, slot: Slot) -> None:
        """Give a slot back."""
        with self._freed:
            slot.busy = False
            self._freed.notify_all()

    def close(self) -> None:
        """Let nobody in any more, and wait until the last has left."""
        with self._freed:
            self._closed = True
            self._freed.notify_all()
            while any(slot.busy for slot in self._slots):
                self._freed.wait(LOOK_SECONDS)
