"""One at a time among all processes of this computer; folders to work in that none leaves behind.

A lock is held by the operating system for an open file (SQLite's own locking, which works alike on
Windows, macOS and Linux): it ends with its process, however that ended, so no lock is ever stale.
Knows nothing of what is done meanwhile.
"""

import contextlib
import errno
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

LOCK = ".lock"  # an empty file; it stays
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_making = threading.Lock()


@contextlib.contextmanager
def alone(folder: Path, seconds: float = 60.0) -> Iterator[None]:
    """Hold the lock of a folder, which is made where it is not there; wait for it up to `seconds`.

    Not to be taken again by who holds it. Raises OSError when the folder cannot be written, or
    another holds the lock all that time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    _ensure(path)
    try:
        # A folder may be held for as long as a model is open, and given back by another thread.
        held = sqlite3.connect(path, timeout=seconds, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise OSError(errno.EACCES, "no lock", str(path)) from error
    with closing(held):
        try:
            held.execute("PRAGMA journal_mode = MEMORY")  # no second file beside the lock
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            busy = error.sqlite_errorcode & 0xFF in _BUSY
            raise OSError(errno.EBUSY if busy else errno.EACCES, "no lock", str(path)) from error
        yield  # nothing is written; closing gives the lock back


def _ensure(path: Path) -> None:
    # POSIX drops a process's locks on a file as soon as it closes any handle to it: the file is
    # opened here only where nobody can have locked it yet.
    with _making:
        if not path.exists():
            path.touch()


@contextlib.contextmanager
def working_folder(parent: Path, prefix: str = "work-") -> Iterator[Path]:
    """Yield an empty folder inside `parent` (so files can be moved out), then drop it.

    Folders of that prefix which a killed process left are dropped first. Raises OSError.
    """
    with contextlib.ExitStack() as stack:
        with alone(parent):
            drop_abandoned(parent, prefix)
            folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.enter_context(alone(folder))
        yield folder


def drop_abandoned(parent: Path, prefix: str = "work-") -> None:
    """Drop the working folders whose process is no more. The caller holds the lock of `parent`."""
    for folder in parent.glob(f"{prefix}*"):
        try:
            with alone(folder, seconds=0):
                pass
        except OSError:
            continue  # somebody works in it, or it cannot be touched
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def whole_folder(folder: Path, prefix: str) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `folder` when all went well, else is dropped.

    So the folder is there whole or not at all. Raises OSError.
    """
    with working_folder(folder.parent, prefix) as work:
        made = work / folder.name
        made.mkdir()
        yield made
        made.replace(folder)
