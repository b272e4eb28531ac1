"""Numbers and dates that no fact has. Rule: 数字必有出处; the report's own year may be said.

A number that follows from the facts (a total, a remainder, a share) is shown as advice, so that a
person sees what it rests on; a number whose thing was exchanged is a fault (checks/counted.py,
checks/paired_numbers.py).
"""

import re
from collections.abc import Iterator, Sequence

from drafter.anchors import missing_anchors
from drafter.checks.counted import miscounted
from drafter.checks.paired_numbers import exchanged_numbers
from drafter.in_words import counts_parts
from drafter.numbers import Quantity
from drafter.origins import trace_numbers
from drafter.types import Draft, DraftSection, Finding, Severity, Sources

_LOOSE = re.compile(r"\*-年[初底中]")


def allowed_strings(draft: Draft, sources: Sources) -> tuple[str, ...]:
    """What a draft may say without a fact: its title and its year."""
    year = draft.year or sources.year
    return (draft.title, f"{year}年") if year else (draft.title,)


def _suggestion(quantity: Quantity, section: DraftSection, sources: Sources) -> str | None:
    """The number of the same unit that the section's facts have and its text lacks."""
    for fact in sources.facts:
        if section.fact_ids and fact.id not in section.fact_ids:
            continue
        for anchor in missing_anchors(fact, section.text, sources.year):
            same_kind = anchor.kind == ("date" if quantity.form else "number")
            if same_kind and (quantity.form or f"|{quantity.unit}" in anchor.value):
                return anchor.text
    return None


def _finding(
    section: DraftSection, quantity: Quantity, message: str, hint: str | None = None
) -> Finding:
    # 年初, 年底 are often said loosely; a deadline (年底前) is not.
    start, end = quantity.start, quantity.end
    loose = _LOOSE.fullmatch(quantity.form) and section.text[end : end + 1] not in ("前", "之")
    severity: Severity = "warning" if loose else "error"
    return Finding(
        "untraced_number", severity, section.id, (start, end), quantity.text, message, hint
    )


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each number of a section that no fact has, advice for each that follows
    from facts; nothing without facts."""
    if not sources.facts:
        return
    allowed = allowed_strings(draft, sources)
    year = draft.year or sources.year
    for at, section in enumerate(draft.sections):
        parts = sum(one.level == section.level for one in draft.sections[: at + 1])
        origins = trace_numbers(section.text, sources.facts, allowed, year)
        for origin in origins:
            quantity = origin.quantity
            if origin.kind == "derived":
                span = (quantity.start, quantity.end)
                message = f"“{quantity.text}”是推算出来的：{origin.reason}。"
                yield Finding(
                    "untraced_number", "advice", section.id, span, quantity.text, message, None
                )
            elif origin.kind == "none" and not counts_parts(quantity, section.text, parts):
                hint = _suggestion(quantity, section, sources)
                message = f"“{quantity.text}”在要点中没有出处。"
                message += f"要点写的是“{hint}”。" if hint else ""
                yield _finding(section, quantity, message, hint)
        traced = [origin.quantity for origin in origins if origin.kind == "fact"]
        yield from _exchanged(section, traced, sources)


def _exchanged(
    section: DraftSection, traced: Sequence[Quantity], sources: Sources
) -> Iterator[Finding]:
    """Numbers of the facts that count something else: warnings, since words are compared."""
    told: set[tuple[int, int]] = set()
    found = [
        *miscounted(section.text, traced, sources.facts),
        *exchanged_numbers(section.text, sources.facts),
    ]
    for start, end, fact in found:
        if (start, end) not in told and not any(a < end and start < b for a, b in told):
            told.add((start, end))
            words = section.text[start:end]
            message = f"“{words}”说的不是一回事，要点写的是“{fact.text}”。"
            yield Finding(
                "untraced_number", "warning", section.id, (start, end), words, message, None
            )
