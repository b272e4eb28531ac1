"""Numbers that are told while what was done with them, or to whom, is lost or exchanged.

发展党员7名 told as 解决党员7名, 慰问困难党员38人次 as 慰问党员38人次. A number's doing
(checks/doings.py) must stand in its clause, or near it where no other doing has its place. Words
are compared, so a loss is certain only where the number stands by the fact's own words and by
another doing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from drafter.amounts import amount_of, exchangeable, same_number, same_unit
from drafter.checks.cut_words import cut_words, is_harmless, thing_gone
from drafter.checks.doings import (
    Claim,
    Doing,
    accepts,
    claims_of,
    without_compounds,
    words_of,
)
from drafter.checks.passages import sentence_spans
from drafter.checks.turned_about import turned_about
from drafter.checks.untold import emptied, other_thing, swapped
from drafter.data import load_table

# Letters of the thing counted that both have, from which what stands before it is compared.
_THING = 3
_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
_DIGIT = re.compile(r"\d")
_NO_DOING = re.compile("[是年了的区与和对]")
_DOER = re.compile("^$|(?:支部|党委|党组|总支|工委|社区|党员|干部|班子|[队站局村校院所厂])$")
_MEETING = re.compile("召开(?![^，。；：\n]*[会课班场谈坛])")


@dataclass(frozen=True, slots=True)
class LostDoing:
    """The words of a fact that went with its number `number` and are lost, what the text has in
    their place ("" for nothing), and whether that is certain."""

    words: str
    instead: str
    number: str
    certain: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the number stands in the text: its clause, sentence, and what is around."""

    claim: Claim
    clause: str
    sentence: str
    around: str
    near: str
    """The same as `around` as it is written."""
    free: str
    """The clauses around without a number, in which a doing may have been told beforehand."""


@lru_cache(maxsize=1)
def _narrowing() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, ...]]]:
    table = load_table("doings")["narrowing"]
    sure = sorted(table["sure"], key=len, reverse=True)
    every = sorted([*table["sure"], *table["likely"]], key=len, reverse=True)
    alike: dict[str, tuple[str, ...]] = {}
    for group in table["alike"]:
        for word in group:
            alike[word] = (*alike.get(word, ()), *group)
    return re.compile("|".join(every)), re.compile("|".join(sure)), alike


@lru_cache(maxsize=256)
def _places(text: str) -> tuple[_Place, ...]:
    spans = sentence_spans(text)
    plain = without_compounds(text)
    found = []
    for claim in claims_of(text):
        at = next((n for n, (a, b) in enumerate(spans) if a <= claim.start < b), -1)
        if at < 0:
            continue
        first, last = spans[max(0, at - 1)][0], spans[min(at + 1, len(spans) - 1)][1]
        free = [
            match[0]
            for match in _CLAUSE.finditer(plain, first, last)
            if not _DIGIT.search(match[0])
        ]
        own = plain[claim.start : claim.end]
        around = plain[first:last]
        found.append(
            _Place(claim, own, plain[slice(*spans[at])], around, text[first:last], "，".join(free))
        )
    return tuple(found)


def _key(claim: Claim) -> Decimal:
    """Return the number itself: where it is written in another unit, nothing is compared."""
    return amount_of(claim.quantity).low


@lru_cache(maxsize=64)
def _by_number(text: str) -> dict[Decimal, list[_Place]]:
    found: dict[Decimal, list[_Place]] = {}
    for place in _places(text):
        found.setdefault(_key(place.claim), []).append(place)
    return found


def _same(one: Claim, other: Claim) -> bool:
    a, b = amount_of(one.quantity), amount_of(other.quantity)
    return same_number(a, b) and (same_unit(a, b) or exchangeable(a, b))


def _said(doing: Doing, text: str, others: str, short: bool) -> bool:
    """Whether `text` has a word of the doing; `short`: one letter of it will do, unless the fact
    has it in `others`, the words beside its doing."""
    if doing.group == -2:
        return doing.word in text
    words = words_of(doing.group)
    if words.own.search(text):
        return True
    return any(
        word in text for word in words.also if (len(word) > 1 or short) and word not in others
    )


def _own(doing: Doing, text: str) -> bool:
    return doing.group >= 0 and words_of(doing.group).own.search(text) is not None


def _rival_of(place: _Place, told: tuple[Doing, ...]) -> Doing | None:
    """The doing that stands with the number in the place of the fact's own."""
    for other in place.claim.doings:
        if other.group != -1 and not any(accepts(one, other) for one in told if one.group != -1):
            return other
    return None


def _beside(own: Claim, here: Claim) -> bool:
    """Whether the number stands by the words that it has in the fact."""
    if own.before[-2:] and (
        own.before[-2:] == here.before[-2:] or own.before[-2:] == here.after[:2]
    ):
        return True
    for one in own.doings:  # 问题整改143个: what is done stands between the thing and its number
        thing = own.before.removesuffix(one.word)[-2:] if own.adjacent else ""
        if len(thing) == 2 and thing in (here.before[-2:], here.after[:2]):
            return True
    return len(own.after) > 1 and own.after[:2] == here.after[:2]


def _replaced(fact: str, own: Claim, place: _Place) -> LostDoing | None:
    """What is lost where the words around the number are others', whatever its doing."""
    clause = fact[own.start : own.end]
    number = own.quantity.text
    if other_thing(clause, place.near):
        rival = next((one.word for one in place.claim.doings if one.group >= 0), "")
        return LostDoing(clause, rival, number, True)
    gone = swapped(clause, own, place.claim, place.clause, place.near)
    if gone is not None and not _narrowing()[0].search(own.before[:4]):
        return LostDoing(*gone, number, gone[1] not in load_table("doings")["vague"])
    words = emptied(clause, own, place.claim, place.near)
    return LostDoing(words, "", number, False) if words else None


def _lost_at(fact: str, own: Claim, place: _Place) -> LostDoing | None:
    """What is lost of a claim of the fact where the text has its number."""
    replaced = _replaced(fact, own, place)
    if replaced is not None:
        return replaced
    turned = turned_about(fact, own, place.claim, place.clause)
    if turned:
        return LostDoing(fact[own.start : own.end], turned, own.quantity.text, True)
    told = tuple(one for one in own.doings if one.group != -1)
    others = fact[own.start : own.end]
    for one in told:
        others = others.replace(one.word, "|")
    rival = _rival_of(place, told) if told else None
    near = place.free if rival else place.around
    missing = [
        one
        for one in told
        if not _said(one, place.clause, others, short=True)
        and not (_own(one, near) if rival else _said(one, near, others, short=False))
    ]
    if not missing or (len(missing) < len(told) and rival is None):
        return _narrowed(fact, own, place) or _cut(fact, own, place)
    lost, beside = missing[-1], _beside(own, place.claim)
    if rival is not None:
        direct = beside or (own.adjacent and place.claim.adjacent) or rival.group == -2
        return LostDoing(lost.word, rival.word, own.quantity.text, direct)
    meets = beside and "召开" not in others and "召开" in place.clause
    meets = meets or (beside and _MEETING.search(place.clause) is not None)
    return LostDoing(lost.word, "召开" if meets else "", own.quantity.text, meets)


def _narrowed(fact: str, own: Claim, place: _Place) -> LostDoing | None:
    """A word that narrows what the number counts (困难党员) and that is lost beside it."""
    if not _beside(own, place.claim):
        return None
    every, sure, alike = _narrowing()
    for match in every.finditer(own.before or own.after):
        word = match[0]
        near = f"{place.clause}，{place.free}"
        if word in place.around or any(other in near for other in alike.get(word, ())):
            continue
        certain = sure.fullmatch(word) is not None or len(word) == 1
        return LostDoing(word, "", own.quantity.text, certain)
    return None


def _cut(fact: str, own: Claim, place: _Place) -> LostDoing | None:
    words = cut_words(fact, own, place.clause, place.near) or thing_gone(own, place.near)
    return LostDoing(words, "", own.quantity.text, False) if words else _unknown(own, place)


def _unknown(own: Claim, place: _Place) -> LostDoing | None:
    """A doing of no table whose place another has: 否决项目7个 told as 审批项目7个."""
    if any(one.group != -1 for one in own.doings) or not _beside(own, place.claim):
        return None
    before, here, shared = own.before, place.claim.before, 0
    while before and here and before[-1] == here[-1]:
        before, here, shared = before[:-1], here[:-1], shared + 1
    lost, instead = before[-2:], here[-2:]
    if is_harmless(lost) or is_harmless(instead) or _NO_DOING.search(instead):
        return None
    if len(lost) < 2 or len(instead) < 2 or not set(lost).isdisjoint(place.near):
        return None
    known = _rival_of(place, own.doings)
    # 嫁接果树: a verb and its thing, and the verb's place in the text
    bare = shared == _THING - 1 and len(before) == 2 and _DOER.search(here[:-2]) is not None
    if (known is None or not here.endswith(known.word)) and shared < _THING and not bare:
        return None
    return LostDoing(lost, instead, own.quantity.text, False)


@lru_cache(maxsize=4096)
def lost_doings(fact: str, text: str) -> tuple[LostDoing, ...]:
    """Return what `text` lost of the doings of a fact whose numbers it tells."""
    return tuple(_lost(fact, text))


def _lost(fact: str, text: str) -> Iterator[LostDoing]:
    for own in claims_of(fact):
        if own.quantity.weak and "每" in fact[own.start : own.quantity.start]:
            continue  # 每季度听取一次: how often, which other rules judge
        places = [place for place in _by_number(text).get(_key(own), ()) if _same(own, place.claim)]
        found = [_lost_at(fact, own, place) for place in places]
        if found and None not in found:
            # Where the number stands more than once, the place by its own words is the fact's.
            yield max(found, key=lambda one: one is not None and one.certain)  # type: ignore[misc]
