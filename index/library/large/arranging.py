"""The last step of making an index: everything in the order in which a search reads it."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.library.large import grouping, kinship, wording
from index.library.large.form import ARRAYS, REPORTS, Array, sha256, shape_of
from index.library.large.reading import Arrays, load_block

PER_SECTION = ("places", "roles", "unheaded", "lengths")
GRAMS = ("codes", "code_counts", "gram_sections", "gram_times")

Floats = npt.NDArray[np.float32]


def arrange(
    folder: Path,
    blocks: Sequence[Path],
    lists: Sequence[Path],
    middles: Path,
    shared: Floats,
    bits: int,
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Write all arrays of an index into a folder; return its sizes and the names of its topics."""
    counts = [grouping.entry_counts(load_block(path, ("point_counts",))) for path in blocks]
    sizes = {
        "n": sum(len(some) for some in counts),
        "e": sum(int(some.sum()) for some in counts),
        "d": shared.shape[1],
        "b": 1 << bits,
    }
    save = _Saving(folder, sizes)
    starts, entries = _order(save, np.concatenate(counts), lists, middles)
    rows, scales = _entries(save, blocks, entries, shared)
    firsts = np.concatenate([[0], np.cumsum(np.concatenate(counts), dtype=np.int64)])
    save("firsts", firsts)
    save("shared", shared)
    for name in PER_SECTION:
        save(name, np.concatenate([load_block(path, (name,))[name] for path in blocks]))
    _reports(save, blocks)
    _postings(save, blocks, bits)
    names = _topics(save, blocks, entries[firsts[:-1]], rows, scales, starts)
    return sizes, names


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file of an index."""
    return {name: sha256(folder / name) for name in (*(f"{a}.npy" for a in ARRAYS), REPORTS)}


class _Saving:
    """Puts arrays into a folder under their names, in their form."""

    def __init__(self, folder: Path, sizes: dict[str, int]) -> None:
        self.folder = folder
        self.sizes = sizes

    def __call__(self, name: str, array: Array) -> None:
        np.save(self.folder / f"{name}.npy", np.ascontiguousarray(array, ARRAYS[name][0]))

    def empty(self, name: str) -> Array:
        """Make an array file to be filled in."""
        path, shape = self.folder / f"{name}.npy", shape_of(name, self.sizes)
        if 0 in shape:  # cannot be mapped
            self(name, np.zeros(shape))
            return np.zeros(shape, ARRAYS[name][0])
        made: Array = np.lib.format.open_memmap(path, "w+", np.dtype(ARRAYS[name][0]), shape)
        return made


def _order(
    save: _Saving, counts: Array, lists: Sequence[Path], middles: Path
) -> tuple[Array, Array]:
    """Give each entry its place; return where lists begin, and the entries of the sections."""
    centroids = np.load(middles, allow_pickle=False)
    save.sizes["l"] = len(centroids)
    belongs = np.concatenate([np.load(path, allow_pickle=False) for path in lists])
    order = np.argsort(belongs, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(belongs, minlength=len(centroids)))])
    entries = np.empty(len(order), np.int32)
    entries[order] = np.arange(len(order), dtype=np.int32)
    save("centroids", centroids)
    save("starts", starts)
    save("entries", entries)
    save("owner", np.repeat(np.arange(len(counts), dtype=np.int32), counts)[order])
    return starts, entries


def _entries(
    save: _Saving, blocks: Sequence[Path], entries: Array, shared: Floats
) -> tuple[Array, Array]:
    rows, rest, scales = (save.empty(name) for name in ("rows", "rest", "scales"))
    begun = 0
    for path in blocks:
        names = ("unheaded", "point_counts", *grouping.KINDS)
        some = grouping.packed(grouping.entries_of(load_block(path, names), shared)[0])
        where = entries[begun : begun + len(some.rows)]
        rows[where], rest[where], scales[where] = some.rows, some.rest, some.scales
        begun += len(where)
    return rows, scales


def _reports(save: _Saving, blocks: Sequence[Path]) -> None:
    known: dict[str, int] = {}
    numbers: list[Array] = []
    for path in blocks:
        block = load_block(path, ("report_ids", "reports"))
        mine = [known.setdefault(str(one), len(known)) for one in block["report_ids"]]
        numbers.append(np.array(mine, np.int32)[block["reports"]])
    save("reports", np.concatenate(numbers))
    (save.folder / REPORTS).write_text(json.dumps(list(known)), encoding="utf-8")


def _postings(save: _Saving, blocks: Sequence[Path], bits: int) -> None:
    seen = wording.seen_in((load_block(path, GRAMS) for path in blocks), bits)
    starts = wording.kept_starts(seen, save.sizes["n"])
    save.sizes["p"] = int(starts[-1])
    save("seen", seen)
    save("gram_starts", starts)
    sections, parts = save.empty("gram_sections"), save.empty("gram_parts")
    lengths = np.concatenate([load_block(path, ("lengths",))["lengths"] for path in blocks])
    damping = wording.damping_of(lengths, wording.average_of(lengths))
    wording.write_postings(_numbered(blocks), starts, damping, sections, parts)


def _numbered(blocks: Sequence[Path]) -> Iterator[tuple[int, Arrays]]:
    lengths = [len(load_block(path, ("places",))["places"]) for path in blocks]
    for path, first in zip(blocks, itertools.accumulate(lengths, initial=0), strict=False):
        yield first, load_block(path, GRAMS)


def _topics(
    save: _Saving, blocks: Sequence[Path], wholes: Array, rows: Array, scales: Array, starts: Array
) -> tuple[str, ...]:
    names: tuple[str, ...] = ()
    own = np.zeros((save.sizes["n"], 0), np.float32)
    if "topics" in _names_of(blocks[0]):
        read: list[Mapping[str, Array]] = [
            load_block(path, ("topic_names", "topics")) for path in blocks
        ]
        named = [tuple(str(name) for name in block["topic_names"]) for block in read]
        names, own = kinship.gathered(named, [block["topics"] for block in read])
    save.sizes["t"] = len(names)
    mixed = kinship.mixed_with_kin(own, wholes, rows, scales, starts) if names else own
    apart, shared = kinship.told_apart(mixed, own)
    save("mixed", mixed)
    save("apart", apart)
    save("topics_shared", shared)
    save("list_topics", kinship.of_lists(apart, wholes, starts))
    return names


def _names_of(path: Path) -> list[str]:
    with np.load(path, allow_pickle=False) as found:
        return list(found.files)
