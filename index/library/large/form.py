"""The files of a large index: plain arrays, mapped into memory, with a manifest beside them.

No file here can do more than put the wrong sections first: arrays are opened without pickle, and
the size, shape and SHA-256 of each is what the manifest says before any is used. What does not fit
is made anew from SQLite.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LAYOUT = 2  # of these files; another is made anew
MANIFEST = "manifest.json"
Array = npt.NDArray[Any]

# name -> (type, shape): n sections, e entries, l lists, d numbers of a vector, b codes of grams,
# p postings, r reports, t topics; +1 closes a list of beginnings.
ARRAYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "rows": ("|i1", ("e", "2d")),  # heading, text of each entry in the order of the lists
    "rest": ("|i1", ("e", "2d")),  # what 8 bits cannot tell of them
    "scales": ("<f4", ("e", "2")),  # what a row's numbers are multiplied by
    "owner": ("<i4", ("e",)),  # the section of an entry
    "starts": ("<i8", ("l+1",)),  # where each list begins
    "centroids": ("<f4", ("l", "2d")),
    "list_topics": ("<f4", ("l", "t")),
    "entries": ("<i4", ("e",)),  # the entries of each section, its whole first
    "firsts": ("<i8", ("n+1",)),  # where those of a section begin in `entries`
    "places": ("<i8", ("n",)),
    "reports": ("<i4", ("n",)),  # number of the section's report in report_ids.json
    "roles": ("|i1", ("n",)),
    "unheaded": ("|b1", ("n",)),
    "lengths": ("<f4", ("n",)),  # grams of a section
    "shared": ("<f4", ("3", "d")),  # what all headings, wholes, points have in common
    "seen": ("<i4", ("b",)),  # in how many sections a gram occurs
    "gram_starts": ("<i8", ("b+1",)),
    "gram_sections": ("<i4", ("p",)),
    "gram_parts": ("|u1", ("p",)),  # of what a gram is worth, what it adds to this section
    "mixed": ("<f2", ("n", "t")),
    "apart": ("<f2", ("n", "t")),
    "topics_shared": ("<f4", ("t",)),
}
REPORTS = "report_ids.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made of. `token` is noted in the library it was made from, and nowhere
    else; `up_to` the last place it knows, `counted` the sections there were up to it; `bits` those
    of a gram's code."""

    layout: int
    token: str
    embedder: str
    dimension: int
    up_to: int
    bits: int
    counted: int
    topics: tuple[str, ...] | None  # None: nobody told what a text speaks of
    sizes: Mapping[str, int]
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """An index as it lies on the disk, opened."""

    manifest: Manifest
    arrays: Mapping[str, Array]
    report_ids: tuple[str, ...]

    def __getitem__(self, name: str) -> Array:
        """Return an array by its name in `ARRAYS`."""
        return self.arrays[name]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, which makes the files around it an index."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def open_form(folder: Path, token: str, embedder: str, dimension: int) -> Form | None:
    """Return the index in a folder, None where there is none, or another, or one that is damaged.

    Reads every byte once to compare hashes: about a second per gigabyte.
    """
    try:
        manifest = _manifest(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        if (manifest.layout, manifest.token) != (LAYOUT, token) or not token:
            return None
        if (manifest.embedder, manifest.dimension) != (embedder, dimension):
            return None
        files = [f"{name}.npy" for name in ARRAYS] + [REPORTS]
        if any(sha256(folder / file) != manifest.hashes[file] for file in files):
            return None
        arrays = {name: _mapped(folder / f"{name}.npy", name, manifest) for name in ARRAYS}
        ids = json.loads((folder / REPORTS).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Form(manifest, arrays, tuple(str(one) for one in ids))


def sha256(path: Path) -> str:
    """Return the hash of a file, in hex. Raises OSError."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def shape_of(name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Return the shape an array must have."""
    shape = []
    for one in ARRAYS[name][1]:
        plain = one.removesuffix("+1")
        times = int(plain) if plain.isdigit() else sizes[plain[-1]] * int(plain[:-1] or 1)
        shape.append(times + (plain != one))
    return tuple(shape)


def _manifest(read: dict[str, Any]) -> Manifest:
    topics = read["topics"]
    return Manifest(**{**read, "topics": None if topics is None else tuple(topics)})


def _mapped(path: Path, name: str, manifest: Manifest) -> Array:
    # An array of no length cannot be mapped.
    empty = 0 in shape_of(name, manifest.sizes)
    found: Array = np.load(path, mmap_mode=None if empty else "r", allow_pickle=False)
    if (found.dtype.str, found.shape) != (ARRAYS[name][0], shape_of(name, manifest.sizes)):
        raise ValueError(f"{name} has another form")
    return found.view(np.ndarray)  # the same bytes; a memmap does more each time it is cut
