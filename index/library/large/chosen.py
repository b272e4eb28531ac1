"""The sections a large search has chosen, as SQLite has them: what the exact formulas need."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library import records
from index.library.catalogue import Catalogue, Vector
from index.library.importing import mismatch
from index.library.large import places
from index.library.large.reading import worded
from index.library.searching import apart
from index.types import Embedder, Section

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some sections with their vectors; `point_owner` says of each point whose it is."""

    numbers: Numbers
    sections: tuple[Section, ...]
    wholes: Floats
    headings: Floats
    headed: npt.NDArray[np.bool_]
    points: Floats
    point_owner: Numbers

    def meaning(self, as_text: Floats, as_heading: Floats, shared: Floats) -> Floats:
        """Return how close they are in meaning, as `searching.Searchable` reckons it."""

        def close(rows: Floats, query: Floats, kind: int) -> Floats:
            found: Floats = apart(rows, shared[kind]) @ apart(query[None], shared[kind])[0]
            return found

        wholes = close(self.wholes, as_text, 1)
        points = np.full(len(wholes), -1.0, np.float32)
        np.maximum.at(points, self.point_owner, close(self.points, as_text, 2))
        texts = (wholes + np.maximum(wholes, points)) / 2
        headings = np.where(self.headed, close(self.headings, as_heading, 0), -1)
        unheaded = np.array([not section.heading for section in self.sections], np.bool_)
        return ((np.where(unheaded, texts, headings) + texts) / 2).astype(np.float32)

    def texts(self) -> list[str]:
        """Return the texts whose wording is compared."""
        return [worded(section) for section in self.sections]


def read_chosen(
    catalogue: Catalogue, embedder: Embedder, all_places: Numbers, numbers: Numbers
) -> Chosen:
    """Read sections by their numbers; those that went meanwhile are left out.

    Raises LibraryMismatch where a vector is missing.
    """
    found = places.sections_at(catalogue, [int(place) for place in all_places[numbers]])
    kept = [
        (n, found[int(p)]) for n, p in zip(numbers, all_places[numbers], strict=True) if p in found
    ]
    sections = tuple(section for _, section in kept)
    wholes = [records.hash_of(records.whole_of(s)) for s in sections]
    headings = [records.hash_of(h[0]) if (h := records.heading_of(s)) else "" for s in sections]
    points = [records.hash_of(point) for s in sections for point in records.points_of(s)]
    keys = {*wholes, *headings, *points} - {""}
    known = places.vectors_of(catalogue, embedder.name, keys)
    if len(known) < len(keys):
        raise mismatch()
    known[""] = np.zeros(embedder.dimension, np.float32)
    return Chosen(
        np.array([number for number, _ in kept], np.int64),
        sections,
        _rows(known, wholes, embedder),
        _rows(known, headings, embedder),
        np.array([bool(key) for key in headings], np.bool_),
        _rows(known, points, embedder),
        np.repeat(np.arange(len(sections)), [len(records.points_of(s)) for s in sections]),
    )


def _rows(known: dict[str, Vector], keys: Sequence[str], embedder: Embedder) -> Floats:
    if not keys:
        return np.zeros((0, embedder.dimension), np.float32)
    return np.stack([known[key] for key in keys])
