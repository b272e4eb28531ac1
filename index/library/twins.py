"""The near-duplicates of a text among the reports of a library.

What shares a few prints is looked at whole, so that a report is not compared with every other: an
import of many takes time in proportion to their number.
"""

from collections import Counter

from index.library import likeness, prints, records
from index.library.catalogue import Catalogue

PER_PRINT = 256
"""Reports looked at for one print. A print that more reports have is a set phrase; a near-duplicate
shares the rarer ones too."""
SHARE = 0.05  # of the shorter text's prints; near-duplicates share a third or more
PRINTS_A_CHARACTER = 0.1  # 2 of 17 5-grams, and some characters are marks
AT_ONCE = 400


def twins_of(catalogue: Catalogue, text: str) -> tuple[records.Identity, ...]:
    """Return the near-duplicates of a text, in the order they came in."""
    _complete(catalogue)
    found = _likely(catalogue, text)
    if not found:
        return ()
    mine = likeness.shingles(text)
    return tuple(
        report
        for report in catalogue.identities_of(found)
        if likeness.alike(mine, likeness.shingles(catalogue.text(report.id)))
    )


def _complete(catalogue: Catalogue) -> None:
    """Give prints to the reports that have none: those an older version put in."""
    for row in catalogue.rows("SELECT id FROM reports WHERE printed = 0"):
        made = prints.prints_of(catalogue.text(row["id"]))
        with catalogue.writing() as connection:
            prints.put(connection, row["id"], made)


def _likely(catalogue: Catalogue, text: str) -> list[str]:
    """Return the ids of the reports that share enough prints with a text."""
    mine = prints.prints_of(text)
    shared: Counter[str] = Counter()
    for one in mine:
        rows = catalogue.rows("SELECT report FROM prints WHERE print = ? LIMIT ?", one, PER_PRINT)
        shared.update(str(row["report"]) for row in rows)
    lengths = catalogue.characters_of(list(shared))
    return [
        report
        for report, length in lengths.items()
        if shared[report] >= SHARE * min(len(mine), PRINTS_A_CHARACTER * length)
    ]
