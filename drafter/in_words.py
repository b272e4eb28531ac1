"""Shares told in words: every fourth of them, one in three; and what a text says over again.

每四名党员里就有一名 of 60 and 15; 31名党员就是31面旗帜; 这四个字 of the words in quotes before;
两项工作 of the two told above; 两个数字相差4; 再有6天 of 9公里 at 1.5公里 a day.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from drafter.amounts import Amount, amount_of
from drafter.counting import window
from drafter.listed import marked_items
from drafter.numbers import Quantity, find_quantities
from drafter.numerals import parse_number

_HAN = "\u4e00-\u9fff"
_FEW = "[一两二三四五六七八九十]|\\d{1,2}"
_ONE_IN = re.compile(
    rf"(?P<rough>差不多|大约|将近|约|近)?(?:每|平均每)?(?P<many>{_FEW})"
    rf"(?:[名个位户家人件次场起条]|成员)[{_HAN}]{{0,8}}?(?:[里中]|之中|当中|里面)[，,]?(?:就|便)?"
    rf"(?P<about>差不多|大约|将近|约|近)?有(?P<part>{_FEW})[名个位户家人件次场起条]"
)
_EACH_FEW = re.compile(
    rf"每(?P<many>{_FEW})[名个位户家人件][{_HAN}]{{1,10}}?(?P<part>{_FEW})[节场次件篇户本份堂]"
)
# What stands for those who are counted: 31面旗帜.
_SIGNS = re.compile(
    f"[{_HAN}]{{0,3}}(?:旗帜?|堡垒|灯塔?|火种|种子|星星?|火炬|镜子?|桥梁?|钉子?|标杆|哨兵?|尖刀|窗口?|名片|战士)"
)
_LIKE = re.compile("(?:就是|便是|都是|如同|好比|犹如|恰似|好似|像|化作|变成|成为)$")
_DEEDS = re.compile(
    f"[{_HAN}]{{0,2}}(?:事|工作|任务|举措|措施|做法|活动|行动|文章|抓手)(?![{_HAN}]{{0,3}}[：:])"
)
_OF_DEEDS = ("个", "项", "件", "条", "招")  # units they are counted in
_APART = re.compile("(?:相差|之差是?|差额为?|差距[为是]?)$")
_QUOTED = re.compile(r"[“「]([^”」\n]{2,20})[”」]")
_AT_A_RATE = {
    "天": ("天", 1),
    "日": ("天", 1),
    "周": ("天", 7),
    "月": ("个月", 1),
    "年": ("个月", 12),
}


@dataclass(frozen=True, slots=True)
class Share:
    """So many in so many, told in words at `start:end`."""

    start: int
    end: int
    part: Decimal
    many: Decimal
    rough: bool = False


def shares_in_words(text: str, pattern: re.Pattern[str] = _ONE_IN) -> Iterator[Share]:
    """Yield each 每四名里就有一名 of a text; a share of one or more is none."""
    for match in pattern.finditer(text):
        part, many = parse_number(match["part"]), parse_number(match["many"])
        if part and many and part < many:
            words = match.groupdict()
            rough = bool(words.get("rough") or words.get("about"))
            yield Share(*match.span(), Decimal(part), Decimal(many), rough)


def fits(share: Share, part: Decimal, whole: Decimal) -> bool:
    """Whether `part` of `whole` may be told so: a twentieth is the writer's rounding, an eighth
    where he says 差不多."""
    real, said = part * share.many, whole * share.part
    return abs(real - said) <= said / (8 if share.rough else 20)


def told_as_share(part: Decimal, others: frozenset[Decimal], text: str) -> bool:
    """Whether `text` tells `part` as a share of one of `others`, which it tells as well:
    三人当中就有一人, 占比超过四成."""
    counts = {q.value for q in find_quantities(text) if q.kind in ("count", "money")}
    wholes = [one for one in others & counts if one > part]
    if any(fits(share, part, whole) for share in shares_in_words(text) for whole in wholes):
        return True
    for quantity in find_quantities(text):
        amount = amount_of(quantity)
        named = re.search(r"占[比到了据为达约近]{0,3}$|占比.{0,4}$", text[: quantity.start])
        share = amount.unit == "%" and named is not None
        if share and any(_fits_percent(amount, part, whole) for whole in wholes):
            return True
    return False


def _fits_percent(told: Amount, part: Decimal, whole: Decimal) -> bool:
    """Whether `part` of `whole` may be told as these per cent; 超过四成 is any forty to fifty."""
    off = part / whole * 100 - told.low
    return 0 <= off < 10 if told.approx in ("超过", "不少于", "余") else abs(off) < 1


def restated(quantity: Quantity, text: str, facts: tuple[tuple[Decimal, ...], ...]) -> str:
    """Return what the text says over again with a number, as words for a person; "" if nothing.

    `facts` are the counts of each fact.
    """
    ways = (_letters, _deeds_again, _as_many_signs, _apart, _at_a_rate)
    found = next((words for way in ways if (words := way(quantity, text))), "")
    return found or _share(quantity, text, facts)


def _letters(quantity: Quantity, text: str) -> str:
    """“常来坐坐”，这四个字: the letters of words in quotes beside them."""
    if not re.match("大?字(?![节号体幕])", text[quantity.end :]):
        return ""
    start, end = window(text, quantity.start, quantity.end)
    for match in _QUOTED.finditer(text, start, end):
        if len(re.findall(f"[{_HAN}]", match[1])) == quantity.value:
            return f"“{match[1]}”的字数"
    return ""


def _deeds_again(quantity: Quantity, text: str) -> str:
    """两项工作环环相扣 after 一、 and 二、; 三个融入 again, after 一是融入, 二是融入, 三是融入."""
    if quantity.unit not in _OF_DEEDS or not 2 <= quantity.value <= 9:
        return ""
    told = text[: quantity.start]
    inline = "".join(re.findall("(?:^|[。！？\\n])([一二三四五六七八九])、", told))
    # The first may have been taken off as the heading of the section.
    whole = "一二三四五六七八九"[: int(quantity.value)]
    listed = inline in (whole, whole[1:])
    if _DEEDS.match(text, quantity.end) and (listed or marked_items(told) == quantity.value):
        return f"前文列了{quantity.text}"
    noun = re.match(f"[{_HAN}]{{2}}", text[quantity.end :])
    if noun and len(re.findall(f"是{noun[0]}", text)) == quantity.value:
        return f"文中“{noun[0]}”有{quantity.text}"
    return ""


def counts_parts(quantity: Quantity, text: str, parts: int) -> bool:
    """Whether 两项工作环环相扣 opens a sentence and counts the `parts` of a report told so far."""
    opens = re.search("(?:^|[。！？\n]|以上|这|上述)$", text[: quantity.start])
    alike = quantity.unit in _OF_DEEDS and quantity.value == parts >= 2
    return bool(opens and alike and _DEEDS.match(text, quantity.end))


def _as_many_signs(quantity: Quantity, text: str) -> str:
    """31名党员就是31面旗帜: as many signs as there are of those who stand for them."""
    start = max(text.rfind(mark, 0, quantity.start) for mark in "。！？；\n") + 1
    head = text[start : quantity.start]
    if not _LIKE.search(head) or not _SIGNS.match(text, quantity.end):
        return ""
    same = [q for q in find_quantities(head) if q.value == quantity.value and q.kind == "count"]
    return f"与“{same[-1].text}”同数" if same else ""


def _apart(quantity: Quantity, text: str) -> str:
    """两个数字相差4: the two numbers of one sentence before it."""
    start = max(text.rfind(mark, 0, quantity.start) for mark in "。！？\n") + 1
    if not _APART.search(text[start : quantity.start]):
        return ""
    counts = [q for q in find_quantities(text[start : quantity.start]) if not q.weak and not q.form]
    units = ("", *(q.unit for q in counts))
    for one, other in pairwise(counts):
        if quantity.unit in units and abs(one.value - other.value) == quantity.value:
            return f"“{one.text}”与“{other.text}”之差"
    return ""


def _at_a_rate(quantity: Quantity, text: str) -> str:
    """再有6天 of what is left, 9公里, at 1.5公里 a day."""
    amount = amount_of(quantity)
    if amount.unit not in ("天", "个月") or not amount.low or quantity.form:
        return ""
    start, end = window(text, quantity.start, quantity.end)
    near = [q for q in find_quantities(text[start:end]) if not q.weak and not q.form]
    for rate in near:
        told = re.search(
            "每一?个?(天|日|周|月|年)[^，。；：\\d]{0,8}$", text[start:end][: rate.start]
        )
        if told is None:
            continue
        unit, size = _AT_A_RATE[told[1]]
        for whole in near if unit == amount.unit else ():
            same = amount_of(whole).unit == amount_of(rate).unit and whole != rate
            if same and amount_of(whole).low * size == amount_of(rate).low * amount.low:
                return f"“{whole.text}”按每{told[1]}“{rate.text}”"
    return ""


def _share(quantity: Quantity, text: str, facts: tuple[tuple[Decimal, ...], ...]) -> str:
    """三人 of 三人当中就有一人, where one fact has a third of another; 每三名教师开出两节课 where
    the text has both."""
    here = {q.value for q in find_quantities(text) if not q.form}
    for share in _around(quantity, text, _ONE_IN):
        for counts in facts:
            for part, whole in _pairs(counts):
                if whole in here and fits(share, part, whole):
                    return f"{part}÷{whole}"
    if quantity.unit == "%" or quantity.kind == "fraction":
        return _percent(quantity, text, facts, here)
    told = [one for counts in facts for one in counts if one in here]
    for share in _around(quantity, text, _EACH_FEW):
        for part, whole in _pairs(told):
            if fits(share, part, whole):
                return f"{part}÷{whole}"
    return ""


def _around(quantity: Quantity, text: str, pattern: re.Pattern[str]) -> list[Share]:
    """Return the shares told in words whose words the number is one of."""
    shares = shares_in_words(text, pattern)
    return [share for share in shares if share.start <= quantity.start < share.end]


def _pairs(counts: Sequence[Decimal]) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield every two of some counts, the smaller first."""
    return ((min(two), max(two)) for two in combinations(counts, 2))


def _percent(
    quantity: Quantity,
    text: str,
    facts: tuple[tuple[Decimal, ...], ...],
    here: set[Decimal],
) -> str:
    """占比超过四成 of 28 and 12, of which the text tells the 28; 占到四分之一 of 20, 58 and 2,
    which one fact has side by side."""
    amount = amount_of(quantity)
    head = text[max(0, quantity.start - 8) : quantity.start]
    if amount.unit != "%" or not re.search("占[^，。；]{0,5}$", head):
        return ""
    for counts in facts:
        wholes = {one for one in counts if one in here}
        if len(counts) > 2 and wholes == set(counts):
            wholes = {sum(counts, Decimal(0))}
        elif len(counts) != 2:
            continue
        # 称职以上占94.5%: the best grades together.
        most = len(counts) > 2 and "以上" in head
        both = [sum(counts[:many], Decimal(0)) for many in range(2, len(counts))] if most else []
        for part in (*counts, *both):
            for whole in (one for one in wholes if one > part):
                if _fits_percent(amount, part, whole):
                    return f"{part}÷{whole}"
    return ""
