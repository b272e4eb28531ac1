"""One file, one process: started, given the file, waited for, and killed whole when it is too slow.

Starting one takes about 0.1 s. What a hostile file can do ends with that process: it has a memory
limit, a time limit, and a temporary folder that is removed here whatever happens.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import UnreadableFile
from index.failures import meaning
from index.processes import end_all
from index.reading import refusals
from index.reading.types import Kind, Reading, Request, Task
from index.scratch import scratch_folder

READ_SECONDS = 60.0
OFFICE_SECONDS = 120.0
_OFFICE_KINDS: tuple[Kind, ...] = ("ole", "rtf", "wordxml", "sheetxml", "zip")  # zip: odt, xlsb
_ROOT = Path(__file__).resolve().parent.parent.parent
_NO_MEMORY = (b"MemoryError", b"out of memory", b"bad_alloc", b"Cannot allocate")
_CPU_SIGNAL = 24  # SIGXCPU, which Windows does not name


def bounded_text(name: str, kind: Kind, data: bytes, rows: bool, seconds: float = 0.0) -> Reading:
    """Return the text of a file; raise UnreadableFile where there is none or a limit is passed.

    `seconds` is the time it may take, by default 60, or 120 where LibreOffice may be needed.
    """
    limit = seconds or (OFFICE_SECONDS if kind in _OFFICE_KINDS else READ_SECONDS)
    (frame,) = _ask(name, kind, data, rows, "text", limit)
    head, body = frame
    return Reading(name, body.decode("utf-8"), tuple(head["notes"]))


def bounded_members(
    name: str, data: bytes, seconds: float = READ_SECONDS
) -> tuple[tuple[str, bytes | UnreadableFile], ...] | None:
    """Return the files of a zip by name, each with its bytes or why it cannot be read.

    None for a document that is a zip (docx, xlsx, odt, OFD) rather than an archive of files.

    Raises UnreadableFile for an archive that is damaged or unpacks to too much.
    """
    frames = _ask(name, "zip", data, False, "members", seconds)
    if frames and "document" in frames[0][0]:
        return None
    return tuple(
        (head["name"], UnreadableFile(*head["refused"]) if "refused" in head else body)
        for head, body in frames
    )


def _ask(
    name: str,
    kind: Kind,
    data: bytes,
    rows: bool,
    task: Task,
    seconds: float,
) -> list[tuple[dict[str, Any], bytes]]:
    """Run one process and return what it sent; raise what it refused, or why it ended."""
    with _scratch(name) as folder:
        request = Request(task, name, kind, rows, folder)
        line = json.dumps(asdict(request)).encode() + b"\n"
        return _answer("index.reading", line + data, folder, name, seconds)


def ask_process(
    module: str, name: str, data: bytes, seconds: float = READ_SECONDS
) -> list[tuple[dict[str, Any], bytes]]:
    """Run `python -m module` on a file and return what it sent; raise UnreadableFile as for texts.

    The module gets the name as a line of JSON, then the file; it sets its own limits
    (`limits.limit_process`) and answers in frames, as `index.reading` does.
    """
    with _scratch(name) as folder:
        return _answer(module, json.dumps(name).encode() + b"\n" + data, folder, name, seconds)


@contextlib.contextmanager
def _scratch(name: str) -> Iterator[str]:
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_folder("read"))
        except OSError as error:
            raise refusals.no_room(name, meaning(error)) from error
        yield str(folder)


def _answer(
    module: str, sent: bytes, folder: str, name: str, seconds: float
) -> list[tuple[dict[str, Any], bytes]]:
    status, out, err = _run(module, sent, folder, name, seconds)
    frames = _frames(out)
    if status != 0 or frames is None:
        if any(sign in err for sign in _NO_MEMORY):
            raise refusals.too_much(name)
        if status == -_CPU_SIGNAL:
            raise refusals.too_slow(name, seconds)
        raise refusals.damaged(name)
    for head, _ in frames:
        if "refused" in head and "name" not in head:  # the whole file, not a member of it
            raise UnreadableFile(*head["refused"])
    return frames


def _run(
    module: str, sent: bytes, folder: str, name: str, seconds: float
) -> tuple[int, bytes, bytes]:
    environment = {
        **os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder, "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=_ROOT, env=environment, start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
    try:
        out, err = process.communicate(sent, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise refusals.too_slow(name, seconds) from None
    finally:
        end_all(process)
    return process.returncode, out, err


def _frames(out: bytes) -> list[tuple[dict[str, Any], bytes]] | None:
    """Return what a process sent, None where it broke off or sent something else."""
    found: list[tuple[dict[str, Any], bytes]] = []
    at = 0
    while at < len(out):
        end = out.find(b"\n", at)
        try:
            head = json.loads(out[at:end])
            at = end + 1 + head["size"]
        except (ValueError, KeyError, TypeError):
            return None
        if end < 0 or at > len(out):
            return None
        found.append((head, out[end + 1 : at]))
    ended = bool(found) and "end" in found.pop()[0]
    return found if ended else None
