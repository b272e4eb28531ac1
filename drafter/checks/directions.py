"""Who did what to whom, and to how many of them, told otherwise than a fact has it.

接受检查 told as 开展检查, 参加 as 举办, 其中2个建成 as 全部建成. Words: data/directions.toml.
All are warnings: words are compared, and a sentence may say in other words who did it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.amounts import amount_of, exchangeable, same_number
from drafter.checks.alignment import Clause, clauses_of, pairs_of, share
from drafter.checks.exchanged_words import Fault
from drafter.data import load_table
from drafter.numbers import Quantity, find_quantities

_HAN = "\u4e00-\u9fff"
_GAP = f"[{_HAN}“”]"
_PART = re.compile(r"(?:其中(?:的|有)?|中(?:的|有)?[，,]?|[，,；;、]|[，,](?:有|另有|已有|还有))$")
_ALIKE = 0.6  # share of what a part is said to be that a clause must have to tell it
_OBJECT = re.compile("[对为给向到赴]|走进|面向|覆盖")
_EMPTY = re.compile("[的了已经完成也还并且等]")


@lru_cache(maxsize=1)
def _received() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns: a fact that receives an act, one that does it, a draft that does, that receives."""
    table = load_table("directions")
    acts = "|".join(sorted(table["acts"], key=len, reverse=True))
    receive = f"(?P<how>{table['receive']})(?P<by>{_GAP}{{0,16}})(?P<act>{acts})"
    # The last word of doing before the act: 主动开展检查, 对各支部开展检查.
    do = f"(?P<how>{table['do']})了?(?P<to>(?:(?!{table['do']}){_GAP}){{0,10}})(?P<act>{acts})"
    return re.compile(receive), re.compile(do), re.compile(do), re.compile(table["received"])


def turned(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield what was received and is told as done, and the other way round."""
    receive, do, doing, received = _received()
    taken = [match for fact in facts for match in receive.finditer(fact)]
    done = {match["act"] for fact in facts for match in do.finditer(_without(receive, fact))}
    yield from _told_as_done(taken, done, doing, received, text)
    acts = {match["act"] for match in taken}
    for fact in facts:
        for match in do.finditer(_without(receive, fact)):
            if match["act"] in acts or match["how"] in ("对", "向") or _OBJECT.search(fact):
                continue  # 对8个支部开展巡察: the eight may be said to receive it
            for told in receive.finditer(text):
                by_them = pairs_of(told["by"]) & pairs_of(fact[: match.start("act")])
                if told["act"] != match["act"] or by_them:
                    continue  # 受到组织部通报 of 组织部通报
                if _same_place(fact, match, text, told):
                    yield Fault(*told.span(), match[0], "warning")


def _without(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "·" * len(match[0]), text)


def _same_place(fact: str, own: re.Match[str], text: str, told: re.Match[str]) -> bool:
    """Whether the clauses around two matches tell one thing, by a number or most of the words."""
    here, there = _clause(text, told.start()), _clause(fact, own.start())
    if here is None or there is None:
        return False
    numbers = {pair for pair in there.pairs if "#" in pair}
    return bool(numbers & here.pairs) or share(there.pairs, here.pairs) >= _ALIKE


def _clause(text: str, place: int) -> Clause | None:
    return next((c for c in clauses_of(text) if c.start <= place < c.end), None)


def _told_as_done(
    taken: Sequence[re.Match[str]],
    done: set[str],
    doing: re.Pattern[str],
    received: re.Pattern[str],
    text: str,
) -> Iterator[Fault]:
    gives = load_table("directions")["gives"]
    acts = re.compile("|".join(load_table("directions")["acts"]))
    for match in taken:
        act, giver = match["act"], pairs_of(re.sub("对|来|进行|开展|的", "，", match["by"]))
        if act in done:
            continue
        for clause in clauses_of(text):
            words = text[clause.start : clause.end]
            at = words.find(act)
            if at < 0:
                continue
            told = next((m for m in doing.finditer(words) if m["act"] == act), None)
            head = text[clause.first : clause.start + (told.start() if told else at)]
            after = words[at + len(act) :]
            away = match["how"] == "被" and re.match(f"[{_HAN}]{{2}}", after)
            away = away or (act in gives and pairs_of(after) & giver)
            if told is None and not away:
                continue
            if received.search(text, clause.first, clause.end) or pairs_of(head) & giver:
                continue
            if told is not None and told["how"] == "向" and act not in gives:
                continue
            start = clause.start + (told.start() if told else at)
            end = clause.start + (told.end() if told else at + len(act))
            more = acts.match(text, end)
            yield Fault(start, more.end() if more else end, match[0], "warning")


def hosted(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield what was attended and is told as held: 参加市里举办的知识竞赛 as 举办知识竞赛."""
    table, signs = load_table("directions"), load_table("qualifiers")["signs"]
    join = re.compile(f"(?:{signs['join']})了?(?P<what>[{_HAN}“]{{3,30}})")
    for fact in facts:
        for match in join.finditer(fact):
            what = re.sub(table["outer"], "", match["what"]).lstrip("“")
            theirs = match["what"][: len(match["what"]) - len(what)]
            if len(what) < 3 or (not theirs and fact[: match.start()].endswith(("组织", "人"))):
                continue
            key = re.escape(what[: 4 if len(what) > 4 else 3])
            if re.search(f"(?:{signs['join']}|赴|选送|亮相|走上)[^，。；]{{0,16}}{key}", text):
                continue
            for found in re.finditer(f"(?:{table['host']})了?(?=[^，。；]{{0,8}}{key})", text):
                if _is_theirs(theirs, text[: found.start()]) or _holds(facts, fact, key):
                    continue
                yield Fault(*found.span(), match[0], "warning")


def _is_theirs(theirs: str, before: str) -> bool:
    """Whether the words before 举办 name who held it in the fact: 市里举办, 在区委组织."""
    head = re.split("[，。；：]", before)[-1]
    names = re.sub("举办|组织|召开|主办|承办|开展|举行|的", "", theirs)
    return any(names[at : at + 2] in head for at in range(len(names) - 1)) or bool(
        names[:1] and re.search(f"{re.escape(names[:1])}[里级委直]?$", head)
    )


def _holds(facts: Sequence[str], fact: str, key: str) -> bool:
    """Whether another fact says that the report's own body held it."""
    host = load_table("directions")["host"]
    return any(re.search(f"(?:{host})[^，。；]{{0,8}}{key}", one) for one in facts if one != fact)


def made_all(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield 全部, 均, 都 where a fact tells a part: 其中2个建成 told as 全部建成."""
    every = re.compile(load_table("directions")["every"])
    for fact in facts:
        for part, said in _parts(fact):
            for clause in clauses_of(text):
                if share(said, clause.pairs) < _ALIKE:
                    continue
                found = every.search(text, clause.start, clause.end)
                if found is None or _has(part, text[clause.first : clause.last]):
                    continue
                if not every.search(_clause_words(fact, part)):
                    yield Fault(*found.span(), part.text, "warning")
                    break


def _clause_words(fact: str, part: Quantity) -> str:
    clause = _clause(fact, part.start)
    return fact[part.start : clause.end] if clause else ""


def _has(part: Quantity, words: str) -> bool:
    return any(
        same_number(amount_of(one), amount_of(part))
        for one in find_quantities(words, loose=True)
        if not one.form
    )


def _parts(fact: str) -> Iterator[tuple[Quantity, frozenset[str]]]:
    """The numbers of a fact that are parts of one before, with what is said of the part."""
    counts = [q for q in find_quantities(fact) if q.kind == "count" and not q.weak]
    for at, part in enumerate(counts):
        wholes = [
            q
            for q in counts[:at]
            if q.value > part.value
            and (
                amount_of(q).unit == amount_of(part).unit
                or exchangeable(amount_of(q), amount_of(part))
            )
        ]
        if not wholes:
            continue
        left = max(fact.rfind(mark, 0, part.start) for mark in "，。；：、中") + 1
        before = fact[max(left, wholes[-1].end) : part.start]
        after = re.split("[，。；：、]", fact[part.end :])[0]
        said = pairs_of(_EMPTY.sub("", after)) or pairs_of(_EMPTY.sub("", before))
        if len(said) >= 2 and (_PART.search(fact[: part.start]) or not after):
            yield part, said
