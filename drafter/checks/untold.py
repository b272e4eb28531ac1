"""Facts of which a text has next to nothing, and numbers that it tells of something else.

What is counted and what was done with it come first, the number second: 开设食堂1处 is lost where
neither 食堂 nor 开设 stands, though 1 may go unsaid and a list of two names may pass for 2次.
Bounds were measured on the sets of bench/faithful (4069 facts told, 120 lost).
"""

import re
from functools import lru_cache

from drafter.amounts import amount_of, amount_of_value, exchangeable, same_number, same_unit
from drafter.anchors import is_kept
from drafter.checks.clauses import Telling, coverage, is_date, longest_gap
from drafter.checks.cut_words import is_harmless
from drafter.checks.doings import Claim, without_compounds
from drafter.numbers import find_quantities
from drafter.types import Anchor, Fact

# Sum of the shares of letters found alone and in pairs, in the whole text, up to which words whose
# number is not there either are lost: lost ones have at most 0.67, told ones at least 0.77.
_UNTOLD = 0.7
# Letters on end that the whole text has nothing of, from which a counted clause is lost where its
# number is not there either.
_GAP = 4
# Letters of a clause from which its words are enough to say that a number is another thing's.
_ENOUGH = 4
# Letters of a fact without numbers and names below which other words may well tell all of it:
# 资金缺口大 is 经费不足.
_FREE = 6
# 占全部155人的八成: words that say a share, not what is counted.
_OF_ALL = re.compile("(?:占|全部|全体|总数|总量|总人数|的|其中|比例|约|近)+")
_EACH = re.compile("每[名人户个家位]|[人户]均")
_TWICE = re.compile(r"(户|人)[约近]?[\d.]+万?\1")
_HAN = re.compile("[\u4e00-\u9fff]")
_FILLING = re.compile("^[又再也还共已先后累计全年]+|(?:共计|累计|合计)$")


def words_gone(fact: Fact, start: int, end: int, text: Telling) -> bool:
    """Whether neither the words of the clause `start:end` of a fact stand in `text` nor one of its
    numbers, dates and names; a clause that has none of these may be told in other words, unless
    nothing of the whole fact is there."""
    hard = hard_anchors(fact, start, end)
    if not hard:
        start, end = 0, len(fact.text)
        hard = hard_anchors(fact, start, end)
    clause = fact.text[start:end]
    if not hard and len(_bare(clause)) < _FREE:
        return False
    if not _HAN.search(clause) or sum(coverage(clause, text.text)) > _UNTOLD:
        return False
    return not any(_stands(anchor, text) for anchor in hard)


def own_words_gone(fact: Fact, start: int, end: int, text: Telling) -> str:
    """Return the words that a counted clause `start:end` of a fact has for itself and that are gone
    as its number is, "" for none: 组织党员义务植树1次 beside 组织党员参观1次."""
    hard = hard_anchors(fact, start, end)
    if not hard or any(a.kind != "number" or _stands(a, text) for a in hard):
        return ""
    letters, place, words = longest_gap(fact.text[start:end], text.text)
    return words if letters >= _GAP and place else ""


def _stands(anchor: Anchor, text: Telling) -> bool:
    if anchor.kind != "number":
        return is_kept(anchor, text.text, text.year)
    amount = amount_of_value(anchor.value)
    # 一、 of a heading and 一件一件 of a figure of speech are no 1座.
    one = amount.low == 1 and amount.high is None
    found = (q for q in text.found if not (one and (q.weak or not q.unit)))
    return any(
        same_number(amount, other) and (same_unit(amount, other) or exchangeable(amount, other))
        for other in map(amount_of, found)
    )


def hard_anchors(fact: Fact, start: int, end: int) -> list[Anchor]:
    """Return the numbers, dates, titles and names of a fact in its clause `start:end`."""
    return [a for a in fact.anchors if a.kind != "qualifier" and a.start < end and a.end > start]


@lru_cache(maxsize=4096)
def _bare(clause: str) -> str:
    """The letters of a clause without its numbers."""
    for quantity in reversed(find_quantities(clause, loose=True)):
        if not is_date(quantity):
            clause = clause[: quantity.start] + clause[quantity.end :]
    return "".join(_HAN.findall(clause))


def other_thing(clause: str, near: str) -> bool:
    """Whether nothing of a counted clause stands near its number: the number is another thing's."""
    # 每名联系120户, 入社农户120户: who is counted, and each of them, say little of their own.
    bare = _EACH.sub("", _bare(clause))
    if _TWICE.search(clause):
        bare = bare[:-2]
    if len(bare) < _ENOUGH or is_harmless(bare) or _OF_ALL.fullmatch(bare):
        return False
    if bare.endswith(("人口", "人数")) and re.search(r"[\d万千][余多]?[人名]", near):
        return False  # 辖区人口4.2万 as 4.2万人
    alone, paired = coverage(clause, near)
    return paired == 0 and alone < 0.5


def swapped(clause: str, own: Claim, here: Claim, place: str, near: str) -> tuple[str, str] | None:
    """Return the words of a fact that went from beside its number and the doing that stands there.

    For doings of no table: 救起落水船员7人 told as 转移船员7人 (the thing is the same), 改厕50户
    told as 看望50户 (nothing of the fact's clause is there). `place` is the clause of the text
    that has the number, `near` what is around.
    """
    rival = next((one for one in reversed(here.doings) if one.group >= 0), None)
    if rival is None or any(one.group >= 0 for one in own.doings) or not own.before:
        return None
    before, other = own.before, _FILLING.sub("", here.before)
    while before and other and before[-1] == other[-1]:
        before, other = before[:-1], other[:-1]
    shared = len(own.before) - len(before)
    plain = without_compounds(place)
    if len(before) < 2 or is_harmless(before) or rival.word not in plain:
        return None
    if shared >= 2 and other.endswith(rival.word):
        verb = before[:2]
        told = bool(set(before) & set(plain) or verb[0] in near or _pairs(before) & _pairs(near))
        told = told or coverage(verb, near)[1] > 0  # by a synonym
        return None if told or is_harmless(verb) else (verb, rival.word)
    alone, paired = coverage(clause, place)
    tail = own.before[-2:]
    if shared or len(_bare(clause)) < _ENOUGH or paired > 0 or alone > 0.34:
        return None
    return None if set(tail) & set(near) or is_harmless(tail) else (tail, rival.word)


def emptied(clause: str, own: Claim, here: Claim, near: str) -> str:
    """Return what begins a counted clause of a fact where this and what is counted are gone and no
    doing stands in its place: 联合攻关芯片难题2项 told as 在芯片方面有2项; "" for nothing."""
    words = own.before
    if len(words) < 6 or any(one.group >= 0 for one in here.doings):
        return ""
    first, last = words[:2], words[-2:]
    if is_harmless(first) or is_harmless(last) or first in near or set(last) & set(near):
        return ""
    alone, paired = coverage(clause, near)
    return first if paired > 0 and alone <= 0.67 else ""


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)}
