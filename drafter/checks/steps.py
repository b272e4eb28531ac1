"""首先、其次、再次、最后 in their order, items announced and not written (一是；二是抓学习),
and rows of 一、…二、… or 一抓…二抓… inside a paragraph.

What is found is told as start in the text, words there, message, severity.
"""

import re
from collections.abc import Iterator

from drafter.types import Severity

Fault = tuple[int, str, str, Severity]

_STEPS = ("首先", "其次", "再次", "最后")
# 再次 and 最后 are common adverbs: they need a stop or 是 behind them to count.
_STEP = re.compile(
    r"(?:^|(?<=[。；;：:，,！!？?\s]))(?:首先|其次|(?:再次|最后)(?=[，,、：:是要]))", re.MULTILINE
)
_HAN = "一二三四五六七八九十"
_HOLLOW = re.compile(
    rf"(?:^|(?<=[。；;：:，,\s]))(?:(?:[{_HAN}](?:是|要)|其[{_HAN}]是?)[，,、：:]?"
    rf"|第[{_HAN}](?:[点条个项])?[，,、：:]|[（(](?:[{_HAN}]{{1,2}}|\d{{1,2}})[）)]|[①-⑳])\s*"
    rf"(?:[.…]{{2,}}\s*)?(?=[；;。]|[，,]?[{_HAN}]是[^；;。，,、”]{{2}})",
    re.MULTILINE,
)


def sequence(text: str) -> Iterator[Fault]:
    """Yield each of the four that goes back, stands twice or leaves 其次 out, in one paragraph.

    A paragraph may open with any of them, 首先 begins anew, and 最后 may follow each.
    """
    reached, line = 0, 0
    for match in _STEP.finditer(text):
        here, word = text.count("\n", 0, match.start()), match[0]
        number = _STEPS.index(word) + 1
        if number == 1 or here != line:
            reached, line = number, here
            continue
        if number < reached:
            message = f"“{word}”写在了“{_STEPS[reached - 1]}”的后面，次序不对。"
            yield match.start(), word, message, "error"
        elif number == reached:
            yield match.start(), word, f"前面已经有“{word}”，这里又是“{word}”。", "warning"
        elif (reached, number) == (1, 3):
            message = "“首先”后面是“再次”，中间没有“其次”。"
            yield match.start(), word, message, "error"
        reached = max(reached, number)


def hollow(text: str) -> Iterator[Fault]:
    """Yield each ordinal with nothing behind it but a stop or the next ordinal."""
    for match in _HOLLOW.finditer(text):
        words = match[0].strip()
        yield match.start(), words, f"“{words}”后面没有内容。", "error"


_INLINE = re.compile(
    rf"(?<=[。：；])\s*(?P<n>[{_HAN}])、(?!\s*[{_HAN}](?:[、是和]|季度|月|级|产业|线|类|期|届|轮|组))"
)
_DONE = re.compile(
    rf"(?:^|(?<=[，。；：、])|(?=一[抓查建促强优提保聚]))(?P<n>[{_HAN}])(?P<verb>[抓查看建促强优提保重聚突])(?![到就手])"
)
_LEAST = 3  # 一抓…二抓…三抓: two alone may be a saying (一看二慢)


def rows(text: str) -> Iterator[Fault]:
    """Yield each 一、 or 一抓 inside a paragraph that leaves a number out or stands twice."""
    for line in re.finditer("[^\n]+", text):
        marks = [("、", match) for match in _INLINE.finditer(line[0])]
        marks += [(match["verb"], match) for match in _DONE.finditer(line[0])]
        for sign in dict.fromkeys(sign for sign, _ in marks):
            row = [match for one, match in marks if one == sign]
            numbers = [_HAN.index(match["n"]) + 1 for match in row]
            if numbers[0] != 1 or (sign != "、" and len(row) < _LEAST):
                continue
            for before, number, match in zip(numbers, numbers[1:], row[1:], strict=False):
                if number not in (before + 1, 1):
                    word = match[0].strip()
                    wanted = f"{_HAN[before % 10]}{sign}"
                    at = line.start() + match.start() + len(match[0]) - len(match[0].lstrip())
                    yield at, word, f"“{word}”的次序不对，这里应是“{wanted}”。", "error"
                    break
