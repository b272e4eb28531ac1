"""The library in memory, searched by meaning (FAISS) and by wording (BM25).

The FAISS index is made of the vectors SQLite holds, exact and in memory: an index file, which can
carry memory corruption, is never read. Knows nothing of how reports got in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.library import ranking, records
from index.library.bm25 import Bm25
from index.library.catalogue import Catalogue
from index.library.importing import mismatch
from index.types import Embedder, Exemplar, Role, Section

Version = tuple[str, tuple[int, int]]
"""Name of the embedder, version of the catalogue."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """Sections and their units, ready to search. Unit u belongs to section owner[u]."""

    version: Version
    sections: tuple[Section, ...]
    owner: npt.NDArray[np.int64]
    whole: npt.NDArray[np.float32]  # the vector of each section as a whole
    units: Any  # faiss.IndexFlatIP
    wording: Bm25

    def search(
        self,
        text: str,
        query: npt.NDArray[np.float32],
        role: Role | None,
        top_k: int,
        excluded: Collection[str],
        mmr: bool,
    ) -> tuple[Exemplar, ...]:
        """Return the closest sections, best first; `query` is the text's vector, shape (1, d)."""
        candidates = [
            i
            for i, section in enumerate(self.sections)
            if (role is None or section.role == role) and section.report not in excluded
        ]
        if not candidates:
            return ()
        scores = ranking.blend(self._closest_units(query), self.wording.scores(text))
        if mmr:
            reports = [section.report for section in self.sections]
            best = ranking.diverse(scores, self.whole, reports, candidates, top_k)
        else:
            best = sorted(candidates, key=lambda i: -float(scores[i]))[:top_k]
        return tuple(Exemplar(self.sections[i], float(scores[i])) for i in best)

    def _closest_units(self, query: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return for each section the cosine of its closest unit."""
        scores, units = self.units.search(np.ascontiguousarray(query), self.units.ntotal)
        closest = np.full(len(self.sections), -1.0, np.float32)
        np.maximum.at(closest, self.owner[units[0]], scores[0])
        return closest


def load(catalogue: Catalogue, embedder: Embedder, version: Version) -> Searchable:
    """Read the whole library. Raises LibraryMismatch when a vector of this embedder is missing."""
    import faiss

    vectors = catalogue.vectors(embedder.name)
    sections = tuple(s for s in catalogue.sections() if records.units_of(s))
    hashes = [[records.hash_of(unit) for unit in records.units_of(s)] for s in sections]
    if not all(unit in vectors for units in hashes for unit in units):
        raise mismatch()
    rows = [vectors[unit] for units in hashes for unit in units]
    matrix = np.stack(rows) if rows else np.zeros((0, embedder.dimension), np.float32)
    lengths = [len(units) for units in hashes]
    starts = np.cumsum([0, *lengths[:-1]]) if lengths else np.zeros(0, np.int64)
    units = faiss.IndexFlatIP(embedder.dimension)
    units.add(np.ascontiguousarray(matrix, np.float32))
    return Searchable(
        version=version,
        sections=sections,
        owner=np.repeat(np.arange(len(sections)), lengths),
        whole=matrix[starts],
        units=units,
        wording=Bm25([f"{s.heading or ''}\n{s.text}" for s in sections]),
    )
