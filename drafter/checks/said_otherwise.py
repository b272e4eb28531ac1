"""Numbers and dates of a fact that a text tells in a form of its own.

参加率100% as 一个不落, 34%左右 as 三分之一强, 4次 as 四听, 1小时零5分 as 65分钟, 18公里 as 36里,
12月 as 岁末, 比去年增4名 as 由11名增加到15名, 巡诊53趟 as 走到第53趟. Each way needs the very
number, or words that come to it. Words are in data/retelling.toml.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from drafter.amounts import Amount, amount_of, amount_of_value, pairs
from drafter.checks.clauses import Telling, closest_window
from drafter.data import load_table
from drafter.dates import split_form
from drafter.in_words import shares_in_words
from drafter.numbers import Quantity, find_quantities
from drafter.numerals import CHINESE_NUMERALS, parse_number
from drafter.told_over import compound_minutes
from drafter.types import Anchor, Fact

_HAN = "\u4e00-\u9fff"
_NUMERAL = f"(?:\\d+|[{CHINESE_NUMERALS}]+)"
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_STRONG = 5  # per cent by which 三分之一强 may be more
_MOVED = re.compile("[由从][^，。；]*[到至为]|[比较](?:去|上)年|[比较]上一年|[比较]年初|同比")
_CHANGED = re.compile("[由从]|原来|去年|上年|少了|多了|减少|增加|只剩|剩下|降|升")


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    table = load_table("retelling")["otherwise"]
    return {name: re.compile(words) for name, words in table.items()}


def said_otherwise(anchor: Anchor, fact: Fact, text: Telling) -> bool:
    """Whether `text` tells the number or date `anchor` of `fact` in other words."""
    clause = next(
        (m[0] for m in _CLAUSE.finditer(fact.text) if m.start() <= anchor.start < m.end()), ""
    )
    near = closest_window(clause, text) + "\n" + closest_window(fact.text, text)
    if anchor.kind == "date":
        return _date(anchor, fact, near, text)
    if anchor.kind != "number":
        return False
    amount = amount_of_value(anchor.value)
    if amount.high is not None:
        return False
    if amount.unit == "%":
        return _all(amount, clause, text) or _fraction(amount, near) or _of_ten(amount, near)
    return (
        _by_verb(amount, fact.text, near)
        or _up_to(amount, _sign(anchor, fact.text), near)
        or _minutes(anchor, fact.text, near)
        or _distance(amount, near)
        or _changed(amount, anchor, fact.text, near)
        or _year(amount, near)
        or _jubilee(amount, near)
        or _nothing(amount, fact.text[anchor.start : anchor.end + 2], near)
        or _in_a_term(anchor, fact.text, text)
    )


def _all(amount: Amount, clause: str, text: Telling) -> bool:
    """参加率100% as 一个不落: in a clause that speaks of the same, or right behind one."""
    if amount.low != 100:
        return False
    own = pairs(re.sub("率|100%", "|", clause))
    told = [m[0] for m in _CLAUSE.finditer(text.text)]
    for at, one in enumerate(told):
        all_of = _words()["all"].search(one)
        alone = all_of is not None and len(one) - len(all_of[0]) <= 2  # ，一个不落
        if all_of and own & pairs("|".join(told[max(0, at - 1) : at + 1]) if alone else one):
            return True
    return False


def _fraction(amount: Amount, near: str) -> bool:
    """34%左右 as 三分之一强."""
    for quantity in find_quantities(near):
        if quantity.kind != "fraction":
            continue
        off = amount.low - amount_of(quantity).low
        if near.startswith("强", quantity.end):
            told = 0 < off <= _STRONG
        else:
            told = abs(off) <= 1 and amount.approx in ("", "约")
        if told:
            return True
    return False


def _of_ten(amount: Amount, near: str) -> bool:
    """80% as 十个里有八个."""
    found = shares_in_words(near)
    return any(abs(share.part / share.many * 100 - amount.low) < 1 for share in found)


def _by_verb(amount: Amount, fact: str, near: str) -> bool:
    """全年4次 as 全年四听, 2次 as 两回."""
    if amount.unit != "次" or amount.ordinal or not 2 <= amount.low <= 12:
        return False
    units = load_table("units")
    measures = {unit[-1] for unit in (*units["units"], *units["digit_units"])} - set("课讲")
    return any(
        parse_number(match[1]) == amount.low
        and ((verb := match[3] or match[2]) in "回趟遍" or (verb in fact and verb not in measures))
        for match in re.finditer(rf"({_NUMERAL})(?:([{_HAN}])(?=[，。；、\n]|$)|([趟遍]))", near)
    )


def _sign(anchor: Anchor, fact: str) -> str:
    """The last letter of the measure word of a number: the 趟 of 53趟, though it is no unit."""
    last = anchor.text[-1:]
    return last if not re.fullmatch(_NUMERAL, last) else fact[anchor.end : anchor.end + 1]


def _up_to(amount: Amount, sign: str, near: str) -> bool:
    """53趟 as 走到第53趟."""
    if amount.ordinal or not re.fullmatch(f"[{_HAN}]", sign):
        return False
    found = re.finditer(rf"到了?第({_NUMERAL}){sign}", near)
    return any(parse_number(match[1]) == amount.low for match in found)


def _minutes(anchor: Anchor, fact: str, near: str) -> bool:
    """1小时零5分 as 65分钟."""
    for start, end, minutes in compound_minutes(fact):
        if start <= anchor.start < end:
            return any(
                (amount_of(q).low, amount_of(q).unit) == (minutes, "分钟")
                for q in find_quantities(near)
            )
    told = amount_of_value(anchor.value)
    return told.unit == "分钟" and any(one == told.low for *_, one in compound_minutes(near))


def _distance(amount: Amount, near: str) -> bool:
    """18公里 as 36里."""
    if amount.unit != "米":
        return False
    found = re.finditer(rf"({_NUMERAL})里(?![{_HAN}]|地)|({_NUMERAL})里(?=[路地长远的山])", near)
    return any((parse_number(m[1] or m[2]) or 0) * 500 == amount.low for m in found)


_MORE = re.compile("增|多|升|提高|扩")
_LESS = re.compile("减|少|降|缩|压")


def _changed(amount: Amount, anchor: Anchor, fact: str, near: str) -> bool:
    """比去年增4名 as 由11名增加到15名, 从27个减到9个 as 少了18个，只剩9个: of the two numbers that
    come to it the fact has one."""
    own = [_plain(q) for q in _counts(fact) if q.start != anchor.start]
    if amount.unit in ("", "元") or amount.ordinal or not own or not _MOVED.search(fact):
        return False
    for sentence in re.split("[。\n]", near):
        told = [(q, _plain(q)) for q in _counts(sentence)]
        cue = _CHANGED.search(sentence) and not _against(fact, sentence)
        for at, (first, one) in enumerate(told) if cue else ():
            for second, other in told[at + 1 :]:
                same = one.unit == other.unit == amount.unit and (one in own or other in own)
                close = second.start - first.end <= 16
                sums = (one.low + other.low, abs(one.low - other.low))
                if same and close and amount.low in sums:
                    return True
    return False


def _against(fact: str, sentence: str) -> bool:
    """Whether one of the two speaks only of more and the other only of less."""
    ways = [
        (_MORE.search(text) is not None, _LESS.search(text) is not None)
        for text in (fact, sentence)
    ]
    return {(True, False), (False, True)} == set(ways)


def _counts(text: str) -> Iterator[Quantity]:
    return (q for q in find_quantities(text) if not q.form and not q.weak)


def _plain(quantity: Quantity) -> Amount:
    return amount_of(quantity)


def _year(amount: Amount, near: str) -> bool:
    """成立年份2015 as 2015年成立."""
    if amount.unit or not 1900 <= amount.low <= 2100:
        return False
    return any(q.form[:4] == str(amount.low) for q in find_quantities(near) if q.form)


def _jubilee(amount: Amount, near: str) -> bool:
    """建厂60周年 as 建厂六十年."""
    found = re.finditer(rf"({_NUMERAL})年", near) if amount.unit == "周年" else ()
    return any(parse_number(match[1]) == amount.low for match in found)


def _nothing(amount: Amount, words: str, near: str) -> bool:
    """现有零户 as 一户也没有."""
    if amount.low != 0 or not amount.unit:
        return False
    unit = words[1:2] if words[:1] in "零0" else amount.unit
    return re.search(rf"一{unit}[也都]?没|没有?一{unit}|无一{unit}|为零|清零", near) is not None


def _in_a_term(anchor: Anchor, fact: str, text: Telling) -> bool:
    """两个健康座谈 where the text tells what the two are."""
    for entry in load_table("fixed_terms")["set"]:
        at = fact.find(entry["name"])
        inside = 0 <= at <= anchor.start and anchor.end <= at + len(entry["name"])
        if inside and all(member in text.text for member in entry["members"]):
            return True
    told = load_table("retelling")["terms"]
    return any(
        0 <= (at := fact.find(name)) <= anchor.start < at + len(name) and words in text.text
        for name, words in told.items()
    )


def _date(anchor: Anchor, fact: Fact, near: str, text: Telling) -> bool:
    """12月 as 岁末, 每月15日 as 每月十五号, the year before of 从640起增加到720起."""
    year, rest = split_form(anchor.value)
    if rest == "12" and _words()["last_month"].search(near):
        return True
    day = re.fullmatch(r"\*-(\d\d)", rest)
    if day is not None:
        days = (q for q in find_quantities(near, loose=True) if q.unit == "号")
        same = (q for q in days if q.value == int(day[1]))
        return any(_words()["monthly"].search(near[: q.start][-6:]) for q in same)
    if rest or text.year is None or year != str(text.year - 1) or str(text.year) not in fact.text:
        return False
    own = {amount_of(q) for q in _counts(fact.text)}
    for sentence in re.split("[。\n]", near):
        told = [q for q in _counts(sentence) if amount_of(q) in own]
        for one, other in pairwise(told):
            before, between = sentence[: one.start][-8:], sentence[one.end : other.start]
            if re.search("[从由]", before) and re.search("[到至为]", between):
                return one.value != other.value and len(between) <= 8
    return False
