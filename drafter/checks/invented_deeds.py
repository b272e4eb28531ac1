"""Deeds that no fact reports: 建立党员积分台账, 编印学习口袋书, in wording that copies nobody.

A deed is a verb of data/doings.toml with what was made or done behind it. It rests on nothing where
the facts have neither the letters of that thing nor a word for it; poses and formulas are no deeds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.clauses import coverage
from drafter.checks.passages import covered, formula_letters, letters
from drafter.data import load_table
from drafter.numbers import find_quantities

_COPIED = 0.6  # share of its letters, in pairs, that an exemplar has of a thing
# Letters of a thing that are peculiar enough to be looked for in the facts, and in an exemplar too.
_SHORTEST, _COPIED_SHORTEST = 4, 2
# Before a short sentence of its own that only names a point: “坚持走访问需。”
_LABEL = re.compile("(?:^|[。\n]|[一二三四五六七八九]是)[\u4e00-\u9fff]{0,4}$")


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed at `start:end` of a text, and the thing that it names."""

    start: int
    end: int
    thing: str


@lru_cache(maxsize=1)
def _signs() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of a deed, of one that counts where an exemplar has it, and of empty words."""
    table = load_table("doings")["deed"]
    every = [*table["verbs"], *table["copied"]]
    rest = r"(?:了|起来?|过)?(?P<thing>[\u4e00-\u9fff]{2,16}?)(?=[，。；：、！\n供让使并给]|$)"
    own, either = (re.compile(f"(?:{'|'.join(verbs)}){rest}") for verbs in (table["verbs"], every))
    return own, either, re.compile("|".join([*table["generic"], *every]))


@lru_cache(maxsize=1024)
def deeds_of(text: str, copied: bool = False) -> tuple[Deed, ...]:
    """Return the deeds of a text that name a thing of their own, in order; `copied`: also those
    whose verb is a noun as often (组织, 建设)."""
    own, every, generic = _signs()
    found = []
    for match in (every if copied else own).finditer(text):
        least = _COPIED_SHORTEST if copied and own.match(text, match.start()) else _SHORTEST
        if len(generic.sub("", match["thing"])) < least or find_quantities(match["thing"]):
            continue
        if not _LABEL.search(text[: match.start()]) or text[match.end() : match.end() + 1] != "。":
            found.append(Deed(*match.span(), match["thing"]))
    return tuple(found)


@lru_cache(maxsize=4096)
def rests_on(thing: str, said: str) -> bool:
    """Whether a text has some of the thing: two letters in a row of what is peculiar to it."""
    alone, paired = coverage(_signs()[2].sub("", thing), said)
    return paired > 0 or alone > 0.5


def invented_deeds(text: str, facts: Sequence[str], copied: bool = False) -> Iterator[Deed]:
    """Yield the deeds of `text` that rest on none of `facts`."""
    said = "\n".join(facts)
    for deed in deeds_of(text, copied):
        bare = letters(text[deed.start : deed.end])[0]
        formula = sum(covered(bare, formula_letters())) > len(bare) / 2
        if not formula and not rests_on(deed.thing, said):
            yield deed


def copied_deeds(
    text: str, facts: Sequence[str], exemplars: Sequence[str]
) -> Iterator[tuple[Deed, int]]:
    """Yield the deeds of `text` that rest on no fact, with the number of the exemplar that has
    most of the thing."""
    if not exemplars:
        return
    for deed in invented_deeds(text, facts, copied=True):
        shares = [coverage(deed.thing, one)[1] for one in exemplars]
        if max(shares) >= _COPIED:
            yield deed, shares.index(max(shares))
