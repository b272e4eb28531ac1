"""A fair line: who may use next what only a few can use at a time.

Turn by turn between people, first come first served within one: whoever has just had a turn goes
behind everybody else who waits, however many things they ask for. Knows neither models nor
documents.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

LOOK_SECONDS = 0.1  # how often one who waits looks whether to stop
REMEMBERED = 8  # how many past turns tell how long one takes


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands: how many turns end before one's own begins, and the seconds that may
    take, None while no turn has ended yet."""

    before: int
    seconds: float | None

    def __str__(self) -> str:
        """Return it as a page says it."""
        said = f"前面还有 {self.before} 个请求"
        return said if self.seconds is None else f"{said}，约 {_roughly(self.seconds)}"


class Turns:
    """The line. Safe to use from any thread."""

    def __init__(self, at_once: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._clock = clock
        self._changed = threading.Condition()
        # One line a person, the people in the order of their turns.
        self._waiting: dict[Hashable, deque[Turn]] = {}
        self._patient: deque[Turn] = deque()
        self._running: dict[Turn, float] = {}
        self._took: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def busy(self) -> bool:
        """Whether whoever asks now has to wait."""
        with self._changed:
            return len(self._running) >= self._at_once

    @property
    def wanted(self) -> bool:
        """Whether anybody waits, the patient not counted."""
        with self._changed:
            return bool(self._waiting)

    @property
    def running(self) -> int:
        """How many have their turn now."""
        with self._changed:
            return len(self._running)

    def allow(self, at_once: int) -> None:
        """Let so many have their turn at a time from now on; 0 lets nobody begin."""
        with self._changed:
            self._at_once = at_once
            self._admit()

    def ask(self, who: Hashable, *, patient: bool = False) -> "Turn":
        """Join the line. The `patient` come after everybody else, whenever those came."""
        turn = Turn(self, who)
        with self._changed:
            if patient:
                self._patient.append(turn)
            else:
                self._waiting.setdefault(who, deque()).append(turn)
            self._admit()
        return turn

    # for Turn

    def wait(self, turn: "Turn", seconds: float) -> bool:
        """Wait for a turn, at most so long; return whether it has come."""
        with self._changed:
            return self._changed.wait_for(lambda: turn in self._running, seconds)

    def place(self, turn: "Turn") -> Place | None:
        """Return where a turn stands, None once it has come or was given up."""
        with self._changed:
            order = [*self._order(), *self._patient]
            if turn not in order:
                return None
            before = order.index(turn)
            if not self._took:
                return Place(before + 1, None)
            each, now = sum(self._took) / len(self._took), self._clock()
            rest = sum(max(0.0, each - (now - began)) for began in self._running.values())
            return Place(before + 1, (rest + before * each) / max(1, self._at_once))

    def leave(self, turn: "Turn") -> None:
        """End a turn, or stop waiting for it. Leaving twice does nothing."""
        with self._changed:
            began = self._running.pop(turn, None)
            if began is not None:
                self._took.append(self._clock() - began)
                self._behind(turn.who)
            elif turn in self._patient:
                self._patient.remove(turn)
            elif turn in (own := self._waiting.get(turn.who, deque())):
                own.remove(turn)
                if not own:
                    del self._waiting[turn.who]
            self._admit()

    def _people(self) -> list[Hashable]:
        """Return who waits, in the order of their turns; who has one now comes last."""
        served = {turn.who for turn in self._running}
        return sorted(self._waiting, key=lambda who: who in served)

    def _order(self) -> Iterator["Turn"]:
        """Yield those who wait in the order of their turns: one of each person, then again."""
        lines = [self._waiting[who] for who in self._people()]
        for number in range(max(map(len, lines), default=0)):
            yield from (line[number] for line in lines if number < len(line))

    def _behind(self, who: Hashable) -> None:
        """Put a person behind everybody else who waits."""
        if who in self._waiting:
            self._waiting[who] = self._waiting.pop(who)

    def _admit(self) -> None:
        while len(self._running) < self._at_once and (self._waiting or self._patient):
            if self._waiting:
                who = self._people()[0]
                turn = self._waiting[who].popleft()
                if self._waiting[who]:
                    self._behind(who)
                else:
                    del self._waiting[who]
            else:
                turn = self._patient.popleft()
            self._running[turn] = self._clock()
        self._changed.notify_all()


class Turn:
    """One place in the line. Leave it in the end, whether one's turn has come or not."""

    def __init__(self, turns: Turns, who: Hashable) -> None:
        self.who = who
        self._turns = turns

    @property
    def place(self) -> Place | None:
        """Where one stands, None once one's turn has come."""
        return self._turns.place(self)

    def wait(self, stop: threading.Event | None = None) -> Iterator[Place]:
        """Yield where one stands, whenever that has changed, until one's turn comes or `stop` is
        set."""
        told = ""
        while not self._turns.wait(self, LOOK_SECONDS):
            if stop is not None and stop.is_set():
                return
            place = self.place
            if place is not None and str(place) != told:
                told = str(place)
                yield place

    def leave(self) -> None:
        """End one's turn, or stop waiting for it."""
        self._turns.leave(self)


def _roughly(seconds: float) -> str:
    """Return a time as somebody would say it who does not know it exactly."""
    if seconds < 55:
        return f"{max(1, round(seconds / 10)) * 10} 秒"
    return f"{round(seconds / 60)} 分钟"
