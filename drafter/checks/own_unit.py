"""The name of the unit that reports, which a text need not say: its title, its header or 我校 do.

“设计公司党支部党史学习11次” told as “1.党史学习11次” loses nothing. Only the body with a Party
organ that the first fact opens with is the unit itself, and only where no other fact opens with
another and the text names no other: else the name says whose deed it was.
"""

import re
from collections.abc import Sequence

from drafter.checks.claimed_names import claimed_names
from drafter.types import Fact

_UNIT = re.compile("[\u4e00-\u9fff]{2,14}?(?:党工委|党总支|党支部|党委|党组(?!织))")
# What a body does to others, or what is done to it: there it is not the unit that reports.
_TO_OTHERS = re.compile("[与和同、向对给]|联合|表彰|授予|通报|评定|考核|指导|督[查导]|检查组")
_DONE_TO = re.compile(
    "[与和同向对为到赴在由被受经把将各全新]|联合|走访|邀请|指导|帮助|督[促查导]|组织|推动|整顿|成立|组建|[上下]级|所属|结对|共建"
)


def _opening(fact: Fact) -> str:
    """The body with a Party organ that a fact begins with, where its name is one of its anchors."""
    match = _UNIT.match(fact.text)
    named = any(one.kind == "name" and one.start == 0 for one in fact.anchors)
    if match is None or not named or _DONE_TO.match(fact.text):
        return ""
    return "" if _TO_OTHERS.match(fact.text, match.end()) else match[0]


def own_unit(facts: Sequence[Fact]) -> str:
    """Return the unit whose report `facts` are for, as the first of them opens with it; "" where
    that is not sure."""
    own = _opening(facts[0]) if facts else ""
    others = (match[0] for fact in facts[1:] if (match := _UNIT.match(fact.text)))
    return own if own and all(other == own for other in others) else ""


def is_unit_left_out(words: str, fact: Fact, facts: Sequence[Fact], text: str) -> bool:
    """Whether `words` that `text` lacks of `fact` are but the unit's own name at its beginning."""
    own = own_unit(facts)
    if not own or words not in own or not fact.text.startswith(own):
        return False
    return not any(one.kind in ("body", "organ") for one in claimed_names(text))
