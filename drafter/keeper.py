"""Copies of the work as the page needs them: one a day by itself, and all of it as one file."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from drafter.backups import Backups
from drafter.errors import StoreError, UserFacingError
from drafter.packing import Packed, library_backups, pack, unpack
from index.failures import meaning
from index.scratch import drop_old

# Often enough that a computer which is never switched off gets its copy soon after midnight.
LOOK_SECONDS = 1800.0


class Keeper:
    """Looks in a thread of its own whether today's copy is there.

    `trouble` is what a person must be told: the last copy that could not be made, None when all is
    well. Writing goes on whatever happens here.
    """

    def __init__(
        self, backups: Backups, seconds: float = LOOK_SECONDS, library: Backups | None = None
    ) -> None:
        self._backups = backups
        self._library = library
        self._seconds = seconds
        self._stop = threading.Event()
        self.trouble: UserFacingError | None = None

    def start(self) -> Callable[[], None]:
        """Begin to look; return what ends it."""
        threading.Thread(target=self._run, name="backups", daemon=True).start()
        return self._stop.set

    def look(self) -> None:
        """Make today's copies if they are missing: of the library, then of the drafts. Folders
        that reading and export left in the system's temporary place are dropped."""
        with suppress(OSError):
            drop_old()
        trouble: UserFacingError | None = None
        for backups in (self._library, self._backups):
            try:
                if backups is not None:
                    backups.daily()
            except UserFacingError as error:
                trouble = error  # the drafts' own trouble is told first
            except OSError as error:  # this thread must not end: nobody would hear of it
                trouble = StoreError(
                    f"今天的备份没有写成（{meaning(error)}）。",
                    "文稿没有改动；请检查数据文件夹的权限和磁盘，半小时后会再试。",
                )
        self.trouble = trouble

    def _run(self) -> None:
        while True:
            self.look()
            if self._stop.wait(self._seconds):
                return


class Keeping:
    """The copies of one home: `backups` of the drafts, `library` of the library, `keeper` who makes
    today's."""

    def __init__(self, home: Path, drafts: Path) -> None:
        self._home = home
        self.backups, self.library = Backups(drafts), library_backups(home)
        self.keeper = Keeper(self.backups, library=self.library)

    def pack(self, folder: Path) -> Path:
        """Put documents, library and templates into one file in `folder`; return it."""
        out = folder / f"拟稿台全部文稿-{datetime.now():%Y%m%d-%H%M}.zip"
        pack(self._home, out)
        return out

    def unpack(self, source: Path) -> Packed:
        """Take in such a file in the place of what is here, which is copied to the backups."""
        return unpack(self._home, source, self.backups)
