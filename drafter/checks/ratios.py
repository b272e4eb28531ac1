"""Shares, changes and averages that a sentence states and that do not come out.

A percentage is reckoned from two numbers of one unit before it, where its words bind it to them (占
at the head of a clause, 整改率 after 整改). Rounding up and cutting both pass.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import Any

from drafter.checks.reckoning import Fault, Number, Sentence, kin, show
from drafter.data import load_table
from drafter.derived import rounding
from drafter.numerals import parse_number

_BACK = 44  # letters before a share in which its two numbers are looked for
_UP = "增加|增[产收]|多(?!次)|净增|增长|提高|提升|上升|增幅|升|多出|增|扩大|新增"
_DOWN = "减少|减产|下降|降低|压减|压缩|降幅|减|降|少"
_NOW, _THEN = "今年|本年", "去年|上年|同期"
# An earlier time that a number is compared with.
THEN = f"{_THEN}|上一年|前年|往年|年初|上季度|上月|上学期|上届|改造前|整治前|开展前|实施前"
_TIME = r"(?:季度|半年|月份?|\d年)的?[^，。；\d]{0,5}$"
# What stands between two numbers and the change they make: a clause without a subject of its own.
_CHANGE = re.compile(
    r"^[，、；（(\s]*(?:同比|净|共|累计|年均|相对|比上年|较上年|比去年|较去年|人数|总量|数量|总数|即|也就是|又|进一步)?"
    rf"({_UP}|{_DOWN}|(?:是|为|相当于|达到)[^，。；\d]{{0,6}}的?)(?:幅度?)?(?:了|为|达到?|到)?(?:约|近|超)?$"
)


@lru_cache(maxsize=1)
def _rates() -> dict[str, Any]:
    rates: dict[str, Any] = load_table("reckoning")["rates"]
    return rates


def over_hundred(sentence: Sentence) -> Iterator[Fault]:
    """“到会率104%”: a rate that cannot be more than all."""
    bounded = re.compile(f"(?:占|{'|'.join(_rates()['bounded'])})[^，。；：、\\d]{{0,8}}$")
    for number in sentence.numbers:
        if number.amount.unit != "%" or number.value <= 100 or number.quantity.unit != "%":
            continue
        head = sentence.text[: number.start]
        if bounded.search(head) and not re.search(r"提高|增|升|完成|计划|任务", head[-12:]):
            message = f"“{number.text}”超过100%，这个比例不会超过100%。"
            yield Fault(number.start, number.end, message)


def shares(sentence: Sentence) -> Iterator[Fault]:
    """“应到40名，实到36名，到会率95%”; “27名中18名参加，占四分之三”."""
    for at, share in enumerate(sentence.numbers):
        if share.amount.unit != "%" or share.quantity.unit == "个百分点" or share.value > 300:
            continue
        before = [
            n
            for n in sentence.numbers[:at]
            if share.start - n.end <= _BACK and n.amount.unit not in ("%", "倍", "")
        ]
        if len(before) < 2 or not kin(before[-1], before[-2]):
            continue
        if not _is_bound(sentence, share, before[-1]):
            continue
        near = [n for n in before[-4:] if kin(n, before[-1])]
        room = rounding(share.text, loose=False)
        real = [_percent(a, b) for a, b in combinations(near, 2)]
        real += [_percent(b, a) for a, b in combinations(near, 2)]
        if any(abs(one - share.value) <= room for one in real):
            continue
        part, whole = sorted(before[-2:], key=lambda n: n.value)
        message = f"“{part.text}”是“{whole.text}”的{show(_percent(part, whole))}%，"
        yield Fault(share.start, share.end, f"{message}与“{share.text}”不符。")


def _percent(part: Number, whole: Number) -> Decimal:
    return part.value / whole.value * 100 if whole.value else Decimal(-1)


def _is_bound(sentence: Sentence, share: Number, last: Number) -> bool:
    """Whether a share's words tie it to the two numbers before it."""
    between = sentence.text[last.end : share.start]
    if re.search(
        r"(?:^|[，；、（(])(?:约|共|大约)?占(?:总数|全部|其|比|的|到)?[^，。；]{0,4}$", between
    ):
        return True
    own = re.search(r"(?:^|[，；、（(])([^，。；、\d]{2,4})占比?(?:约|为|达)?$", between)
    if own is not None and last.lead.endswith(own[1]):
        return True  # 党员36名，党员占比80%
    if re.search(r"完成(?:计划|任务|目标)的$", between):
        return True
    if re.fullmatch(r"[^，。；、]{0,3}的约?", between):
        return re.search(r"占[^，。；、]{0,8}$", sentence.text[: last.start]) is not None
    rate = re.search(r"([^，。；：、]{2,6})率[^，。；：、\d]{0,4}$", between)
    if rate is None or re.search(r"同比|增|较", between):
        return False
    if re.search(_rates()["expected"], sentence.text[: last.start]) and last.lead.endswith("实到"):
        return re.search(_rates()["presence"], rate[0]) is not None
    stem = rate[1][-2:]
    words = sentence.text[max(0, last.start - 10) : last.end] + last.tail
    return any(letter in words for letter in stem)


def majority(sentence: Sentence) -> Iterator[Fault]:
    """“46名，其中青年18名，青年过半”: no part told is more than half of the whole."""
    for half in re.finditer(_rates()["half"], sentence.text):
        before = [n for n in sentence.numbers if n.end <= half.start() and n.amount.unit != "%"]
        if len(before) < 2 or not kin(before[-1], before[-2]):
            continue
        gap = sentence.text[before[-1].end : half.start()]
        whole = max((n for n in before if kin(n, before[-1])), key=lambda n: n.value)
        parts = [n for n in before if kin(n, whole) and n.start > whole.end]
        if not parts or len(gap) > 16 or re.search(r"[。；]|时间|任务|进度", gap):
            continue
        between = sentence.text[whole.end : parts[0].start]
        told = re.search("其中|中[，有]|实到", between) or re.search("率[已刚]?$", gap)
        if told and all(part.value * 2 <= whole.value for part in parts):
            share = show(_percent(parts[-1], whole))
            message = f"“{parts[-1].text}”是“{whole.text}”的{share}%，没有“{half[0]}”。"
            yield Fault(half.start(), half.end(), message)


def all_but(sentence: Sentence) -> Iterator[Fault]:
    """“完成率100%，尚有3项未完成”: nothing can be left of all."""
    for at, rate in enumerate(sentence.numbers):
        if rate.amount.unit != "%" or rate.value != 100:
            continue
        stem = re.search(r"([^，。；、]{2})率[^，。；：、]{0,4}$", sentence.text[: rate.start])
        if stem is None:
            continue
        for left in sentence.numbers[at + 1 :]:
            head, tail = sentence.text[rate.end : left.start], sentence.text[left.end :][:12]
            if re.search(r"[尚仍还]有?$|余$|剩$", head) and re.search(f"未|没|待{stem[1]}", tail):
                message = f"前面说{stem[1]}率{rate.text}，这里还有“{left.text}”没有{stem[1]}。"
                yield Fault(left.start, left.end, message)


def sum_of_shares(sentence: Sentence) -> Iterator[Fault]:
    """“优秀占30%、合格占50%、基本合格占25%”: grades cannot be more than all."""
    grades = re.compile("|".join(load_table("reckoning")["parts"]["grades"]))
    run: list[Number] = []
    for number in [*sentence.numbers, None]:
        if (
            number is not None
            and number.amount.unit == "%"
            and grades.search(number.lead)
            and re.search(r"占|为|达|(?:率|票)$|^.{0,6}$", number.lead)
            and (not run or number.start - run[-1].end <= 16)
        ):
            run.append(number)
            continue
        total = sum((n.value for n in run), Decimal(0))
        if len(run) >= 2 and total > 101 and "率" not in "".join(n.lead for n in run):
            message = f"各项相加为{show(total)}%，超过100%。"
            yield Fault(run[0].start, run[-1].end, message)
        run = []


def changes(sentence: Sentence) -> Iterator[Fault]:
    """“由8个增加到12个，增加5个”, “由10名发展到30名，增长1倍”, “去年50件，今年60件，增长25%”."""
    for low, high in _pairs(sentence):
        between = sentence.text[low.end : high.start]
        turned = (re.search(_UP, between) and high.value < low.value) or (
            re.search(_DOWN, between) and high.value > low.value
        )
        if turned and low.end < high.start:
            message = f"从“{low.text}”到“{high.text}”，增减的方向不对。"
            yield Fault(high.start, high.end, message)
            continue
        last = max(low.end, high.end)
        for number in sentence.numbers:
            if not 0 <= number.start - last <= 16:
                continue
            gap = sentence.text[last : number.start]
            if not _CHANGE.search(gap):
                break
            fault = _wrong_change(gap, low, high, number)
            if fault is not None:
                yield fault
                break
            last = number.end
        yield from _doubled(sentence.text, low, high)


def _pairs(sentence: Sentence) -> Iterator[tuple[Number, Number]]:
    """Numbers before and after a change."""
    for first, second in zip(sentence.numbers, sentence.numbers[1:], strict=False):
        if not kin(first, second) or not first.value:
            continue
        text = sentence.text
        head, between = text[max(0, first.start - 12) : first.start], text[first.end : second.start]
        told = re.search(r"[由从][^，。；]{0,9}$", head) and re.search(r"[到至为成]", between)
        if told and len(between) <= 14 and not re.search(r"[。；]", between):
            yield first, second
        elif len(between) <= 18 and "；" not in between:
            # 发展党员8名，比上年的5名增加3名
            than = re.search(rf"[比较](?:{THEN})([^，。；\d]{{0,6}})$", between)
            # 达到10个，比去年增加2个: the second is the change itself, see tallies.py.
            if than and not re.search(rf"(?:{_UP}|{_DOWN})[了出]?$", than[1]):
                yield second, first
                continue
            later = re.search(_THEN, head) and re.search(_NOW, between)
            # 二季度比一季度多90件: the second is the change itself.
            if re.search(
                r"[比较][^，。；]{1,12}(?:多|少|高|低|增加|减少)(?:[一-鿿]{2})?[了出]?$", between
            ):
                continue
            if later or (re.search(_TIME, head) and re.search(_TIME, between)):
                yield first, second
            elif re.search(_THEN, between) and re.search(_NOW, head + text[: first.start][-30:]):
                yield second, first


def _wrong_change(gap: str, low: Number, high: Number, change: Number) -> Fault | None:
    said = _CHANGE.search(gap)
    if said is None:
        return None
    difference = abs(high.value - low.value)
    unit = change.quantity.unit
    if unit == "倍":
        grown = re.match(_UP, said[1])
        real = difference / low.value if grown else high.value / low.value
        wrong = abs(real - change.value) > rounding(change.text, loose=False) / 2
        stated = f"{show(real)}倍"
    elif change.amount.unit == "%" and unit != "个百分点":
        real = difference / low.value * 100
        fits = abs(real - change.value) <= rounding(change.text, loose=False)
        points = low.amount.unit == "%" and difference == change.value
        wrong, stated = not fits and not points, f"{show(real)}%"
    elif kin(change, low) or (low.amount.unit == "%" and unit == "个百分点"):
        wrong, stated = difference != change.value, show(difference, change)
    else:
        return None
    if not wrong:
        return None
    message = f"从“{low.text}”到“{high.text}”相差{stated}，与“{change.text}”不符。"
    return Fault(change.start, change.end, message)


def _doubled(text: str, low: Number, high: Number) -> Iterator[Fault]:
    """翻了一番 is twice, 翻两番 four times."""
    match = re.compile(r"翻了?([一两二三])?番(?!半|多|以上|有余)").search(
        text, high.end, high.end + 14
    )
    if match is None:
        return
    power = int(parse_number(match[1] or "一") or 1)
    if abs(high.value / low.value - 2**power) > Decimal("0.1"):
        message = (
            f"“{high.text}”是“{low.text}”的{show(high.value / low.value)}倍，不是“{match[0]}”。"
        )
        yield Fault(match.start(), match.end(), message)
