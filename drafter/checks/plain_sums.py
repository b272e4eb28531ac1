"""Totals of unlike things, what is left of places, and how many times one thing is another.

帐篷6.5万顶、棉被8万床，两项合起来超过十八万件; 开发岗位560个，上岗510人，还有60个岗位空着;
金牌18枚、银牌15枚、铜牌12枚，金牌数恰是铜牌数的两倍. Words are in data/reckoning.toml.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from drafter.amounts import amount_of
from drafter.checks.reckoning import Fault, Sentence, show
from drafter.data import load_table
from drafter.derived import rounding
from drafter.numbers import Quantity

_HAN = "\u4e00-\u9fff"
_GAP = re.compile(rf"[{_HAN}]{{0,3}}[、和及][{_HAN}]{{1,8}}")
_OF_THINGS = ("件", "个", "样", "套", "份")
_OVER = ("超过", "余", "不少于")
_TIMES_OF = re.compile(
    rf"(?:^|[，；：])(?P<one>[{_HAN}]{{2,4}}?)(?:的?数量?)?(?:恰|正|刚)?(?:恰|正|刚|好)?是"
    rf"(?P<other>[{_HAN}]{{2,4}}?)(?:的?数量?)?的$"
)


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    table = load_table("reckoning")["plain_sums"]
    return {name: re.compile(words) for name, words in table.items()}


def _counts(sentence: Sentence) -> list[Quantity]:
    return [q for q in sentence.found if q.kind == "count" and not q.weak and q.upper is None]


def mixed_totals(sentence: Sentence) -> Iterator[Fault]:
    """“雨衣120件、雨靴90双、手电40个，三样合起来280件”: a list of unlike things, and its total."""
    counts = _counts(sentence)
    for at, total in enumerate(counts):
        cue = _words()["together"].search(sentence.text[: total.start])
        if cue is None:
            continue
        run: list[Quantity] = []
        for one in reversed(counts[:at]):
            if one.end > cue.start("from"):
                continue  # 三样 itself
            gap = sentence.text[one.end : run[0].start] if run else "、物"
            if one.approx or not _GAP.fullmatch(gap):
                break
            run.insert(0, one)
        units = {one.unit for one in run}
        if len(run) < 2 or len(units) < 2 or run[-1].end != cue.start("from"):
            continue
        real = sum((amount_of(one).low for one in run), Decimal(0))
        said = amount_of(total).low
        if total.unit not in _OF_THINGS or said <= max(amount_of(one).low for one in run):
            continue  # 共计3000人次受益: something else
        over = total.approx in _OVER
        if real < said if over else (not total.approx and real != said):
            message = f"前面各项合计{show(real)}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message)


def places_left(sentence: Sentence) -> Iterator[Fault]:
    """“开发公益岗位560个，上岗510人，还有60个岗位空着”: places and the people who have them."""
    counts = _counts(sentence)
    for at, left in enumerate(counts):
        around = sentence.text[max(0, left.start - 6) : left.start] + "|"
        around += re.split("[，。；]", sentence.text[left.end : left.end + 10])[0]
        before = counts[:at]
        if len(before) < 2 or not _words()["free"].search(around):
            continue
        whole, part = before[-2], before[-1]
        between = sentence.text[whole.end : part.start]
        if whole.unit != left.unit or part.unit != "人" or not _words()["taken"].search(between):
            continue
        real = whole.value - part.value
        if real > 0 and real != left.value and not (left.approx or whole.approx or part.approx):
            message = f"“{whole.text}”减去“{part.text}”是{show(real)}，与“{left.text}”不符。"
            yield Fault(left.start, left.end, message)


def times_of_another(sentence: Sentence) -> Iterator[Fault]:
    """“金牌18枚、铜牌12枚，金牌数恰是铜牌数的两倍”: both are told once in the sentence."""
    for number in sentence.found:
        cue = _TIMES_OF.search(sentence.text[: number.start])
        if number.unit != "倍" or number.approx or cue is None:
            continue
        told = [
            [n for n in sentence.numbers if n.end <= cue.start() and n.lead.endswith(cue[name])]
            for name in ("one", "other")
        ]
        if [len(one) for one in told] != [1, 1] or not told[1][0].value:
            continue
        one, other = told[0][0], told[1][0]
        real = one.value / other.value
        same = one.amount.unit == other.amount.unit
        if same and abs(real - number.value) > rounding(number.text, loose=False) / 2:
            message = f"“{one.text}”是“{other.text}”的{show(real)}倍，与“{number.text}”不符。"
            yield Fault(cue.start("one"), number.end, message)
