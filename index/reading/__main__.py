"""The bounded process: one file in on stdin, its text or an archive's members out on stdout.

`python -m index.reading`. First line in: a Request as JSON; then the file. Out: lines of JSON, each
followed by as many bytes as its "size" says. Limits are set before the first byte is read; a
failure that is not a refusal ends the process with a status, and the caller says so.
"""

import json
import sys

from index.errors import UnreadableFile
from index.reading import refusals
from index.reading.answering import send
from index.reading.archive import members
from index.reading.extract import document_kind, text_of
from index.reading.limits import limit_process
from index.reading.package import Package
from index.reading.types import Request

MAX_TEXT = 5_000_000  # characters: more than any report, and what a page can still show


def main() -> int:
    """Answer one request; return the exit status."""
    limit_process()
    request = Request(**json.loads(sys.stdin.buffer.readline()))
    data = sys.stdin.buffer.read()
    try:
        if request.task == "members":
            _send_members(request.name, data)
        else:
            text, notes = text_of(request, data)
            if len(text) > MAX_TEXT:
                raise refusals.too_much(request.name)
            send({"notes": notes}, text.encode("utf-8", errors="replace"))
    except UnreadableFile as refused:
        send({"refused": (refused.message, refused.hint)})
    except (MemoryError, RecursionError):
        reason = refusals.too_much(request.name)
        send({"refused": (reason.message, reason.hint)})
    send({"end": "end"})
    return 0


def _send_members(name: str, data: bytes) -> None:
    """Send each member, a locked or damaged one as a refusal; of a document only what it is."""
    package = Package(name, data)
    if document_kind(package):
        send({"document": document_kind(package)})
        return
    for member, content in members(package):
        if isinstance(content, UnreadableFile):
            send({"name": member, "refused": (content.message, content.hint)})
        else:
            send({"name": member}, content)


if __name__ == "__main__":
    raise SystemExit(main())
