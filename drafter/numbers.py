"""Numbers, dates and placeholders of a text, in a normal form that can be compared.

12次, 十二次, １２次 and 12 次 are equal; 1.8万元 is 18000元; 三季度 is 第3季度. Not numbers: the
numerals of set phrases (三会一课, 第一责任人), of list marks (一是, （一）, 1.) and of loose times
(近年来). What it does not know: numbers spelt in English, and amounts without a numeral (过半).
Rules: GB/T 15835-2011 (出版物上数字用法); words in data/units.toml, qualifiers.toml and
fixed_terms.toml.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from drafter.clock import clock_form, clock_pattern, is_time
from drafter.data import load_table
from drafter.dates import DATE, date_form
from drafter.number_patterns import (
    CN,
    CN_ONE,
    FRACTION,
    HALF,
    RANK,
    SHARE_HALF,
    approx_words,
    count_pattern,
    phrases,
    whole_words,
)
from drafter.numerals import format_number, narrow, parse_number
from drafter.spoken_numbers import spoken_amounts

__all__ = [
    "Placeholder",
    "Quantity",
    "QuantityKind",
    "find_placeholders",
    "find_quantities",
    "format_number",
    "narrow",
    "parse_number",
]

QuantityKind = Literal["count", "percent", "money", "fraction", "ordinal", "date", "year", "time"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a date at `start:end` of a text; `text` is the slice as written.

    `value` is the number (for a date yyyymmdd with zeros for what is not said), `upper` the end of
    a range, `unit` the normal unit ("人" for 名; "" if none), `approx` the normal word of limit
    ("近", "余", "不少于"… or ""), `form` the normal form of a date ("2024-03-15", "*-Q3"). `weak`:
    written as 一个 or the like, which often counts nothing; it can stand for a fact's 1 but makes
    no claim.
    """

    start: int
    end: int
    text: str
    value: Decimal
    upper: Decimal | None
    unit: str
    kind: QuantityKind
    approx: str = ""
    form: str = ""
    weak: bool = False

    @property
    def key(self) -> str:
        """The normal form for comparison: "12|次", "8~10|个", "第3|批", "10|%", "2024-03-15"."""
        if self.form:
            return self.form
        number = format_number(self.value)
        if self.upper is not None:
            number += f"~{format_number(self.upper)}"
        return f"{'第' if self.kind == 'ordinal' else ''}{number}|{self.unit}"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A blank to fill in, such as the X of X次, at `start:end`; `text` is the slice as written."""

    start: int
    end: int
    text: str


def _dates(plain: str, text: str) -> list[Quantity]:
    found = []
    for match in DATE.finditer(plain):
        form = date_form(match)
        digits = [int(d) if d.isdigit() else 0 for d in (*form.split("-"), "", "")[:3]]
        value = Decimal(digits[0] * 10000 + digits[1] * 100 + digits[2])
        kind: QuantityKind = "time" if match["th"] else "year" if form.isdigit() else "date"
        start, end = match.span()
        found.append(Quantity(start, end, text[start:end], value, None, "", kind, form=form))
    return found


def _times(plain: str, text: str) -> list[Quantity]:
    """Times of day, however they are told: 21点, 晚上9点, 8点半, 8:30."""
    found = []
    for match in clock_pattern().finditer(plain):
        if is_time(match):
            start, end = match.span()
            words, form = text[start:end], clock_form(match)
            found.append(Quantity(start, end, words, Decimal(0), None, "", "time", form=form))
    return found


def _claim(match: re.Match[str], numeral: str, unit: str) -> Literal["claim", "weak", "none"]:
    """What a Chinese numeral does: a claim before a unit, or long and with 十百千万; before the
    units that also make words (三类, 两队) it may count, and is weak."""
    signs = any(sign in "十百千万亿" for sign in numeral)
    if numeral[0] in "百千万亿" and match.string[: match.start()].endswith(tuple("×*＊XxＸ")):
        return "none"
    if unit in whole_words():
        bare = numeral in ("万", "亿", "千")
        return "none" if bare and not (match["pre"] or match["mid"]) else "claim"
    if unit:
        if len(numeral) >= 2 and signs:
            return "claim"
        return "weak" if len(numeral) == 1 else "none"
    if numeral[0] in "百千万亿":
        return "claim" if match["pre"] and match["mid"] else "none"
    return "claim" if len(numeral) >= 2 and signs else "none"


def _approx_of(match: re.Match[str]) -> str:
    before, after = approx_words()
    if match["pre"]:
        return before[match["pre"].strip()]
    if match["vague"]:
        return "超过" if match["vague"] == "上" else "数"
    for name in ("mid", "mid2", "suf"):
        if match[name]:
            return after[match[name].strip()]
    return ""


def _close_range(low: str, match: re.Match[str]) -> tuple[Decimal, Decimal | None] | None:
    """The two ends of 8—10, of 两三 (次), or one value; None where the numeral does not read."""
    pair = re.fullmatch(rf"([{CN_ONE}两])([{CN_ONE}])([十百千万]?)", low)
    if pair and not match["mult"]:
        first, second = parse_number(pair[1] + pair[3]), parse_number(pair[2] + pair[3])
        if first is not None and second is not None and first < second:
            return first, second
        return None
    value = parse_number(low + (match["mult"] or ""))
    if value is None:
        return None
    if not match["n2"]:
        return value, None
    upper = parse_number(match["n2"] + (match["mult"] or ""))
    if match["mult"] or upper is None or upper <= value:
        value = parse_number(low) if upper is None or upper <= value else value
    return None if value is None or upper is None else (value, upper)


def _count(match: re.Match[str], text: str) -> Quantity | None:
    start, end = match.span()
    written = text[start:end].rstrip()
    end = start + len(written)
    if match["den"]:
        return _share(match, start, written)
    numeral, unit = match["n"], match["unit"] or ""
    chinese = numeral[0] in CN
    if match["ord"] and not unit:
        return _rank(match, text)
    claim = _claim(match, numeral + (match["mult"] or ""), unit) if chinese else "claim"
    ends = _close_range(numeral, match) if claim != "none" else None
    if ends is None:
        return None
    normal = load_table("units")["same_unit"].get(unit, unit)
    if normal == "成":
        ends, normal = (ends[0] * 10, None if ends[1] is None else ends[1] * 10), "%"
    kind = _kind(match, normal)
    weak = claim == "weak" or (
        chinese and kind == "count" and _is_rhetoric(ends, unit, text[end : end + 3])
    )
    return Quantity(start, end, written, *ends, normal, kind, _approx_of(match), weak=weak)


def _kind(match: re.Match[str], unit: str) -> QuantityKind:
    if match["ord"]:
        return "ordinal"
    if unit == "元":
        return "money"
    return "percent" if unit in ("%", "个百分点", "‰") else "count"


def _rank(match: re.Match[str], text: str) -> Quantity | None:
    """全区第三, 排名第一: a place without a measure word, where the words before speak of one."""
    start, value = match.start(), parse_number(match["n"])
    if value is None or value > 200 or match["n2"] or match["mult"]:
        return None
    end = match.start("n") + len(match["n"])
    if not RANK.search(text[max(0, start - 14) : start]) or text[end : end + 1] in ("个", "责"):
        return None
    return Quantity(start, end, text[start:end], value, None, "人", "ordinal")


def _is_rhetoric(ends: tuple[Decimal, Decimal | None], unit: str, following: str) -> bool:
    if ends == (Decimal(1), None):
        return True
    words = tuple(load_table("units")["phrases"]["rhetoric"])
    return unit in ("个", "项", "条", "种", "块") and ends[0] <= 10 and following.startswith(words)


def _share(match: re.Match[str], start: int, written: str) -> Quantity | None:
    low, high = parse_number(match["den"]), parse_number(match["num"])
    if not low or high is None:
        return None
    end, approx = start + len(written), _approx_of(match)
    if low == 100:
        return Quantity(start, end, written, high, None, "%", "percent", approx)
    form = f"{format_number(high)}/{format_number(low)}"
    return Quantity(start, end, written, high / low, None, "", "fraction", approx, form)


def _blank(plain: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        plain = plain[:start] + "\0" * (end - start) + plain[end:]
    return plain


def _halves(plain: str, text: str) -> list[Quantity]:
    """一半, 1/3, 一个半小时: numbers whose parts stand in an order of their own."""
    found = [
        Quantity(m.start(), m.end(), text[m.start() : m.end()], Decimal(50), None, "%", "percent")
        for m in SHARE_HALF.finditer(plain)
    ]
    for match in HALF.finditer(plain):
        value = parse_number(match["n"])
        if value is not None:
            unit = {"月": "个月", "钟头": "小时"}.get(
                match["u1"] or match["u2"], match["u1"] or match["u2"]
            )
            words = text[match.start() : match.end()]
            half = Decimal("0.5")
            found.append(Quantity(*match.span(), words, value + half, None, unit, "count"))
    for match in FRACTION.finditer(plain):
        high, low = Decimal(match[1]), Decimal(match[2])
        if 0 < high < low:
            form, words = f"{high}/{low}", text[match.start() : match.end()]
            share = high / low
            found.append(Quantity(*match.span(), words, share, None, "", "fraction", form=form))
    taken = [(half.start, half.end) for half in found]
    for one in spoken_amounts(_blank(plain, taken)):
        kind: QuantityKind = "percent" if one.unit == "%" else "count"
        words = text[one.start : one.end]
        span = one.start, one.end
        found.append(Quantity(*span, words, one.value, None, one.unit, kind, weak=one.weak))
    return found


def find_quantities(text: str, loose: bool = False) -> tuple[Quantity, ...]:
    """Return numbers and dates of `text` in order, not overlapping; offsets are into `text`.

    `loose` adds numerals that may count something but often do not (三类, 两队), all weak: they
    can stand for a fact's number but are nobody's claim.
    """
    found = _find_quantities(text)
    return found if loose else tuple(q for q in found if not _is_loose(q))


def _is_loose(quantity: Quantity) -> bool:
    return quantity.weak and quantity.unit != "" and quantity.unit in _loose_units()


@lru_cache(maxsize=1)
def _loose_units() -> frozenset[str]:
    units = load_table("units")
    only = set(units["digit_units"]) - set(units["units"])
    return frozenset(units["same_unit"].get(unit, unit) for unit in only) - whole_words()


@lru_cache(maxsize=4096)
def _find_quantities(text: str) -> tuple[Quantity, ...]:
    plain = phrases().sub(lambda m: "\0" * len(m[0]), narrow(text))
    times = _times(narrow(text), text)  # 六点四十分 has a set phrase (十分) in it
    plain = _blank(plain, [(time.start, time.end) for time in times])
    dates = [*times, *_dates(plain, text)]
    plain = _blank(plain, [(date.start, date.end) for date in dates])
    halves = _halves(plain, text)
    plain = _blank(plain, [(half.start, half.end) for half in halves])
    counts = (_count(match, text) for match in count_pattern().finditer(plain))
    found = [*dates, *(count for count in counts if count is not None), *halves]
    return tuple(sorted(found, key=lambda quantity: quantity.start))


_PLACEHOLDER = re.compile(
    r"[×✕＊*]{1,6}|_{2,}|[〇○]{2,}(?=[区县市局镇街村社党支])|(?<![A-Za-z0-9])[XxＸｘ]{1,6}(?![A-Za-z0-9])"
    r"|[（(【\[](?:待填|待补充?|请填写|此处填写)[^）)】\]\n]{0,12}[）)】\]]"
)


def find_placeholders(text: str) -> tuple[Placeholder, ...]:
    """Return the blanks of `text`: the X of X次, ××局, **年, （待填）; not the × of 3×4."""
    found = []
    for match in _PLACEHOLDER.finditer(text):
        start, end = match.span()
        beside = text[start - 1 : start], text[end : end + 1]
        if all(side.isdigit() for side in beside):
            continue
        if match[0] in ("x", "*", "＊") and not any("一" <= side <= "鿿" for side in beside):
            continue
        found.append(Placeholder(start, end, match[0]))
    return tuple(found)
