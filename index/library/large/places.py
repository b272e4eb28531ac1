"""SQL of the large way: sections by their place, vectors by the hash of their text, marks.

A section's place is a number given once and never again, also after it is gone: a newer version
of a section has another. So an index that was made up to some place can say what came after it.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.library import records
from index.library.catalogue import Catalogue, Vector
from index.library.large import sizing
from index.library.large.sizing import Size
from index.types import Section

AT_ONCE = 500  # values of one statement


def mark(catalogue: Catalogue, name: str) -> str:
    """Return what was noted under a name, "" where nothing was."""
    rows = catalogue.rows("SELECT value FROM marks WHERE name = ?", name)
    return str(rows[0][0]) if rows else ""


def put_marks(catalogue: Catalogue, marks: Mapping[str, str]) -> None:
    """Note values under their names, all or none."""
    with catalogue.writing() as connection:
        connection.executemany("INSERT OR REPLACE INTO marks VALUES (?, ?)", marks.items())


def last_place(catalogue: Catalogue) -> int:
    """Return the highest place in use, 0 in an empty library."""
    return int(catalogue.rows("SELECT coalesce(max(place), 0) FROM sections")[0][0])


def count_between(catalogue: Catalogue, after: int, up_to: int) -> int:
    """Return how many sections there are after one place and up to another."""
    query = "SELECT count(*) FROM sections WHERE place > ? AND place <= ?"
    return int(catalogue.rows(query, after, up_to)[0][0])


def places_up_to(catalogue: Catalogue, place: int) -> npt.NDArray[np.int64]:
    """Return the places in use up to one, ascending."""
    rows = catalogue.rows("SELECT place FROM sections WHERE place <= ? ORDER BY place", place)
    return np.fromiter((row[0] for row in rows), np.int64, len(rows))


def sections_after(
    catalogue: Catalogue, place: int, up_to: int, limit: int
) -> list[tuple[int, Section]]:
    """Return the next `limit` sections after a place, not beyond `up_to`, with their places."""
    rows = catalogue.rows(
        "SELECT * FROM sections WHERE place > ? AND place <= ? ORDER BY place LIMIT ?",
        *(place, up_to, limit),
    )
    return [(int(row["place"]), records.section_from(row)) for row in rows]


def sections_at(catalogue: Catalogue, places: Sequence[int]) -> dict[int, Section]:
    """Return the sections at these places; those that are gone are not in it."""
    found: dict[int, Section] = {}
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        query = f"SELECT * FROM sections WHERE place IN ({_marks(some)})"  # noqa: S608 - only "?"
        for row in catalogue.rows(query, *some):
            found[int(row["place"])] = records.section_from(row)
    return found


def vectors_of(catalogue: Catalogue, embedder: str, keys: Iterable[str]) -> dict[str, Vector]:
    """Return the vectors there are of these texts, by the hash of the text."""
    found: dict[str, Vector] = {}
    wanted = sorted(set(keys))  # in the order of the table, so that pages are met once
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        query = (
            "SELECT text_sha256, vector FROM vectors"  # noqa: S608 - only "?"
            f" WHERE embedder = ? AND text_sha256 IN ({_marks(some)})"
        )
        rows = catalogue.rows(query, embedder, *some)
        found.update((row[0], np.frombuffer(row[1], "<f4")) for row in rows)
    return found


def size_of(catalogue: Catalogue) -> Size:
    """Return the size of a library; of a large one only that it has more than `sizing.SECTIONS`."""
    few = "SELECT count(*) FROM (SELECT 1 FROM sections LIMIT ?)"
    sections = int(catalogue.rows(few, sizing.SECTIONS + 1)[0][0])
    if sections > sizing.SECTIONS:
        return Size(sections, 0, 0)
    characters = catalogue.rows("SELECT coalesce(sum(characters), 0) FROM reports")[0][0]
    vectors = catalogue.rows("SELECT coalesce(sum(length(vector)), 0) FROM vectors")[0][0]
    return Size(sections, int(characters), int(vectors))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
