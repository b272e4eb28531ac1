"""The role of a section (成效, 问题, 原因, 打算 …) from its heading, text and neighbours.

Words are in `data/roles.toml`. The heading decides where it says anything; else the text does if
it says it clearly; else the place: what follows problems or plans is plans, what precedes is
achievements.
"""

import functools
import re
import tomllib
from collections.abc import Sequence

from index.cues import DATA, bare
from index.types import ROLES, Role


@functools.cache
def _table(name: str) -> dict[Role, re.Pattern[str]]:
    tables = tomllib.loads((DATA / "roles.toml").read_text(encoding="utf-8"))
    return {role: re.compile(tables[name][role]) for role in ROLES if role in tables[name]}


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    tables = tomllib.loads((DATA / "roles.toml").read_text(encoding="utf-8"))
    return re.compile(tables["time"][name])


@functools.cache
def _ignored() -> re.Pattern[str]:
    tables = tomllib.loads((DATA / "roles.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in tables["ignore"]))


def role_of(
    heading: str | None,
    text: str,
    *,
    section: Role | None = None,
    before: Sequence[Role] = (),
) -> Role:
    """Return the role of a section or, when `section` is given, of a subsection of such a section.

    `heading` is without its number; `before` are the roles of the sections before it. A subsection
    has its section's role unless its own heading plainly names another.
    """
    if section is not None:
        return _first(_table("subsection"), bare(heading or "")) or section
    return role_of_heading(heading, before) or _role_of_text(text) or _role_of_place(before)


def role_of_heading(heading: str | None, before: Sequence[Role] = ()) -> Role | None:
    """Return what a level-1 heading says of its role, None if it names only a topic.

    Of things named together the first counts (存在的问题及原因 is 问题), in each the last word,
    as Chinese puts it (一年来存在的问题 is 问题, 问题整改情况 is 成效), except that a word of time
    to come makes plans of any work (下步主要工作).
    """
    text = _ignored().sub("", bare(heading or ""))
    for named in re.split("以及|[及和与、，,]", text):
        role = _role_named(named)
        if role == "原因" and "问题" not in before and re.search("(问题|不足)(?!.*的)", named):
            return "问题"
        if role == "成效" and "问题" in before and _pattern("year_ahead").search(named):
            return "打算"
        if role:
            return role
    return None


def _role_named(text: str) -> Role | None:
    found = [
        (match.end(), len(match[0]), role)
        for role, words in _table("heading").items()
        for match in words.finditer(text)
    ]
    role = max(found)[2] if found else None
    if role in (None, "成效") and _pattern("ahead").search(text):
        return "打算"
    return role


def _first(table: dict[Role, re.Pattern[str]], text: str) -> Role | None:
    return next((role for role in table if text and table[role].search(text)), None)


def _role_of_text(text: str) -> Role | None:
    """Return the role whose words fill the text, if they are three at least and twice the next."""
    counts = sorted(
        ((len(words.findall(text)), role) for role, words in _table("text").items()),
        key=lambda count: -count[0],
    )
    (most, role), (second, _) = counts[0], counts[1]
    return role if most >= 3 and most >= 2 * second else None


def _role_of_place(before: Sequence[Role]) -> Role:
    return "打算" if any(role in ("问题", "原因", "打算") for role in before) else "成效"
