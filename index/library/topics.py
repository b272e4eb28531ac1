"""Sections by what they are about: closeness of topics, where the library was given topics.

A topic function names a text's topics and how much it speaks of each; where it has them from is
its own affair. Embeddings and wording follow a writer's phrases and the trade of the unit (school,
village) as much as the matter of a section; topics follow the matter alone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library.ranking import dots
from index.types import Section

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, float]
"""Topic → how much a text speaks of it, above 0; {} where it speaks of none."""
TopicsOf = Callable[[str], Weights]

# Chosen by leaving one report of samples/ 01 to 09 out at a time (docs/log.md).
NEIGHBOURS = 16
NEIGHBOURS_SHARE = 0.6
SECTIONS_A_NEIGHBOUR = 12  # in a small library the sixteenth is no kin any more
FEW = 20  # with fewer sections than this their mean says little
CHUNK = 512  # rows compared with all sections at once
_FIRST_CLAUSE = re.compile(r"[^。！？\n]{2,40}")


def first_clause(text: str) -> str:
    """Return the text's first clause, which stands for a heading; the text where it has none."""
    clause = _FIRST_CLAUSE.search(text)
    return clause.group() if clause else text


@dataclass(frozen=True, slots=True)
class TopicIndex:
    """The topics of some sections, row i those of section i, zero where it has none.

    Words name a topic only where they happen to be used, so a section's topics are partly those of
    the sections closest to it: `mixed`. What all speak of (服务, 组织) tells none apart: their mean
    is subtracted in `apart`.
    """

    topics_of: TopicsOf
    columns: Mapping[str, int]
    mixed: Floats
    apart: Floats
    shared: Floats

    def closeness(self, text: str, scores: Floats) -> Floats | None:
        """Return each section's closeness to the text, -1 to 1, 0 where nothing is known.

        `scores` say how close each section is otherwise; the closest add their topics to the
        text's own, those of 0 or less never do. None when no topic is known.
        """
        wanted = self.wanted(text, scores)
        if wanted is None:
            return None
        return dots(self.apart, wanted)

    def wanted(self, text: str, scores: Floats) -> Floats | None:
        """Return the topics that are looked for, what all speak of taken out; see `closeness`."""
        asked = [(self.topics_of(first_clause(text)), self.topics_of(text))]
        wanted = with_neighbours(_weights(asked, self.columns), scores[None], self.mixed)
        return apart_topics(wanted, self.shared)[0] if wanted.any() else None


def topic_index(
    sections: Sequence[Section], topics_of: TopicsOf, wholes: Floats, headings: Floats
) -> TopicIndex:
    """Ask for the topics of all sections and keep them ready for comparison.

    `wholes` and `headings` are the sections' vectors: unit rows, zero for a heading there is not.
    """
    names, own = own_topics(sections, topics_of)
    columns = {name: column for column, name in enumerate(names)}
    shared = (own.sum(axis=0) / (len(sections) + FEW)).astype(np.float32)
    mixed = own.copy()
    headed = np.asarray(headings.any(axis=1))
    for start in range(0, len(own), CHUNK):
        rows = slice(start, start + CHUNK)
        texts = wholes[rows] @ wholes.T
        both = headed[rows, None] & headed[None]
        near = np.where(both, (texts + headings[rows] @ headings.T) / 2, texts)
        near[np.arange(len(near)), np.arange(start, start + len(near))] = 0  # not its own neighbour
        mixed[rows] = with_neighbours(own[rows], near, own)
    return TopicIndex(topics_of, columns, mixed, apart_topics(mixed, shared), shared)


def own_topics(sections: Sequence[Section], topics_of: TopicsOf) -> tuple[tuple[str, ...], Floats]:
    """Return the names of the topics these sections speak of, and a unit row for each section."""
    known = [
        (topics_of(s.heading or first_clause(s.text)), topics_of(f"{s.heading or ''}\n{s.text}"))
        for s in sections
    ]
    names = sorted({name for pair in known for weights in pair for name in weights})
    return tuple(names), _weights(known, {name: column for column, name in enumerate(names)})


def with_neighbours(own: Floats, near: Floats, topics: Floats) -> Floats:
    """Mix rows of topics with those of the closest sections, by their closeness `near`."""
    count = min(NEIGHBOURS, len(topics) // SECTIONS_A_NEIGHBOUR)
    if not count:
        return own
    least = np.partition(near, -count, axis=1)[:, -count, None]
    votes = np.where(near >= least, np.maximum(near, 0), 0)
    votes = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-6)
    voting = votes.any(axis=0)  # of one query only a few: a product for which no thread is woken
    theirs = votes[:, voting] @ topics[voting]
    mixed: Floats = (1 - NEIGHBOURS_SHARE) * own + NEIGHBOURS_SHARE * theirs
    return mixed.astype(np.float32)


def _weights(known: Sequence[tuple[Weights, Weights]], columns: Mapping[str, int]) -> Floats:
    """Return a unit row for the topics of each (heading, whole text), one weighing as the other.

    The whole text has the heading in it, so that a heading's few words make up more than half.
    """
    sides = np.zeros((2, len(known), len(columns)), np.float32)
    for row, pair in enumerate(known):
        for side, weights in enumerate(pair):
            for name, weight in weights.items():
                if name in columns:
                    sides[side, row, columns[name]] = weight
    return _unit(_unit(sides[0]) + _unit(sides[1]))


def apart_topics(topics: Floats, shared: Floats) -> Floats:
    """Subtract what all share, and make unit vectors, of the rows that have topics."""
    known = topics.any(axis=1, keepdims=True)
    return np.where(known, _unit(_unit(topics) - shared), np.float32(0)).astype(np.float32)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
    return unit
