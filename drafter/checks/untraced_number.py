"""Numbers and dates that no fact has. Rule: 数字必有出处; the report's own year may be said."""

from collections.abc import Iterator

from drafter.anchors import missing_anchors, new_quantities
from drafter.numbers import Quantity
from drafter.types import Draft, DraftSection, Finding, Sources


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


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each number of a section that no fact has; nothing without facts."""
    if not sources.facts:
        return
    allowed = allowed_strings(draft, sources)
    for section in draft.sections:
        for quantity in new_quantities(section.text, sources.facts, allowed):
            hint = _suggestion(quantity, section, sources)
            message = f"“{quantity.text}”在要点中没有出处。"
            if hint:
                message += f"要点写的是“{hint}”。"
            span = (quantity.start, quantity.end)
            yield Finding(
                "untraced_number", "error", section.id, span, quantity.text, message, hint
            )
