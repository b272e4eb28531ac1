"""Wording said twice: a whole sentence, or a run of 12 letters or more. Published formulas and, in
different sections, the facts' own words (a problem and its measure) may recur."""

from collections.abc import Iterator

from drafter.checks.passages import covered, formula_letters, letters
from drafter.types import Draft, Finding, Sources

RUN = 12


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield a warning at the second place of each repeated run."""
    own = [letters(fact.text)[0] for fact in sources.facts]
    first: dict[str, tuple[str, int]] = {}
    for section in draft.sections:
        bare, offsets = letters(section.text)
        formula = covered(bare, formula_letters())
        fact = covered(bare, own)
        repeated = bytearray(len(bare))
        for at in range(len(bare) - RUN + 1):
            gram = bare[at : at + RUN]
            where, before = first.setdefault(gram, (section.id, at))
            elsewhere = where != section.id
            if (not elsewhere and at - before < RUN) or any(formula[at : at + RUN]):
                continue
            if not (elsewhere and any(fact[at : at + RUN])):
                repeated[at : at + RUN] = b"\1" * RUN
        yield from _findings(section.id, section.text, repeated, offsets)


def _findings(
    section_id: str, text: str, repeated: bytearray, offsets: tuple[int, ...]
) -> Iterator[Finding]:
    at = 0
    while (start := repeated.find(1, at)) >= 0:
        at = repeated.find(0, start)
        at = len(repeated) if at < 0 else at
        span = (offsets[start], offsets[at - 1] + 1)
        words = text[span[0] : span[1]]
        message = f"“{words}”前面已经写过，请合并或换一种说法。"
        yield Finding("repetition", "warning", section_id, span, words, message, None)
