"""Words of a fact exchanged for others where the draft tells it, by data/qualifiers.toml."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from drafter.checks.alignment import Clause, best_clauses, clauses_of, pairs_of, share
from drafter.data import load_table
from drafter.types import Severity

# A clause with this share of the fact clause's pairs must keep the qualifier itself; the words of
# one that is less alike may have been spread over its sentence.
_SAME = 0.6
# With this share the clause is the fact's own, and what differs in it is certain.
_OWN = 0.7
# 上半年30次，其中一季度13次、二季度17次: the quarters of the facts are told after their sum.
_IN_QUARTERS = re.compile("(?:[上下]半年|全年|一年来)[^。；]{0,30}?(?:其中|分别)[^。；]{0,8}季度")


@dataclass(frozen=True, slots=True)
class Fault:
    """The words `start:end` of a text, what the fact says instead ("" if no fact says anything),
    how sure that is, the name of the qualifier that was lost ("" for none of the table), and
    whether `told` may be put in the place of the words as it is."""

    start: int
    end: int
    told: str
    severity: Severity = "error"
    name: str = ""
    swap: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a fact says, what keeps it in a draft, and what contradicts it there.

    `name` is the word of the table that is an anchor of facts, "" for a pattern of the rule's own.
    `whole`: the contradiction may stand anywhere in the sentence, not only in the clause.
    The patterns of what is looked for only once `find` is met are compiled then: there are some
    hundreds, and a report needs few.
    """

    name: str
    find: re.Pattern[str]
    keep: str
    to: str
    whole: bool
    frequency: bool


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    table = load_table("qualifiers")
    words = {word["name"]: word for word in table["word"]}
    rules = []
    for entry in table["changed"]:
        name = entry.get("from", "")
        word = words.get(name, {})
        find = entry.get("find") or word["find"]
        keep = entry.get("keep") or word.get("accept", find)
        whole = entry.get("reach") == "sentence"
        rules.append(Rule(name, re.compile(find), keep, entry["to"], whole, False))
    for entry in table["opposite"]:
        for said, other in permutations(entry["words"]):
            own = f"(?<!不){said}"
            rules.append(Rule("", re.compile(own), own, other, False, False))
    often = {name: word["find"] for name, word in words.items() if word["kind"] == "frequency"}
    for name, find in often.items():
        others = [other for key, other in often.items() if key != name]
        if name == "每周几":
            others.remove(often["每周"])
        keep = words[name].get("accept", find)
        rules.append(Rule(name, re.compile(find), keep, "|".join(others), False, True))
    return tuple(rules)


def sureness(own: frozenset[str], here: frozenset[str]) -> Severity:
    """Return "error" where the clause `here` has nearly all pairs of the fact's clause `own`, so
    that one word of it was exchanged; "warning" where it is only alike."""
    return "error" if share(own, here) >= _OWN else "warning"


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def clause_at(text: str, place: int) -> Clause | None:
    """Return the clause of `text` that holds the character at `place`."""
    return next((c for c in clauses_of(text) if c.start <= place < c.end), None)


@lru_cache(maxsize=4096)
def _said(fact: str) -> tuple[tuple[Rule, int, int, Clause], ...]:
    """The rules that a fact falls under: rule, span of its words, their clause."""
    found = []
    for rule in _rules():
        for match in rule.find.finditer(fact):
            clause = clause_at(fact, match.start())
            if clause is not None:
                found.append((rule, *match.span(), clause))
    return tuple(found)


def _is_others(words: str, clause: Clause, text: str, fact: str, facts: Sequence[str]) -> bool:
    """Whether another fact has `words` and is told in this very clause; 完成了 is its 完成."""
    words = words if len(words) < 3 else words.removesuffix("了")
    for other in facts:
        at = other.find(words)
        own = clause_at(other, at) if other != fact and at >= 0 else None
        if own is not None and clause in best_clauses(other, own.start, own.end, text):
            return True
    return False


def _told_done(rule: Rule, match: re.Match[str], facts: Sequence[str]) -> bool:
    """Whether what 已 tells as done of work that goes on is done in a fact: 已完成设备采购,
    已完成70%."""
    done = match.string[match.end() : match.end() + 4]
    if rule.name != "正在" or match[0] not in ("已", "已经") or len(done) < 4:
        return False
    places = ((fact, clause_at(fact, fact.find(done))) for fact in facts if done in fact)
    return any(at and not rule.find.search(fact, at.start, at.end) for fact, at in places)


def _owns(rule: Rule, words: str, fact: str, own: Clause, clause: Clause, text: str) -> bool:
    """Whether the fact itself says `words`; 没有专职 does not say 专职.

    A frequency belongs to its clause: with 党员大会每季度, 支委会每月 the first may not be 每月.
    """
    for match in _compiled(rule.to).finditer(fact):
        if match[0] != words or fact[: match.start()].endswith(("没有", "无", "非", "不设")):
            continue
        at = clause_at(fact, match.start())
        if at is None or not rule.frequency or at == own:
            return True
        if clause in best_clauses(fact, at.start, at.end, text)[:1]:
            return True
    return False


@lru_cache(maxsize=4096)
def _bare(fact: str, left: int, start: int, end: int, right: int) -> frozenset[str]:
    """The pairs of a fact's clause `left:right` without its qualifier `start:end`, which the draft
    has exchanged."""
    return pairs_of(fact[left:start]) | pairs_of(fact[end:right])


def _of_another_word(match: re.Match[str], bare: frozenset[str], own: str) -> bool:
    """Whether a sign of one letter stands in another word of the fact: the 无 of 无障碍坡道."""
    if len(match[0]) != 1 or match[0] in own:
        return False
    text, at = match.string, match.start()
    return text[at : at + 2] in bare or text[max(0, at - 1) : at + 1] in bare


def exchanged(fact: str, facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield the words of `text` that stand where it tells a qualifier of `fact` otherwise: errors
    where the clause is the fact's own but for that word, warnings where it is only alike.

    Words that another of `facts`, told in the same clause, has are that fact's own.
    """
    for rule, start, end, own in _said(fact):
        for clause in best_clauses(fact, own.start, own.end, text):
            sentence, here = (clause.first, clause.last), (clause.start, clause.end)
            bare = _bare(fact, own.start, start, end, own.end)
            close = rule.frequency or (
                not rule.whole and len(bare) > 2 and share(bare, clause.pairs) >= _SAME
            )
            kept = _compiled(rule.keep).finditer(text, *(here if close else sentence))
            if any(not _of_another_word(match, bare, fact[start:end]) for match in kept):
                break
            match = next(
                (
                    match
                    for match in _compiled(rule.to).finditer(
                        text, *(sentence if rule.whole else here)
                    )
                    if (place := clause_at(text, match.start())) is not None
                    and not (
                        fact[start:end].endswith("季度") and _IN_QUARTERS.match(text, match.start())
                    )
                    and not _told_done(rule, match, facts)
                    and not _owns(rule, match[0], fact, own, place, text)
                    and not _is_others(match[0], place, text, fact, facts)
                ),
                None,
            )
            if match is not None:
                level = "error" if rule.frequency else sureness(bare, clause.pairs)
                told = fact[start:end]
                if match[0].startswith("每") and fact[start - 1 : start] == "每":
                    told = f"每{told}"
                yield Fault(*match.span(), told, level, name=rule.name, swap=True)
                break
