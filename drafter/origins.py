"""Where each number of a draft comes from: a fact, a reckoning from facts, or nowhere.

A number is a fact's when value and unit are the same however they are written (drafter.amounts); a
date when a fact has it, or a time it lies in. What is left may follow from facts told beside it
(drafter.derived), or count what the draft itself lists (drafter.listed).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from drafter.amounts import (
    Amount,
    amount_of,
    exchangeable,
    named_unit,
    pairs,
    same_number,
    same_thing,
    same_unit,
    words_around,
)
from drafter.counting import counted_here, is_date, window
from drafter.dates import date_known, split_form, spoken_years
from drafter.derived import Claim, cues, derivation, remaining, rounding
from drafter.follows import follows
from drafter.in_words import restated
from drafter.numbers import Quantity, find_quantities
from drafter.told_over import told_over
from drafter.types import Fact

_QUOTED = re.compile(r"“[^“”\n]{2,14}”")
_FREQUENCY = re.compile(r"每(?:个?(?:季度|月|周|半年|年|星期|半月|天|日)|期|批|村|户|人|支部)")
# 两个月开1次 of 每两个月, 第一次 of 首次.
_EVERY = re.compile(
    r"每隔?(?=([一两二三四五六七八九十\d]{1,3}(?:个月|月|周|个星期|年|天|个季度|季度|日)))"
)
# 每季度 may be told as 每三个月.
_SAME_SPAN = (
    (re.compile("每个?季|每一季|按季|逐季"), "3个月"),
    (re.compile("每个?半年"), "6个月"),
    (re.compile("每年|年年|按年"), "12个月"),
)
_FIRST = re.compile(r"首(?:次|度|创)|头一[次个回]|率先|破天荒")
# 一季度一开: how often, no date.
_QUARTERLY = re.compile("一(?![共批直些定方般度致期季])[\u4e00-\u9fff]")
_EACH_QUARTER = re.compile("每一?个?季|按季|逐季|季季|季度一|一季一")
_ALL = re.compile(r"全部|全覆盖|均|悉数|全员|所有|逐一|都")


@dataclass(frozen=True, slots=True)
class Origin:
    """A number of a draft and where it is from; `reason` says how a derived one follows."""

    quantity: Quantity
    kind: Literal["fact", "derived", "none"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """A fact's or other text's numbers: exact ones for reckoning, all for comparing."""

    text: str
    found: tuple[Quantity, ...]
    exact: tuple[Amount, ...]


@lru_cache(maxsize=4096)
def _source(text: str) -> _Source:
    found = find_quantities(text, loose=True)
    told = _with_units(text, found)
    exact = tuple(amount_of(q) for q in told if _reckons(q) and (q.unit or q.kind == "fraction"))
    return _Source(text, found, exact)


def _with_units(text: str, found: Sequence[Quantity]) -> Sequence[Quantity]:
    """The numbers of a list with the unit that only its last one has: 5、7、9个 are all 个."""
    told = list(found)
    for at in range(len(told) - 2, -1, -1):
        one, after = told[at], told[at + 1]
        bare = not one.unit and one.kind == "count" and after.kind in ("count", "money", "percent")
        if bare and text[one.end : after.start] in ("、", "和", "，", "及", "与"):
            # 3、5万元 are 3万元 and 5万元: the value of the last is in its base unit.
            scale = 10000 if re.search("万", after.text) and not re.search("万", one.text) else 1
            told[at] = replace(one, unit=after.unit, kind=after.kind, value=one.value * scale)
    return told


def _reckons(quantity: Quantity) -> bool:
    if quantity.weak or quantity.upper is not None:
        return False
    return quantity.kind in ("count", "money", "percent", "fraction")


def trace_numbers(
    text: str, facts: Sequence[Fact], allowed: Iterable[str] = (), year: int | None = None
) -> tuple[Origin, ...]:
    """Return the numbers and dates of `text` in order with where each is from.

    `allowed` are texts beside the facts that may be quoted (the title, "2026年"); `year` is the
    report's own, by which 明年 is read. 一个 and the like claim nothing and are left out.
    """
    sources = [_source(source) for source in (*(fact.text for fact in facts), *allowed)]
    known = _Known(sources, year)
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found = [
        known.origin(quantity, text)
        for quantity in find_quantities(text)
        if not quantity.weak and not _is_in_name(quantity, quoted) and not _is_mark(quantity, text)
    ]
    for _ in range(2):  # what follows from a number that was itself found to follow
        derived = [o.quantity for o in found if o.kind == "derived" and _reckons(o.quantity)]
        looked = [known.second_look(o, text, derived) if o.kind == "none" else o for o in found]
        if looked == found:
            break
        found = looked
    return tuple(found)


def _is_mark(quantity: Quantity, text: str) -> bool:
    """Whether a number is the mark of an item: “（2）开通热线” after “（1）”."""
    if quantity.unit or not re.fullmatch(r"\d{1,2}", quantity.text):
        return False
    opens = re.search(r"(?:^|[，。；：、\s])[（(]$", text[: quantity.start])
    return bool(
        opens
        and re.match("[）)][^，。；：、\\s]", text[quantity.end :])
        and re.search(r"[（(]1[）)]", text[: quantity.end + 1])
    )


def _is_in_name(quantity: Quantity, quoted: Sequence[tuple[int, int]]) -> bool:
    """Whether a number is a word of a quoted name (“五种形态”), which is judged as a name."""
    if re.search(r"\d", quantity.text):
        return False
    return any(start <= quantity.start and quantity.end <= end for start, end in quoted)


class _Known:
    """What the facts say, made ready to look numbers up in."""

    def __init__(self, sources: Sequence[_Source], year: int | None) -> None:
        self._sources, self._year = sources, year
        self._dates = [split_form(q.form) for s in sources for q in s.found if is_date(q)]
        self._years = frozenset().union(*(spoken_years(s.text, year) for s in sources))
        self._every = frozenset().union(*(_frequencies(s.text) for s in sources))
        self._pools = tuple(
            tuple(a.low for a in s.exact if a.unit not in ("%", "岁")) for s in sources
        )
        self._counts = [(amount_of(q), s, q) for s in sources for q in s.found if not is_date(q)]

    def origin(self, quantity: Quantity, text: str) -> Origin:
        if is_date(quantity):
            often = quantity.text == "一季度" and _QUARTERLY.match(text, quantity.end)
            if often and any(_EACH_QUARTER.search(source.text) for source in self._sources):
                return Origin(quantity, "fact")
            if date_known(quantity.form, self._dates, self._years):
                return Origin(quantity, "fact")
            reason = self._other_half(quantity, text)
            return Origin(quantity, "derived" if reason else "none", reason)
        if self._has(quantity, text):
            return Origin(quantity, "fact")
        reason = self._reckoned(quantity, text) or counted_here(quantity, text)
        reason = reason or restated(quantity, text, self._pools)
        return Origin(quantity, "derived" if reason else "none", reason)

    def second_look(self, one: Origin, text: str, derived: Sequence[Quantity]) -> Origin:
        """What follows from numbers near it that were themselves reckoned from facts, or from
        facts told farther off."""
        start, end = window(text, one.quantity.start, one.quantity.end)
        near = [amount_of(q) for q in derived if start <= q.start < end]
        reason = ""
        if near and not is_date(one.quantity):
            reason = self._reckoned(one.quantity, text, near)
        if not reason:
            facts = [source.text for source in self._sources]
            reason = follows(one.quantity, text, facts, near)
            reason = reason or told_over(one.quantity, text, facts, self._year)
        return Origin(one.quantity, "derived", reason) if reason else one

    def _has(self, quantity: Quantity, text: str) -> bool:
        amount = amount_of(quantity)
        for other, source, found in self._counts:
            if not same_number(amount, other):
                continue
            if same_unit(amount, other):
                return True
            place = (source.text, found.start, found.end)
            if named_unit(amount, text, quantity.end, other) or named_unit(
                other, source.text, found.end, amount
            ):
                return True
            if exchangeable(amount, other) and same_thing(
                text, quantity.start, quantity.end, *place
            ):
                return True
        if amount.ordinal and amount.low == 1 and amount.high is None:
            word = f"首{quantity.text[-1]}"
            once = word in ("首次", "首个", "首回")
            return any(
                word in source.text or (once and _FIRST.search(source.text))
                for source in self._sources
            )
        if amount in self._every:
            return True
        return bool(
            amount.low == 1
            and _FREQUENCY.search(text[max(0, quantity.start - 14) : quantity.start])
            and any(_FREQUENCY.search(source.text) for source in self._sources)
        )

    def _reckoned(self, quantity: Quantity, text: str, extra: Sequence[Amount] = ()) -> str:
        if quantity.upper is not None or quantity.kind in ("ordinal", "date"):
            return ""
        start, end = window(text, quantity.start, quantity.end)
        near = _source(text[start:end])
        here = {(a.low, a.unit) for a in near.exact}
        told = [s for s in self._sources if any((a.low, a.unit) in here for a in s.exact)]
        amount = amount_of(quantity)
        beside = [a for s in told for a in s.exact if (a.low, a.unit) in here]
        subject = pairs(words_around(text, quantity.start, quantity.end))
        beside += [
            a
            for s in self._sources
            if s not in told and subject & pairs(s.text)
            for a in s.exact
            if a.unit == "%"
        ]
        claim = Claim(
            amount,
            text[max(start, quantity.start - 20) : quantity.start],
            text[quantity.end : min(end, quantity.end + 12)],
            rounding(quantity.text, bool(quantity.approx)),
        )
        words = "\n".join([near.text, *(s.text for s in told)])
        # Only what stands in the draft beside it: else a changed part is the sum of its fact.
        each = [tuple(a for a in s.exact if (a.low, a.unit) in here) for s in told]
        grown = quantity.unit == "%" and cues()["growth"].search(claim.before[-4:])
        # 同比减少8件, 比去年增加2个，增长25%: the year before may go unsaid.
        if grown or cues()["than"].search(claim.before):
            each += [s.exact for s in told if len(s.exact) > 1]
        found = derivation(claim, [pool for pool in each if len(pool) > 1], beside, words)
        # 余下8条 of “41条意见整改33条”: the 41 may stand further off.
        found = found or next(filter(None, (remaining(claim, s.exact) for s in told)), None)
        # 人均200元 of a sum that was itself reckoned.
        found = found or _named_in_a_fact(quantity, text, [s.text for s in self._sources])
        found = found or (derivation(claim, [], [*beside, *extra], words) if extra else None)
        return found or self._all_done(quantity, claim)

    def _all_done(self, quantity: Quantity, claim: Claim) -> str:
        """整改率100% of a fact that says 全部整改到位."""
        rate = re.search(r"([\u4e00-\u9fff]{2})率[^率]{0,4}$", claim.before)
        if quantity.unit != "%" or quantity.value != 100 or rate is None:
            return ""
        done = (s.text for s in self._sources if rate[1] in s.text and _ALL.search(s.text))
        return next((f"“{text}”" for text in done), "")

    def _other_half(self, quantity: Quantity, text: str) -> str:
        """下半年 beside a fact's 上半年: the rest of a year that the same sentence divides."""
        other = {"07~12": "01~06", "01~06": "07~12"}.get(split_form(quantity.form)[1], "")
        start, end = window(text, quantity.start, quantity.end)
        halves = {split_form(q.form)[1] for q in _source(text[start:end]).found if is_date(q)}
        known = any(rest == other for _, rest in self._dates)
        return "一年的另一半" if other and other in halves and known else ""


def _named_in_a_fact(quantity: Quantity, text: str, facts: Sequence[str]) -> str:
    """两个党支部 of a fact that names two: A党支部与B党支部共建."""
    noun = re.match("[\u4e00-\u9fff]{2,3}", text[quantity.end :])
    if noun is None or quantity.unit != "个" or not 2 <= quantity.value <= 5:
        return ""
    if not re.search("支部|小组|单位|公司|学校|医院|村|社区|街道|部门|车间|协会", noun[0]):
        return ""
    return next((f"“{fact}”" for fact in facts if fact.count(noun[0]) == quantity.value), "")


@lru_cache(maxsize=4096)
def _frequencies(text: str) -> frozenset[Amount]:
    """The spans of time of 每两个月 and the like, which are no numbers of their own."""
    spans = (
        find_quantities(re.sub("月$", "个月", m[1].replace("个月", "月")), loose=True)
        for m in _EVERY.finditer(text)
    )
    told = {amount_of(q) for found in spans for q in found}
    for words, same in _SAME_SPAN:
        if words.search(text):
            told.update(map(amount_of, find_quantities(same, loose=True)))
    return frozenset(told)
