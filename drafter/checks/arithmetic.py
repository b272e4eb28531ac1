"""Sums, shares and differences that a sentence states and that do not come out.

Only what one sentence states in full is reckoned: parts after 其中, a share of a whole, the
difference in 由A增加到B，增加C.
Numbers with a limit (近, 余) are rounded by their writer and left alone.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from drafter.checks.passages import sentence_spans
from drafter.numbers import Quantity, find_quantities, format_number
from drafter.types import Draft, Finding, Sources

_SHARE = re.compile(
    r"(?:占|覆盖率|参与率|参学率|到会率|合格率|出勤率|参训率|满意率|办结率)[^，。；\d百]{0,10}$"
)


def _exact(quantities: Sequence[Quantity]) -> list[Quantity]:
    kinds = ("count", "money", "percent")
    return [
        q for q in quantities if q.kind in kinds and not q.approx and q.upper is None and not q.weak
    ]


def _parts(sentence: str, found: list[Quantity]) -> Iterator[tuple[Quantity, str]]:
    """“共12人，其中A8人、B5人”: parts of the whole's unit must not exceed it."""
    at = sentence.find("其中")
    if at < 0:
        return
    wholes = [q for q in found if q.end <= at and q.kind != "percent"]
    parts = [q for q in found if q.start > at]
    if not wholes or not parts:
        return
    whole = wholes[-1]
    same = [part for part in parts if part.unit == whole.unit and part.kind == whole.kind]
    biggest = max((part.value for part in same), default=Decimal(0))
    if biggest > whole.value:
        part = next(part for part in same if part.value == biggest)
        yield part, f"其中的“{part.text}”大于总数“{whole.text}”。"
        return
    total = sum((part.value for part in same), Decimal(0))
    listed = len(same) >= 2 and len(same) == len(parts)
    if listed and total > whole.value and not re.search(r"同时|兼|交叉|既", sentence):
        yield whole, f"其中各项合计{format_number(total)}，与“{whole.text}”不符。"


def _shares(sentence: str, found: list[Quantity]) -> Iterator[tuple[Quantity, str]]:
    """“320人中288人参加，占90%”: the share must be the part of the whole, to within one point."""
    for at, share in enumerate(found):
        if share.unit != "%" or not _SHARE.search(sentence[: share.start]):
            continue
        if share.value > 100:
            yield share, f"占比“{share.text}”超过100%。"
            continue
        counts = [q for q in found[:at] if q.kind in ("count", "money")]
        if len(counts) != 2 or counts[0].unit != counts[1].unit or not counts[0].unit:
            continue
        whole, part = max(counts, key=lambda q: q.value), min(counts, key=lambda q: q.value)
        if not whole.value or not re.search(r"占", sentence[part.end : share.start]):
            continue
        real = part.value / whole.value * 100
        if abs(real - share.value) > 1:
            stated = (
                f"“{part.text}”占“{whole.text}”的{format_number(real.quantize(Decimal('0.1')))}%"
            )
            yield share, f"{stated}，与“{share.text}”不符。"


def _changes(sentence: str, found: list[Quantity]) -> Iterator[tuple[Quantity, str]]:
    """“由8个增加到12个，增加5个”: the difference, in number or percent, must come out."""
    for match in re.finditer(r"(?:由|从)", sentence):
        after = [q for q in found if q.start >= match.end()][:3]
        if len(after) < 3 or after[0].start - match.end() > 16:
            continue
        low, high, change = after
        between = sentence[low.end : high.start]
        said = re.search(
            r"(增加|增长|提高|提升|上升|减少|下降|降低|压减)了?$", sentence[: change.start]
        )
        if (
            low.unit != high.unit
            or not re.search(r"[到至]", between)
            or len(between) > 8
            or not said
        ):
            continue
        if re.search(r"[。；]", sentence[high.end : change.start]) or change.start - high.end > 8:
            continue
        difference = abs(high.value - low.value)
        if change.unit == "%" and low.unit != "%" and low.value:
            real = difference / low.value * 100
            wrong, stated = (
                abs(real - change.value) > 1,
                f"{format_number(real.quantize(Decimal('0.1')))}%",
            )
        elif change.unit == low.unit or (low.unit == "%" and change.unit == "个百分点"):
            wrong = difference != change.value
            stated = format_number(difference) + change.unit
        else:
            continue
        if wrong:
            yield change, f"从“{low.text}”到“{high.text}”相差{stated}，与“{change.text}”不符。"


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each stated sum, share or difference that does not come out."""
    for section in draft.sections:
        for start, end in sentence_spans(section.text):
            sentence = section.text[start:end]
            found = _exact(find_quantities(sentence))
            for rule in (_parts, _shares, _changes):
                for quantity, message in rule(sentence, found):
                    span = (start + quantity.start, start + quantity.end)
                    words = quantity.text
                    yield Finding("arithmetic", "error", section.id, span, words, message, None)
