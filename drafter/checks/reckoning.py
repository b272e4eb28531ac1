"""What the rules of arithmetic share: a sentence with its numbers, and a fault in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from drafter.amounts import Amount, amount_of
from drafter.numbers import Quantity, find_quantities, format_number

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_EDGE = re.compile(r"[，。；：、！？（）()\n]")


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number of a sentence: where it stands, its amount, and the words it belongs to.

    `lead` are the words before it back to the last mark or number, `tail` those after it, `label`
    those before it back to the last mark, other numbers included (35岁以下 of 35岁以下5名).
    """

    quantity: Quantity
    amount: Amount
    lead: str
    tail: str
    label: str

    @property
    def start(self) -> int:
        """Where it begins in the sentence."""
        return self.quantity.start

    @property
    def end(self) -> int:
        """Where it ends in the sentence."""
        return self.quantity.end

    @property
    def value(self) -> Decimal:
        """The number in its base unit."""
        return self.amount.low

    @property
    def text(self) -> str:
        """The number as written."""
        return self.quantity.text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at `offset` of a section: its exact numbers, and all numbers with dates."""

    text: str
    offset: int
    numbers: tuple[Number, ...]
    found: tuple[Quantity, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Words `start:end` of a sentence that do not come out, and why; `right` is what may be put in
    their place as it is, "" where that is not sure."""

    start: int
    end: int
    message: str
    right: str = ""


Rule = Callable[[Sentence], Iterator[Fault]]


def _exact(quantity: Quantity) -> bool:
    kinds = ("count", "money", "percent", "fraction")
    if quantity.kind not in kinds or quantity.upper is not None or quantity.approx:
        return False
    return not quantity.weak


@lru_cache(maxsize=2048)
def _numbers(text: str) -> tuple[tuple[Number, ...], tuple[Quantity, ...]]:
    found = find_quantities(text, loose=True)
    made = []
    for at, quantity in enumerate(found):
        if not _exact(quantity):
            continue
        left = max((m.end() for m in _EDGE.finditer(text, 0, quantity.start)), default=0)
        label = text[left : quantity.start]
        if at:
            left = max(left, found[at - 1].end)
        right = _EDGE.search(text, quantity.end)
        stop = right.start() if right else len(text)
        if at + 1 < len(found):
            stop = min(stop, found[at + 1].start)
        lead, tail = text[left : quantity.start], text[quantity.end : stop]
        made.append(Number(quantity, amount_of(quantity), lead, tail, label))
    return tuple(made), found


def sentences(text: str, year: int | None) -> Iterator[Sentence]:
    """Yield the sentences of a section, cut at 。！？ and line ends but not at ；."""
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            numbers, found = _numbers(match[0])
            yield Sentence(match[0], match.start(), numbers, found, year)


def sentence_pairs(text: str, year: int | None) -> Iterator[Sentence]:
    """Yield every two neighbouring sentences of a paragraph as one."""
    spans = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    for (start, middle), (_, end) in pairwise(spans):
        if "\n" not in text[middle - 1 : middle + 1]:
            numbers, found = _numbers(text[start:end])
            yield Sentence(text[start:end], start, numbers, found, year)


def kin(one: Number, other: Number) -> bool:
    """Whether two numbers count in one unit; 人次 are no 人, a 票 is a 人's."""
    units = {one.amount.unit, other.amount.unit}
    return units == {"人", "票"} or (len(units) == 1 and "" not in units)


def show(value: Decimal, like: Number | None = None) -> str:
    """Return a number for a message, to one decimal, in the unit of `like`."""
    plain = format_number(value.quantize(Decimal("0.01")).normalize() + 0)
    if like is None:
        return plain
    unit = like.amount.unit
    if unit == "元" and "万" in like.text:
        return f"{format_number((value / 10000).normalize() + 0)}万元"
    return plain + unit


def in_place(value: Decimal, like: Number) -> str:
    """Return a value as `like` is written, in its own unit: what may be put in its place; "" for a
    number in Chinese numerals."""
    if len(_DIGITS.findall(like.text)) != 1 or "亿" in like.text or value < 0 or not like.value:
        return ""
    scale = like.value / like.quantity.value * (10000 if "万" in like.text else 1)
    return _DIGITS.sub(format_number((value / scale).normalize() + 0), like.text)
