"""Words cut out of a counted clause that else stands as the fact has it, and things not named.

“36名有能力的党员” told as “36名党员”: the words on either side of what is gone are neighbours in
the text, and nothing near has it. Always for a person to judge: other words may say it.
"""

import re
from functools import lru_cache

from drafter.checks.clauses import coverage
from drafter.checks.doings import Claim
from drafter.data import load_table

_WORDS = re.compile("[\u4e00-\u9fff]{2,8}")
_LONGEST = 8
_SIDE = 2  # letters on either side that must have become neighbours
_THING = 3  # letters of a thing from which it is looked for


@lru_cache(maxsize=1)
def _harmless() -> re.Pattern[str]:
    table = load_table("doings")
    return re.compile("(?:" + "|".join([*table["light"], *table["harmless"]]) + ")+")


def is_harmless(words: str) -> bool:
    """Whether words say nothing that a report may not leave out or say otherwise."""
    return _harmless().fullmatch(words) is not None


def _gone(words: str, around: str) -> bool:
    if words[:2] in around or is_harmless(words):
        return False
    alone, paired = coverage(words, around)
    return paired == 0 and alone <= 0.5


def cut_words(fact: str, own: Claim, here: str, around: str) -> str:
    """Return the words of a fact's clause that are cut out of the clause `here`, "" for none.

    `around` is the text near it, where they may have been told instead.
    """
    clause = fact[own.start : own.end]
    first, last = own.quantity.start - own.start, own.quantity.end - own.start
    for at in range(_SIDE, len(clause) - _SIDE):
        if clause[at : at + 2] in around:
            continue
        for end in range(min(at + _LONGEST, len(clause) - _SIDE), at + 1, -1):
            if (at < last and first < end) or not _WORDS.fullmatch(clause, at, end):
                continue
            left, right = clause[at - _SIDE : at], clause[end : end + _SIDE]
            joined = left + right in here or f"{left}的{right}" in here
            if joined and _gone(clause[at:end], around):
                return clause[at:end]
    return ""


def thing_gone(own: Claim, around: str) -> str:
    """Return what a number without a doing counts, where no letters of it are near; else ""."""
    thing = own.before or own.after
    if len(thing) < _THING or own.doings or not _gone(thing, around):
        return ""
    return thing
