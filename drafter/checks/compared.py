"""Differences and bare lists that a text states and that do not come out.

甲比乙多9人 beside 甲21人、乙13人; 预算5万元、实际3.2万元，节约2.8万元; 5人：书记1、副书记1、委员4.
The words are in data/reckoning.toml.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from drafter.checks.balances import left_of
from drafter.checks.reckoning import Fault, Number, Sentence, in_place, kin, show
from drafter.data import load_table

_HAN = "\u4e00-\u9fff"
_BACK = 40  # letters before what was saved in which the two sums are looked for


@lru_cache(maxsize=1)
def _compares() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<one>[{_HAN}]{{1,10}}?)(?:比|较)(?P<other>[{_HAN}]{{1,10}}?)"
        rf"(?:{load_table('reckoning')['difference']['by']})(?:[{_HAN}]{{2}})?了?$"
    )


def _labelled(words: str, numbers: list[Number], others: str) -> Number | None:
    """The one number whose own words are those of `words` that `others` has not."""
    own = [words[at : at + 2] for at in range(len(words) - 1)] or [words]
    own = [pair for pair in own if pair not in others]
    found = [n for n in numbers if any(pair in n.lead + n.tail[:6] for pair in own)]
    # 下半年走访98家: a time before the number cuts its own words short.
    found = found or [n for n in numbers if any(pair in n.label for pair in own)]
    return found[0] if len(found) == 1 else None


def compared(sentence: Sentence) -> Iterator[Fault]:
    """“在岗21人、退休13人，在岗比退休多9人”."""
    for at, number in enumerate(sentence.numbers):
        match = _compares().search(sentence.text[: number.start])
        before = [n for n in sentence.numbers[:at] if kin(n, number)]
        if match is None or len(before) < 2 or number.amount.unit == "%":
            continue
        one = _labelled(match["one"], before, match["other"])
        other = _labelled(match["other"], before, match["one"])
        if one is None or other is None or one is other:
            continue
        if abs(one.value - other.value) != number.value:
            real = show(abs(one.value - other.value), number)
            message = f"“{one.text}”与“{other.text}”相差{real}，与“{number.text}”不符。"
            yield Fault(number.start, number.end, message)


@lru_cache(maxsize=1)
def _money() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = load_table("reckoning")["difference"]
    left = rf"(?:{words['saved']})(?:了|资金|经费|费用|开支|支出|成本|预算|约)*$"
    return tuple(map(re.compile, (words["given"], words["spent"], left)))  # type: ignore[return-value]


def saved(sentence: Sentence) -> Iterator[Fault]:
    """“预算5万元，实际支出3.2万元，节约2.8万元”: what was given less what was spent."""
    given, spent, left = _money()
    for at, number in enumerate(sentence.numbers):
        before = [
            n
            for n in sentence.numbers[:at]
            if kin(n, number) and number.start - n.end <= _BACK and number.amount.unit != "%"
        ][-2:]
        if len(before) < 2 or not left.search(sentence.text[: number.start]):
            continue
        every = [n for n in sentence.numbers[:at] if kin(n, number)]
        if left_of(sentence, every) == number.value:
            continue  # 上年结余3万元，收入8万元、支出6万元，结余5万元
        for whole, part in permutations(before):
            fits = given.search(whole.lead) and spent.search(part.lead)
            if fits and not given.search(part.lead) and "每" not in sentence.text:
                if abs(whole.value - part.value) != number.value:
                    real = show(abs(whole.value - part.value), number)
                    message = f"“{whole.text}”与“{part.text}”相差{real}，与“{number.text}”不符。"
                    yield Fault(number.start, number.end, message)
                break


_HALVES = (("上半年", "下半年"), ("一季度", "二季度", "三季度", "四季度"))


def halves(sentence: Sentence) -> Iterator[Fault]:
    """“上半年8万元，下半年5万元，全年14万元”: the parts of a year are all of it."""
    for at, number in enumerate(sentence.numbers):
        if not re.search(r"全年[^，。；、：\d]{0,8}$", sentence.text[: number.start]):
            continue
        before = [n for n in sentence.numbers[:at] if kin(n, number)]
        for names in _HALVES:
            parts = before[-len(names) :]
            if len(parts) < len(names) or number.amount.unit == "%":
                continue
            named = all(
                name in part.label and not re.search("[每各均比较]", part.label + part.tail)
                for name, part in zip(names, parts, strict=True)
            )
            total = sum((part.value for part in parts), Decimal(0))
            if named and total != number.value:
                message = f"各段合计{show(total, number)}，与“{number.text}”不符。"
                yield Fault(number.start, number.end, message, in_place(total, number))


_WHOLE = r"(?<![\d.])(?P<n>\d+)(?P<unit>[人名个户家件项处支场次台套间条])(?![\d次])"
_BARE = re.compile(
    rf"{_WHOLE}[^，。；：\d（(]{{0,6}}[：（(](?P<parts>[{_HAN}]{{1,8}}\d+(?:(?P=unit))?"
    rf"(?:[、，和][{_HAN}]{{1,8}}\d+(?:(?P=unit))?)+)(?=[）)。；，]|$)"
)
_OPEN = re.compile("其中|包括|含|涉及|新增|每")


def bare_parts(sentence: Sentence) -> Iterator[Fault]:
    """“支委5人：书记1、副书记1、委员4”: a list right behind a colon or in brackets is the whole."""
    for match in _BARE.finditer(sentence.text):
        whole, parts = int(match["n"]), [int(n) for n in re.findall(r"\d+", match["parts"])]
        if _OPEN.search(match["parts"]) or re.search("等$", match["parts"]):
            continue
        if sum(parts) != whole and (len(parts) > 2 or sum(parts) > whole):
            end = match.end("unit")
            told = sentence.text[match.start("n") : end]
            message = f"各项合计{sum(parts)}{match['unit']}，与“{told}”不符。"
            yield Fault(match.start("n"), end, message)
