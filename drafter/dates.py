"""Dates of Chinese prose and their normal form. Rules: GB/T 15835-2011 and GB/T 7408 (order)."""

import re
from collections.abc import Collection, Sequence

from drafter.clock import same_time
from drafter.numerals import CHINESE_NUMERALS, format_number, parse_number

_CN = CHINESE_NUMERALS
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = (
    r"(?:[12]\d|3[01]|0?[1-9]|二十[一二三四五六七八九]?|三十一?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_YEAR = r"(?:(?<!\d)(?:19|20)\d\d|[一二][九〇零○][〇零○一二三四五六七八九]{2})"
_TO = r"\s*[-—–~～至到]+\s*"
_FRESH = rf"(?<![\d.每{_CN}])(?:(?<!个)|(?=\d))"  # not 每月, 三个月, a numeral's tail
# 后一季度 says which of two, not which of the year; 二、三季度 are two of them.
_QUARTER = (
    rf"(?<![前后上下这那另某任单](?=一季)){_FRESH}第?(?P<q>[一二三四1-4])"
    r"(?:季度|(?=(?:[、和及与][一二三四1-4]){1,2}季度))"
)
# 4.17上午, 于4/17召开: a month and a day only where the words around speak of one, as 4.17 may be a
# number, 3-5 a range and 3/4 a share.
# What opens a text and is neither counted nor measured is dated: 3.5学雷锋, 11/9消防日.
_OPENS = (
    r"(?:\d{1,2}[.．]\d|(?:1[0-2])[/／][1-9](?!\d)|\d{1,2}[-/／](?:1[3-9]|2\d|3[01]))\d?"
    r"(?=[日号]?[一-鿿])(?![日号]?[个名人次件条项场期户家万亿元千百十倍成折分度米公里亩吨斤克升岁年月天小时周平方立厘毫兆瓦"
    r"层版级码寸尺栋幢楼组班排队点位以的余多])"
)
_SHORT = (
    rf"(?:^(?={_OPENS})(?P<sm>1[0-2]|0?[1-9])[.．/／-](?P<sd>[12]\d|3[01]|0?[1-9])"
    r"|(?:^|(?<=[，。；：、（(\s于在自从至到]))(?P<sn>1[0-2]|0?[1-9])[.．/／-]"
    r"(?P<se>[12]\d|3[01]|0?[1-9])(?=[日号]?(?:上午|下午|中午|早上|早晨|晚|凌晨|傍晚|夜|全天|当[天日晚]|起|前|后"
    r"|之前|之后|[，,]?(?:[在到赴去由请讲开办评]|支部|党支部|党委|全体|组织|召开|开展|举办|举行|学习|集中学|参加|走访"
    r"|慰问|入户|完成|启动|发放|检查|排查|上党课|专题|接待|培训|座谈|换届|成立|揭牌|收到|看望|报送|上报|签订|签约"
    r"|发布|印发|通过|动工|竣工|验收))))"
)
# Groups: sm sd or sn se 4.17; y1 y2 years from-to; iy im id 2024-03-15; y year,
# then m m2 months from-to, mm month with d day or mp part of it, h half, q quarter, yp/yx part of
# the year; yy bare year;
# dd bare day; bp 年初 and the like; th tm time of day.
DATE = re.compile(
    rf"{_SHORT}|(?P<y1>{_YEAR})年?{_TO}(?P<y2>{_YEAR})年度?"
    r"|(?P<iy>(?<![\d.])20\d\d)[-./](?P<im>1[0-2]|0?[1-9])"
    r"(?:[-./](?P<id>[12]\d|3[01]|0?[1-9]))?(?![\d.%万])"
    rf"|(?:(?P<y>{_YEAR})年度?\s*)?(?:"
    rf"{_FRESH}(?P<m>{_MONTH})\s*月?(?:份)?{_TO}(?P<m2>{_MONTH})\s*月份?(?!\d|以)"
    rf"|{_FRESH}(?P<mm>{_MONTH})\s*月(?:(?P<d>{_DAY})[日号]|(?P<mp>上旬|中旬|下旬|初|底|末)|份)?"
    rf"|(?P<h>上半年|下半年)|{_QUARTER}"
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
    if part["sm"] or part["sn"]:
        return f"*-{_two(part['sm'] or part['sn'])}-{_two(part['sd'] or part['se'])}"
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


# Parts of a year by the months they span, so that 上半年 = 1至6月.
_SPANS = {"H1": "01~06", "H2": "07~12", "Q1": "01~03", "Q2": "04~06", "Q3": "07~09", "Q4": "10~12"}
_YEAR_WORDS = (
    (re.compile("明年|来年|下一?年度?|新的一年"), 1),
    (re.compile("去年|上年度?|上一年|前一年"), -1),
    (re.compile("今年|本年度?|当年|全年|年内"), 0),
)


def split_form(form: str) -> tuple[str, str]:
    """Return the year ("*" if unsaid) and the rest ("" for a bare year) of a date's normal form."""
    if ":" in form or "~" in form.split("-")[0]:
        return "*", form
    year, _, rest = form.partition("-")
    if year == "*":
        rest = form[2:]
    return year, _SPANS.get(rest, rest)


def spoken_years(text: str, year: int | None) -> frozenset[str]:
    """Return the years that `text` names by word (明年, 去年) when `year` is the report's own."""
    if year is None:
        return frozenset()
    return frozenset(str(year + by) for words, by in _YEAR_WORDS if words.search(text))


def _in_range(year: str, span: str) -> bool:
    first, _, last = span.partition("~")
    return bool(last) and year.isdigit() and first.isdigit() and first <= year <= last


# 四个季度分别…, 上下半年分别…: all parts of a year at once.
_AT_ONCE = (
    (re.compile("四个季度|各个?季度"), ("*-Q1", "*-Q2", "*-Q3", "*-Q4")),
    (re.compile("前三个?季度"), ("*-Q1", "*-Q2", "*-Q3")),
    (re.compile("上、?下半年|两个半年"), ("*-H1", "*-H2")),
)


def parts_at_once(text: str) -> tuple[str, ...]:
    """Return the forms of the quarters and halves that `text` names all at once (四个季度)."""
    return tuple(form for words, forms in _AT_ONCE if words.search(text) for form in forms)


def date_kept(form: str, forms: Sequence[str], years: Collection[str]) -> bool:
    """Whether one of `forms` tells the date `form`. `years` may go unsaid or were said by word."""
    said, rest = split_form(form)
    others = [split_form(other) for other in forms]
    if not rest and (said in years or any(_in_range(said, other) for _, other in others)):
        return True
    known = {year for year, _ in others} | set(years)
    for other_year, other_rest in others:
        if not rest and other_year == said:
            return True
        same_year = other_year == said or said == "*" or (other_year == "*" and said in known)
        if rest and same_time(other_rest, rest) and same_year:
            return True
        bare_day = other_rest.startswith("*-") and rest.endswith(other_rest[1:])
        if bare_day and any(one.startswith(f"{rest[:2]}-") for _, one in others):
            return True
    return bool(re.fullmatch(r"\d{4}~\d{4}", rest)) and set(rest.split("~")) <= known


def date_known(form: str, known: Sequence[tuple[str, str]], years: Collection[str] = ()) -> bool:
    """Whether the dates `known` (as `split_form` gives them) have `form`, or more exactly.

    `years` are the years that facts name by word (明年).
    """
    year, rest = split_form(form)
    said = {one for one, _ in known} | set(years)
    if not rest:
        return year in said or any("~" in other and year in other for _, other in known)
    if re.fullmatch(r"\d{4}~\d{4}", rest) and set(rest.split("~")) <= said:
        return True
    for other_year, other in known:
        same_rest = same_time(other, rest) or other.startswith(f"{rest}-")
        same_rest = same_rest or rest in other.split("~")
        # 上半年 of a fact's 6月30日: the wider time says nothing new.
        same_rest = same_rest or _within(other, rest)
        # 3月1日至5日: a bare day belongs to the month before it.
        same_rest = same_rest or (rest.startswith("*-") and other.endswith(rest[1:]))
        same_year = year in ("*", other_year) or (other_year == "*" and year in said)
        if same_rest and same_year:
            return True
    return False


def _within(rest: str, span: str) -> bool:
    """Whether a month, day or span of months lies in a half or quarter of the year."""
    if span not in _SPANS.values():
        return False
    first, _, last = span.partition("~")
    months = [part[:2] for part in rest.split("~")]
    return all(month.isdigit() and first <= month <= last for month in months)
