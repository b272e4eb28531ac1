"""How many things a text lists: 一是…二是…, 其一…其二…, names between 、, clauses between ；.

Used where a number says how many there are (三项措施, 5个：A、B、C). Lists with 等 are open and
have no number of their own.
"""

import re
from functools import lru_cache

from drafter.numerals import parse_number

_CN = "一二三四五六七八九十"
_MARKS = (
    re.compile(rf"(?<![之的{_CN}])([{_CN}]{{1,2}})(?:要|则)?是(?![否非])"),
    re.compile(rf"其([{_CN}])(?=[，、是在为])"),
    re.compile(rf"第([{_CN}])[，、](?!批|次|期)"),
    re.compile(rf"[（(]([{_CN}]{{1,2}})[）)]"),
    re.compile(r"(?<![\d.])(\d{1,2})[.．、](?!\d)"),
    re.compile(rf"(?:^|(?<=[。；;：:，,\s]))([{_CN}])要(?!求|是)"),
    re.compile(r"[（(](\d{1,2})[）)]"),
    re.compile(r"([①②③④⑤⑥⑦⑧⑨⑩])"),
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_ONE_MORE = re.compile(r"(?:一|另一|再一|还有一)个?是")


@lru_cache(maxsize=2048)
def marked_items(text: str) -> int:
    """Return how many items opened by marks the first list of `text` has, 0 without a list."""
    found = list_after(text, 0, len(text))
    return found[0] if found else 0


def list_after(text: str, start: int, reach: int) -> tuple[int, int] | None:
    """Return (items, place) of the list whose first mark stands within `reach` letters of `start`.

    It goes on with marks of its own kind to the first gap or new beginning; None where there is no
    list of two or more.
    """
    first = [
        (match.start(), pattern)
        for pattern in _MARKS
        if (match := pattern.search(text, start)) is not None and _ordinal(match[1]) == 1
    ]
    if not first:
        return None
    place, pattern = min(first, key=lambda one: one[0])
    if place - start > reach:
        return None
    count = 0
    for match in pattern.finditer(text, place):
        number = _ordinal(match[1])
        if number == count + 1:
            count += 1
        elif number == 1:
            break
    return (count, place) if count >= 2 else None


def _ordinal(mark: str) -> int:
    if mark in _CIRCLED:
        return _CIRCLED.index(mark) + 1
    value = parse_number(mark)
    return int(value) if value is not None else 0


def _outside_quotes(text: str) -> str:
    """Blank what stands in quotes, titles and brackets: its 、 belong to one item."""
    return re.sub(r"“[^”]*”|《[^》]*》|（[^）]*）|\([^)]*\)", lambda m: "·" * len(m[0]), text)


def comma_items(run: str) -> int:
    """Return how many items `run` lists with 、 (and a last 和 or 及), 0 for one item or 等."""
    plain = _outside_quotes(run).strip("，。；：、 \n")
    if re.search(r"等(?!级|次|额|离|于)", plain) or "、" not in plain:
        return 0
    items = [item for item in plain.split("、") if item.strip()]
    last = items[-1]
    if len(last) <= 16 and re.search(r"[^和及与共总]{2,}(?:和|以及|及)[^和及与平]{2,}", last):
        return 0  # 和 may join or be part of the item: the number cannot be told
    return len(items)


def possible_items(run: str) -> frozenset[int]:
    """Return the numbers of items that `run` may list: 和 and 及 may join two or be in one."""
    plain = _outside_quotes(run).strip("，。；：、 \n")
    if "、" not in plain or re.search(r"等(?!级|次|额|离|于)", plain):
        return frozenset()
    items = [item for item in plain.split("、") if item.strip()]
    joined = re.search(r"和|及|与", items[-1]) is not None
    return frozenset({len(items), len(items) + 1} if joined else {len(items)})


def clause_items(run: str) -> int:
    """Return how many parts `run` has between ；, or between ， where no ； stands."""
    mark = "；" if "；" in run else "，"
    return len([part for part in run.strip("。；，、 \n").split(mark) if part.strip()])
