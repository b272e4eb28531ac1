"""Dates of Chinese prose and their normal form. Rules: GB/T 15835-2011 and GB/T 7408 (order)."""

import re

from drafter.numerals import CHINESE_NUMERALS, format_number, parse_number

_CN = CHINESE_NUMERALS
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = (
    r"(?:[12]\d|3[01]|0?[1-9]|二十[一二三四五六七八九]?|三十一?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_YEAR = r"(?:(?<!\d)(?:19|20)\d\d|[一二][九〇零○][〇零○一二三四五六七八九]{2})"
_TO = r"\s*[-—–~～至到]+\s*"
_FRESH = rf"(?<![\d.每个{_CN}])"  # not the tail of a longer numeral, nor 每月 / 三个月
# Groups: y1 y2 years from-to; iy im id 2024-03-15; y year, then m m2 months from-to, mm month with
# d day or mp part of it, h half, q quarter, yp/yx part of the year; yy bare year; dd bare day;
# bp 年初 and the like; th tm time of day.
DATE = re.compile(
    rf"(?P<y1>{_YEAR})年?{_TO}(?P<y2>{_YEAR})年度?"
    r"|(?P<iy>(?<![\d.])20\d\d)[-./](?P<im>1[0-2]|0?[1-9])"
    r"(?:[-./](?P<id>[12]\d|3[01]|0?[1-9]))?(?![\d.%万])"
    rf"|(?:(?P<y>{_YEAR})年度?\s*)?(?:"
    rf"{_FRESH}(?P<m>{_MONTH})\s*月?(?:份)?{_TO}(?P<m2>{_MONTH})\s*月份?(?!\d|以)"
    rf"|{_FRESH}(?P<mm>{_MONTH})\s*月(?:(?P<d>{_DAY})[日号]|(?P<mp>上旬|中旬|下旬|初|底|末)|份)?"
    rf"|(?P<h>上半年|下半年)|{_FRESH}第?(?P<q>[一二三四1-4])季度"
    r"|(?P<yp>年初|年底|年末)|(?(y)(?P<yx>初|底|末|中)(?!心)|(?!)))"
    rf"|(?P<yy>{_YEAR})年度?"
    r"|(?<![\d.])(?P<dd>[12]\d|3[01]|[1-9])日(?!常|报)"
    r"|(?P<bp>(?<![一两三多几近每全\d])年(?:初|底|末))"
    r"|(?<!\d)(?P<th>[01]?\d|2[0-4])[:：](?P<tm>[0-5]\d)(?!\d)"
)


def _year_value(text: str | None) -> str:
    if not text:
        return "*"
    value = parse_number(text)
    return "*" if value is None else format_number(value)


def _two(text: str | None) -> str:
    value = parse_number(text) if text else None
    return "" if value is None else f"{int(value):02d}"


def date_form(match: re.Match[str]) -> str:
    """Return the normal form of a match of DATE: year ("*" if unsaid) and month, day or part.

    "2024-03-15", "*-03", "*-*-20" (a bare day), "2026-Q3", "*-H1" (上半年), "*-09-底", "*-年初",
    "2024~2026", "2026-01~09"; a time of day is "9:30".
    """
    part = match.groupdict()
    if part["th"]:
        return f"{int(part['th'])}:{part['tm']}"
    if part["y1"]:
        return f"{_year_value(part['y1'])}~{_year_value(part['y2'])}"
    if part["dd"]:
        return f"*-*-{_two(part['dd'])}"
    year = _year_value(part["y"] or part["iy"] or part["yy"])
    if part["h"]:
        return f"{year}-{'H1' if part['h'] == '上半年' else 'H2'}"
    if part["q"]:
        return f"{year}-Q{int(parse_number(part['q']) or 0)}"
    month = _two(part["m"] or part["mm"] or part["im"])
    if part["m2"]:
        return f"{year}-{month}~{_two(part['m2'])}"
    if month:
        day = _two(part["d"] or part["id"])
        tail = day or (part["mp"] or "").replace("末", "底")
        return f"{year}-{month}" + (f"-{tail}" if tail else "")
    edge = (part["yp"] or part["bp"] or part["yx"] or "")[-1:].replace("末", "底")
    return f"{year}-年{edge}" if edge else year
