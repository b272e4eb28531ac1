"""Numbers that say over again what a fact says, by reckoning: see told_over.py.

七成以上 of 71%, 一人一千 of 2.7万元 and 27名, 整整三年 of 1095天, 每一百元里有八十一元 of 81%,
去年的11名 of 15名 and 增4名, 空着12张 of 100张 and 88人. The words that ask for it are in
data/reckoning.toml.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from drafter.amounts import amount_of, pairs
from drafter.counting import window
from drafter.data import load_table
from drafter.in_words import shares_in_words
from drafter.numbers import Quantity, find_quantities
from drafter.numerals import parse_number

_ROUGHLY = 3  # per cent by which days told as years may be off
_BESIDE = re.compile("[\u4e00-\u9fff]{0,3}[、和及][\u4e00-\u9fff]{0,8}")
_MORE = ("不少于", "超过", "余")
Found = Iterator[str]
Way = Callable[[Quantity, str, Sequence[str], int | None], Found]


@lru_cache(maxsize=1)
def cues() -> dict[str, re.Pattern[str]]:
    """Return the words that ask for each way of telling, by its name in the table."""
    table = load_table("reckoning")["told_over"]
    return {name: re.compile(words) for name, words in table.items()}


def head_of(quantity: Quantity, text: str, size: int = 12) -> str:
    """The words before a number, back to the last mark."""
    return re.split(r"[，。；：！？\n]", text[max(0, quantity.start - size) : quantity.start])[-1]


@lru_cache(maxsize=4096)
def counts_of(text: str) -> tuple[Quantity, ...]:
    """Return the counts and sums of money of a text that are no ranges."""
    kinds = ("count", "money")
    return tuple(
        q for q in find_quantities(text) if q.kind in kinds and not q.weak and q.upper is None
    )


@lru_cache(maxsize=4096)
def percents_of(text: str) -> tuple[Quantity, ...]:
    """Return the percentages and fractions of a text."""
    return tuple(q for q in find_quantities(text) if q.unit == "%" or q.kind == "fraction")


def values_of(text: str) -> frozenset[Decimal]:
    """Return all numbers of a text that are no dates, in their base units."""
    return frozenset(amount_of(q).low for q in find_quantities(text, loose=True) if not q.form)


def _share(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """七成以上 of 71%, 四分之一强 of 26%."""
    told = amount_of(quantity)
    if told.unit != "%" or quantity.unit == "个百分点":
        return
    strong = text.startswith("强", quantity.end)
    more = told.approx in _MORE or text.startswith(("以上", "多"), quantity.end)
    room = 5 if strong or told.low % 10 else 10
    start, end = window(text, quantity.start, quantity.end)
    said = pairs(text[start:end])
    for fact in facts if strong or more else ():
        for one in percents_of(fact) if said & pairs(fact) else ():
            if 0 <= amount_of(one).low - told.low < room:
                yield f"要点是{one.text}"


def _part_of(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """合284人 of 71% and 400人, the whole told as well: in one fact, or in any where 合 says so."""
    told, head = amount_of(quantity), head_of(quantity, text)
    cue = re.search("[合即约是有共]$", head)
    if quantity.kind not in ("count", "money") or cue is None:
        return
    start, end = window(text, quantity.start, quantity.end)
    near = values_of(text[start:end])
    every = [share for fact in facts for share in percents_of(fact)]
    for fact in facts:
        for whole in counts_of(fact):
            amount = amount_of(whole)
            if amount.unit != told.unit or amount.low not in near or amount.low <= told.low:
                continue
            for share in every if cue[0] in "合即" else percents_of(fact):
                if round(amount.low * amount_of(share).low / 100) == told.low:
                    yield f"{whole.text}的{share.text}"


def _of_ten(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """十个里有八个 of 80%: both numbers."""
    for share in shares_in_words(text):
        if share.start <= quantity.start < share.end:
            part = share.part / share.many * 100
            shares = (one for fact in facts for one in percents_of(fact))
            yield from (f"要点是{q.text}" for q in shares if abs(amount_of(q).low - part) < 1)


def _each(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """一人一千 of 2.7万元 and 27名; 一件摊下来五万元."""
    told = amount_of(quantity)
    if told.unit not in ("", "元") or not told.low or quantity.kind not in ("count", "money"):
        return
    if not cues()["each"].search(head_of(quantity, text)):
        return
    for fact in facts:
        for one, other in combinations(counts_of(fact), 2):
            amounts = amount_of(one), amount_of(other)
            total, many = sorted(amounts, key=lambda amount: amount.unit != "元")
            if total.unit == "元" != many.unit and total.low == told.low * many.low:
                yield f"{one.text}÷{other.text}"


def _long(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """整整三年 of 1095天: days told as years or months, where the days stand beside it."""
    told = amount_of(quantity)
    after = text[quantity.end : quantity.end + 1] in ("多", "来")
    if told.unit != "个月" or not (after or cues()["long"].search(head_of(quantity, text))):
        return
    size = Decimal(365) / 12 if quantity.unit == "年" else Decimal(30)
    start, end = window(text, quantity.start, quantity.end)
    near = {amount_of(q).low for q in counts_of(text[start:end]) if amount_of(q).unit == "天"}
    for fact in facts:
        for days in (q for q in counts_of(fact) if amount_of(q).unit == "天"):
            low = amount_of(days).low
            if low in near and abs(low - told.low * size) * 100 <= _ROUGHLY * low:
                yield f"要点是{days.text}"


def _hundred(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """每一百元里有八十一元 of 81%: both numbers."""
    for match in cues()["hundred"].finditer(text):
        if not match.start() <= quantity.start < match.end():
            continue
        part = parse_number(match["part"])
        for fact in facts:
            yield from (f"要点是{q.text}" for q in percents_of(fact) if amount_of(q).low == part)


def _before(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """去年的11名 of 15名 and 比去年增4名; 少了18个 of 从27个减到9个."""
    told, head = amount_of(quantity), head_of(quantity, text)
    then, changed = cues()["then"].search(head), cues()["changed"].search(head)
    if quantity.kind != "count" or not told.unit or not (then or changed):
        return
    start, end = window(text, quantity.start, quantity.end)
    near = {amount_of(q).low for q in counts_of(text[start:end])}
    for fact in facts:
        same = [q for q in counts_of(fact) if amount_of(q).unit == told.unit]
        for one, other in combinations(same, 2):
            a, b = amount_of(one).low, amount_of(other).low
            grown = cues()["grown"].search(fact[one.end : other.start])
            fell = cues()["fell"].search(fact[one.end : other.start])
            was = a - b if grown else a + b
            if then and a in near and (grown or fell) and told.low == was:
                yield f"{one.text}{'－' if grown else '＋'}{other.text}"
            turned = re.search("[到至为]", fact[one.end : other.start])
            if changed and turned and {a, b} & near and told.low == abs(a - b):
                yield f"{one.text}与{other.text}之差"


def _lists(fact: str) -> Iterator[list[Quantity]]:
    """Yield the numbers of each list of a fact: 轮椅410辆、拐杖620副、助听器270台."""
    run: list[Quantity] = []
    for one in counts_of(fact):
        if run and not _BESIDE.fullmatch(fact[run[-1].end : one.start]):
            yield run
            run = []
        run.append(one)
    yield run


def _sum(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """合起来1300件 of 410辆、620副 and 270台: all that one fact lists; 三样合起来."""
    told = amount_of(quantity)
    if quantity.kind != "count" or told.ordinal:
        return
    start, _ = window(text, quantity.start, quantity.end)
    near = values_of(text[start : quantity.start])
    total = cues()["together"].search(text[start : quantity.start])
    listed = text[quantity.end : quantity.end + 8]
    units = load_table("reckoning")["told_over_sum"]["units"]
    for fact in facts:
        for parts in _lists(fact):
            amounts = [amount_of(q).low for q in parts]
            if len(parts) < 2 or not all(one in near for one in amounts):
                continue
            whole = sum(amounts, Decimal(0))
            step = Decimal(10) ** told.low.adjusted()
            more = told.approx in _MORE and told.low <= whole < told.low + step
            if total and told.unit in units and (whole == told.low or more):
                yield "＋".join(q.text for q in parts)
            if len(parts) == told.low and cues()["some"].match(quantity.text[-1:] + listed):
                yield f"要点列了{quantity.text}"


def _free(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """还空着12张 of 100张 and 88人."""
    around = head_of(quantity, text) + "|" + text[quantity.end : quantity.end + 8].split("。")[0]
    if quantity.kind != "count" or not cues()["free"].search(around):
        return
    start, end = window(text, quantity.start, quantity.end)
    near = values_of(text[start:end])
    for fact in facts:
        for one, other in combinations(counts_of(fact), 2):
            left = amount_of(one).low - amount_of(other).low
            both = {amount_of(one).low, amount_of(other).low} <= near
            if one.unit == quantity.unit and left == quantity.value and both:
                yield f"{one.text}－{other.text}"


READINGS: tuple[Way, ...] = (
    *(_share, _part_of, _of_ten, _each, _long, _hundred, _before, _sum, _free),
)
