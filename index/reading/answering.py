"""The other side of a bounded process: its limits, what it was asked, and how it answers.

Frames: a line of JSON, then as many bytes as its "size" says; the last one says "end".
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from index.errors import UserFacingError
from index.reading import refusals
from index.reading.limits import limit_process


def send(head: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one frame."""
    out = sys.stdout.buffer
    out.write(json.dumps({**head, "size": len(body)}).encode() + b"\n" + body)
    out.flush()


def answer(work: Callable[[str, bytes], str], sign: str = "refused") -> int:
    """Answer `bounded.ask_process`: do `work` on the name and the file, send the text it returns.

    Whatever it refuses goes back under `sign` as (message, hint): "refused" is raised by the asker
    as UnreadableFile, any other sign is for the caller to read. Returns the exit status.
    """
    limit_process()
    name = str(json.loads(sys.stdin.buffer.readline()))
    try:
        send({}, work(name, sys.stdin.buffer.read()).encode("utf-8", "replace"))
    except UserFacingError as refused:
        send({sign: (refused.message, refused.hint)})
    except (MemoryError, RecursionError):
        reason = refusals.too_much(name)
        send({sign: (reason.message, reason.hint)})
    send({"end": "end"})
    return 0
