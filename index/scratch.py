"""Folders for a moment in the system's place for temporary files: they may hold a person's text, so
what a killed process left there goes too."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "drafter-"
_OLD_SECONDS = 2 * 24 * 3600.0  # nothing of ours takes so long


@contextlib.contextmanager
def scratch_folder(kind: str) -> Iterator[Path]:
    """Yield an empty folder `drafter-KIND-…` that only this user can read, then drop it.

    Raises OSError where none can be made.
    """
    drop_old()
    # Windows cannot remove a file that an ended process still holds, and must not fail for it.
    with tempfile.TemporaryDirectory(
        prefix=f"{_PREFIX}{kind}-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def drop_old(seconds: float = _OLD_SECONDS) -> None:
    """Drop folders of ours that are older; those of other users cannot be, and are left."""
    with contextlib.suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
            with contextlib.suppress(OSError):
                ours = folder.is_dir() and not folder.is_symlink()
                if ours and time.time() - folder.stat().st_mtime > seconds:
                    shutil.rmtree(folder, ignore_errors=True)
