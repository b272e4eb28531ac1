"""Averages over time: what 平均每月 and 月均 divide by, and how many months 全年 has.

Words are in data/reckoning.toml (mean, period).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.data import load_table

# What an average is over -> the unit of its span as amounts have it, and how many of that unit.
TIMES = {
    "月": ("个月", 1),
    "季": ("个月", 3),
    "季度": ("个月", 3),
    "年": ("个月", 12),
    "天": ("天", 1),
    "日": ("天", 1),
    "周": ("天", 7),
    "星期": ("天", 7),
}


@lru_cache(maxsize=1)
def _periods() -> tuple[tuple[str, re.Pattern[str], dict[str, int]], ...]:
    """Spans of time told by a word, and how many months, weeks … each has."""
    rows = load_table("reckoning")["period"]
    return tuple((row["name"], re.compile(row["find"]), row["has"]) for row in rows)


@lru_cache(maxsize=1)
def _mean_of() -> re.Pattern[str]:
    return re.compile(load_table("reckoning")["mean"]["time"] + r"[^，。；：\d]{0,6}$")


def mean_unit(before: str) -> str:
    """Return the time that words before a number average over ("月" of 平均每月), "" if none."""
    cue = _mean_of().search(before)
    return next((name for name in cue.groups() if name), "") if cue else ""


def periods(before: str, words: str) -> Iterator[tuple[int, str]]:
    """Yield how many months (weeks, days, as `before` averages) a span of time of `words` has."""
    unit = mean_unit(before)
    for name, find, has in _periods() if unit else ():
        if unit in has and find.search(words):
            yield has[unit], name
