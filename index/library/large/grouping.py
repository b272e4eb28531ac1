"""Entries of sections, and lists of kindred ones.

A section is as close in meaning as half its heading and half its text, and its text counts as the
mean of the whole and the better of the whole and the closest point. So it is the best of its
entries: its whole, and for each point the mean of whole and point, each with the heading. One kind
of entry finds headings, wholes and points alike. Where there is no heading the text stands for it.

Entries are held as 8-bit numbers with a scale a row: cosines are right to about 0.001, and what is
looked through takes a quarter of the room. Eight bits more lie apart: with them, read of the few
that are ranked in the end, cosines are right to about 0.0001. The lists are those of k-means (an
inverted file; Jégou, Douze, Schmid 2011).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library.large.reading import Arrays
from index.library.ranking import dots
from index.library.searching import FEW, apart

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]

ROUNDS = 6  # of k-means; more move hardly an entry
TAUGHT = 32  # entries a list is taught from
AT_ONCE = 16_384  # rows compared with all lists at once
FINE = 254  # what is left of a number, at most a half, is told in steps of this share
KINDS = ("headings", "wholes", "points")


@dataclass(frozen=True, slots=True)
class Packed:
    """Entries as they are held: a number is `(rows + rest / FINE) * scales`, a scale a half."""

    rows: npt.NDArray[np.int8]
    rest: npt.NDArray[np.int8]
    scales: Floats

    def some(self, entries: npt.NDArray[np.int64], fine: bool) -> Floats:
        """Return some entries, headings and texts apart, by all their bits or the first eight."""
        found = self.rows[entries].astype(np.float32)
        if fine:
            found += self.rest[entries] * np.float32(1 / FINE)
        halves: Floats = found.reshape(len(found), 2, found.shape[1] // 2)
        halves *= self.scales[entries][:, :, None]
        return halves


def list_count(entries: int) -> int:
    """Return how many lists so many entries make: twice the root, so that both stay short."""
    return max(1, min(int(2 * math.sqrt(entries)), entries // 64))


def shared_of(blocks: Iterable[Arrays]) -> Floats:
    """Return what all headings, wholes and points have in common, as the exact way reckons it."""
    sums: npt.NDArray[np.float64] | None = None
    counts = np.zeros(3)
    for block in blocks:
        headed = ~block["unheaded"]
        for kind, name in enumerate(KINDS):
            rows = block[name]
            if sums is None:
                sums = np.zeros((3, rows.shape[1]))
            sums[kind] += rows.sum(axis=0, dtype=np.float64)  # a heading there is not is zero
            counts[kind] += int(headed.sum()) if name == "headings" else len(rows)
    if sums is None:
        raise ValueError("no block")
    shared: Floats = (sums / (counts + FEW)[:, None]).astype(np.float32)
    return shared


def entry_counts(block: Arrays) -> Numbers:
    """Return how many entries each section of a block has."""
    counts: Numbers = (block["point_counts"] + 1).astype(np.int32)
    return counts


def entries_of(block: Arrays, shared: Floats) -> tuple[Floats, Numbers]:
    """Return the entries of a block, section by section, the whole first, and their sections.

    Rows hold the heading, then the text, what is common taken out.
    """
    wholes = apart(block["wholes"].astype(np.float32), shared[1])
    headings = apart(block["headings"].astype(np.float32), shared[0])
    headings = np.where(block["unheaded"][:, None], wholes, headings)
    points = apart(block["points"].astype(np.float32), shared[2])
    counts = entry_counts(block)
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    firsts = np.cumsum(counts) - counts
    is_point = np.ones(len(owner), np.bool_)
    is_point[firsts] = False
    texts = wholes[owner]
    texts[is_point] = (texts[is_point] + points) / 2
    return np.concatenate([headings[owner], texts], axis=1), owner


def teach(sample: Floats, lists: int) -> Floats:
    """Return the middles of so many lists, from a sample of entries."""
    import faiss

    learner = faiss.Kmeans(
        sample.shape[1], lists, niter=ROUNDS, seed=7, min_points_per_centroid=1,
        max_points_per_centroid=TAUGHT,
    )  # fmt: skip
    learner.train(np.ascontiguousarray(sample, np.float32))
    middles: Floats = np.ascontiguousarray(learner.centroids, np.float32)
    return middles


def assign(rows: Floats, centroids: Floats) -> Numbers:
    """Return the list each entry belongs to: that of the closest middle."""
    import faiss

    index = faiss.IndexFlatL2(centroids.shape[1])
    index.add(centroids)
    found = [
        index.search(np.ascontiguousarray(rows[start : start + AT_ONCE]), 1)[1][:, 0]
        for start in range(0, len(rows), AT_ONCE)
    ]
    return np.concatenate(found).astype(np.int32) if found else np.zeros(0, np.int32)


def packed(rows: Floats) -> Packed:
    """Return entries as numbers of 8 and 16 bits, with the scale of each half of a row."""
    halves = rows.reshape(len(rows), 2, rows.shape[1] // 2)
    scales = np.maximum(np.abs(halves).max(axis=2), 1e-6) / 127
    exact = halves / scales[:, :, None]
    near = np.rint(exact)
    numbers = near.astype(np.int8).reshape(rows.shape)
    rest = np.rint((exact - near) * FINE).astype(np.int8).reshape(rows.shape)
    return Packed(numbers, rest, scales.astype(np.float32))


def wholes_of(texts: Floats, shared: Floats) -> Floats:
    """Return the vectors that wholes were before what is common was taken out: unit vectors."""
    along = dots(texts, shared)
    lengths = np.sqrt(along**2 + 1 - dots(shared, shared)) - along
    wholes: Floats = (shared + lengths[:, None] * texts).astype(np.float32)
    return wholes


def some_wholes(block: Arrays, shared: Floats, count: int) -> Floats:
    """Return the entries of up to `count` wholes of a block, evenly chosen; points lie near."""
    total = len(block["wholes"])
    chosen = np.unique(np.linspace(0, total - 1, min(count, total)).astype(np.int64))
    few = {name: block[name][chosen] for name in ("wholes", "headings", "unheaded")}
    none = {"points": block["points"][:0], "point_counts": np.zeros(len(chosen), np.int32)}
    return entries_of({**few, **none}, shared)[0]
