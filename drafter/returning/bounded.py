"""An edited Word file read in a process of its own, with limits on memory and time.

What comes back was made by somebody else's program, or by somebody with bad intentions; reading it
must not be able to take the page down with it.
"""

import json
from typing import Any

from drafter.returning.types import Comment, EditedText, Line, Tracked
from index.reading.bounded import ask_process


def read_bounded(name: str, data: bytes) -> EditedText:
    """Return what `read_edited` does; raise UnreadableFile also where a limit is passed."""
    ((_, body),) = ask_process("drafter.returning", name, data)
    return _edited(json.loads(body))


def _edited(read: dict[str, Any]) -> EditedText:
    return EditedText(
        tuple(_line(line) for line in read["lines"]),
        _tracked(read["after"]),
        _comments(read["comments"]),
        tuple(read["notes"]),
    )


def _line(read: dict[str, Any]) -> Line:
    tracked, comments, before = read["tracked"], read["comments"], read["before"]
    return Line(
        read["text"],
        read["level"],
        read["is_title"],
        _tracked(tracked),
        _comments(comments),
        _tracked(before),
    )


def _tracked(read: list[dict[str, Any]]) -> tuple[Tracked, ...]:
    return tuple(Tracked(**one) for one in read)


def _comments(read: list[dict[str, Any]]) -> tuple[Comment, ...]:
    return tuple(Comment(**one) for one in read)
