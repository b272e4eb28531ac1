"""Averages and products that a sentence states and that do not come out: 人均, 每批40人."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from drafter.checks.reckoning import Fault, Number, Sentence, kin, show
from drafter.data import load_table
from drafter.derived import rounding
from drafter.periods import TIMES, mean_unit, periods

_BACK = 44  # letters before an average in which its two numbers are looked for
_EACH = "个名期场次户批人支家处所项件条间台篇份栋轮座"  # what 每 is said of
_MEASURED = "公里|平方公里|平方米|公顷|公斤|亩|吨|米"  # units that 每 is said of as they are
_TIMES = {"季度": 4, "个季度": 4, "月": 12, "个月": 12, "周": 52, "半年": 2}


def averages(sentence: Sentence) -> Iterator[Fault]:
    """“5个支部20场，平均每个支部5场”; “60名党员捐款12000元，人均120元”; “4个月240户，月均80户”."""
    for at, mean in enumerate(sentence.numbers):
        head = sentence.text[max(0, mean.start - 12) : mean.start]
        before = [n for n in sentence.numbers[:at] if mean.start - n.end <= _BACK]
        counts = _counts(head, before, sentence)
        totals = [n for n in before if kin(n, mean) and n.text not in [text for text, _ in counts]]
        if not counts or len(totals) != 1:
            continue
        room = max(rounding(mean.text, loose=False), mean.value / 100)
        reals = [(text, totals[0].value / count) for text, count in counts]
        if all(abs(real - mean.value) > room for _, real in reals):
            text, real = reals[0]
            message = f"“{totals[0].text}”除以“{text}”是{show(real, mean)}，"
            yield Fault(mean.start, mean.end, f"{message}与“{mean.text}”不符。")


def _counts(head: str, before: Sequence[Number], sentence: Sentence) -> list[tuple[str, Decimal]]:
    """What an average divides by, as written and by value: months for 月均, the one number of
    villages for 村均; [] where the sentence does not say."""
    time = mean_unit(head)
    if time:
        return _times(time, before, sentence)
    cue = re.search(rf"(?:([人户])均|(?:平均|均)每(?:一)?([{_EACH}]))[^，。；：\d]{{0,6}}$", head)
    cue = cue or re.search(
        rf"()每(?:一)?([{_EACH}])[^，。；：\d]{{1,6}}(?:平均|均)[^，。；：\d]{{0,4}}$", head
    )
    thing = _thing().search(head)
    measure = re.search(rf"(?:(?:平均|均)?每({_MEASURED})|(亩)均)[^，。；：\d]{{0,6}}$", head)
    if measure:
        unit = measure[1] or measure[2]
        found = [n for n in before if n.quantity.unit == unit]
        return [(n.text, n.quantity.value) for n in found] if len(found) == 1 else []
    if cue:
        unit = {"名": "人", "场": "次", "家": "个"}.get(cue[1] or cue[2], cue[1] or cue[2])
        found = [n for n in before if n.amount.unit == unit]
        if len(found) > 1:  # 每名医生平均: of two numbers of people that of the 医生
            noun = cue[0].partition(cue[2])[2][:2] if cue[2] else ""
            found = [n for n in found if noun and noun in n.lead[-6:] + n.tail[:4]]
    else:
        found = [
            n for n in before if thing and (thing[1] or thing[2]) in (n.quantity.unit, *n.tail[:3])
        ]
    return [(n.text, n.value) for n in found if n.value] if len(found) == 1 else []


@lru_cache(maxsize=1)
def _thing() -> re.Pattern[str]:
    return re.compile(load_table("reckoning")["mean"]["thing"] + r"[^，。；：\d]{0,6}$")


def _times(time: str, before: Sequence[Number], sentence: Sentence) -> list[tuple[str, Decimal]]:
    """How many months (weeks, days) the sentence speaks of: a number of them, or 全年, 半年."""
    unit, many = TIMES[time]
    told = [n for n in before if n.amount.unit == unit and n.value]
    if told:
        return [(told[0].text, told[0].value / many)] if len(told) == 1 else []
    head = sentence.text[: before[-1].end] if before else ""
    words = sentence.text[: sentence.text.find("均", len(head))]
    spans = [(name, Decimal(many)) for many, name in periods(f"{time}均", words)]
    return spans[:1] if len(spans) == 1 else []


def products(sentence: Sentence) -> Iterator[Fault]:
    """“30名党员每人40小时，共计1400小时”; “每月巡逻2次，全年20次”."""
    for at, total in enumerate(sentence.numbers):
        head = sentence.text[: total.start]
        if re.search(r"(?:共计?|合计|累计|总计)[^，。；：、\d]{0,6}$", head):
            yield from _each(sentence, at, total)
            yield from _each_of_them(sentence, at, total)
        yield from _often(sentence, total)


def _each(sentence: Sentence, at: int, total: Number) -> Iterator[Fault]:
    for each in sentence.numbers[:at]:
        cue = re.search(rf"(?:每(?:一)?([{_EACH}])|([人户])均)[^，。；：\d]{{0,8}}$", each.lead)
        same = {each.amount.unit, total.amount.unit} in ({"人", "人次"}, {total.amount.unit})
        if cue is None or not same or each.value == 0:
            continue
        unit = {"名": "人", "场": "次", "家": "个"}.get(cue[1] or cue[2], cue[1] or cue[2])
        counts = [
            n
            for n in sentence.numbers[:at]
            if n.amount.unit == unit and (n.end <= each.start or (cue[2] and n is not each))
        ]
        between = (n for n in sentence.numbers[:at] if n.start > each.end and n not in counts)
        if cue[2] and any(kin(n, total) for n in between):
            continue
        if re.search("[另除]", sentence.text[each.end : total.start]):
            continue
        if re.search("含|包括|重复|另", sentence.text[total.end :]):
            continue
        # An average was rounded, each of the count by half of its last digit.
        room = max(rounding(each.text, loose=False) / 2, each.value / 100) if cue[2] else 0
        off = len(counts) == 1 and abs(counts[0].value * each.value - total.value)
        if off and off > room * counts[0].value:
            real = show(counts[0].value * each.value, total)
            message = f"“{counts[0].text}”乘以“{each.text}”是{real}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message)


def _each_of_them(sentence: Sentence, at: int, total: Number) -> Iterator[Fault]:
    """“5个支部各配备2名，共配备12名”; what is counted before (机关3名，5个支部各2名) is added."""
    for place, first in enumerate(sentence.numbers[:at]):
        owners = sentence.numbers[place - 1] if place else None
        gap = sentence.text[owners.end : first.start] if owners else ""
        if owners is None or not re.fullmatch(r"[^，。；：、\d]{0,8}各[^，。；：、\d每]{0,6}", gap):
            continue
        if not kin(first, total) or not _same_doing(sentence.text, first, total, gap):
            continue
        beyond = sentence.text[first.end : total.start]
        if len(beyond) > _BACK or re.search(r"[。；各每另]", beyond):
            continue
        if re.search("含|包括|重复|另", sentence.text[total.end :]):
            continue
        each = sum(n.value for n in sentence.numbers[place:at] if kin(n, total))
        earlier = sum(n.value for n in sentence.numbers[: place - 1] if kin(n, total))
        once = owners.value * first.value
        real = {owners.value * each, owners.value * each + earlier, once, once + each - first.value}
        if total.value not in real:
            shown = show(owners.value * each, total)
            message = f"“{owners.text}”乘以“{first.text}”是{shown}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message)


def _same_doing(text: str, first: Number, total: Number, gap: str) -> bool:
    """Whether a total is of what each was given: 各配备…，共配备, 各订…，累计."""
    told = re.search(
        r"[，、](?:一?共计?|合计|累计|总计)([^，。；：、\d]{0,6})$", text[: total.start]
    )
    if told is None:
        return False
    words = re.sub("[达为计到了]", "", told[1])
    around = gap + text[first.end : told.start()]
    return not words or any(words[at : at + 2] in around for at in range(max(1, len(words) - 1)))


def _often(sentence: Sentence, total: Number) -> Iterator[Fault]:
    """A year's number against so many a month or quarter, where one clause continues the other."""
    text = sentence.text
    year = re.search(r"(?:全年|一年|年度)([^，。；：\d]{0,8})$", text[: total.start])
    if year is None or re.search(r"除|外|不少于|至少|以上|余|多", text):
        return
    often = list(re.finditer(r"每(个?季度|个?月|周|半年)", text[: total.start]))
    if len(often) != 1:
        return
    clause = re.split(r"[，；]", text[often[0].start() : total.start])[0]
    times = _TIMES.get(often[0][1], 0)
    rate = next(
        (q for q in sentence.found if often[0].end() <= q.start < often[0].start() + len(clause)),
        None,
    )
    verb = re.sub(r"共计?|累计|合计|开展|召开|举办|组织|完成|达到?|为|了", "", year[1])
    if rate is None or rate.unit != total.quantity.unit or rate.approx or not times:
        return
    if verb and verb not in text[: year.start()]:
        return
    # Some weeks of a year have a holiday.
    few = rate.value * times * Decimal("0.6") if often[0][1] == "周" else rate.value * times
    if not few <= total.value <= rate.value * times:
        real = show(rate.value * times, total)
        message = f"{often[0][0]}{rate.text}，全年应为{real}，与“{total.text}”不符。"
        yield Fault(total.start, total.end, message)
