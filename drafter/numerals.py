"""Numerals: full and half width, Arabic and Chinese, as exact decimals."""

import re
from decimal import Decimal, InvalidOperation
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


@lru_cache(maxsize=4096)
def _parse_chinese(numeral: str) -> Decimal | None:
    import cn2an

    plain = numeral.replace("○", "零").replace("〇", "零")
    if plain[0] in "百千万亿":
        plain = f"一{plain}"
    try:
        return Decimal(str(cn2an.cn2an(plain, "normal")))
    except (ValueError, InvalidOperation, KeyError, IndexError):
        return None
