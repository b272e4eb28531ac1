"""Topics of the sections of a large library: their own, mixed with those of their kin.

As `topics.topic_index`, but a section's neighbours are looked for in its own list only, where most
of them are; comparing each section with every other would take days.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from index.library.large.form import Array
from index.library.topics import FEW, apart_topics, with_neighbours

Floats = npt.NDArray[np.float32]
TOGETHER = 2048  # sections compared with each other; a longer list is cut


def gathered(names: list[tuple[str, ...]], rows: list[Floats]) -> tuple[tuple[str, ...], Floats]:
    """Return the topics of several blocks as one table, and the names of its columns."""
    columns = tuple(sorted({name for some in names for name in some}))
    place = {name: column for column, name in enumerate(columns)}
    whole = np.zeros((sum(len(some) for some in rows), len(columns)), np.float32)
    start = 0
    for own, some in zip(names, rows, strict=True):
        whole[start : start + len(some), [place[name] for name in own]] = some
        start += len(some)
    return columns, whole


def mixed_with_kin(own: Floats, wholes: Array, rows: Array, scales: Array, starts: Array) -> Floats:
    """Return each section's topics with its neighbours'; `wholes` is the entry of its whole."""
    mixed = own.copy()
    for sections in _together(wholes, starts):
        entries = np.sort(wholes[sections])  # read in the order they lie in
        order = sections[np.argsort(wholes[sections], kind="stable")]
        scale = np.repeat(scales[entries], rows.shape[1] // 2, axis=1)
        kin = rows[entries].astype(np.float32) * scale / np.float32(np.sqrt(2))
        near = kin @ kin.T  # half the headings' cosine and half the texts'
        np.fill_diagonal(near, 0)
        mixed[order] = with_neighbours(own[order], near, own[order])
    return mixed


def told_apart(mixed: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Return the topics without what all speak of, and that."""
    shared = (own.sum(axis=0) / (len(own) + FEW)).astype(np.float32)
    return apart_topics(mixed, shared), shared


def of_lists(apart: Floats, wholes: Array, starts: Array) -> Floats:
    """Return the mean of the topics of each list's sections."""
    lists = len(starts) - 1
    where = np.searchsorted(starts, wholes, side="right") - 1
    sums = np.zeros((lists, apart.shape[1]), np.float32)
    np.add.at(sums, where, apart)
    counts = np.bincount(where, minlength=lists)[:, None]
    return (sums / np.maximum(counts, 1)).astype(np.float32)


def _together(wholes: Array, starts: Array) -> Iterator[npt.NDArray[np.int64]]:
    order = np.argsort(wholes, kind="stable")
    bounds = np.searchsorted(wholes[order], starts)
    for begin, end in itertools.pairwise(bounds.tolist()):
        for start in range(begin, end, TOGETHER):
            yield order[start : min(start + TOGETHER, end)]
