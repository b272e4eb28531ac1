"""The grams of `bm25.grams`, as numbers and for many texts at once.

A gram is known by a hash of its characters, cut to a number of bits; two grams that share a number
count as one, which only makes both look a little more common than they are.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int32]

_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, multiplicative hashing)


def gram_codes(texts: Sequence[str], bits: int) -> tuple[Codes, Numbers]:
    """Return the code of every gram, below 2**bits, and the text each is of, in no set order."""
    characters, owner = _characters(texts)
    kept = _counts(characters)
    wide = characters.astype(np.uint64)
    codes: list[Codes] = []
    owners: list[Numbers] = []
    run = kept[:-1] & kept[1:]
    for size in (2, 3):
        starts = np.flatnonzero(run)
        mixed = np.full(len(starts), size, np.uint64)
        for place in range(size):
            mixed = (mixed * np.uint64(0x10FFFF) + wide[starts + place]) * _MIX
            mixed ^= mixed >> np.uint64(29)
        codes.append((mixed >> np.uint64(64 - bits)).astype(np.uint32))
        owners.append(owner[starts])
        if size == 2:
            run = run[:-1] & kept[2:]
    return np.concatenate(codes), np.concatenate(owners)


def lengths_of(owners: Numbers, count: int) -> npt.NDArray[np.float32]:
    """Return how many grams each of `count` texts has."""
    return np.bincount(owners, minlength=count).astype(np.float32)


def _characters(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Numbers]:
    lowered = [text.lower() for text in texts]
    joined = "\n".join([*lowered, "\n"])  # one mark between texts: no gram goes across
    found = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) + 1 for text in lowered])
    return found, np.append(owner, np.int32(max(0, len(texts) - 1)))


def _counts(characters: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Say of each character whether grams are made of it: [0-9a-z\\u3400-\\u9fff]."""
    digit = (characters >= 0x30) & (characters <= 0x39)
    letter = (characters >= 0x61) & (characters <= 0x7A)
    chinese = (characters >= 0x3400) & (characters <= 0x9FFF)
    kept: npt.NDArray[np.bool_] = digit | letter | chinese
    return kept
