"""Whether a text tells a fact: its numbers, dates, names and qualifiers, and each of its clauses.

An anchor is told where it stands, in its own or in accepted other words (data/retelling.toml), and
where it is not another fact's; a clause where enough of its wording stands (checks/clauses.py).
"""

import re
from collections.abc import Iterator, Sequence

from drafter.amounts import (
    Amount,
    amount_of,
    amount_of_value,
    exchangeable,
    named_unit,
    pairs,
    same_number,
    same_thing,
    same_unit,
)
from drafter.anchors import is_kept
from drafter.checks.clauses import (
    Loss,
    Telling,
    clauses,
    closest_window,
    coverage,
    lost_clause,
)
from drafter.checks.lost_agents import lost_agents
from drafter.checks.lost_doings import lost_doings
from drafter.checks.made_into import made_into
from drafter.checks.moved_times import lost_times
from drafter.checks.parts_told import parts_told
from drafter.checks.said_otherwise import said_otherwise
from drafter.checks.told_people import people_lost
from drafter.checks.untold import hard_anchors, own_words_gone, words_gone
from drafter.data import load_table
from drafter.in_words import told_as_share
from drafter.listed import marked_items, possible_items
from drafter.names import squash
from drafter.numbers import Quantity, find_quantities
from drafter.types import Anchor, Fact

# The body that a fact begins with, whose report it is: told by its ending alone.
_OWNER_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,14}?(党支部|支部|党委|党组|党工委|党总支|总支|社区|街道|学校|医院|公司|村)"
)

_YEAR_END = ("年末", "年底", "年终", "截至年底", "截至年末")
# What may stand before a number that takes up another fact's: 对52条意见, 上述52条意见.
_TAKING_UP = frozenset(["", "对", "这", "上述", "所提", "以上", "就", "该", "针对", "其中"])


def losses(fact: Fact, text: Telling, facts: Sequence[Fact]) -> Iterator[Loss]:
    """Yield what `text` lacks of `fact`. `facts` are all that the text tells, this one included."""
    gone = [one for one in fact.anchors if not anchor_told(one, fact, text, facts)]
    yield from (Loss(anchor.text, certain=True) for anchor in gone)
    yield from (Loss(name, certain=True) for name in people_lost(fact.text, text.text))
    for level, pattern in load_table("retelling")["level"].items():
        if level in fact.text and not _level_told(level, pattern, fact, text):
            yield Loss(level, certain=True)
    for start, end in clauses(fact.text):
        hard = hard_anchors(fact, start, end)
        dropped = any(one in gone for one in hard)
        if not dropped and words_gone(fact, start, end, text):
            if any(said_otherwise(one, fact, text) for one in hard or _hard_of(fact)):
                continue
            yield Loss(fact.text[start:end].strip(), certain=True, direct=True)
            continue
        lost = lost_clause(fact.text[start:end], text, start == 0, free=not hard)
        if lost is None and (words := own_words_gone(fact, start, end, text)):
            lost = Loss(words, certain=False)
        if lost is not None:
            yield lost
    yield from _told_of_another(fact, text, facts)


def _told_of_another(fact: Fact, text: Telling, facts: Sequence[Fact]) -> Iterator[Loss]:
    """What `fact` says of somebody, of a time or of a part, told of another or of nobody."""
    for one in lost_doings(fact.text, text.text):
        # 分析研判1次 told as 进行了分析研判, where another fact has a 1次: that one is not its own.
        if re.match("[1一](?!\\d)", one.number) and min(coverage(one.words, text.text)) == 1:
            continue
        yield Loss(one.words, one.certain, one.instead, direct=one.certain)
    for words, instead in made_into(fact.text, text.text):
        yield Loss(words, certain=True, instead=instead, direct=True)
    for words, sure in (*lost_times(fact.text, text.text), *lost_agents(fact.text, text.text)):
        yield Loss(words, certain=sure, direct=sure)
    for words, instead in parts_told(fact.text, text.text, [one.text for one in facts]):
        yield Loss(words, certain=True, instead=instead, direct=True)


def _hard_of(fact: Fact) -> list[Anchor]:
    return hard_anchors(fact, 0, len(fact.text))


def _level_told(level: str, pattern: str, fact: Fact, text: Telling) -> bool:
    best = closest_window(fact.text, text)
    others = [
        other for other in load_table("retelling")["level"] if other in best and other != level
    ]
    return bool(others or re.search(pattern, best))


def anchor_told(anchor: Anchor, fact: Fact, text: Telling, facts: Sequence[Fact]) -> bool:
    """Whether the text keeps an anchor, in its own or other accepted words."""
    if anchor.kind == "number":
        return _number_told(anchor, fact, text, facts)
    if anchor.kind == "qualifier":
        return _qualifier_told(anchor, fact, text)
    if is_kept(anchor, text.text, text.year):
        return True
    if anchor.text in _YEAR_END and re.search("已", closest_window(fact.text, text)):
        return True  # 年末完成17个 as 已完成17个: a report of a year tells its end
    if anchor.kind == "date":
        return said_otherwise(anchor, fact, text)
    return anchor.kind == "name" and _name_told(anchor, fact, text, facts)


def _number_told(anchor: Anchor, fact: Fact, text: Telling, facts: Sequence[Fact]) -> bool:
    amount = amount_of_value(anchor.value)
    places = []
    for quantity in text.found:
        other = amount_of(quantity)
        if same_number(amount, other) and (
            same_unit(amount, other)
            or named_unit(other, text.text, quantity.end, amount)
            or named_unit(amount, fact.text, anchor.end, other)
            or (
                exchangeable(amount, other)
                and same_thing(
                    text.text, quantity.start, quantity.end, fact.text, anchor.start, anchor.end
                )
            )
        ):
            places.append(quantity)
    if places and _own_place(anchor, fact, places, text, facts):
        return True
    if amount.low == 1 and amount.high is None and not amount.ordinal:
        return True  # 建冷库1座 may be told without its number
    if places:
        return False
    equal = load_table("retelling")["number"].get(anchor.text)
    if equal and re.search(equal, closest_window(fact.text, text)):
        return True
    return _reckoned(anchor, fact, text) or said_otherwise(anchor, fact, text)


def _own_place(
    anchor: Anchor, fact: Fact, places: Sequence[Quantity], text: Telling, facts: Sequence[Fact]
) -> bool:
    """Whether one of the places is this fact's, where other facts have the same number."""
    rivals = [
        other
        for other in facts
        if other.id != fact.id
        and any(a.value == anchor.value for a in other.anchors)
        and not _takes_up(anchor, fact, other)
    ]
    claims = sum(sum(a.value == anchor.value for a in one.anchors) for one in (fact, *rivals))
    if not rivals or len(places) >= claims:
        return True
    own = pairs(fact.text)
    for rival in rivals:
        own = own - pairs(rival.text)
    return not own or any(own & pairs(_sentence(text, place)) for place in places)


def _takes_up(anchor: Anchor, fact: Fact, other: Fact) -> bool:
    """Whether a fact opens with the number of another, to go on from it: “52条意见采纳47条” after
    “征求意见52条”. Told once, it is told for both."""
    for again, first in ((fact, other), (other, fact)):
        for one in again.anchors:
            if one.value != anchor.value or again.text[: one.start] not in _TAKING_UP:
                continue
            places = (a for a in first.anchors if a.value == anchor.value)
            if any(
                same_thing(again.text, one.start, one.end, first.text, a.start, a.end)
                for a in places
            ):
                return True
    return False


def _sentence(text: Telling, place: Quantity) -> str:
    start, end = next(span for span in text.spans if span[0] <= place.start < span[1])
    return text.text[start:end]


def _reckoned(anchor: Anchor, fact: Fact, text: Telling) -> bool:
    """A share told as its two numbers (一半 as 3 of 6), a number of items told one by one."""
    amount = amount_of_value(anchor.value)
    window = closest_window(fact.text, text)
    if amount.unit == "%":
        values = [q.value for q in find_quantities(window) if q.kind in ("count", "money")]
        return any(
            low <= high and high and abs(low / high * 100 - amount.low) < 1
            for low in values
            for high in values
            if low != high
        )
    others = frozenset(
        q.value for q in find_quantities(fact.text) if q.kind in ("count", "money") and not q.weak
    )
    if _is_compared(amount, window) or told_as_share(amount.low, others, text.text):
        return True
    if amount.low > 12 or amount.ordinal:
        return False
    lists = {n for part in re.split("[，。；：]", window) for n in possible_items(part)}
    return int(amount.low) in {marked_items(text.text), *lists}


def _is_compared(amount: Amount, window: str) -> bool:
    """A year before told by what changed since: 上年32件 as 24件，同比减少8件 or 下降25%."""
    if not re.search("同比|[比较](?:上|去)年|[比较]同期", window):
        return False
    found = [amount_of(q) for q in find_quantities(window) if not q.form or q.kind == "fraction"]
    now = [one.low for one in found if one.unit == amount.unit]
    shares = [one.low for one in found if one.unit == "%"]
    return any(amount.low in (a + b, a - b) for a in now for b in now) or any(
        abs(abs(amount.low - a) / amount.low * 100 - share) < 1
        for a in now
        for share in shares
        if amount.low and a != amount.low
    )


def _qualifier_told(anchor: Anchor, fact: Fact, text: Telling) -> bool:
    start, end = next(
        (one for one in clauses(fact.text) if one[0] <= anchor.start < one[1]), (0, len(fact.text))
    )
    window = closest_window(fact.text, text) + "\n" + closest_window(fact.text[start:end], text)
    equal = load_table("retelling")["equal"].get(anchor.value)
    if is_kept(anchor, window) or (equal and re.search(equal, window)):
        return True
    day = re.fullmatch("每周([一二三四五六日末])", anchor.text)
    if day and re.search(f"逢(?:周|星期|礼拜){day[1]}|每个?(?:星期|礼拜){day[1]}", window):
        return True  # 每逢周五 of 每周五
    if anchor.value == "全部":
        return any(a.kind == "number" for a in fact.anchors)
    return anchor.value in ("部分", "个别", "多数") and _says_how_many(anchor, fact)


def _says_how_many(anchor: Anchor, fact: Fact) -> bool:
    """Whether a number of the fact says of how many it is true: 有的支部……，涉及5个支部; 部分居民
    代表……，14个议事会 counts something else."""
    noun = pairs(fact.text[anchor.end : anchor.end + 4])
    after = (fact.text[a.start : a.end + 4] for a in fact.anchors if a.kind == "number")
    return any(noun & pairs(words) for words in after)


def _name_told(anchor: Anchor, fact: Fact, text: Telling, facts: Sequence[Fact]) -> bool:
    """A name told in two parts, or its owner's short name: 青石街道党工委 as 街道党工委."""
    items = [squash(item) for item in re.split("[、，]", anchor.text)]
    if len(items) > 1 and all(item in text.plain for item in items):
        return True
    value = anchor.value
    for cut in range(len(value) - 2, 1, -1):
        if value[:cut] in text.plain and value[cut:] in text.plain:
            return True
    owner = _OWNER_NAME.match(fact.text)
    if owner is None or anchor.end > owner.end():
        return False
    rivals = {
        a.value
        for other in facts
        for a in other.anchors
        if a.kind == "name" and a.value.endswith(owner[1]) and a.value not in owner[0]
    }
    return not rivals and owner[1] in text.plain
