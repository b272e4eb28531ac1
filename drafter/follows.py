"""A second look at numbers that no fact has: what follows from facts told anywhere in a paragraph.

Beside drafter.derived, which reckons with the numbers of a sentence and its neighbours: sums of
things with a common noun (17名党员 and 14名党员 are 31名党员), balances, what a rate leaves,
so much a year, 由6%上升到9% of 提高3个百分点, 两天 of 周二、周五, 两批 of 首批 and 第二批,
months on from a month, 1:3 of 13 and 39. Every way needs words of the draft that ask for it, and
comes out exactly.
The words are in data/reckoning.toml.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from drafter.amounts import Amount, amount_of, same_thing
from drafter.counting import window
from drafter.data import load_table
from drafter.dates import split_form
from drafter.derived import rounding
from drafter.numbers import Quantity, find_quantities
from drafter.numerals import format_number
from drafter.running import balance
from drafter.simplest import simplest

_MOST = 12  # numbers of facts that are reckoned with
_SPANS = {
    "年": ("个月", 12),
    "季度": ("个月", 3),
    "月": ("个月", 1),
    "周": ("天", 7),
    "天": ("天", 1),
}
_OFTEN = {"半年": 2, "季度": 4, "个季度": 4, "月": 12, "个月": 12}
_CLAUSE = re.compile(r"[，。；：！？\n]")
_RATIO = re.compile(r"比例?[为是约]{0,2}(\d{1,3})\s*[:：比]\s*(\d{1,3})(?!\d)")


@dataclass(frozen=True, slots=True)
class Told:
    """A number of a fact that the draft tells as well, and where it stands in the fact."""

    amount: Amount
    fact: str
    start: int
    end: int

    @property
    def shown(self) -> str:
        """The number as the fact writes it."""
        return self.fact[self.start : self.end]


@lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    table = load_table("reckoning")["follows"]
    return {name: re.compile(words) for name, words in table.items()}


def _kin(one: Amount, other: Amount) -> bool:
    units = {one.unit, other.unit}
    return len(units) == 1 or units <= {"%", "个百分点"}


def _exact(quantity: Quantity) -> bool:
    kinds = ("count", "money", "percent")
    return quantity.kind in kinds and quantity.upper is None and not quantity.weak


@lru_cache(maxsize=512)
def _told(text: str, facts: tuple[str, ...]) -> tuple[Told, ...]:
    """The numbers of facts that stand in the draft."""
    here = {(a.low, a.unit) for q in find_quantities(text) if _exact(q) for a in (amount_of(q),)}
    return tuple(
        Told(amount, fact, q.start, q.end)
        for fact in facts
        for q in find_quantities(fact)
        if _exact(q) and ((amount := amount_of(q)).low, amount.unit) in here
    )


def _clause(text: str, start: int) -> str:
    """The words of the clause before `start`."""
    left = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    return text[left:start]


def follows(
    quantity: Quantity, text: str, facts: Sequence[str], reckoned: Sequence[Amount] = ()
) -> str:
    """Return how a number of the draft follows from the facts, as words to read, or "".

    `reckoned` are amounts of the draft that themselves follow from facts.
    """
    paragraph, at = _paragraph(text, quantity)
    texts = tuple(facts)
    if quantity.form and quantity.kind == "date":
        return next(_months(quantity, texts), "")
    if quantity.kind == "ordinal":
        return next(_in_a_row(quantity, paragraph, texts), "")
    if not _exact(quantity):
        return ""
    pool = [
        one
        for one in _told(paragraph, texts)
        if (one.amount.low, one.amount.unit) != (amount_of(quantity).low, amount_of(quantity).unit)
    ]
    ways = (
        _sums(quantity, paragraph, at, pool[:_MOST]),
        balance(quantity, paragraph, at),
        _differences(quantity, paragraph, at, pool[:_MOST], reckoned),
        _rated(quantity, paragraph, at, pool[:_MOST]),
        _per_span(quantity, paragraph, at, pool[:_MOST], reckoned),
        _counted(quantity, paragraph, at, texts),
        _ratio(quantity, paragraph, at, pool[:_MOST]),
    )
    found = next((found for way in ways for found in way), "")
    return found or _plainly(quantity, text, texts)


def _plainly(quantity: Quantity, text: str, facts: tuple[str, ...]) -> str:
    """33户 beside the 14户 and 19户 of facts: the simplest reckoning of the sentences around it."""
    if re.search("净[增减流]", text[max(0, quantity.start - 6) : quantity.start]):
        return ""  # what came and what went are not added
    start, end = window(text, quantity.start, quantity.end)
    around = text[start : quantity.start] + "\n" + text[quantity.end : end]
    left = Counter((one.amount.low, one.amount.unit) for one in _told(around, facts))
    pool = []
    for one in (amount_of(q) for q in find_quantities(around) if _exact(q)):
        if left[one.low, one.unit]:  # told twice in the draft, it is still one number of a fact
            left[one.low, one.unit] -= 1
            pool.append(one)
    return simplest(amount_of(quantity), rounding(quantity.text, bool(quantity.approx)), pool)


def _paragraph(text: str, quantity: Quantity) -> tuple[str, int]:
    start = text.rfind("\n", 0, quantity.start) + 1
    end = text.find("\n", quantity.end)
    return text[start : len(text) if end < 0 else end], quantity.start - start


def _sums(quantity: Quantity, text: str, at: int, pool: Sequence[Told]) -> Iterator[str]:
    """31名党员 of 17名党员 and 14名党员: all the facts have of the thing that the number counts."""
    claim = amount_of(quantity)
    place = (text, at, at + len(quantity.text))
    same = [
        one
        for one in pool
        if one.amount.unit == claim.unit
        and claim.unit not in ("", "%")
        and same_thing(*place, one.fact, one.start, one.end)
    ]
    if 2 <= len(same) <= 4 and sum((one.amount.low for one in same), Decimal(0)) == claim.low:
        yield "＋".join(one.shown for one in same)


def _differences(
    quantity: Quantity, text: str, at: int, pool: Sequence[Told], reckoned: Sequence[Amount]
) -> Iterator[str]:
    """净增1.6万 of 6.4万 and 8万; 由6% of 9% and 3个百分点; 尚有6件 of what was reckoned."""
    claim, clause = amount_of(quantity), _clause(text, at)
    after = _CLAUSE.split(text[at + len(quantity.text) :])[0]
    same = [one for one in pool if _kin(one.amount, claim)]
    changed = _cues()["changed"].search(clause[-6:])
    points = claim.unit == "%" and _cues()["from"].search(clause + after[:4])
    for one, other in combinations(same, 2):
        units = {one.amount.unit, other.amount.unit}
        if points and units != {"%", "个百分点"}:
            continue
        close = one.fact == other.fact and (changed or points)
        if close and claim.low in (
            abs(one.amount.low - other.amount.low),
            one.amount.low + other.amount.low if points else Decimal(-1),
        ):
            sign = "－" if claim.low == abs(one.amount.low - other.amount.low) else "＋"
            yield f"{one.shown}{sign}{other.shown}"
    if _cues()["left"].search(clause + after[:6]) and claim.unit:
        for whole in same:
            for part in reckoned:
                if _kin(part, claim) and whole.amount.low - part.low == claim.low:
                    yield f"{whole.shown}－{format_number(part.low)}{part.unit}"


def _rated(quantity: Quantity, text: str, at: int, pool: Sequence[Told]) -> Iterator[str]:
    """办结234件 of 240件 and 办结率97.5%: the rate is named after what was done."""
    claim, clause = amount_of(quantity), _clause(text, at)
    tail = text[at + len(quantity.text) :][:4]
    if claim.unit in ("%", ""):
        return
    for share in (one for one in pool if one.amount.unit == "%"):
        stem = re.search(r"([\u4e00-\u9fff]{2})率[^率]{0,3}$", share.fact[: share.start])
        if stem is None or stem[1] not in clause[-10:] + tail:
            continue
        for whole in (one for one in pool if one.amount.unit == claim.unit):
            real = whole.amount.low * share.amount.low / 100
            # A rate of one decimal may round what was counted, never a twentieth of it.
            if abs(real - claim.low) <= min(Decimal("0.5"), whole.amount.low / 20):
                yield f"{whole.shown}的{share.shown}"


def _per_span(
    quantity: Quantity, text: str, at: int, pool: Sequence[Told], reckoned: Sequence[Amount]
) -> Iterator[str]:
    """每年15万元 of 30万元 and 两年."""
    claim, clause = amount_of(quantity), _clause(text, at)
    each = re.search(r"(?:每|平均每)一?个?(年|季度|月|周|天)[^，。；]{0,8}$", clause)
    if each is None or not claim.low:
        return
    unit, size = _SPANS[each[1]]
    wholes = [*(one.amount for one in pool), *reckoned]
    for span in (one for one in pool if one.amount.unit == unit):
        count = span.amount.low / size
        for whole in wholes:
            if whole.unit == claim.unit and whole.low == claim.low * count and count > 1:
                yield f"{format_number(whole.low)}{whole.unit}÷{span.shown}"


def _counted(quantity: Quantity, text: str, at: int, facts: Sequence[str]) -> Iterator[str]:
    """两天 of 周二、周五;
    两批 of 首批 and 第二批; 每年两次 of 每半年一次."""
    many, sign = quantity.value, quantity.text[-1]
    if not 2 <= many <= 12 or quantity.kind != "count":
        return
    for fact in facts if sign in "天次" else ():
        days = re.search(
            r"(?:周|星期)([一二三四五六日])(?:[、和及与](?:周|星期)?[一二三四五六日])+", fact
        )
        named = (
            set(re.findall("[一二三四五六日](?=[、和及与周星期]|$|[^期])", days[0]))
            if days
            else set()
        )
        if days and len(named) == many and re.search("[周星]", _clause(text, at)):
            yield days[0]
    if sign in "批轮期次届场":
        joined = "\n".join(facts)
        row = {
            "一" if m == "首" else m
            for m in re.findall(f"(首|(?<=第)[一二三四五六七八九]){sign}", joined)
        }
        if len(row) == many:
            yield "、".join(("首" if one == "一" else f"第{one}") + sign for one in sorted(row))
    often = re.search(r"(?:每年|全年|一年)[^，。；\d]{0,6}$", _clause(text, at))
    for fact in facts if often and sign == "次" else ():
        once = re.search(r"每一?(半年|个?季度|个?月)[^，。；\d]{0,10}(?:[一1]次)?", fact)
        if once and _OFTEN[once[1]] == many:
            yield f"{once[0]}，一年{quantity.text}"


def _in_a_row(quantity: Quantity, text: str, facts: Sequence[str]) -> Iterator[str]:
    """第一轮、第二轮、第三轮 of 3轮: as many as a fact has, none left out and none beyond."""
    same = {
        int(q.value)
        for q in find_quantities(text)
        if q.kind == "ordinal" and q.unit == quantity.unit and q.upper is None
    }
    if same != set(range(1, len(same) + 1)) or len(same) < 2:
        return
    for fact in facts:
        for one in find_quantities(fact):
            if one.kind == "count" and one.unit == quantity.unit and one.value == len(same):
                yield f"要点有{one.text}"


def _months(quantity: Quantity, facts: Sequence[str]) -> Iterator[str]:
    """到4月 of a fact with 8月 and 9个月: the last of them, or the month after."""
    year, rest = split_form(quantity.form)
    if year != "*" or not re.fullmatch(r"\d\d", rest):
        return
    for fact in facts:
        found = find_quantities(fact)
        starts = [(q, split_form(q.form)[1]) for q in found if q.form and q.kind == "date"]
        spans = [q for q in found if q.unit == "个月" and q.value < 24]
        for start, month in starts:
            for span in spans if re.fullmatch(r"\d\d", month) else ():
                ends = {(int(month) + int(span.value) - by - 1) % 12 + 1 for by in (0, 1)}
                if int(rest) in ends:
                    yield f"{start.text}起{span.text}"


def _ratio(quantity: Quantity, text: str, at: int, pool: Sequence[Told]) -> Iterator[str]:
    """比为1:3 of 13名 and 39名."""
    for match in _RATIO.finditer(text):
        if not match.start(1) <= at < match.end(2):
            continue
        left, right = Decimal(match[1]), Decimal(match[2])
        for one, other in combinations(pool, 2):
            pair = (one.amount.low, other.amount.low)
            if one.amount.unit == other.amount.unit and any(
                a * right == b * left for a, b in (pair, pair[::-1])
            ):
                yield f"{one.shown}比{other.shown}"
