"""Running balances that a sentence states and that do not come out.

年初12名，新增5名、取消2名，年末16名: what there was, what came, what went, what is left. Only where
every number of the unit between the first and the last is one of these; words in
data/reckoning.toml.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from drafter.checks.reckoning import Fault, Number, Sentence, kin, show
from drafter.data import load_table

# 年底完成14项 is what was done, not what is left.
_DONE = re.compile("完成|整改|办结|解决|化解|销号|兑现|落实|达标|建成|累计|共计|合计|全年")
_LONGEST = 8  # numbers of a balance, the first and the last included


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], ...]:
    table = load_table("reckoning")["balance"]
    return tuple(re.compile(table[key]) for key in ("first", "came", "went", "last"))


def left_of(before: Sequence[Number]) -> Decimal | None:
    """Return what is left of a balance that opens with the first number, None for no balance."""
    if not _words()[0].search(before[0].label):
        return None
    moved = _moved(before[1:])
    return None if moved is None else before[0].value + moved


def _moved(between: Sequence[Number]) -> Decimal | None:
    """What came less what went; None where a number says neither."""
    _, came, went, _ = _words()
    total = Decimal(0)
    for number in between:
        words = number.lead if re.search("[\u4e00-\u9fff]", number.lead) else number.tail
        plus, minus = came.search(words), went.search(words)
        if bool(plus) == bool(minus):
            return None
        total += number.value if plus else -number.value
    return total


def balances(sentence: Sentence) -> Iterator[Fault]:
    """“年初12名，新增5名、取消2名，年末16名”."""
    first, _, _, last = _words()
    for at, begin in enumerate(sentence.numbers):
        if not first.search(begin.label) or begin.amount.unit in ("%", ""):
            continue
        rest = [n for n in sentence.numbers[at + 1 : at + _LONGEST] if kin(n, begin)]
        for end, number in enumerate(rest):
            if first.search(number.label):
                break
            if not end or not last.search(number.label) or _DONE.search(number.label):
                continue
            moved = _moved(rest[:end])
            if moved is not None and begin.value + moved != number.value:
                real = show(begin.value + moved, number)
                message = f"从“{begin.text}”起算应是{real}，与“{number.text}”不符。"
                yield Fault(number.start, number.end, message)
            break
