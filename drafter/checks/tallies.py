"""Totals of a bare list of numbers, net changes and growth told with its amount, that do not come
out.

四个季度分别为45件、52件、61件和38件，共计206件; 后两项合计136人次; 新建4个、撤并1个，净增5个;
达到10个，比去年增加2个，增长30%; 36名中的12名，近半. Only numbers of one sentence are reckoned,
and only where its words bind them together.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from drafter.checks.reckoning import Fault, Number, Sentence, in_place, kin, show
from drafter.data import load_table
from drafter.derived import rounding
from drafter.numerals import parse_number
from drafter.running import moved, steps_of

_BARE = re.compile("[、，]?(?:和|及|以及|与)?")
# How many there were of what the list tells: 三批共, 4次合计.
_GROUPS = re.compile("(?:[2-9两二三四五六七八九]|1[0-2])[批次期轮场届项类处]")
_ONE_BY_ONE = re.compile(r"(?:分别|依次)[^，。；\d]{0,12}$")
_TOTAL = re.compile(
    r"[^，。；\d]{0,8}[，,；]?[^，。；、\d]{0,6}(?:共计?|合计|累计|总计|一共|总共)[^，。；、\d]{0,6}"
)
_BESIDE = re.compile("另|除|含|不计|扣除|重复|其中|平均|每")
_SOME = re.compile(
    r"(前|后)([两二三四五])[项类者个批期次](?:合计|共计?|累计|加起来|总计|之和)[为达是]?$"
)
_NET = re.compile(r"净(?P<up>增|流入|上升)?(?P<down>减|流出|下降)?(?:加|少|长|员)?了?$")
_UP, _DOWN = "增加|多|增长|提高|提升|新增|增|上升", "减少|下降|降低|压减|少|减|降"
_THAN = re.compile(
    rf"[，、（(](?:同比|环比|[比较](?:去年|上年|上一年|往年|上年同期|去年同期|同期|上季度|上月|年初))"
    rf"(?:净|又)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))[了出]?"
)
_GROWN = re.compile(
    rf"[，、](?:同比)?(?:(?P<up>增长率|增幅|{_UP})|(?P<down>降幅|{_DOWN}))(?:了|达到?|为|近|约)?"
)
_NEAR_HALF = re.compile(
    r"(?:占比?|比例)?(?:为|达|达到)?(?:接近|将近|近)(?:一半|半数|半)(?![个年月天日数小])"
)


def listed_totals(sentence: Sentence) -> Iterator[Fault]:
    """“四个季度分别为45件、52件和38件，共计206件”: a list with nothing between its numbers and
    the total right after it."""
    numbers, text = sentence.numbers, sentence.text
    for at, total in enumerate(numbers):
        run: list[Number] = []
        groups = Decimal(0)
        for number in reversed(numbers[:at]):
            gap = text[number.end : run[0].start] if run else ""
            if run and not _BARE.fullmatch(gap):
                break
            if not run and number.amount.unit in ("个月", "个季度", "年"):
                continue  # 三年累计
            if not run and _GROUPS.fullmatch(number.text):
                groups = number.value  # 三批共: as many as the list has
                continue
            if not _alike(number, total) and not (run and number.amount.unit == ""):
                break
            run.insert(0, number)
        if len(run) < 2 or not _ONE_BY_ONE.search(text[: run[0].start]):
            continue
        if groups not in (0, len(run)):
            continue
        gap = _GROUPS.sub("", text[run[-1].end : total.start])
        verb = re.sub("^.*(?:[共计]|合计)", "", gap)[:2] if groups else ""
        if verb and verb not in text[: run[-1].end]:
            continue  # 三项共争取资金: something else than what the list tells
        if not _TOTAL.fullmatch(gap) or _BESIDE.search(text[run[0].start : total.start]):
            continue
        real = sum((number.value for number in run), Decimal(0))
        if real != total.value and total.amount.unit != "%":
            message = f"前面各项合计{show(real, total)}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message, in_place(real, total))


def _alike(one: Number, total: Number) -> bool:
    """Whether a total may count what a number counts: 500户次 of 120户 and 135户."""
    return kin(one, total) or total.amount.unit == f"{one.amount.unit}次"


def some_of_a_list(sentence: Sentence) -> Iterator[Fault]:
    """“其中甲24人次、乙56人次、丙70人次，后两项合计136人次”."""
    for at, total in enumerate(sentence.numbers):
        cue = _SOME.search(sentence.text[: total.start])
        if cue is None:
            continue
        begin = sentence.text.rfind("其中", 0, total.start)
        parts = [n for n in sentence.numbers[:at] if n.start > begin and kin(n, total)]
        many = int(parse_number(cue[2]) or 0)
        if len(parts) < many or (begin < 0 and len(parts) == many):
            continue
        chosen = parts[:many] if cue[1] == "前" else parts[-many:]
        real = sum((number.value for number in chosen), Decimal(0))
        if real != total.value:
            message = f"{cue[1]}{cue[2]}项合计{show(real, total)}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message, in_place(real, total))


def net_changes(sentence: Sentence) -> Iterator[Fault]:
    """“新建党组织4个，撤并1个，净增5个”."""
    for at, net in enumerate(sentence.numbers):
        cue = _NET.search(sentence.text[: net.start])
        before = [n for n in sentence.numbers[:at] if kin(n, net)]
        if cue is None or not (cue["up"] or cue["down"]) or len(before) < 2:
            continue
        steps = steps_of(sentence.text[: net.start], [n.quantity for n in before])[-2:]
        ways = [moved([step]) for step in steps]
        if any(way is None for way in ways) or ways[0][0] * ways[1][0] >= 0:  # type: ignore[index]
            continue
        real = sum((way[0] for way in ways if way), Decimal(0))
        if real != (net.value if cue["up"] else -net.value):
            sign = "增" if real >= 0 else "减"
            message = f"增减相抵是净{sign}{show(abs(real), net)}，与“{net.text}”不符。"
            turned = bool(cue["up"]) != (real > 0)  # then the word before it is wrong as well
            right = "" if turned else in_place(abs(real), net)
            yield Fault(net.start, net.end, message, right)


def grown_by(sentence: Sentence) -> Iterator[Fault]:
    """“达到10个，比去年增加2个，增长30%”: what there was before is 8."""
    numbers, text = sentence.numbers, sentence.text
    for now, by, share in zip(numbers, numbers[1:], numbers[2:], strict=False):
        than = _THAN.fullmatch(text[now.end : by.start])
        grown = _GROWN.fullmatch(text[by.end : share.start])
        percent = share.quantity.unit == "%" and now.amount.unit != "%"
        if not than or not grown or not percent or not kin(now, by):
            continue
        base = now.value - by.value if than["up"] else now.value + by.value
        if base <= 0 or bool(than["up"]) != bool(grown["up"]):
            continue
        real = by.value / base * 100
        if abs(real - share.value) > rounding(share.text, loose=bool(share.quantity.approx)):
            message = f"从{show(base, now)}到“{now.text}”相差{show(real)}%，与“{share.text}”不符。"
            yield Fault(share.start, share.end, message)


@lru_cache(maxsize=1)
def _part() -> re.Pattern[str]:
    return re.compile(load_table("reckoning")["tallies"]["part"])


def part_of_whole(before: Sequence[Number], text: str) -> tuple[Number, Number] | None:
    """Return the last two of some numbers as part and whole where the words between say so."""
    if len(before) < 2 or not kin(before[-1], before[-2]):
        return None
    whole, part = before[-2], before[-1]
    told = _part().search(text[whole.end : part.start])
    return (part, whole) if told and 0 < part.value <= whole.value else None


def near_half(sentence: Sentence) -> Iterator[Fault]:
    """“党员36名，其中青年12名，占比近半”: a third is not nearly half, nor is more than half."""
    for half in _NEAR_HALF.finditer(sentence.text):
        before = [n for n in sentence.numbers if n.end <= half.start() and n.amount.unit != "%"]
        pair = part_of_whole(before, sentence.text)
        if pair is None or not re.fullmatch(
            r"[^，。；\d]{0,4}[，,][^，。；\d]{0,4}", sentence.text[pair[0].end : half.start()]
        ):
            continue
        share = pair[0].value / pair[1].value * 100
        if not Decimal(42) <= share <= Decimal(51):
            message = f"“{pair[0].text}”是“{pair[1].text}”的{show(share)}%，没有“{half[0]}”。"
            yield Fault(half.start(), half.end(), message)
