"""A published title in a list of the facts' own: 学习党章、准则 told as 《党章》《准则》《条例》.

Published titles need no fact as long as they only spell out what a fact says in general. Beside
one that the facts have, another that they lack was added.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.known_names import Known, in_order, plain
from drafter.checks.passages import sentence_spans
from drafter.data import load_table
from drafter.names import marked_names
from drafter.types import Anchor

_KIND = "条例|准则|规定|细则|办法|规则|章程|党章|纲要|选读|简史|概论|摘编|读本|论述|谈治国理政|意见"
_BARE = re.compile(rf"[\u4e00-\u9fff]{{0,16}}?(?:{_KIND})")
_VERBS = "学读研抄背诵用讲考测论习照守依按照据和与及对"
_ENOUGH = 4  # letters of a title's end by which a fact names it
_PARTY = re.compile("^(?:中国共产党|中共中央)|(?:试行|暂行)$")


def is_short(run: str, title: str) -> bool:
    """Whether the end of `run` is, letter by letter, a short form of `title`: 市场监管局."""
    at, size = len(title), 0
    for letter in reversed(run):
        found = title.rfind(letter, 0, at)
        if found < 0:
            break
        at, size = found, size + 1
    before = run[: len(run) - size]
    return size >= _ENOUGH or (size > 1 and (not before or before[-1] in _VERBS))


@lru_cache(maxsize=2048)
def _named(title: str, facts: tuple[str, ...]) -> bool:
    """Whether one of the facts names `title`, in full or for short."""
    bare = _PARTY.sub("", title)
    if title in ("党章", "中国共产党章程", "章程"):
        return any("党章" in fact or "章程" in fact for fact in facts)
    return any(
        bare in fact or any(is_short(match[0], bare) for match in _BARE.finditer(fact))
        for fact in facts
    )


def is_added(text: str, name: Anchor, known: Known) -> bool:
    """Whether the title `name` stands in a sentence with another one that the facts have, while
    they have not this one and leave the list closed (no 等)."""
    value = plain(name.value)
    if _named(value, known.facts) or value not in {plain(one) for one in _published()}:
        return False
    if any(re.search(rf"(?:{_KIND})[》”]?等", fact) for fact in known.facts):
        return False
    start, end = next(
        ((a, b) for a, b in sentence_spans(text) if a <= name.start < b), (0, len(text))
    )
    others = (
        plain(one.value)
        for one in marked_names(text[start:end])
        if one.kind == "title" and plain(one.value) != value
    )
    return any(_named(other, known.facts) for other in others)


@lru_cache(maxsize=1)
def _published() -> tuple[str, ...]:
    titles: list[str] = load_table("formulas")["titles"]
    return tuple(titles)


@lru_cache(maxsize=1)
def _rule() -> re.Pattern[str]:
    table = load_table("party_names")
    laws = "|".join(sorted(table["laws"], key=len, reverse=True))
    return re.compile(rf"(?P<rule>[\u4e00-\u9fff]{{2,18}}?(?:条例|准则|细则|规则|规定)|{laws})$")


@lru_cache(maxsize=1)
def _rules() -> tuple[str, ...]:
    table = load_table("party_names")
    return (*table["regulations"], *table["others"], *table["laws"])


def _bare_rule(item: str) -> str | None:
    """The published regulation or law that an item of a list without brackets ends in."""
    match = _rule().search(item)
    if match is None:
        return None
    if match["rule"] in load_table("party_names")["laws"]:
        return match["rule"]
    fits = [one for one in _rules() if one.endswith(item[-4:])]
    sizes = [
        size
        for one in fits
        for size in range(4, min(len(item), len(one)) + 1)
        if one.endswith(item[-size:])
    ]
    return item[-max(sizes) :] if sizes else None


def _has_rule(rule: str, facts: tuple[str, ...]) -> bool:
    """Whether a fact names a rule in full, or by a run that is a short form of it as a whole."""
    for fact in facts:
        if rule in fact:
            return True
        for run in _BARE.finditer(fact):
            words = re.split("[和与及]", run[0])[-1].lstrip(_VERBS + "习")
            if words and words[-1] == rule[-1] and in_order(words, rule, len(rule)):
                return True
    return False


def added_rules(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Yield spans of regulations and laws without brackets in a list that has another one, where
    the facts name rules of their own but not these: 学习党章、准则 told as 党章、问责条例."""
    if not any(re.search(rf"{_KIND}|法(?!院|官)", fact) for fact in known.facts):
        return
    for clause in re.finditer(r"[^，。；：！？\n]+", text):
        items = list(re.finditer(r"[^、和与及]+", clause[0]))
        if len(items) < 2:
            continue
        for item in items:
            words = re.split(r"\d|[一二两三四五六七八九十]+[次场期]", item[0])[0]
            rule = _bare_rule(words)
            if rule is None or "》" in words or _has_rule(rule, known.facts):
                continue
            start = clause.start() + item.start() + len(words) - len(rule)
            yield start, start + len(rule)
