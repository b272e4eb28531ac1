"""Problems that no measure of the same report answers (data/pairing.toml). Advice only.

A problem is answered by a measure that has a word of it or speaks of the same matter. Where a
measure is left that answers nothing, it may answer this one in words the table does not know:
then nothing is said.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.numbering import list_tokens
from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Finding, Sources

_SENTENCE = re.compile(r"[^。；;！!\n]+")
_OPENER = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[一二三四五六七八九十]是|第[一二三四五六七八九十]，)?(?:要)?\s*"
)
_SAYS = re.compile("[一-鿿]{4}")
# A sentence that only says that there are problems, or that measures follow.
_LEAD = re.compile(
    "[：:]$|(?:如下|以下|一些|不少|几个|几点|诸多|许多).{0,6}$|^(?:针对|对照|下一?步|今后|新的一年)[^，]*$"
)


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[tuple[str, ...], ...], re.Pattern[str]]:
    table = load_table("pairing")
    common = sorted(map(re.escape, table["common"]), key=len, reverse=True)
    return tuple(map(tuple, table["groups"])), re.compile("|".join(common))


@lru_cache(maxsize=2048)
def _matter(text: str) -> frozenset[str]:
    """What a text is about: groups of the table by number, and pairs of letters that mean much."""
    groups, common = _table()
    plain = re.sub(r"\d+", " ", letters(text)[0])
    about = {f"#{n}" for n, words in enumerate(groups) if any(word in plain for word in words)}
    parts = common.sub(" ", plain).split()
    return frozenset(about | {part[at : at + 2] for part in parts for at in range(len(part) - 1)})


def _items(section: DraftSection) -> Iterator[tuple[int, int]]:
    """Yield the spans of what a section lists: from 一是 to 二是, else sentence by sentence; a
    subsection with a heading of its own is one item."""
    text = section.text
    tokens = [token.start for token in list_tokens(section) if token.start is not None]
    if tokens:
        yield from zip(tokens, [*tokens[1:], len(text)], strict=True)
    elif section.level > 1 and text.strip():
        yield 0, len(text)
    else:
        yield from (match.span() for match in _SENTENCE.finditer(text))


def _told(draft: Draft, role: str) -> list[tuple[DraftSection, int, int, frozenset[str]]]:
    found = []
    for section in draft.sections:
        for start, end in _items(section) if section.role == role else ():
            said = _SENTENCE.search(section.text, start, end)
            if said is None:
                continue
            first = said.start() + len((_OPENER.match(said[0]) or said)[0])
            words = section.text[first : said.end()]
            if _SAYS.search(words) and not _LEAD.search(words):
                matter = _matter(section.heading + section.text[first:end])
                found.append((section, first, said.end(), matter))
    return found


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield advice for each problem without a measure, where every measure answers another."""
    problems, measures = _told(draft, "问题"), _told(draft, "打算")
    if not problems or not measures:
        return
    open_ones = [one for one in problems if not any(one[3] & other[3] for other in measures)]
    if any(not any(one[3] & other[3] for one in problems) for other in measures):
        return
    for section, start, end, _ in open_ones:
        words = section.text[start:end].rstrip()
        message = f"“{words}”没有对应的改进措施，请在下一步打算里补上。"
        span = (start, start + len(words))
        yield Finding("pairing", "advice", section.id, span, words, message, None)
