"""What a name claim is, and small tools to find one by the words of data/name_signs.toml."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from drafter.data import load_table

Kind = Literal["person", "body", "organ", "place", "honour", "platform", "numbered"]
HAN = "\u4e00-\u9fff"


@dataclass(frozen=True, slots=True)
class Claim:
    """A name at `start:end` of a text; `core` is the part a fact must have for it to be known.

    `sure` is False where the words may be no name at all: 钱花在 is not about a person.
    """

    kind: Kind
    text: str
    start: int
    end: int
    core: str
    sure: bool = True


def either(words: list[str]) -> str:
    """Return a pattern that matches any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def name_signs(part: str) -> dict[str, Any]:
    """Return one part ("person", "body"…) of the table of signs."""
    words: dict[str, Any] = load_table("name_signs")[part]
    return words
