"""Prompts that llama.cpp has read, kept in files so that every slot can have them in milliseconds.

The server cannot copy what one slot has read to another (its issue 27616), but it can write a slot
to a file and read it into others: 17 MB for 600 tokens of the 1.5B, 10 ms instead of 10 s of
reading. The files hold prompts, a person's facts among them, so they lie in the tool's own home, in
a folder readable by its user alone. It goes when the model is closed, or at the next start.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from drafter.chat.slots import alike
from index.alone import working_folder
from index.home import home

PLACE = "read-prompts"


@dataclass(frozen=True, slots=True)
class Kept:
    """A prompt as text, and the file of the folder that holds it as read."""

    text: str
    file: str
    bytes: int


class KeptPrompts:
    """The files, newest last, at most `limit` bytes of them; and what is just being read.

    Raises OSError where the home takes no folder.
    """

    def __init__(self, limit: int) -> None:
        with ExitStack() as stack:
            self.folder: Path = stack.enter_context(working_folder(home() / PLACE)) / "kept"
            self.folder.mkdir(mode=0o700)
            # Also where the program ends without closing the model.
            self._clear = weakref.finalize(self, stack.pop_all().close)
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: list[Kept] = []
        self._reading: list[str] = []
        self._count = 0

    def best(self, text: str) -> tuple[Kept | None, int]:
        """Return the prompt that begins most like `text`, and how many characters they share."""
        with self._lock:
            found = max(self._kept, key=lambda kept: alike(kept.text, text), default=None)
            if found is not None:
                self._kept.remove(found)
                self._kept.append(found)
        return found, alike(found.text, text) if found else 0

    @contextmanager
    def reading(self, text: str, beyond: int) -> Iterator[bool]:
        """Say that a prompt is being read. False, and nothing said, where somebody reads one just
        now that has more than `beyond` characters of it: that will be kept too."""
        with self._lock:
            mine = all(alike(other, text) <= beyond for other in self._reading)
            if mine:
                self._reading.append(text)
        try:
            yield mine
        finally:
            if mine:
                with self._lock:
                    self._reading.remove(text)

    def new_file(self) -> str:
        """Return a name that no file of the folder has had."""
        with self._lock:
            self._count += 1
            return f"{self._count}.bin"

    def add(self, text: str, file: str) -> None:
        """Keep a file; the one not used for longest goes where they become too large together."""
        with self._lock, suppress(FileNotFoundError):  # closed meanwhile
            self._kept.append(Kept(text, file, (self.folder / file).stat().st_size))
            while sum(kept.bytes for kept in self._kept) > self._limit:
                self._delete(self._kept[0])

    def drop(self, kept: Kept) -> None:
        """Forget a file that turned out to be of no use."""
        with self._lock:
            self._delete(kept)

    def _delete(self, kept: Kept) -> None:
        with suppress(ValueError):
            self._kept.remove(kept)
        with suppress(OSError):
            (self.folder / kept.file).unlink()

    def close(self) -> None:
        """Delete everything."""
        with self._lock:
            self._kept.clear()
        self._clear()
