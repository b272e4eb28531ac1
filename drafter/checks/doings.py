"""What a text does, and with which number: 慰问困难党员38人次 is 慰问, of 38人次.

A number's doing is the verb of data/doings.toml that stands before it in its clause, else the one
after it; numbers of a list share the verb before the list. No parse: an unknown verb is none.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drafter.data import load_table
from drafter.numbers import Quantity, find_quantities

_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
_KINDS = ("count", "money", "percent")
# 满意率 told as 参与率: what stands before 率 is a doing of its own kind.
_RATE = re.compile(r"([\u4e00-\u9fff]{2})(?:率|(?<=满意)度)(?=[\d为达到超是升提约近])")
_HAN = re.compile("[^\u4e00-\u9fff]")
# Letters between a number and its words that say nothing: 党员共26名, 党员达26名.
_FILL = re.compile("[共达约近了已均计有为的超逾到各就也还]+$|^[的了余多]+")


@dataclass(frozen=True, slots=True)
class Doing:
    """A verb at `start:end` of a text; `group` is its number in the table, -1 for one that says
    nothing by itself (开展), -2 for a rate."""

    start: int
    end: int
    word: str
    group: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A number with its clause `start:end` of the text, its doings, and the words beside it:
    `before` from the last number or verb on, `after` to the next number, without fillings."""

    quantity: Quantity
    start: int
    end: int
    doings: tuple[Doing, ...]
    before: str
    after: str
    adjacent: bool
    """Whether a doing stands right beside the number: 家访21户."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a group as patterns: those that are its doing, and all that tell it."""

    own: re.Pattern[str]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The table as patterns: `find` any word or compound, `groups` the group of each word, `forms`
    of words that are patterns themselves, `masks` the compounds."""

    find: re.Pattern[str]
    groups: dict[str, int]
    forms: tuple[tuple[re.Pattern[str], int], ...]
    words: tuple[Words, ...]
    masks: re.Pattern[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    table: dict[str, Any] = load_table("doings")
    same = load_table("retelling")["same"]["groups"]
    groups = dict.fromkeys(table["light"], -1)
    groups.update({word: n for n, row in enumerate(table["doing"]) for word in row["words"]})
    found = []
    for row in table["doing"]:
        also = [*row["also"]]
        for group in same:
            if any(word in group for word in row["words"]):
                also += group
        found.append(Words(re.compile("|".join(row["words"])), tuple(dict.fromkeys(also))))
    compounds = "|".join(sorted(table["compounds"], key=len, reverse=True))
    # The longest first. Most letters begin no word: looking at one first makes it fast.
    ordered = sorted([*table["compounds"], *groups], key=len, reverse=True)
    begin = "".join(sorted({word[0] for word in ordered}))
    return _Table(
        re.compile(f"(?=[{begin}])(?:{'|'.join(ordered)})"),
        groups,
        tuple((re.compile(word), n) for word, n in groups.items() if not word.isalpha()),
        tuple(found),
        re.compile(compounds),
    )


def words_of(group: int) -> Words:
    """Return the words that tell the doings of a group of the table."""
    return _table().words[group]


@lru_cache(maxsize=4096)
def without_compounds(text: str) -> str:
    """Return text of the same length in which words such as 慰问金 no longer read as a doing."""
    return _table().masks.sub(lambda match: "□" * len(match[0]), text)


@lru_cache(maxsize=4096)
def doings_of(text: str) -> tuple[Doing, ...]:
    """Return the doings of a text in order."""
    table = _table()
    found = []
    for match in table.find.finditer(text):
        group = table.groups.get(match[0])
        if group is None:
            group = next((n for form, n in table.forms if form.fullmatch(match[0])), None)
        if group is not None:
            found.append(Doing(*match.span(), match[0], group))
    for match in _RATE.finditer(text):
        found.append(Doing(*match.span(1), match[1], -2))
    return tuple(sorted(found, key=lambda one: one.start))


def accepts(one: Doing, other: Doing) -> bool:
    """Whether two doings may be one and the same."""
    if one.group == other.group and one.group >= 0:
        return True
    if one.group < 0 or other.group < 0:
        # Rates of one name or nearly so: 到会率, 参会率.
        return bool(set(one.word) & set(other.word)) or one.group != other.group
    if set(one.word) & set(other.word):
        return True
    return any(word in other.word for word in words_of(one.group).also) or any(
        word in one.word for word in words_of(other.group).also
    )


def _bare(words: str) -> str:
    return _FILL.sub("", _HAN.sub("", words))


@lru_cache(maxsize=4096)
def claims_of(text: str) -> tuple[Claim, ...]:
    """Return the numbers of a text with what is done with them, in order; dates have none."""
    every = [q for q in find_quantities(text, loose=True) if q.kind in _KINDS]
    if not every:
        return ()
    doings, found = doings_of(text), []
    for match in _CLAUSE.finditer(text):
        start, end = match.span()
        inside = [q for q in every if start <= q.start < end]
        own = [one for one in doings if start <= one.start < end]
        last: tuple[Doing, ...] = ()
        for at, quantity in enumerate(inside):
            left = inside[at - 1].end if at else start
            right = inside[at + 1].start if at + 1 < len(inside) else end
            before = tuple(d for d in own if left <= d.start and d.end <= quantity.start)
            # What stands between two numbers is done with the second.
            after = tuple(d for d in own if quantity.end <= d.start) if right == end else ()
            if any(d.group != -1 for d in before):
                last = before
            chosen = last or after
            near = text[before[-1].end if before else left : quantity.start]
            beside = bool(before) and before[-1].group != -1 and not _bare(near)
            words = _bare(text[left : quantity.start]), _bare(text[quantity.end : right])
            found.append(Claim(quantity, start, end, chosen, *words, beside))
    return tuple(found)
