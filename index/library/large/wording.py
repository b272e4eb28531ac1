"""Which sections share wording with a query: postings of the grams that few sections have.

BM25 as in `bm25.py`, but only over grams that tell sections apart, the rarest first, up to a bound:
what most sections share moves the order of few. The exact score of a section that is chosen is
reckoned from its text (`exact`), with how often each gram occurs in the whole library.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library.bm25 import K1, B
from index.library.grams import gram_codes
from index.library.large.form import Array, Form
from index.library.large.reading import TIMES, Arrays

Floats = npt.NDArray[np.float32]

COMMON = 0.02  # a gram of more sections than this share has no postings
FEWEST = 1000  # but one of so few sections always has
# Postings looked at for one query, about 5 ms. Over 10^6 sections recall was .92 with half of them
# and .967 with these (docs/performance.md).
ENTRIES = 400_000
WHOLE = np.float32(255)  # a posting tells its gram's part of the score, below 1, in this many steps
QUICK_BITS = 16
BITS = (18, 24)  # of a gram's code, in small and in large libraries


def bits_for(sections: int) -> int:
    """Return how many bits a gram's code has: about 64 codes a section, within bounds."""
    return min(max(BITS[0], math.ceil(math.log2(max(1, sections) * 64))), BITS[1])


def seen_in(blocks: Iterable[Arrays], bits: int) -> npt.NDArray[np.int32]:
    """Return in how many sections each gram occurs."""
    seen = np.zeros(1 << bits, np.int32)
    for block in blocks:
        seen[block["codes"]] += block["code_counts"]
    return seen


def kept_starts(seen: npt.NDArray[np.int32], sections: int) -> npt.NDArray[np.int64]:
    """Return where each gram's postings begin, closed by their number; common grams have none."""
    kept = np.where(seen > max(FEWEST, COMMON * sections), 0, seen)
    return np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])


def write_postings(
    blocks: Iterable[tuple[int, Arrays]],
    starts: npt.NDArray[np.int64],
    damping: Floats,
    sections: Array,
    parts: Array,
) -> None:
    """Fill in the postings, block by block; each comes with the number of its first section.

    `damping` is that of all sections.
    """
    filled = starts[:-1].copy()
    for first, block in blocks:
        codes = block["codes"].astype(np.int64)
        counts = block["code_counts"].astype(np.int64)
        kept = starts[codes + 1] > starts[codes]
        each = np.repeat(kept, counts)
        codes, counts = codes[kept], counts[kept]
        begun = np.cumsum(counts) - counts
        target = np.repeat(filled[codes] - begun, counts) + np.arange(int(counts.sum()))
        owner = block["gram_sections"][each].astype(np.int32) + first
        often = block["gram_times"][each].astype(np.float32)
        sections[target] = owner
        parts[target] = np.maximum(np.rint(WHOLE * often / (often + damping[owner])), 1)
        filled[codes] += counts


@dataclass(frozen=True, slots=True)
class Weights:
    """The grams of a query, by code, ascending; how rare each is, as often as it occurs."""

    codes: npt.NDArray[np.int64]
    worth: Floats


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording of an index: of so many sections, of so many grams each on average."""

    form: Form
    sections: int
    average: float

    def weights(self, query: str) -> Weights:
        """Return the weight of each gram of a query."""
        codes, _ = gram_codes([query], self.form.manifest.bits)
        different, times = np.unique(codes.astype(np.int64), return_counts=True)
        seen = self.form["seen"][different].astype(np.float64)
        rarity = np.log(1 + (self.sections - seen + 0.5) / (seen + 0.5))
        return Weights(different, (times * rarity * (K1 + 1)).astype(np.float32))

    def scores(self, weights: Weights) -> Floats:
        """Return how close each section is by its rare grams, 0 where it shares none."""
        form, scores = self.form, np.zeros(self.sections, np.float32)
        begins = form["gram_starts"][weights.codes]
        ends = form["gram_starts"][weights.codes + 1]
        order = np.argsort(ends - begins, kind="stable")
        counts = (ends - begins)[order]
        order = order[(np.cumsum(counts) <= ENTRIES) & (counts > 0)]
        for gram in order.tolist():
            span = slice(int(begins[gram]), int(ends[gram]))
            where = form["gram_sections"][span]
            np.add.at(scores, where, form["gram_parts"][span] * (weights.worth[gram] / WHOLE))
        return scores

    def exact(self, weights: Weights, texts: Sequence[str]) -> Floats:
        """Return the BM25 score of texts, every gram counted."""
        if not len(weights.codes):
            return np.zeros(len(texts), np.float32)
        codes, owners = gram_codes(texts, self.form.manifest.bits)
        lengths = np.bincount(owners, minlength=len(texts)).astype(np.float32)
        asked = np.zeros(1 << QUICK_BITS, np.bool_)  # a quick look first: few are asked for
        asked[weights.codes & (len(asked) - 1)] = True
        hit = asked[codes & np.uint32(len(asked) - 1)]
        codes, owners = codes[hit].astype(np.int64), owners[hit].astype(np.int64)
        gram = np.minimum(np.searchsorted(weights.codes, codes), len(weights.codes) - 1)
        right = weights.codes[gram] == codes
        keys, times = np.unique(owners[right] << 32 | gram[right], return_counts=True)
        owner = keys >> 32
        often = np.minimum(times, TIMES).astype(np.float32)
        worth = weights.worth[keys & 0xFFFFFFFF]
        parts = worth * often / (often + damping_of(lengths, self.average)[owner])
        return np.bincount(owner, weights=parts, minlength=len(texts)).astype(np.float32)


def open_wording(form: Form) -> Wording:
    """Return the wording of an index, ready for queries."""
    lengths = np.asarray(form["lengths"])
    return Wording(form, len(lengths), average_of(lengths))


def average_of(lengths: Floats) -> float:
    """Return the average length, in grams."""
    return float(lengths.mean(dtype=np.float64)) if len(lengths) else 1.0


def damping_of(lengths: Floats, average: float) -> Floats:
    """Return by how much each length dampens how often a gram occurs."""
    damping: Floats = (K1 * (1 - B + B * lengths / max(average, 1.0))).astype(np.float32)
    return damping
