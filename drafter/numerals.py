"""Numerals: full and half width, Arabic and Chinese, as exact decimals."""

import re
from decimal import Decimal
from functools import lru_cache

CHINESE_NUMERALS = "零〇○一二三四五六七八九十百千万亿两"

_WIDE = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def narrow(text: str) -> str:
    """Return `text` with full-width letters, digits and signs made half-width, same length."""
    return text.translate(_WIDE)


def format_number(value: Decimal) -> str:
    """Return `value` without exponent and without trailing zeros."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def parse_number(text: str) -> Decimal | None:
    """Return the value of a numeral such as "1,200", "1.8万", "三百二十", "两", "百"; else None."""
    plain = narrow(text).replace(",", "").replace(" ", "")
    digits = re.fullmatch(r"(\d{1,18}(?:\.\d{1,9})?)([十百千万亿]*)", plain)
    if digits:
        value = Decimal(digits[1])
        for sign in digits[2]:
            value *= _MULTIPLES[sign]
        return value
    if (
        not re.fullmatch(rf"[{CHINESE_NUMERALS}]+(?:点[{CHINESE_NUMERALS}]+)?", plain)
        or len(plain) > 24
    ):
        return None
    return _parse_chinese(plain)


_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}


@lru_cache(maxsize=4096)
def _parse_chinese(numeral: str) -> Decimal | None:
    """Read a numeral as it is spoken: 三百二十, 一万零三, 二〇二四, 一百二 (120), 三点五.

    Written here and not with cn2an, whose import alone takes 0.1 s of every start.
    """
    whole, point, decimals = numeral.replace("○", "零").replace("〇", "零").partition("点")
    spelt = whole and all(sign in _DIGITS for sign in whole)
    value = int("".join(str(_DIGITS[sign]) for sign in whole)) if spelt else _whole(whole)
    if not point or value is None:
        return value if value is None else Decimal(value)
    if not decimals or not all(sign in _DIGITS for sign in decimals):
        return None
    return Decimal(f"{value}.{''.join(str(_DIGITS[sign]) for sign in decimals)}")


def _whole(numeral: str) -> int | None:
    """Return the value of a whole number, section by section of 亿 and 万."""
    for sign, times in (("亿", 10**8), ("万", 10**4)):
        head, mark, tail = numeral.rpartition(sign)
        if not mark:
            continue
        high = _whole(head) if head else 1
        low = _tail(tail, times)
        if high is None or low is None or low >= times:
            return None
        return high * times + low
    return _section(numeral)


def _tail(tail: str, times: int) -> int | None:
    """What follows a sign: nothing, a number, or one digit of the next lower order (三万五)."""
    if not tail:
        return 0
    if len(tail) == 1 and tail in _DIGITS:
        return _DIGITS[tail] * times // 10
    return _whole(tail.removeprefix("零"))


def _section(numeral: str) -> int | None:
    """Return the value of a number below ten thousand, None where its orders do not fall."""
    total, order, digit, zero = 0, 10_000, -1, False
    for sign in numeral:
        if sign == "零":
            if zero or digit >= 0:
                return None
            zero = True
        elif sign in _DIGITS:
            if digit >= 0:
                return None
            digit = _DIGITS[sign]
        else:
            times = _SMALL[sign]
            if times >= order or (digit < 0 and times != 10 and total):
                return None
            total += (1 if digit < 0 else digit) * times
            order, digit, zero = times, -1, False
    if digit < 0:
        return None if zero else total
    # 一百二 is 120, 一百零二 is 102.
    return total + digit * (1 if zero or order in (10, 10_000) else order // 10)
