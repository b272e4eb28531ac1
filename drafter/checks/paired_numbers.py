"""Numbers exchanged between the things they count: 村医32名、护士长9名 told as 村医9名、护士长32名.

No table of nouns: the words beside a number, without those that both facts share, say whose it is.
A number is told wrong where its words are those of another number of the facts, none of them its
own, and that other number stands nowhere beside its own words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.amounts import Amount, amount_of, exchangeable, same_number
from drafter.numbers import Quantity, find_quantities
from drafter.types import Fact

# Share of a number's own words, or of the draft's, from which the two speak of one thing.
_ALIKE = 0.6
_HEAD, _TAIL = 10, 6  # letters before and after a number that say what it counts
_MARK = re.compile(r"[，。；：、！？,;:!?\n（）()]")
_JOIN = re.compile(r"^(?:[和与及同跟]|以及)(?=[\u4e00-\u9fff]{2})")
_OTHER = re.compile("[和与及同跟]|以及")  # behind it stands what the next number counts
_HAN = re.compile("[^\u4e00-\u9fff]")
_EMPTY = frozenset("的了和与及在为由于共是把从已其各个着过到")
# With these the order of a list, not the words beside a number, says what it counts.
_IN_ORDER = re.compile(r"分别|依次|各(?![类界方])|平均|均为")
_KINDS = ("count", "money", "percent")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A number with the words that say what it counts.

    `own` are pairs of letters right before it, or after it where none stand before, `near` the one
    next to it; `full` those of both sides and the date its clause names; `start:end` its span with
    the words before it.
    """

    quantity: Quantity
    amount: Amount
    own: frozenset[str]
    near: str
    full: frozenset[str]
    start: int
    end: int


def _pairs(words: str) -> frozenset[str]:
    plain = _HAN.sub("", words)
    if len(plain) == 1:
        return frozenset() if plain in _EMPTY else frozenset([plain])
    found = (plain[at : at + 2] for at in range(len(plain) - 1))
    return frozenset(pair for pair in found if not (pair[0] in _EMPTY or pair[1] in _EMPTY))


@lru_cache(maxsize=4096)
def _labelled(text: str) -> tuple[Labelled, ...]:
    """The exact numbers of `text` with their words."""
    found = find_quantities(text)
    made = []
    for at, quantity in enumerate(found):
        if quantity.kind not in _KINDS or quantity.weak or quantity.upper is not None:
            continue
        edge = max((m.end() for m in _MARK.finditer(text, 0, quantity.start)), default=0)
        left = max(edge, found[at - 1].end if at else 0)
        stop = _MARK.search(text, quantity.end)
        right = stop.start() if stop else len(text)
        if at + 1 < len(found):
            right = min(right, found[at + 1].start)
        head = _JOIN.sub("", text[left : quantity.start])[-_HEAD:]
        tail = _OTHER.split(text[quantity.end : right][:_TAIL])[0]
        before, after = _pairs(head), _pairs(tail)
        dates = {
            f"@{q.form}" for q in found[:at] if q.form and q.kind != "fraction" and q.start >= edge
        }
        own = before or after
        end = quantity.end if before else min(right, quantity.end + 4)
        span = quantity.start - len(head), end
        made.append(
            Labelled(
                quantity,
                amount_of(quantity),
                own | dates,
                _HAN.sub("", head)[-2:] if before else _HAN.sub("", tail)[:2],
                before | after | dates,
                *span,
            )
        )
    return tuple(made)


def _one_unit(one: Amount, other: Amount) -> bool:
    return one.unit == other.unit or exchangeable(one, other)


def _is_told(number: Labelled, apart: frozenset[str], text: Sequence[Labelled]) -> bool:
    """Whether a fact's number stands in the draft beside one of the words `apart`."""
    return any(
        same_number(number.amount, one.amount)
        and _one_unit(number.amount, one.amount)
        and (apart & one.full or not one.full)
        for one in text
    )


def _taken(here: Labelled, own: Labelled, rival: Labelled, text: Sequence[Labelled]) -> bool:
    """Whether the draft's number `here`, which is `own` of the facts, stands in `rival`'s words."""
    apart = rival.own - own.full
    shared = apart & here.own
    if not shared or here.full & (own.full - rival.full):
        return False
    alike = max(len(shared) / len(apart), len(shared) / len(here.own))
    alike = 1.0 if here.near == rival.near and here.near in apart else alike
    return alike >= _ALIKE and not _is_told(rival, rival.full - own.full, text)


def exchanged_numbers(text: str, facts: Sequence[Fact]) -> Iterator[tuple[int, int, Fact]]:
    """Yield `start, end` of each number of `text`, with the words before it, that stands in the
    place of another number of `facts`, and the fact whose number that is."""
    told = [(fact, one) for fact in facts for one in _labelled(fact.text)]
    numbers = _labelled(text)
    for here in numbers:
        own = [one for _, one in told if same_number(one.amount, here.amount)]
        own = [one for one in own if _one_unit(one.amount, here.amount)]
        if not own or not here.own or _IN_ORDER.search(_clause(text, here.quantity)):
            continue
        rivals = (
            (fact, one)
            for fact, one in told
            if _one_unit(one.amount, here.amount) and not same_number(one.amount, here.amount)
        )
        for fact, rival in rivals:
            if all(_taken(here, one, rival, numbers) for one in own):
                yield here.start, here.end, fact
                break


def _clause(text: str, quantity: Quantity) -> str:
    left = max((m.end() for m in re.finditer("[，。；：\n]", text[: quantity.start])), default=0)
    right = re.search("[，。；：\n]", text[quantity.end :])
    return text[left : quantity.end + (right.start() if right else len(text))]
