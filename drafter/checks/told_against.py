"""What is told against an earlier number beside it, and does not come out.

240户，是去年80户的4倍; 9名，比去年减少2名，去年为10名. The earlier time is named, so that the two
numbers are known to be of one thing.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from drafter.checks.ratios import THEN
from drafter.checks.reckoning import Fault, Sentence, in_place, kin, show
from drafter.derived import rounding

_TIMES = re.compile(
    rf"^[^，。；\d]{{0,6}}[，,]?(?:就|已|正好)?(?:是|为|相当于|达到了?)(?:{THEN})[^，。；\d]{{0,8}}$"
)
_BY = re.compile(
    rf"^[^，。；\d]{{0,4}}[，,（(]?(?:同?比|较)(?:{THEN})[^，。；\d]{{0,6}}?"
    r"(?:(?P<up>增加|多|增长|提高|上升|净增)|(?P<down>减少|少|下降|降低|压减))[了出]?$"
)
_WAS = re.compile(rf"^[，,（(]?(?:而|其中)?(?:{THEN})[^，。；\d]{{0,6}}(?:为|是|有|共)?$")


def times_of(sentence: Sentence) -> Iterator[Fault]:
    """“走访240户，是去年80户的4倍”."""
    text, numbers = sentence.text, sentence.numbers
    for now, then, times in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if times.quantity.unit != "倍" or not kin(now, then) or not then.value:
            continue
        near = re.fullmatch("[^，。；]{0,2}的(?:近|约)?", text[then.end : times.start])
        if not near or not _TIMES.search(text[now.end : then.start]):
            continue
        real = now.value / then.value
        loose = bool(times.quantity.approx)
        if abs(real - times.value) > max(rounding(times.text, loose=loose) / 2, Decimal("0.05")):
            message = f"“{now.text}”是“{then.text}”的{show(real)}倍，与“{times.text}”不符。"
            yield Fault(times.start, times.end, message)


def against_then(sentence: Sentence) -> Iterator[Fault]:
    """“今年9名，比去年减少2名，去年为10名”: what changed stands before what there was."""
    text, numbers = sentence.text, sentence.numbers
    for now, by, then in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if not (kin(now, by) and kin(by, then)) or now.amount.unit == "%":
            continue
        cue = _BY.search(text[now.end : by.start])
        if cue is None or not _WAS.search(text[by.end : then.start]):
            continue
        real = now.value - then.value if cue["up"] else then.value - now.value
        if real != by.value:
            message = f"“{now.text}”与“{then.text}”相差{show(abs(real), by)}，"
            right = in_place(real, by) if real > 0 else ""
            yield Fault(by.start, by.end, f"{message}与“{by.text}”不符。", right)
