"""What the program did, for whoever has to find out why it failed: a log and reports of crashes.

Neither ever holds content. A log line is an event of a fixed name with numbers, sizes and classes;
words are only let through where they are one of ours: an identifier in the source code. A crash
report has the traceback's places (file, line, function) and classes of errors, never a message or a
local value, since either may hold a sentence of somebody's report.

Files: `home/logs/drafter.jsonl` (one JSON object a line, five files of 1 MB at most) and
`home/crashes/<time>.txt` (the last twenty). Writing them never raises: a full disk must not turn a
small fault into a large one.
"""

import contextlib
import json
import os
import platform
import re
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from index.errors import UserFacingError
from index.home import home

MAX_BYTES, FILES = 1_000_000, 5
MOST_CRASHES = 20
# An identifier of the source: lower-case ASCII words, dots and dashes. No sentence of a report,
# file name or address of a person passes.
_OURS = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,60}")
_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("gradio", "torch", "transformers", "xllamacpp", "faiss-cpu", "sentence-transformers")
_lock = threading.Lock()

Value = int | float | bool | str | None


def log_file() -> Path:
    """Return the log now written to."""
    return home() / "logs" / "drafter.jsonl"


def crash_folder() -> Path:
    """Return the folder of crash reports."""
    return home() / "crashes"


def note(event: str, **values: Value) -> None:
    """Write one line: the time (UTC), the event, and values that are numbers or words of ours.

    A string that is no identifier is written as its length alone, so that a mistake at a call
    cannot put content into the log. Never raises for what the disk does.
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line: dict[str, Value] = {"at": now, "event": _ours(event)}
    for key, value in values.items():
        line[key] = _ours(value) if isinstance(value, str) else value
    line["thread"] = _ours(threading.current_thread().name)
    with contextlib.suppress(OSError), _lock:
        _append(json.dumps(line, ensure_ascii=True) + "\n")


def _ours(text: str) -> str:
    return text if _OURS.fullmatch(text) else f"[{len(text)}]"


def _append(line: str) -> None:
    if not home().is_dir():
        return  # whoever only looks (--help, doctor) makes no home
    path = log_file()
    path.parent.mkdir(exist_ok=True)
    if path.exists() and path.stat().st_size + len(line) > MAX_BYTES:
        _rotate(path)
    with path.open("a", encoding="ascii") as file:
        file.write(line)


def _rotate(path: Path) -> None:
    for number in range(FILES - 2, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))


@contextlib.contextmanager
def timed(event: str, **values: Value) -> Iterator[None]:
    """Note an event when the block is over: how long it took, and the class and place of its error,
    which goes on its way."""
    began = time.monotonic()
    try:
        yield
    except BaseException as error:
        seconds = round(time.monotonic() - began, 3)
        note(event, seconds=seconds, error=type(error).__name__, place=place_of(error), **values)
        raise
    note(event, seconds=round(time.monotonic() - began, 3), **values)


def place_of(error: BaseException) -> str:
    """Return where an error was raised, as module.function:line, of our own code where it is."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT)]
    if not frames:
        return "unknown"
    frame = (own or frames)[-1]
    return f"{Path(frame.filename).stem}.{frame.name.strip('<>')}:{frame.lineno}"


def crash(error: BaseException, where: str) -> Path | None:
    """Write a report of an error nobody foresaw, here and to the terminal; return its path, None
    where it could not be written.

    `where` names the edge that caught it ("page", "command", "engine").
    """
    note("crash", where=where, error=type(error).__name__, place=place_of(error))
    said = report_of(error, where)
    if sys.stderr is not None:  # pythonw on Windows has none
        sys.stderr.write(said)
    folder = crash_folder()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    path = folder / f"{stamp}.txt"
    try:
        with _lock:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(said, encoding="utf-8")
            for old in sorted(folder.glob("*.txt"))[:-MOST_CRASHES]:
                old.unlink()
    except OSError:
        return None
    return path


def report_of(error: BaseException, where: str) -> str:
    """Return the text of a crash report: versions, system, the traceback's places. No content."""
    return "\n".join(
        [
            "拟稿台 出错报告（只有程序的位置和版本，没有文稿内容，可以发给维护人员）",
            f"时间 {datetime.now(UTC).isoformat(timespec='seconds')}  位置 {_ours(where)}",
            *_system(),
            "",
            *_trace(error),
            "",
        ]
    )


def _system() -> Iterator[str]:
    yield f"Python {platform.python_version()}  {platform.system()} {platform.machine()}"
    yield f"处理器 {os.cpu_count()}  线程 {threading.active_count()}"
    from importlib.metadata import PackageNotFoundError, version

    for name in ("drafter", *_PACKAGES):
        with contextlib.suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def _trace(error: BaseException) -> Iterator[str]:
    """Yield the places of an error and of those it came from, the first cause last."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield f"{type(one).__module__}.{type(one).__name__}{_number(one)}"
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {_shortened(frame.filename)}:{frame.lineno} {frame.name}"
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if one is not None:
            yield "起因："


def _number(error: BaseException) -> str:
    """Return the number of a system's error; its words may name a file of the person's."""
    number = getattr(error, "errno", None)
    return f" errno={number}" if isinstance(number, int) else ""


def _shortened(filename: str) -> str:
    """Return a source file's path without what is above the program or the packages: a home folder
    has a person's name in it."""
    path = Path(filename)
    if path.is_relative_to(_ROOT):
        return path.relative_to(_ROOT).as_posix()
    parts = path.parts
    for mark in ("site-packages", "lib", "Lib"):
        if mark in parts:
            return "/".join(parts[parts.index(mark) + 1 :])
    return path.name


def watch() -> None:
    """Have errors that nobody caught, in the program and in its threads, written as reports too."""
    before = sys.excepthook

    def main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception) and not isinstance(error, UserFacingError):
            crash(error, "program")
        else:
            before(kind, error, trace)

    def thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            crash(args.exc_value, "thread")

    sys.excepthook, threading.excepthook = main, thread
