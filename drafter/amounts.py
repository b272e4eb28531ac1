"""Amounts compared: the same number of the same thing, however it is written.

12次 = 十二次, 1.8万元 = 18000元, 3公里 = 3000米, 三分之二 = 66.7%; 15项问题 may be 问题15个, which
measure words change places is in data/units.toml. It knows nothing of texts beyond the phrase a
number stands in.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from drafter.data import load_table
from drafter.numbers import Quantity

# Shares told as fraction and as percentage agree to half a point: 三分之二 and 66.7%, 67%.
_ROUNDED = Decimal("0.5")
_EDGE = re.compile(r"[，。；：、！？,;:!?\n（）()“”《》]")
_HAN_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")
# Letters that say nothing of what is counted.
EMPTY = frozenset("的了和与及对在为由被将并等中上下于个共有是把从已其各地得着过到以")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its base unit. `high` is the end of a range, `approx` the word of limit."""

    low: Decimal
    high: Decimal | None
    unit: str
    ordinal: bool
    approx: str
    share: bool = False


@lru_cache(maxsize=1)
def _factors() -> dict[str, tuple[str, Decimal]]:
    table = load_table("units")["convert"]
    return {unit: (entry["to"], Decimal(entry["times"])) for unit, entry in table.items()}


@lru_cache(maxsize=1)
def _classes() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words) for words in load_table("units")["exchange"].values())


def base_unit(unit: str) -> tuple[str, Decimal]:
    """Return the unit that amounts of `unit` are reckoned in, and how many of it one makes."""
    return _factors().get(unit, (unit, Decimal(1)))


def _based(
    low: Decimal, high: Decimal | None, unit: str, ordinal: bool, approx: str, share: bool = False
) -> Amount:
    if not ordinal and unit in _factors():
        unit, times = _factors()[unit]
        low, high = low * times, None if high is None else high * times
    return Amount(low, high, unit, ordinal, approx, share)


@lru_cache(maxsize=8192)
def amount_of(quantity: Quantity) -> Amount:
    """Return the amount of a number that is no date."""
    if quantity.kind == "fraction":
        return Amount(quantity.value * 100, None, "%", False, quantity.approx, share=True)
    ordinal = quantity.kind == "ordinal"
    return _based(quantity.value, quantity.upper, quantity.unit, ordinal, quantity.approx)


@lru_cache(maxsize=8192)
def amount_of_value(value: str) -> Amount:
    """Return the amount that an anchor's value says: "12|次", "8~10|个|近", "第3|批", "2/3|约"."""
    number, _, rest = value.partition("|")
    if "/" in number:
        high, low = (Decimal(part) for part in number.split("/"))
        return Amount(high / low * 100, None, "%", False, rest.strip("|"), share=True)
    unit, _, approx = rest.partition("|")
    ordinal = number.startswith("第")
    ends = [Decimal(part) for part in number.removeprefix("第").split("~")]
    return _based(ends[0], ends[1] if len(ends) > 1 else None, unit, ordinal, approx)


@lru_cache(maxsize=1)
def _scales() -> tuple[dict[str, Decimal], ...]:
    table = load_table("units")["equal"].values()
    return tuple({unit: Decimal(size) for unit, size in scale.items()} for scale in table)


def equal_spans(one: Amount, other: Amount) -> bool:
    """Whether amounts of two units come to the same: 24小时 and 1天, 一倍 and 100%."""
    if one.unit == other.unit or one.ordinal or other.ordinal or one.high or other.high:
        return False
    return any(
        one.low * scale[one.unit] == other.low * scale[other.unit]
        for scale in _scales()
        if one.unit in scale and other.unit in scale
    )


def same_number(one: Amount, other: Amount) -> bool:
    """Whether two amounts are the same number, whatever their units and limits."""
    if equal_spans(one, other):
        return True
    if one.ordinal != other.ordinal or one.high != other.high:
        return False
    if one.share != other.share and one.unit == other.unit == "%":
        return abs(one.low - other.low) <= _ROUNDED
    return one.low == other.low


def same_unit(one: Amount, other: Amount) -> bool:
    """Whether two amounts count in the same unit, or come to the same in two units; one without a
    unit goes with any."""
    return one.unit == other.unit or not one.unit or not other.unit or equal_spans(one, other)


def exchangeable(one: Amount, other: Amount) -> bool:
    """Whether the units may stand for each other where the same thing is counted: 15个, 15项."""
    return any(one.unit in units and other.unit in units for units in _classes())


@lru_cache(maxsize=1024)
def _edges(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where the punctuation of `text` starts and where it ends, in order."""
    spans = [match.span() for match in _EDGE.finditer(text)]
    return tuple(start for start, _ in spans), tuple(end for _, end in spans)


def phrase_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the phrase around `start:end`, up to the nearest punctuation on either side."""
    starts, ends = _edges(text)
    before, after = bisect_right(ends, start), bisect_left(starts, end)
    return ends[before - 1] if before else 0, starts[after] if after < len(starts) else len(text)


@lru_cache(maxsize=8192)
def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese letters of `text` that say something."""
    found = (match[1] for match in _HAN_PAIR.finditer(text))
    return frozenset(pair for pair in found if not (pair[0] in EMPTY or pair[1] in EMPTY))


def words_around(text: str, start: int, end: int) -> str:
    """Return the phrase a number stands in, without the number itself."""
    left, right = phrase_span(text, start, end)
    return f"{text[left:start]}|{text[end:right]}"


def named_unit(one: Amount, text: str, end: int, other: Amount) -> bool:
    """Whether `one`, which ends at `end` of `text`, counts in 个 what is the unit of `other`: 5个村
    and 5村."""
    whole = one.unit == "个" and len(other.unit) > 0 and other.unit not in "个%元人次年"
    return whole and text.startswith(other.unit, end)


def same_thing(text: str, start: int, end: int, other: str, at: int, stop: int) -> bool:
    """Whether the numbers at `start:end` of `text` and `at:stop` of `other` stand beside a word
    they share: 问题15个 and 15项问题."""
    here, there = (words_around(*place) for place in ((text, start, end), (other, at, stop)))
    return bool(_close(here) & _close(there))


def _close(around: str) -> frozenset[str]:
    before, _, after = around.partition("|")
    return pairs(f"{before[-6:]}|{after[:7]}")
