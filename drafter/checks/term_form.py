"""Fixed Party terms misquoted: a wrong numeral or verb, or members wrong, missing or out of order.

Terms, members and their sources are in data/fixed_terms.toml.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Finding, Sources

_LIST = r"[”\"]?\s*(?:[（(：:]|[，,]?(?:即|是指|指的是)[：:]?)\s*(?P<list>[^）)。；;\n]{4,160})"


@lru_cache(maxsize=1)
def _wrong() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(entry["find"]), entry["right"]) for entry in load_table("fixed_terms")["wrong"]
    )


def _finding(section: DraftSection, start: int, end: int, right: str) -> Finding:
    words = section.text[start:end]
    message = f"“{words}”与规范表述“{right}”不一致。"
    return Finding("term_form", "error", section.id, (start, end), words, message, right)


def _misquoted(section: DraftSection) -> Iterator[Finding]:
    bare, offsets = letters(section.text)
    for pattern, right in _wrong():
        for match in pattern.finditer(bare):
            yield _finding(section, offsets[match.start()], offsets[match.end() - 1] + 1, right)


def _items(text: str) -> list[str]:
    return [letters(item)[0] for item in re.split(r"[、，,]|和|以及", text) if letters(item)[0]]


def _explained(section: DraftSection, term: dict[str, Any]) -> Iterator[Finding]:
    """“四个意识”（政治意识、…）: the list beside the name must be the published one."""
    members = [letters(member)[0] for member in term["members"]]
    for match in re.finditer(re.escape(term["name"]) + _LIST, section.text):
        items = _items(match["list"])
        known = [
            item for item in items if any(item in member or member in item for member in members)
        ]
        joined = "".join(items)
        if len(known) >= 2 and not joined.startswith("".join(members)):
            yield _finding(
                section, match.start("list"), match.end("list"), "、".join(term["members"])
            )


def _bare_list(section: DraftSection, term: dict[str, Any]) -> Iterator[Finding]:
    """政治意识、大局意识、看齐意识、核心意识 without the name: out of order, or one lost."""
    members = term["members"]
    short = [re.escape(member) for member in members if len(member) <= 6]
    if len(short) < len(members) or len(members) < 3:
        return
    either = "|".join(short)
    for match in re.finditer(rf"(?:{either})(?:[、，和](?:{either}))+", section.text):
        items = _items(match[0])
        enough = len(set(items)) >= len(members) - 1 and len(members) >= 4
        if enough and items != members and "、" in match[0]:
            before = section.text[: match.start()].rstrip('“”"（(：:，,是即指的')
            if not before.endswith(term["name"]):
                yield _finding(section, match.start(), match.end(), "、".join(members))


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each fixed term whose form is not the published one."""
    for section in draft.sections:
        yield from _misquoted(section)
        for term in load_table("fixed_terms")["set"]:
            yield from _explained(section, term)
            yield from _bare_list(section, term)
