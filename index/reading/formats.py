"""How a sheet shows a number: its format code, of which the parts Chinese sheets use are known.

Known: rounding, %, dates, words in quotes. Format codes: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

GENERAL = "General"
# Built-in formats by number that are not plain General; dates of Chinese Excel among them.
BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%",
    **dict.fromkeys(("14", "15", "22", "30"), "yyyy-m-d"),
    "16": "m-d", "17": "yyyy-m", "18": "h:mm", "19": "h:mm", "20": "h:mm", "21": "h:mm",
    "27": 'yyyy"年"m"月"', "28": 'm"月"d"日"', "29": 'm"月"d"日"', "31": 'yyyy"年"m"月"d"日"',
    "32": "h:mm", "33": "h:mm", "36": 'yyyy"年"m"月"',
    "50": 'yyyy"年"m"月"', "51": 'm"月"d"日"', "52": 'yyyy"年"m"月"', "53": 'm"月"d"日"',
    "54": 'm"月"d"日"', "55": 'yyyy"年"m"月"', "57": 'yyyy"年"m"月"', "58": 'm"月"d"日"',
}  # fmt: skip
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')


def shown(stored: str, code: str, since_1904: bool = False) -> str:
    """Return a stored number as the cell shows it under the format `code` ("General" for none).

    Dates are written 2026年3月1日, with as much of the date as the format shows.
    """
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite():
        return stored
    pattern = re.sub(r"\[[^\]]*\]", "", code).split(";")
    section = pattern[1] if number < 0 and len(pattern) > 1 else pattern[0]
    bare = _QUOTED.sub("", section)
    if re.search("[ymdhs]", bare, re.IGNORECASE) and not re.search("[0#?]", bare):
        return _date(number, bare.lower(), since_1904) or _plain(number)
    if not re.search("[0#?]", bare):
        return _plain(number)
    return _number(number, section, bare, with_sign=number < 0 and len(pattern) == 1)


def _plain(number: Decimal) -> str:
    """Return a number without the noise of binary fractions (0.30000000000000004)."""
    if abs(number) >= Decimal(10) ** 15:
        return f"{number:f}".partition(".")[0]
    text = f"{Decimal(f'{number:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(number: Decimal, section: str, bare: str, *, with_sign: bool) -> str:
    if "%" in bare:
        number *= 100
    # Scientific notation, fractions, more digits than a sheet keeps: plain digits are clearer.
    if "E+" in bare or "/" in bare or abs(number) >= Decimal(10) ** 15:
        return _plain(number)
    decimals = re.search(r"\.([0#?]+)", bare)
    places = len(decimals[1]) if decimals else 0
    optional = len(re.findall("[#?]", decimals[1])) if decimals else 0
    digits = re.search(r"[0#?][0#?,.]*", bare)
    if digits and digits[0].endswith(","):  # thousands hidden by the format
        number /= 1000 ** (len(digits[0]) - len(digits[0].rstrip(",")))
    rounded = f"{abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    while optional and "." in rounded and rounded.endswith("0"):
        rounded, optional = rounded[:-1], optional - 1
    body = rounded.rstrip(".") + ("%" if "%" in bare else "")
    before, _, after = re.sub(r"[0#?][0#?,.]*%?", "\x00", _words(section), count=1).partition(
        "\x00"
    )
    return ("-" if with_sign else "") + (before + body + after).strip()


def _words(section: str) -> str:
    """Return a format with its quoted words bare and its padding gone."""
    return _QUOTED.sub(lambda m: m[1] or m[2] or "", section)


def _date(number: Decimal, bare: str, since_1904: bool) -> str:
    """Return a date as far as the format shows it; "" for what is no date."""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    if not 0 <= number < 2_958_466:  # the last day a sheet knows is 9999-12-31
        return ""
    moment = start + timedelta(days=float(number)) + timedelta(milliseconds=500)
    clock = f"{moment.hour}:{moment.minute:02}" if "h" in bare else ""
    if clock == "0:00" and "d" in bare:
        clock = ""  # a date that some program stored as a moment
    has_month = "m" in re.sub(r"h+[^ymd]*m+|m+[^ymd]*s+", "", bare)
    day = (
        (f"{moment.year}年" if "y" in bare else "")
        + (f"{moment.month}月" if has_month else "")
        + (f"{moment.day}日" if re.search("d", bare) else "")
    )
    return day + (" " if day and clock else "") + clock
