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

from index.types import Section

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, float]
"""Topic → how much a text speaks of it, above 0; {} where it speaks of none."""
TopicsOf = Callable[[str], Weights]

FEW = 20  # with fewer sections than this their mean says little
_FIRST_CLAUSE = re.compile(r"[^。！？\n]{2,40}")


def first_clause(text: str) -> str:
    """Return the text's first clause, which stands for a heading; the text where it has none."""
    clause = _FIRST_CLAUSE.search(text)
    return clause.group() if clause else text


@dataclass(frozen=True, slots=True)
class TopicIndex:
    """The topics of some sections, row i of `vectors` those of section i, zero where it has none.

    What all sections speak of (服务, 组织) tells none apart: their mean is subtracted.
    """

    topics_of: TopicsOf
    columns: Mapping[str, int]
    vectors: Floats
    shared: Floats

    def closeness(self, text: str) -> Floats | None:
        """Return each section's closeness to the text, -1 to 1, 0 where nothing is known.

        None when the text speaks of no topic that the library knows.
        """
        asked = [(self.topics_of(first_clause(text)), self.topics_of(text))]
        wanted = _weights(asked, self.columns)
        if not wanted.any():
            return None
        return (self.vectors @ _apart(wanted, self.shared)[0]).astype(np.float32)


def topic_index(sections: Sequence[Section], topics_of: TopicsOf) -> TopicIndex:
    """Ask for the topics of all sections and keep them ready for comparison."""
    known = [
        (topics_of(s.heading or first_clause(s.text)), topics_of(f"{s.heading or ''}\n{s.text}"))
        for s in sections
    ]
    names = sorted({name for pair in known for weights in pair for name in weights})
    columns = {name: column for column, name in enumerate(names)}
    vectors = _weights(known, columns)
    shared = (vectors.sum(axis=0) / (len(sections) + FEW)).astype(np.float32)
    return TopicIndex(topics_of, columns, _apart(vectors, shared), shared)


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


def _apart(vectors: Floats, shared: Floats) -> Floats:
    """Subtract what all share and make unit vectors again of the rows that have topics."""
    known = vectors.any(axis=1, keepdims=True)
    return np.where(known, _unit(vectors - shared), np.float32(0)).astype(np.float32)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
