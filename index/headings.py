"""Marks that open headings (一、（一）第一部分 1.), and where a run-in heading ends.

Pure functions on single lines. They know the forms of marks, not the report around them: whether
a line with a mark is a heading at its place is decided by `index.split`.
"""

import re
from dataclasses import dataclass
from typing import Literal

MarkKind = Literal["part", "one", "paren", "digit"]

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_PART = re.compile(rf"第({_NUMERAL})(?:部分|章|篇章)\s*[、：:，,.．—-]*")
_ONE = re.compile(rf"({_NUMERAL})\s*[、.．，,：:]")
_PAREN = re.compile(rf"[（(〔﹙]\s*({_NUMERAL})\s*[）)〕﹚]\s*[、.．，,：:]?|({_NUMERAL})\s*[）)]")
_ENCLOSED = re.compile(r"[㈠-㈩]")
_DIGIT = re.compile(r"([0-9０-９]{1,2})\s*[、.．](?![0-9０-９])")
# 一、二季度 and 一、二、三产业 count things; they are not headings.
_COUNTED = re.compile(rf"({_NUMERAL})(?:[、]|季度|月份|级|产业|线|楼|类|期|届|轮|线)")

_OPEN, _CLOSE = "“‘（(《〈【「『", "”’）)》〉】」』"
# Longest heading met in published reports is about 45 characters; a longer first sentence is text.
HEADING_LIMIT = 48
LINE_LIMIT = 60
_QUANTITY = re.compile(r"[0-9０-９XＸ×*]\s{0,3}[余多]?(?:次|名|场|篇|人次|万元|个百分点|余元)")
# 下步打算一是…二是…: the list begins where the heading ends, with no mark between.
_LIST_AT_ONCE = re.compile(r"([^，。：、；]{2,16}[^，。：、；统唯万专单同第逐])一(是|个是|要)")
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark a line starts with: `text` as it stands, `number` its value, `end` its length."""

    kind: MarkKind
    number: int
    text: str
    end: int


def numeral(text: str) -> int:
    """Return the value of a Chinese numeral from 一 to 九十九 (0 for anything else)."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def find_mark(line: str) -> Mark | None:
    """Return the heading mark `line` starts with, or None."""
    if found := _PART.match(line):
        return Mark("part", numeral(found[1]), found[0].strip(), found.end())
    if found := _PAREN.match(line):
        return Mark("paren", numeral(found[1] or found[2]), found[0].strip(), found.end())
    if found := _ENCLOSED.match(line):
        return Mark("paren", ord(found[0]) - ord("㈠") + 1, found[0], 1)
    if found := _ONE.match(line):
        number = numeral(found[1])
        counted = _COUNTED.match(line, found.end())
        if counted and numeral(counted[1]) == number + 1:
            return None
        return Mark("one", number, found[0].strip(), found.end())
    if found := _DIGIT.match(line):
        return Mark("digit", int(found[1]), found[0].strip(), found.end())
    return None


def is_heading(line: str) -> bool:
    """Return whether `line` starts with 一、, （一） or 第一部分."""
    mark = find_mark(line)
    return mark is not None and mark.kind != "digit"


def top_level(text: str, wanted: str) -> list[int]:
    """Return offsets of the characters of `wanted` that stand outside quotes and brackets."""
    depth, offsets = 0, []
    for offset, char in enumerate(text):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and char in wanted:
            offsets.append(offset)
    return offsets


def split_heading(rest: str) -> tuple[str | None, str, str]:
    """Take `rest` (a line after its mark) apart: heading, the mark that ends it, text.

    The heading is None where the line is text from its first character on. A run-in heading ends
    with its first sentence (“强化责任担当。坚持…”), a colon, or a wide gap.
    """
    rest = rest.strip()
    gap = _gap(rest)
    if gap is not None:
        return rest[:gap], "", rest[gap:].strip()
    listed = _LIST_AT_ONCE.match(rest)
    if listed and "二" + listed[2] in rest[listed.end() :].replace("另一", "二"):
        return listed[1], "", rest[listed.end(1) :]
    for stop in top_level(rest, "。！？：:；;"):
        tail = rest[stop + 1 :].strip()
        if rest[stop] in "；;" and tail:
            continue
        if not _may_be_heading(rest[:stop], rest[stop], tail):
            break
        return rest[:stop].strip(), rest[stop], tail
    else:
        if 0 < len(rest) <= LINE_LIMIT:
            return rest, "", ""
    return None, "", rest


def _may_be_heading(heading: str, stop: str, tail: str) -> bool:
    if not heading.strip():
        return False
    if stop in "：:" and tail:
        return len(heading) <= 28 and not heading.endswith(("如下", "以下", "例如", "即"))
    if not tail:
        return len(heading) <= LINE_LIMIT
    return len(heading) <= HEADING_LIMIT and not _QUANTITY.search(heading)


def _gap(rest: str) -> int | None:
    """Return where a heading closed only by white space ends: “强化责任担当　坚持…，…。”"""
    found = re.search(r"\s+", rest)
    if not found or not 4 <= found.start() <= 30 or top_level(rest[: found.start()], "。！？：:"):
        return None
    tail = rest[found.end() :]
    stops = top_level(tail, "。")
    if not stops or "，" not in tail[: stops[0]] or stops[0] <= 25:
        return None
    return found.start()
