"""The text of a section before and after, and what differs in it letter by letter. Pure.

Lines are compared as the Word file has them, without white space at their ends and without empty
lines; what stands between them in the draft (empty lines, indents) stays as it was.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from drafter.export.changes import Op, Row, align, pieces_of
from drafter.export.layout import Paragraph, legal
from drafter.returning.breaks import Joined, pieces_between, put_together
from drafter.returning.types import Change, Tracked

_LINE = re.compile("[^\r\n\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A section's text taken apart: its lines, and what stands before, between and after them
    (`gaps`, one more than `lines`). Gaps and lines in turn join to the text."""

    lines: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """`new` is the whole text that came back; `starts` where each of its lines begins there."""

    new: str
    changes: tuple[Change, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that stays, goes or comes; those of one `group` are one change. `begins` is the
    new line that begins with it."""

    group: int
    op: Op
    text: str
    begins: int | None = None


def take_apart(text: str) -> Text:
    """Return the lines of a text as export writes them, with what stands around them."""
    lines, gaps, end = [], [], 0
    for found in _LINE.finditer(text):
        bare = found[0].strip()
        if legal(bare).strip():
            start = found.start() + found[0].index(bare)
            gaps.append(text[end:start])
            lines.append(bare)
            end = start + len(bare)
    return Text(tuple(lines), (*gaps, text[end:]))


def difference(old: str, lines: Sequence[str]) -> Difference:
    """Return what became of a section's text; `lines` are those that came back, none empty.

    Where nothing differs, the text is the old one to the letter.
    """
    parts = take_apart(old)
    if tuple(legal(line).strip() for line in parts.lines) == tuple(lines):
        kept = [_Piece(0, "=", text, n) for n, text in enumerate(_whole(parts))]
        return _built([_Piece(0, "=", parts.gaps[0]), *kept])
    olds, news = put_together(parts.lines, parts.gaps[1:-1], lines)
    rows = align(
        [Paragraph("body", "", line.words) for line in olds],
        [Paragraph("body", "", line.words) for line in news],
    )
    gaps = _outer_gaps(parts, olds)
    if any(_stays(row) for row in rows):
        made = _built(_pieces(olds, news, gaps, rows))
    else:
        made = _built(_replaced(Text(tuple(o.text for o in olds), gaps), [n.text for n in news]))
    begun = zip(made.starts, news, strict=True)
    starts = tuple(start + offset for start, line in begun for offset in line.offsets)
    return replace(made, starts=starts)


def _outer_gaps(parts: Text, olds: Sequence[Joined]) -> tuple[str, ...]:
    """Return the gaps before, between and after lines that are put together."""
    ends = accumulate((len(line.lines) for line in olds), initial=0)
    return tuple(parts.gaps[end] for end in ends)


def _whole(parts: Text) -> Iterator[str]:
    """Yield each line with the gap after it."""
    for n, line in enumerate(parts.lines):
        yield line + parts.gaps[n + 1]


def _stays(row: Row) -> bool:
    return row.old is not None and row.new is not None


def _replaced(parts: Text, lines: Sequence[str]) -> Iterator[_Piece]:
    """Yield the pieces where no line stays: all goes, all comes, as one change."""
    if not (parts.lines and lines):
        yield _Piece(0, "-", "".join([parts.gaps[0], *_whole(parts)]))
    else:
        yield _Piece(0, "=", parts.gaps[0])
        between = zip(parts.lines, (*parts.gaps[1:-1], ""), strict=True)
        yield _Piece(0, "-", "".join(line + gap for line, gap in between))
    for n, line in enumerate(lines):
        if n:
            yield _Piece(0, "+", "\n")
        yield _Piece(0, "+", line, n)
    if parts.lines and lines:
        yield _Piece(0, "=", parts.gaps[-1])


def _pieces(
    olds: Sequence[Joined], news: Sequence[Joined], gaps: Sequence[str], rows: Sequence[Row]
) -> Iterator[_Piece]:
    """Yield the pieces of a comparison in which some line stays.

    Before the first line that stays, a line comes and goes with the break after it; then, with the
    one before it. So each change can be taken without the others.
    """
    yield _Piece(-1, "=", gaps[0])
    is_ahead, at = True, 0
    for stays, stretch in groupby(rows, _stays):
        block = list(stretch)
        # Lines that went and others in their place are one change; else each line is one.
        is_exchange = len({row.old is None for row in block}) == 2
        for n, row in enumerate(block, at):
            if stays:
                yield _Piece(n, "=", "" if is_ahead else gaps[row.old or 0])
                yield from _edited(n, olds[row.old or 0], news[row.new or 0], row.new or 0)
                is_ahead = False
            else:
                group = at if is_exchange else n
                if row.old is not None:
                    text = olds[row.old].text
                    gap = gaps[row.old + 1] if is_ahead else gaps[row.old]
                    yield _Piece(group, "-", text + gap if is_ahead else gap + text)
                elif row.new is not None:
                    yield from _come(group, news[row.new].text, row.new, is_ahead)
        at += len(block)
    yield _Piece(-1, "=", gaps[-1])


def _edited(group: int, old: Joined, new: Joined, place: int) -> Iterator[_Piece]:
    """Yield what became of a line; of one that was only cut or joined, the breaks."""
    yield _Piece(group, "=", "", place)
    if old.words == new.words:
        yield from (_Piece(group, op, text) for op, text in pieces_between(old, new))
        return
    was, now = Paragraph("body", "", old.text), Paragraph("body", "", new.text)
    yield from (_Piece(group, piece.op, piece.text) for piece in pieces_of(was, now, {}))


def _come(group: int, text: str, place: int, is_ahead: bool) -> Iterator[_Piece]:
    """Yield a line that is new, with the break before it (ahead of all that stays: after it)."""
    if not is_ahead:
        yield _Piece(group, "+", "\n")
    yield _Piece(group, "+", text, place)
    if is_ahead:
        yield _Piece(group, "+", "\n")


def _built(pieces: Sequence[_Piece] | Iterator[_Piece]) -> Difference:
    """Put the pieces together: the new text, the changes, where lines begin."""
    at, new, starts = 0, "", dict[int, int]()
    changes: list[Change] = []
    group: int | None = None  # of the change that goes on
    for piece in pieces:
        if piece.begins is not None:
            starts[piece.begins] = len(new)
        if piece.op == "=":
            group = None if piece.text else group
            at, new = at + len(piece.text), new + piece.text
            continue
        if not piece.text:
            continue
        if group != piece.group:
            changes.append(Change(at, at, "", ""))
            group = piece.group
        last = changes[-1]
        if piece.op == "-":
            at += len(piece.text)
            changes[-1] = replace(last, end=at, before=last.before + piece.text)
        else:
            new += piece.text
            changes[-1] = replace(last, after=last.after + piece.text)
    return Difference(new, tuple(changes), tuple(starts[n] for n in sorted(starts)))


def signed(changes: Sequence[Change], tracked: Sequence[Tracked]) -> tuple[Change, ...]:
    """Return the changes with the author and date of the tracked change each comes from."""
    made, shift = [], 0
    for change in changes:
        start = change.start + shift
        end = start + len(change.after)
        shift += len(change.after) - len(change.before)
        source = next((t for t in tracked if _is_of(t, change, start, end)), None)
        if source is None:
            made.append(change)
        else:
            made.append(replace(change, author=source.author, date=source.date))
    return tuple(made)


def _is_of(tracked: Tracked, change: Change, start: int, end: int) -> bool:
    """Return whether a tracked change is what this one, at `start:end` of the new text, shows."""
    if tracked.in_heading or tracked.kind == "format":
        return False
    if tracked.kind in ("insert", "move_to"):
        return tracked.start < end and start < tracked.end
    gone = tracked.text.strip()
    shared = bool(gone) and (gone in change.before or change.before.strip() in gone)
    return shared and start - 1 <= tracked.start <= end + 1
