"""Which clause of a draft tells which clause of a fact: by the pairs of letters they share.

Finer than passages.locate, which finds the sentence: a qualifier belongs to its clause. Numbers
count here, by value and twice: a number is the surest sign of what a clause is about.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.passages import sentence_spans
from drafter.names import squash
from drafter.numbers import find_quantities

_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
_LETTER = re.compile(r"[\W_]+")
# A clause with less than this share of a fact clause's pairs tells something else. Chosen on the
# first labelled set: between 0.2 and 0.3 nothing changed but one fault more found.
ENOUGH = 0.25


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause `start:end` of a text, in the sentence `first:last`, with its letter pairs."""

    start: int
    end: int
    first: int
    last: int
    pairs: frozenset[str]


@lru_cache(maxsize=8192)
def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of `text`, and each of its numbers, twice."""
    plain = _LETTER.sub("", re.sub(r"\d[\d.,]*", " ", squash(text)))
    pairs = {plain[at : at + 2] for at in range(len(plain) - 1)} or ({plain} if plain else set())
    numbers = (one.key.split("|")[0] for one in find_quantities(text) if not one.weak)
    return frozenset(pairs.union(*((f"1#{number}", f"2#{number}") for number in numbers)))


@lru_cache(maxsize=1024)
def clauses_of(text: str) -> tuple[Clause, ...]:
    """Return the clauses of `text` in order, split at ，。；：！？ and line ends."""
    found = []
    for first, last in sentence_spans(text):
        for match in _CLAUSE.finditer(text, first, last):
            if match[0].strip():
                found.append(Clause(*match.span(), first, last, pairs_of(match[0])))
    return tuple(found)


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return which share (0..1) of the pairs `part` is in `whole`; 0.0 for no pairs."""
    return len(part & whole) / len(part) if part else 0.0


@lru_cache(maxsize=8192)
def best_clauses(fact: str, start: int, end: int, text: str) -> tuple[Clause, ...]:
    """Return the clauses of `text` that tell the clause `start:end` of `fact`, the closest first.

    The rest of the fact speaks too, at half weight: a clause such as 每月一次 alone fits anything.
    Only clauses nearly as close as the closest are returned; none when nothing is close.
    """
    own, whole = pairs_of(fact[start:end]), pairs_of(fact)
    scored = []
    for clause in clauses_of(text):
        near, far = share(own, clause.pairs), share(whole, clause.pairs)
        around = share(whole, pairs_of(text[clause.first : clause.last]))
        if max(near, far) >= ENOUGH or (near > 0 and around >= 0.5):
            scored.append((near + far / 2 + around / 4, clause))
    scored.sort(key=lambda pair: (-pair[0], pair[1].start))
    return tuple(clause for score, clause in scored if score >= 0.85 * scored[0][0])[:3]
