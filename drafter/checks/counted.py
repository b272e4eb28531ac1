"""Numbers that were kept while the thing they count was exchanged, or told of another fact.

“困难党员32名” told as “困难群众32名”; “专题研讨6次” told with the 10 of another fact. Only nouns of
data/counted.toml beside the number are compared, so that other wording stays free.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.amounts import Amount, amount_of, pairs, same_number, same_unit, words_around
from drafter.data import load_table
from drafter.numbers import Quantity, find_quantities
from drafter.types import Fact

_SPREAD = re.compile(r"分别|各|均|依次|都|共|合计|平均")
_CLAUSE = re.compile(r"[，。；：！？\n]")
_NEAR = 6  # letters between a number and the noun it counts


@lru_cache(maxsize=1)
def _nouns() -> tuple[re.Pattern[str], dict[str, str]]:
    groups = {
        word: name for name, words in load_table("counted")["group"].items() for word in words
    }
    words = sorted(groups, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))), groups


@lru_cache(maxsize=4096)
def _groups(text: str) -> frozenset[str]:
    pattern, groups = _nouns()
    return frozenset(groups[match] for match in pattern.findall(text))


def _beside(text: str, quantity: Quantity) -> frozenset[str]:
    """The groups of the nouns that the number counts: right after it, else right before."""
    before, after = words_around(text, quantity.start, quantity.end).split("|", 1)
    pattern, groups = _nouns()
    following = pattern.search(after[: _NEAR + 4])
    if following and following.start() <= 3 and not re.match("[，的]", after):
        return frozenset([groups[following[0]]])
    edge = len(before) - _NEAR
    return frozenset(groups[m[0]] for m in pattern.finditer(before) if m.start() >= edge)


@lru_cache(maxsize=4096)
def _counts(text: str) -> tuple[tuple[Quantity, Amount], ...]:
    found = (q for q in find_quantities(text, loose=True) if q.kind in ("count", "money"))
    return tuple((quantity, amount_of(quantity)) for quantity in found)


def _clause(text: str, quantity: Quantity) -> str:
    left = max((m.end() for m in _CLAUSE.finditer(text, 0, quantity.start)), default=0)
    right = _CLAUSE.search(text, quantity.end)
    return text[left : right.start() if right else len(text)]


def _exchanged(text: str, quantity: Quantity, told: Sequence[tuple[Fact, Quantity]]) -> Fact | None:
    """The fact whose thing the draft exchanged, None where one fact at least fits."""
    here = _beside(text, quantity) - {"问题"}  # 隐患29处 may be 29处问题
    if not here:
        return None
    around = _groups(_clause(text, quantity))
    for fact, found in told:
        there = _beside(fact.text, found)
        if not there or here & _groups(fact.text) or there & around:
            return None
    return told[0][0]


def _misplaced(
    text: str, quantity: Quantity, told: Sequence[tuple[Fact, Quantity]], facts: Sequence[Fact]
) -> Fact | None:
    """The fact that the number's phrase tells, where it has another number of the same unit."""
    words = words_around(text, quantity.start, quantity.end)
    own = pairs(words)
    if len(own) < 2 or _SPREAD.search(_clause(text, quantity)):
        return None
    if any(own & pairs(fact.text) for fact, _ in told):
        return None
    amount = amount_of(quantity)
    for fact in facts:
        for found, other in _counts(fact.text):
            local = pairs(words_around(fact.text, found.start, found.end))
            near = len(local) >= 2 and len(local & own) >= 0.6 * len(local)
            if near and other.unit == amount.unit and not same_number(other, amount):
                return fact
    return None


@lru_cache(maxsize=1)
def _people() -> re.Pattern[str]:
    table = load_table("counted")
    people = [word for name in table["people"]["groups"] for word in table["group"][name]]
    words = "|".join(map(re.escape, sorted(people, key=len, reverse=True)))
    verbs = "|".join(table["people"]["followed_by"])
    return re.compile(f"(?:{words})(?={verbs}|[，。；、]|$)")


def _people_by_the_piece(text: str, quantity: Quantity) -> bool:
    """Whether people are counted with a word for things: “28份党员签订了承诺书”.

    “28份党员承诺书” counts what people made; there no verb follows the people.
    """
    if quantity.unit not in load_table("counted")["people"]["never"]:
        return False
    return _people().match(text, quantity.end) is not None


def miscounted(
    text: str, quantities: Sequence[Quantity], facts: Sequence[Fact]
) -> Iterator[tuple[int, int, Fact]]:
    """Yield `start, end` and the fact of numbers of `text` that count something else than facts do;
    the span takes in the words before the number that say what it counts.
    """
    for quantity in quantities:
        if quantity.kind not in ("count", "money"):
            continue
        amount = amount_of(quantity)
        told = [
            (fact, found)
            for fact in facts
            for found, other in _counts(fact.text)
            if same_number(amount, other) and same_unit(amount, other)
        ]
        if not told:
            continue
        fact = _exchanged(text, quantity, told) or _misplaced(text, quantity, told, facts)
        if fact is None and _people_by_the_piece(text, quantity):
            fact = next((f for f, q in told if not _people_by_the_piece(f.text, q)), None)
        if fact is not None:
            before, _ = words_around(text, quantity.start, quantity.end).split("|", 1)
            yield quantity.start - min(len(before), _NEAR), quantity.end, fact
