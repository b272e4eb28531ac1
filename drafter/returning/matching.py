"""Which line of an edited text is which line of the draft. Pure.

Lines are compared by their letters, half-width: numbers of headings, punctuation, quotes and
spaces say nothing of which line it is. Lines that are the same are found wherever they stand;
edited ones by likeness, and by what stands beside them.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from drafter.numbers import narrow
from index.headings import find_mark

# From here two lines are one that was edited (as in export/changes.py); a heading and a line of
# text must be nearly the same words.
_ALIKE = 0.5
_ALIKE_ACROSS = 0.75
_ALIKE_BETWEEN = 0.1  # where the lines before and after are known and no other is in question
# What a neighbour in its place adds: enough to tell two edited lines apart that are worded alike.
_BESIDE = 0.1
# A line that is this much part of one of the draft's was split from it (rapidfuzz, 0..100).
_PART_OF = 85
_PART_LETTERS = 8
_MOST_PAIRS = 250_000
_MARKS = ("part", "one", "paren")


@dataclass(frozen=True, slots=True)
class Known:
    """A line of the draft: whose it is, and what it is compared by."""

    section: int
    is_heading: bool
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a line of the edited text goes back to: a place among the draft's lines, how like it is
    (0..1), and whether it is only a part of that line."""

    known: int
    likeness: float
    is_part: bool = False


def key_of(text: str) -> str:
    """Return what a line is compared by; punctuation alone stands for itself."""
    plain = narrow(text).lower()
    return "".join(c for c in plain if c.isalnum()) or re.sub(r"\s", "", plain)


def without_mark(text: str) -> tuple[str, str]:
    """Return (一、 or （一） as it stands, the heading after it); "" where there is no mark."""
    mark = find_mark(text)
    if mark is None or mark.kind not in _MARKS:
        return "", text
    return text[: mark.end].strip(), text[mark.end :].strip()


def likeness(one: str, other: str) -> float:
    """Return how alike two keys are, 0..1."""
    return Indel.normalized_similarity(one, other) if one and other else 0.0


def match_lines(
    known: Sequence[Known], keys: Sequence[str], headings: Sequence[bool]
) -> tuple[Match | None, ...]:
    """Return, for each line of the edited text, the draft's line it goes back to.

    `keys` are of the edited lines, headings without their number; `headings` says which look like
    headings. No two lines go back to the same line, save as parts of it.
    """
    work = _Matching(known, keys, headings)
    work.match_same()
    work.match_alike()
    work.match_between()
    return tuple(
        Match(at, score) if at is not None else work.part(place)
        for place, (at, score) in enumerate(zip(work.found, work.scores, strict=True))
    )


class _Matching:
    """The state of one matching: what each new line was found to be, and what is still free."""

    def __init__(
        self, known: Sequence[Known], keys: Sequence[str], headings: Sequence[bool]
    ) -> None:
        self.known = known
        self.keys = keys
        self.headings = headings
        self.found: list[int | None] = [None] * len(keys)
        self.scores = [0.0] * len(keys)
        self.free = set(range(len(known)))

    def take(self, place: int, at: int, score: float) -> None:
        self.found[place], self.scores[place] = at, score
        self.free.discard(at)

    def match_same(self) -> None:
        """Match equal lines: those there once, then by neighbours, then in order."""
        old: dict[str, list[int]] = defaultdict(list)
        new: dict[str, list[int]] = defaultdict(list)
        for at, line in enumerate(self.known):
            old[line.key].append(at)
        for place, key in enumerate(self.keys):
            new[key].append(place)
        for key, places in new.items():
            if len(places) == 1 and len(old.get(key, ())) == 1:
                self.take(places[0], old[key][0], 1.0)
        for step in (1, -1):
            order = range(len(self.keys)) if step == 1 else range(len(self.keys) - 1, -1, -1)
            for place in order:
                near = self._beside(place, step)
                is_free = self.found[place] is None and near is not None
                if is_free and near is not None and self.known[near].key == self.keys[place]:
                    self.take(place, near, 1.0)
        for key, places in new.items():
            rest = [at for at in old.get(key, ()) if at in self.free]
            left = [place for place in places if self.found[place] is None]
            for place, at in zip(left, rest, strict=False):
                self.take(place, at, 1.0)

    def _beside(self, place: int, step: int) -> int | None:
        """Return the free line next to what the neighbour before (1) or after (-1) was found."""
        other = place - step
        if not 0 <= other < len(self.keys):
            return None
        at = self.found[other]
        return at + step if at is not None and at + step in self.free else None

    def match_alike(self) -> None:
        """Match edited lines, the most alike first."""
        left = [place for place, at in enumerate(self.found) if at is None]
        if len(left) * len(self.free) > _MOST_PAIRS:
            return
        pairs = []
        for place in left:
            for at in sorted(self.free):
                score = self._likeness(place, at)
                if score:
                    near = sum(self._beside(place, step) == at for step in (1, -1))
                    pairs.append((score + _BESIDE * near, -abs(place - at), place, at, score))
        for _, _, place, at, score in sorted(pairs, reverse=True):
            if self.found[place] is None and at in self.free:
                self.take(place, at, score)

    def match_between(self) -> None:
        """Match lines that stand as many between the same two neighbours, if anything is shared."""
        marks = [(-1, -1), *((n, at) for n, at in enumerate(self.found) if at is not None)]
        marks.append((len(self.keys), len(self.known)))
        for (place, at), (next_place, next_at) in pairwise(marks):
            if next_at - at != next_place - place:
                continue
            for step in range(1, next_place - place):
                score = likeness(self.keys[place + step], self.known[at + step].key)
                same_kind = self.headings[place + step] == self.known[at + step].is_heading
                if at + step in self.free and same_kind and score >= _ALIKE_BETWEEN:
                    self.take(place + step, at + step, score)

    def _likeness(self, place: int, at: int) -> float:
        least = _ALIKE if self.headings[place] == self.known[at].is_heading else _ALIKE_ACROSS
        score = likeness(self.keys[place], self.known[at].key)
        return score if score >= least else 0.0

    def part(self, place: int) -> Match | None:
        """Return the line of text that an unmatched one was split from, None for a new one."""
        key = self.keys[place]
        if len(key) < _PART_LETTERS or len(self.keys) * len(self.known) > _MOST_PAIRS:
            return None
        best: tuple[float, int] = (0.0, -1)
        for at, line in enumerate(self.known):
            if not line.is_heading and len(line.key) > len(key):
                best = max(best, (fuzz.partial_ratio(key, line.key, score_cutoff=_PART_OF), at))
        return Match(best[1], best[0] / 100, is_part=True) if best[0] else None
