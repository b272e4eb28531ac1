"""unsupported: words of the draft that rest on no fact, shown so that a person can judge them.

Outside the set of `check --batch`; advice, but a warning where a concrete deed is named
(checks/invented_deeds.py): a framing clause is the genre's habit, but
nothing the person did not say may get into the report unseen (design.md). Formulas of the opening
and the closing are not looked at.
"""

from collections.abc import Iterator, Sequence

from drafter.checks.invented_deeds import copied_deeds, invented_deeds
from drafter.checks.passages import covered, formula_letters, letters
from drafter.types import Draft, DraftSection, Finding, Sources
from drafter.wording import unsupported_clauses


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield one finding for each clause that shares next to nothing with the section's facts."""
    by_id = {fact.id: fact.text for fact in sources.facts}
    every = [fact.text for fact in sources.facts]
    for section in draft.sections:
        deeds = list(_deeds(section, every, sources.exemplars))
        yield from deeds
        facts = [by_id[i] for i in section.fact_ids if i in by_id]
        if not facts or section.role in ("导语", "结语"):
            continue
        for clause in unsupported_clauses(section.text, facts):
            # Another section's fact told here is out of place, not out of nothing.
            if _is_formula(clause) or any(clause in fact for fact in every):
                continue
            start = section.text.find(clause)
            if any(one.text in clause for one in deeds):
                continue
            yield Finding(
                "unsupported",
                "advice",
                section.id,
                (start, start + len(clause)),
                clause,
                f"“{clause}”在要点里找不到依据，请核对是否属实，不属实就删去。",
                None,
            )


def _deeds(
    section: DraftSection, facts: Sequence[str], exemplars: Sequence[str]
) -> Iterator[Finding]:
    """Concrete deeds without a fact: warnings, since a reader will ask where that is.

    One that an exemplar reports is told as an error there (checks/exemplar_leak.py), and once.
    """
    if not facts or section.role in ("导语", "结语"):
        return
    copied = {deed for deed, _ in copied_deeds(section.text, facts, exemplars)}
    for deed in invented_deeds(section.text, facts):
        if deed in copied:
            continue
        words = section.text[deed.start : deed.end]
        message = f"无依据的做法：“{words}”要点里没有，请核对是否属实，不属实就删去。"
        span = (deed.start, deed.end)
        yield Finding("unsupported", "warning", section.id, span, words, message, None)


def _is_formula(clause: str) -> bool:
    """Whether published wording (data/formulas.toml) makes up most of the clause."""
    bare = letters(clause)[0]
    return sum(covered(bare, formula_letters())) > len(bare) / 2
