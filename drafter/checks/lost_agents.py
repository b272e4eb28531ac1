"""Who a fact says is to do something, where the draft leaves them out.

对14个网格由班子成员包联 told as 包联14个网格: those who do it are no number and no name, so that no
other rule misses them. Only 由 with a doer and a verb of data/agents.toml is looked at.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.amounts import pairs
from drafter.data import load_table


@lru_cache(maxsize=1)
def _by() -> re.Pattern[str]:
    verbs = "|".join(load_table("agents")["verbs"])
    return re.compile(rf"(?<![理缘事来])由(?P<who>[\u4e00-\u9fff]{{1,8}}?)(?P<verb>{verbs})")


_SOMEBODY = re.compile("干部|领导|同志|委员|人员|专人|组委|书记|班子")


def lost_agents(fact: str, text: str) -> Iterator[tuple[str, bool]]:
    """Yield 由 and the doer of `fact` whose verb stands in `text` and of whom nothing does, and
    whether that is certain: another word for somebody may be theirs. Whoever reports need not
    name themselves."""
    for match in _by().finditer(fact):
        who = match["who"]
        known = any(pair in text for pair in pairs(who) or {who})
        if who not in ("本人", "我", "自己") and not known and match["verb"] in text:
            yield f"由{who}", _SOMEBODY.search(text) is None
