"""Amounts that speech puts into words of their own: 半小时, 一刻钟, 翻一番, 七成五.

They are read as other numbers are: 半小时 is 0.5小时, 一刻钟 is 15分钟, 翻一番 grows by 1倍.
Rules: 《现代汉语词典》(7th ed.); words in data/units.toml.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from drafter.data import load_table
from drafter.numerals import parse_number

_ONE = "一二三四五六七八九"
_QUARTER = re.compile(r"(?<![点时时])(?P<n>[一三])刻钟|(?<![点时此即片顷])一刻(?=之?内)")
_TENTHS = re.compile(rf"(?P<n>[{_ONE}1-9])成(?P<m>[{_ONE}半])(?!立|员|为|本|效|果|长|熟|功|人|绩)")
_TIMES = re.compile(r"翻(?:了)?(?P<n>[一两二三四])番|翻(?:了)?番|翻(?:了)?一倍|实现倍增")
_BEFORE = (
    r"(?<![\d一两二三四五六七八九十几多大小每个点时月年天过])(?<![上下前后](?=半个?[年月天学]))"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An amount at `start:end`; `weak` where the words often measure nothing (半天)."""

    start: int
    end: int
    value: Decimal
    unit: str
    weak: bool = False


@lru_cache(maxsize=1)
def _half() -> re.Pattern[str]:
    words = sorted(load_table("units")["half"]["units"], key=len, reverse=True)
    return re.compile(rf"{_BEFORE}半个?(?P<u>{'|'.join(words)})(?!数|点|程|会|工|边天)")


def spoken_amounts(text: str) -> Iterator[Spoken]:
    """Yield the amounts of `text` (half-width) that are told by such words."""
    table = load_table("units")["half"]
    for match in _half().finditer(text):
        unit = table["names"].get(match["u"], match["u"])
        yield Spoken(*match.span(), Decimal("0.5"), unit, match["u"] in table["weak"])
    for match in _QUARTER.finditer(text):
        yield Spoken(*match.span(), Decimal(45 if match["n"] == "三" else 15), "分钟")
    for match in _TENTHS.finditer(text):
        tenths, rest = parse_number(match["n"]), parse_number(match["m"])
        part = Decimal(5) if match["m"] == "半" else rest
        if tenths is not None and part is not None:
            yield Spoken(*match.span(), tenths * 10 + part, "%")
    for match in _TIMES.finditer(text):
        doublings = int(parse_number(match["n"] or "一") or 1)
        yield Spoken(*match.span(), Decimal(2**doublings - 1), "倍")
