"""Whom or what was made into something else, told as if one of the two had been made alone.

把班组长培养成党员1名 told as 培养班组长1名: the number stands and so do all words, in a clause that
says another thing. Only 把 and 将 with a verb of becoming are looked at.
"""

import re
from collections.abc import Iterator

from drafter.amounts import pairs
from drafter.checks.alignment import Clause, clauses_of

_HAN = "\u4e00-\u9fff"
_INTO = re.compile(
    rf"[把将](?P<what>[{_HAN}\d]{{2,12}}?)(?:并入|(?:培养|培育|发展|转化|转变|改造|改建|改)(?:成为|成|为))"
    rf"(?P<made>[{_HAN}\d]{{2,8}})"
)
# A clause that tells it has one of these: 骨干成长为党员, 并到联合支部, 校舍改建养老院.
_BECAME = re.compile("[成为]|并[入到]|[纳加转]入|改建|改造|合并|整合|入党")


def made_into(fact: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of `fact` that say what became what, and the clause of `text` that tells of
    one of the two alone; nothing where another clause tells it."""
    for match in _INTO.finditer(fact):
        what, made = pairs(match["what"]), pairs(match["made"])
        near = [c for c in clauses_of(text) if _first(what, c, text) >= 0]
        if not what or not made or any(_tells(what, made, c, text) for c in near):
            continue
        alone = [
            clause
            for clause in near
            if not _BECAME.search(text, clause.start, clause.end)
            # 3个薄弱支部摘帽，达到合格支部标准: what it became may be said a clause later.
            and not any(
                pair in re.split("[将把]", text[clause.start : clause.last])[0] for pair in made
            )
        ]
        if alone:
            yield match[0], text[alone[0].start : alone[0].end]


def _first(words: frozenset[str], clause: Clause, text: str) -> int:
    """Where the first of some letter pairs stands in a clause, -1 for nowhere."""
    places = (text.find(pair, clause.start, clause.end) for pair in words)
    return min((place for place in places if place >= 0), default=-1)


def _tells(what: frozenset[str], made: frozenset[str], clause: Clause, text: str) -> bool:
    """Whether a clause tells the one before the other, with a word of becoming."""
    if not _BECAME.search(text, clause.start, clause.end):
        return False
    there = max(text.rfind(pair, clause.start, clause.end) for pair in made)
    return there < 0 or _first(what, clause, text) < there
