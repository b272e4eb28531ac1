"""Bodies that a draft brings in beside the facts: 与省农科院建立联系, 对接县机关事务管理局.

Known by what leads to them (与, 邀请, 对接…) and how they end, in data/partners.toml. It is a guess
that such a body was not there: always a warning. Generic ones (有关部门, 周边单位) are left alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.added_titles import is_short
from drafter.checks.claimed_bodies import is_everyday
from drafter.checks.claims import HAN, either
from drafter.checks.known_names import Known, has, is_published
from drafter.checks.passages import letter_pairs
from drafter.data import load_table

_KNOWN = 0.6  # share of the letter pairs of a body's name that make it a fact's


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = load_table("partners")
    before, kinds, bodies = (either(words[key]) for key in ("before", "kinds", "bodies"))
    generic, after = either(words["generic"]), either(words["after"])
    name = rf"(?:(?!{generic}|{before})[{HAN}])"
    return (
        re.compile(
            rf"(?:(?<![{HAN}])|{before})(?!{generic})(?P<name>(?:{either(words['levels'])})"
            rf"(?:委|政府|直属)?(?P<core>{name}{{0,10}}?(?:{kinds})))(?![{words['not_after']}])"
        ),
        re.compile(
            rf"(?:{before})(?P<name>(?!{generic}){name}{{0,6}}?(?P<core>{bodies}))"
            rf"(?=(?:{after})|[，、。；])"
        ),
    )


@lru_cache(maxsize=1)
def _bare() -> re.Pattern[str]:
    words = load_table("partners")
    return re.compile(rf"[{HAN}]{{1,12}}?(?:{either([*words['kinds'], *words['bodies']])})")


def _is_known(known: Known, name: str, core: str) -> bool:
    if has(known, name, 8) or core in known.whole or is_published(name):
        return True
    if any(is_short(run[0], name) for run in _bare().finditer(known.whole)):
        return True
    pairs = letter_pairs(core)
    return bool(pairs) and len(pairs & letter_pairs(known.whole)) / len(pairs) >= _KNOWN


@lru_cache(maxsize=1)
def _trades() -> re.Pattern[str]:
    words = load_table("partners")["trades"]
    before, after = either(words["before"]), either(words["after"])
    return re.compile(
        rf"(?:{before})(?P<name>(?P<core>[{HAN}]{{2,5}}?)"
        rf"(?:{words['centres']}|{either(words['words'])}))"
        rf"(?=(?:{after})|[，、。；])"
    )


def _in_trade(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Shops, firms and clubs known by their trade alone: 与云帆科创联手, 会同向阳花艺术团."""
    for match in _trades().finditer(text):
        core = match["core"]
        everyday = any(is_everyday(core[at : at + 2]) for at in range(max(1, len(core) - 1)))
        if len(core) > 1 and not everyday and core not in known.whole:
            yield match.span("name")


def added_bodies(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of bodies that no fact has."""
    yield from _in_trade(text, known)
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if len(match["core"]) > 1 and not _is_known(known, match["name"], match["core"]):
                yield match.span("name")
