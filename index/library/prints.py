"""Which reports may be near-duplicates of a text, without looking at every report.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of every 16 5-grams in a row one, that of the smallest
hash, is kept as a print. Two texts with 20 characters in a row in common share a print, and texts
that share 0.85 of their 5-grams (`likeness.ALIKE`) have such runs: changes that leave no run of 20
would break more 5-grams than that. Whether they are alike is then said by `likeness.alike`.
"""

import sqlite3
from collections.abc import Sequence

import numpy as np

from index.library import likeness

WINDOW = 16


def prints_of(text: str) -> tuple[int, ...]:
    """Return the prints of a text, ascending; at least one."""
    codes = np.frombuffer(likeness.plain(text).encode("utf-32-le", "surrogatepass"), "<u4")
    codes = codes.astype(np.uint64)
    count = max(1, len(codes) - likeness.SIZE + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(min(likeness.SIZE, len(codes))):
        hashes = (hashes * np.uint64(0x100000001B3)) ^ codes[place : place + count]
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(31)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, min(WINDOW, count))
    smallest = np.unique(windows.min(axis=1))
    return tuple((smallest >> np.uint64(2)).astype(np.int64).tolist())


def put(connection: sqlite3.Connection, report: str, prints: Sequence[int]) -> None:
    """Keep the prints of a report, inside a transaction."""
    connection.executemany(
        "INSERT OR IGNORE INTO prints VALUES (?, ?)", [(one, report) for one in prints]
    )
    connection.execute("UPDATE reports SET printed = 1 WHERE id = ?", (report,))


def drop(connection: sqlite3.Connection, report: str) -> None:
    """Forget the prints of a report that is still there, inside a transaction."""
    found = connection.execute("SELECT text FROM reports WHERE id = ?", (report,)).fetchone()
    if found:
        connection.executemany(
            "DELETE FROM prints WHERE print = ? AND report = ?",
            [(one, report) for one in prints_of(found[0])],
        )
