"""The simplest reckoning of what stands around a number: all of it added, or the greatest less the
rest.

33户 beside 14户 and 19户, 0.7万元 beside 3.2万元 and 2.5万元, 涨了五成 beside 18万元 and 27万元
need no word that asks for a reckoning: a reader does it. Only what leaves no number of the unit
out counts, else nearly any number would follow from some two of many. Of 332 planted wrong numbers
of bench/faithful (2026-11-21) none follows so.
"""

from collections.abc import Sequence
from decimal import Decimal

from drafter.amounts import Amount
from drafter.derived import is_close
from drafter.numerals import format_number

_MOST = 6  # numbers of a unit that a reader adds up


def simplest(claim: Amount, room: Decimal, told: Sequence[Amount]) -> str:
    """Return how an exact number follows from the fact's numbers told around it, in their order,
    as a sum to read, or ""; `room` is by how much a share was rounded."""
    if claim.high is not None or claim.ordinal or not claim.low:
        return ""
    if claim.unit == "%":
        return _share(claim, room, told)
    same = [one for one in told if one.unit == claim.unit and one.low != claim.low]
    if not 2 <= len(same) <= _MOST:
        return _from_share(claim, told) if len(same) == 1 else ""
    total = sum((one.low for one in same), Decimal(0))
    if total == claim.low:
        return "＋".join(map(_shown, same))
    most = max(same, key=lambda one: one.low)
    if 2 * most.low - total == claim.low:
        rest = [one for one in same if one is not most]
        return "－".join(map(_shown, [most, *rest]))
    return ""


def _shown(one: Amount) -> str:
    return format_number(one.low) + one.unit


def _share(claim: Amount, room: Decimal, told: Sequence[Amount]) -> str:
    """25% of 18万元 and 27万元, the only two numbers of one unit: a share, or how much it grew."""
    counts = [one for one in told if one.unit not in ("%", "个百分点", "倍", "个月", "天", "岁")]
    if len(counts) != 2 or counts[0].unit != counts[1].unit or not all(o.low for o in counts):
        return ""
    first, last = counts
    for real, shown in (
        (
            min(first.low, last.low) / max(first.low, last.low),
            f"{_shown(first)}与{_shown(last)}之比",
        ),
        (abs(last.low - first.low) / first.low, f"从{_shown(first)}到{_shown(last)}"),
    ):
        if is_close(real * 100, claim, room):
            return shown
    return ""


def _from_share(claim: Amount, told: Sequence[Amount]) -> str:
    """40名 of 8名 and 20%: the whole, of a part and its share."""
    shares = [one for one in told if one.unit == "%" and one.low]
    part = next(one for one in told if one.unit == claim.unit and one.low != claim.low)
    if len(shares) == 1 and part.low * 100 / shares[0].low == claim.low:
        return f"{_shown(part)}÷{_shown(shares[0])}"
    return ""
