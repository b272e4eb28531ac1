"""Running balances that a sentence states and that do not come out.

年初12名，新增5名、取消2名，年末16名: what there was, what came, what went, what is left. Only where
every number of the unit between the first and the last is one of these; words in
data/reckoning.toml.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from drafter.checks.reckoning import Fault, Number, Sentence, in_place, kin, show
from drafter.running import Step, balance_words, moved, opens, steps_of

# 年底完成14项 is what was done, not what is left.
_DONE = re.compile("完成|整改|办结|解决|化解|销号|兑现|落实|达标|建成|累计|共计|合计|全年")
_LONGEST = 8  # numbers of a balance, the first and the last included


def left_of(sentence: Sentence, before: Sequence[Number]) -> Decimal | None:
    """Return what is left of a balance that opens with the first number, None for no balance."""
    if not opens(sentence.text[: before[0].start]):
        return None
    found = moved(_steps(sentence, before)[1:])
    return None if found is None else before[0].value + found[0]


def _steps(sentence: Sentence, numbers: Sequence[Number]) -> list[Step]:
    return steps_of(sentence.text, [number.quantity for number in numbers])


def balances(sentence: Sentence) -> Iterator[Fault]:
    """“年初12名，新增5名、取消2名，年末16名”."""
    last = balance_words()[3]
    for at, begin in enumerate(sentence.numbers):
        if begin.amount.unit in ("%", "") or not opens(sentence.text[: begin.start]):
            continue
        rest = [n for n in sentence.numbers[at + 1 : at + _LONGEST] if kin(n, begin)]
        for end, number in enumerate(rest):
            if opens(number.label):
                break
            if not end or not last.search(number.label) or _DONE.search(number.label):
                continue
            left = left_of(sentence, [begin, *rest[:end]])
            if left is not None and left != number.value:
                real = show(left, number)
                message = f"从“{begin.text}”起算应是{real}，与“{number.text}”不符。"
                yield Fault(number.start, number.end, message, in_place(left, number))
            break
