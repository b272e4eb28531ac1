"""Dates that no calendar has, spans that end before they begin, and durations that do not fit."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from drafter.checks.reckoning import Fault, Sentence
from drafter.numbers import Quantity

_BEGINS = r"启动|开始|起|开启|拉开|动员|部署|进场|开工|报名"
_ENDS = r"结束|截止|收官|完成|收尾|落幕|止|完工|总结|验收"
_LASTS = re.compile(r"(?:历时|为期|持续|前后|耗时|用时|共计?|长达|连续)[^，。；：\d]{0,4}$")


def _parts(quantity: Quantity) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of a date, None for what is not said."""
    found = re.fullmatch(r"(\*|\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", quantity.form)
    if found is None:
        return None, None, None
    year = None if found[1] == "*" else int(found[1])
    return year, int(found[2]) if found[2] else None, int(found[3]) if found[3] else None


def impossible_dates(sentence: Sentence) -> Iterator[Fault]:
    """2月30日, 6月31日, and 2月29日 of a year that has none."""
    for quantity in sentence.found:
        if quantity.kind != "date":
            continue
        year, month, day = _parts(quantity)
        if month is None or day is None:
            continue
        of = year or sentence.year
        days = monthrange(of or 2024, month)[1]
        if day > days:
            where = f"{of}年{month}月" if month == 2 and day == 29 else f"{month}月"
            message = f"{where}只有{days}天，没有“{quantity.text}”。"
            yield Fault(quantity.start, quantity.end, message)
    for match in re.finditer(r"(?<![\d.年第])(1[3-9]|[2-9]\d)月(?:份|\d)", sentence.text):
        yield Fault(match.start(), match.end(), f"没有“{match[1]}月”。")


def _day(quantity: Quantity, year: int) -> date | None:
    of, month, day = _parts(quantity)
    if month is None or day is None or day > monthrange(of or year, month)[1]:
        return None
    return date(of or year, month, day)


def reversed_spans(sentence: Sentence) -> Iterator[Fault]:
    """“8月15日启动，8月3日结束”; “2023年至2021年”; “3月20日至3月5日”."""
    text, year = sentence.text, sentence.year or 2024
    dates = [q for q in sentence.found if q.kind in ("date", "year")]
    for quantity in dates:
        span = re.fullmatch(r"(\d{4})~(\d{4})", quantity.form)
        if span and int(span[2]) < int(span[1]):
            yield Fault(quantity.start, quantity.end, f"“{quantity.text}”的起止年份颠倒了。")
    for first, last in pairwise(dates):
        begin, end = _day(first, year), _day(last, year)
        if begin is None or end is None or end >= begin or _over_new_year(first, last):
            continue
        between, after = text[first.end : last.start], text[last.end : last.end + 6]
        joined = re.fullmatch(r"\s*(?:持续|延续|一直|开展)?(?:至|到|—+|-|~|～)\s*", between)
        told = re.match(rf"[^，。；]{{0,6}}(?:{_BEGINS})", between) and re.search(_ENDS, after)
        if (joined or told) and not re.search(r"次年|翌年|明年|来年|去年", between):
            words = f"“{last.text}”早于“{first.text}”，起止时间颠倒了。"
            yield Fault(first.start, last.end, words)


def _over_new_year(first: Quantity, last: Quantity) -> bool:
    """Whether a span without years reads on into the next: 12月5日至1月8日."""
    (year, begin, _), (other, end, _) = _parts(first), _parts(last)
    return year is None and other is None and (begin or 0) - (end or 0) >= 6


def wrong_durations(sentence: Sentence) -> Iterator[Fault]:
    """“3月1日至3月10日，历时20天”; “10月至12月，历时5个月”; “2021年、2022年连续三年”."""
    for number in (q for q in sentence.found if q.kind == "count"):
        if number.upper is not None or number.approx:
            continue
        if not _LASTS.search(sentence.text[: number.start]):
            continue
        before = [q for q in sentence.found if q.end <= number.start and q.kind in ("date", "year")]
        after = _in_brackets(sentence, number)
        length = _length(before, sentence, number) or (_years(after, sentence) if after else None)
        if length is None:
            continue
        lasts, words = length
        if not any(number.value == one for one in lasts):
            message = f"{words}是{max(lasts)}{number.unit}，与“{number.text}”不符。"
            yield Fault(number.start, number.end, message)


def _in_brackets(sentence: Sentence, number: Quantity) -> list[Quantity]:
    """The years in brackets after 连续三年（2021年、2022年）."""
    close = sentence.text.find("）", number.end)
    if number.unit != "年" or sentence.text[number.end : number.end + 1] != "（" or close < 0:
        return []
    return [q for q in sentence.found if number.end < q.start < close and q.kind == "year"]


def _length(
    before: list[Quantity], sentence: Sentence, number: Quantity
) -> tuple[tuple[int, ...], str] | None:
    """How long the dates before a number last in its unit, counted with and without the first."""
    if not before or number.start - before[-1].end > 24:
        return None
    if any(before[-1].end <= q.start < number.start for q in sentence.found):
        return None
    last = before[-1]
    words = last.text
    if number.unit == "年":
        return _years(before, sentence)
    months = re.fullmatch(r"(?:\*|\d{4})-(\d{2})~(\d{2})", last.form)
    if number.unit == "个月" and months:
        span = (int(months[2]) - int(months[1])) % 12
        return (span, span + 1), words
    if number.unit == "个月" and len(before) >= 2:
        return _months(before[-2], last, sentence, number)
    if number.unit == "天" and len(before) >= 2:
        first = before[-2]
        joined = re.fullmatch(r"\s*(?:至|到|—+|-|~|～)\s*", sentence.text[first.end : last.start])
        begin, end = _day(first, sentence.year or 2024), _day(last, sentence.year or 2024)
        if joined and begin and end and end > begin:
            days = (end - begin).days
            return (days - 1, days, days + 1), f"“{first.text}”到“{last.text}”"
    return None


def _months(
    first: Quantity, last: Quantity, sentence: Sentence, number: Quantity
) -> tuple[tuple[int, ...], str] | None:
    """The months of “3月启动，6月结束”, whole ones and those begun."""
    (year, begin, _), (other, end, _) = _parts(first), _parts(last)
    between = sentence.text[first.end : last.start]
    joined = re.fullmatch(r"\s*(?:[^，。；]{0,6})?(?:至|到|—+|-|~|～)\s*", between)
    told = re.match(rf"[^，。；]{{0,10}}(?:{_BEGINS})", between) and re.search(
        _ENDS, sentence.text[last.end : number.start]
    )
    after = rf"[^，。；]{{0,8}}[，（(]?{_LASTS.pattern}"
    own = re.fullmatch(after, sentence.text[last.end : number.start])
    if begin is None or end is None or not own or not (joined or told):
        return None
    # A year not said is the report's, or the first date's.
    of = year or sentence.year
    later = (other or of or 0) - (of or 0) if other else (1 if end < begin else 0)
    if re.search("次年|翌年|明年|来年|去年|上年|今年", sentence.text[: last.start]) or later < 0:
        return None
    span = 12 * later + end - begin
    return (max(span - 1, 0), span, span + 1), f"“{first.text}”到“{last.text}”"


def _years(before: list[Quantity], sentence: Sentence) -> tuple[tuple[int, ...], str] | None:
    last = before[-1]
    span = re.fullmatch(r"(\d{4})~(\d{4})", last.form)
    if span:
        years = int(span[2]) - int(span[1])
        return (years, years + 1), f"“{last.text}”"
    listed = [last]
    for one in reversed(before[:-1]):
        if sentence.text[one.end : listed[0].start] not in ("、", "和", "，"):
            break
        listed.insert(0, one)
    if len(listed) < 2 or not all(re.fullmatch(r"\d{4}", one.form) for one in listed):
        return None
    return (len(listed),), "、".join(one.text for one in listed)
