"""Files that are whole or not there, also after a power cut."""

import os
import sys
from pathlib import Path


def identity(path: Path) -> tuple[int, int] | None:
    """Return which file of the disk has the name now, None where none has. Raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def put_in_place(part: Path, target: Path) -> None:
    """Give a finished file its name, in the place of what had it. Raises OSError.

    The bytes are on the disk before the name is, and the name before this returns.
    """
    with part.open("r+b") as opened:
        os.fsync(opened.fileno())
    part.replace(target)
    if sys.platform != "win32":  # Windows writes a rename through and opens no folders
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        except OSError:
            return  # a network disk that knows no such thing; the file itself is whole
        finally:
            os.close(folder)
