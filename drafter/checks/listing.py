"""Numbers of things against the things listed: 三项措施：一是…二是…; 5个：A、B、C、D."""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.reckoning import Fault
from drafter.data import load_table
from drafter.listed import comma_items, list_after
from drafter.numerals import parse_number

_NUMBER = r"(?<![\d.第每余多近约几十百千万])(\d{1,2}|[两二三四五六七八九十])"
_UNIT = r"(个方面|方面|个|项|条|点|大|类|种|件|步|招|处|家|支|名|位|所)"
_QUOTED_LIST = re.compile(
    r"“([^“”\n]{4,60})”([两二三四五六七八九十]|\d{1,2})([步个项类种张本支])(?!一)"
)
_REACH = 24  # letters between a number and the list it announces


@lru_cache(maxsize=1)
def _announced() -> tuple[re.Pattern[str], re.Pattern[str]]:
    nouns = "|".join(load_table("reckoning")["listing"]["nouns"])
    marked = rf"{_NUMBER}{_UNIT}(?:[^，。；：、\n\d]{{0,8}})?(?:{nouns})?"
    named = rf"{_NUMBER}{_UNIT}[^，。；：、\n\d（(]{{0,8}}(?:：|:|（|\(|——)([^。；\n）)]+)"
    return re.compile(marked), re.compile(named)


@lru_cache(maxsize=1)
def _fixed_sets() -> tuple[str, ...]:
    return tuple(entry["name"] for entry in load_table("fixed_terms")["set"])


def miscounted_lists(text: str) -> Iterator[Fault]:
    """Yield numbers of a section that announce another number of items than follow."""
    marked, named = _announced()
    nouns = re.compile("|".join(load_table("reckoning")["listing"]["nouns"]))
    told: set[int] = set()
    for match in marked.finditer(text):
        said = int(parse_number(match[1]) or 0)
        found = list_after(text, match.end(2), _REACH)
        if found is None or said < 2 or found[0] == said:
            continue
        between = text[match.end(2) : found[1]]
        if not re.fullmatch(r"[^。；、“”\n\d]*[：:，。；—\n]\s*", between) or "等" in between:
            continue
        first, _, later = between.partition("，")
        own = first if len(first) > 1 or not later.strip() else between
        if nouns.search(match[2] + own) is None:
            continue  # 走访五家企业。一是听诉求; 7个支部，有不少短板：一是
        told.add(match.start())
        message = f"说的是“{match[1]}{match[2]}”，列了{found[0]}项。"
        yield Fault(match.start(), match.end(2), message)
    for match in named.finditer(text):
        said, items = int(parse_number(match[1]) or 0), comma_items(_first_clause(match[3]))
        if match.start() in told or not items or said < 2 or items == said:
            continue
        if text.startswith(_fixed_sets(), match.start()):
            continue  # “四个意识”（…）: term_form knows its members
        message = f"说的是“{match[1]}{match[2]}”，列了{items}项。"
        yield Fault(match.start(), match.end(2), message)
    yield from _quoted_names(text)


def _quoted_names(text: str) -> Iterator[Fault]:
    """“敲门、问需、回访”三步工作法: a quoted list right before the number of its items."""
    for match in _QUOTED_LIST.finditer(text):
        said, items = int(parse_number(match[2]) or 0), comma_items(match[1])
        if items > 1 and said > 1 and items != said:
            yield Fault(
                match.start(2), match.end(), f"说的是“{match[2]}{match[3]}”，列了{items}项。"
            )


def _first_clause(run: str) -> str:
    """The list itself: up to the ， after which the sentence goes on."""
    return run.partition("，")[0]
