"""unsupported: words of the draft that rest on no fact, shown so that a person can judge them.

Advice only, and outside the set of `check --batch`: a framing clause is the genre's habit, but
nothing the person did not say may get into the report unseen (design.md). Formulas of the opening
and the closing are not looked at.
"""

from collections.abc import Iterator

from drafter.checks.passages import covered, formula_letters, letters
from drafter.types import Draft, Finding, Sources
from drafter.wording import unsupported_clauses


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield one finding for each clause that shares next to nothing with the section's facts."""
    by_id = {fact.id: fact.text for fact in sources.facts}
    for section in draft.sections:
        facts = [by_id[i] for i in section.fact_ids if i in by_id]
        if not facts or section.role in ("导语", "结语"):
            continue
        for clause in unsupported_clauses(section.text, facts):
            if _is_formula(clause):
                continue
            start = section.text.find(clause)
            yield Finding(
                "unsupported",
                "advice",
                section.id,
                (start, start + len(clause)),
                clause,
                f"“{clause}”在要点里找不到依据，请核对是否属实，不属实就删去。",
                None,
            )


def _is_formula(clause: str) -> bool:
    """Whether published wording (data/formulas.toml) makes up most of the clause."""
    bare = letters(clause)[0]
    return sum(covered(bare, formula_letters())) > len(bare) / 2
