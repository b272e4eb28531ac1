"""What the facts name, and whether a name of the draft is among it.

What a fact has in other words counts: a short form of its name, the name without its district, the
same numbered branch written otherwise.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.claimed_names import claimed_names
from drafter.checks.claims import Claim
from drafter.data import load_table
from drafter.names import marked_names, squash
from drafter.numbers import parse_number
from drafter.short_forms import is_named

# Endings of places that differ by nothing else: 东风街道 is not 东风社区.
ADMIN = ("社区", "街道", "村", "镇", "乡", "县")
_MARKS = re.compile("[《》〈〉（）()·\u3000]")


@dataclass(frozen=True, slots=True)
class Known:
    """What the facts say, in forms to compare with: `whole` all of it, `facts` one by one."""

    whole: str
    facts: tuple[str, ...]
    claims: tuple[Claim, ...]
    titles: tuple[tuple[str, str], ...]  # fact text, title


def plain(text: str) -> str:
    """Return `text` without quotes, title marks and space, half-width: for comparison."""
    return _MARKS.sub("", squash(text))


@lru_cache(maxsize=64)
def read_known(facts: tuple[str, ...], allowed: tuple[str, ...]) -> Known:
    """Return what `facts` and the strings of `allowed` (the draft's title, its year) name."""
    texts = tuple(plain(text) for text in (*facts, *allowed))
    claims = tuple(claim for text in facts for claim in claimed_names(text))
    titles = tuple(
        (text, plain(name.value))
        for text in facts
        for name in marked_names(text)
        if name.kind == "title"
    )
    return Known("\0".join(texts), texts, claims, titles)


@lru_cache(maxsize=1)
def _published() -> tuple[str, frozenset[str]]:
    formulas, terms = load_table("formulas"), load_table("fixed_terms")
    exact = [*formulas["names"], *formulas["meetings"], *formulas["titles"]]
    exact += [*load_table("names")["public"], *terms["phrases"]["terms"]]
    exact += [entry["name"] for entry in terms["set"]]
    members = [member for entry in terms["set"] for member in entry["members"]]
    platforms = set(load_table("name_signs")["body"]["platforms"])
    running = plain("\n".join([*formulas["formulas"], *members]))
    return running, frozenset(plain(word) for word in exact if word not in platforms)


def is_published(value: str) -> bool:
    """Whether published wording (data/formulas.toml, fixed_terms.toml) has the name."""
    running, exact = _published()
    return value in exact or (len(value) > 2 and value in running)


def in_order(short: str, long: str, slack: int) -> bool:
    """Whether the letters of `short` stand in `long` in order, with `slack` others among them."""
    for start in (at for at, letter in enumerate(long) if letter == short[0]):
        at = start
        for letter in short[1:]:
            at = long.find(letter, at + 1, start + len(short) + slack)
            if at < 0:
                break
        else:
            return True
    return False


def has(known: Known, value: str, slack: int = 6) -> bool:
    """Whether a fact has `value`, as it stands or shortened."""
    value = plain(value)
    if not value or value in known.whole:
        return True
    if len(value) > 2 and any(in_order(value, fact, slack) for fact in known.facts):
        return True
    return is_named(value, known.whole)


@lru_cache(maxsize=1)
def _introduced() -> re.Pattern[str]:
    """A surname (as \\1) and a given name behind what a person is called by: 教师党员彭云澜."""
    words = load_table("name_signs")["person"]
    called = "|".join(map(re.escape, sorted(words["before"], key=len, reverse=True)))
    return re.compile(f"(?:{called})\x01(?:[{words['given']}][一-鿿]|[一-鿿][{words['given']}])")


def _knows_person(known: Known, claim: Claim) -> bool:
    if plain(claim.text) in known.whole or claim.text in load_table("names")["public"]:
        return True
    short = claim.text[1:] in load_table("name_signs")["person"]["short_after"]
    if short or claim.text[0] in "老小":
        surname = claim.text[1] if claim.text[0] in "老小" else claim.text[0]
        own = [one.text for one in known.claims if one.kind == "person"]
        if any(name.startswith(surname) for name in own) or f"{surname}某" in known.whole:
            return True
        return _introduced().search(known.whole.replace(surname, "\1")) is not None
    return False


def _knows_numbered(known: Known, claim: Claim) -> bool:
    match = re.fullmatch("第?([一二三四五六七八九十\\d]+)(?:党|联合党?)?(.+)", claim.text)
    if match is None:
        return True
    unit = match[2].removeprefix("党")
    wanted = parse_number(match[1])
    listed = re.compile(
        f"[第一二三四五六七八九十\\d、，和及与至到—~-]+(?:个|联合)?党?(?={re.escape(unit)})"
    )
    for fact in known.facts:
        for run in listed.finditer(fact):
            numerals = re.findall("[一二三四五六七八九十]+|\\d+", run[0])
            if wanted in {parse_number(numeral) for numeral in numerals}:
                return True
    return False


def _knows_organ(known: Known, claim: Claim) -> bool:
    """区委组织部 is known where facts have 组织部, not where they have 市委组织部."""
    if has(known, claim.text, 8):
        return True
    own = [one for one in known.claims if one.kind == "organ"]
    if any(in_order(plain(one.text), plain(claim.text), 8) for one in own):
        return True
    return plain(claim.core) in known.whole and all(one.core != claim.core for one in own)


def _knows_honour(known: Known, claim: Claim) -> bool:
    """An honour is known when most of its words are a fact's; its level is another check's."""
    bare = re.sub("[“”]|称号|荣誉|等次|的|全?[国省市区县镇乡院校局]级?", "", plain(claim.text))
    if len(bare) < 2 or bare in known.whole or is_published(bare):
        return len(bare) < 2 or bare in known.whole
    own = {bare[at : at + 2] for at in range(len(bare) - 1)}
    return any(sum(pair in fact for pair in own) / len(own) >= 0.6 for fact in known.facts)


def _knows_body(known: Known, claim: Claim) -> bool:
    if has(known, claim.text):
        return True
    core, kind = plain(claim.core), claim.text[len(claim.core) :]
    return core in known.whole and not (
        kind in ADMIN and any(f"{core}{other}" in known.whole for other in ADMIN if other != kind)
    )


def is_known(known: Known, claim: Claim) -> bool:
    """Whether the facts have what a draft names, each kind in its own way."""
    if claim.kind == "person":
        return _knows_person(known, claim)
    if claim.kind == "numbered":
        return _knows_numbered(known, claim)
    if claim.kind == "organ":
        return _knows_organ(known, claim)
    if claim.kind == "honour":
        return _knows_honour(known, claim)
    if claim.kind == "body":
        return _knows_body(known, claim)
    return has(known, claim.core) or _is_aided(known, claim.core)


def _is_aided(known: Known, place: str) -> bool:
    """湖北 of a fact that has 援鄂."""
    short = load_table("name_signs")["place"]["aided"].get(place)
    return short is not None and any(f"{verb}{short}" in known.whole for verb in "援驰赴驻")
