"""A short name that was introduced (以下简称…) and then not kept to. Advice only.

Source of the rule: 《国家行政机关公文处理办法》（国发〔2000〕23号）第二十五条，使用非规范化简称应当
先用全称并注明简称 (superseded in 2012; the practice stayed). Afterwards the short name stands; the
full one is not wrong, the report only reads unevenly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafter.data import load_table
from drafter.types import Draft, Finding, Sources

_INTRODUCED = re.compile(
    r"([一-鿿A-Za-z0-9·]{4,40})[（(](?:以下|下文|下)(?:统一|统)?(?:简称|称)[：:]?"
    r"[“\"《]?([^“”\"《》（）()，。]{2,16})[”\"》]?[）)]"
)


@dataclass(frozen=True, slots=True)
class ShortName:
    """A name and what it is called from `place` on: (section's place in the draft, offset)."""

    full: str
    short: str
    place: tuple[int, int]


def short_names(draft: Draft) -> tuple[ShortName, ...]:
    """Return the short names a draft introduces, in order, each full name once."""
    found: dict[str, ShortName] = {}
    for at, section in enumerate(draft.sections):
        for start, full, short in _introduced(section.text):
            found.setdefault(full, ShortName(full, short, (at, start)))
    return tuple(found.values())


@lru_cache(maxsize=512)
def _introduced(text: str) -> tuple[tuple[int, str, str], ...]:
    """Return end of the brackets, full name and short name of each introduction."""
    return tuple(
        (match.end(), full, match[2].strip())
        for match in _INTRODUCED.finditer(text)
        if (full := _name_in(match[1], match[2])) and full != match[2].strip()
    )


def _name_in(words: str, short: str) -> str:
    """Return the name that the words before the brackets end with.

    It begins where a name of the Party's bodies does (中共), else after what leads up to a name
    (在、由、经…), but never behind the short name's own first letter.
    """
    table = load_table("short_names")
    begin = max((words.rfind(start) for start in table["starts"]), default=-1)
    if begin >= 0:
        return words[begin:]
    lead = max(
        (words.rfind(word) + len(word) for word in table["leads"] if word in words), default=0
    )
    first = words.find(short[0])
    if 0 <= first < lead:
        lead = 0
    name = words[lead:]
    return name if len(name) > len(short) else words


def check(draft: Draft, _sources: Sources) -> Iterator[Finding]:
    """Yield advice where a full name stands again after its short name was introduced."""
    for name in short_names(draft):
        for at, section in enumerate(draft.sections):
            start = 0
            while (found := section.text.find(name.full, start)) >= 0:
                start = found + len(name.full)
                introduces = section.text[start : start + 1] in ("（", "(")
                if (at, found) < name.place or introduces:
                    continue
                message = f"前面已写明“以下简称{name.short}”，这里可以用简称，全文一致。"
                yield Finding(
                    "short_name", "advice", section.id, (found, start), name.full, message,
                    name.short,
                )  # fmt: skip
