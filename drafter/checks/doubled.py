"""Words that stand twice side by side (党员党员), and clauses that a section says a second time.

Chinese doubles verbs on purpose (研究研究), counts so (一户一户) and lets a name meet its like
(党组织组织学习): those are in data/echo_words.toml. What the facts say as often is left alone.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.checks.passages import letters
from drafter.checks.recurring import free_letters, recurs
from drafter.data import load_table
from drafter.types import DraftSection, Severity

_TWICE = re.compile("(?P<word>[\u4e00-\u9fff]{2,6})(?P=word)")
_CLAUSE = 8  # letters of what is told when it stands twice word for word
_JOINED = 3  # clauses on end that may make up these letters


@lru_cache(maxsize=1)
def _meant() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_table("echo_words")
    return re.compile("|".join(table["meant"])), re.compile("|".join(table["meets"]))


def doubled(section: DraftSection, facts: Sequence[str]) -> Iterator[tuple[int, int, Severity]]:
    """Yield words that stand doubled without a mark between them."""
    own = "\n".join(letters(fact)[0] for fact in facts)
    meant, meets = _meant()
    for match in _TWICE.finditer(section.text):
        word, start, end = match["word"], match.start(), match.end()
        if len(set(word)) == 1 or meant.fullmatch(word) or match[0] in own:
            continue
        around = section.text[max(0, start - 2) : end + 2]
        if not meets.search(around):
            yield start, end, "warning"


def clauses_twice(
    section: DraftSection, facts: Sequence[str]
) -> Iterator[tuple[int, int, Severity]]:
    """Yield whole clauses, up to three on end, that stand word for word further up."""
    bare, offsets, exempt, breaks = free_letters(section.text)
    own = "\n".join(letters(fact)[0] for fact in facts)
    places, done = sorted(breaks), 0
    for first, start in enumerate(places[:-1]):
        for end in reversed(places[first + 1 : first + 1 + _JOINED]):
            words = bare[start:end]
            if start < done or end - start < _CLAUSE or recurs(exempt, start, end):
                continue
            before = bare.find(words, 0, start)
            if before >= 0 and bare.count(words) > own.count(words):
                done = end
                yield offsets[start], offsets[end - 1] + 1, "warning"
