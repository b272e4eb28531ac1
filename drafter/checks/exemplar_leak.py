"""Wording, numbers and names that came from an exemplar instead of the facts.

A shared run counts from 13 letters on: below it published office wording overlaps by chance. What
facts or published formulas (data/formulas.toml) have does not count.
"""

from collections.abc import Iterator
from functools import lru_cache

from drafter.anchors import find_anchors, new_names, new_quantities
from drafter.checks.passages import covered, formula_letters, letters
from drafter.checks.untraced_number import allowed_strings
from drafter.names import squash
from drafter.numbers import find_quantities
from drafter.types import Draft, DraftSection, Finding, Sources

RUN = 13


@lru_cache(maxsize=8)
def _runs(exemplars: tuple[str, ...]) -> frozenset[str]:
    """Every run of 13 letters of the exemplars."""
    grams: set[str] = set()
    for exemplar in exemplars:
        bare = letters(exemplar)[0]
        grams.update(bare[at : at + RUN] for at in range(len(bare) - RUN + 1))
    return frozenset(grams)


@lru_cache(maxsize=8)
def _said(exemplars: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Keys of the exemplars' numbers and dates, and values of their names."""
    numbers = {quantity.key for text in exemplars for quantity in find_quantities(text)}
    names = {
        anchor.value
        for text in exemplars
        for anchor in find_anchors(text)
        if anchor.kind in ("name", "title")
    }
    return frozenset(numbers), frozenset(names)


def copied_spans(
    text: str, exemplars: tuple[str, ...], own: tuple[str, ...]
) -> list[tuple[int, int]]:
    """Return spans of `text` that share 13 letters or more with an exemplar and not with `own`."""
    bare, offsets = letters(text)
    grams = _runs(exemplars)
    flags = covered(bare, [*formula_letters()])
    own_grams = _runs(own)
    shared = bytearray(len(bare))
    for at in range(len(bare) - RUN + 1):
        gram = bare[at : at + RUN]
        if gram in grams and gram not in own_grams and not any(flags[at : at + RUN]):
            shared[at : at + RUN] = b"\1" * RUN
    spans = []
    at = 0
    while (start := shared.find(1, at)) >= 0:
        at = shared.find(0, start)
        at = len(shared) if at < 0 else at
        spans.append((offsets[start], offsets[at - 1] + 1))
    return spans


def _leaked_words(draft: Draft, section: DraftSection, sources: Sources) -> Iterator[Finding]:
    allowed = allowed_strings(draft, sources)
    numbers, names = _said(sources.exemplars)
    leaked = [
        (quantity.start, quantity.end)
        for quantity in new_quantities(section.text, sources.facts, allowed)
        if quantity.key in numbers
    ]
    leaked += [
        (name.start, name.end)
        for name in new_names(section.text, sources.facts, allowed)
        if name.value in names
    ]
    for start, end in leaked:
        words = section.text[start:end]
        message = f"“{squash(words)}”只在范文里有，要点里没有。"
        yield Finding("exemplar_leak", "error", section.id, (start, end), words, message, None)


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each copied run, number or name of a section."""
    if not sources.exemplars:
        return
    own = (*(fact.text for fact in sources.facts), draft.title)
    for section in draft.sections:
        for start, end in copied_spans(section.text, sources.exemplars, own):
            words = section.text[start:end]
            message = f"“{words}”与范文原句相同，请换成自己的话。"
            yield Finding("exemplar_leak", "error", section.id, (start, end), words, message, None)
        if sources.facts:
            yield from _leaked_words(draft, section, sources)
