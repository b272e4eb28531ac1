"""Limits beside a number: 近200 told as 200余, 不少于2次 as 不超过2次, 约3000 as 3000."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.alignment import Clause, best_clauses, clauses_of, pairs_of, share
from drafter.data import load_table
from drafter.number_patterns import NO_LIMIT
from drafter.numbers import Quantity, find_quantities

# Limits that say the same of a number, or nearly: 1200余 is 超过1200, 近200 is 不足200.
_EQUAL = (
    frozenset({"余", "超过", "不少于"}),
    frozenset({"近", "不足", "约"}),
    frozenset({"不超过", "不足"}),
)
_OWN = 0.7  # share of a clause's pairs with which it is the fact's own
_OVER, _UNDER = frozenset({"余", "超过", "不少于"}), frozenset({"近", "不足", "不超过"})
_OPPOSITE = ((_OVER, _UNDER), (_UNDER, _OVER))
# 约1/3, 近三分之一: a limit that number reading did not take along; not 最近, 大约 is its own word.
_BESIDE = re.compile(f"(?<![{NO_LIMIT}])(?<!规民)(?P<limit>[约近超逾])[有占]?$")


@dataclass(frozen=True, slots=True)
class Limit:
    """A number `start:end` of a text told under another limit than `told`, the fact's own words;
    `sure`: above for below, which no reading makes one, or in a clause that is the fact's own."""

    start: int
    end: int
    told: str
    sure: bool


_AFTER_NAMES = {"左右": "约", "上下": "约", "以上": "不少于", "以下": "不超过", "以内": "不超过"}
_AFTER = re.compile("|".join(_AFTER_NAMES))


@lru_cache(maxsize=1)
def _loose() -> re.Pattern[str]:
    """A limit that stands a few characters before its number: 至少讲2次, 人数接近百名."""
    words = {
        word: group["name"]
        for group in load_table("qualifiers")["approx"]
        for word in group.get("before", [])
        if len(word) > 1
    }
    both = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(f"(?P<limit>{both})[^，。；：！？、”\\d]{{0,6}}$")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        word: group["name"]
        for group in load_table("qualifiers")["approx"]
        for word in group.get("before", [])
    }


def _limit(quantity: Quantity, text: str) -> str:
    if quantity.approx:
        return quantity.approx
    behind = _AFTER.match(text, quantity.end)
    if behind:
        return _AFTER_NAMES[behind[0]]
    before = text[max(0, quantity.start - 12) : quantity.start]
    loose = _loose().search(before) or _BESIDE.search(before)
    return _names()[loose["limit"]] if loose else ""


def _same(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in _EQUAL)


@lru_cache(maxsize=1024)
def _keys(text: str) -> frozenset[str]:
    return frozenset(quantity.key for quantity in find_quantities(text))


def changed_limits(fact: str, facts: Sequence[str], text: str) -> Iterator[Limit]:
    """Yield each number told under another limit.

    Only where the same number with the same unit stands in the clause that tells the fact and
    nowhere in the sentence under the right limit.
    """
    for quantity in find_quantities(fact):
        if quantity.weak or quantity.kind in ("date", "year", "time", "ordinal"):
            continue
        if quantity.key not in _keys(text):
            continue
        own = _limit(quantity, fact)
        clause = next((c for c in clauses_of(fact) if c.start <= quantity.start < c.end), None)
        if clause is None:
            continue
        for place in best_clauses(fact, clause.start, clause.end, text):
            told = [
                one
                for one in find_quantities(text)
                if place.first <= one.start < place.last and one.key == quantity.key
            ]
            if not told or any(_same(own, _limit(one, text)) for one in told):
                continue
            one = told[0]
            if not _is_others(one, text, fact, facts):
                start = one.start if one.approx else _loose_start(one, text)
                sure = any(own in a and _limit(one, text) in b for a, b in _OPPOSITE)
                sure = sure or share(_bare(fact, clause, quantity), place.pairs) >= _OWN
                yield Limit(start, one.end, quantity.text, sure)
            break


def _bare(fact: str, clause: Clause, quantity: Quantity) -> frozenset[str]:
    """The pairs of the fact's clause without the number, whose limit the draft has exchanged."""
    start, end = quantity.start, quantity.end
    return pairs_of(fact[clause.start : start]) | pairs_of(fact[end : clause.end])


def _loose_start(quantity: Quantity, text: str) -> int:
    left = max(0, quantity.start - 12)
    loose = _loose().search(text[left : quantity.start])
    return left + loose.start() if loose else quantity.start


def _is_others(quantity: Quantity, text: str, fact: str, facts: Sequence[str]) -> bool:
    limit = _limit(quantity, text)
    return any(
        one.key == quantity.key and _same(_limit(one, other), limit)
        for other in facts
        if other != fact
        for one in find_quantities(other)
    )
