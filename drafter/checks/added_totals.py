"""What is told as coming to what there was, and the share of one part named again, that do not
come out.

新购8台，加上原有的27台，总数达到45台; 在原有120个的基础上新增60个，总数达190个;
受理48件，其中土地类18件、劳资类30件，土地类占全部的47.5%.
Both are reckoned only where the total's words, or the part's name, tie it to its numbers.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from drafter.checks.reckoning import Fault, Sentence, in_place, kin, show
from drafter.derived import rounding

_HAN = "\u4e00-\u9fff"
_PLUS = re.compile(
    rf"(?:(?:加上|连同|算上|加之)[{_HAN}]{{0,10}}|[{_HAN}]{{0,8}}基础上，?[{_HAN}]{{0,4}}"
    rf"(?:新[增建购招设添]|增[加添设]|添置|扩建)[{_HAN}]{{0,4}})$"
)
# What a total says of itself: so much in all, or so much now.
_NOW = re.compile(
    rf"^[，,]?(?P<what>[{_HAN}]{{0,8}}?)(?P<all>总[{_HAN}]{{1,3}}?|合计|共计|累计|共有?|现有|拥有)?"
    r"(?:已经?)?(?:达到?了?|增至|增加到|扩大到|升至|为|有)?$"
)
_BESIDE = re.compile("减去|扣除|除去|另|其中|每|各|平均")
_SHARE = re.compile(
    rf"[，；、]?(?:目前|仅|其中)?(?P<name>[{_HAN}]{{2,10}}?)(?:就|约|共|大约)?占(?:全部|所有|整个|[{_HAN}]{{0,4}}总)"
    rf"[{_HAN}]{{0,8}}?的?(?:约|近)?$"
)

_MORE_OR_LESS = ("以上", "以下", "多", "有余", "左右", "上下")


def added_totals(sentence: Sentence) -> Iterator[Fault]:
    """“新购8台，加上原有的27台，总数达到45台”: all before it may be added, or the last of them."""
    text, numbers = sentence.text, sentence.numbers
    for one, more, total in zip(numbers, numbers[1:], numbers[2:], strict=False):
        told = _NOW.search(text[more.end : total.start].removeprefix(more.tail))
        if not _PLUS.search(text[one.end : more.start]) or told is None:
            continue
        if not (kin(one, more) and kin(more, total)) or total.amount.unit == "%":
            continue
        before = [n for n in numbers if n.end <= one.end and kin(n, more)]
        whole = text[before[0].start : total.start]
        if _BESIDE.search(whole) or not _is_of_all(told, whole):
            continue
        sums = [
            sum((n.value for n in before[at:]), Decimal(0)) + more.value
            for at in range(len(before))
        ]
        if total.value not in sums:
            message = f"“{one.text}”加上“{more.text}”是{show(sums[-1], total)}，"
            right = in_place(sums[-1], total) if len(sums) == 1 else ""
            yield Fault(total.start, total.end, f"{message}与“{total.text}”不符。", right)


def _is_of_all(told: re.Match[str], whole: str) -> bool:
    """Whether a total says that it is one, or names what was counted before it: 年收入已达59万元
    after 新增收入; 购置设备共6.5万元 tells of something else."""
    what = told["what"]
    if told["all"] and not (what and told["all"] == "共"):
        return True
    words = {what[at : at + 2] for at in range(len(what) - 1)}
    return any(whole.count(word) > 1 for word in words)


def shares_of_a_named_part(sentence: Sentence) -> Iterator[Fault]:
    """“48件，其中土地类18件、劳资类30件，土地类占全部信访件的47.5%”: the part is named again, and
    the whole is the greatest number of its unit before it."""
    for at, share in enumerate(sentence.numbers):
        if share.amount.unit != "%" or share.quantity.unit == "个百分点" or at < 2:
            continue
        last = sentence.numbers[at - 1]
        told = _SHARE.search(sentence.text[last.end : share.start])
        before = [n for n in sentence.numbers[:at] if n.amount.unit not in ("%", "倍", "岁", "年")]
        if told is None or "其中" not in sentence.text[: last.start]:
            continue
        if share.tail.startswith(_MORE_OR_LESS):
            continue  # 占全部的一半以上
        named = [n for n in before if n.lead.endswith(told["name"])]
        if len(named) != 1 or not named[0].value:
            continue
        part = named[0]
        wholes = [n for n in before if n.start < part.start and kin(n, part)]
        if not wholes or max(n.value for n in wholes) <= part.value:
            continue
        whole = max(wholes, key=lambda n: n.value)
        room = rounding(share.text, loose=bool(share.quantity.approx))
        reals = [part.value / n.value * 100 for n in wholes if n.value]
        if all(abs(real - share.value) > room for real in reals):
            real = show(part.value / whole.value * 100)
            message = f"“{part.text}”是“{whole.text}”的{real}%，与“{share.text}”不符。"
            yield Fault(share.start, share.end, message)
