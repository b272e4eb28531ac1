"""Paragraphs as their writer meant them: wrapped lines joined, squeezed headings put on own lines.

Texts out of PDF or old mail are cut every thirty-odd characters; texts out of web pages have lost
their line breaks. Both are told by the text's own measure. Only white space changes.
"""

import itertools
import re

from index.cues import bare, is_cause, is_closing, is_salutation, is_signature, is_title
from index.headings import Mark, find_mark, is_heading, split_heading

_ENDED = re.compile(r"[。！？：；!?:;”’）)]$")
_POINT = re.compile(
    r"[一二三四五六七八九十]{1,3}[是要]|(另|还有)?一个是|[（(]?\d{1,2}[）).、．]|[①-⑳●•◆■]|第[一二三四五六][，,]"
)
_INLINE = re.compile(
    r"(?<=[。！？；：:!?”）])\s*(?=(?P<one>[一二三四五六七八九十]{1,3}、)|(?P<paren>[（(][一二三四五六七八九十]{1,3}[）)]))"
)
# A heading made of nothing but the genre's stock words.
_STOCK = re.compile(
    r"(?:\d{4}年|[上下]半年|主要|存在|目前|当前|下一?步|下一?阶段|今后|明年|一年来?|个人|工作|履职|尽责|党建|开展|完成"
    r"|整改|原因|努力|改进|突出|问题|不足|差距|困难|短板|思路|打算|计划|措施|做法|成效|成绩|情况|分析|方向|安排|亮点"
    r"|特色|重点|举措|面临|和|与|及|的|、)*"
    r"(?:问题|不足|差距|困难|短板|思路|打算|计划|措施|做法|成效|成绩|情况|分析|方向|安排|亮点|特色|重点|举措|原因|工作)"
)
# A page of hard-wrapped text has lines of 20 to 60 characters; below eight lines nothing is sure.
_NARROW, _WIDE, _ENOUGH = 20, 60, 8
# How far a mark's surroundings are looked at, so that a line of any length takes linear time.
_AHEAD = 120


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of cleaned text, none empty."""
    return _part_squeezed(_join_wrapped(text.split("\n")))


def _join_wrapped(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line]
    widths = sorted(len(bare(line)) for line in filled)
    if len(filled) < _ENOUGH:
        return filled
    width = widths[int(len(widths) * 0.9)]
    full = [w for w in widths if width - 3 <= w <= width + 3]
    if not _NARROW <= width <= _WIDE or len(full) < len(filled) * 0.4:
        return filled
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if line and goes_on and not _opens_paragraph(line):
            joined[-1] += line
        elif line:
            joined.append(line)
        is_full = width - 3 <= len(bare(line))
        goes_on = bool(line) and (is_full or not (_ENDED.search(line) or _stands_alone(joined)))
        if line and is_full and _ENDED.search(line) and len(bare(line)) < width - 1:
            goes_on = False
    return joined


def _opens_paragraph(line: str) -> bool:
    return is_heading(line) or bool(_POINT.match(line)) or _turns(line)


def _turns(line: str) -> bool:
    return is_closing(line) or is_cause(line, strictly=True)


def _stands_alone(joined: list[str]) -> bool:
    """Return whether the last line is complete though it has no full stop: heading, title, date."""
    line = joined[-1]
    if len(joined) <= 4 and (is_title(line) or is_salutation(line) or "。" not in line):
        return True
    return is_heading(line) or is_signature(line, beside_date=True)


def _part_squeezed(lines: list[str]) -> list[str]:
    """Put a heading that goes on with the numbering inside a paragraph on a line of its own."""
    whole = "\n".join(lines)
    listed = {
        "one": re.search(r"(?:^|[。！？；：\s])二、", whole, re.MULTILINE) is not None,
        "paren": re.search(r"(?:^|[。！？；：\s])[（(]二[）)]", whole, re.MULTILINE) is not None,
    }
    parted: list[str] = []
    last = {"one": 0, "paren": 0}
    for line in lines:
        cuts: list[int] = []
        mark = find_mark(line)
        if mark and mark.kind in ("one", "part"):
            last = {"one": mark.number if mark.kind == "one" else 0, "paren": 0}
            cuts += _first_under(line, mark.end, last)
        elif mark and mark.kind == "paren":
            last["paren"] = mark.number
        cuts += _inline_marks(line, cuts[-1] if cuts else 0, last, listed)
        cuts = _with_heading_ends(line, cuts)
        edges = [0, *cuts, len(line)]
        parted += [line[a:b].strip() for a, b in itertools.pairwise(edges)]
    return [line for line in parted if line]


def _first_under(line: str, start: int, last: dict[str, int]) -> list[int]:
    """Return where （一） follows its section's heading on the same line: 一、主要工作（一）…"""
    found = re.match(r"[^。]{2,40}?(?=[（(]一[）)])", line[start : start + 44])
    if not found:
        return []
    last["paren"] = 1
    return [start + found.end()]


def _with_heading_ends(line: str, cuts: list[int]) -> list[int]:
    """Add where a section's heading runs into its text with no mark: 二、存在的问题一年来，…"""
    starts = [0, *cuts]
    sections = [
        n for n in starts if (mark := find_mark(line[n : n + _AHEAD])) and mark.kind == "one"
    ]
    if not cuts or len(sections) < 2:
        return cuts
    ends = []
    for start, end in itertools.pairwise([*starts, len(line)]):
        mark = find_mark(line[start : min(end, start + _AHEAD)])
        if start in sections and mark and (found := _STOCK.match(line, start + mark.end, end)):
            ends += (
                [found.end()] if re.match(r"[^。：:，；（(]", line[found.end() : end][:1]) else []
            )
    return sorted({*cuts, *ends})


def _inline_marks(
    line: str, after: int, last: dict[str, int], listed: dict[str, bool]
) -> list[int]:
    """Return where marks that continue the numbering stand in `line`; `last` goes on with it."""
    if len(line) < 60:
        return []
    cuts = []
    for found in _INLINE.finditer(line, after + 1):
        place = found.end()
        mark = find_mark(line[place : place + _AHEAD])
        if mark is None or mark.kind not in last or mark.number != last[mark.kind] + 1:
            continue
        if _in_quotes(line, place) or not (listed[mark.kind] or mark.number > 1):
            continue
        if mark.number > 1 and not _is_credible(line, place, mark):
            continue
        last[mark.kind] = mark.number
        cuts.append(place)
        if mark.kind == "one":
            last["paren"] = 0
            cuts += _first_under(line, place + mark.end, last)
    return cuts


def _is_credible(line: str, place: int, mark: Mark) -> bool:
    """Return whether a mark after the first opens a heading here: a sentence ended before it."""
    boundary = line[max(0, place - _AHEAD) : place].rstrip()[-1]
    if mark.kind != "one":
        return boundary in "。！？；!?”）"
    rest = line[place + mark.end : place + mark.end + _AHEAD]
    heading = split_heading(rest)[0]
    return boundary in "。！？!?”）" and (heading is not None or _STOCK.match(rest) is not None)


def _in_quotes(line: str, place: int) -> bool:
    before = line[max(0, place - _AHEAD) : place]
    return any(before.rfind(opens) > before.rfind(shuts) for opens, shuts in ("“”", "《》"))
