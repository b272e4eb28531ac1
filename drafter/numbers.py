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

from drafter.data import load_table
from drafter.dates import DATE, date_form
from drafter.numerals import CHINESE_NUMERALS, format_number, narrow, parse_number

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

_CN, _CN_ONE = CHINESE_NUMERALS, "一二三四五六七八九"


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


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    """Spans whose numerals count nothing: set phrases, Party terms, meetings and list marks."""
    units, terms = load_table("units")["phrases"], load_table("fixed_terms")
    words = [*units["not_quantities"], *units["ordinals"], *terms["phrases"]["terms"]]
    words += [entry["name"] for entry in terms["set"]]
    meetings = "|".join(load_table("names")["meetings"])
    marks = (
        rf"(?:(?<=[\n。；;：:])|^)[ \t]*(?:[（(](?:\d{{1,2}}|[{_CN}]{{1,3}})[）)]"
        rf"|\d{{1,2}}[.、．)](?!\d)|[{_CN}]{{1,3}}、)"
        rf"|(?<![之的{_CN}])[{_CN_ONE}十](?:要|则)?是|第[{_CN_ONE}十]{{1,2}}[，,、]"
    )
    joined = (
        r"每[两二](?:个?月|周|个?星期|个?季度)"
        r"|(?<![\dA-Z一])[\dA-Z一]{1,4}(?:\+[\dA-Z一]{1,4}){1,6}"
        r"|(?<![A-Za-z])[A-Za-z]{1,12}[\d.]{1,12}[A-Za-z]{0,12}|(?<!\d)\d{1,3}[GgDd](?![A-Za-z])"
    )
    return re.compile(f"(?:{_alternatives(words)})|{meetings}|{joined}|{marks}", re.MULTILINE)


@lru_cache(maxsize=1)
def _approx_words() -> tuple[dict[str, str], dict[str, str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for group in load_table("qualifiers")["approx"]:
        before |= dict.fromkeys(group.get("before", []), group["name"])
        after |= dict.fromkeys(group.get("after", []), group["name"])
    return before, after


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


@lru_cache(maxsize=1)
def _count_pattern() -> re.Pattern[str]:
    units = load_table("units")
    before, _ = _approx_words()
    prefix = "".join(rf"(?<!{c})" for c in "最附靠邻临亲就贴远")
    arabic = r"(?<![\d.A-Za-z])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.A-Za-z])\d+(?:\.\d+)?"
    number = rf"(?:{arabic}|[{_CN}]+(?:点[{_CN}]+)?)"
    unit = _alternatives([*units["units"], *units["digit_units"]])
    return re.compile(
        rf"(?P<ord>第\s*)?(?P<pre>{prefix}(?:{_alternatives(list(before))})\s*)?"
        rf"(?:(?P<den>{number})分之(?P<num>{number})"
        rf"|(?P<vague>(?<![人次件个总倍岁多少基以])[数几上](?=[十百千万]))?(?P<n>{number})"
        rf"(?:\s*[-—–~～至到]+\s*(?P<n2>{number}))?\s*"
        rf"(?P<mid>[余多来几])?(?P<mult>[百千万亿]*)(?P<mid2>[余多])?\s*(?P<unit>{unit})?)"
        rf"(?P<suf>\s*(?:以上|以下|以内|之内|左右|上下|及以上)|[余多](?=[，。；、元]))?"
    )


def _is_claim(match: re.Match[str], numeral: str, unit: str) -> bool:
    """Whether a Chinese numeral counts something: before a unit, or long and with 十百千万."""
    units = load_table("units")
    signs = any(sign in "十百千万亿" for sign in numeral)
    if numeral[0] in "百千万亿" and match.string[: match.start()].endswith(tuple("×*＊XxＸ")):
        return False
    if unit in units["units"]:
        return numeral not in ("万", "亿", "千") or bool(match["pre"] or match["mid"])
    if unit:
        return len(numeral) >= 2 and signs
    if numeral[0] in "百千万亿":
        return bool(match["pre"] and match["mid"])
    return len(numeral) >= 2 and signs


def _approx_of(match: re.Match[str]) -> str:
    before, after = _approx_words()
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
    pair = re.fullmatch(rf"([{_CN_ONE}两])([{_CN_ONE}])([十百千万]?)", low)
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
    chinese = numeral[0] in _CN
    if match["ord"] and not unit:
        return None
    if chinese and not _is_claim(match, numeral + (match["mult"] or ""), unit):
        return None
    ends = _close_range(numeral, match)
    if ends is None:
        return None
    normal = load_table("units")["same_unit"].get(unit, unit)
    kind: QuantityKind = "count"
    if normal == "成":
        ends, normal = (ends[0] * 10, None if ends[1] is None else ends[1] * 10), "%"
    if match["ord"]:
        kind = "ordinal"
    elif normal == "元":
        kind = "money"
    elif normal in ("%", "个百分点", "‰"):
        kind = "percent"
    weak = chinese and kind == "count" and _is_rhetoric(ends, unit, text[end : end + 3])
    return Quantity(start, end, written, *ends, normal, kind, _approx_of(match), weak=weak)


def _is_rhetoric(ends: tuple[Decimal, Decimal | None], unit: str, following: str) -> bool:
    if ends == (Decimal(1), None):
        return True
    words = tuple(load_table("units")["phrases"]["rhetoric"])
    return unit in ("个", "项", "条", "种") and ends[0] <= 10 and following.startswith(words)


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


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return numbers and dates of `text` in order, not overlapping; offsets are into `text`."""
    return _find_quantities(text)


@lru_cache(maxsize=4096)
def _find_quantities(text: str) -> tuple[Quantity, ...]:
    plain = _phrases().sub(lambda m: "\0" * len(m[0]), narrow(text))
    dates = _dates(plain, text)
    plain = _blank(plain, [(date.start, date.end) for date in dates])
    counts = (_count(match, text) for match in _count_pattern().finditer(plain))
    halves = [
        Quantity(m.start(), m.end(), m[0], Decimal(50), None, "%", "percent")
        for m in re.finditer(r"一半(?!是|儿)|半数", plain)
    ]
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
