"""The shapes that pass between a file's bytes and its text."""

from dataclasses import dataclass
from typing import Literal

from index.errors import UnreadableFile

# What the first bytes say a file is; see `index.reading.kinds`.
Kind = Literal[
    "text", "csv", "html", "mht", "zip", "pdf", "ole", "rtf", "wordxml", "sheetxml",
    "picture", "packed", "empty",
]  # fmt: skip
Task = Literal["text", "members"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One file's text, with what a person should know of how it was read (Chinese sentences).

    `name` is the file's name; inside an archive it is "archive.zip/folder/name". `error` is set,
    and `text` empty, where one of several files could not be read.
    """

    name: str
    text: str
    notes: tuple[str, ...] = ()
    error: UnreadableFile | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What the bounded process is asked: the text of one file, or the members of an archive.

    `rows` keeps each table row one line, as a fact sheet needs. `folder` is a folder of its own
    that is removed afterwards; nothing is written elsewhere.
    """

    task: Task
    name: str
    kind: Kind
    rows: bool
    folder: str
