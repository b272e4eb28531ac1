"""The order of search results: meaning, wording and topics blended, then variety among reports.

Pure arithmetic on arrays; knows nothing of SQLite, FAISS or embedders. The weights were chosen by
leaving one report of samples/ 01 to 09 out at a time (docs/log.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MEANING = 0.85  # of meaning and wording together
TOPICS = 1.6  # beside 1 for meaning and wording together
RELEVANCE = 0.7
SAME_REPORT = 0.6
POOL = 60


def blend(meaning: Floats, wording: Floats, topics: Floats | None = None) -> Floats:
    """Combine cosines with BM25 scores and closeness of topics into one score like the cosines'.

    Cosines and BM25 scores are stretched over the sections before they are weighed, so that neither
    counts for more because its figures lie further apart. Where no wording is shared, or no topic
    known (`topics`, -1 to 1), the others count alone. The result lies within the cosines' range.
    """
    if not len(meaning):
        return meaning
    low, high = float(meaning.min()), float(meaning.max())
    worded = float(wording.max()) > 0
    if high <= low or not (worded or topics is not None):
        return meaning
    combined = (meaning - low) / (high - low)
    if worded:
        combined = MEANING * combined + (1 - MEANING) * wording / wording.max()
    if topics is not None:
        combined = (combined + TOPICS * (1 + topics) / 2) / (1 + TOPICS)
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
    some = vectors[pool]
    closeness = _stretch(dots(some[:, None], some[None]))
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


def dots(rows: Floats, others: Floats) -> Floats:
    """Return the products of the last axis, as `@` does, in this thread alone.

    `@` wakes a thread for each core; for the small products of one search waiting for them takes
    longer than reckoning, on a machine at work three times as long (docs/log.md).
    """
    found: Floats = np.vecdot(rows, others)
    return found


def _stretch(values: Floats) -> Floats:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.ones_like(values)
