"""Names that a draft claims, by their shape: people, bodies, organs, places, honours, platforms.

Wider than drafter.names, whose names a draft must keep: here every name counts that a reader would
ask about. Words are in data/name_signs.toml. Not seen: names without any sign beside them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claimed_bodies import body_claims, listed_claims
from drafter.checks.claims import HAN, Claim, Kind, either, name_signs
from drafter.data import load_table

_UNTITLED = 4  # the place among the patterns of people of a name that only a verb follows


@lru_cache(maxsize=1)
def _people() -> tuple[re.Pattern[str], ...]:
    words, names = name_signs("person"), load_table("names")
    surname = f"(?:{either(words['double_surnames'])}|[{names['surnames']}])"
    given = f"[{words['given']}]"
    strong = f"[{''.join(c for c in names['surnames'] if c not in words['weak_surnames'])}]"
    name = (
        f"(?!{either(words['not_names'])})"
        f"(?:{surname}{given}{{1,2}}|{strong}(?:{given}[{HAN}]|[{HAN}]{given}))"
    )
    full = f"(?!{either(words['not_names'])}){surname}{given}{{1,2}}"
    follow = either(words["verbs"])
    return (
        re.compile(rf"(?:{either(words['before'])})(?P<name>{name})(?={follow})"),
        re.compile(
            rf"(?:{either(words['before'])})"
            rf"(?P<name>(?!{either(words['not_names'])}){strong}{given}{given})(?!员)"
        ),
        re.compile(rf"(?P<name>{full})(?={either(words['after'])})"),
        re.compile(
            rf"(?:{either(words['named_by'])})"
            rf"(?P<name>(?!{either(words['not_names'])}){strong}{given}{given})"
            rf"(?={either(words['listed'])})"
        ),
        re.compile(rf"(?:(?<![{HAN}])|(?<=其中))(?P<name>{full})(?={follow})"),
        re.compile(
            rf"(?:(?<![{HAN}])|(?<=[由和请向跟与对]))"
            rf"(?P<name>(?!武警){strong}(?:{either(words['short_after'])}))"
        ),
        re.compile(
            rf"(?:{either(words['before'])})"
            rf"(?P<name>{strong}(?:{either(words['short_after'])}))(?![人员])"
        ),
        re.compile(
            rf"(?:(?<![{HAN}])|(?<=[和由请向跟与对将])|(?<=其中)|{either(words['before'])})"
            rf"(?P<name>{surname}某某?)(?!某)"
        ),
        re.compile(rf"(?P<name>{surname}家[{words['hamlets']}])(?![{words['hamlets']}])"),
        re.compile(rf"(?P<name>[老小]{strong})(?=说|家|大爷|大妈|师傅|同志|调解|工作室)"),
    )


# 号召党员向李家湾村老党员学习: 向 says to whom, and is no surname.
_TOWARDS = re.compile(
    "[^，。；]{0,24}?(?:学习|看齐|致敬|请教|报告|汇报|反映|求助|捐|取经|通报|致以|表示|推荐|赠)"
)


def _person_claims(text: str) -> Iterator[Claim]:
    words = name_signs("person")
    for number, pattern in enumerate(_people()):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            name = text[start:end]
            if name[0] == "向" and _TOWARDS.match(text, end):
                continue
            # Without a title beside it only a full name of usual letters is no other word.
            whole = len(name) > 2 and all(letter in words["given"] for letter in name[1:])
            sure = number != _UNTITLED or (whole and name[0] not in words["weak_surnames"])
            yield Claim("person", name, start, end, name, sure)


@lru_cache(maxsize=1)
def _fixed() -> tuple[re.Pattern[str], ...]:
    organ, place, honour = (name_signs(key) for key in ("organ", "place", "honour"))
    numeral = "[一二三四五六七八九十\\d]{1,3}"
    unit = (
        f"(?:第?{numeral})?(?:{either(organ['units'])})(?:第?{numeral}组)?"
        f"|(?:{either(organ['offices'])})(?:{either(organ['kinds'])})"
    )
    numbered = either(name_signs("numbered")["units"])
    return (
        re.compile(
            rf"(?:{either(organ['levels'])})(?:{either(organ['links'])})?(?P<core>{unit})"
            rf"|(?P<group>(?:巡察|巡视|督导|考核)(?:第?{numeral})组)"
        ),
        # 隆重庆祝 is no 重庆.
        re.compile(rf"(?<!隆)(?:{either(place['known'])})(?!{either(place['not_after'])})"),
        re.compile(rf"(?:{either(place['go'])})(?P<core>[{HAN}]{{2,7}}?)(?={either(place['do'])})"),
        re.compile(
            rf"(?:{either(honour['verbs'])})(?:了|过)?(?P<core>[^，。；！？】］\]\n]{{2,40}})"
        ),
        re.compile(
            rf"(?<![每任同另某哪唯有])(?:第{numeral}|(?<![\d一二三四五六七八九十第])[一二三四五六七八九十]{{1,2}})"
            rf"(?:{numbered})(?![伍一])"
        ),
        re.compile(either(name_signs("body")["known"])),
        re.compile(f"(?:{either(name_signs('body')['platforms'])})(?!子)"),
        re.compile(
            rf"(?:{either(place['by_water'])})(?P<core>[{HAN}]{{1,3}}(?:{either(place['waters'])}))"
            rf"(?={either(place['at_water'])})"
        ),
        re.compile(
            rf"(?:[在于沿对到从])(?P<core>[{HAN}]{{1,3}}[{place['terrain']}])"
            rf"(?={'|'.join(place['spot'])})"
        ),
        re.compile(
            rf"(?:最|海拔最)[{HAN}]{{1,3}}的(?P<core>(?![{HAN}]?[山高村渡水])[{HAN}]{{1,3}}[{place['terrain']}])"
            rf"(?=(?:{either(place['remote'])})(?![{HAN}]?[位段]))"
        ),
    )


def _fixed_claims(text: str) -> Iterator[Claim]:
    organ, known, visit, _, numbered, bodies, platforms, water, spot, remote = _fixed()
    for match in organ.finditer(text):
        yield Claim("organ", match[0], *match.span(), match["core"] or match[0])
    place = name_signs("place")
    common_spots = [*place["commonplace"], *place["no_spot"]]
    for pattern, common in (
        (visit, place["generic"]),
        (water, place["commonplace"]),
        (spot, common_spots),
        (remote, common_spots),
    ):
        for match in pattern.finditer(text):
            core = match["core"]
            if not any(word in core for word in common):
                yield Claim("place", core, *match.span("core"), core)
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("place", known),
        ("numbered", numbered),
        ("body", bodies),
        ("platform", platforms),
    )
    for kind, pattern in kinds:
        for match in pattern.finditer(text):
            yield Claim(kind, match[0], *match.span(), match[0])


def _honour_claims(text: str) -> Iterator[Claim]:
    """Each honour of “荣获A和B”, without what stands around it."""
    words = name_signs("honour")
    noun = re.compile(f"(?:{either(words['nouns'])})(?![{HAN}]{{0,2}}(?:户|名|个))")
    for match in _fixed()[3].finditer(text):
        at = match.start("core")
        for part in re.split("(和|及|与|、|以及|等)", match["core"]):
            if noun.search(part) and not any(word in part for word in words["not_honours"]):
                last = max(found.end() for found in noun.finditer(part))
                yield Claim("honour", part[:last], at, at + last, part[:last])
            at += len(part)


@lru_cache(maxsize=512)
def claimed_names(text: str) -> tuple[Claim, ...]:
    """Return the names of `text` in order; where two overlap, the one found first."""
    taken = bytearray(len(text))
    kept = []
    found = (
        *_person_claims(text),
        *body_claims(text),
        *listed_claims(text),
        *_fixed_claims(text),
    )
    for claim in (*found, *_honour_claims(text)):
        if not any(taken[claim.start : claim.end]):
            taken[claim.start : claim.end] = b"\1" * (claim.end - claim.start)
            kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: claim.start))
