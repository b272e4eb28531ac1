"""Names one step away from a fact's own: another letter, letters exchanged, another kind of place,
another office beside the same person. Words are in data/name_signs.toml and data/partners.toml.

Not seen: a name of two letters with one of them changed, where no title stands beside it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import HAN, either, name_signs
from drafter.checks.known_names import ADMIN, Known
from drafter.data import load_table
from drafter.types import Severity

_OPENS = "和由请向跟与对将为让是把被如以及找叫见像给在的"
_AGO = 4  # letters of the longest word before a name


@lru_cache(maxsize=1)
def _letters() -> tuple[str, str]:
    """Surnames that are nothing else, and letters of given names."""
    weak = name_signs("person")["weak_surnames"]
    return "".join(c for c in load_table("names")["surnames"] if c not in weak), name_signs(
        "person"
    )["given"]


@lru_cache(maxsize=1)
def _told() -> re.Pattern[str]:
    """A name of three letters that opens a clause and does something: 秦玉山调解."""
    groups = load_table("retelling")["same"]["groups"]
    verbs = [word for group in groups for word in group if len(word) == 2]
    strong, given = _letters()
    no = either(name_signs("person")["not_names"])
    name = rf"(?!{no})(?P<name>[{strong}][{given}]{{2}})"
    # What opens a fact is a person whatever follows: a wrong guess finds nothing near it.
    return re.compile(
        rf"(?:^(?!{no})(?P<first>[{strong}][{given}]{{2}}))"
        rf"|(?:(?<![{HAN}]){name}(?={either(verbs)}|[、，。；]))"
    )


@lru_cache(maxsize=256)
def people(known: Known) -> tuple[str, ...]:
    """Return the full names of people in the facts."""
    names = [claim.text for claim in known.claims if claim.kind == "person"]
    found = (match for fact in known.facts for match in _told().finditer(fact))
    names += [match["name"] or match["first"] for match in found]
    full = (name for name in names if "某" not in name and name[0] not in "老小")
    short = either(name_signs("person")["short_after"])
    return tuple(dict.fromkeys(n for n in full if len(n) > 1 and not re.search(f"{short}$", n)))


def _opens(text: str, start: int) -> bool:
    """Whether a name may begin here: after a mark, a preposition or what somebody is."""
    before = text[max(0, start - _AGO) : start]
    if not before or not "一" <= before[-1] <= "鿿" or before[-1] in _OPENS:
        return True
    return re.search(f"(?:{either(name_signs('person')['before'])})$", before) is not None


@lru_cache(maxsize=256)
def _near_person(name: str) -> re.Pattern[str]:
    strong, _ = _letters()
    any_letter = f"[{HAN}]"
    forms = [f"{re.escape(name[:at])}{any_letter}{re.escape(name[at + 1 :])}" for at in (1, 2)]
    forms += [f"[{strong}]{re.escape(name[1:])}", re.escape(name[0] + name[2] + name[1])]
    return re.compile("|".join(forms))


def _people(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    given = _letters()[1]
    for name in people(known):
        if len(name) != 3:
            continue
        for match in _near_person(name).finditer(text):
            said = match[0]
            if said in known.whole or said == name:
                continue
            opened, likely = _opens(text, match.start()), said[1] in given and said[2] in given
            if opened and (likely or said[1:] == name[1:] or said[::2] == name[::2]):
                yield *match.span(), "error"
            elif (likely or opened) and said[0] == name[0] and name not in text:
                yield *match.span(), "warning"


def _places(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    for claim in known.claims:
        kind = claim.text[len(claim.core) :]
        if claim.kind != "body" or kind not in ADMIN or claim.text in text:
            continue
        near = f"{re.escape(claim.core)}(?!{kind})(?:{'|'.join(ADMIN)}|市|区)(?![党总])"
        for match in re.finditer(near, text):
            if match[0] not in known.whole:
                yield *match.span(), "error"


def near_names(text: str, known: Known) -> Iterator[tuple[int, int, Severity]]:
    """Yield spans of names nearly alike to one of the facts; a warning where it may be a word."""
    yield from _people(text, known)
    yield from _places(text, known)


@lru_cache(maxsize=1)
def _offices() -> re.Pattern[str]:
    return re.compile(either(load_table("partners")["offices"]))


def other_offices(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of an office beside a person of the facts that no fact has."""
    for name in people(known):
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            before = list(_offices().finditer(text, max(0, start - 5), start))
            after = _offices().match(text, end)
            said = [one for one in before[-1:] if one.end() == start]
            said += [after] if after else []
            for office in said:
                if not any(part in known.whole for part in _short(office[0])):
                    yield office.start(), office.end()


@lru_cache(maxsize=128)
def _short(office: str) -> tuple[str, ...]:
    """The office and what it is called for short: 党支部书记, 支部书记, 书记."""
    ends = {office[at:] for at in range(len(office) - 1)}
    return tuple(sorted(ends, key=len, reverse=True))
