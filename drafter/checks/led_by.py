"""Bodies that a draft lets order, check, help or praise the work: 受到省总工会表彰, 经市信访局督办.

Found by their level (省, 县, 团市…), by what leads to them and by what they do, all in
data/partners.toml. In general terms the bodies above need no fact (在县委的坚强领导下). It is a
guess that such a body had no part: always a warning.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import HAN, either
from drafter.checks.known_names import Known, has, plain
from drafter.data import load_table
from drafter.short_forms import is_named

_PRESS = "报|刊|网|台|日报|晚报|周刊|杂志|客户端|公众号"


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = load_table("partners")["led"]
    before, levels, acts = (either(words[key]) for key in ("before", "levels", "acts"))
    return re.compile(
        rf"(?:{before})(?P<name>(?:{levels})(?![{words['not_after']}])[{HAN}]{{1,14}}?)"
        rf"(?P<what>(?:的|等|专家|领导|主要领导|同志|书记|上级|统一|充分|高度|一致|正确|坚强|大力|精心|悉心"
        rf"|及时|专项|集中|全面|公开|重点|现场|审核|联合|工作|严格|通报|书面|综合|年度){{0,4}}"
        rf"(?P<act>{acts}))"
    )


@lru_cache(maxsize=1)
def _endings() -> re.Pattern[str]:
    words = load_table("partners")
    kinds = either([*words["kinds"], "委", "政府", "工会", "部", "联", "协", "办", "组", "党工委"])
    return re.compile(rf"(?:{kinds}|{_PRESS}|党委|党组|书记|领导|[县市区镇乡省]长)$")


def _is_common(name: str, act: str, what: str) -> bool:
    """在县委的坚强领导下, 按照县委、县政府要求: said of anybody."""
    words = load_table("partners")["led"]
    return name in words["common"] and (
        act in words["common_acts"] or what.startswith(("的坚强", "的正确"))
    )


def led_by(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of bodies that no fact has and that do something to the work told."""
    for match in _pattern().finditer(text):
        name = match["name"]
        if not _endings().search(name) or _is_common(name, match["act"], match["what"]):
            continue
        if has(known, name, 8) or is_named(plain(name), known.whole):
            continue
        yield match.span("name")
