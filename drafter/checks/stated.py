"""Shares, totals, remainders and ratios stated farther from their parts, that do not come out.

占到70% of 1080批 and the 1800批 of the sentence before; 整改率超过九成 of 29项 and 35项;
累计接诊575人 after three that were 接诊;
余下的2个 of 18个 after 4个、5个、6个; 2024年比2022年多了20名; 比为1:4.
The numbers must be told in one or two sentences, and none of the ways to reckon them may come out.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise, permutations

from drafter.checks.reckoning import Fault, Number, Sentence, kin, show
from drafter.checks.tallies import part_of_whole
from drafter.data import load_table
from drafter.derived import rounding
from drafter.numerals import parse_number

_HAN = "\u4e00-\u9fff"
_SHARE = re.compile(
    rf"(?:^|[，；、（(])(?:约|共|大约|分别)?(?:占(?:到|了|全[{_HAN}]|[{_HAN}]{{0,6}}总[{_HAN}]{{1,2}})?的?(?:比例|比)?(?:为|是|达|约)*)$"
)
_BEYOND = re.compile(
    r"(?:(?P<stem>[\u4e00-\u9fff]{2})(?:率|比例)|占比?|比例|比重)[^，。；：、\d]{0,3}?(?P<limit>超过|超|达到?|突破|不低于|高于|在)?"
    r"(?P<share>[一二三四五六七八九]成[一二三四五六七八九]?|\d+(?:\.\d+)?%|百分之[一二三四五六七八九十]+)(?P<up>以上)?"
)
_TOTAL = re.compile(rf"(?:共计?|合计|累计|总计|一共|总共)(?P<verb>[{_HAN}]{{2,4}})$")
_REST = re.compile(r"(?:其余|余下的?|剩余的?|剩下的?|尚余|还剩)[^，。；：\d]{0,4}$")
_OPEN = re.compile(r"等(?!级|次|额)|除|不含|另外|部分|分别各")
_RATIO = re.compile(
    r"(?:比例?[为是约]{0,2}(\d{1,3})\s*[:：比]\s*(\d{1,3})(?!\d)"
    r"|(?:之比|比例)[为是约]{1,2}([一二三四五六七八九十])比([一二三四五六七八九十]))"
)
_WHEN = r"(?:\d{4}年|[一二三四]季度|[上下]半年|\d{1,2}月份?|[今去前上]年)"
_THAN = re.compile(
    rf"(?P<one>{_WHEN})[比较](?P<other>{_WHEN})(?:[^，。；\d]{{0,4}})(?:多|少|增加|减少|增|减)[了出]?$"
)


def shares_of_a_whole(sentence: Sentence) -> Iterator[Fault]:
    """“党员60名，60岁以上27名，占党员总数的54%”; the whole may stand a sentence before."""
    for at, share in enumerate(sentence.numbers):
        if share.amount.unit != "%" or share.quantity.unit == "个百分点":
            continue
        before = [
            n for n in sentence.numbers[:at] if n.amount.unit not in ("%", "倍", "岁", "年", "")
        ]
        if not before or share.start - before[-1].end > 14:
            continue
        part = before[-1]
        wholes = [n for n in before[:-1] if kin(n, part) and n.value >= part.value]
        if not wholes or not _SHARE.search(sentence.text[part.end : share.start]):
            continue
        tail = sentence.text[share.start - 10 : share.start]
        named = re.search(rf"占(?:全?[{_HAN}])?([{_HAN}]{{2}})总", tail)
        if named and not any(named[1] in n.lead + n.tail[:6] for n in wholes):
            continue  # of another whole, which is not told
        near = wholes[-4:]
        room = rounding(share.text, loose=False)
        pairs = [(part, n) for n in near] + list(combinations(near, 2))
        ratios = [a.value / b.value * 100 for one in pairs for a, b in permutations(one) if b.value]
        if any(abs(real - share.value) <= room for real in ratios):
            continue
        real = show(part.value / near[-1].value * 100)
        message = f"“{part.text}”是“{near[-1].text}”的{real}%，与“{share.text}”不符。"
        yield Fault(share.start, share.end, message)


def _share_value(words: str) -> Decimal:
    signs = "一二三四五六七八九"
    if "成" in words:
        tens, _, ones = words.partition("成")
        return Decimal((signs.index(tens) + 1) * 10 + (signs.index(ones) + 1 if ones else 0))
    digits = re.search(r"\d+(?:\.\d+)?", words)
    return Decimal(digits[0]) if digits else Decimal(-1)


def rates_beyond(sentence: Sentence) -> Iterator[Fault]:
    """“查找问题35项，29项已经整改到位，整改率超过九成”: a lower limit above what comes out."""
    for match in _BEYOND.finditer(sentence.text):
        claimed = _share_value(match["share"])
        if claimed < 0 or (match["limit"] in (None, "达", "达到", "在") and not match["up"]):
            continue
        before = [n for n in sentence.numbers if n.end <= match.start()]
        before = [n for n in before if n.amount.unit not in ("%", "倍", "岁", "年", "")]
        if len(before) < 2 or not kin(before[-1], before[-2]):
            continue
        part, whole = before[-1], before[-2]
        gap = sentence.text[part.end : match.start()]
        stem = match["stem"]
        around = part.lead + part.tail
        # 480名学生中，有360名考入高中，升学率: a part of a whole, and its share right after it.
        told = part_of_whole(before, sentence.text) and gap.count("，") == 1
        done = (
            stem is None
            or stem in around
            or (stem[0] in around and stem[1] in around)
            or ("改" in stem and "改" in around)
            or (told and not re.search(load_table("reckoning")["tallies"]["asked"], stem))
        )
        if len(gap) > 14 or not done or not 0 < part.value <= whole.value:
            continue
        real = part.value / whole.value * 100
        if real < claimed:
            message = f"“{part.text}”是“{whole.text}”的{show(real)}%，没有“{match['share']}”。"
            yield Fault(
                match.start("limit") if match["limit"] else match.start("share"),
                match.end(),
                message,
            )


def totals_of_a_verb(sentence: Sentence) -> Iterator[Fault]:
    """“甲接诊210人，乙接诊180人，累计接诊400人”: parts told with the total's own verb."""
    for at, total in enumerate(sentence.numbers):
        cue = _TOTAL.search(total.lead)
        if cue is None or total.amount.unit in ("%", ""):
            continue
        if re.search("[每各均]", sentence.text[: total.start]):
            continue  # so much each: a product, see averages.py
        verb = cue["verb"][:2]
        run: list[Number] = []
        for number in reversed([n for n in sentence.numbers[:at] if kin(n, total)]):
            if verb not in number.lead:
                break
            run.append(number)
        if len(run) < 2 or _OPEN.search(sentence.text[run[-1].start : total.start]):
            continue
        subjects = [re.sub(rf"{verb}.*", "", n.label).strip("，、；：") for n in run]
        if len({s for s in subjects if s}) < len(run):
            continue
        before = sentence.numbers[: at - len(run)]
        parts = sum((n.value for n in run), Decimal(0))
        more = {parts, *(parts + n.value for n in before if kin(n, total))}
        if total.value not in more:
            message = f"前面各项合计{show(parts, total)}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message)


def rest_of_a_list(sentence: Sentence) -> Iterator[Fault]:
    """“18个课题，三个季度分别完成4个、5个、6个，余下的2个”."""
    for at, rest in enumerate(sentence.numbers):
        if at < 3 or not _REST.search(rest.label) or rest.amount.unit == "%":
            continue
        before = [n for n in sentence.numbers[:at] if kin(n, rest)]
        run = before[-1:]
        for number in reversed(before[:-1]):
            gap = sentence.text[number.end : run[0].start]
            if not re.fullmatch(r"[、和，及]|[、，][^，。；、\d]{1,6}", gap):
                break
            run.insert(0, number)
        whole = next((n for n in reversed(before) if n.start < run[0].start), None)
        if whole is None or len(run) < 2 or "、" not in sentence.text[run[0].start : run[-1].end]:
            continue
        if rest.start - run[-1].end > 12 or _OPEN.search(sentence.text[run[0].start : rest.start]):
            continue
        left = whole.value - sum((n.value for n in run), Decimal(0))
        beyond = [n for n in sentence.numbers[at + 1 :] if kin(n, rest)]
        if left > 0 and not beyond and left != rest.value:
            message = f"“{whole.text}”减去前面各项是{show(left, rest)}，与“{rest.text}”不符。"
            yield Fault(rest.start, rest.end, message)


def than_another_time(sentence: Sentence) -> Iterator[Fault]:
    """“2022年培训80名，2024年培训95名，2024年比2022年多了20名”."""
    for at, number in enumerate(sentence.numbers):
        cue = _THAN.search(sentence.text[: number.start])
        before = [n for n in sentence.numbers[:at] if kin(n, number)]
        if cue is None or number.amount.unit == "%":
            continue
        found = [[n for n in before if n.label.find(cue[name]) >= 0] for name in ("one", "other")]
        if any(len(one) != 1 for one in found) or found[0] == found[1]:
            continue
        one, other = found[0][0], found[1][0]
        if abs(one.value - other.value) != number.value:
            real = show(abs(one.value - other.value), number)
            message = f"“{one.text}”与“{other.text}”相差{real}，与“{number.text}”不符。"
            yield Fault(number.start, number.end, message)


def ratios_of_two(sentence: Sentence) -> Iterator[Fault]:
    """“党员13名，群众39名，党员与群众之比为1:4”."""
    for match in _RATIO.finditer(sentence.text):
        before = [n for n in sentence.numbers if n.end <= match.start() and n.amount.unit != "%"]
        one_side, other_side = [side for side in match.groups() if side]
        left, right = (Decimal(parse_number(side) or 0) for side in (one_side, other_side))
        pairs = [(a, b) for a, b in pairwise(before[-4:]) if kin(a, b)]
        if not pairs or not left or not right or match.start() - before[-1].end > 20:
            continue
        every = [(a, b) for a, b in permutations(before[-4:], 2) if kin(a, b)]
        if any(abs(a.value * right - b.value * left) <= b.value * left / 20 for a, b in every):
            continue
        one, other = pairs[-1]
        message = f"“{one.text}”与“{other.text}”的比不是“{one_side}比{other_side}”。"
        at = 1 if match[1] else 3
        yield Fault(match.start(at), match.end(at + 1), message)


def each_of_a_kind(sentence: Sentence) -> Iterator[Fault]:
    """“评选先锋岗20个，奖励8万元，平均每岗5000元”: what 每 names stands before its number."""
    for at, mean in enumerate(sentence.numbers):
        cue = re.search(rf"平均每(?:一?个)?([{_HAN}]{{1,3}})$", mean.lead)
        before = sentence.numbers[:at]
        if cue is None or not before:
            continue
        counts = [n for n in before if cue[1] in (n.lead[-len(cue[1]) :], n.tail[: len(cue[1])])]
        wholes = [n for n in before if kin(n, mean) and n not in counts]
        if len(counts) != 1 or len(wholes) != 1 or not counts[0].value:
            continue
        real = wholes[0].value / counts[0].value
        if abs(real - mean.value) > max(rounding(mean.text, loose=False), mean.value / 100):
            message = f"“{wholes[0].text}”除以“{counts[0].text}”是{show(real, mean)}，"
            yield Fault(mean.start, mean.end, f"{message}与“{mean.text}”不符。")
