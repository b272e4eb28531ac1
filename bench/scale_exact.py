"""All sections of a synthetic library compared with a query, beside which `bench.scale` judges."""

import statistics
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench import scale_library as made
from index.library import ranking
from index.library.bm25 import K1, B
from index.library.catalogue import Catalogue
from index.library.grams import gram_codes
from index.library.large import places, reading
from index.library.records import units_of
from index.library.schema import DATABASE
from index.library.searching import FEW, apart
from index.library.topics import first_clause
from index.types import ROLES, Role

Floats = npt.NDArray[np.float32]

TOP = 10


class Exact:
    """All sections compared with a query, by the formulas of the library."""

    def __init__(self, folder: Path, of: made.Kinds) -> None:
        import faiss

        self.wholes = np.load(folder / "wholes.npy", mmap_mode="r", allow_pickle=False)
        kinds = np.load(folder / "kinds.npy", allow_pickle=False)
        self.headed = np.load(folder / "headings.npy", allow_pickle=False)
        self.roles = np.array([ROLES.index(role) for role in of.roles])[kinds]
        count = len(kinds)
        self._common = self.wholes.mean(axis=0, dtype=np.float64) * (count / (count + FEW))
        self._common = self._common.astype(np.float32)
        heads = of.heading_vectors[self.headed].mean(axis=0, dtype=np.float64)
        self._heads_common = (heads * (count / (count + FEW))).astype(np.float32)
        self._heads = apart(of.heading_vectors, self._heads_common)
        self._index = faiss.IndexFlatIP(made.DIMENSION)
        self._apart = np.empty((count, made.DIMENSION), np.float32)
        for begin in range(0, count, made.BATCH):
            some = np.asarray(self.wholes[begin : begin + made.BATCH])
            self._apart[begin : begin + made.BATCH] = apart(some, self._common)
        self._index.add(self._apart)
        self._gather_grams(folder, count)

    def _gather_grams(self, folder: Path, count: int) -> None:
        catalogue = Catalogue(folder / DATABASE)
        codes, owners, last = [], [], 0
        while block := places.sections_after(catalogue, last, count, reading.SECTIONS):
            if not all(units_of(section) for _, section in block):
                raise RuntimeError("a section without a text")
            found, owner = gram_codes([reading.worded(s) for _, s in block], 24)
            codes.append(found)
            owners.append(owner + np.int32(block[0][0] - 1))
            last = block[-1][0]
        catalogue.close()
        self._codes, self._owners = np.concatenate(codes), np.concatenate(owners)
        self._lengths = np.bincount(self._owners, minlength=count).astype(np.float32)

    def best(
        self, vectors: dict[str, Floats], text: str, role: Role | None
    ) -> dict[bool, list[int]]:
        """Return the best ten, in order of closeness alone and with variety (True)."""
        scores = self._scores(vectors, text)
        wanted = (
            np.arange(len(scores))
            if role is None
            else np.flatnonzero(self.roles == ROLES.index(role))
        )
        pool = wanted[np.argsort(-scores[wanted], kind="stable")[: ranking.POOL]]
        reports = [str(i // made.PER_REPORT) for i in pool.tolist()]
        varied = ranking.diverse(
            scores[pool], np.asarray(self.wholes[np.sort(pool)])[np.argsort(np.argsort(pool))],
            reports, range(len(pool)), TOP,
        )  # fmt: skip
        return {False: pool[:TOP].tolist(), True: [int(pool[i]) for i in varied]}

    def _scores(self, vectors: dict[str, Floats], text: str) -> Floats:
        query = apart(vectors[text][None], self._common)
        wholes = self._apart @ query[0]
        heading_query = apart(vectors[first_clause(text)][None], self._heads_common)[0]
        meaning = ((self._heads @ heading_query)[self.headed] + wholes) / 2
        return ranking.blend(meaning.astype(np.float32), self._wording(text))

    def _wording(self, text: str) -> Floats:
        """Return BM25 of all sections, from every gram of the query."""
        count = len(self._lengths)
        damping = K1 * (1 - B + B * self._lengths / self._lengths.mean())
        scores = np.zeros(count, np.float32)
        codes, times = np.unique(gram_codes([text], 24)[0], return_counts=True)
        asked = np.zeros(1 << 24, np.bool_)
        asked[codes] = True
        hit = np.flatnonzero(asked[self._codes])
        hit_codes, hit_owners = self._codes[hit], self._owners[hit]
        order = np.argsort(hit_codes, kind="stable")
        bounds = np.searchsorted(hit_codes[order], codes, side="left")
        ends = np.searchsorted(hit_codes[order], codes, side="right")
        for begin, end, often in zip(bounds, ends, times, strict=True):
            owners, counts = np.unique(hit_owners[order[begin:end]], return_counts=True)
            rarity = np.log(1 + (count - len(owners) + 0.5) / (len(owners) + 0.5))
            part = counts.astype(np.float32)
            scores[owners] += often * rarity * (K1 + 1) * part / (part + damping[owners])
        return scores

    def flat_ms(self, vectors: dict[str, Floats], texts: list[str]) -> float:
        """Return what FAISS's exact index takes for the ten closest wholes, on two threads."""
        times = []
        for text in texts[:20]:
            query = apart(vectors[text][None], self._common)
            began = time.perf_counter()
            self._index.search(query, TOP)
            times.append(1000 * (time.perf_counter() - began))
        return statistics.median(times)
