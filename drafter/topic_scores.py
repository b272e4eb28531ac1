"""How much each fact speaks of each topic: keywords, pasted headings, and meaning.

Meaning is asked only for facts the words leave open, and for a bounded number of them, so that
planning 5,000 facts does not wait for a model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drafter.topics import Topic, TopicTable, keyword_score
from drafter.types import Fact
from index.types import Embedder, Role

# Scores are in keyword points: 3 is one word that gives the topic away.
_OPEN_BELOW = 3.0  # facts whose best keyword score is lower are judged by meaning as well
_MEANING_WEIGHT = 6.0  # closeness of the best topic is about 0.4, so meaning weighs two points
_GROUP_BONUS = 6.0  # a pasted heading that names a topic outweighs two stray strong words
_GROUP_NAMES_TOPIC = 2.0
_DEFAULT_BONUS = 0.6  # below a weak keyword, above noise of meaning
_MOST_EMBEDDED = 120  # a text takes about 20 ms on two cores

# The topics' vectors by embedder and texts: they are the same for every document.
_TOPIC_VECTORS: dict[tuple[str, tuple[str, ...]], npt.NDArray[np.float64]] = {}


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of facts (rows) for topics (columns). `own` ignores pasted headings."""

    topics: tuple[str, ...]
    rows: Mapping[str, int]
    own: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]

    def of(self, fact_id: str, topic: str) -> float:
        """Return the fact's score for a topic, 0 for a topic that is not in the table."""
        if topic not in self.topics:
            return 0.0
        return float(self.total[self.rows[fact_id], self.topics.index(topic)])

    def mean(self, fact_ids: Sequence[str], topic: str) -> float:
        """Return the mean score of some facts for a topic."""
        rows = [self.rows[fact_id] for fact_id in fact_ids]
        return float(self.total[rows, self.topics.index(topic)].mean())

    def best(self, fact_id: str) -> str:
        """Return the topic of the fact; of equals the first in the table."""
        return self.topics[int(np.argmax(self.total[self.rows[fact_id]]))]

    def own_best(self, fact_id: str) -> tuple[str, float]:
        """Return the topic the fact's own words speak for, and how much."""
        row = self.own[self.rows[fact_id]]
        best = int(np.argmax(row))
        return self.topics[best], float(row[best])


def score_topics(
    facts: Sequence[Fact],
    roles: Mapping[str, Role],
    table: TopicTable,
    embedder: Embedder | None,
) -> Scores:
    """Score every fact for every topic."""
    topics = table.topics
    own = np.array(
        [[keyword_score(topic, fact.text) for topic in topics] for fact in facts],
        dtype=np.float64,
    ).reshape(len(facts), len(topics))
    if embedder is not None and len(facts):
        own += _meaning(facts, own, table, embedder)
    defaults = np.array(
        [[_DEFAULT_BONUS * (roles[f.id] in t.default_for) for t in topics] for f in facts]
    ).reshape(own.shape)
    total = own + _group_bonus(facts, table) + defaults
    rows = {fact.id: row for row, fact in enumerate(facts)}
    return Scores(tuple(topic.name for topic in topics), rows, own, total)


def _group_bonus(facts: Sequence[Fact], table: TopicTable) -> npt.NDArray[np.float64]:
    bonus = np.zeros((len(facts), len(table.topics)))
    known: dict[str, int | None] = {}
    for row, fact in enumerate(facts):
        if not fact.group:
            continue
        if fact.group not in known:
            parts = fact.group.split("：")
            heading = "：".join(p for p in parts if not table.part_headings.fullmatch(p))
            named = [keyword_score(topic, heading) for topic in table.topics]
            best = int(np.argmax(named))
            known[fact.group] = best if named[best] >= _GROUP_NAMES_TOPIC else None
        column = known[fact.group]
        if column is not None:
            bonus[row, column] = _GROUP_BONUS
    return bonus


def _meaning(
    facts: Sequence[Fact],
    keywords: npt.NDArray[np.float64],
    table: TopicTable,
    embedder: Embedder,
) -> npt.NDArray[np.float64]:
    """Return the weighted closeness of open facts to topics, 0 for the others.

    Vectors of such models crowd in one direction (e5: every pair near 0.8), so the mean of each
    side is taken away first; what is left tells topics apart. A topic is close when its nearest
    text is and when all of its texts are: of the ways tried on 38 facts without keywords, the sum
    of both named the most topics right (29; one vector a topic 24, keywords alone 17).
    """
    result = np.zeros_like(keywords)
    open_rows = np.flatnonzero(keywords.max(axis=1) < _OPEN_BELOW)[:_MOST_EMBEDDED]
    if not len(open_rows):
        return result
    texts = [(column, text) for column, t in enumerate(table.topics) for text in _said_of(t)]
    columns = np.array([column for column, _ in texts])
    topic_vectors = _remembered(embedder, tuple(text for _, text in texts))
    fact_vectors = embedder.encode_query([facts[row].text for row in open_rows]).astype(np.float64)
    topic_mean = topic_vectors.mean(axis=0)
    # A few facts are all of one kind; their own mean would take the topic away with it.
    fact_mean = fact_vectors.mean(axis=0) if len(open_rows) >= 12 else topic_mean
    cosines = _unit(fact_vectors - fact_mean) @ _unit(topic_vectors - topic_mean).T
    for column in range(len(table.topics)):
        own = cosines[:, columns == column]
        closeness = own.max(axis=1) + own.mean(axis=1)
        result[open_rows, column] = _MEANING_WEIGHT * np.clip(closeness, 0.0, None)
    return result


def _remembered(embedder: Embedder, texts: tuple[str, ...]) -> npt.NDArray[np.float64]:
    key = (embedder.name, texts)
    if key not in _TOPIC_VECTORS:
        _TOPIC_VECTORS[key] = embedder.encode_query(texts).astype(np.float64)
    return _TOPIC_VECTORS[key]


def _said_of(topic: Topic) -> tuple[str, ...]:
    """Return the texts that stand for a topic when meanings are compared."""
    words = "、".join(word for word, _ in topic.keywords[:8])
    return (topic.name, topic.description, words, *topic.examples)


def _unit(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1.0, lengths), dtype=np.float64)
