"""Files that passed through the page: taken away at the start and when they have grown old.

Uploads have been read by then and exports fetched; what a person wrote lies elsewhere.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

KEPT_SECONDS = 2 * 3600.0
LOOK_SECONDS = 1800.0


def clear(folder: Path, older_than: float = 0.0) -> int:
    """Delete every file under a folder that is older than so many seconds; return how many.

    Links are deleted, never followed; folders that have become empty go too. A file somebody
    holds open (Windows) stays for the next time.
    """
    before, gone = time.time() - older_than, 0
    if folder.is_symlink():
        return 0
    for path in sorted(folder.rglob("*"), key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):
            if path.is_symlink() or not path.is_dir():
                if path.lstat().st_mtime <= before:
                    path.unlink()
                    gone += 1
            elif path.stat().st_mtime <= before or not older_than:
                path.rmdir()  # only an empty one goes
    return gone


def start_clearing(folder: Path, seconds: float = LOOK_SECONDS) -> Callable[[], None]:
    """Clear what has grown old, now and then, in a thread of its own; return what ends it."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(seconds):
            clear(folder, KEPT_SECONDS)

    threading.Thread(target=run, name="leftovers", daemon=True).start()
    return stop.set
