"""Lists that are nearly a fixed term's: as many items, all in place, but one or two of them wrong.

政治意识、全局意识、核心意识、看齐意识 has a stranger where 大局意识 belongs. A stranger counts when
it looks like the member it stands for, or when the term's name stands by. It does not know whether
a unit made up a list of its own that happens to share all but one member.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from drafter.checks.member_lists import DO, Term, members_in
from drafter.checks.passages import letters

Nearness = Literal["beside", "comma", "sentence", "none"]

_JOIN = r"[”\"]?\s*(?:[、，,；;]|[，,]?(?:和|及|与|以及))\s*[“\"]?"
_JOINED = re.compile(_JOIN + DO)
_ENDS = re.compile(r"[、，,；;。：:）)”\"“（(\n]|的|这|等|和|及|是|为|按|定期|召开|开展|落实|$")
_STOP = re.compile(r"[。；;！？\d\n]")
_QUOTED = re.compile(r"这?[“”\"（(]")
_LIKE = 0.4  # of 0..1: 批评与自我检查 is 0.71 like 批评与自我批评; 环境治理 is 0.25 like 污染防治
_ALIKE = 0.5  # the same without what all members of the term share
_TWIN = 0.7  # where the term has two members and the second alone must tell


@dataclass(frozen=True, slots=True)
class NearList:
    """A list at `start:end` with every member of `term` in place or a stranger for it."""

    term: Term
    start: int
    end: int
    strangers: tuple[tuple[str, str], ...]  # (as written, the member it stands for)
    cut: bool = False  # the last members are left out, the strangers stand between others


@lru_cache(maxsize=4096)
def likeness(one: str, other: str) -> float:
    """Return the share (0..1) of letters two words have in common, in order."""
    if not one or not other:
        return 0.0
    row = [0] * (len(other) + 1)
    for char in one:
        before = 0
        for at, against in enumerate(other, 1):
            held = row[at]
            row[at] = before + 1 if char == against else max(held, row[at - 1])
            before = held
    return 2 * row[-1] / (len(one) + len(other))


@lru_cache(maxsize=512)
def _shared(members: tuple[str, ...]) -> tuple[str, str]:
    """Return what all members begin and end with: 全面, or 意识."""
    bare = [letters(member)[0] for member in members]
    shortest = min(map(len, bare))
    front = next(n for n in range(shortest, -1, -1) if len({one[:n] for one in bare}) == 1)
    back = next(n for n in range(shortest - front, -1, -1) if len({o[-n:] for o in bare if n}) <= 1)
    return bare[0][:front], bare[0][len(bare[0]) - back :]


def _left(text: str, start: int, member: str) -> tuple[int, str] | None:
    """The item before `start`, as long as `member`: its offset and its words."""
    joint = re.search(rf"(?:{_JOIN})$", text[max(0, start - 6) : start])
    if joint is None:
        return None
    end = start - len(joint[0])
    held = re.split(r"[、，,；;。：:（(\n]", text[max(0, end - 40) : end])[-1]
    size = len(letters(member)[0])
    bare, offsets = letters(held)
    if len(bare) < max(2, size - 2):
        return None
    begin = end - len(held) + offsets[max(0, len(bare) - size)]
    return begin, text[begin:end]


def _right(text: str, end: int, member: str, back: str) -> tuple[int, str] | None:
    """The item after `end`, cut where it looks most like `member`: its end and its words."""
    joint = _JOINED.match(text, end)
    if joint is None:
        return None
    begin, wanted = joint.end(), letters(member)[0]
    reach = text[begin : begin + len(wanted) * 2 + 6]
    for stop in (_STOP.search(reach), None if "“" in member else _QUOTED.search(reach)):
        reach = reach[: stop.start()] if stop and stop.start() < len(reach) else reach
    cuts = [found.start() for found in _ENDS.finditer(reach) if found.start() >= 2]
    cuts.append(min(len(wanted) + member.count("、"), len(reach)))
    if len(back) > 1:  # 党的建设逐项领会: where the item ends as all members do
        cuts += [found.end() for found in re.finditer(re.escape(back), reach)]
    items = [reach[:cut] for cut in cuts if len(letters(reach[:cut])[0]) >= 2]
    if not items:
        return None
    best = max(items, key=lambda item: likeness(letters(item)[0], wanted))
    if member.count("、") > best.count("、"):
        best = _doubled(reach, best, member)
    return begin + len(best), best


def _doubled(reach: str, item: str, member: str) -> str:
    """A stranger for 敢于斗争、善于斗争 with its second half, where that has a like length."""
    for cut in (found.start() for found in _ENDS.finditer(reach)):
        longer = reach[:cut]
        if longer.startswith(item + "、") and longer.count("、") == member.count("、"):
            rest = longer.rsplit("、", 1)[1]
            if 2 <= len(rest) <= len(member.rsplit("、", 1)[1]) + 2:
                return longer
    return item


def _between(text: str, start: int, end: int, members: tuple[str, ...]) -> list[str] | None:
    """The strangers of `text[start:end]`, as many as `members`; None where they do not fit."""
    within = text[start:end]
    first = _JOINED.match(within)
    last = re.search(rf"(?:{_JOIN}){DO}$", within)
    if first is None or last is None or first.end() > last.start() or _STOP.search(within):
        return None
    inner = within[first.end() : last.start()]
    items = [inner] if len(members) == 1 else re.split(r"[、，,]", inner)
    if len(items) != len(members):
        return None
    sizes = [(len(letters(i)[0]), len(letters(m)[0])) for i, m in zip(items, members, strict=True)]
    if any(not 2 <= size <= 2 * wanted + 4 for size, wanted in sizes):
        return None
    commas = len(re.findall(r"[、，,]", inner)) - len(members) + 1
    return items if commas <= len(re.findall(r"[、，,]", members[0])) else None


@dataclass(frozen=True, slots=True)
class _Chain:
    """Members in order at `start:end`, the numbers of the first and the last, and the strangers."""

    start: int
    end: int
    first: int
    last: int
    strangers: tuple[tuple[str, str], ...] = ()


def _chains(text: str, term: Term) -> list[_Chain]:
    """The longest runs of members in order, strangers only where a member is missing."""
    found: list[_Chain] = []
    for start, end, item in members_in(text, term):
        here = _Chain(start, end, item, item)
        if found and item > found[-1].last:
            past = found[-1]
            missing = term.members[past.last + 1 : item]
            between = text[past.end : here.start]
            if not missing and _JOINED.fullmatch(between):
                here = _Chain(past.start, here.end, past.first, item, past.strangers)
                found.pop()
            elif missing:
                items = _between(text, past.end, here.start, missing)
                if items is not None:
                    odd = (*past.strangers, *zip(items, missing, strict=True))
                    here = _Chain(past.start, here.end, past.first, item, odd)
                    found.pop()
        found.append(here)
    return found


def near_lists(text: str, term: Term) -> Iterator[NearList]:
    """Yield the lists of `text` that have a place for every member and a stranger in one or two."""
    size = len(term.members)
    for chain in _chains(text, term):
        start, end, odd = chain.start, chain.end, list(chain.strangers)
        missing = chain.first + size - 1 - chain.last + len(odd)
        if missing == 0 or missing > size // 2:
            continue
        if chain.first == 0 and len(odd) == 1 and chain.last < size - 1:
            yield NearList(term, start, end, tuple(odd), cut=True)
        for member in reversed(term.members[: chain.first]):
            before = _left(text, start, member)
            if before is None:
                break
            start = before[0]
            odd.insert(0, (before[1], member))
        for member in term.members[chain.last + 1 :]:
            after = _right(text, end, member, _shared(term.members)[1])
            if after is None:
                break
            end = after[0]
            odd.append((after[1], member))
        if len(odd) == missing:
            yield NearList(term, start, end, tuple(odd))


def _alike(term: Term, item: str, member: str) -> tuple[float, float, bool]:
    """How alike they are in all, without what all members share, and whether the item has that."""
    front, back = _shared(term.members)
    mine, wanted = letters(item)[0], letters(member)[0]
    core = wanted[len(front) : len(wanted) - len(back)]
    has = mine.startswith(front) and mine.endswith(back) and len(mine) > len(front + back)
    own = mine[len(front) : len(mine) - len(back)] if has else mine
    return likeness(mine, wanted), likeness(own, core), has and len(front + back) >= 2


def is_misquoted(near: NearList, nearness: Nearness) -> bool:
    """Whether the list was meant to be the term's, by how alike its strangers are and by how near
    the term's name stands: beside the list, before it with a comma, or in its sentence."""
    term, size = near.term, len(near.term.members)
    found = [_alike(term, item, member) for item, member in near.strangers]
    one = len(found) == 1 and size > 2
    like = all(whole >= _LIKE for whole, _, _ in found)
    if near.cut:
        return nearness == "beside" and like
    shaped = all(whole >= _LIKE or same for whole, _, same in found)
    if nearness == "beside":
        return one or like
    if nearness in ("comma", "sentence"):
        return shaped and (one or like)
    if term.bare == "none" or len(found) > 1:
        return False
    if size == 2:
        return found[0][0] >= _TWIN
    if term.bare == "whole":
        return shaped
    return found[0][1] >= _ALIKE
