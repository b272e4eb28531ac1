"""From which size on a library is searched the large way."""

from dataclasses import dataclass

from index.memory import total_memory

SECTIONS = 20_000
"""Up to so many sections are compared one by one. An estimate, to be measured yet: the topics of a
library, which compare each section with every other when it is loaded, take seconds there."""

SHARE = 4  # a quarter of the memory of the machine, the rest is the model's
CHARACTER_BYTES = 220
"""What one character of a text takes in memory: its string, and the two grams that start at it as
entries of BM25's postings while they are collected (a tuple and its place in a list)."""
VECTOR_COPIES = 2  # as SQLite gives it, and in the FAISS index


@dataclass(frozen=True, slots=True)
class Size:
    """How large a library is: sections, characters of all reports, bytes of all vectors."""

    sections: int
    characters: int
    vector_bytes: int


def is_large(size: Size, memory: int | None = None) -> bool:
    """Say whether a library is searched the large way: by its sections, or where held whole it
    would take more than a quarter of the machine's memory (bytes; asked for if not given).
    """
    if size.sections > SECTIONS:
        return True
    room = memory if memory is not None else total_memory()
    needed = size.characters * CHARACTER_BYTES + size.vector_bytes * VECTOR_COPIES
    return room is not None and needed > room // SHARE
