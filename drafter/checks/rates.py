"""So much each, so many of them, so much in all: products that a sentence states and that do not
come out. 每周2次，连续10周 are 20次; 22户 at 每户1500元 are 3.3万元.

The rate and what it is multiplied by may stand in either order, before the total. Where several
numbers would do, none of them, nor their sums, may come out.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from drafter.checks.reckoning import Fault, Number, Sentence, kin, show
from drafter.data import load_table
from drafter.dates import split_form
from drafter.derived import rounding

_HAN = "\u4e00-\u9fff"
_MOST = 3  # numbers of one unit before a rate, each of which it may be of
_UNIT = {"名": "人", "位": "人", "场": "次", "家": "个", "所": "个", "幢": "栋"}
_APART = re.compile(r"每|各|另|其中|其余|除|含|包括|重复|不少于|至少|平均|人均|以上|以内|计划|目标")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = load_table("reckoning")["rate"]
    times = "|".join(sorted(table["times"], key=len, reverse=True))
    return (
        re.compile(
            rf"每(?:一|个)?(?:(?P<time>{times})(?![一二三四五六日末初底中均])|(?P<thing>[{_HAN}]{{1,4}}?))"
            rf"(?P<gap>[{_HAN}]{{0,8}})$"
        ),
        re.compile(rf"(?:{table['total']})[^，。；：、\d]{{0,6}}$"),
        re.compile(table["standard"]),
    )


def rate_products(sentence: Sentence) -> Iterator[Fault]:
    """“每周开课2次，连续10周，共25次”; “按每户1500元为22户发放，共3.6万元”."""
    if "每" not in sentence.text:
        return
    for at, total in enumerate(sentence.numbers):
        rate = _rate(sentence, at, total)
        if rate is None:
            continue
        first, cue = rate
        if not _is_total(sentence.text, first, total):
            continue
        many = _how_many(sentence, first, total, cue)
        room = rounding(first.text, loose=False) / 2 if "." in first.text else Decimal(0)
        counts = [count for _, count in many]
        counts += [sum(some, Decimal(0)) for size in (2, 3) for some in combinations(counts, size)]
        if many and all(abs(n * first.value - total.value) > room * n for n in counts):
            text, count = many[0]
            real = show(count * first.value, total)
            message = f"“{first.text}”乘以“{text}”是{real}，与“{total.text}”不符。"
            yield Fault(total.start, total.end, message)


def _rate(sentence: Sentence, at: int, total: Number) -> tuple[Number, re.Match[str]] | None:
    """The one rate before a total, in its unit, with the match of the words 每周, 每户."""
    found = []
    for number in sentence.numbers[:at]:
        cue = _patterns()[0].search(number.lead)
        people = {number.amount.unit, total.amount.unit} == {"人", "人次"}
        if cue and (kin(number, total) or people) and number.value:
            found.append((number, cue))
    if len(found) != 1 or sentence.text[: total.start].count("每") != 1:
        return None
    return found[0]


def _is_total(text: str, rate: Number, total: Number) -> bool:
    """Whether a number is told as what all comes to: 共, 合计; or money at so much each."""
    _, cue, standard = _patterns()
    between = text[rate.end : total.start]
    if (
        len(between) > 48
        or _APART.search(between)
        or _APART.match(text[total.end :].lstrip("，（"))
    ):
        return False
    if cue.search(between):
        return True
    at_rate = standard.match(between) is not None and not re.search("[，。；]", between)
    return at_rate and rate.amount.unit == "元"


def _how_many(
    sentence: Sentence, rate: Number, total: Number, cue: re.Match[str]
) -> list[tuple[str, Decimal]]:
    """What a rate may be multiplied by, as written and by value, the likeliest first; nothing
    where it is not told. 每名志愿者 after 党员96名，其中48名参加志愿队: 48, or 96."""
    before = [n for n in sentence.numbers if n.end <= total.start and n is not rate]
    gap = (cue["thing"] or "") + cue["gap"]
    found = [] if cue["time"] else [n for n in before if _is_of(n, gap)]
    named = [n for n in found if gap[1:3] and gap[1:3] in f"{n.tail}|{n.lead}"]
    # 每人植树: behind 人 and 户 stands what they do, and all who did it count.
    found = (named or found) if len(found) > 1 and gap[:1] not in ("人", "户") else found
    if any(n.start > rate.end and kin(n, total) and n not in found for n in before):
        return []  # something was added on the way
    if cue["time"]:
        span = _span(sentence, before, total, cue["time"])
        return [span] if span else []
    if not 1 <= len(found) <= _MOST or any(n.value < 2 for n in found):
        return []
    near = sorted(found, key=lambda n: abs(rate.start - n.end))
    return [(n.text + n.tail[:2].strip("，"), n.value) for n in near]


def _is_of(number: Number, thing: str) -> bool:
    """Whether a number counts what 每 names: 22户 of 每户, 12个网格 of 每个网格, 15车 of 每车."""
    measure, noun = thing[0], thing[1:]
    unit = number.quantity.unit
    nouns = load_table("reckoning")["rate"]["nouns"]
    if unit and unit == _UNIT.get(measure, measure) and measure not in nouns:
        # 每名老人 counts people of whom the number is; 每个网格 the 网格 and no 支部.
        tail = re.match(f"[{_HAN}]*", number.tail)
        words = tail[0] if tail else ""
        named = measure in "个家所" and len(noun) > 1
        return not named or not words or noun[:2] in words or words[:2] in noun
    whole = next((n for n in nouns if thing.startswith(n)), "")
    return bool(whole) and (unit == whole or whole in number.tail[: len(whole) + 3])


def _span(
    sentence: Sentence, before: Sequence[Number], total: Number, time: str
) -> tuple[str, Decimal] | None:
    """How many weeks, months … the sentence says it went on."""
    unit, size, written = load_table("reckoning")["rate"]["times"][time]
    found = [
        (n.text, n.value / size)
        for n in before
        if n.amount.unit == unit and n.quantity.unit in written.split("|")
    ]
    if unit == "个月" and not found:
        for quantity in sentence.found:
            first, _, last = split_form(quantity.form or "*")[1].partition("~")
            if first.isdigit() and last.isdigit() and quantity.end <= total.start:
                found.append((quantity.text, Decimal(int(last) - int(first) + 1) / size))
    if len(found) != 1 or found[0][1] < 1 or found[0][1] % 1:
        return None
    return found[0]
