"""The front of the package: an edited text against a draft, section by section. Pure.

No text of the file is lost: a line stands in the title, in a heading, or in one section's text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from drafter.export.layout import paragraphs_of_text
from drafter.returning.blocks import Block, Placed, known_lines, place_blocks
from drafter.returning.differences import difference, signed, take_apart
from drafter.returning.front import headings_parted, lines_above, one_line, title_lines
from drafter.returning.kinship import kinship
from drafter.returning.matching import Known, key_of, without_mark
from drafter.returning.types import (
    Comment,
    EditedText,
    Kind,
    Line,
    Returned,
    ReturnedSection,
    Tracked,
)
from drafter.returning.wordfile import read_edited
from drafter.types import Draft, DraftSection


def returned(draft: Draft, name: str, data: bytes) -> Returned:
    """Return what an edited .docx says of each section of the draft it was exported from.

    Raises UnreadableFile where the file cannot be read (see `read_edited`).
    """
    return compare(draft, read_edited(name, data))


def compare(draft: Draft, edited: EditedText) -> Returned:
    """Return what an edited text says of each section of the draft."""
    bodies = [take_apart(section.text).lines for section in draft.sections]
    known = known_lines(draft, bodies)
    keys = {line.key for line in known}
    start = lines_above(draft, edited.lines, keys)
    above, below = edited.lines[:start], edited.lines[start:]
    count = title_lines(draft, below, keys)
    title = below[:count]
    lines = headings_parted(draft, below[count:], keys)
    read = paragraphs_of_text("\n".join(line.text for line in (*title, *lines)))
    placed = place_blocks(draft, known, lines, read[count:])
    gone = _deleted(known, placed, lines, edited.after)
    heads = [_shifted(line, 0) for line in (*above, *title)]
    kin = kinship(draft, edited)
    return Returned(
        "".join(line.text for line in title),
        one_line(draft.title),
        _in_order(draft, placed, lines, gone),
        tuple(tracked for tracks, _ in heads for tracked in tracks),
        (*(comment for _, comments in heads for comment in comments), *edited.comments),
        (*_about_title(draft, above, count), *edited.notes),
        tuple(line.text for line in above),
        kin.share,
        kin.doubt,
    )


def _about_title(draft: Draft, above: Sequence[Line], count: int) -> Iterator[str]:
    """Yield what a person should know of the title and what stands above it."""
    if above:
        words = "、".join(f"“{line.text}”" for line in above)
        yield f"标题上面的 {len(above)} 行不是文稿里的，没有取：{words}。"
    if not count and draft.title.strip():
        yield f"文件里没有标题；文稿的标题“{one_line(draft.title)}”保持不变。"


# Lines that were deleted whole, by whose they were: ("section", at) for a section of the draft that
# has no block, ("block", n) else; each with the line it stood before, None for the end.
_Deleted = Mapping[tuple[str, int], list[tuple[Tracked, int | None]]]


def _deleted(
    known: Sequence[Known], placed: Placed, lines: Sequence[Line], after: Sequence[Tracked]
) -> _Deleted:
    """Tell whose each whole line was that tracking deleted: by its words, else by its place."""
    owners = {line.key: line.section for line in known}
    blocks = {block.owner: n for n, block in enumerate(placed.blocks) if block.owner is not None}
    inside = {place: n for n, block in enumerate(placed.blocks) for place in block.places}
    found: dict[tuple[str, int], list[tuple[Tracked, int | None]]] = {}
    loose = [(t, place) for place, line in enumerate(lines) for t in line.before]
    for tracked, place in [*loose, *((t, None) for t in after)]:
        keys = (key_of(tracked.text), key_of(without_mark(tracked.text)[1]))
        owner = next((owners[key] for key in keys if key in owners), None)
        if owner is not None:
            key = ("block", blocks[owner]) if owner in blocks else ("section", owner)
        else:
            before = len(lines) - 1 if place is None else max(0, place - 1)
            key = ("block", inside.get(before, 0))
        found.setdefault(key, []).append((tracked, place))
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """A section that came back, and which of the draft's it is, None for none."""

    section: ReturnedSection
    owner: int | None


def _in_order(
    draft: Draft, placed: Placed, lines: Sequence[Line], deleted: _Deleted
) -> tuple[ReturnedSection, ...]:
    """Return the blocks as sections, in the file's order, with those that are gone put in."""
    stays = _longest_rising([b.owner for b in placed.blocks if b.owner is not None])
    places = []
    for n, block in enumerate(placed.blocks):
        gone = deleted.get(("block", n), [])
        places.append(_Place(_section(draft, block, lines, stays, gone), block.owner))
    for at, into in placed.gone.items():
        tracked = tuple(replace(t, start=0, end=0) for t, _ in deleted.get(("section", at), []))
        partner = None if into is None else draft.sections[into].id
        section = _without_block(draft.sections[at], tracked, partner)
        owners = [-1 if place.owner is None else place.owner for place in places]
        before = [n for n, owner in enumerate(owners) if 0 <= owner < at]
        last = max(before, key=lambda n: owners[n], default=-1)
        places.insert(last + 1, _Place(section, at))
    return tuple(place.section for place in places)


def _without_block(
    own: DraftSection, tracked: tuple[Tracked, ...], partner: str | None
) -> ReturnedSection:
    heading = one_line(own.heading)
    change = difference(own.text, ())
    kind: Kind = "removed" if partner is None else "merged"
    if not heading and not take_apart(own.text).lines:
        kind, change = "same", difference(own.text, take_apart(own.text).lines)
    return ReturnedSection(
        own.id, "", "", heading, own.level, own.text, change.new, kind,
        signed(change.changes, tracked), tracked, partner=partner,
    )  # fmt: skip


def _longest_rising(order: Sequence[int]) -> frozenset[int]:
    """Return the sections that stay in order; the others were moved."""
    best: list[list[int]] = []
    for at, value in enumerate(order):
        runs = [best[n] for n in range(at) if order[n] < value]
        best.append([*_longest(runs), value])
    return frozenset(_longest(best))


def _longest(runs: Sequence[list[int]]) -> list[int]:
    return max(runs, key=len) if runs else []


def _section(
    draft: Draft,
    block: Block,
    lines: Sequence[Line],
    stays: frozenset[int],
    deleted: Sequence[tuple[Tracked, int | None]],
) -> ReturnedSection:
    own = None if block.owner is None else draft.sections[block.owner]
    made = difference(own.text if own else "", [lines[place].text for place in block.lines])
    tracked: list[Tracked] = []
    comments: list[Comment] = []
    if block.heading is not None:
        line = lines[block.heading]
        tracks, said = _shifted(line, len(block.title) - len(line.text), in_heading=True)
        tracked, comments = list(tracks), list(said)
    for place, start in zip(block.lines, made.starts, strict=True):
        tracks, said = _shifted(lines[place], start)
        tracked += tracks
        comments += said
    starts = dict(zip(block.lines, made.starts, strict=True))
    ends = {place + 1: start + len(lines[place].text) for place, start in starts.items()}
    tracked += _deletions(deleted, starts, ends, len(made.new))
    section = ReturnedSection(
        own.id if own else None, block.number, block.title,
        one_line(own.heading) if own else "", own.level if own else block.level,
        own.text if own else "", made.new, "same", signed(made.changes, tracked),
        tuple(tracked), tuple(comments),
        None if block.source is None else draft.sections[block.source].id,
    )  # fmt: skip
    return replace(section, kind=_kind(section, block, stays))


def _deletions(
    deleted: Sequence[tuple[Tracked, int | None]],
    starts: Mapping[int, int],
    ends: Mapping[int, int],
    size: int,
) -> Iterator[Tracked]:
    """Yield deletions of whole lines at their places in the section's text."""
    for tracked, place in deleted:
        at = size if place is None else starts.get(place, ends.get(place, 0))
        yield replace(tracked, start=at, end=at)


def _kind(section: ReturnedSection, block: Block, stays: frozenset[int]) -> Kind:
    if block.owner is None:
        return "new" if block.source is None else "split"
    if block.owner not in stays:
        return "moved"
    return "edited" if section.changes or section.heading_changed else "same"


def _shifted(
    line: Line, shift: int, in_heading: bool = False
) -> tuple[tuple[Tracked, ...], tuple[Comment, ...]]:
    """Return a line's changes and comments at their places in the text around."""
    tracked = tuple(
        replace(t, start=max(0, t.start + shift), end=max(0, t.end + shift), in_heading=in_heading)
        for t in line.tracked
    )
    comments = tuple(
        replace(c, start=max(0, c.start + shift), end=max(0, c.end + shift), in_heading=in_heading)
        for c in line.comments
    )
    return tracked, comments
