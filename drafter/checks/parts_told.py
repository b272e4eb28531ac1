"""What a fact says of a part, told of the whole.

8个支部通过验收，其中3个获评示范支部 told as 8个支部获评示范支部，其中3个成绩突出. Both numbers
stand, so that none is lost. Known where the whole's number stands with all words of the part, the
part's number nowhere does, and the fact itself says nothing alike of the whole.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.amounts import amount_of, exchangeable, same_number
from drafter.checks.alignment import Clause, clauses_of, pairs_of, share
from drafter.numbers import Quantity, find_quantities

_PART = re.compile("(?:其中|中)(?:的|有|已有|共有)?[，,]?$")
_MARK = re.compile("[，。；：、！？\n]")
_EMPTY = re.compile("[的了已均都]|全部")
_AIM = re.compile(
    "争创|创建|力争|争取|申报|参评|推荐|对照|按照|围绕|打造|培育|推动|力促|冲刺|参加|迎接"
    "|鼓励|支持|动员|引导|发动|号召|要求|督促|指导|帮助|助力|努力"
)
_LEAST = 3  # pairs of letters that say enough to be known
_TOLD = 0.8  # share of them that tells it
_NEAR = 0.5


def parts_told(fact: str, text: str, others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of a part that the text tells of its whole, and the clause that does so.
    `others` are all facts."""
    for whole, part, said, words in _parts(fact):
        if any(one != fact and _tells(one, whole, said, _NEAR) for one in others):
            continue
        told = _tells(text, whole, said, _TOLD, part)
        if told is None or _tells(text, part, said, _NEAR):
            continue
        clause = text[told.start : told.end]
        if not _AIM.search(clause):
            yield words, clause.strip()


def _tells(
    text: str, number: Quantity, said: frozenset[str], least: float, but: Quantity | None = None
) -> Clause | None:
    """The clause of a text that has a number and what is said of a part, and not the number
    `but`."""
    for clause in clauses_of(text):
        if share(said, clause.pairs) < least:
            continue
        here = find_quantities(text[clause.start : clause.end], loose=True)
        told = any(_same(one, number) for one in here)
        if told and (but is None or not any(_same(one, but) for one in here)):
            return clause
    return None


def _same(one: Quantity, other: Quantity) -> bool:
    first, second = amount_of(one), amount_of(other)
    return same_number(first, second) and (first.unit == second.unit or exchangeable(first, second))


@lru_cache(maxsize=4096)
def _parts(fact: str) -> tuple[tuple[Quantity, Quantity, frozenset[str], str], ...]:
    """Whole, part, the pairs of letters of what is said of the part, and its words."""
    if "中" not in fact:
        return ()
    counts = [q for q in find_quantities(fact) if q.kind == "count" and not q.weak]
    found = []
    for at, part in enumerate(counts):
        if not _PART.search(fact[: part.start]):
            continue
        wholes = [q for q in counts[:at] if q.unit == part.unit and q.value > part.value]
        words = _MARK.split(fact[part.end :])[0]
        said = pairs_of(_EMPTY.sub("", words))
        if not wholes or len(said) < _LEAST or "#" in "".join(said):
            continue
        whole = wholes[-1]
        # 8个获评示范支部，其中3个获评市级示范支部: much the same is said of all.
        if share(said, pairs_of(fact[: part.start])) < _NEAR:
            found.append((whole, part, said, words))
    return tuple(found)
