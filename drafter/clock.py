"""Times of day of Chinese prose: 21点 is 晚上9点, 8点半 is 8:30, 下午3点一刻 is 15:15.

Rules: GB/T 7408 (24-hour time), GB/T 15835-2011. A time without a part of the day may be of the
morning or of the evening. Words of the day's parts are in data/units.toml.
"""

import re
from functools import lru_cache

from drafter.data import load_table
from drafter.numerals import parse_number

_HOUR = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_TAIL = rf"半(?![天年个])|钟|整|一刻钟?|三刻钟?|{_MINUTE}分(?![之钟别])"
# What shows that a small number before 点 is a time and counts no points.
_LED = r"(?:到|至|从|自|于|每[天日晚]|[-—–~～])\s*$"
_FOLLOWED = r"(?:之?[前后]|以[前后]|起|准时|开[始门放馆讲课]|[-—–~～至到]|关[门闭]|[上下]班|左右)"
_NO_TIME = re.compile(r"[段代期间]")


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = load_table("units")["clock"]
    return table


@lru_cache(maxsize=1)
def clock_pattern() -> re.Pattern[str]:
    """Return the pattern of a time of day, with the part of the day before it."""
    words = sorted((word for part in _table().values() for word in part), key=len, reverse=True)
    return re.compile(
        rf"(?:(?P<part>{'|'.join(words)})的?\s*|(?<![\d.:：第])(?=\d)|(?<![\d第一二三四五六七八九十百]))"
        rf"(?P<h>{_HOUR})(?:[:：](?P<m>[0-5]\d)(?![\d:：])|(?P<u>[点时])(?P<tail>{_TAIL})?"
        r"(?![\d一二三四五六七八九十]|[多几]))"
    )


def is_time(match: re.Match[str]) -> bool:
    """Whether a match of `clock_pattern` is a time, and no 3点建议 or 一时."""
    if match["part"] in ("早", "晚") and match["h"] == "一" and not match["tail"]:
        return False  # 早一点, 晚一点
    if match["part"] or match["m"] or match["tail"]:
        return True
    following = match.string[match.end() :]
    digits = match["h"][0].isdigit()
    if match["u"] == "时":
        return (digits or len(match["h"]) > 1) and not _NO_TIME.match(following)
    hour = int(parse_number(match["h"]) or 0)
    if digits and hour > 12:
        return not re.match("|".join(load_table("units")["clock_not"]["nouns"]), following)
    if digits and re.search(_LED, match.string[: match.start()]):
        return not re.match("|".join(load_table("units")["clock_not"]["nouns"]), following)
    return re.match(_FOLLOWED, following) is not None


def clock_form(match: re.Match[str]) -> str:
    """Return the normal form of a time: "21:00", "am9:30" of the morning, "9:30" of either half."""
    hour = int(parse_number(match["h"]) or 0)
    minute = int(match["m"] or 0)
    tail = match["tail"] or ""
    if tail.startswith("半"):
        minute = 30
    elif "刻" in tail:
        minute = 15 if tail[0] == "一" else 45
    elif "分" in tail:
        minute = int(parse_number(tail.partition("分")[0].removeprefix("零")) or 0)
    part, words = match["part"], _table()
    if part in words["evening"] and hour < 12 and not (part in words["night"] and hour < 6):
        return f"{hour + 12}:{minute:02d}"
    if part in words["noon"] and hour < 5:
        return f"{hour + 12}:{minute:02d}"
    sure = part is not None and hour < 13
    return f"{'am' if sure else ''}{hour}:{minute:02d}"


def same_time(one: str, other: str) -> bool:
    """Whether two forms of times may be the same time: 9:30 may be am9:30 and 21:30."""
    if one == other:
        return True
    if ":" not in one or ":" not in other:
        return False
    (first, minute), (second, minutes) = (form.split(":")[:2] for form in (one, other))
    if minute != minutes:
        return False
    hours = [int(hour.removeprefix("am")) for hour in (first, second)]
    if hours[0] == hours[1]:
        return True
    bare = [hour.isdigit() and int(hour) < 13 for hour in (first, second)]
    late = hours[0] > hours[1]
    return abs(hours[0] - hours[1]) == 12 and bare[1 if late else 0]
