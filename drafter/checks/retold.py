"""Facts told twice in other words: the same numbers of the same things, in two sentences.

A number alone proves nothing (26件实事 may be taken up again); two of them with their nouns do, or
one with the verb and object before it. Numbers that the facts name as often as the draft are fine.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from drafter.checks.passages import letters, sentence_spans
from drafter.checks.recurring import free_letters
from drafter.numbers import Quantity, find_quantities
from drafter.types import Draft, DraftSection, Sources

_NEAR = 10  # letters on either side of a number that say what is counted
_BEFORE = 4  # letters of verb and object that make a single number a fact
_STOPS = re.compile("[，。；：、！？,;:!?\n]")
_QUOTED = re.compile(r"“[^“”\n]{0,30}”|《[^《》\n]{0,60}》")
# Two sentences of different sections must share this much of what they count.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class _Told:
    """A number where it stands: `clause` its span, `near` the letter pairs around it, `before` the
    letters that lead up to its end."""

    section: DraftSection
    sentence: int
    key: str
    clause: tuple[int, int]
    near: frozenset[str]
    before: str


def _pairs(text: str) -> frozenset[str]:
    bare = re.sub(r"[\d\s]+", "", letters(text)[0])
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def _counts(text: str) -> Iterator[Quantity]:
    return (q for q in find_quantities(text) if not q.form and not q.weak)


@lru_cache(maxsize=512)
def _told_in(section: DraftSection) -> tuple[_Told, ...]:
    text, spans, found = section.text, sentence_spans(section.text), []
    named = [match.span() for match in _QUOTED.finditer(text)]
    for quantity in _counts(text):
        if any(a < quantity.start < b for a, b in named):
            continue
        sentence = next((n for n, (a, b) in enumerate(spans) if a <= quantity.start < b), -1)
        marks = [m.start() for m in _STOPS.finditer(text, 0, quantity.start)]
        start = marks[-1] + 1 if marks else 0
        after = _STOPS.search(text, quantity.end)
        end = after.start() if after else len(text)
        near = text[max(start, quantity.start - _NEAR) : min(end, quantity.end + _NEAR)]
        lead = letters(text[start : quantity.end])[0]
        found.append(_Told(section, sentence, quantity.key, (start, end), _pairs(near), lead))
    return tuple(found)


def _same(one: _Told, other: _Told) -> bool:
    """Whether both numbers count the same thing: equal, and words around them shared."""
    return one.key == other.key and bool(one.near & other.near)


def retold(draft: Draft, sources: Sources) -> Iterator[tuple[DraftSection, int, int]]:
    """Yield section and span of each passage that tells again what an earlier sentence told."""
    told = [one for section in draft.sections for one in _told_in(section)]
    said = Counter(one.key for one in told)
    known = Counter(q.key for fact in sources.facts for q in _counts(fact.text))
    often = [one for one in told if said[one.key] > max(1, known[one.key])]
    groups: dict[tuple[str, int], list[_Told]] = {}
    for one in often:
        groups.setdefault((one.section.id, one.sentence), []).append(one)
    passages = list(groups.values())
    # Only passages with a number in common can tell the same: all others are passed over.
    places: dict[object, list[int]] = {}
    for at, later in enumerate(passages):
        keys = {one.key for one in later}
        nearby = sorted({place for key in keys for place in places.get(key, ())})
        for key in keys:
            places.setdefault(key, []).append(at)
        for place in nearby:
            if hits := _shared(passages[place], later):
                start = min(one.clause[0] for one in hits)
                yield later[0].section, start, max(one.clause[1] for one in hits)
                break


def _shared(earlier: list[_Told], later: list[_Told]) -> list[_Told]:
    """Return the numbers of `later` that tell `earlier` again; [] when it does not."""
    same_section = earlier[0].section.id == later[0].section.id
    hits = [one for one in later if any(_same(one, other) for other in earlier)]
    if len({one.key for one in hits}) >= 2:
        if same_section:
            return hits
        here = frozenset().union(*(one.near for one in hits))
        there = frozenset().union(*(one.near for one in earlier))
        return hits if len(here & there) >= _ALIKE * min(len(here), len(there)) else []
    if not same_section:
        return []
    return [one for one in hits if any(_leads_alike(one, other) for other in earlier)]


def _leads_alike(one: _Told, other: _Told) -> bool:
    """Whether the letters before both numbers, verb and object, are the same."""
    size = 0
    for a, b in zip(reversed(one.before), reversed(other.before), strict=False):
        if a != b:
            break
        size += 1
    number = len(re.search(r"[\d.%]*[^\d]{0,3}$", one.before)[0])  # type: ignore[index]
    return size - number >= _BEFORE


_SLOGAN = 14  # letters of a clause whose twin in other words is told
_TWIN = 0.75  # share of letters in the same order
_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")


@lru_cache(maxsize=512)
def _slogans(text: str) -> tuple[tuple[int, int, str, frozenset[str]], ...]:
    """Return the long clauses of a text without numbers: span, letters, which letters."""
    _, offsets, exempt, _ = free_letters(text)
    found = []
    for match in _CLAUSE.finditer(text):
        first, last = bisect_left(offsets, match.start()), bisect_left(offsets, match.end())
        bare = "".join(text[offsets[at]] for at in range(first, last) if not exempt[at])
        if len(bare) >= _SLOGAN and not re.search(r"\d", bare):
            found.append((*match.span(), bare, frozenset(bare)))
    return tuple(found)


@lru_cache(maxsize=4096)
def _twins(one: str, other: str) -> bool:
    return one != other and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _TWIN


def _is_said(bare: str, own: str) -> bool:
    """Whether a fact has half of a clause in a row."""
    size = len(bare) // 2
    return any(bare[at : at + size] in own for at in range(len(bare) - size + 1))


def reworded(draft: Draft, sources: Sources) -> Iterator[tuple[DraftSection, int, int]]:
    """Yield section and span of each long clause that stands before with a few words changed.

    What a fact says is left alone: a problem and its measure share their words.
    """
    own = "\n".join(letters(fact.text)[0] for fact in sources.facts)
    before: list[tuple[str, frozenset[str]]] = []
    for section in draft.sections:
        for start, end, bare, used in _slogans(section.text):
            alike = (
                other for other, letters_used in before
                if len(used & letters_used) >= _TWIN * max(len(used), len(letters_used))
            )  # fmt: skip
            if not _is_said(bare, own) and any(_twins(bare, other) for other in alike):
                yield section, start, end
            before.append((bare, used))
