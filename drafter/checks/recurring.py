"""The letters of a text, and which of them a report may say any number of times."""

import re
from bisect import bisect_left
from functools import lru_cache

from drafter.checks.passages import covered, formula_letters, letters

# Names a report cannot help saying again: titles, long names in quotes, congresses and plenums.
_NAMED = re.compile(
    r"《[^《》\n]{4,60}》|“[^“”\n]{6,40}”(?:[主专]题教育)?"
    r"|[学习宣传贯彻落实深入全面认真]*党的[一二三四五六七八九十]+(?:大|届[一二三四五六七、中历次和]+全会)(?:精神)?"
)


@lru_cache(maxsize=512)
def free_letters(text: str) -> tuple[str, tuple[int, ...], bytes, frozenset[int]]:
    """Letters of a section, their offsets, 1 where they may recur, and where clauses begin."""
    bare, offsets = letters(text)
    exempt = covered(bare, formula_letters())
    breaks = {
        at
        for at in range(len(offsets))
        if at == 0 or _BREAK.search(text, offsets[at - 1] + 1, offsets[at])
    }
    for match in _NAMED.finditer(text):
        first, last = bisect_left(offsets, match.start()), bisect_left(offsets, match.end())
        exempt[first:last] = b"\1" * (last - first)
        breaks -= set(range(first + 1, last))
    return bare, offsets, bytes(exempt), frozenset({*breaks, len(bare)})


def recurs(exempt: bytes, start: int, end: int) -> bool:
    """Whether most of a run is what may stand in a report any number of times."""
    return sum(exempt[start:end]) * 2 > end - start


_BREAK = re.compile(r"[，。；：、！？,;:!?\n—…（）()]")
