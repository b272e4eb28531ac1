"""Places and institutions one step from a fact's own: 白桦村 for 白杨村, 市二院 for 市三院.

Two places are compared that end alike and have a letter in common at the same place; words that
describe (美丽村庄, 示范社区) are none. An error where the draft lacks the fact's own name, else a
warning: both may be real.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claimed_bodies import is_everyday
from drafter.checks.claims import HAN, either, name_signs
from drafter.checks.known_names import Known, is_published
from drafter.data import load_table
from drafter.short_forms import shortened
from drafter.types import Severity

_LONGEST = 4  # letters of a place's name without its ending
_BEFORE = re.compile(
    "[在到赴驻与和同向往由为对从给把将被让及是有的了进入达、，。；：（“”）\\s\\d\u3000]$"
)
_NUMBERED = re.compile(
    "(?P<level>[省市区县镇州旗]?)第?(?P<number>[一二三四五六七八九十])"
    "(?P<kind>人民医院|附属医院|医院|实验小学|实验中学|实验学校|中学|小学|幼儿园|实小|实中|院|中|小|幼)"
    "(?![心共国央年间型学组区队时微事区])"
)


@lru_cache(maxsize=1)
def _kinds() -> tuple[str, ...]:
    body, names = name_signs("body"), load_table("names")
    kinds = {*body["place_endings"], *names["place_endings"], *body["endings"], "家园", "公寓"}
    return tuple(sorted(kinds | {"新城", "庄园", "名苑", "组", "屯", "湾"}, key=len, reverse=True))


@lru_cache(maxsize=512)
def _places(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs (letters before an ending, the ending) of `text`, for every length that may be."""
    found = []
    for match in re.finditer(either(list(_kinds())), text):
        for size in range(2, _LONGEST + 1):
            core = text[max(0, match.start() - size) : match.start()]
            if re.fullmatch(f"[{HAN}]{{{size}}}", core):
                found.append((core, match[0]))
    return tuple(dict.fromkeys(found))


def _opens(text: str, start: int) -> bool:
    """Whether a name may begin at `start`: after a mark, a preposition or an everyday word."""
    before = text[max(0, start - 4) : start]
    return not before or bool(_BEFORE.search(before)) or is_everyday(before)


@lru_cache(maxsize=256)
def _own(facts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names of places in the facts, each from where it may begin."""
    found = []
    for fact in facts:
        for core, kind in _places(fact):
            at = fact.find(core + kind)
            if _opens(fact, at) and not _describes(core):
                found.append((core, kind))
    return tuple(dict.fromkeys(found))


def _describes(core: str) -> bool:
    """Whether the letters before an ending are everyday words: 美丽, 示范."""
    return any(is_everyday(core[at : at + 2]) for at in range(len(core) - 1)) or is_everyday(core)


def _near(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    said = [(match.start(), match[0]) for match in re.finditer(either(list(_kinds())), text)]
    for core, kind in _own(known.facts):
        for end, ending in said:
            start = end - len(core)
            other = text[max(0, start) : end]
            same_kind = ending == kind
            if start < 0 or other == core or not re.fullmatch(f"[{HAN}]+", other):
                continue
            alike = sum(a == b for a, b in zip(core, other, strict=True))
            if not same_kind or alike < len(core) - 1 or other + kind in known.whole:
                continue
            if _describes(other) or is_published(other + kind) or not _opens(text, start):
                continue
            sure = core + kind not in text and core not in text
            yield start, end + len(kind), "error" if sure else "warning"


def _numbered(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    own = shortened(known.whole)
    for match in _NUMBERED.finditer(text):
        short = len(match["kind"]) == 1
        if short and not match["level"]:
            continue
        name = shortened(match[0])
        bare = name.removeprefix(match["level"])
        if name in own or match[0] in known.whole:
            continue
        if (not match["level"] or not re.search(f"[省市区县镇州旗]{bare}", own)) and bare in own:
            continue
        yield *match.span(), "error" if match.group("level") or "第" in match[0] else "warning"


def sibling_places(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    """Yield spans of places and numbered institutions that no fact has."""
    yield from _near(text, known)
    yield from _numbered(text, known)
