"""Files read while the ones before them are embedded: the next two, in order, and no more.

What must be taken apart (Word, PDF) is read in a process of its own anyway (`index.parse`), plain
text is decoded here; so a thread that waits for them is enough. An archive is read as it is put in,
file by file, so that an import can be stopped within it.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from index.errors import UnreadableFile
from index.parse import Reading, read_each

AHEAD = 2
ARCHIVES = (".zip", "")

Readings = Iterator[Reading]
"""What is in one file; may raise UnreadableFile."""


def read_ahead(paths: Iterable[Path]) -> Generator[tuple[Path, Readings]]:
    """Yield each file with what is in it, in order, while up to two more are being read."""
    waiting: deque[tuple[Path, Future[Readings] | None]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as reader:
        try:
            for path in paths:
                archive = path.suffix.lower() in ARCHIVES
                waiting.append((path, None if archive else reader.submit(_read, path)))
                if len(waiting) > AHEAD:
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        finally:  # an import that was stopped wants no more of them
            for _, future in waiting:
                if future:
                    future.cancel()


def _next(waiting: "deque[tuple[Path, Future[Readings] | None]]") -> tuple[Path, Readings]:
    path, future = waiting.popleft()
    return path, future.result() if future else read_each(path)


def _read(path: Path) -> Readings:
    """Read a file now; what it raises is raised when its readings are asked for."""
    readings: list[Reading] = []
    error = None
    try:
        readings.extend(read_each(path))
    except UnreadableFile as raised:
        error = raised
    return _told(readings, error)


def _told(readings: list[Reading], error: UnreadableFile | None) -> Readings:
    yield from readings
    if error:
        raise error
