"""Anniversaries of another year: 庆祝建党100周年 in a report of 2024; so 今年是“十三五”收官之年.

The events are in data/stale_phrases.toml. An anniversary is kept in its year and prepared the year
before; told as history, or as part of a title (庆祝大会), it passes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.told import Place, is_history, looks_forward
from drafter.data import load_table

_DIGITS = "一二三四五六七八九"
_NOW_BEFORE = re.compile(
    r"(?:庆祝|迎接|喜迎|纪念|围绕|紧扣|结合|突出|聚焦|抓住|恰逢|适逢|正值|献礼|以|借|在)(?:中国)?$"
)
_NOW_AFTER = re.compile(r"之际|为契机|为主线|主题|系列|活动|到来|契机")
# Which year the words before a milestone speak of, as years after the report's own.
_SPOKEN = re.compile(
    r"(?P<named>20[0-4]\d)年|(?P<own>今年|本年度?|这一年)|(?P<next>明年)|(?P<past>去年|上年)"
)
_SINCE = re.compile(r"起(?!步|航)|以来|至今|后")
_TITLE_AFTER = re.compile(r"大会|讲话|纪念章|先进|优秀|表彰|前夕|时")


@dataclass(frozen=True, slots=True)
class Anniversary:
    """One in the bare letters `start:end`, due in the year `due` (新中国成立70周年: 2019)."""

    start: int
    end: int
    due: int


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], dict[str, int]]:
    years = {
        name: row["year"]
        for row in load_table("stale_phrases")["anniversary"]
        for name in row["event"]
    }
    names = "|".join(sorted(years, key=len, reverse=True))
    number = rf"(?P<n>\d{{2,3}}|[{_DIGITS}零十百]{{2,6}})周年|(?P<whole>百年)"
    return re.compile(rf"(?P<event>{names})(?:{number})"), years


def _value(number: str) -> int:
    """The number that 六十五, 一百零五 or 100 writes."""
    if number.isdecimal():
        return int(number)
    hundred, _, rest = number.replace("零", "").rpartition("百")
    tens, mark, ones = rest.rpartition("十")
    ten = 10 * (_DIGITS.find(tens) + 1 if tens else 1) if mark else 0
    many = 100 * (_DIGITS.find(hundred) + 1) if hundred else 0
    return many + ten + (_DIGITS.find(ones) + 1 if ones else 0)


def anniversaries(bare: str) -> Iterator[Anniversary]:
    """Yield those that the text keeps now, by the words around: 以…为契机, 庆祝…, …之际."""
    pattern, years = _pattern()
    for match in pattern.finditer(bare):
        count = 100 if match["whole"] else _value(match["n"])
        near = _NOW_BEFORE.search(bare[max(0, match.start() - 6) : match.start()])
        after = bare[match.end() : match.end() + 6]
        if (near or _NOW_AFTER.search(after)) and not _TITLE_AFTER.match(after):
            yield Anniversary(match.start(), match.end(), years[match["event"]] + count)


def is_of(year: int, kept: Anniversary, place: Place) -> bool:
    """Whether a report of `year` may keep it: its year or the one before, or history."""
    if year > kept.due:
        return is_history(place, year, kept.due)
    return year >= kept.due - 1 or looks_forward(place, year, kept.due)


@lru_cache(maxsize=1)
def _milestone() -> tuple[re.Pattern[str], dict[str, dict[str, int]]]:
    table = load_table("stale_phrases")
    rows = {name: row for row in table["milestone"] for name in row["event"]}
    names = "|".join(sorted(rows, key=len, reverse=True))
    opens, closes = "|".join(table["milestone_opens"]), "|".join(table["milestone_closes"])
    between = "|".join(table["milestone_between"])
    mark = rf"(?:(?P<opens>{opens})|(?P<closes>{closes}))之?年"
    return re.compile(rf"(?<!第)(?P<event>{names})(?:{between}){{0,5}}{mark}"), rows


def milestones(bare: str) -> Iterator[Anniversary]:
    """Yield the opening and the closing years of periods: “十四五”开局之年, due in 2021."""
    pattern, rows = _milestone()
    for match in pattern.finditer(bare):
        due = rows[match["event"]].get("opens" if match["opens"] else "closes")
        if due is not None:
            yield Anniversary(match.start(), match.end(), due)


def is_milestone_of(year: int, kept: Anniversary, place: Place) -> bool:
    """Whether the year that the sentence speaks of (今年, 明年, 2020年; else the report's own, or
    one it looks back or forward to) is the milestone's."""
    if year >= kept.due and (_SINCE.match(place.after) or place.before.endswith(("自", "从"))):
        return True
    spoken = list(_SPOKEN.finditer(place.before))
    if spoken:
        last = spoken[-1]
        shift = 1 if last["next"] else -1 if last["past"] else 0
        return kept.due == (int(last["named"]) if last["named"] else year + shift)
    if year > kept.due:
        return is_history(place, year, kept.due)
    return year == kept.due or looks_forward(place, year, kept.due)
