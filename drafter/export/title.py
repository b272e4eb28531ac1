"""Where a long title breaks: between words, in even lines, whatever the width of its digits.

Source: GB/T 9704-2012, 7.3.1 (回行时，词意完整，排列对称，长短适宜). The text itself is not
broken: only the room its lines have is chosen, so that it stays one paragraph for searching, the
navigation pane and tracked changes.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence

from drafter.data import load_table

# Widths of a digit or Latin letter, in characters: half of one in Chinese fonts, more in others.
_NARROW, _WIDE = 0.5, 0.62
# A word processor breaks anywhere but in a number or a Latin word.
_PARTS = re.compile(r"[\dA-Za-z.%]+|.", re.DOTALL)
_CLOSING, _OPENING = "，、；：。！？）》”’", "（《“‘"


def width(text: str, latin: float = _NARROW) -> float:
    """Return the width of a text in Chinese characters; Latin letters and digits take `latin`."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else latin for c in text)


def title_room(title: str, room: float) -> float | None:
    """Return how many characters wide the lines of a title should be, None for the whole page.

    `room` is the width of the page in characters of the title's size.
    """
    if width(title, _WIDE) <= room:
        return None
    count = -(-width(title, _WIDE) // room)
    first = int(width(title) / count * 2)
    choices = [half / 2 for half in range(first, int(room * 2) + 1)]
    return min((_judged(title, choice, room) for choice in choices), default=(0, 0, 0.0, None))[3]


def title_lines(title: str, room: float, latin: float = _NARROW) -> list[str]:
    """Return the lines of a title in that room, as a word processor breaks them."""
    lines, used = [""], 0.0
    for part in _PARTS.findall(title):
        used += width(part, latin)
        if used > room and lines[-1]:
            lines.append("")
            used = width(part, latin)
        lines[-1] += part
    return lines


def _judged(title: str, choice: float, room: float) -> tuple[int, float, float, float]:
    """Return what speaks against a choice, most important first, and the room it needs.

    Its lines must come out the same with narrow and with wide digits: the room lies between the
    longest line and the shortest line that the next word would still fit on.
    """
    lines = title_lines(title, choice)
    need = max(width(line, _WIDE) for line in lines)
    limit = min([room, *(_with_next(a, b) for a, b in itertools.pairwise(lines))])
    lengths = [width(line) for line in lines]
    unsure = 0 if need < limit else 1
    faults = _torn(title, lines) + 2 * (len(lines) - 1) + 4 * unsure
    return faults, max(lengths) - min(lengths), -choice, min((need + limit) / 2, need + 0.5, room)


def _with_next(line: str, after: str) -> float:
    part = _PARTS.match(after)
    return width(line) + (width(part[0]) if part else 0)


def _torn(title: str, lines: Sequence[str]) -> int:
    """Count the words, numbers and marks that these lines tear apart."""
    ends, end = [], 0
    for line in lines[:-1]:
        end += len(line)
        ends.append(end)
    whole = [found.span() for found in _unbroken().finditer(title)]
    marks = sum(title[end] in _CLOSING or title[end - 1] in _OPENING for end in ends)
    return marks + sum(start < end < stop for end in ends for start, stop in whole)


def _unbroken() -> re.Pattern[str]:
    words = sorted(load_table("page_profiles")["title"]["unbroken"], key=len, reverse=True)
    return re.compile("|".join([r"[\dA-Za-z.%]+年?度?", *map(re.escape, words)]))
