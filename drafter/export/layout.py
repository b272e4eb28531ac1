"""What every form of export agrees on: the order of paragraphs, their numbers, legal characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from drafter.outlines import numbered
from drafter.types import Draft

# What XML 1.0 (section 2.2) does not allow, and U+FEFF, which is a byte order mark gone astray.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `number` is the mark before a heading, "" for the others."""

    kind: Literal["title", "heading1", "heading2", "body"]
    number: str
    text: str


def paragraphs(draft: Draft) -> Iterator[Paragraph]:
    """Yield the draft in reading order; lines of a text become paragraphs, empty ones go."""
    title = " ".join(legal(draft.title).split())
    if title:
        yield Paragraph("title", "", title)
    for number, section in zip(numbered(draft.sections), draft.sections, strict=True):
        heading = " ".join(legal(section.heading).split())
        if heading:
            yield Paragraph("heading1" if section.level == 1 else "heading2", number, heading)
        for line in legal(section.text).split("\n"):
            if line := line.strip():
                yield Paragraph("body", "", line)


def legal(text: str) -> str:
    """Drop characters no Word file can hold; all kinds of line break become a newline."""
    return _ILLEGAL.sub("", _BREAKS.sub("\n", text))
