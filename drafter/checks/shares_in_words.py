"""Shares told in words, what each household had, and totals of a bare list, that do not come out.

每四名党员里就有一名 of 210 and 42; 优秀39名、合格115名、基本合格2名，优秀占到三分之一;
折合每户约1.2万元 of 4800万元 and 3200户; 4人、6人、5人，三个支部累计派出18人.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from drafter.amounts import amount_of
from drafter.checks.reckoning import Fault, Number, Sentence, in_place, kin, show
from drafter.checks.sums import is_graded
from drafter.derived import rounding
from drafter.in_words import fits, shares_in_words

_HAN = "\u4e00-\u9fff"
_OWN_SHARE = re.compile(
    rf"(?:^|[，；])(?P<name>[{_HAN}]{{2,5}}?)(?:党员|人数|人员|同志|率|等次|的)?(?:刚好|正好|恰好|大约)?"
    rf"占[{_HAN}]{{0,6}}$"
)
_EACH = re.compile(rf"每(?P<unit>户|家|村|人|名|亩)[{_HAN}]{{0,6}}$")
_GROUPS = re.compile(
    rf"^[^，。；\d]{{0,14}}[，；](?P<many>[两二三四五六七八九]|\d)[个支家条批][{_HAN}]{{1,6}}?"
    rf"(?:累计|合计|共计?|一共|总共)[{_HAN}]{{0,4}}$"
)
_COUNT = "一二三四五六七八九"


def one_in_so_many(sentence: Sentence) -> Iterator[Fault]:
    """“党员210名，其中流动党员42名，每四名里就有一名”: 42 is no fourth of 210."""
    for share in shares_in_words(sentence.text):
        before = [n for n in sentence.numbers if n.end <= share.start and n.amount.unit != "%"]
        if len(before) < 2 or not kin(before[-1], before[-2]):
            continue
        near = [n for n in before[-4:] if kin(n, before[-1])]
        pairs = [sorted((a.value, b.value)) for at, a in enumerate(near) for b in near[at + 1 :]]
        if any(fits(share, part, whole) for part, whole in pairs):
            continue
        part, whole = sorted(near[-2:], key=lambda n: n.value)
        if not part.value or share.start - before[-1].end > 30:
            continue
        real = show(whole.value / part.value)
        message = f"“{whole.text}”里有“{part.text}”，约每{real}个里有1个。"
        yield Fault(share.start, share.end, message)


def share_of_a_grade(sentence: Sentence) -> Iterator[Fault]:
    """“优秀39名、合格115名、基本合格2名，优秀党员刚好占到三分之一”: the grades are the whole."""
    for at, share in enumerate(sentence.numbers):
        told = _OWN_SHARE.search(sentence.text[: share.start])
        if share.amount.unit != "%" or told is None or share.quantity.unit == "个百分点":
            continue
        run = _listed(sentence, [n for n in sentence.numbers[:at] if n.amount.unit != "%"])
        named = [n for n in run if n.lead.endswith(told["name"])]
        named = [n for n in named if not re.search(f"[基不较]本?{told['name']}$", n.lead)]
        if len(run) < 3 or len(named) != 1 or not all(is_graded(n) for n in run):
            continue
        total = sum((n.value for n in run), Decimal(0))
        wholes = {total, *(n.value for n in sentence.numbers[:at] if n.value > total)}
        room = rounding(share.text, loose=False)
        real = named[0].value / total * 100
        if all(abs(named[0].value / one * 100 - share.value) > room for one in wholes):
            message = f"“{named[0].text}”是{show(total, named[0])}的{show(real)}%，"
            yield Fault(share.start, share.end, f"{message}与“{share.text}”不符。")


def _listed(sentence: Sentence, numbers: list[Number]) -> list[Number]:
    """The last numbers of one unit with 、 between them."""
    run = numbers[-1:]
    for one, after in pairwise(reversed(numbers)):
        gap = sentence.text[after.end : one.start]
        if not kin(one, after) or not re.fullmatch(rf"[、和及][{_HAN}]{{1,10}}", gap):
            break
        run.insert(0, after)
    return run


def each_had(sentence: Sentence) -> Iterator[Fault]:
    """“投入4800万元，惠及居民3200户，折合每户投入约1.2万元”: 约 may be off by a twentieth."""
    for quantity in sentence.found:
        amount = amount_of(quantity)
        cue = _EACH.search(sentence.text[: quantity.start].removesuffix("约"))
        even = re.search(
            r"(?:折合|平均|相当于|算下来|合)每",
            sentence.text[max(0, quantity.start - 14) : quantity.start],
        )
        if amount.unit != "元" or amount.high is not None or not cue or not even:
            continue
        before = [n for n in sentence.numbers if n.end <= quantity.start]
        unit = cue["unit"].replace("名", "人")
        counts = [n for n in before if n.amount.unit == unit]
        sums = [n for n in before if n.amount.unit == "元"]
        if len(counts) != 1 or len(sums) != 1 or not counts[0].value:
            continue
        real = sums[0].value / counts[0].value
        loose = real / 20 if quantity.approx else max(real / 100, Decimal("0.5"))
        step = rounding(quantity.text, loose=False) * (10000 if "万" in quantity.text else 1)
        if abs(real - amount.low) > max(loose, step):
            message = f"“{sums[0].text}”除以“{counts[0].text}”是{show(real)}元，"
            yield Fault(quantity.start, quantity.end, f"{message}与“{quantity.text}”不符。")


def listed_groups(sentence: Sentence) -> Iterator[Fault]:
    """“甲支部4人、乙支部6人、丙支部5人奔赴一线，三个支部累计派出18人”: as many groups as parts."""
    for at, total in enumerate(sentence.numbers):
        before = [n for n in sentence.numbers[:at] if n.amount.unit == total.amount.unit]
        run = _listed(sentence, before)
        if len(run) < 2:
            continue
        cue = _GROUPS.match(sentence.text[run[-1].end : total.start])
        if cue is None:
            continue
        many = int(cue["many"]) if cue["many"].isdigit() else _COUNT.find(cue["many"]) + 1 or 2
        real = sum((n.value for n in run), Decimal(0))
        if many == len(run) and real != total.value and total.amount.unit != "%":
            message = f"前面各项合计{show(real, total)}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message, in_place(real, total))


def apart(sentence: Sentence) -> Iterator[Fault]:
    """“发放34份，确定28名，两个数字相差8”: the two numbers told before it."""
    for at, number in enumerate(sentence.numbers):
        told = re.search(r"(?:两个?数字?|两者|二者|两项|前后)相差$", sentence.text[: number.start])
        before = [n for n in sentence.numbers[:at] if not told or n.end < told.start()]
        if told is None or len(before) < 2 or number.amount.unit == "%":
            continue
        pairs = [(a, b) for a, b in pairwise(before)]
        if all(abs(a.quantity.value - b.quantity.value) != number.quantity.value for a, b in pairs):
            one, other = pairs[-1]
            real = show(abs(one.quantity.value - other.quantity.value))
            message = f"“{one.text}”与“{other.text}”相差{real}，与“{number.text}”不符。"
            yield Fault(number.start, number.end, message)


def days_at_a_rate(sentence: Sentence) -> Iterator[Fault]:
    """“还剩12公里，按每天推进2公里的进度，再有9天”: 12 at 2 a day are 6 days."""
    for at, days in enumerate(sentence.numbers):
        rate = sentence.numbers[at - 1] if at else days
        told = re.search(r"(?:再有|还需|仍需|再用|再过|需要?)(?:约)?$", sentence.text[: days.start])
        each = re.search(
            rf"(?:按照?|照)[^，。；]{{0,16}}每(?:一)?天[{_HAN}]{{0,6}}$",
            sentence.text[: rate.start],
        )
        left = next((n for n in reversed(sentence.numbers[: max(0, at - 1)]) if kin(n, rate)), None)
        if days.amount.unit != "天" or not told or not each or left is None or not rate.value:
            continue
        if not re.search("[剩余下有]$|[剩余]下?的?$", left.lead):
            continue
        real = left.value / rate.value
        if not real <= days.value < real + 1:
            message = f"“{left.text}”按每天“{rate.text}”要{show(real)}天，与“{days.text}”不符。"
            yield Fault(days.start, days.end, message)
