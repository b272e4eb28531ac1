"""What a person wishes of one rewriting, read from their own words.

An instruction is data. What can be done by rule (a length, what comes first, one fact a point, a
freer choice of words) is done by rule; the rest is told to the model. It brings in no fact: numbers
and names that no fact has are returned, so that the person is told before the checks find them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.anchors import find_anchors, new_quantities
from drafter.data import load_table
from drafter.hostile import before_tokens
from drafter.numbers import parse_number
from drafter.types import Fact
from drafter.wording import bigrams

# A section shorter or longer than this is not what “N字” can mean.
SHORTEST, LONGEST = 20, 5000
# “更精练” is this share of what stands now (or was planned).
TIGHTER = 0.8
_NUMBER = r"\d{1,4}|[一二两三四五六七八九十百千]+"
_CLAUSE = re.compile("[，,。；;！!\n]+")
_WHICH = re.compile(rf"第({_NUMBER})[条点项个]|[Ff](\d+)")


@dataclass(frozen=True, slots=True)
class Wish:
    """`order` is what the model is told ("" for nothing), `target` how many letters the section is
    to have, `first` the id of the fact to put first, `finer` one fact a point, `freer` other words
    than before; `strange` are numbers and names that no fact has."""

    order: str = ""
    target: int | None = None
    first: str | None = None
    finer: bool = False
    freer: bool = False
    strange: tuple[str, ...] = ()


def presets() -> tuple[str, ...]:
    """Return the wishes offered beside the box."""
    return tuple(load_table("wishes")["presets"])


@lru_cache(maxsize=1)
def _length() -> re.Pattern[str]:
    return re.compile(load_table("wishes")["length"].replace("N", _NUMBER))


def read_wish(words: str, facts: Sequence[Fact], length: int) -> Wish:
    """Return what `words` ask for. `facts` are the section's in order, `length` its letters now, or
    as planned where nothing is written yet."""
    table = load_table("wishes")
    words = before_tokens(words)
    orders: list[str] = []
    target: int | None = None
    first: str | None = None
    flags = dict.fromkeys(("finer", "tighter", "other"), False)
    strange: list[str] = []
    for clause in filter(None, (part.strip() for part in _CLAUSE.split(words))):
        rest, asked = _without_length(clause)
        target = asked or target
        found = re.fullmatch(table["emphasis"], rest)
        chosen = _fact_meant(found[1], facts) if found else None
        first = first or chosen
        known = [name for name in flags if re.search(table[name]["find"], rest)]
        flags |= dict.fromkeys(known, True)
        orders += [table[name]["order"] for name in known]
        if rest and not known and not chosen:
            orders.append(rest)
        if not chosen:
            strange += _strange(rest, facts)
    if flags["tighter"] and target is None and length:
        target = max(SHORTEST, round(TIGHTER * length))
    return Wish(
        "；".join(dict.fromkeys(orders)),
        target,
        first,
        flags["finer"],
        flags["other"],
        tuple(dict.fromkeys(strange)),
    )


def _without_length(clause: str) -> tuple[str, int | None]:
    """Return a clause without the length it asks for, and that length."""
    for found in _length().finditer(clause):
        number = parse_number(found[1])
        if number is not None and SHORTEST <= number <= LONGEST:
            return (clause[: found.start()] + clause[found.end() :]).strip(), int(number)
    return clause, None


def _fact_meant(words: str, facts: Sequence[Fact]) -> str | None:
    """Return the fact that “第二条”, “F3” or some of its own words mean; None if none is meant."""
    which = _WHICH.search(words)
    if which and which[2]:
        return next((fact.id for fact in facts if fact.id == f"F{int(which[2])}"), None)
    if which:
        number = int(parse_number(which[1]) or 0)
        return facts[number - 1].id if 1 <= number <= len(facts) else None
    asked = bigrams(words)
    shares = [(len(asked & bigrams(fact.text)), -at) for at, fact in enumerate(facts)]
    best, at = max(shares, default=(0, 0))
    return facts[-at].id if best and best * 2 >= len(asked) else None


def _strange(words: str, facts: Sequence[Fact]) -> list[str]:
    known = [fact.text for fact in facts]
    names = [
        anchor.text
        for anchor in find_anchors(words)
        if anchor.kind in ("name", "title") and not any(anchor.text in text for text in known)
    ]
    return [quantity.text for quantity in new_quantities(words, facts)] + names
