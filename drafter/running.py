"""Running balances: what there was, what came, what went, what is left.

年初12名，新增5名、取消2名，年末15名. A number of a list (分别新增11名和6名) goes the way of the one
before it; a subtotal of what was just told (共新增17名) counts nothing of its own. The words are in
data/reckoning.toml (balance).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from drafter.amounts import amount_of
from drafter.data import load_table
from drafter.numbers import Quantity, find_quantities

_CLAUSE = re.compile(r"[，。；：！？\n]")
_LISTED = re.compile("[、，]?(?:和|及|以及|与)?")
_SUBTOTAL = re.compile("(?:共|合计|累计|总计)[^，。；、\\d]{0,6}$")
_MOST = 9  # numbers of a balance


@dataclass(frozen=True, slots=True)
class Step:
    """A number on the way: the words between it and the number before, those after it up to the
    next mark or number, its value, and how it is written."""

    gap: str
    tail: str
    value: Decimal
    text: str

    @property
    def lead(self) -> str:
        """The words before it in its own clause."""
        return _CLAUSE.split(self.gap)[-1]


@lru_cache(maxsize=1)
def balance_words() -> tuple[re.Pattern[str], ...]:
    """Return the words of what there was, what came, what went and what is left."""
    table = load_table("reckoning")["balance"]
    return tuple(re.compile(table[key]) for key in ("first", "came", "went", "last"))


def moved(steps: Sequence[Step]) -> tuple[Decimal, str] | None:
    """Return what came less what went, and how it was reckoned; None where a number says neither
    or both."""
    total, shown, run, sign = Decimal(0), "", Decimal(0), 0
    for step in steps:
        if run and _SUBTOTAL.search(step.lead) and step.value == run:
            continue
        listed = sign if _LISTED.fullmatch(step.gap) and not step.tail.strip() else 0
        now = _sign(step) or listed
        if not now:
            return None
        run = run + step.value if now == sign else step.value
        sign = now
        total += now * step.value
        shown += ("＋" if now > 0 else "－") + step.text
    return total, shown


def _sign(step: Step) -> int:
    """1 of what came, -1 of what went, 0 where the words on neither side say which."""
    _, came, went, _ = balance_words()
    for words in (step.lead, step.tail):
        plus, minus = came.search(words), went.search(words)
        if bool(plus) != bool(minus):
            return 1 if plus else -1
        if plus and words == step.lead:
            return 0
    return 0


def opens(before: str) -> bool:
    """Whether the words before a number tell of what there was at first, also from a clause of time
    alone: 年初，在册志愿者84名."""
    first = balance_words()[0]
    clauses = _CLAUSE.split(before)
    # 原有90套，添置60套: a clause with a number of its own is no time.
    alone = len(clauses) > 1 and len(clauses[-2]) <= 6 and not re.search(r"\d", clauses[-2])
    led = alone and first.search(clauses[-2])
    return bool(first.search(clauses[-1]) or led)


def balance(quantity: Quantity, text: str, at: int) -> Iterator[str]:
    """Yield how the number at `at` of a paragraph is what is left of a balance told before it, in
    its own sentence or from the one before on."""
    clause = _CLAUSE.split(text[:at])[-1]
    if not balance_words()[3].search(clause):
        return
    begin = max(text.rfind(mark, 0, at) for mark in "。！？") + 1
    before = max((text.rfind(mark, 0, max(0, begin - 1)) for mark in "。！？"), default=-1) + 1
    for start in dict.fromkeys((begin, before)):
        numbers = [
            q
            for q in find_quantities(text[start:at])
            if not q.form and not q.weak and q.upper is None and q.unit == quantity.unit
        ]
        if not 2 <= len(numbers) <= _MOST or not opens(text[start:at][: numbers[0].start]):
            continue
        found = moved(steps_of(text[start:at], numbers)[1:])
        if found and amount_of(numbers[0]).low + found[0] == amount_of(quantity).low:
            yield numbers[0].text + found[1]
        return


def steps_of(text: str, numbers: Sequence[Quantity]) -> list[Step]:
    """Return numbers of a text as steps of a balance."""
    steps, last = [], 0
    ends = [*(q.start for q in numbers[1:]), len(text)]
    for number, stop in zip(numbers, ends, strict=True):
        tail = _CLAUSE.split(text[number.end : min(stop, number.end + 12)])[0].split("、")[0]
        gap = text[last : number.start]
        steps.append(Step(gap, tail, amount_of(number).low, number.text))
        last = number.end
    return steps
