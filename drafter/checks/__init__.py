"""The checks of a draft, one small module each.

A check is pure: the same draft and sources give the same findings, and nothing is changed. Names
are stable: scripts read them (docs, command line).
"""

from collections.abc import Callable, Iterable

from drafter.checks import (
    arithmetic,
    changed_qualifier,
    dropped_fact,
    empty_phrase,
    exemplar_leak,
    hostile_text,
    pairing,
    placeholder,
    repetition,
    short_name,
    stale_phrase,
    structure,
    term_form,
    unsupported,
    untraced_name,
    untraced_number,
)
from drafter.types import Draft, Finding, Sources

__all__ = ["ADVICE_ONLY", "CHECKS", "Check", "run_checks"]

# Checks that only advise or warn of what is not wording and are not part of `check --batch`, whose
# set of names is fixed.
ADVICE_ONLY = frozenset({"empty_phrase", "hostile_text", "pairing", "short_name", "unsupported"})

Check = Callable[[Draft, Sources], Iterable[Finding]]

CHECKS: dict[str, Check] = {
    "untraced_number": untraced_number.check,
    "dropped_fact": dropped_fact.check,
    "changed_qualifier": changed_qualifier.check,
    "untraced_name": untraced_name.check,
    "exemplar_leak": exemplar_leak.check,
    "stale_phrase": stale_phrase.check,
    "arithmetic": arithmetic.check,
    "term_form": term_form.check,
    "structure": structure.check,
    "placeholder": placeholder.check,
    "repetition": repetition.check,
    "unsupported": unsupported.check,
    "pairing": pairing.check,
    "empty_phrase": empty_phrase.check,
    "short_name": short_name.check,
    "hostile_text": hostile_text.check,
}


def run_checks(draft: Draft, sources: Sources) -> tuple[Finding, ...]:
    """Return all findings, by section in the draft's order, within one by place, then by check."""
    order = {section.id: at for at, section in enumerate(draft.sections)}
    found = [finding for check in CHECKS.values() for finding in check(draft, sources)]

    def place(finding: Finding) -> tuple[int, int]:
        at = order.get(finding.section_id or "", len(order))
        return at, finding.span[0] if finding.span else -1

    return tuple(sorted(found, key=place))
