"""Times of a fact that a draft gave to another deed, or lost.

年初印发要点 and 开会13次 told as 年初开会13次，印发要点. Only times that are no date by number
(data/times.toml): those have their own rules (untraced_number, anchors).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.alignment import Clause, clauses_of, pairs_of, share
from drafter.data import load_table

# Share of the pairs of a clause from which it is told by another: the numbers count twice.
_TOLD = 0.5


@dataclass(frozen=True, slots=True)
class MovedTime:
    """The time `start:end` of a text, and the words of the fact that it belongs to."""

    start: int
    end: int
    belongs: str


@lru_cache(maxsize=1)
def _times() -> re.Pattern[str]:
    table = load_table("times")
    return re.compile(f"(?:{'|'.join(table['times'])})(?:{'|'.join(table['ends'])})?")


@lru_cache(maxsize=1)
def _spans() -> re.Pattern[str]:
    """入汛前, 高考期间: a time known by its ending, at the head of what was done then."""
    table = load_table("times")
    return re.compile(f"(?:{table['span']})(?:{'|'.join(table['span_ends'])})")


def _without(text: str, clause: Clause, start: int, end: int) -> frozenset[str]:
    return pairs_of(text[clause.start : start]) | pairs_of(text[end : clause.end])


def moved_times(facts: Sequence[str], text: str) -> Iterator[MovedTime]:
    """Yield times that stand with a clause of the facts that has none, while their own clause
    stands in `text` without them."""
    own = [
        (fact, match, clause)
        for fact in facts
        for match in _times().finditer(fact)
        for clause in clauses_of(fact)
        if clause.start <= match.start() < clause.end
    ]
    for match in _times().finditer(text):
        here = [one for one in own if one[1][0] == match[0]]
        clause = next((c for c in clauses_of(text) if c.start <= match.start() < c.end), None)
        if not here or clause is None:
            continue
        said = _without(text, clause, *match.span())
        if any(_tells(said, _without(fact, c, *at.span())) for fact, at, c in here):
            continue
        others = [
            c
            for fact in facts
            for c in clauses_of(fact)
            if not _times().search(fact, 0, c.end)  # a time at its head is that of all it says
        ]
        if not any(_tells(said, c.pairs) for c in others):
            continue
        fact, at, c = here[0]
        alone = _without(fact, c, *at.span())
        if any(_tells(o.pairs, alone) for o in clauses_of(text) if o != clause):
            yield MovedTime(*match.span(), fact[c.start : c.end])


def _tells(said: frozenset[str], own: frozenset[str]) -> bool:
    return bool(own) and share(own, said) >= _TOLD


def lost_times(fact: str, text: str) -> Iterator[tuple[str, bool]]:
    """Yield times such as 入汛前 at the head of a fact of which `text` has no letter pair, and
    whether that is certain: 会议前 and 活动后 are easily told in other words."""
    for match in _spans().finditer(fact):
        root = match["root"]
        known = (
            root if len(root) < 3 else "|".join(root[at : at + 2] for at in range(len(root) - 1))
        )
        if not re.search(rf"{known}|[{root}][期前后中]|{load_table('times')['told']}", text):
            yield match[0], root not in load_table("times")["loose"]
