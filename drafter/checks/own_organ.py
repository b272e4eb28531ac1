"""The reporting unit called by another kind of name than its own: 我局, 局党组 in a hospital.

What the unit is, its title says (县中心医院党委2026年度工作总结); without one nothing is known. A
unit's Party organ is of one kind (党章 chapters 4, 5 and 9), and a small model takes another from
exemplars.
"""

import re
from collections.abc import Iterator, Sequence

# Kinds of unit, and how the name of one of that kind may end or what is in it.
_KINDS = {
    "局": "局",
    "院": "院|卫生服务中心",
    "校": "校|学|幼儿园|职教",
    "公司": "公司|集团|厂|矿|银行|城投",
    "集团": "公司|集团|厂|矿|银行|城投",
}
_PLACE = "[村镇乡县区市]$|社区$|街道$"  # where one of these is all that is known of the unit
_UNIT = re.compile(
    "^(?P<unit>.{2,30}?)(?:机关)?(?P<organ>党组|党委|党工委|党总支|党支部|总支|支部)?(?=党|书记|20\\d\\d)"
)
_WE = re.compile(
    f"我(?P<kind>{'|'.join(_KINDS)})(?!里的?人)"
    f"|(?<![\u4e00-\u9fff])(?P<bare>{'|'.join(_KINDS)})(?=所?[辖属])"
)
_SUBJECT = re.compile(
    "(?:^|(?<=[。；！\n]))(?:[一二三四五六七八九十]是)?"
    "(?P<name>(?P<kind>局|院|校|公司|集团)?(?P<organ>党组(?!织|成员|书记)|党委(?!委员|书记)))(?!会?的)"
)
_OTHER = {"党组": ("党委", "党总支", "党支部", "总支", "支部"), "党委": ("党组",)}


def own_organ(text: str, title: str, facts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield spans where `text` calls the unit of `title` by a kind or an organ it is not."""
    unit = _UNIT.match(title)
    if unit is None:
        return
    said = "\n".join((title, *facts))
    for match in _WE.finditer(text):
        if match[0] not in said and _is_not(match["kind"] or match["bare"], unit["unit"]):
            yield match.span()
    for match in _SUBJECT.finditer(text):
        other = unit["organ"] in _OTHER[match["organ"]] and match["organ"] not in said
        kind = match["kind"] is not None and _is_not(match["kind"], unit["unit"])
        if (other or kind) and match["name"] not in said:
            yield match.span("name")


def _is_not(kind: str, unit: str) -> bool:
    """Whether a unit is known to be of another kind: 局 of a hospital; a 派出所 may be anything."""
    known = {name for name, signs in _KINDS.items() if re.search(signs, unit)}
    return kind not in known and bool(known or re.search(_PLACE, unit))
