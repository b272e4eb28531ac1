"""Anchors: the parts of a fact that a faithful draft must keep, and what a text has beyond them.

Anchors are numbers with their unit, dates, 《titles》, names (quoted, or shaped like an
organisation or a person: see drafter.names) and qualifiers (每季度, 拟, 首次). Tables:
data/names.toml, qualifiers.toml, formulas.toml and fixed_terms.toml.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from drafter.amounts import amount_of, amount_of_value, same_number, same_unit
from drafter.data import load_table
from drafter.dates import date_kept, parts_at_once, spoken_years
from drafter.names import marked_names, shaped_names, squash
from drafter.numbers import Quantity, find_quantities
from drafter.origins import trace_numbers
from drafter.short_forms import is_named
from drafter.types import Anchor, Fact

_TIMES = ("date", "year", "time")
# What a title is told without: 《中国共产党纪律处分条例（试行）》 is 纪律处分条例.
_TITLE_EDGES = re.compile("^(?:中国共产党|中华人民共和国|中共中央)|[（(](?:试行|暂行)[)）]$")


def quantity_value(quantity: Quantity) -> str:
    """Return the anchor value of a number: its key, and "|近" or the like where it is limited."""
    return f"{quantity.key}|{quantity.approx}" if quantity.approx else quantity.key


@lru_cache(maxsize=1)
def _qualifier_pattern() -> tuple[re.Pattern[str], tuple[str, ...], dict[str, re.Pattern[str]]]:
    words = load_table("qualifiers")["word"]
    finds = "|".join(f"(?P<w{i}>{word['find']})" for i, word in enumerate(words))
    accepts = {word["name"]: re.compile(word.get("accept", word["find"])) for word in words}
    return re.compile(finds), tuple(word["name"] for word in words), accepts


def find_anchors(text: str) -> tuple[Anchor, ...]:
    """Return the anchors of `text` in order, not overlapping; offsets are into `text`."""
    return _find_anchors(text)


@lru_cache(maxsize=4096)
def _find_anchors(text: str) -> tuple[Anchor, ...]:
    numbers = [
        Anchor(
            "date" if quantity.kind in _TIMES else "number",
            quantity.text,
            quantity.start,
            quantity.end,
            quantity_value(quantity),
        )
        for quantity in find_quantities(text)
        if not quantity.weak
    ]
    pattern, names, _ = _qualifier_pattern()
    words = [
        Anchor("qualifier", match[0], *match.span(), names[int(str(match.lastgroup)[1:])])
        for match in pattern.finditer(text)
    ]
    taken = bytearray(len(text))
    kept = []
    for anchor in (*marked_names(text), *shaped_names(text), *numbers, *words):
        if not any(taken[anchor.start : anchor.end]):
            taken[anchor.start : anchor.end] = b"\1" * (anchor.end - anchor.start)
            kept.append(anchor)
    return tuple(sorted(kept, key=lambda anchor: anchor.start))


def _number_kept(value: str, quantities: Sequence[Quantity]) -> bool:
    """Same number, same limit, same unit; a number without unit matches any unit."""
    amount = amount_of_value(value)
    for quantity in quantities:
        other = amount_of(quantity)
        alike = same_number(amount, other) and same_unit(amount, other)
        if alike and amount.approx == other.approx:
            return True
    return False


def keeps_qualifier(name: str, text: str) -> bool:
    """Whether `text` has the qualifier `name` (as in Anchor.value) or one of its equals."""
    accept = _qualifier_pattern()[2].get(name)
    return accept is not None and accept.search(text) is not None


def is_kept(anchor: Anchor, text: str, year: int | None = None) -> bool:
    """Whether `text` keeps one anchor; `year` is the report's own, which may go unsaid."""
    if anchor.kind == "number":
        counts = [q for q in find_quantities(text, loose=True) if q.kind not in _TIMES]
        return _number_kept(anchor.value, counts)
    if anchor.kind == "date":
        forms = [q.form for q in find_quantities(text) if q.kind in _TIMES]
        forms += parts_at_once(text)
        own = {str(year)} if year is not None else set()
        return date_kept(anchor.value, forms, spoken_years(text, year) | own)
    if anchor.kind == "qualifier":
        if anchor.value == "每周几":
            return anchor.text in text
        return keeps_qualifier(anchor.value, text)
    said = squash(text)
    if anchor.value in said:
        return True
    if anchor.kind == "title":
        bare = _TITLE_EDGES.sub("", anchor.value)
        return len(bare) > 3 and bare in said
    return is_named(anchor.value, said)


def missing_anchors(fact: Fact, text: str, year: int | None = None) -> tuple[Anchor, ...]:
    """Return the anchors of `fact` that `text` lacks, in the fact's order.

    Numbers are compared by value, unit and limit (近, 余), dates by normal form, names and titles
    verbatim whatever the quotes, qualifiers by the equals of data/qualifiers.toml. `year` is the
    report's own year: a fact's "2026年" may then go unsaid.
    """
    return tuple(anchor for anchor in fact.anchors if not is_kept(anchor, text, year))


def new_quantities(
    text: str, facts: Sequence[Fact], allowed: Iterable[str] = (), year: int | None = None
) -> tuple[Quantity, ...]:
    """Return the numbers and dates of `text` that neither a fact nor a string of `allowed` has and
    that do not follow from facts (drafter.origins).

    The report's own year goes into `allowed` ("2026年"). A limit that changed (近12次 for 12次) is
    not new; 一个 and the like claim nothing.
    """
    traced = trace_numbers(text, facts, allowed, year)
    return tuple(origin.quantity for origin in traced if origin.kind == "none")


@lru_cache(maxsize=1)
def _public_names() -> tuple[str, frozenset[str]]:
    """Everything any report may name: all formulas in one squashed string, and exact names."""
    formulas, terms = load_table("formulas"), load_table("fixed_terms")
    exact = [
        *formulas["names"],
        *formulas["meetings"],
        *formulas["titles"],
        *load_table("names")["public"],
    ]
    exact += [*terms["phrases"]["terms"], *(entry["name"] for entry in terms["set"])]
    members = [member for entry in terms["set"] for member in entry["members"]]
    return squash("\n".join([*formulas["formulas"], *members])), frozenset(map(squash, exact))


def new_names(text: str, facts: Sequence[Fact], allowed: Iterable[str] = ()) -> tuple[Anchor, ...]:
    """Return the titles and names of `text` that no fact, no string of `allowed` and no published
    formula (data/formulas.toml, fixed_terms.toml) has."""
    formulas, exact = _public_names()
    known = squash("\x00".join([*(fact.text for fact in facts), *allowed]))
    new = []
    for anchor in find_anchors(text):
        if anchor.kind not in ("title", "name"):
            continue
        short = anchor.kind == "name" and len(anchor.value) < 3
        if short or anchor.value in known or anchor.value in exact or anchor.value in formulas:
            continue
        new.append(anchor)
    return tuple(new)
