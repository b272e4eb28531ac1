"""People whom a fact names after their part (市党校教师何文清) and whom a draft leaves out.

A person may be called by surname and title afterwards (何老师, 老何). Words are in
data/name_signs.toml and retelling.toml.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claimed_names import claimed_names
from drafter.checks.claims import either, name_signs
from drafter.data import load_table

_WON = "获捧夺摘"


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    words, names, people = name_signs("person"), load_table("names"), load_table("retelling")
    parts = people["people"]["parts"]
    surname = "".join(c for c in names["surnames"] if c not in words["weak_surnames"])
    follow = either([*words["verbs"], *people["people"]["doing"]])
    return re.compile(
        rf"(?:{either([*words['before'], *parts])})"
        rf"(?P<name>(?!{either(words['not_names'])})"
        rf"(?:{either(words['double_surnames'])}|[{surname}{people['people']['surnames']}])"
        rf"[^\W\da-z{people['people']['never']}]{{2}})(?={follow}|[，。、；（]|$)"
    )


@lru_cache(maxsize=2048)
def people_of(fact: str) -> tuple[str, ...]:
    """Return the personal names that a fact tells, in order."""
    found = [claim.text for claim in claimed_names(fact) if claim.kind == "person" and claim.sure]
    found += [match["name"] for match in _named().finditer(fact) if len(match["name"]) > 2]
    # 王海获“…奖章”: what was won is no letter of a name.
    found = [name.rstrip(_WON) for name in found]
    never = load_table("retelling")["people"]["never"]
    return tuple(
        dict.fromkeys(
            name
            for name in found
            if len(name) > 1 and "某" not in name and not any(c in never for c in name[1:])
        )
    )


def people_lost(fact: str, text: str) -> Iterator[str]:
    """Yield the people of `fact` whom `text` neither names nor calls by surname and title."""
    after = either([*name_signs("person")["after"], *name_signs("person")["short_after"]])
    for name in people_of(fact):
        called = f"{name[0]}(?:{after})|[老小]{name[0]}"
        if name not in text and not re.search(called, text):
            yield name
