"""The points of a text: 一是…二是…, 一个是…另一个是…, 首先…其次…, 1. 2., （1）, ①, 第一，第二，.

A pure function of the text. A word that only looks like an opener (统一是, 一是一) is not one: an
opener stands at the start of a clause and belongs to a sequence of at least two.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.headings import numeral

_N = "[一二三四五六七八九十]{1,3}"
_CLAUSE = r"(?:^|(?<=[。；！？：，,;:!?、“‘（(—\s]))"
_SENTENCE = r"(?:^|(?<=[。；！？：;:!?\s]))"
_LINE = r"^"
_ONES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 9}

# Kind -> pattern; the first group that is filled is the number as written.
_OPENERS: dict[str, re.Pattern[str]] = {
    "是": re.compile(rf"{_CLAUSE}({_N})是(?!否)"),
    "要": re.compile(rf"{_CLAUSE}({_N})要(?!求|点|素|件)"),
    "抓": re.compile(rf"{_CLAUSE}({_N})[抓靠]"),
    "个是": re.compile(rf"{_CLAUSE}((?:还有|另外|另|再|又|第?{_N}|最后)?一?个(?:方面|问题)?)是"),
    "其": re.compile(rf"{_SENTENCE}其({_N})(?=[，,、：:是])"),
    "第": re.compile(rf"{_SENTENCE}第({_N})(?=[，,、：:是])"),
    "首先": re.compile(rf"{_SENTENCE}({'|'.join(_ORDER)})(?!一(?:公里|米|刻|名|天))"),
    "1.": re.compile(rf"{_SENTENCE}([0-9０-９]{{1,2}})\s*[.．、](?![0-9０-９])"),
    "（1）": re.compile(rf"{_CLAUSE}[（(]([0-9０-９]{{1,2}})[）)]|^([0-9０-９]{{1,2}})[）)]", re.M),
    "①": re.compile(rf"([{_ONES}])"),
    "（一）": re.compile(rf"{_LINE}[（(]({_N})[）)]"),
    "·": re.compile(rf"{_LINE}([●•◆■▪○►➢◇□])"),
}
_OPENERS = {kind: re.compile(p.pattern, re.MULTILINE) for kind, p in _OPENERS.items()}
_ENDED = re.compile(r"[。；！？：;:!?”）)]$")


@dataclass(frozen=True, slots=True)
class _Opener:
    kind: str
    number: int
    start: int


def find_points(text: str) -> tuple[str, ...]:
    """Return the points of `text` in order, each with its opener, without space at the ends.

    A point runs to the next opener or to the end of its paragraph; one that is only a heading line
    (“1.加强学习” alone) runs on through the paragraphs below it. Points inside points are not
    listed apart. Every point is a slice of `text`.
    """
    openers = _outermost(text, list(_openers(text)))
    points = []
    for place, opener in enumerate(openers):
        limit = openers[place + 1].start if place + 1 < len(openers) else len(text)
        line_end = text.find("\n", opener.start, limit)
        end = limit
        if line_end >= 0 and not _is_heading_line(text, opener, line_end):
            end = line_end
        points.append(text[opener.start : end].strip())
    return tuple(points)


def _is_heading_line(text: str, opener: _Opener, end: int) -> bool:
    """Return whether an opener's line is a heading: short, without an end, or numbered 1. 2."""
    at_line_start = opener.start == 0 or text[opener.start - 1] == "\n"
    line = text[opener.start : end].strip()
    if not at_line_start or len(line) > 40:
        return False
    numbered = opener.kind in ("1.", "（1）", "（一）") and line.find("。") in (-1, len(line) - 1)
    return numbered or not _ENDED.search(line)


def _openers(text: str) -> Iterator[_Opener]:
    for kind, pattern in _OPENERS.items():
        found = [
            _Opener(kind, _value(kind, next(g for g in match.groups() if g)), match.start())
            for match in pattern.finditer(text)
            if not _is_idiom(text, match)
        ]
        yield from _in_sequence(kind, found)


def _is_idiom(text: str, match: re.Match[str]) -> bool:
    """一是一，二是二 says something else."""
    number = match[1] or ""
    return (
        bool(number)
        and text[match.end() : match.end() + len(number) + 1].rstrip("，。、") == number
    )


def _value(kind: str, written: str) -> int:
    if kind in ("1.", "（1）"):
        return int(written)
    if kind == "①":
        return _ONES.index(written) + 1
    if kind == "首先":
        return _ORDER[written]
    if kind == "个是":
        return 1 if written in ("一个", "一个方面", "一个问题", "第一个") else 2
    return numeral(written) if kind != "·" else 0


def _in_sequence(kind: str, found: list[_Opener]) -> list[_Opener]:
    """Keep runs that start with one and rise, two long at least (bullets: two anywhere)."""
    if kind == "·":
        return found if len(found) > 1 else []
    kept: list[_Opener] = []
    run: list[_Opener] = []
    for opener in found:
        if opener.number == 1:
            kept += run if len(run) > 1 else []
            run = [opener]
        elif run and (
            kind in ("个是", "首先") or run[-1].number <= opener.number <= run[-1].number + 2
        ):
            run.append(opener)
    return kept + (run if len(run) > 1 else [])


def _outermost(text: str, openers: list[_Opener]) -> list[_Opener]:
    """Of nested lists keep the outer one; lists one after the other are all kept."""
    openers = sorted(openers, key=lambda opener: opener.start)
    kept: list[_Opener] = []
    nested: set[str] = set()
    for place, opener in enumerate(openers):
        if not kept or opener.kind == kept[-1].kind:
            kept.append(opener)
            continue
        outer = kept[-1]
        following = next((o for o in openers[place:] if o.kind == outer.kind), None)
        goes_on = following is not None and following.number > outer.number
        between = text[outer.start : opener.start]
        line_end = outer.start + between.find("\n")
        same_line = "\n" not in between or _is_heading_line(text, outer, line_end)
        if goes_on or same_line or opener.kind in nested:
            nested.add(opener.kind)
        else:
            kept.append(opener)
    return kept
