"""Wrong passwords make the next try wait: by name and address, by address, and by name alone.

Names that do not exist are counted like others, so that waiting tells nothing about who is here.
Kept in memory: a restart forgets it, which nobody can bring about from outside.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

# Tries free of waiting. One colleague cannot lock another out from their own computer before the
# name's own, larger limit is reached; behind one address a whole office may sit.
PAIR_FREE, ADDRESS_FREE, NAME_FREE = 5, 20, 30
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0
FORGOTTEN_AFTER = 3600.0
MOST_KEPT = 10_000


@dataclass(slots=True)
class _Count:
    tries: int
    last: float
    until: float
    before: tuple[float, float] = (0.0, 0.0)  # last and until, without the latest try


class Throttle:
    """Counts wrong tries. `now` is a clock that never goes back, in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], _Count] = {}

    def wait(self, name: str, address: str) -> float:
        """Return the seconds this name and address must still wait, 0 for none."""
        now = self._now()
        with self._lock:
            counts = (self._counts.get(key) for key, _ in _keys(name, address))
            return max((0.0, *(count.until - now for count in counts if count)))

    def failed(self, name: str, address: str) -> None:
        """Count a wrong try; called before the password is compared, so that many at once count."""
        now = self._now()
        with self._lock:
            self._forget(now)
            for key, free in _keys(name, address):
                count = self._counts.setdefault(key, _Count(0, now, 0.0))
                if now - count.last > FORGOTTEN_AFTER:
                    count.tries = 0
                count.before = (count.last, count.until)
                count.tries, count.last = count.tries + 1, now
                over = count.tries - free
                if over >= 0:
                    count.until = now + min(FIRST_WAIT * 2.0 ** min(over, 10), LONGEST_WAIT)

    def passed(self, name: str, address: str) -> None:
        """Forget the wrong tries of somebody who got in; those of the address and the name stay
        as they were before this one, which makes no colleague wait."""
        with self._lock:
            for key, free in _keys(name, address):
                count = self._counts.get(key)
                if count is None:
                    continue
                count.tries -= 1
                count.last, count.until = count.before
                if key[0] and key[1]:
                    del self._counts[key]
                elif count.tries < free:
                    count.until = 0.0

    def _forget(self, now: float) -> None:
        if len(self._counts) < MOST_KEPT:
            return
        old = [k for k, c in self._counts.items() if now - c.last > FORGOTTEN_AFTER]
        by_age = sorted(self._counts, key=lambda key: self._counts[key].last)
        for key in old or by_age[: MOST_KEPT // 10]:
            del self._counts[key]


def _keys(name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    name = name[:64]
    return (((name, address), PAIR_FREE), (("", address), ADDRESS_FREE), ((name, ""), NAME_FREE))
