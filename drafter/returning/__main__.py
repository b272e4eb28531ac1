"""The bounded process for an edited Word file: `python -m drafter.returning` (see `bounded`)."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drafter.returning.wordfile import read_edited
from index.errors import UnreadableFile
from index.reading import refusals
from index.reading.limits import limit_process


def main() -> int:
    """Answer one request; return the exit status."""
    limit_process()
    name = str(json.loads(sys.stdin.buffer.readline()))
    try:
        edited = read_edited(name, sys.stdin.buffer.read())
        _send({}, json.dumps(asdict(edited), ensure_ascii=False).encode("utf-8", "replace"))
    except UnreadableFile as refused:
        _send({"refused": (refused.message, refused.hint)})
    except (MemoryError, RecursionError):
        reason = refusals.too_much(name)
        _send({"refused": (reason.message, reason.hint)})
    _send({"end": "end"})
    return 0


def _send(head: Mapping[str, Any], body: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps({**head, "size": len(body)}).encode() + b"\n" + body)
    out.flush()


if __name__ == "__main__":
    raise SystemExit(main())
