"""What a draft adds to its facts or takes from them by a small word: 每周, 首次, 经…同意, 未, 牵头.

Words are in data/qualifiers.toml (invented, approval, signs).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.checks.alignment import best_clauses, clauses_of, pairs_of, share
from drafter.checks.exchanged_words import Fault, clause_at, sureness
from drafter.data import load_table
from drafter.types import Severity

# Above this share of pairs two clauses tell the same thing, so that a negation in one counts.
_SAME = 0.5
_SOME = ("部分", "个别", "少数", "多数", "大部分")


@lru_cache(maxsize=1)
def _inventions() -> tuple[tuple[re.Pattern[str], re.Pattern[str], Severity], ...]:
    return tuple(
        (re.compile(entry["find"]), re.compile(entry["support"]), entry["severity"])
        for entry in load_table("qualifiers")["invented"]
    )


@lru_cache(maxsize=1)
def _approvals() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(entry["find"]) for entry in load_table("qualifiers")["approval"])


@lru_cache(maxsize=32)
def _sign(*names: str, form: str = "{}") -> re.Pattern[str]:
    """The patterns `names` of the table's signs, put into `form` in order."""
    signs = load_table("qualifiers")["signs"]
    return re.compile(form.format(*(signs[name] for name in names)))


@lru_cache(maxsize=256)
def _some(what: str) -> re.Pattern[str]:
    """What says of how many it is true: one of the words, or a number of them. 仍有14个议事会 does
    not say that it was but 部分居民代表."""
    words = load_table("qualifiers")["signs"]["some"]
    return re.compile(rf"{words}|\d\s*[\u4e00-\u9fff]{{0,2}}?{what}")


def invented(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield qualifiers that no fact has or supports."""
    said = "\n".join(facts)
    for find, support, severity in _inventions():
        if not support.search(said):
            for match in find.finditer(text):
                yield Fault(*match.span(), "", severity)


def approved(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield approvals and decisions (经…研究同意) of which no fact has the deciding word."""
    said = "\n".join(facts)
    for pattern in _approvals():
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 3) : match.end()]
            if match.groupdict().get("by"):
                continue  # 由村民会议决定 says whose matter it is
            if match["why"] not in said and not _sign("deny").search(around):
                yield Fault(*match.span(), "")


def negated(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield negations in clauses that tell a fact without one: 全覆盖 told as 未做到全覆盖."""
    not_denials = tuple(load_table("qualifiers")["signs"]["not_a_denial"])
    for clause in clauses_of(text):
        match = _sign("deny").search(text, clause.start, clause.end)
        if match is None or text[: match.start()].endswith(not_denials):
            continue
        if _sign("rest").search(text, clause.start, match.start()):
            continue
        bare = pairs_of(text[match.end() : clause.end])
        told = [
            (max(share(own.pairs, clause.pairs), share(bare, own.pairs)), fact, own)
            for fact in facts
            for own in clauses_of(fact)
            if len(own.pairs) > 2 and len(bare) > 2
        ]
        score, fact, own = max(told, key=lambda one: one[0], default=(0.0, "", clause))
        if fact and _is_unsolved(text[match.end() : clause.end], fact):
            continue
        said = _sign("solved").sub("", fact)
        if score >= _SAME and not _sign("troubled").search(said):
            level = sureness(own.pairs, clause.pairs)
            yield Fault(*match.span(), fact[own.start : own.end], level)


def _is_unsolved(words: str, fact: str) -> bool:
    """Whether a denial says that a problem is still there (两张皮没有根本扭转), and the fact does
    not say that it was seen to."""
    said = _sign("cured").search(fact) or _sign("seen_to").search(fact)
    return _sign("cured").match(words) is not None and not said


def affirmed(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield what a fact denies and its clause in `text` affirms: 未发生 told as 发生."""
    found = _lost(facts, text, "denied", "no")
    yield from (Fault(start, end, told, level, name="未") for start, end, told, level in found)


def unhedged(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield what a fact hedges and `text` does not: 基本完成 told as 完成.

    Warnings: the hedge is a part of the fact, and dropped_fact says that it is gone.
    """
    found = _lost(facts, text, "hedge", "hedged")
    yield from (Fault(start, end, told, "warning") for start, end, told, _ in found)


def _lost(
    facts: Sequence[str], text: str, before: str, keeps: str
) -> Iterator[tuple[int, int, str, Severity]]:
    """The two characters after a sign `before` of a fact that stand in `text` without a `keeps`."""
    find = _sign(before, form="(?:{})(?P<what>[\u4e00-\u9fff]{{2}})")
    for fact in facts:
        for match in find.finditer(fact):
            own = clause_at(fact, match.start())
            if own is None:
                continue
            for clause in best_clauses(fact, own.start, own.end, text):
                at = text.find(match["what"], clause.start, clause.end)
                some = match[0].startswith(_SOME)
                # A plan is said once, before all that is planned: 2026年，打算……：一要……；二要…….
                plan = _sign("planned").match(match[0]) is not None
                first = text.rfind("\n", 0, clause.start) + 1 if plan else clause.first
                bare = pairs_of(fact[own.start : match.start()])
                bare |= pairs_of(fact[match.start("what") : own.end])
                last = clause.last
                if keeps == "no" and sureness(bare, clause.pairs) == "error":
                    # 发现违规问题，……不能放松: the clause itself is the fact's, without its 未.
                    first, last = clause.start, clause.end
                keep = _some(match["what"]) if some else _sign(keeps)
                if at >= 0 and not keep.search(text, first, last):
                    yield at, at + 2, match[0], sureness(bare, clause.pairs)
                    break


def swapped_agents(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield 牵头 and 配合 of somebody whom the facts give the other part."""
    names = ("manner", "lead", "help")
    agent = _sign(*names, form="(?P<who>[\u4e00-\u9fff]{{2}})(?:{})?(?:(?P<lead>{})|(?P<help>{}))")
    told: dict[str, set[str]] = {"lead": set(), "help": set()}
    for match in agent.finditer("\n".join(facts)):
        told["lead" if match["lead"] else "help"].add(match["who"])
    for match in agent.finditer(text):
        role, other = ("lead", "help") if match["lead"] else ("help", "lead")
        if match["who"] in told[other] and match["who"] not in told[role]:
            yield Fault(*match.span(role), "")
