"""What the sections already written hold a new one to: their wording is not written again.

Runs of letters, and whole clauses at the head or the end of a point, that another section of the
report has. What the point's own facts say and what everybody says (formulas, the genre's common
wording) may come again. Pure; the way out is another try, never a fact left out.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from drafter.checks.copying import find_copies, own_letters
from drafter.types import Fact

# A clause this short that opens or closes points is everybody's (加强党建工作).
SHORTEST = 6
MOST = 3
_CLAUSE = re.compile(r"[^，。；：！？、\n]+")
_SENTENCE_END = "。；！？\n"


def said_before(
    text: str, others: Sequence[str], facts: Sequence[Fact]
) -> tuple[tuple[str, str], ...]:
    """Return (check name, order in Chinese) for what other sections say in the same words.

    A run of 13 letters or a whole clause of 10 anywhere (drafter.checks.copying), and from six
    letters on the clause a point opens or ends with where it opens or ends one there.
    """
    written = tuple(other for other in others if other.strip())
    if not written:
        return ()
    own = tuple(fact.text for fact in facts)
    words = [text[copy.start : copy.end] for copy in find_copies(text, written, own)]
    used = frozenset(edge for other in written for edge in _edges(other))
    for clause in _ends(text):
        known = any(clause in word for word in words)
        if clause in used and not known and _is_own(clause, own):
            words.append(clause)
    return tuple(("repetition", f"不写“{word}”，换个说法") for word in words[:MOST])


def _is_own(clause: str, facts: tuple[str, ...]) -> bool:
    """Whether most of a clause is neither a fact's nor everybody's wording."""
    bare, _, free = own_letters(clause, facts)
    return len(bare) >= SHORTEST and sum(free) * 2 > len(bare)


def _ends(text: str) -> tuple[str, ...]:
    """Return the clauses a point opens and ends with."""
    clauses = [match[0].strip() for match in _CLAUSE.finditer(text)]
    return tuple(dict.fromkeys(clauses[:1] + clauses[-1:]))


@lru_cache(maxsize=128)
def _edges(text: str) -> tuple[str, ...]:
    """Return the clauses that open or close a sentence of a section, without 一是 and the like."""
    found: list[str] = []
    for sentence in re.split(f"[{_SENTENCE_END}]", text):
        plain = re.sub(r"^\s*[一二三四五六七八九十]+是(?:要)?[，：]?", "", sentence)
        found += _ends(plain)
    return tuple(found)
