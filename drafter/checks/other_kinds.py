"""Institutions of a fact told as another kind of the same place: 青县人民医院 as 青县中医院.

The kinds that differ though their names are alike stand together in data/institution_kinds.toml.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import HAN, either
from drafter.checks.known_names import Known
from drafter.data import load_table
from drafter.types import Severity

_LEVEL = "省市县区镇乡州旗"


@lru_cache(maxsize=1)
def _kinds() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    groups = load_table("institution_kinds")["groups"]
    others: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for kind in group:
            others[kind] = (*others.get(kind, ()), *(one for one in group if one != kind))
    words = either(sorted(others, key=len, reverse=True))
    return re.compile(rf"(?P<core>[{HAN}]{{2}})(?P<kind>{words})"), others


@lru_cache(maxsize=256)
def _own(facts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The letters before a kind, and the kind, of each institution of the facts."""
    pattern, _ = _kinds()
    found = {(match["core"], match["kind"]) for fact in facts for match in pattern.finditer(fact)}
    found |= {(core[1], kind) for core, kind in found if core[1] in _LEVEL}
    return tuple(sorted(found))


def other_kinds(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    """Yield spans of institutions that are a fact's but for their kind; a warning where the draft
    has the fact's own as well, or only a level (县) stands before the kind."""
    _, others = _kinds()
    for core, kind in _own(known.facts):
        for other in others[kind]:
            name = core + other
            if name in known.whole or name not in text:
                continue
            sure = core + kind not in text and len(core) > 1
            for match in re.finditer(re.escape(name), text):
                start = match.start()
                while start and text[start - 1 : match.start()] + core + kind in known.whole:
                    start -= 1  # the whole name, as far as it is the fact's
                yield start, match.end(), "error" if sure else "warning"
