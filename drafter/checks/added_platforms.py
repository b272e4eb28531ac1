"""Platforms and apps that a draft names and no fact has: 入驻云品严选平台, 通过邻里通小程序.

Known by the verb before and the kind after; a name of words that say only what such a thing is for
(电商平台, 政务服务平台, 微信小程序) names none. Words are in data/partners.toml. Always a warning.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import HAN, either
from drafter.checks.known_names import Known, has, is_published
from drafter.data import load_table

_LEAST = 2  # letters left of a name without the words of its kind


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = load_table("partners")["platforms"]
    before, kinds = either(words["before"]), either(words["kinds"])
    return (
        re.compile(
            rf"(?:{before})(?:了|到|至|在)?(?P<name>(?P<core>(?:(?!{before})[{HAN}]){{2,8}}?)(?:{kinds}))"
            rf"(?![{words['not_after']}])"
        ),
        re.compile(either(words["plain"])),
        re.compile(words["made"]),
    )


def added_platforms(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of platforms that have a name and stand in no fact."""
    named, generic, made = _patterns()
    for match in named.finditer(text):
        core = match["core"]
        if len(generic.sub("", core)) < _LEAST or core in known.whole or made.search(core):
            continue
        if not has(known, match["name"], 2) and not is_published(match["name"]):
            yield match.span("name")
