"""Teams that a draft makes of a fact's people: 21名党员值守 told as 党员突击队21名成员值守.

Only beside a number of people, which is how a small model brings one in; kinds of team are in
data/partners.toml. A team of which any fact has the kind is left alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import either
from drafter.checks.known_names import Known
from drafter.data import load_table


@lru_cache(maxsize=1)
def _team() -> re.Pattern[str]:
    words = load_table("partners")["teams"]
    name = rf"(?P<name>(?:{either(words['members'])}){{0,2}}(?P<kind>{either(words['kinds'])}))"
    return re.compile(
        rf"{name}(?:共|的)?\d+\s*(?:名|人|位)|\d+\s*(?:名|位){name.replace('<', '<_')}"
    )


def counted_teams(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of teams beside a number of people, of a kind that no fact has."""
    for match in _team().finditer(text):
        name, kind = ("name", "kind") if match["name"] else ("_name", "_kind")
        if match[kind] not in known.whole:
            yield match.span(name)
