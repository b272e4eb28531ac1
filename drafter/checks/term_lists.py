"""Lists of members that are not the published one: wrong, missing, too many or out of order.

A list is judged where the term's name stands by it, or where it claims by itself to be the whole;
a part of the members that claims no completeness (等, or two of four) passes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.member_lists import (
    Listing,
    Term,
    full_listing,
    listings,
    members_in,
    terms,
)
from drafter.checks.near_lists import NearList, Nearness, is_misquoted, near_lists
from drafter.checks.passages import letters, sentence_spans
from drafter.types import Severity

# Between a term and its list: 制度, 总体布局; then a bracket, 即 or a colon.
_TAIL = (
    r"[”\"]?(?:制度|要求|战略布局|总体布局|问题|标准|总要求|决策制度|工作法|工作机制|机制|学习教育|本质要求)?"
    r"[”\"]?\s*"
)
# “三会一课”制度，按规定开好甲、乙、丙: what leads from the name to the list.
_LEAD = (
    r"(?:(?:按|严格|定期|按时|认真|规范)[^，。；、：]{0,4})?"
    r"(?:开好|召开|开展|组织|抓好|做好|落实|坚持)?"
)
_OPEN = re.compile(
    _TAIL
    + r"(?:(?P<strict>[（(]|[，,]?(?:即|由|也就是|就是|指的?是|分别是|是指|包括)[：:]?)"
    + rf"|[：:]|——|(?P<comma>[，,]{_LEAD}))\s*[“\"]?"
)
# Between a list and its term: 这“四风”, 等“三重一大”事项, 的新发展理念.
_SHUT = (
    r"[”\"）)]?(?:这|的|等|方面|几个|为(?:主要)?内容|(?:所|共同)?(?:组成|构成|形成)|在内)*"
    r"\s*[“\"（(]?"
)
_MORE = re.compile(r"[”\"]?(?:[、，,和及]|以及)(?P<more>[^、，,。；;）)（(\n]{2,8})[）)]")
_TOGETHER = re.compile(
    '[”"]?(?:是|都|的)?(?:相互|互相|相辅|相得|互为|密不可分|紧密|一起|一道|同步|协调)'
)
_ETC = re.compile(r"[”\"]?等")


@dataclass(frozen=True, slots=True)
class ListFault:
    """A list at `start:end` that should read `term.joined`."""

    start: int
    end: int
    term: Term
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class _Named:
    """A term's name in the text: where a list after it begins, how it is joined to the list."""

    start: int
    end: int
    opens: int | None
    kind: str  # "strict" for 即 and brackets, "colon", "comma"; "" where nothing can follow


def _named(text: str, name: str) -> tuple[_Named, ...]:
    found = []
    for match in re.finditer(re.escape(name), text):
        opened = _OPEN.match(text, match.end())
        kind = ""
        if opened:
            kind = "strict" if opened["strict"] else "comma" if opened["comma"] else "colon"
        found.append(_Named(*match.span(), opened.end() if opened else None, kind))
    return tuple(found)


def _begins(name: _Named, start: int) -> bool:
    return name.opens is not None and name.opens <= start <= name.opens + 3


def _closes(text: str, name: _Named, end: int) -> bool:
    return 0 <= name.start - end <= 12 and bool(re.fullmatch(_SHUT, text[end : name.start]))


def _nearness(text: str, near: NearList, names: tuple[_Named, ...]) -> Nearness:
    for name in names:
        if _closes(text, name, near.end):
            return "beside"
        if _begins(name, near.start):
            return "comma" if name.kind == "comma" else "beside"
    for start, end in sentence_spans(text):
        if start <= near.start < end and any(start <= name.start < end for name in names):
            return "sentence"
    return "none"


def _near(text: str, versions: tuple[Term, ...], names: tuple[_Named, ...]) -> Iterator[ListFault]:
    """政治意识、全局意识、核心意识、看齐意识: a stranger in a member's place."""
    for term in versions:
        for near in near_lists(text, term):
            nearness = _nearness(text, near, names)
            if is_misquoted(near, nearness):
                yield ListFault(near.start, near.end, term)
            elif (
                nearness == "comma"
                and not near.cut
                and len(term.members) > 2
                and len(near.strangers) == 1
            ):
                # “三会一课”，甲、乙、丙、丁: it may be a list of something else.
                yield ListFault(near.start, near.end, term, "warning")
            elif _one_other(near):
                yield ListFault(near.start, near.end, term, "warning")


def _one_other(near: NearList) -> bool:
    """学党史、悟思想、办实事、促发展: one item as long as the member it stands for, whose place
    is the first or the last. It may be a list of the unit's own."""
    members, odd = near.term.members, near.strangers
    if near.cut or len(odd) != 1 or len(members) < 4 or near.term.bare == "none":
        return False
    item, member = odd[0]
    return member in (members[0], members[-1]) and len(letters(item)[0]) == len(letters(member)[0])


def _set_apart(listing: Listing, text: str) -> bool:
    """文化建设与经济建设、政治建设、社会建设、生态文明建设相互促进: one member told beside the
    others, all of them and those in order."""
    first, *rest = (item if item is not None else -1 for item in listing.items)
    whole = sorted((first, *rest)) == list(range(len(listing.term.members)))
    words = text[listing.start : listing.end]
    return (
        whole
        and rest == sorted(rest)
        and re.match("[^、，与同和]+[与同和]", words) is not None
        and _TOGETHER.match(text, listing.end) is not None
    )


def _published(
    found: tuple[Listing, ...], versions: tuple[Term, ...], text: str
) -> list[tuple[int, int]]:
    """The spans of the lists that are some version's, whole and in order."""
    full = (
        one
        for one in found
        if any(full_listing(one, term) for term in versions)
        or (one.term in versions and _set_apart(one, text))
    )
    return [(one.start, one.end) for one in full]


def _sound(listing: Listing, published: list[tuple[int, int]]) -> bool:
    return any(start <= listing.start and listing.end <= end for start, end in published)


def _explained(
    text: str, names: tuple[_Named, ...], versions: tuple[Term, ...], found: tuple[Listing, ...]
) -> Iterator[ListFault]:
    """“四个意识”（政治意识、…）: the list beside the name must be the published one, whole."""
    published = _published(found, versions, text)
    for name in names:
        for listing in found:
            if len(set(listing.known)) < 2 or _ETC.match(text, listing.end):
                continue
            right = _sound(listing, published)
            if _closes(text, name, listing.end):
                most = len(set(listing.known)) >= max(2, len(listing.term.members) - 1)
                if most and not right:
                    yield ListFault(listing.start, listing.end, versions[-1])
            elif name.kind in ("strict", "colon") and _begins(name, listing.start):
                if name.kind == "colon" and listing.term.bare == "none":
                    continue
                more = _MORE.match(text, listing.end)
                if right and any(end > listing.end for _, end in published):
                    more = None
                if not right or (more and "等" not in more["more"]):
                    end = more.start("more") + len(more["more"]) if more else listing.end
                    yield ListFault(listing.start, end, versions[-1])


def _borrowed(
    names: tuple[_Named, ...], versions: tuple[Term, ...], others: tuple[Listing, ...]
) -> Iterator[ListFault]:
    """“两个确立”即坚决维护…: the members of another term behind this one's name."""
    own = {member for term in versions for member in term.numbers}
    for name in names:
        for listing in others:
            if name.kind != "strict" or not _begins(name, listing.start):
                continue
            if len(set(listing.known)) * 2 > len(listing.term.members) and own.isdisjoint(
                listing.term.numbers
            ):
                yield ListFault(listing.start, listing.end, versions[-1])


def _alone(listing: Listing, text: str) -> bool:
    """Whether a list without its name claims to be the whole: all members, or all but one."""
    size, known = len(listing.term.members), len(set(listing.known))
    if listing.term.bare == "none" or size < 3 or _ETC.match(text, listing.end):
        return False
    if listing.term.bare == "whole" and size >= 4:
        return known >= size - 1
    return known == size


@lru_cache(maxsize=1024)
def _versions(name: str, year: int | None) -> tuple[Term, ...]:
    """The versions of the term `name` that are right in `year`."""
    return tuple(term for term in terms() if term.name == name and term.fits(year))


def _of_term(
    text: str, name: str, year: int | None, found: dict[str, tuple[Listing, ...]]
) -> Iterator[ListFault]:
    """The faults of all versions of the term `name`."""
    versions = _versions(name, year)
    names = _named(text, name) if name in text else ()
    if not versions or not (names or any(members_in(text, term) for term in versions)):
        return
    own = found.get(name, ())
    published = _published(own, versions, text)
    for fault in _near(text, versions, names):
        if not any(start < fault.end and fault.start < end for start, end in published):
            yield fault
    yield from _explained(text, names, versions, own)
    if any(one.kind == "strict" for one in names):
        others = tuple(one for key, held in found.items() if key != name for one in held)
        yield from _borrowed(names, versions, others)
    for listing in own:
        if listing.term in versions and _alone(listing, text) and not _sound(listing, published):
            yield ListFault(listing.start, listing.end, listing.term)


def list_faults(text: str, year: int | None) -> Iterator[ListFault]:
    """Yield the misquoted lists of `text`, no two over the same words; without a year every
    version ever published is right."""
    found: dict[str, tuple[Listing, ...]] = {}
    for term in terms():
        found[term.name] = (*found.get(term.name, ()), *listings(text, term))
    told: list[tuple[int, int]] = []
    for name in sorted(found, key=len, reverse=True):
        for fault in _of_term(text, name, year, found):
            if not any(left < fault.end and fault.start < right for left, right in told):
                told.append((fault.start, fault.end))
                yield fault
