"""Congresses and plenums named in a text, with the dates of data/stale_phrases.toml.

It knows the central ones only: 省委十二届三中全会 and the like are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafter.data import load_table

_DIGITS = "一二三四五六七八九"
_LOCAL = re.compile(
    r"(?:[省市区县州盟旗]委|自治区|[省市县]|团|工会|妇联|院|公司|集团|纪委)(?:党)?$"
    r"|(?:(?<!集)团|工会|妇联|妇女|侨联|科协|文联|作协)的?$"
)
# What a learner of a meeting learns; only with one of these is an older meeting out of date.
_TAIL = (
    r"(?:会议|报告)?(?:重要)?精神|(?:重大)?(?:决策|战略|工作)?部署"
    r"|报告(?!指出|提出|强调|明确|要求|首次|作出|将|中|里|写)"
)


@dataclass(frozen=True, slots=True)
class Congress:
    """One congress. `opened` and `plenums` are "2022-10"; `count` is the number of plenums its
    committee held, None while it is in office. Without dates only `count` is known."""

    name: str
    term: str
    opened: str
    plenums: tuple[str, ...]
    count: int | None

    @property
    def year(self) -> int:
        """The year it opened."""
        return int(self.opened[:4])


@dataclass(frozen=True, slots=True)
class Mention:
    """A congress (`plenum` 0) or one plenum at `start:end` of the bare text."""

    start: int
    end: int
    congress: Congress
    plenum: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """A run of meetings whose 精神 or 部署 is meant, 党的十九大和十九届历次全会精神."""

    start: int
    end: int
    newest: Congress
    plenary: bool


@lru_cache(maxsize=1)
def congresses() -> tuple[Congress, ...]:
    """Return the table in order of time."""
    rows = load_table("stale_phrases")["congress"]
    found = []
    for at, row in enumerate(rows):
        held = tuple(row.get("plenums", ()))
        over = at + 2 < len(rows)  # the last but one is in office, the last is yet to come
        count = row.get("count") or (len(held) if over else None)
        found.append(Congress(row["name"], row["term"], row["opened"], held, count))
    return tuple(found)


def following(congress: Congress) -> Congress | None:
    """Return the congress after `congress`, None after the last of the table."""
    known = congresses()
    at = known.index(congress) + 1
    return known[at] if at < len(known) else None


def current(year: int) -> Congress:
    """Return the congress in whose time the year ended."""
    return [one for one in congresses() if one.year <= year][-1]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Plenums, congresses, and runs of both that end in 精神."""
    known = sorted(congresses(), key=lambda one: len(one.name), reverse=True)
    names = "|".join(one.name for one in known)
    terms = "|".join(one.term for one in known)
    numbers = rf"(?:(?:[二三]?十[{_DIGITS}]?|[{_DIGITS}])中[至到和及]?)+"
    plenary = r"(?:全会|全体会议)"
    plenum = rf"(?<![{_DIGITS}十])(?P<term>{terms})(?P<numbers>{numbers}){plenary}"
    plenum += rf"|(?<![{_DIGITS}十])(?P<term2>{terms})中央委员会第(?P<nth>[{_DIGITS}])次全体会议"
    congress = rf"(?<![{_DIGITS}十第])(?P<name>{names})"
    one = (
        rf"(?:党的)?(?:(?<![{_DIGITS}十])(?:{names})|(?:{terms})?(?:{numbers}{plenary}?|历次全会))"
    )
    run = rf"{one}(?:(?:和|及|以及|与)?{one})*(?:{_TAIL})"
    return re.compile(plenum), re.compile(congress), re.compile(run)


def _by(key: str) -> Congress:
    return next(one for one in congresses() if key in (one.name, one.term))


def plenum_mentions(bare: str) -> Iterator[Mention]:
    """Yield each plenum of `bare` (letters only); 十九届二中三中全会 gives two of one span."""
    for match in _patterns()[0].finditer(bare):
        if _LOCAL.search(bare[max(0, match.start() - 3) : match.start()]):
            continue
        congress = _by(match["term"] or match["term2"])
        written = match["numbers"] or match["nth"]
        for number in re.findall(rf"[二三]?十[{_DIGITS}]?|[{_DIGITS}]", written):
            tens, _, ones = number.rpartition("十")
            ten = 10 * (_DIGITS.find(tens) + 1 if tens else 1) if "十" in number else 0
            value = ten + (_DIGITS.find(ones) + 1 if ones else 0)
            yield Mention(match.start(), match.end(), congress, value)


def congress_mentions(bare: str) -> Iterator[Mention]:
    """Yield each congress of `bare` that is surely meant as one (党的二十大, 二十大精神)."""
    for match in _patterns()[1].finditer(bare):
        said = re.match(r"精神|报告|以来|召开|胜利|代表|会议|和", bare[match.end() :])
        if _LOCAL.search(bare[max(0, match.start() - 3) : match.start()]):
            continue  # 团的十九大精神
        if said or re.search(r"(?:党的|中共|[和学习贯彻迎接])$", bare[: match.start()]):
            yield Mention(match.start(), match.end(), _by(match["name"]), 0)


def lessons(bare: str) -> Iterator[Lesson]:
    """Yield each run of meetings of which 精神 or 部署 is told."""
    known = congresses()
    for match in _patterns()[2].finditer(bare):
        if _LOCAL.search(bare[max(0, match.start() - 3) : match.start()]):
            continue
        named = [at for at, one in enumerate(known) if _names(match[0], one)]
        if named:
            yield Lesson(match.start(), match.end(), known[named[-1]], "中" in match[0])


def _names(words: str, congress: Congress) -> bool:
    either = f"{congress.name}|{congress.term}"
    return re.search(rf"(?<![{_DIGITS}十])(?:{either})", words) is not None


def is_unheld(mention: Mention, year: int) -> bool:
    """Whether the meeting was still to come at the end of `year`."""
    congress = mention.congress
    if mention.plenum == 0 or congress.year > year:
        return congress.year > year
    if mention.plenum <= len(congress.plenums):
        return int(congress.plenums[mention.plenum - 1][:4]) > year
    return congress.count is None and _beyond(mention, year)


def _beyond(mention: Mention, year: int) -> bool:
    """A plenum of the committee in office that no year up to `year` can have had: the table ends
    at some date, and after it at most one plenum a year is believed."""
    held = mention.congress.plenums
    last = int(held[-1][:4]) if held else mention.congress.year
    return mention.plenum > len(held) + max(0, year - last)


def never_was(mention: Mention, year: int | None) -> bool:
    """Whether no plenum of that number exists: 十八届八中全会, 二十届九中全会."""
    congress, number = mention.congress, mention.plenum
    if congress.count is not None:
        return number > congress.count
    if year is None:
        return number > 8
    return number > 8 or (number > len(congress.plenums) and _beyond(mention, year))
