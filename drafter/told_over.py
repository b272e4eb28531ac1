"""Numbers of a draft that say over again, in livelier words, what its facts say.

一年换了十二版 of 每月一换, 三年过去 of 2020年成立, 第三次 of 三度, 三家商量 of 与甲、乙共建, and
what is reckoned (told_sums.py). Every way needs words of the draft that ask for it, and comes out.
Words are in data/reckoning.toml.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from drafter.amounts import Amount, amount_of, pairs
from drafter.counting import window
from drafter.listed import possible_items
from drafter.numbers import Quantity, find_quantities
from drafter.numerals import CHINESE_NUMERALS, parse_number
from drafter.told_sums import READINGS, Found, Way, counts_of, cues, head_of

_HAN = "\u4e00-\u9fff"
_NUMERAL = f"(?:\\d+|[{CHINESE_NUMERALS}]+)"
_MINUTES = re.compile(rf"({_NUMERAL})个?小时零?({_NUMERAL})分钟?(?![之店公])")
_OFTEN = {"半年": 2, "个季度": 4, "季度": 4, "季": 4, "个月": 12, "月": 12, "周": 52}
_RHYTHM = re.compile("(?:每一?|一)(半年|个?季度|季|个?月|周)")
_TIMES = re.compile(rf"[^，。；\d]{{0,8}}?({_NUMERAL})[次期场版张节课回]")
_SIGNS = "一二三四五六"
_GRADES = re.compile(
    f"(初|高|[{_SIGNS}])([{_SIGNS}])?年?级?[到至—-](?:初|高)?(?P<last>[{_SIGNS}])(?P<grade>年级)?"
)


def compound_minutes(text: str) -> tuple[tuple[int, int, Decimal], ...]:
    """Return (start, end, minutes) of each 1小时零5分 of a text."""
    found = []
    for match in _MINUTES.finditer(text):
        hours, minutes = parse_number(match[1]), parse_number(match[2])
        if hours is not None and minutes is not None and minutes < 60:
            found.append((*match.span(), Decimal(hours * 60 + minutes)))
    return tuple(found)


def _year_named(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """2015年成立 of 成立年份2015."""
    if quantity.kind == "year":
        bare = re.compile(rf"(?<!\d){quantity.form}(?![\d.万%年])")
        yield from (f"“{fact}”" for fact in facts if bare.search(fact))


def _rhythm(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """一年换了十二版 of 每月一换: as often as the facts say, in a year."""
    if quantity.kind != "count" or quantity.unit in ("年", "个月", "天", "周", "个季度", ""):
        return
    if not cues()["yearly"].search(head_of(quantity, text)):
        return
    for fact in facts:
        for often in _RHYTHM.finditer(fact):
            rest = _TIMES.match(fact, often.end())
            times = parse_number(rest[1]) if rest else 1
            if times and _OFTEN[often[1]] * times == quantity.value:
                yield f"{often[0]}，一年{quantity.text}"


def _weekly(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """每七天 of 每周."""
    if quantity.unit == "天" and quantity.value == 7 and text[: quantity.start].endswith("每"):
        weeks = re.compile("每周(?![二三四五六日末])|每个?星期(?![一二三四五六日天末])")
        yield from (f"“{fact}”" for fact in facts if weeks.search(fact))


def _jubilee(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """改革开放四十年 of 改革开放40周年."""
    for fact in facts if quantity.unit in ("年", "周年") else ():
        for match in re.finditer(rf"({_NUMERAL})周?年(?![级度])", fact):
            told = "周年" in (match[0][-2:], quantity.unit)
            same = told and parse_number(match[1]) == quantity.value
            near = text[max(0, quantity.start - 12) : quantity.end + 8]
            if same and pairs(fact) & pairs(near):
                yield f"“{fact}”"


def _since(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """三年过去 of 2020年 in a report of 2023."""
    tail = text[quantity.end : quantity.end + 4]
    if year is None or quantity.unit != "年" or not cues()["since"].match(tail):
        return
    start, end = window(text, quantity.start, quantity.end)
    then = year - int(quantity.value)
    told = any(q.form[:4] == str(then) for q in find_quantities(text[start:end]) if q.form)
    if told:
        yield from (f"“{fact}”" for fact in facts if re.search(rf"(?<!\d){then}(?!\d)", fact))


def _service(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """有事拨110: a number to call counts nothing."""
    called = cues()["call"].search(head_of(quantity, text))
    if called and not quantity.unit and cues()["service"].fullmatch(quantity.text):
        yield "服务电话"


def _again(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """第三次 of 三度; 讲到第37场 of 37场."""
    if quantity.kind != "ordinal":
        return
    many = int(quantity.value)
    last = re.search("到了?$", text[: quantity.start])
    for fact in facts:
        twice = re.finditer(rf"({_NUMERAL})度(?![假数电过量])", fact)
        if quantity.unit == "次" and any(parse_number(m[1]) == many for m in twice):
            yield f"“{fact}”"
        if last and any(q.value == many and q.unit == quantity.unit for q in counts_of(fact)):
            yield f"“{fact}”"


def _both_sides(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """三家商量 of 与甲、乙签共建书: the unit itself and those it joined."""
    if quantity.unit not in ("个", "家") or not 2 <= quantity.value <= 6:
        return
    if not re.match("(?:[一起共同商量联手携]|单位)", text[quantity.end : quantity.end + 2]):
        return
    for fact in facts:
        for match in cues()["joined"].finditer(fact):
            listed = possible_items(match["who"]) or {1}
            if int(quantity.value) - 1 in listed:
                yield f"“{match[0]}”和本单位"


def _deeds(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """四件事 before 甲是一件，乙是一件…"""
    if quantity.kind == "count" and 2 <= quantity.value <= 9 and quantity.text[-1:]:
        rest = text[quantity.end :].split("\n")[0]
        if len(re.findall(f"是一{quantity.text[-1]}", rest)) == quantity.value:
            yield f"后文列了{quantity.text}"


def _grades(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """三个年级 of 初一到初三."""
    if not text.startswith("年级", quantity.end):
        return
    for fact in facts:
        for match in _GRADES.finditer(fact):
            first = match[2] or (match[1] if match[1] in _SIGNS else "")
            known = first and (match[1] in "初高" or match["grade"])
            if known and _SIGNS.index(match["last"]) - _SIGNS.index(first) + 1 == quantity.value:
                yield match[0]


def _echo(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """三种样子 after 三个支部: as many as what the clause before it names."""
    if not re.match("[种样副番]", quantity.text[-1:]) or not 2 <= quantity.value <= 9:
        return
    numeral = quantity.text[:-1]
    before = rf"(?<![{CHINESE_NUMERALS}\d]){numeral}[个家支名所][{_HAN}]{{1,6}}，$"
    if re.search(before, text[: quantity.start]):
        yield "与前一句同数"


def _counting_up(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """一场、两场、三场……: counted one by one, on to a number of the facts."""
    unit = quantity.text[-1:]
    for match in re.finditer(rf"一{unit}[、，]两{unit}(?:[、，]三{unit})?(?:…|\.\.\.|—)", text):
        if match.start() <= quantity.start < match.end():
            yield "逐个数来"


def _minutes(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """65分钟 of 1小时零5分."""
    told = amount_of(quantity)
    for fact in facts if told.unit == "分钟" else ():
        yield from (fact[a:b] for a, b, minutes in compound_minutes(fact) if minutes == told.low)


def _day(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """每月十五号 of 每月15日."""
    if quantity.unit == "号" and cues()["monthly"].search(head_of(quantity, text)):
        form = f"*-*-{int(quantity.value):02d}"
        yield from (
            f"“{fact}”" for fact in facts if any(q.form == form for q in find_quantities(fact))
        )


def _distance(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> Found:
    """36里 of 18公里."""
    if quantity.unit or not re.match(rf"里(?![{_HAN}])|里[路地长远的山]", text[quantity.end :]):
        return
    told = Amount(quantity.value * 500, None, "米", False, "")
    for fact in facts:
        yield from (f"要点是{q.text}" for q in counts_of(fact) if amount_of(q) == told)


_WAYS: tuple[Way, ...] = (
    *(_year_named, *READINGS, _rhythm, _jubilee, _since, _service, _again, _both_sides, _deeds),
    *(_weekly, _grades, _echo, _counting_up, _minutes, _day, _distance),
)


def told_over(quantity: Quantity, text: str, facts: Sequence[str], year: int | None) -> str:
    """Return how a number of the draft says again what a fact says, as words to read, or "".

    `year` is the report's own.
    """
    if quantity.upper is not None:
        return ""
    return next((words for way in _WAYS for words in way(quantity, text, facts, year)), "")
