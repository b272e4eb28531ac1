"""Bodies and places that a draft names by their ending: 幸福里社区, 绿源农业公司, 放射科.

What stands before the ending is read backwards word by word; a name is what no list of everyday
words has, down to a word that no name reaches across. Not seen: names made of everyday words alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import HAN, Claim, either, name_signs
from drafter.data import load_table

_COUNT = re.compile(r"(?:[两二三四五六七八九十多几]|\d{1,2})[个家所]$")
# 仁和医院, 同仁堂: these words also stand inside names, at their end or beginning.
_NAME_PARTICLES = ("和", "同")
# 武警河西中队, 消防望江大队: a place between the force and its unit.
_TROOPS = re.compile(
    rf"(?:武警|消防|交警|公安|边防)(?!救援|直属|机动|特|执|高速|交通|治安|森林|内卫|训练|第|官兵|总)"
    rf"(?P<name>[{HAN}]{{2,3}})(?:中队|大队|支队)"
)
# 头疼脑热有卫生室, 平均每个社区: a clause that ends in a body, no name of one.
_NO_NAME = re.compile("平均|每[个名户家座所]|[没还只都就]?有$")
_NAME_WORDS = tuple("新老大小好兴家")  # beside another character of a name: 鼎新科技, 大兴村


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, str], re.Pattern[str]]:
    """Word -> "b" (a name cannot reach across it) or "g" (part of a name, but names nothing)."""
    words, names = name_signs("body"), load_table("names")
    kinds = dict.fromkeys([*words["generic"], *names["generic"], *names["generic_alone"]], "g")
    kinds |= dict.fromkeys([*names["boundaries"], *words["boundaries"]], "b")
    endings = either([*words["endings"], *words["place_endings"]])
    not_after = "|".join(f"(?<={end})(?:{tails})" for end, tails in words["not_after"].items())
    return (
        kinds,
        re.compile(f"(?:{endings})(?!{not_after}|(?<=学)习)(?<!家乡)"),
    )


def _words_before(text: str, end: int) -> list[tuple[str, int, str]]:
    """The words before `end`, last first, as (word, start, kind): "u" for an unknown character."""
    kinds = _lexicon()[0]
    found: list[tuple[str, int, str]] = []
    at = end
    while at > 0 and end - at < 9 and "一" <= text[at - 1] <= "鿿":
        for size in (4, 3, 2, 1):
            word = text[max(0, at - size) : at]
            if len(word) == size and word in kinds:
                found.append((word, at - size, kinds[word]))
                break
        else:
            found.append((text[at - 1], at - 1, "u"))
        at = found[-1][1]
    return found


def is_everyday(word: str) -> bool:
    """Whether the lists of everyday words (data/name_signs.toml, names.toml) have `word`, or it
    ends in one that no name reaches across."""
    kinds = _lexicon()[0]
    return word in kinds or any(kinds.get(word[at:]) == "b" for at in range(len(word) - 1))


@lru_cache(maxsize=1)
def _letters() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Last characters of places; characters common in names; those of verbs and the like."""
    words = name_signs("body")
    places = frozenset(words["place_chars"] + load_table("names")["place_chars"])
    return places, places | frozenset(words["name_chars"]), frozenset(words["plain_chars"])


def _names_something(letters: set[str]) -> bool:
    _, names, plain = _letters()
    return bool(letters & names) and not letters & plain


def proper_start(text: str, end: int) -> int | None:
    """Where the proper name before an ending begins; None when what stands there names nothing."""
    words = _words_before(text, end)
    unknown: list[int] = []
    closed = bool(words) and end - words[-1][1] < 9
    for at, (word, start, kind) in enumerate(words):
        before = words[at + 1][2] if at + 1 < len(words) else ""
        beside = before == "u" or (bool(unknown) and unknown[-1] == start + 1)
        ends = before == "u" and not unknown
        if kind == "u" or (beside and word in _NAME_WORDS) or (ends and word in _NAME_PARTICLES):
            unknown.append(start)
        elif kind == "b" or unknown:
            closed = True
            break
    gap = bool(unknown) and unknown[0] - unknown[-1] != len(unknown) - 1
    if closed and len(unknown) == 1 and text[unknown[0]] in load_table("names")["place_chars"]:
        # 大兴村, 平安里社区: an everyday word and one character of places.
        behind = words[1] if len(words) > 1 and unknown[0] == end - 1 else None
        return behind[1] if behind and behind[2] == "g" else None
    if not closed or gap or not 2 <= len(unknown) <= 4:
        return None
    return unknown[-1] if _names_something({text[place] for place in unknown}) else None


def body_claims(text: str) -> Iterator[Claim]:
    """Yield names with an ending of bodies or places."""
    words = name_signs("body")
    for match in _lexicon()[1].finditer(text):
        end = match.start()
        count = _COUNT.search(text, max(0, end - 4), end)
        own = count.start() if count else end  # 望江两个社区 names 望江社区
        if match[0] in words["place_endings"] and text[own - 1 : own] not in _letters()[0]:
            continue
        start = proper_start(text, own)
        if start is not None and _NO_NAME.search(text[start:own]):
            continue
        if start is not None and text[own - 1 : match.end()] in words["described"]:
            start = None if is_everyday(text[start : own - 1]) else start
        if start is not None:
            yield Claim("body", text[start:own] + match[0], start, match.end(), text[start:own])


@lru_cache(maxsize=1)
def _listing() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = name_signs("body")
    endings = either([*words["endings"], *words["place_endings"]])
    return (
        re.compile(
            rf"(?P<list>(?:[{HAN}]{{2,12}}、){{0,6}}[{HAN}]{{2,12}})等(?:多?[\d一二三四五六七八九十多]*[家个所])?(?:{either(words['listed_kinds'])})?(?:{either(words['listed'])})"
        ),
        re.compile(f"(?:{either(words['departments'])})科(?![学技普室研])"),
        re.compile(
            rf"(?P<list>(?:[{HAN}]{{2,10}}[、和与])+)[{HAN}]{{2,8}}?"
            rf"(?:[两二三四五六七八九十]|\d{{1,2}})[个家所](?P<kind>{endings})"
        ),
    )


def listed_claims(text: str) -> Iterator[Claim]:
    """Yield what a list names (恒通机械、宏达物流等企业; 临江、望江两个社区), where it has a word
    of its own, and the departments of hospitals (心内科)."""
    listing, department, counted = _listing()
    for match in listing.finditer(text):
        at = match.start("list")
        for part in match["list"].split("、"):
            end = at + len(part)
            start = proper_start(text, end)
            if start is not None:
                yield Claim("body", text[start:end], start, end, text[start:end])
            at = end + 1
    for match in counted.finditer(text):
        for part in re.finditer("[^、和与]+", match["list"]):
            first, end = match.start() + part.start(), match.start() + part.end()
            start = proper_start(text, end)
            if start is not None and start >= first:
                name = text[start:end]
                yield Claim("body", name + match["kind"], start, end, name)
    for match in _TROOPS.finditer(text):
        if _names_something(set(match["name"])):
            yield Claim("body", match[0], *match.span(), match["name"])
    for match in department.finditer(text):
        yield Claim("body", match[0], *match.span(), match[0])
