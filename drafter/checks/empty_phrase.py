"""Phrases that say nothing, where they crowd a section (data/empty_phrases.toml). Advice only.

One such clause is the genre's habit. Three in a row in a section of which they take up a third are
what readers skip. A clause with a number or with words of a fact is never empty.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.types import Draft, Finding, Sources

_PIECE = re.compile(r"[^，。；、：！？,;:!?\n]+")
_ROW = 3  # empty pieces in a row
_LONG = 18  # letters of a row of two
_SHARE = 0.34  # of a section's letters that rows take up
_LONGEST = 26  # letters: a longer clause says something
_OWN = 4  # letters in a row shared with a fact


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    table = load_table("empty_phrases")
    verbs, nouns = "|".join(table["verbs"]), "|".join(table["nouns"])
    return re.compile("|".join([*table["words"], rf"(?:{verbs})[^\d“”《》]{{0,8}}(?:{nouns})$"]))


def _is_empty(piece: str, grams: frozenset[str]) -> bool:
    bare = letters(piece)[0]
    if len(bare) > _LONGEST or re.search(r"\d", bare) or not _pattern().search(piece):
        return False
    return not any(bare[at : at + _OWN] in grams for at in range(len(bare) - _OWN + 1))


@lru_cache(maxsize=512)
def _rows(text: str, facts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return the spans of empty clauses in a row, where they crowd `text`."""
    bare = [letters(fact)[0] for fact in facts]
    grams = frozenset(b[at : at + _OWN] for b in bare for at in range(len(b) - _OWN + 1))
    rows: list[list[tuple[int, int]]] = [[]]
    for match in _PIECE.finditer(text):
        if _is_empty(match[0].strip(), grams):
            rows[-1].append(match.span())
        else:
            rows.append([])
    spans = [(row[0][0], row[-1][1], len(row)) for row in rows if row]
    kept = [(a, b) for a, b, size in spans if size >= _ROW or (size == 2 and b - a >= _LONG)]
    crowded = sum(b - a for a, b in kept) >= _SHARE * len(text.strip())
    return tuple(kept) if crowded else ()


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield advice for each row of empty clauses in a section that is full of them."""
    facts = tuple(fact.text for fact in sources.facts)
    for section in draft.sections:
        for start, end in _rows(section.text, facts):
            words = section.text[start:end].strip()
            at = section.text.index(words, start)
            message = f"“{words}”没有说具体的事，这一节空话偏多，可以删去或换成做法、数字。"
            span = (at, at + len(words))
            yield Finding("empty_phrase", "advice", section.id, span, words, message, None)
