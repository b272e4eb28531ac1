"""The daily copy of the drafts, made by itself while the page is open."""

import threading
from collections.abc import Callable

from drafter.backups import Backups
from drafter.errors import UserFacingError

# Often enough that a computer which is never switched off gets its copy soon after midnight.
LOOK_SECONDS = 1800.0


class Keeper:
    """Looks in a thread of its own whether today's copy is there.

    `trouble` is what a person must be told: the last copy that could not be made, None when all is
    well. Writing goes on whatever happens here.
    """

    def __init__(self, backups: Backups, seconds: float = LOOK_SECONDS) -> None:
        self._backups = backups
        self._seconds = seconds
        self._stop = threading.Event()
        self.trouble: UserFacingError | None = None

    def start(self) -> Callable[[], None]:
        """Begin to look; return what ends it."""
        threading.Thread(target=self._run, name="backups", daemon=True).start()
        return self._stop.set

    def look(self) -> None:
        """Make today's copy if it is missing."""
        try:
            self._backups.daily()
            self.trouble = None
        except UserFacingError as error:
            self.trouble = error

    def _run(self) -> None:
        while True:
            self.look()
            if self._stop.wait(self._seconds):
                return
