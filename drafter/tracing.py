"""Which sentence rests on which facts, and where each fact is told.

Pure: the same section and facts give the same sentences. A sentence tells a fact when it shares the
fact's wording (pairs of letters) and keeps something only that fact has (a number, date, name or
title); wording alone is not enough, since facts of one topic are worded alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.anchors import is_kept
from drafter.checks.passages import ENOUGH, letter_pairs, sentence_spans
from drafter.types import DraftSection, Fact

# Share of a fact's letter pairs from which a sentence is about it; measured where it is defined.
_ABOUT = ENOUGH
# A short sentence that says part of a long fact: share of its own pairs that the fact has.
_WITHIN = 0.6
# A fact of another section needs more than the genre's common wording.
_FOREIGN = 0.6
# Below this share a fact is no help to a person who asks what a sentence may rest on.
_NEAR = 0.2
_HARD = ("number", "date", "name", "title")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a section: `start:end` into its text, and the facts told there, in order."""

    section_id: str
    start: int
    end: int
    fact_ids: tuple[str, ...]


def trace(section: DraftSection, facts: Sequence[Fact]) -> tuple[Sentence, ...]:
    """Return the sentences of a section with the facts each one rests on.

    `facts` are those of the whole document: a fact of another section counts only where nearly all
    of it is told. Joining the sentences does not give back the text: line breaks lie between.
    """
    known = {fact.id: fact for fact in facts}
    own = tuple(known[i] for i in section.fact_ids if i in known)
    others = tuple(fact for fact in facts if fact.id not in section.fact_ids)
    return tuple(
        Sentence(section.id, start, end, ids)
        for start, end, ids in _trace(section.text, own, others)
    )


@lru_cache(maxsize=256)
def _trace(
    text: str, own: tuple[Fact, ...], others: tuple[Fact, ...]
) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    spans = sentence_spans(text)
    best = {fact.id: _best(fact, text, spans) for fact in own}
    found = []
    for start, end in spans:
        words = text[start:end]
        told = [f.id for f in own if best[f.id] == (start, end) or _tells(words, f)]
        told += [f.id for f in others if _tells_foreign(words, f)]
        found.append((start, end, tuple(told)))
    return tuple(found)


def _best(fact: Fact, text: str, spans: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the sentence closest to a fact, None where none is about it."""
    shares = [(_share(fact, text[start:end]), -start, end) for start, end in spans]
    share, start, end = max(shares, default=(0.0, 0, 0))
    return (-start, end) if share >= _ABOUT else None


def _share(fact: Fact, words: str) -> float:
    pairs = letter_pairs(fact.text)
    return len(pairs & letter_pairs(words)) / len(pairs) if pairs else 0.0


def _tells(words: str, fact: Fact) -> bool:
    pairs, own = letter_pairs(fact.text), letter_pairs(words)
    both = len(pairs & own)
    about = both >= _ABOUT * len(pairs) or (len(own) >= 4 and both >= _WITHIN * len(own))
    hard = [anchor for anchor in fact.anchors if anchor.kind in _HARD]
    return both > 0 and about and (not hard or any(is_kept(anchor, words) for anchor in hard))


def _tells_foreign(words: str, fact: Fact) -> bool:
    hard = [anchor for anchor in fact.anchors if anchor.kind in _HARD]
    return (
        bool(hard)
        and _share(fact, words) >= _FOREIGN
        and any(is_kept(anchor, words) for anchor in hard)
    )


def told_in(sentences: Iterable[Sentence]) -> Mapping[str, tuple[Sentence, ...]]:
    """Return, by fact id, the sentences that tell it, in the report's order."""
    places: dict[str, tuple[Sentence, ...]] = {}
    for sentence in sentences:
        for fact_id in sentence.fact_ids:
            places[fact_id] = (*places.get(fact_id, ()), sentence)
    return places


def closest_fact(
    section: DraftSection, span: tuple[int, int], facts: Sequence[Fact]
) -> Fact | None:
    """Return the fact that the sentence around `span` is closest to; None where none is near.

    Facts of the section come before those of others; of equals the earlier one wins.
    """
    words = next(
        (section.text[s:e] for s, e in sentence_spans(section.text) if s < span[1] and span[0] < e),
        section.text[span[0] : span[1]],
    )
    own = [fact for fact in facts if fact.id in section.fact_ids]
    for group in (own, [fact for fact in facts if fact.id not in section.fact_ids]):
        share, _, near = max(
            ((_share(fact, words), -at, fact) for at, fact in enumerate(group)),
            key=lambda scored: scored[:2],
            default=(0.0, 0, None),
        )
        if near is not None and share >= _NEAR:
            return near
    return None
