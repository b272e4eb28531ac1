"""The library in memory, searched by meaning (FAISS), wording (BM25) and, if given, topics.

The FAISS index is made of the vectors SQLite holds, exact and in memory: an index file, which can
carry memory corruption, is never read. Knows nothing of how reports got in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.library import ranking, records
from index.library.bm25 import Bm25
from index.library.catalogue import Catalogue
from index.library.importing import mismatch
from index.library.own import BONUS
from index.library.topics import TopicIndex, TopicsOf, first_clause, topic_index
from index.types import Embedder, Exemplar, Role, Section

Floats = npt.NDArray[np.float32]
Version = tuple[str, tuple[int, int]]
"""Name of the embedder, version of the catalogue."""

HEADING_WEIGHT = 3  # a heading's words count so often beside its text's
FEW = 20  # with fewer vectors than this their mean says little


@dataclass(frozen=True, slots=True)
class Units:
    """Vectors of some texts, their common direction taken out; row u belongs to section owner[u].

    An embedder may put all texts of one genre in one corner (e5: cosines of 0.8 to 0.9 between any
    two); what all share is subtracted, so that what tells them apart counts (docs/log.md).
    """

    index: Any  # faiss.IndexFlatIP
    owner: npt.NDArray[np.int64]
    shared: Floats

    def closest(self, query: Floats, sections: int) -> Floats:
        """Return for each section the cosine of its closest row to `query`, -1 where it has none.

        `query` is a unit vector, shape (d,).
        """
        closest = np.full(sections, -1.0, np.float32)
        if self.index.ntotal:
            scores, rows = self.index.search(apart(query[None], self.shared), self.index.ntotal)
            np.maximum.at(closest, self.owner[rows[0]], scores[0])
        return closest

    def by_section(self, sections: int) -> Floats:
        """Return the rows of units of which a section has one or none, zero where none."""
        rows = np.zeros((sections, len(self.shared)), np.float32)
        if self.index.ntotal:
            rows[self.owner] = self.index.reconstruct_n(0, self.index.ntotal)
        return rows


@dataclass(frozen=True, slots=True)
class Searchable:
    """Sections and all they are found by: heading, text as a whole, points, wording, topics."""

    version: Version
    sections: tuple[Section, ...]
    headings: Units
    wholes: Units
    points: Units
    vectors: Floats  # of each section as a whole, for variety among results
    wording: Bm25
    topics: TopicIndex | None
    own: frozenset[str]  # reports of the person's own unit

    def search(
        self,
        embedder: Embedder,
        text: str,
        role: Role | None,
        top_k: int,
        excluded: Collection[str],
        mmr: bool,
        without: Collection[str] = (),
    ) -> tuple[Exemplar, ...]:
        """Return the closest sections, best first. The text's first clause is read as a heading.

        Sections `without` are left out but have their say on the scales.
        """
        candidates = [
            i
            for i, section in enumerate(self.sections)
            if (role is None or section.role == role)
            and section.report not in excluded
            and section.id not in without
        ]
        if not candidates:
            return ()
        scores = self._scores(embedder, text, excluded)
        worth = self._preferred(scores)
        if mmr:
            reports = [section.report for section in self.sections]
            best = ranking.diverse(worth, self.vectors, reports, candidates, top_k)
        else:
            best = sorted(candidates, key=lambda i: -float(worth[i]))[:top_k]
        return tuple(Exemplar(self.sections[i], float(scores[i])) for i in best)

    def _preferred(self, scores: Floats) -> Floats:
        """Return the scores with the own unit's sections a little ahead (`own.BONUS`)."""
        ours = np.array([section.report in self.own for section in self.sections])
        if not ours.any():
            return scores
        known = scores[scores > -1]
        spread = float(known.max() - known.min()) if len(known) else 0.0
        return (scores + BONUS * spread * ours).astype(np.float32)

    def _scores(self, embedder: Embedder, text: str, excluded: Collection[str]) -> Floats:
        """Return how close each section is in meaning, wording and topic, -1 if excluded.

        What is excluded has no say: a report's own sections would stretch the scales the others
        are weighed on, and lend their topics to its queries.
        """
        known = np.array([section.report not in excluded for section in self.sections])
        scores = np.full(len(known), -1.0, np.float32)
        meaning = self._meaning(embedder, text)[known]
        wording = self.wording.scores(text)[known]
        scores[known] = ranking.blend(meaning, wording)
        if self.topics is not None:
            topics = self.topics.closeness(text, scores)
            if topics is not None:
                scores[known] = ranking.blend(meaning, wording, topics[known])
        return scores

    def _meaning(self, embedder: Embedder, text: str) -> Floats:
        """Return how close each section is in meaning: half its heading, half its text."""
        as_text, as_heading = embedder.encode_query([text, first_clause(text)])
        count = len(self.sections)
        wholes = self.wholes.closest(as_text, count)
        texts = (wholes + np.maximum(wholes, self.points.closest(as_text, count))) / 2
        headings = self.headings.closest(as_heading, count)
        unheaded = np.array([not section.heading for section in self.sections])
        return ((np.where(unheaded, texts, headings) + texts) / 2).astype(np.float32)


def load(
    catalogue: Catalogue,
    embedder: Embedder,
    version: Version,
    topics_of: TopicsOf | None = None,
) -> Searchable:
    """Read the whole library. Raises LibraryMismatch when a vector of this embedder is missing."""
    everything, known = catalogue.all_with_vectors(embedder.name)
    sections = tuple(s for s in everything if records.units_of(s))

    def vectors_of(texts: Sequence[str]) -> Floats:
        keys = [records.hash_of(text) for text in texts]
        if not all(key in known for key in keys):
            raise mismatch()
        empty = np.zeros((0, embedder.dimension), np.float32)
        return np.stack([known[key] for key in keys]) if keys else empty

    def units(texts: Sequence[Sequence[str]]) -> Units:
        owner = np.repeat(np.arange(len(sections)), [len(found) for found in texts])
        return _units(vectors_of([text for found in texts for text in found]), owner)

    texts = [records.whole_of(s) for s in sections]
    headings = units([records.heading_of(s) for s in sections])
    wholes = units([[text] for text in texts])
    topics = None
    if topics_of:
        vectors = [of.by_section(len(sections)) for of in (wholes, headings)]
        topics = topic_index(sections, topics_of, *vectors)
    return Searchable(
        version=version,
        sections=sections,
        headings=headings,
        wholes=wholes,
        points=units([records.points_of(s) for s in sections]),
        vectors=vectors_of(texts),
        wording=Bm25([f"{s.heading or ''}\n" * HEADING_WEIGHT + s.text for s in sections]),
        topics=topics,
        own=catalogue.own_reports(),
    )


def _units(vectors: Floats, owner: npt.NDArray[np.int64]) -> Units:
    import faiss

    count, dimension = vectors.shape
    shared = np.zeros(dimension, np.float32)
    if count:
        shared = (vectors.mean(axis=0) * count / (count + FEW)).astype(np.float32)
    index = faiss.IndexFlatIP(dimension)
    index.add(apart(vectors, shared))
    return Units(index, owner, shared)


def apart(vectors: Floats, shared: Floats) -> Floats:
    """Subtract what all share and make the rows unit vectors again."""
    apart = vectors - shared
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.ascontiguousarray(apart / np.maximum(lengths, 1e-6), np.float32)
