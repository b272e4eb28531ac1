"""Plans told as done, known by their number: 计划建成礼堂4座 told as 已建成4座.

The words of a plan may be spread over a sentence whose other clauses tell what is done already
(完成了选址), so that no clause is the plan's own but the one that has its number. Only where no
other fact has that number, and where nothing in the sentence says that it is still to come.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.amounts import amount_of, same_number, same_unit
from drafter.checks.exchanged_words import Fault
from drafter.checks.passages import sentence_spans
from drafter.data import load_table
from drafter.numbers import Quantity, find_quantities

_BREAK = "，。；：！？\n"


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What makes a plan of a fact, what keeps it one in a text, and what tells it as done."""
    table = load_table("qualifiers")
    plan = next(word for word in table["word"] if word["name"] == "拟")
    words = table["planned"]
    return re.compile(plan["find"]), re.compile(words["still"]), re.compile(words["done"])


def planned_as_done(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield the words that tell the number of a plan as done: 已建成 of 已建成4座."""
    plan, keep, done = _words()
    if not done.search(text):
        return
    counts = [(fact, quantity) for fact in facts for quantity in _counts(fact)]
    here = _counts(text)
    for fact in facts:
        for number in _planned(fact, plan):
            if any(_alike(number, other) for one, other in counts if one != fact):
                continue
            for quantity in here:
                place = _sentence(text, quantity.start)
                if not _alike(number, quantity) or keep.search(text, *place):
                    continue
                begin = max(text.rfind(mark, 0, quantity.start) for mark in _BREAK) + 1
                told = done.search(text, begin, quantity.start)
                if told and _about(fact, number, text[slice(*place)]):
                    yield Fault(*told.span(), "计划", "error", name="拟")


def _planned(fact: str, plan: re.Pattern[str]) -> Iterator[Quantity]:
    """The numbers of a fact in the clause of its plan, behind the word that makes it one."""
    for match in plan.finditer(fact):
        stop = re.compile(f"[{_BREAK}]").search(fact, match.end())
        end = stop.start() if stop else len(fact)
        yield from (q for q in _counts(fact) if match.end() <= q.start < end)


def _counts(text: str) -> list[Quantity]:
    return [q for q in find_quantities(text) if q.kind in ("count", "money") and not q.weak]


def _alike(one: Quantity, other: Quantity) -> bool:
    first, second = amount_of(one), amount_of(other)
    return same_number(first, second) and same_unit(first, second)


def _sentence(text: str, at: int) -> tuple[int, int]:
    return next((span for span in sentence_spans(text) if span[0] <= at < span[1]), (0, len(text)))


def _about(fact: str, number: Quantity, sentence: str) -> bool:
    """Whether a sentence has what the plan counts: two letters of the words beside its number."""
    words = re.split(f"[{_BREAK}、]", fact[: number.start])[-1][-6:] + fact[number.end :][:4]
    words = "".join(re.findall("[\u4e00-\u9fff]", words))
    return any(words[at : at + 2] in sentence for at in range(len(words) - 1))
