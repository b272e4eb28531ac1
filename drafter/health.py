"""Whether a model server answers: asked now and then, only while somebody looks at a page, and
never by the one who looks."""

import threading
import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

SERVER = "openai"  # what EngineStatus.engine says of a model on a server
EVERY_SECONDS = 15.0


@runtime_checkable
class OnServer(Protocol):
    """What a ChatModel has besides that runs on a server: it can go away and come back."""

    @property
    def sections_at_once(self) -> int:
        """How many sections may be written at a time."""
        ...

    def look(self) -> None:
        """Ask whether it is there, within seconds. Raises EngineError when it is not."""
        ...


class Health:
    """Asks by calling `ask`, one call at a time, which keeps what it finds."""

    def __init__(
        self, ask: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._due = clock() + EVERY_SECONDS

    def glance(self) -> None:
        """Have it asked in the background if it is time to. Returns at once."""
        with self._lock:
            if self._clock() < self._due or self._asking.locked():
                return
            self._due = self._clock() + EVERY_SECONDS
        threading.Thread(target=self.ask_now, name="server-health", daemon=True).start()

    def ask_now(self) -> None:
        """Ask, and wait for the answer; somebody else's that is on its way is taken."""
        if not self._asking.acquire(blocking=False):
            with self._asking:
                return
        try:
            self._ask()
        finally:
            self._due = self._clock() + EVERY_SECONDS
            self._asking.release()

    def doubt(self) -> None:
        """Have it asked at the next glance: something has gone wrong."""
        self._due = self._clock()
