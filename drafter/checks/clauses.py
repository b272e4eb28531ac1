"""How much of a fact's wording a text has, clause by clause.

A clause is looked for in two neighbouring sentences; words of one group of data/retelling.toml
stand for each other. What it does not know: a clause told in entirely other words reads as lost.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafter.amounts import EMPTY
from drafter.checks.passages import sentence_spans
from drafter.data import load_table
from drafter.names import squash
from drafter.numbers import Quantity, find_quantities, narrow
from drafter.short_forms import restated, shortened

# Sum of the shares of a clause's letters found alone and in pairs up to which it is lost. Measured
# on the first set of bench/faithful (258 clauses without numbers told, 8 lost): lost ones have at
# most 0.75, told ones at least 1.0; between the two a person should look.
_LOST, _DOUBT = 0.8, 0.95
# Letters on end that a text has nothing of: told clauses have 4 at most, 7 at a fact's beginning,
# where its owner's name stands that a report need not repeat.
_RUN, _OWNER = 5, 7
# What a run of letters ends in that names a place, a body or people: lost from three letters on.
_PLACE = re.compile(
    r"(?:馆|院|局|校|小学|中学|大学|厅|村|镇|乡|站|中心|公司|基地|协会|商会|银行|旧址|广场|公园"
    r"|军人|职工|员工|老人|儿童|青年|妇女|学生|教师|医生|护士|志愿者|代表|骑手|商户|居民|村民)$"
)
# Windows that are looked at letter by letter: those that share most pairs of letters.
_LIKELY = 6
_TOWARDS = frozenset("与到赴在向和为对从联")
_CLAUSE = re.compile(r"[^，。；：,;:！？\n]+[：:]?")


@dataclass(frozen=True, slots=True)
class Loss:
    """What of a fact a text lacks, in the fact's words; `certain` unless only wording differs.

    `instead` is what the text has in its place (解决 for 发展党员), "" for nothing known;
    `direct`: the text shows the loss itself, beside the fact's own number.
    """

    text: str
    certain: bool
    instead: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """A text that facts are looked for in: its sentences, their letters, its numbers."""

    text: str
    year: int | None
    plain: str
    spans: tuple[tuple[int, int], ...]
    windows: tuple[str, ...]
    pairs: tuple[frozenset[str], ...]
    found: tuple[Quantity, ...]


@lru_cache(maxsize=64)
def telling(text: str, year: int | None) -> Telling:
    """Return `text` made ready to look for facts; `year` is the report's own."""
    spans = sentence_spans(text)
    windows = tuple(
        text[start : spans[min(at + 1, len(spans) - 1)][1]] for at, (start, _) in enumerate(spans)
    )
    counts = tuple(q for q in find_quantities(text, loose=True) if not is_date(q))
    return Telling(text, year, squash(text), spans, windows, tuple(map(_pairs, windows)), counts)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def is_date(quantity: Quantity) -> bool:
    """Whether a number is a date, a year or a time of day."""
    return quantity.kind in ("date", "year", "time")


def clauses(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a fact's clauses; a label that ends in ： is none."""
    labels = load_table("retelling")["labels"]
    found = []
    for match in _CLAUSE.finditer(text):
        words = match[0].rstrip("：: ").strip()
        if words and not (match[0][-1] in "：:" and (words in labels or len(words) <= 8)):
            found.append(match.span())
    return tuple(found)


@lru_cache(maxsize=1)
def _synonyms() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Return a pattern that finds the longest word of a group at each place, and its synonyms."""
    found: dict[str, list[str]] = {}
    for group in load_table("retelling")["same"]["groups"]:
        for word in group:
            found.setdefault(word, []).extend(other for other in group if other != word)
    words = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    return re.compile(f"(?=({words}))"), {word: tuple(others) for word, others in found.items()}


@lru_cache(maxsize=4096)
def _content(clause: str) -> tuple[str, tuple[tuple[int, int, tuple[str, ...]], ...]]:
    """Return a clause without its numbers, and the synonyms of its words by where these stand."""
    plain = narrow(clause)
    for quantity in reversed(find_quantities(plain)):
        plain = plain[: quantity.start] + "|" + plain[quantity.end :]
    pattern, others = _synonyms()
    near = ((m.start(), len(m[1]), others[m[1]]) for m in pattern.finditer(plain))
    return plain, tuple(near)


@lru_cache(maxsize=65536)
def _flags(clause: str, window: str) -> tuple[str, bytes, bytes]:
    """Return a clause without its numbers and, for each letter, whether `window` has it alone (or a
    synonym of its word) and in a pair."""
    plain, near = _content(clause)
    alone, paired = bytearray(len(plain)), bytearray(len(plain))
    for at, letter in enumerate(plain):
        if letter in window:
            alone[at] = 1
            if at and plain[at - 1 : at + 1] in window:
                paired[at - 1] = paired[at] = 1
    for start, length, others in near:
        if any(other in window for other in others):
            alone[start : start + length] = paired[start : start + length] = b"\1" * length
    return plain, bytes(alone), bytes(paired)


def _speaks(letter: str) -> bool:
    return "一" <= letter <= "鿿" and letter not in EMPTY


def coverage(clause: str, window: str) -> tuple[float, float]:
    """Return the shares (0..1) of a clause's letters that `window` has alone and in pairs."""
    plain, alone, paired = _flags(clause, window)
    said = [at for at, letter in enumerate(plain) if _speaks(letter)]
    if not said:
        return 1.0, 1.0
    return sum(alone[at] for at in said) / len(said), sum(paired[at] for at in said) / len(said)


def longest_gap(clause: str, window: str) -> tuple[int, int, str]:
    """Return (letters, place, words) of a clause's longest run that `window` has nothing of."""
    plain, _, paired = _flags(clause, window)
    best, first, count = (0, 0, ""), 0, 0
    for at, letter in enumerate(plain):
        if not "一" <= letter <= "鿿" or paired[at]:
            first, count = at + 1, 0
        elif letter not in EMPTY:
            count += 1
            if count > best[0]:
                best = (count, first, plain[first : at + 1])
    return best


def closest_window(clause: str, text: Telling) -> str:
    """Return the two neighbouring sentences that have most of a clause, "" of an empty text."""
    windows = text.windows
    if len(windows) > _LIKELY:
        own = _pairs(clause)
        shared = [len(own & pairs) for pairs in text.pairs]
        likely = sorted(range(len(windows)), key=lambda at: -shared[at])[:_LIKELY]
        windows = tuple(windows[at] for at in sorted(likely))
    return max(windows, key=lambda window: sum(coverage(clause, window)), default="")


def lost_clause(clause: str, text: Telling, first: bool, free: bool) -> Loss | None:
    """Return what a clause says and the text does not, None of a clause that is told, also of one
    whose bodies the text calls by their short or their full names.

    `first`: the clause opens its fact; `free`: it has no number, date or name that would tell it.
    """
    lost = _lost_words(clause, text, first, free)
    if lost is None:
        return None
    other = restated(clause, text.text)
    short = shortened(text.text)
    if other == clause and short == text.text:
        return lost
    return lost if _lost_words(other, telling(short, text.year), first, free) else None


def _lost_words(clause: str, text: Telling, first: bool, free: bool) -> Loss | None:
    window = closest_window(clause, text)
    share = sum(coverage(clause, window))
    if free and share <= _DOUBT:
        return Loss(clause.strip(), certain=share <= _LOST)
    length, at, words = longest_gap(clause, window)
    opening = first and at == 0 and words[:1] not in _TOWARDS
    named = not opening and length >= 3 and _PLACE.search(words) is not None
    enough = length >= (_OWNER if opening else _RUN) or named
    if enough and not find_quantities(words):
        return Loss(words, certain=named or length >= _OWNER)
    return _lost_item(clause, text)


def _lost_item(clause: str, text: Telling) -> Loss | None:
    """One of the names between 、 that the text leaves out."""
    if clause.count("、") < 1:
        return None
    for place, item in enumerate(clause.split("、")):
        words = re.sub(r"[“”《》（）()]", "", item)
        if len(words) < 3 or find_quantities(words):
            continue
        alone, paired = coverage(words, text.text)
        if (paired == 0 and alone <= 0.75) or (place and paired <= 0.5 and alone <= 0.67):
            return Loss(item.strip(), certain=paired == 0)
    return None
