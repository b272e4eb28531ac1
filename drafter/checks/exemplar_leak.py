"""Wording, numbers and names that came from an exemplar instead of the facts.

A shared run counts from 13 letters on: below it published office wording overlaps by chance; in
common wording it is a warning, and so are a whole clause of 10 and a peculiar run of 6. What facts
or common wording have does not count (see `copying`).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.anchors import find_anchors, new_names, new_quantities
from drafter.checks import untraced_name
from drafter.checks.copying import RUN, find_copies, share
from drafter.checks.invented_deeds import copied_deeds
from drafter.checks.untraced_number import allowed_strings
from drafter.data import load_table
from drafter.names import squash
from drafter.numbers import find_quantities
from drafter.types import Draft, DraftSection, Finding, Severity, Sources

__all__ = ["RUN", "check", "copied_spans"]

# Longer names in quotes are known by `drafter.names`.
_SHORT = re.compile(r"“([一-鿿]{2})”")


def copied_spans(
    text: str, exemplars: tuple[str, ...], own: tuple[str, ...]
) -> list[tuple[int, int]]:
    """Return spans of `text` that share 13 letters in a row with an exemplar and not with `own`."""
    copies = find_copies(text, exemplars, own)
    return [(copy.start, copy.end) for copy in copies if copy.size >= RUN and not copy.changed]


@lru_cache(maxsize=16)
def _said(exemplars: tuple[str, ...]) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Of each exemplar: keys of its numbers and dates, and values of its names."""
    return tuple(
        (
            frozenset(quantity.key for quantity in find_quantities(text)),
            frozenset(
                anchor.value for anchor in find_anchors(text) if anchor.kind in ("name", "title")
            ),
        )
        for text in exemplars
    )


@lru_cache(maxsize=16)
def _special(exemplars: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Names of the exemplars that have no usual shape, as they stand there: two letters in quotes,
    places by their last letter."""
    place = re.compile(f"(?=([一-鿿]{{2}}[{load_table('shared_runs')['place_endings']}]))")
    public = load_table("shared_runs")["quoted"]
    found: dict[str, int] = {}
    for number, text in enumerate(exemplars):
        for match in (*_SHORT.finditer(text), *place.finditer(text)):
            if match[1] not in public:
                found.setdefault(match[0] or match[1], number)
    return tuple((number, name) for name, number in found.items())


def _names(section: DraftSection, sources: Sources, own: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and exemplar of such names of a section that no fact has."""
    public = load_table("formulas")["names"]
    for number, name in _special(sources.exemplars):
        at = section.text.find(name)
        if at >= 0 and squash(name) not in own and name.strip("“”") not in public:
            yield at, at + len(name), number


def _strangers(draft: Draft, sources: Sources) -> Iterator[tuple[str | None, tuple[int, int, int]]]:
    """Yield the same, after the section's id, of names `untraced_name` finds in an exemplar."""
    said = [squash(text) for text in sources.exemplars]
    for name in untraced_name.check(draft, sources):
        word = squash(name.text).strip("“”《》")
        number = next((n for n, text in enumerate(said) if len(word) > 1 and word in text), None)
        if number is not None and name.span is not None:
            yield name.section_id, (*name.span, number)


def _leaked_words(
    draft: Draft,
    section: DraftSection,
    sources: Sources,
    strangers: Sequence[tuple[str | None, tuple[int, int, int]]],
) -> Iterator[Finding]:
    allowed = allowed_strings(draft, sources)
    said = _said(sources.exemplars)
    leaked: dict[tuple[int, int], int] = {}
    for quantity in new_quantities(section.text, sources.facts, allowed):
        source = next((n for n, (numbers, _) in enumerate(said) if quantity.key in numbers), None)
        if source is not None:
            leaked[quantity.start, quantity.end] = source
    for name in new_names(section.text, sources.facts, allowed):
        source = next((n for n, (_, names) in enumerate(said) if name.value in names), None)
        if source is not None:
            leaked[name.start, name.end] = source
    own = squash("\x00".join([*(fact.text for fact in sources.facts), *allowed]))
    for start, end, number in (
        *_names(section, sources, own),
        *(place for where, place in strangers if where == section.id),
    ):
        if not any(start < b and a < end for a, b in leaked):
            leaked[start, end] = number
    for (start, end), number in leaked.items():
        words = section.text[start:end]
        message = f"“{squash(words)}”只在第{number + 1}篇范文里有，要点里没有。"
        yield Finding("exemplar_leak", "error", section.id, (start, end), words, message, None)


def _deeds(
    section: DraftSection, sources: Sources, told: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    """Deeds that only an exemplar reports, in other words than its own."""
    if not sources.facts or section.role in ("导语", "结语"):
        return
    facts = [fact.text for fact in sources.facts]
    for deed, number in copied_deeds(section.text, facts, sources.exemplars):
        if any(deed.start < b and a < deed.end for a, b in told):
            continue
        words = section.text[deed.start : deed.end]
        message = f"“{words}”是第{number + 1}篇范文里的做法，要点里没有。"
        span = (deed.start, deed.end)
        yield Finding("exemplar_leak", "error", section.id, span, words, message, None)


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each copied run, number or name of a section, a warning for a clause."""
    if not sources.exemplars:
        return
    own = (*(fact.text for fact in sources.facts), draft.title)
    strangers = tuple(_strangers(draft, sources))
    for section in draft.sections:
        words_of = list(_leaked_words(draft, section, sources, strangers)) if sources.facts else []
        told = [found.span for found in words_of if found.span]
        copies = find_copies(section.text, sources.exemplars, own, peculiar=True)
        part = f"{share(section.text, copies):.0%}"
        for copy in copies:
            # A name told as an error need not be told again as a run of letters.
            if not copy.sure and any(a < copy.end and copy.start < b for a, b in told):
                continue
            words = section.text[copy.start : copy.end]
            alike = "只改了个别字" if copy.changed else "原句相同"
            source = f"与第{copy.exemplar + 1}篇范文{alike}（{copy.size}字，本节雷同共占{part}）"
            message = f"“{words}”{source}，请换成自己的话。"
            severity: Severity = "error" if copy.sure else "warning"
            span = (copy.start, copy.end)
            yield Finding("exemplar_leak", severity, section.id, span, words, message, None)
        yield from words_of
        every = [*told, *((copy.start, copy.end) for copy in copies)]
        yield from _deeds(section, sources, every)
