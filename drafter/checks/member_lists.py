"""Lists of members of fixed terms (data/fixed_terms.toml) as they stand in a text.

A listing is a run of members with 、 ， 和 between them. One strange item inside does not end it,
for that is how a wrong member looks: 政治意识、大局意识、服务意识、看齐意识.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from drafter.checks.passages import letters
from drafter.data import load_table

# 开好甲、乙，上好丙; 甲、乙，并做到丙: a verb before one of the members.
DO = r"并?(?:(?:按时|定期|认真|及时)?(?:上好|讲好|讲授|开好|召开|抓好|做到|实行))?"
_PURE = re.compile(rf"[”\"]?\s*(?:[、，,；;]|[，,]?(?:和|及|与|以及|又|也))\s*{DO}[“\"]?")
# One item that is no member, between two that are; with a digit it is a count, not an item.
_ODD = re.compile(r"[”\"]?[、，,][“\"]?[^、，,。；;：:\d（）()\n]{2,10}[、，,和][“\"]?")


@dataclass(frozen=True, slots=True)
class Term:
    """One version of a term. `first`/`last` are the years it is right in; `bare` says what of a
    list without the name is looked at; `joined` is the published list; `pattern` finds a member,
    whose number `numbers` gives by its letters; `suffix` is what all members end with, or ""; with
    none of `heads` in a text no member is."""

    name: str
    members: tuple[str, ...]
    first: int
    last: int
    bare: str
    joined: str
    pattern: str
    numbers: dict[str, int]
    suffix: str
    heads: frozenset[str]

    def fits(self, year: int | None) -> bool:
        """Whether the version is right in `year`; all are where there is none."""
        return year is None or self.first <= year <= self.last


@dataclass(frozen=True, slots=True)
class Listing:
    """A run of members at `start:end`; `items` are their numbers in order, None for a stranger."""

    term: Term
    start: int
    end: int
    items: tuple[int | None, ...]

    @property
    def known(self) -> tuple[int, ...]:
        """The numbers of the members, strangers left out."""
        return tuple(item for item in self.items if item is not None)

    def until(self, end: int) -> "Listing":
        """Return the listing with another end."""
        return replace(self, end=end)


def _loose(member: str) -> str:
    """A pattern for the member's letters, with or without its punctuation."""
    return "".join(
        re.escape(char) if char.isalnum() else r"[、，,“”\"]?" for char in member.strip("“”")
    )


def _ending(members: tuple[str, ...]) -> str:
    """Return what all members end with."""
    size = 0
    while len({member[-size - 1 :] for member in members}) == 1 and size < len(members[0]):
        size += 1
    return members[0][len(members[0]) - size :]


def _term(row: dict[str, object]) -> Term:
    members = tuple(str(member) for member in row["members"])  # type: ignore[attr-defined]
    forms = dict(row.get("forms", {}))  # type: ignore[call-overload]
    numbers = {
        letters(form)[0]: at
        for at, member in enumerate(members)
        for form in (member, *forms.get(member, ()))
    }
    spelled = [form for member in members for form in (member, *forms.get(member, ()))]
    longest = sorted(spelled, key=len, reverse=True)
    suffix = _ending(members)
    return Term(
        str(row["name"]),
        members,
        int(str(row.get("from", "0"))[:4]),
        int(str(row.get("to", "9999"))[:4]),
        str(row.get("bare", "order")),
        str(row.get("joined", "、".join(members))),
        "|".join(_loose(form) for form in longest),
        numbers,
        suffix if 2 <= len(suffix) < min(map(len, members)) else "",
        frozenset(_head(form) for form in longest),
    )


def _head(form: str) -> str:
    """The first two letters, one where a mark follows it: all texts with the form have them."""
    bare = form.strip("“”")
    return bare[:2] if bare[1:2].isalnum() else bare[:1]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A term's pattern, once one of its heads is met."""
    return re.compile(pattern)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Return every version of every term, in the order of the table."""
    return tuple(_term(row) for row in load_table("fixed_terms")["set"])


def _shortened(text: str, term: Term) -> Iterator[Listing]:
    """政治、大局、核心、看齐意识: the ending said once, for all."""
    if not term.suffix:
        return
    stems = {member[: -len(term.suffix)]: at for at, member in enumerate(term.members)}
    for form, at in term.numbers.items():
        if form.endswith(term.suffix) and len(form) > len(term.suffix):
            stems.setdefault(form[: -len(term.suffix)], at)
    either = "|".join(re.escape(stem) for stem in sorted(stems, key=len, reverse=True))
    run = rf"(?:{either})(?:(?:[、，,]|和)(?:{either}))+{re.escape(term.suffix)}"
    for match in re.finditer(run, text):
        items = tuple(stems[stem] for stem in re.findall(either, match[0][: -len(term.suffix)]))
        yield Listing(term, match.start(), match.end(), items)


@lru_cache(maxsize=64)
def _hits(text: str) -> dict[int, tuple[tuple[int, int, int], ...]]:
    """The members of every term in `text`, by the term's identity, as (start, end, number)."""
    found = {}
    for term in terms():
        if any(head in text for head in term.heads):
            found[id(term)] = tuple(
                (match.start(), match.end(), term.numbers[letters(match[0])[0]])
                for match in _compiled(term.pattern).finditer(text)
            )
    return found


def members_in(text: str, term: Term) -> tuple[tuple[int, int, int], ...]:
    """Return the members of `term` in `text` as (start, end, number), by where they stand."""
    return _hits(text).get(id(term), ())


def listings(text: str, term: Term) -> tuple[Listing, ...]:
    """Return the runs of two members or more in `text`."""
    found: list[Listing] = []
    for start, end, item in members_in(text, term):
        last = found[-1] if found else None
        between = text[last.end : start] if last else ""
        if last and _PURE.fullmatch(between):
            found[-1] = replace(last, end=end, items=(*last.items, item))
        elif last and _ODD.fullmatch(between) and None not in last.items:
            found[-1] = replace(last, end=end, items=(*last.items, None, item))
        else:
            found.append(Listing(term, start, end, (item,)))
    whole = [one for one in found if len(one.items) > 1]
    return (*whole, *_shortened(text, term))


def full_listing(listing: Listing, term: Term) -> bool:
    """Whether the listing has all members of `term` in order and nothing between them."""
    return listing.term is term and listing.items == tuple(range(len(term.members)))
