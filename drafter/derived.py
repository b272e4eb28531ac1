"""Numbers that no fact has but that follow from facts: totals, remainders, shares, multiples.

A number follows only from amounts of one fact, or of facts told beside it, and is then no
invention. Which words ask for which reckoning (其余, 共, 占, 每) is in data/reckoning.toml.
Rounding is the writer's: a share may be off by less than one of its last digit (66% and 67% are
two thirds), in tenths (四成) by half a tenth, with 约 or 近 by three points.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, permutations

from drafter.amounts import Amount, base_unit
from drafter.data import load_table
from drafter.numerals import format_number
from drafter.periods import TIMES, mean_unit, periods

# 每季度召开 means 每季度1次.
_ONE = Amount(Decimal(1), None, "", False, "")
_SPANS = {
    "小时": ("分钟", 60), "天": ("天", 1), "日": ("天", 1), "周": ("天", 7), "星期": ("天", 7),
    "月": ("个月", 1), "季度": ("个月", 3), "半年": ("个月", 6), "年": ("个月", 12),
}  # fmt: skip
# 党员30名、职工50名，每人植树3棵: what each of all of them did.
_EACH_OF_ALL = re.compile("每[人户名位]|[人户]均")
# 一线工人和技术人员占85%: two parts told as one share.
_BOTH = re.compile(
    "(?:[和与及、]|以及)[^，。；：、\\d]{2,10}(?:合计|共|一共|总共)?占[^，。；：]{0,8}$"
)
_MOST = 14  # amounts of one fact or of the neighbourhood that are reckoned with


@dataclass(frozen=True, slots=True)
class Claim:
    """A number to be explained: its amount, the words before and after it, and by how much it may
    have been rounded."""

    amount: Amount
    before: str
    after: str
    room: Decimal


@lru_cache(maxsize=1)
def cues() -> dict[str, re.Pattern[str]]:
    """Return the words that ask for a reckoning, by its name in data/reckoning.toml."""
    table = load_table("reckoning")["cues"]
    return {name: re.compile("|".join(words)) for name, words in table.items()}


def _kin(one: Amount, other: Amount) -> bool:
    units = {one.unit, other.unit}
    alike = ({"人", "人次", "票"}, {"%", "个百分点"}, {"户", "户次"}, {"家", "家次"})
    return len(units) == 1 or any(units <= some for some in alike)


def _show(amount: Amount) -> str:
    return format_number(amount.low) + amount.unit


def shares_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return what part is of whole, in percent."""
    return part / whole * 100


def rounding(words: str, loose: bool) -> Decimal:
    """Return by how much a number written as `words` may differ from what it rounds."""
    if "成" in words:
        return Decimal(5)
    if loose or "分之" in words or "/" in words or "半" in words:
        return Decimal(3) if loose else Decimal(1)
    decimals = re.search(r"\.(\d+)", words)
    return Decimal("0.999") * Decimal(10) ** (-len(decimals[1]) if decimals else 0)


def is_close(real: Decimal, claim: Amount, room: Decimal) -> bool:
    """Whether a share was told as `claim`; 超过八成 is any share from 80% to 90%."""
    over = claim.approx in ("超过", "不少于", "余") and claim.low % 10 == 0
    return abs(real - claim.low) <= room or (over and 0 <= real - claim.low < 10)


def _sums(claim: Claim, one_fact: Sequence[Amount], told: Sequence[Amount]) -> Iterator[str]:
    if re.search("净[增减流]", claim.before[-6:]):
        return  # what came and what went are not added
    total = bool(cues()["total"].search(claim.before[-12:] + claim.after[:6]))
    for pool, free in ((one_fact, True), (told, total)):
        if not free:
            continue
        same = [a for a in pool if _kin(a, claim.amount)]
        for first in range(len(same)):
            running = same[first].low
            for last in range(first + 1, len(same)):
                running += same[last].low
                shown = "＋".join(map(_show, same[first : last + 1]))
                if running == claim.amount.low:
                    yield shown
        whole = sum((a.low for a in same), Decimal(0))
        if cues()["overlap"].search(claim.before + claim.after):
            yield from (
                f"{'＋'.join(_show(b) for b in same if b is not a)}－{_show(a)}"
                for a in same
                if whole - 2 * a.low == claim.amount.low
            )


def _differences(claim: Claim, one_fact: Sequence[Amount], told: Sequence[Amount]) -> Iterator[str]:
    left = bool(cues()["rest"].search(claim.before[-14:] + claim.after[:8]))
    # 去年82%、今年91%，提高9个百分点: points are always a difference of two shares.
    points = claim.amount.unit == "个百分点" and cues()["growth"].search(claim.before[-8:])
    for pool, free in ((one_fact, True), (told, left or bool(points))):
        if not free:
            continue
        same = [a for a in pool if _kin(a, claim.amount)]
        whole = max(same, key=lambda a: a.low, default=None)
        for high, low in combinations(sorted(same, key=lambda a: -a.low), 2):
            if high.low - low.low == claim.amount.low:
                yield f"{_show(high)}－{_show(low)}"
        if whole is not None and len(same) > 2:
            rest = 2 * whole.low - sum((a.low for a in same), Decimal(0))
            if rest == claim.amount.low:
                yield f"{_show(whole)}减去其他各项"


def _products(claim: Claim, pool: Sequence[Amount], words: str) -> Iterator[str]:
    if cues()["each"].search(words):
        for one, other in combinations(pool, 2):
            if one.low * other.low == claim.amount.low and "%" not in (one.unit, other.unit):
                yield f"{_show(one)}×{_show(other)}"
    if _EACH_OF_ALL.search(words):
        for one, other in combinations([a for a in pool if a.unit in ("人", "户")], 2):
            for each in (a for a in pool if a.unit == claim.amount.unit):
                if one.unit == other.unit and (one.low + other.low) * each.low == claim.amount.low:
                    yield f"（{_show(one)}＋{_show(other)}）×{_show(each)}"
    yield from _went_on(claim, pool, words)
    for share in (a for a in pool if a.unit == "%"):
        for whole in (a for a in pool if _kin(a, claim.amount)):
            near = Decimal("0.5") if whole.low >= 40 else Decimal("0.1")
            if abs(whole.low * share.low / 100 - claim.amount.low) < near:
                yield f"{_show(whole)}的{_show(share)}"


def _went_on(claim: Claim, pool: Sequence[Amount], words: str) -> Iterator[str]:
    """20次 of 每周2次，连续10周: spans are in days, months or minutes, as amounts have them."""
    for often in re.finditer("每(?:一|个)?(小时|天|日|周|星期|月|季度|半年|年)", words):
        unit, size = _SPANS[often[1]]
        for span in (a for a in pool if a.unit == unit):
            for rate in pool:
                if rate is not span and rate.low * span.low == claim.amount.low * size:
                    yield f"每{often[1]}{_show(rate)}×{format_number(span.low / size)}"


def _means(claim: Claim, pool: Sequence[Amount], words: str) -> Iterator[str]:
    """人均200元 of a total and a number; 全年4次 of 每季度1次."""
    if cues()["mean"].search(claim.before[-8:]) or mean_unit(claim.before):
        unit, many = TIMES.get(mean_unit(claim.before), ("", 1))
        for part, count in permutations(pool, 2):
            each = count.low / many if count.unit == unit else count.low / _measure(claim, count)
            if each and _rounds(part.low / each, claim):
                yield f"{_show(part)}÷{_show(count)}"
        for many, period in periods(claim.before, words):
            for one in pool:
                if _rounds(one.low / many, claim):
                    yield f"{_show(one)}÷{many}（{period}）"
    often = re.search(r"每(季度|个?月|周|半年)", words)
    if often and re.search(r"全年|一年|年度", words):
        times = {"季": 4, "月": 12, "周": 52, "半": 2}[often[1].removeprefix("个")[0]]
        if any(a.low * times == claim.amount.low for a in [*pool, _ONE]):
            yield f"每{often[1]}一次，全年{times}次"


def _measure(claim: Claim, count: Amount) -> Decimal:
    """What one of the unit of 每公里 is in that of a count, which is in metres; else one."""
    each = re.search(r"每一?(公里|平方公里|公顷|吨|小时)[^，。；：\d]{0,6}$", claim.before)
    unit, times = base_unit(each[1]) if each else ("", Decimal(1))
    return times if unit == count.unit else Decimal(1)


def remaining(claim: Claim, pool: Sequence[Amount]) -> str | None:
    """Return how a number follows as what two amounts of one fact leave, or None: 余下8条 of a fact
    that names 41 and 33, where the words right before the number say that it is what is left."""
    if not cues()["left"].search(claim.before):
        return None
    for high, low in combinations(sorted(pool, key=lambda a: -a.low), 2):
        if high.low - low.low == claim.amount.low and _kin(high, claim.amount) and _kin(high, low):
            return f"{_show(high)}－{_show(low)}"
    return None


def _rounds(real: Decimal, claim: Claim) -> bool:
    if claim.amount.approx:
        return abs(real - claim.amount.low) <= max(Decimal(1), real / 20)
    return abs(real - claim.amount.low) <= claim.room / 2


def _shares(claim: Claim, pool: Sequence[Amount]) -> Iterator[str]:
    """Percentages and multiples of two amounts of one unit, and what a percentage leaves."""
    for parts in combinations(pool, 2) if _BOTH.search(claim.before) else ():
        both = parts[0].low + parts[1].low
        for whole in (a for a in pool if all(_kin(a, part) and a is not part for part in parts)):
            if whole.low >= both and is_close(shares_of(both, whole.low), claim.amount, claim.room):
                yield f"（{'＋'.join(map(_show, parts))}）÷{_show(whole)}"
    left = cues()["rest"].search(claim.before[-14:] + claim.after[:8])
    for percent in (a for a in pool if a.unit == "%" and left):
        if is_close(100 - percent.low, claim.amount, claim.room):
            yield f"100%－{_show(percent)}"
    grows = cues()["growth"].search(claim.before[-8:] + claim.after[:4])
    fell = re.search("[降减少缩]", claim.before[-4:])
    for one, other in combinations(pool, 2):
        if not _kin(one, other) or not one.low or not other.low:
            continue
        high, low = (one, other) if one.low >= other.low else (other, one)
        reckoned = [(shares_of(low.low, high.low), f"{_show(low)}÷{_show(high)}")]
        if cues()["beyond"].search(claim.before[-8:]):
            reckoned.append((shares_of(high.low, low.low), f"{_show(high)}÷{_show(low)}"))
        if grows:
            change = high.low - low.low
            reckoned += [
                (shares_of(change, base.low), f"（{_show(high)}－{_show(low)}）÷{_show(base)}")
                for base in ((one, low, high) if fell else (one, low))
            ]
        for real, shown in reckoned:
            if is_close(real, claim.amount, claim.room):
                yield shown


def _multiples(claim: Claim, pool: Sequence[Amount]) -> Iterator[str]:
    for one, other in combinations(pool, 2):
        high, low = (one, other) if one.low >= other.low else (other, one)
        if _kin(one, other) and low.low:
            times = high.low / low.low
            if claim.amount.low in (times, times - 1) or _rounds(times, claim):
                yield f"{_show(high)}÷{_show(low)}"


def derivation(
    claim: Claim, one_fact: Sequence[Sequence[Amount]], told: Sequence[Amount], words: str
) -> str | None:
    """Return how a number follows, as a sum to read, or None.

    `one_fact` are the amounts of each fact told nearby, `told` the amounts of facts that stand
    beside the number in the draft, `words` the draft's sentence and those facts.
    """
    for pool in [*one_fact, ()]:
        first = pool[:_MOST]
        beside = told[:_MOST]
        if claim.amount.unit == "%":
            found = next(_shares(claim, first or beside), None)
        elif claim.amount.unit == "倍":
            found = next(_multiples(claim, first or beside), None)
        else:
            found = next(_sums(claim, first, () if first else beside), None)
            found = found or next(_differences(claim, first, () if first else beside), None)
            found = found or next(_products(claim, first or beside, words), None)
            found = found or next(_means(claim, first or beside, words), None)
        if found:
            return found
    return None
