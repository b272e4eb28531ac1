"""One block of a library: what an index needs of its next sections, in a file of its own.

A block that is finished is never read again, also by a process that goes on after another was
killed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.lasting import put_in_place
from index.library import records
from index.library.catalogue import Catalogue
from index.library.grams import gram_codes, lengths_of
from index.library.importing import mismatch
from index.library.large import places
from index.library.searching import HEADING_WEIGHT
from index.library.topics import TopicsOf, own_topics
from index.types import ROLES, Embedder, Section

SECTIONS = 16_384  # of one block; a section's number in it fits 16 bits
TIMES = 255  # a gram that occurs more often in one section counts so often
Arrays = Mapping[str, npt.NDArray[Any]]


def read_block(
    catalogue: Catalogue,
    embedder: Embedder,
    after: int,
    up_to: int,
    bits: int,
    topics_of: TopicsOf | None,
) -> Arrays | None:
    """Return what the sections of the next block are found by, None when there is none left.

    Sections without a text have no units; they are left out. Raises LibraryMismatch.
    """
    found = places.sections_after(catalogue, after, up_to, SECTIONS)
    if not found:
        return None
    kept = [(place, section) for place, section in found if records.units_of(section)]
    sections = [section for _, section in kept]
    reports = sorted({section.report for section in sections})
    number = {report: i for i, report in enumerate(reports)}
    return {
        "last": np.array([found[-1][0]]),
        "counted": np.array([len(found)]),
        "places": np.array([place for place, _ in kept], np.int64),
        "report_ids": np.array(reports, np.str_),
        "reports": np.array([number[s.report] for s in sections], np.int32),
        "roles": np.array([ROLES.index(s.role) for s in sections], np.int8),
        "unheaded": np.array([not records.heading_of(s) for s in sections], np.bool_),
        **_vectors(catalogue, embedder, sections),
        **_grams(sections, bits),
        **_topics(sections, topics_of),
    }


def save_block(path: Path, block: Arrays) -> None:
    """Write a block, whole or not at all. Raises OSError."""
    part = path.with_suffix(".part")
    with part.open("wb") as opened:
        np.savez(opened, allow_pickle=False, **dict(block))
    put_in_place(part, path)


def load_block(path: Path, names: Sequence[str]) -> Arrays:
    """Return some arrays of a block. Raises OSError, ValueError."""
    with np.load(path, allow_pickle=False) as found:
        return {name: found[name] for name in names}


def worded(section: Section) -> str:
    """Return the text whose wording is compared: the heading several times, then the text."""
    return f"{section.heading or ''}\n" * HEADING_WEIGHT + section.text


def _vectors(catalogue: Catalogue, embedder: Embedder, sections: Sequence[Section]) -> Arrays:
    """Return headings (zero where there is none), wholes and points as SQLite has them."""
    wholes = [records.hash_of(records.whole_of(s)) for s in sections]
    headings = [records.hash_of(h[0]) if (h := records.heading_of(s)) else "" for s in sections]
    points = [[records.hash_of(p) for p in records.points_of(s)] for s in sections]
    every = [*wholes, *headings, *(key for keys in points for key in keys)]
    known = places.vectors_of(catalogue, embedder.name, [key for key in every if key])
    if any(key not in known for key in every if key):
        raise mismatch()
    known[""] = np.zeros(embedder.dimension, np.float32)

    def rows(keys: Sequence[str]) -> npt.NDArray[np.float16]:
        found = np.zeros((len(keys), embedder.dimension), np.float16)
        for row, key in enumerate(keys):
            found[row] = known[key]
        return found

    return {
        "wholes": rows(wholes),
        "headings": rows(headings),
        "points": rows([key for keys in points for key in keys]),
        "point_counts": np.array([len(keys) for keys in points], np.int32),
    }


def _grams(sections: Sequence[Section], bits: int) -> Arrays:
    """Return the grams of all sections by code, each with its sections and times in them."""
    codes, owners = gram_codes([worded(s) for s in sections], bits)
    keyed = codes.astype(np.uint64) << np.uint64(16) | owners.astype(np.uint64)
    both, times = np.unique(keyed, return_counts=True)
    different, counts = np.unique(both >> np.uint64(16), return_counts=True)
    return {
        "codes": different.astype(np.uint32),
        "code_counts": counts.astype(np.uint16),
        "gram_sections": (both & np.uint64(0xFFFF)).astype(np.uint16),
        "gram_times": np.minimum(times, TIMES).astype(np.uint8),
        "lengths": lengths_of(owners, len(sections)),
    }


def _topics(sections: Sequence[Section], topics_of: TopicsOf | None) -> Arrays:
    """Return the sections' own topics: their names, and a row for each section."""
    if not topics_of:
        return {}
    names, own = own_topics(sections, topics_of)
    return {"topic_names": np.array(names, np.str_), "topics": own.astype(np.float16)}
