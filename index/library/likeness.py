"""Whether two reports are the same report, give or take: shared character 5-grams.

Copies of one report circulate with another title, a changed year or a paragraph more. Punctuation
and spaces do not count. Knows nothing of meaning: two reports on one theme are not alike here.
"""

import re

SIZE = 5
ALIKE = 0.85
FEWEST = 40  # below this many 5-grams a shared phrase would decide
_MARKS = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")

Shingles = frozenset[str]


def plain(text: str) -> str:
    """Return the text's letters, digits and Chinese characters."""
    return _MARKS.sub("", text)


def shingles(text: str) -> Shingles:
    """Return the set of 5-grams of the text's letters, digits and Chinese characters."""
    bare = plain(text)
    return frozenset(bare[i : i + SIZE] for i in range(max(1, len(bare) - SIZE + 1)))


def alike(one: Shingles, other: Shingles) -> bool:
    """Say whether one text is, at 0.85 of its 5-grams, the other or a part of it."""
    smaller = min(len(one), len(other))
    if smaller < FEWEST:
        return one == other
    return len(one & other) >= ALIKE * smaller
