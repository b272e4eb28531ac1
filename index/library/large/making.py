"""An index made from SQLite, in steps that outlast the process: what is finished is kept.

    read      a file for each block of sections       the bulk of the work is in these two; a
    list      which list each entry belongs to        process that goes on skips what is there
    arrange   entries in the order of their lists, postings, topics; then the manifest

The finished index is a folder named by a token, which is then noted in the library: an index
without its token there (a library put back from a copy has another) is nobody's, and goes.
"""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.lasting import put_in_place
from index.library.catalogue import Catalogue
from index.library.large import arranging, grouping, places, reading
from index.library.large.form import LAYOUT, Array, Form, Manifest, open_form, write_manifest
from index.library.large.reading import Arrays
from index.library.large.wording import bits_for
from index.library.topics import TopicsOf
from index.types import Embedder

FOLDER = "search"
MAKING = "making"
WORK = "work.json"
MIDDLES = "middles.npy"
MADE = "large_index"  # what the token of the finished index is noted under
BEGUN = "large_index_work"

Tell = Callable[[str], None]
"""Called with each step, in Chinese; may raise to stop between two of them."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is being made: for which embedder, up to which place; noted before the first block."""

    layout: int
    token: str
    embedder: str
    dimension: int
    up_to: int
    bits: int
    topics: bool


def open_index(
    library: Path, catalogue: Catalogue, embedder: Embedder, topics_of: TopicsOf | None
) -> Form | None:
    """Return the library's index where there is one that fits it, its embedder and its topics."""
    token = places.mark(catalogue, MADE)
    found = open_form(library / FOLDER / token, token, embedder.name, embedder.dimension)
    if found and topics_of and found.manifest.topics is None:
        return None
    return found


def make_index(
    library: Path,
    catalogue: Catalogue,
    embedder: Embedder,
    topics_of: TopicsOf | None,
    tell: Tell,
) -> None:
    """Make an index of all sections there are, or go on with one whose making was cut short.

    Raises LibraryMismatch, OSError, and what `tell` raises; finished blocks then stay.
    """
    folder = library / FOLDER / MAKING
    work = _work(folder, catalogue, embedder, topics_of)
    blocks = _read_all(folder, work, catalogue, embedder, topics_of, tell)
    shared = grouping.shared_of(_each(blocks, ("unheaded", *grouping.KINDS)))
    lists = _list_all(folder, blocks, shared, tell)
    tell("正在整理检索索引：排列段落")
    made = folder / "made"
    shutil.rmtree(made, ignore_errors=True)  # half of it may be there
    made.mkdir()
    sizes, topics = arranging.arrange(made, blocks, lists, folder / MIDDLES, shared, work.bits)
    counted = sum(int(block["counted"][0]) for block in _each(blocks, ("counted",)))
    write_manifest(
        made,
        Manifest(
            LAYOUT, work.token, work.embedder, work.dimension, work.up_to, work.bits,
            counted, topics if work.topics else None, sizes, arranging.hashes(made),
        ),
    )  # fmt: skip
    target = library / FOLDER / work.token
    shutil.rmtree(target, ignore_errors=True)  # put there, not noted: the last making ended between
    made.replace(target)
    places.put_marks(catalogue, {MADE: work.token, BEGUN: ""})
    drop_others(library, work.token)


def drop_others(library: Path, token: str) -> None:
    """Remove what is left of other indexes; one that is still open on Windows stays for now."""
    for folder in (library / FOLDER).glob("*"):
        if folder.name != token and folder.is_dir():  # not the lock: opening it gives it back
            shutil.rmtree(folder, ignore_errors=True)


def _work(
    folder: Path, catalogue: Catalogue, embedder: Embedder, topics_of: TopicsOf | None
) -> Work:
    """Return the work that was begun where it can go on, else a new one."""
    begun = _begun(folder)
    same = begun and (begun.layout, begun.embedder, begun.dimension, begun.topics) == (
        LAYOUT, embedder.name, embedder.dimension, topics_of is not None,
    )  # fmt: skip
    if begun and same and begun.token == places.mark(catalogue, BEGUN):
        return begun
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    up_to = places.last_place(catalogue)
    bits = bits_for(places.count_between(catalogue, 0, up_to))
    work = Work(
        *(LAYOUT, secrets.token_hex(8), embedder.name, embedder.dimension, up_to, bits),
        topics_of is not None,
    )
    part = folder / f"{WORK}.part"
    part.write_text(json.dumps({name: getattr(work, name) for name in Work.__slots__}), "utf-8")
    places.put_marks(catalogue, {BEGUN: work.token})
    put_in_place(part, folder / WORK)
    return work


def _begun(folder: Path) -> Work | None:
    try:
        return Work(**json.loads((folder / WORK).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _read_all(
    folder: Path,
    work: Work,
    catalogue: Catalogue,
    embedder: Embedder,
    topics_of: TopicsOf | None,
    tell: Tell,
) -> list[Path]:
    blocks: list[Path] = []
    last = 0
    while True:
        path = folder / f"block-{len(blocks):05}.npz"
        known = _last_of(path)
        if known is None:
            tell(f"正在整理检索索引：已读 {len(blocks) * reading.SECTIONS} 个部分")
            block = reading.read_block(catalogue, embedder, last, work.up_to, work.bits, topics_of)
            if block is None:
                return blocks
            reading.save_block(path, block)
            known = int(block["last"][0])
        blocks.append(path)
        last = known


def _last_of(path: Path) -> int | None:
    """Return the last place of a finished block, None where it must be read (again)."""
    try:
        return int(reading.load_block(path, ("last",))["last"][0])
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _list_all(folder: Path, blocks: Sequence[Path], shared: Array, tell: Tell) -> list[Path]:
    """Teach the lists and say of each block's entries where they belong."""
    names = ("unheaded", "point_counts", *grouping.KINDS)
    middles = folder / MIDDLES
    if not middles.exists():
        tell("正在整理检索索引：分组")
        entries = sum(int(grouping.entry_counts(b).sum()) for b in _each(blocks, names[1:2]))
        count = grouping.list_count(entries)
        share = -(-count * grouping.TAUGHT // len(blocks))
        sample = [grouping.some_wholes(b, shared, share) for b in _each(blocks, names)]
        _save(middles, grouping.teach(np.concatenate(sample), count))
    centroids = np.load(middles, allow_pickle=False)
    lists: list[Path] = []
    for number, path in enumerate(blocks):
        target = folder / f"lists-{number:05}.npy"
        if not target.exists():
            tell(f"正在整理检索索引：分组 {number + 1}/{len(blocks)}")
            rows, _ = grouping.entries_of(reading.load_block(path, names), shared)
            _save(target, grouping.assign(rows, centroids))
        lists.append(target)
    return lists


def _each(blocks: Sequence[Path], names: Sequence[str]) -> Iterator[Arrays]:
    for path in blocks:
        yield reading.load_block(path, names)


def _save(path: Path, array: Array) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as opened:
        np.save(opened, array)
    put_in_place(part, path)
