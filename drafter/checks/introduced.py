"""People brought in by what they are: 退休教师郭令仪, 律师杜衡, 网格员小李; short names changed.

A role, a surname and one or two letters that are no everyday word, before a verb or a mark; tables
in data/people.toml and name_signs.toml. Always a warning: the letters may be words after all. Not
seen: people without a role, and roles that the table lacks.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.claims import HAN, either, name_signs
from drafter.checks.known_names import Known
from drafter.data import load_table


@lru_cache(maxsize=1)
def _surnames() -> tuple[str, str]:
    weak = name_signs("person")["weak_surnames"]
    every = load_table("names")["surnames"] + load_table("people")["surnames"]
    return "".join(c for c in every if c not in weak), every


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words, people = name_signs("person"), load_table("people")
    roles = either([*words["before"], *people["roles"]])
    strong, _ = _surnames()
    no = either(words["not_names"])
    letter = f"[^\\W\\d_a-zA-Z{people['not_in_name']}]"
    follow = re.escape(people["follow"])
    name = (
        rf"(?!{no})(?:[{strong}]{letter}(?=[{follow}]|$)|[{strong}]{letter}{{2}}(?=[{follow}]|$))"
    )
    nick = f"(?:[{people['nick']}][{strong}]|[{strong}](?:老|大哥|大姐))"
    verb = f"[{HAN}]{{2}}"
    return (
        re.compile(rf"(?<![{HAN}]各)(?:{roles})(?P<name>{name})"),
        re.compile(rf"(?:{roles})(?P<name>{nick})(?=[{follow}]|$)"),
        re.compile(
            rf"(?:(?<![{HAN}])|{roles})(?P<name>(?!{no})[{strong}][{words['given']}])(?P<do>{verb})"
        ),
    )


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    """Pairs of letters that reports use as words."""
    rows = load_table("common_pairs")["pairs"].items()
    return frozenset(first + last for first, lasts in rows for last in lasts)


def _is_word(name: str) -> bool:
    return any(name[at : at + 2] in _everyday() for at in range(len(name) - 1))


def introduced(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of people whom a role brings in and no fact has."""
    named, nick, _ = _patterns()
    for match in named.finditer(text):
        name = match["name"]
        if name not in known.whole and name[:2] not in known.whole and not _is_word(name):
            yield match.span("name")
    for match in nick.finditer(text):
        surname = next(letter for letter in match["name"] if letter in _surnames()[0])
        if match["name"] not in known.whole and not _has_surname(known, surname):
            yield match.span("name")


def _has_surname(known: Known, surname: str) -> bool:
    """Whether the facts have somebody of this surname: 网格员李明 is 小李."""
    own = [claim.text for claim in known.claims if claim.kind == "person"]
    return any(name.startswith(surname) for name in own) or any(
        match["name"][0] == surname
        for fact in known.facts
        for pattern in (_patterns()[0], _patterns()[2])
        for match in pattern.finditer(fact)
    )


@lru_cache(maxsize=256)
def _short_people(facts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names of two letters that the facts begin with, and what they do: 李明带队."""
    found = (match for fact in facts for match in _patterns()[2].finditer(fact))
    return tuple((match["name"], match["do"]) for match in found if not _is_word(match["name"]))


def changed_people(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of names of two letters with one of them changed: 李明带队 told as 李敏带队."""
    for name, does in _short_people(known.facts):
        if name in text:
            continue
        near = rf"{name[0]}[{HAN}]|[{_surnames()[1]}]{name[1]}"
        for match in re.finditer(rf"(?<!\d)(?:{near})(?={does})", text):
            if match[0] not in known.whole:
                yield match.span()
