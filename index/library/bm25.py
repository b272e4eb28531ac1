"""BM25 over character bigrams and trigrams: closeness in wording, with no dictionary.

Okapi BM25 (Robertson and Zaragoza 2009) with the usual k1 = 1.2, b = 0.75. Chinese needs no word
list this way, and set phrases of a report weigh as much as they are rare.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75
_RUNS = re.compile(r"[0-9a-z\u3400-\u9fff]+")


class Bm25:
    """The texts of a library, ready to be compared with a query."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(grams(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], np.float32)
        average = float(lengths.mean()) if len(texts) else 1.0
        self._damping = K1 * (1 - B + B * lengths / max(average, 1.0))
        self._size = len(texts)
        postings: dict[str, list[tuple[int, int]]] = {}
        for text, count in enumerate(counts):
            for gram, times in count.items():
                postings.setdefault(gram, []).append((text, times))
        self._postings = {gram: np.array(found, np.int32) for gram, found in postings.items()}

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """Return one score per text, 0 where it shares nothing with the query."""
        scores = np.zeros(self._size, np.float32)
        for gram, times in Counter(grams(query)).items():
            found = self._postings.get(gram)
            if found is None:
                continue
            where, frequency = found[:, 0], found[:, 1].astype(np.float32)
            rarity = math.log(1 + (self._size - len(where) + 0.5) / (len(where) + 0.5))
            weight = times * rarity * (K1 + 1)
            scores[where] += weight * frequency / (frequency + self._damping[where])
        return scores


def grams(text: str) -> list[str]:
    """Return the bigrams and trigrams of the runs of letters, digits and Chinese characters."""
    found: list[str] = []
    for run in _RUNS.findall(text.lower()):
        for size in (2, 3):
            found += [run[i : i + size] for i in range(len(run) - size + 1)]
    return found
