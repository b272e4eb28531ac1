"""The customary short names of bodies: 人力资源和社会保障局 is 人社局, 市第三人民医院 is 市三院.

Two ways: the official short forms of data/short_forms.toml, and a general rule (same level, same
ending, the letters of the short name in order within the long one). It does not know short names
that a place made up for itself, and takes two bodies of one level for the same where one's name is
held in the other's letter by letter.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.data import load_table

_LONGEST = 18  # letters of a body's full name
# 临江市第一人民医院 is 市第一人民医院 in 临江.
_IN_PLACE = re.compile("[\u4e00-\u9fff]{2,3}?(?=[省市区县镇乡州旗][\u4e00-\u9fff]{3})")


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = load_table("short_forms")["forms"]
    return tuple((re.compile(long), short) for long, short in rows)


@lru_cache(maxsize=2048)
def shortened(text: str) -> str:
    """Return `text` with every body called by its official short form: to compare names with."""
    for long, short in _forms():
        text = long.sub(short, text)
    return text


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    table = load_table("short_forms")
    endings = "|".join(sorted(table["endings"], key=len, reverse=True))
    levels = "|".join(sorted(table["levels"], key=len, reverse=True))
    return re.compile(levels), re.compile(endings), frozenset(table["telling"])


@lru_cache(maxsize=2048)
def bodies(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of what reads as a body with its level: 县退役军人局, 市交警支队."""
    level, ending, _ = _patterns()
    found = []
    for opened in level.finditer(text):
        reach = text[opened.end() : opened.start() + _LONGEST]
        run = re.match("[\u4e00-\u9fff]+", reach)
        if run is None:
            continue
        for shut in ending.finditer(run[0]):
            if shut.start() > 0:
                found.append((opened.start(), opened.end() + shut.end()))
    return tuple(found)


@lru_cache(maxsize=8192)
def is_same_body(one: str, other: str) -> bool:
    """Whether two names with level and ending are one body's, one of them shortened."""
    short, long = sorted((shortened(one), shortened(other)), key=len)
    if short == long:
        return True
    _, ending, telling = _patterns()
    ends = [match[0] for name in (short, long) for match in ending.finditer(name)][-1:]
    if len(short) < 4 or short[0] != long[0] or not short.endswith(tuple(ends)):
        return False
    if set(short) & telling != set(long) & telling:
        return False
    at = 0
    for letter in short:
        at = long.find(letter, at) + 1
        if not at:
            return False
    return 5 * len(short) >= 2 * len(long)


def _other_forms(name: str, text: str) -> Iterator[str]:
    """What `text` calls the body `name`, where it calls it otherwise."""
    for start, end in bodies(text):
        said = text[start:end]
        if said != name and is_same_body(name, said):
            yield said


def is_named(name: str, text: str) -> bool:
    """Whether `text` names the body `name`, in full or for short."""
    own = shortened(name)
    if len(own) > 2 and own in shortened(text):
        return True
    level, ending, _ = _patterns()
    if level.match(name) is None:
        inner = _IN_PLACE.match(name)
        return inner is not None and is_named(name[inner.end() :], text)
    whole = any(match.end() == len(name) for match in ending.finditer(name))
    return whole and any(True for _ in _other_forms(name, text))


def restated(fact: str, text: str) -> str:
    """Return `fact` with its bodies called as `text`, put into short forms, calls them."""
    fact, text = shortened(fact), shortened(text)
    for start, end in sorted(bodies(fact), key=lambda span: span[0] - span[1]):
        name = fact[start:end]
        if name not in text:
            other = next(_other_forms(name, text), None)
            if other is not None:
                return fact[:start] + other + fact[end:]
    return fact
