"""Where a text repeats an exemplar: runs of the same letters, also with a word changed between.

Punctuation and space do not count. What facts, published formulas (data/formulas.toml) and the
genre's common wording (data/shared_runs.toml) have is nobody's and is taken off each run.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.passages import covered, formula_letters, letters
from drafter.data import load_table

RUN = 13  # letters in a row from which wording counts as copied
_SEED = 6  # letters by which a shared place is found
_FREE = 8  # letters of a run that must be nobody else's
_CLAUSE = 10  # letters of a whole clause that is worth a look
_NEAR = 15  # letters that two stretches share in spite of a word changed between
_GAP = 3  # letters of such a change, on either side
_OWN = 4  # letters in a row that make a fact's wording
_ODD = 0.45  # oddness from which a run is some author's own
_LONG = 13  # letters of neither facts nor formulas in a run: nobody happens on so many
# but where they are official wording through and through, published though no table has it. Of 126
# copied runs of bench/faithful none is below 0.38, of 13 published runs of no table 8 are.
_FORMULA = 0.33
_PECULIAR = 0.65  # the same for a run shorter than `RUN`
_BREAK = re.compile(r"[，。；：、！？,;:!?\n—…（）()]")


@dataclass(frozen=True, slots=True)
class Copy:
    """A stretch of a text that an exemplar has too: `start:end` in the text, `exemplar` its place
    in the list, `size` the letters shared, `sure` False for a short clause, `changed` when words
    between were changed."""

    start: int
    end: int
    exemplar: int
    size: int
    sure: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Letters `start:end` of the text that stand at `other` in an exemplar; letters shared."""

    exemplar: int
    start: int
    end: int
    other: int
    size: int

    @property
    def other_end(self) -> int:
        return self.other + self.end - self.start


@lru_cache(maxsize=16)
def _seeds(
    exemplars: tuple[str, ...],
) -> tuple[tuple[str, ...], dict[str, tuple[tuple[int, int], ...]]]:
    """Letters of each exemplar, and where each run of six letters stands: (exemplar, place)."""
    bare = tuple(letters(exemplar)[0] for exemplar in exemplars)
    places: dict[str, list[tuple[int, int]]] = {}
    for number, text in enumerate(bare):
        for at in range(len(text) - _SEED + 1):
            places.setdefault(text[at : at + _SEED], []).append((number, at))
    return bare, {gram: tuple(found) for gram, found in places.items()}


@lru_cache(maxsize=1)
def _common() -> tuple[str, ...]:
    """Wording that is nobody's, as letters: formulas and the learned and written table."""
    table = load_table("shared_runs")
    words = {letters(word)[0] for key in ("phrases", "terms", "runs") for word in table[key]}
    words |= {letters(word)[0] for part in load_table("lead_ins").values() for word in part}
    # What the table of dated wording has was published too: 精准扶贫, 决胜脱贫攻坚.
    rows = (row["phrase"] for row in load_table("stale_phrases")["entry"])
    dated = (name for row in rows for name in (row if isinstance(row, list) else [row]))
    words |= {bare for bare in (letters(name)[0] for name in dated) if len(bare) > 3}
    return (*formula_letters(), *sorted(words - {""}))


@lru_cache(maxsize=1)
def _common_pairs() -> frozenset[str]:
    """Pairs of letters any report has: learned ones, and those of the wording that is nobody's."""
    learned = load_table("common_pairs")["pairs"].items()
    own = {word[at : at + 2] for word in _common() for at in range(len(word) - 1)}
    return frozenset(own | {first + second for first, many in learned for second in many})


def oddness(words: str) -> float:
    """Return the share (0..1) of the letter pairs of `words` that are no common wording.

    Of the copied runs of bench/faithful (2026-11-21) 79 of 85 have 0.5 or more, none below 0.38;
    what unrelated reports share has 0.42 or less.
    """
    pairs = [words[at : at + 2] for at in range(len(words) - 1)]
    return sum(pair not in _common_pairs() for pair in pairs) / len(pairs) if pairs else 0.0


@lru_cache(maxsize=16)
def _own_grams(own: tuple[str, ...]) -> frozenset[str]:
    bare = [letters(text)[0] for text in own]
    return frozenset(b[at : at + _OWN] for b in bare for at in range(len(b) - _OWN + 1))


@lru_cache(maxsize=512)
def _commonplace(bare: str) -> bytes:
    return bytes(covered(bare, _common()))


@lru_cache(maxsize=512)
def clause_starts(text: str) -> frozenset[int]:
    """Return the places among the letters of `text` where a clause begins, and its end."""
    offsets = letters(text)[1]
    starts = {
        at for at in range(1, len(offsets))
        if _BREAK.search(text, offsets[at - 1] + 1, offsets[at])
    }  # fmt: skip
    return frozenset({0, len(offsets), *starts})


def _blocks(bare: str, exemplars: tuple[str, ...]) -> list[_Block]:
    """Return the longest runs of six letters or more that `bare` shares with each exemplar."""
    others, seeds = _seeds(exemplars)
    done: dict[tuple[int, int], int] = {}
    found = []
    for at in range(len(bare) - _SEED + 1):
        for number, place in seeds.get(bare[at : at + _SEED], ()):
            if done.get((number, place - at), -1) > at:
                continue
            other, size = others[number], _SEED
            while (
                at + size < len(bare) and place + size < len(other)
                and bare[at + size] == other[place + size]
            ):  # fmt: skip
                size += 1
            done[number, place - at] = at + size
            found.append(_Block(number, at, at + size, place, size))
    return found


def _joined(blocks: Sequence[_Block]) -> list[tuple[_Block, tuple[int, int]]]:
    """Return blocks with a small change between as one: the block, and its end in the exemplar."""
    chains: list[tuple[_Block, tuple[int, int]]] = []
    for block in blocks:
        for at, (chain, (_, other_end)) in enumerate(chains):
            near = 0 <= block.start - chain.end <= _GAP and 0 <= block.other - other_end <= _GAP
            if near and chain.exemplar == block.exemplar:
                whole = _Block(
                    chain.exemplar, chain.start, block.end, chain.other, chain.size + block.size
                )
                chains[at] = whole, (chain.other, block.other_end)
                break
        else:
            chains.append((block, (block.other, block.other_end)))
    return chains


def own_letters(text: str, own: tuple[str, ...]) -> tuple[str, tuple[int, ...], bytearray]:
    """Return the letters of `text`, their offsets, and one flag a letter: 1 where it is neither
    commonplace nor wording of `own`."""
    bare, offsets = letters(text)
    free = bytearray(not flag for flag in _commonplace(bare))
    grams = _own_grams(own)
    for at in range(len(bare) - _OWN + 1):
        if bare[at : at + _OWN] in grams:
            free[at : at + _OWN] = bytes(_OWN)
    return bare, offsets, free


def find_copies(
    text: str, exemplars: tuple[str, ...], own: tuple[str, ...], *, peculiar: bool = False
) -> list[Copy]:
    """Return where `text` repeats one of `exemplars` and not `own`, in order, not overlapping.

    Sure: 13 letters in a row that are neither `own` nor commonplace nor official wording; 13 in a
    row, or 15 with a word changed between, in wording that is some author's own. Not sure: the same
    in common wording, a clause of 10 letters word for word, and with `peculiar` a run of 6 that is
    hardly anybody's wording; of each at least 8 (of a clause 9, of a peculiar run 6) must be
    neither.
    """
    bare, offsets, free = own_letters(text, own)
    blocks = _blocks(bare, exemplars)
    found: list[tuple[int, int, int, int, bool]] = []

    def odd(start: int, end: int) -> float:
        return oddness("".join(bare[at] for at in range(start, end) if free[at]))

    def surely(start: int, end: int) -> bool:
        long = sum(free[start:end]) >= _LONG
        return odd(start, end) >= (_FORMULA if long else _ODD)

    for block in blocks:
        if block.size >= RUN and sum(free[block.start : block.end]) >= _FREE:
            sure = surely(block.start, block.end)
            found.append((block.start, block.end, block.exemplar, block.size, sure))
    for chain, _ in _joined(blocks):
        gaps = chain.end - chain.start - chain.size
        if chain.size >= _NEAR and gaps and sum(free[chain.start : chain.end]) - gaps >= _FREE:
            sure = odd(chain.start, chain.end) >= _ODD
            found.append((chain.start, chain.end, chain.exemplar, chain.size, sure))
    for block in (block for block in blocks if block.size < RUN):
        own_part = sum(free[block.start : block.end])
        clause = block.size >= _CLAUSE and own_part > _FREE
        rare = peculiar and own_part >= _SEED and odd(block.start, block.end) >= _PECULIAR
        if rare or (clause and _is_clause(text, block, exemplars[block.exemplar])):
            found.append((block.start, block.end, block.exemplar, block.size, False))
    return _apart(found, offsets)


def _is_clause(text: str, block: _Block, exemplar: str) -> bool:
    here, there = clause_starts(text), clause_starts(exemplar)
    return {block.start, block.end} <= here and {block.other, block.other_end} <= there


def _apart(found: list[tuple[int, int, int, int, bool]], offsets: tuple[int, ...]) -> list[Copy]:
    """Return of overlapping stretches the surest, then the longest, in the text's order."""
    kept: list[tuple[int, int, int, int, bool]] = []

    def worth(copy: tuple[int, int, int, int, bool]) -> tuple[bool, bool, int]:
        start, end, _, size, sure = copy
        return not sure, end - start > size, -size

    for one in sorted(found, key=worth):
        if not any(one[0] < end and start < one[1] for start, end, *_ in kept):
            kept.append(one)
    return [
        Copy(offsets[start], offsets[end - 1] + 1, number, size, sure, end - start > size)
        for start, end, number, size, sure in sorted(kept)
    ]


def share(text: str, copies: Sequence[Copy]) -> float:
    """Return the share (0..1) of the letters of `text` that `copies` take up."""
    offsets = letters(text)[1]
    taken = sum(bisect_left(offsets, c.end) - bisect_left(offsets, c.start) for c in copies)
    return taken / len(offsets) if offsets else 0.0
