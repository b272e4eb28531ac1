"""The order of search results: meaning blended with wording, then variety among reports.

Pure arithmetic on arrays; knows nothing of SQLite, FAISS or embedders. The weights were chosen by
leaving one report of samples/ out at a time (docs/log.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MEANING = 0.5
RELEVANCE = 0.7
SAME_REPORT = 0.6
POOL = 60


def blend(meaning: Floats, wording: Floats) -> Floats:
    """Combine cosines with BM25 scores into one score on the scale of the cosines.

    Both are stretched over the library before they are weighed, so that neither counts for more
    because its figures lie further apart. Where no wording is shared, cosines alone count.
    """
    if not len(meaning):
        return meaning
    low, high = float(meaning.min()), float(meaning.max())
    if high <= low or float(wording.max()) <= 0:
        return meaning
    stretched = (meaning - low) / (high - low)
    combined = MEANING * stretched + (1 - MEANING) * wording / wording.max()
    blended: Floats = (low + (high - low) * combined).astype(np.float32)
    return blended


def diverse(
    scores: Floats, vectors: Floats, reports: Sequence[str], candidates: Sequence[int], count: int
) -> list[int]:
    """Choose `count` of the candidates by maximal marginal relevance (Carbonell, Goldstein 1998).

    A candidate loses by how close its vector is to one already chosen, and by coming from a report
    that already has one, so that the best few are not all from one report. Best first by score.
    """
    pool = sorted(candidates, key=lambda i: -float(scores[i]))[: max(POOL, 3 * count)]
    if len(pool) <= 1:
        return pool
    relevance = _stretch(scores[pool])
    closeness = _stretch(vectors[pool] @ vectors[pool].T)
    same = np.array([[reports[i] == reports[j] for j in pool] for i in pool])
    closeness = np.maximum(closeness, SAME_REPORT * same)
    chosen: list[int] = []
    left = list(range(len(pool)))
    while left and len(chosen) < count:
        nearest = closeness[:, chosen].max(axis=1) if chosen else np.zeros(len(pool))
        worth = RELEVANCE * relevance - (1 - RELEVANCE) * nearest
        best = max(left, key=lambda i: float(worth[i]))
        chosen.append(best)
        left.remove(best)
    return sorted((pool[i] for i in chosen), key=lambda i: -float(scores[i]))


def _stretch(values: Floats) -> Floats:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.ones_like(values)
