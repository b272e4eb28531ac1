"""Names in a text: 《titles》, quoted names, and bodies and people by their shape.

Conservative: a body's name is taken only where a proper modifier stands between a boundary and an
ending (data/names.toml); a plain personal name without a title beside it is not seen.
"""

import re
from functools import lru_cache

from drafter.data import load_table
from drafter.numbers import narrow
from drafter.types import Anchor

_TITLE = re.compile(r"《([^《》\n]{1,60})》")
_QUOTED = re.compile(
    r"“([^“”\n。]{2,24})”|\"([^\"\n。]{2,24})\"|「([^「」\n。]{2,24})」|『([^『』\n。]{2,24})』|‘([^‘’\n。]{2,24})’"
)
_SQUASH = re.compile(r"[\s“”\"'‘’「」『』\u200b]+")
_HAN = "\u4e00-\u9fff"


def squash(text: str) -> str:
    """Return `text` without quotes and space, half-width, lower case: for verbatim comparison."""
    return _SQUASH.sub("", narrow(text)).lower()


@lru_cache(maxsize=1)
def _shape_pattern() -> re.Pattern[str]:
    names = load_table("names")
    endings = "|".join(
        [
            *names["endings"],
            *(f"(?<=[{names['place_chars']}]){word}" for word in names["place_endings"]),
            *(f"(?<=[{names['party_chars']}]){word}" for word in names["party_endings"]),
        ]
    )
    surname, titles = f"[{names['surnames']}]", "|".join(names["person_titles"])
    return re.compile(
        rf"(?P<meeting>{'|'.join(names['meetings'])})"
        rf"|(?P<plus>(?<![\dA-Z一])[\dA-Z一]{{1,4}}(?:\+[\dA-Z一]{{1,4}}){{1,6}})"
        rf"|(?P<branch>第[一二三四五六七八九十\d]{{1,3}}(?:联合)?(?:党总支|党支部|支部|党小组))"
        rf"|(?P<person>(?:(?<![{_HAN}])|(?<=[和由请是为员记任部向与]))"
        rf"(?:{surname}[{_HAN}]{{1,2}}(?={titles})|{surname}某某?))"
        rf"|(?P<body>[{_HAN}]{{2,12}}?(?:{endings})(?!(?<=学)习))(?![{_HAN}]*(?:党组织))"
    )


@lru_cache(maxsize=1)
def _body_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    names = load_table("names")

    def either(words: list[str]) -> str:
        return "|".join(sorted(map(re.escape, words), key=len, reverse=True))

    return (
        re.compile(either(names["boundaries"])),
        re.compile(either(names["generic"])),
        re.compile(
            rf"(?:{either([*names['endings'], *names['place_endings'], *names['party_endings']])})$"
        ),
    )


def _proper_body(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of `start:end` that reads as a proper name of a body: 幸福里社区, not 各社区."""
    boundaries, _, endings = _body_words()
    run = text[start:end]
    ending = endings.search(run)
    if ending is None:
        return None
    stem = run[: ending.start()]
    for cut in boundaries.finditer(stem):
        start = max(start, end - len(run) + cut.end())
    core = text[start : end - len(ending[0])]
    opened = (
        start == 0
        or not ("一" <= text[start - 1] <= "鿿")
        or bool(boundaries.search(text[max(0, start - 2) : start]))
    )
    if not opened or not 2 <= len(core) <= 6 or not _is_proper(core):
        return None
    return start, end


def _is_proper(core: str) -> bool:
    """Whether what stands before an ending names something: neither a description nor an ending."""
    _, generic, endings = _body_words()
    described = generic.search(core) or endings.fullmatch(core)
    return not described and core not in load_table("names")["generic_alone"]


def shaped_names(text: str) -> list[Anchor]:
    """Return meetings, 1+3+N, numbered branches, people and bodies, by shape alone."""
    found = []
    for match in _shape_pattern().finditer(text):
        start, end = match.span()
        if match["body"]:
            span = _proper_body(text, start, end)
            if span is None:
                continue
            start, end = span
        found.append(Anchor("name", text[start:end], start, end, squash(text[start:end])))
    return found


def marked_names(text: str) -> list[Anchor]:
    """Return 《titles》 and quoted names of 2 to 24 characters."""
    found = [
        Anchor("title", match[0], *match.span(), squash(match[1]))
        for match in _TITLE.finditer(text)
    ]
    for match in _QUOTED.finditer(text):
        inner = next(group for group in match.groups() if group)
        found.append(Anchor("name", match[0], *match.span(), squash(inner)))
    return found
