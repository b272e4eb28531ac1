"""Small pieces of text the page is made of: escaped, counted, told as people say it."""

import html
import math
import re
from datetime import UTC, datetime

# 普通话汇报约每分钟 220 字（播音约 300 字，会议汇报更慢）；只作估计。
CHARACTERS_A_MINUTE = 220
MOST_DIGITS = 15  # of a number the page sends; SQLite holds 18


def esc(text: object) -> str:
    """Return text that is safe in HTML, inside and outside attributes."""
    return html.escape(str(text), quote=True)


def in_words(message: str) -> str:
    """Return a finding's message without the number of a sample, which nothing on the page bears:
    which report it is stands under the message."""
    return re.sub(r"第\d+篇范文", "样本", message)


def whole_number(text: str | None) -> int:
    """Return the whole number a page sent, 0 where there is none: ids and places have few digits,
    and one that no database could hold names nothing."""
    return int(text) if text and text.isdecimal() and len(text) <= MOST_DIGITS else 0


def lines(text: str) -> str:
    """Return escaped text with its line breaks kept."""
    return esc(text).replace("\n", "<br>")


def count(text: str) -> int:
    """Return how many characters a person would count: no spaces, no line breaks."""
    return sum(not char.isspace() for char in text)


def spoken(characters: int) -> str:
    """Return how long reading aloud takes, e.g. "朗读约 6 分钟"."""
    if characters < CHARACTERS_A_MINUTE // 2:
        return "朗读不到 1 分钟"
    return f"朗读约 {max(1, round(characters / CHARACTERS_A_MINUTE))} 分钟"


def duration(seconds: float) -> str:
    """Return a duration in Chinese, coarse enough not to flicker."""
    if seconds < 10:
        return "几秒"
    if seconds < 60:
        return f"{math.ceil(seconds / 5) * 5} 秒"
    minutes, rest = divmod(round(seconds / 10) * 10, 60)
    return f"{minutes} 分" + (f" {rest} 秒" if rest and minutes < 10 else "钟")


def local_time(stamp: str, *, seconds: bool = False) -> str:
    """Return a stored UTC time (ISO 8601) as local month, day and time."""
    moment = datetime.fromisoformat(stamp)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone().strftime("%m-%d %H:%M:%S" if seconds else "%m-%d %H:%M")


def clock() -> str:
    """Return the local time of day."""
    return datetime.now().astimezone().strftime("%H:%M:%S")


def megabytes(size: int) -> str:
    """Return a file size in MB."""
    return f"{size / (1 << 20):,.0f} MB"
