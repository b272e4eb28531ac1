"""This year's draft beside last year's report: what was carried over, and what was left open.

Readers of duty reports look for three things: paragraphs taken over from last year, numbers that
stand still, and promises nobody speaks of again. Pure; a line found is a question to the person,
not a fault.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from drafter.checks.passages import covered, formula_letters, letter_pairs, letters, sentence_spans
from drafter.numbers import Quantity, find_quantities
from drafter.types import Draft, DraftSection, Fact
from index.types import ParsedReport, Role

# A sentence is taken over when so much of it stands last year in the same order (Indel similarity
# of its letters, numbers aside). Two honest sentences about one matter reach 0.6 to 0.7.
SAME_SENTENCE = 0.8
# Shorter ones are common property; so is what is more than half fixed formulas.
SHORTEST = 14
# Share of a clause's letter pairs from which it counts the same thing as last year's.
SAME_CLAUSE = 0.6
# Share of the pairs of letters from which a sentence, or two in a row, may speak of a promise; and
# how much of the promise they must have at least.
SPOKEN_OF = 0.4
ENOUGH_OF_PROMISE = 0.25
# Letters of a promise that are no formula: fewer promise nothing that could be told.
SHORTEST_PROMISE = 7
_CLAUSE = re.compile(r"[^，。；！？：\n]+")
_QUOTED = re.compile(r"[“《][^”》]{2,20}[”》]")
_COUNTED = ("count", "percent", "money", "fraction")
# What opens a promise and says nothing of it.
_OPENER = re.compile(r"^(?:[一二三四五六七八九十]是|[（(]?[一二三四五六七八九十\d]+[）).、])")


@dataclass(frozen=True, slots=True)
class Recycled:
    """A sentence of the draft that stands in last year's report. `numbers_changed`: only those."""

    section_id: str
    text: str
    last: str
    likeness: float
    numbers_changed: bool


@dataclass(frozen=True, slots=True)
class Unmoved:
    """A number that is the same as last year's for the same thing: the clause of each year."""

    section_id: str
    number: str
    clause: str
    last: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A measure last year's report announced. `told` is the draft's closest sentence, or the fact
    it could be told with; "" where nothing speaks of it. `section_id` is where it is told."""

    text: str
    told: str
    section_id: str | None

    @property
    def open(self) -> bool:
        """Whether the draft does not speak of it."""
        return self.section_id is None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a person should look at, each in the order of its own text."""

    recycled: tuple[Recycled, ...]
    unmoved: tuple[Unmoved, ...]
    promises: tuple[Promise, ...]


def compare_with(last: ParsedReport, draft: Draft, facts: tuple[Fact, ...]) -> Comparison:
    """Compare a draft, and the facts it may yet use, with last year's report."""
    passages = tuple(_passages(last))
    body = "\n".join(text for _, text in passages)
    return Comparison(
        tuple(_recycled(draft, body)),
        tuple(_unmoved(draft, body)),
        tuple(_promises(passages, draft, facts)),
    )


def _passages(report: ParsedReport) -> Iterator[tuple[Role, str]]:
    for section in report.sections:
        if section.lead:
            yield section.role, section.lead
        for part in section.subsections:
            run_in = f"{part.heading or ''}{part.heading_end}" if part.heading_end else ""
            if text := run_in + part.text:
                yield part.role, text


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(text[start:end].strip() for start, end in sentence_spans(text))


@lru_cache(maxsize=4096)
def _bare(sentence: str) -> str:
    """The letters of a sentence without its opener and with every number as one sign."""
    plain = letters(_OPENER.sub("", sentence))[0]
    return re.sub(r"\d+", "0", plain)


def _own_words(bare: str) -> int:
    """How many letters are not part of a fixed formula."""
    return len(bare) - sum(covered(bare, formula_letters()))


def _recycled(draft: Draft, last: str) -> Iterator[Recycled]:
    known = tuple(s for s in _sentences(last) if len(_bare(s)) >= SHORTEST)
    for section in draft.sections:
        for sentence in _sentences(section.text):
            bare = _bare(sentence)
            if len(bare) < SHORTEST or _own_words(bare) * 2 < len(bare):
                continue
            best = _closest(sentence, known)
            if best is None:
                continue
            likeness = Indel.normalized_similarity(bare, _bare(best))
            if likeness >= SAME_SENTENCE:
                changed = bare == _bare(best) and letters(sentence)[0] != letters(best)[0]
                yield Recycled(section.id, sentence, best, likeness, changed)


def _closest(sentence: str, known: tuple[str, ...]) -> str | None:
    """Return the known sentence with most pairs of letters in common, None where few are."""
    pairs = letter_pairs(sentence)

    def shared(other: str) -> float:
        return len(pairs & letter_pairs(other)) / max(len(pairs), len(letter_pairs(other)), 1)

    best = max(known, key=shared, default=None)
    return best if best is not None and shared(best) >= SAME_SENTENCE / 2 else None


def _clauses(text: str) -> Iterator[tuple[str, Quantity]]:
    """Return every counted quantity with the clause it stands in."""
    for match in _CLAUSE.finditer(text):
        for quantity in find_quantities(match[0]):
            if quantity.kind in _COUNTED and not quantity.weak:
                yield match[0].strip(), quantity


def _unmoved(draft: Draft, last: str) -> Iterator[Unmoved]:
    known: dict[str, list[str]] = {}
    for clause, quantity in _clauses(last):
        known.setdefault(quantity.key, []).append(clause)
    for section in draft.sections:
        if section.role == "打算":
            continue
        for clause, quantity in _clauses(section.text):
            same = _same_clause(clause, known.get(quantity.key, ()))
            if same:
                yield Unmoved(section.id, quantity.text, clause, same)


def _same_clause(clause: str, known: Iterable[str]) -> str:
    pairs = letter_pairs(clause)
    for other in known:
        theirs = letter_pairs(other)
        smaller = min(len(pairs), len(theirs))
        if smaller >= 2 and len(pairs & theirs) >= SAME_CLAUSE * smaller:
            return other
    return ""


def _promises(
    passages: tuple[tuple[Role, str], ...], draft: Draft, facts: tuple[Fact, ...]
) -> Iterator[Promise]:
    told = [section for section in draft.sections if section.role not in ("打算", "导语", "结语")]
    for role, text in passages:
        if role != "打算":
            continue
        for sentence in _sentences(text):
            promise = _OPENER.sub("", sentence).strip()
            if _own_words(_bare(promise)) >= SHORTEST_PROMISE:
                yield _answered(promise, told, facts)


def _answered(promise: str, told: list[DraftSection], facts: tuple[Fact, ...]) -> Promise:
    best, place, found = 0.0, None, ""
    for section in told:
        sentences = _sentences(section.text)
        for at, sentence in enumerate(sentences):
            share = _spoken(promise, "".join(sentences[at : at + 2]))
            if share > best:
                best, place, found = share, section.id, sentence
    if best >= SPOKEN_OF:
        return Promise(promise, found, place)
    near = max(facts, key=lambda fact: _spoken(promise, fact.text), default=None)
    known = near is not None and _spoken(promise, near.text) >= SPOKEN_OF
    return Promise(promise, near.text if near and known else "", None)


def _spoken(promise: str, words: str) -> float:
    """How far `words` speak of a promise: all the way where they have its own name for something,
    else by the pairs of letters they share, of the shorter one's."""
    if any(quoted.strip("“”《》") in words for quoted in _QUOTED.findall(promise)):
        return 1.0
    pairs, theirs = letter_pairs(promise), letter_pairs(words)
    shared, smaller = len(pairs & theirs), min(len(pairs), len(theirs))
    # A short general sentence (“狠抓整改落实”) is within many promises and keeps none of them.
    return shared / smaller if smaller >= 4 and shared >= ENOUGH_OF_PROMISE * len(pairs) else 0.0
