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

# Endings of housing estates that differ by nothing else: 阳光家园 is not 阳光花园.
_HOMES = ("家园", "花园", "公寓", "新城", "名苑", "小区", "新村")
# What no name of a place reaches across: 水利局到村.
_ACROSS = re.compile("[到在赴与和同向由从对把将被给是有的了局委厅办组所]")
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
            goes = core[-1] in "进入驻"  # 宣讲团进村 names no village
            if _opens(fact, at) and not goes and not _describes(core) and not _ACROSS.search(core):
                found.append((core, kind))
    return tuple(dict.fromkeys(found))


def _describes(core: str) -> bool:
    """Whether the letters before an ending are everyday words: 美丽, 示范."""
    return any(is_everyday(core[at : at + 2]) for at in range(len(core) - 1)) or is_everyday(core)


@lru_cache(maxsize=1)
def _no_name() -> frozenset[str]:
    """Letters of verbs and particles, which names of places seldom have."""
    return frozenset(name_signs("body")["plain_chars"] + "个我将要各全本该级")


def _near(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    for core, kind in _own(known.facts):
        sure = core not in text
        for found in re.finditer(re.escape(kind), text):
            start, other = found.start() - len(core), text[: found.start()][-len(core) :]
            if start < 0 or other == core or other + kind in known.whole:
                continue
            alike = sum(a == b for a, b in zip(core, other, strict=True))
            if alike < len(core) - 1 or not re.fullmatch(f"[{HAN}]+", other):
                continue
            if _no_name() & (set(other) - set(core)) or _describes(other):
                continue
            if not is_published(other + kind) and _opens(text, start):
                yield start, found.end(), "error" if sure else "warning"
        if kind in _HOMES and core + kind not in text:
            for found in re.finditer(f"{core}(?:{'|'.join(_HOMES)})", text):
                if found[0] not in known.whole:
                    yield *found.span(), "warning"


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
