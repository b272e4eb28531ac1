"""Two states of a report as one Word document with native tracked changes.

Source of the elements: ISO/IEC 29500-1, 17.13.5 (ins, del of runs and of paragraph marks,
pPrChange). Accepting all gives the new report, rejecting all the old one, in text and in style.

A paragraph is ended by its mark, and the last mark of a document can neither come nor go. So where
paragraphs come or go after the last one that stays, each mark carries the change of the paragraph
after it, as Word itself does when a person types on at the end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Literal

from drafter.export.changes import Row, align, pieces_of
from drafter.export.layout import Kind, Paragraph
from drafter.export.runs import runs_xml

_NOTHING = Paragraph("body", "", "")
_TAGS = {"-": "del", "+": "ins"}


@dataclass(frozen=True, slots=True)
class Author:
    """Who is named for the changes, and when they were made (None: now)."""

    name: str = "拟稿台"
    when: datetime | None = None


@dataclass(slots=True)
class _Marks:
    """Writes the tags of changes, each with its own number."""

    author: Author
    last: int = 0

    def tag(self, name: str, content: str) -> str:
        self.last += 1
        when = (self.author.when or datetime.now(UTC)).astimezone(UTC)
        named = escape(self.author.name)
        return (
            f'<w:{name} w:id="{self.last}" w:author="{named}" '
            f'w:date="{when:%Y-%m-%dT%H:%M:%SZ}">{content}</w:{name}>'
        )


def redlined(
    old: Sequence[Paragraph],
    new: Sequence[Paragraph],
    layout: Callable[[Sequence[Paragraph]], Sequence[str]],
    leads: Mapping[Kind, str],
    author: Author,
) -> str:
    """Return the paragraphs of `new` with the changes since `old` tracked.

    `layout` gives the content of `w:pPr` for the paragraphs of a report, `leads` the character
    styles of headings run into the text.
    """
    old, new = tuple(old) or (_NOTHING,), tuple(new) or (_NOTHING,)
    before, after = layout(old), layout(new)
    marks = _Marks(author)
    made = []
    for shape in _shapes(_with_one_that_stays(align(old, new))):
        content = _content(shape.row, old, new, leads, marks)
        made.append(
            f"<w:p><w:pPr>{_properties(shape, before, after, marks)}</w:pPr>{content}</w:p>"
        )
    return "".join(made)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A row as a paragraph of the file: what its mark is, and whose layout the mark holds."""

    row: Row
    mark: Literal["", "ins", "del"]
    old: int | None
    new: int | None


def _with_one_that_stays(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows with the two last paragraphs paired where nothing at all stays."""
    if any(_fate(row) == "" for row in rows):
        return rows
    went = [row for row in rows if row.old is not None]
    came = [row for row in rows if row.new is not None]
    return (*went[:-1], *came[:-1], Row(went[-1].old, came[-1].new))


def _fate(row: Row) -> Literal["", "ins", "del"]:
    if row.old is None:
        return "ins"
    return "del" if row.new is None else ""


def _shapes(rows: tuple[Row, ...]) -> Iterator[_Shape]:
    stays = max(n for n, row in enumerate(rows) if _fate(row) == "")
    old = new = None
    for n, row in enumerate(rows):
        old = row.old if row.old is not None else old
        new = row.new if row.new is not None else new
        if n < stays:
            yield _Shape(row, _fate(row), row.old, row.new)
            continue
        mark = _fate(rows[n + 1]) if n + 1 < len(rows) else ""
        yield _Shape(row, mark, None if mark == "ins" else old, None if mark == "del" else new)


def _properties(shape: _Shape, before: Sequence[str], after: Sequence[str], marks: _Marks) -> str:
    """Return the content of `w:pPr`: layout, the change of the mark, the layout there was."""
    tracked = f"<w:rPr>{marks.tag(shape.mark, '')}</w:rPr>" if shape.mark else ""
    if shape.new is None:
        return before[shape.old or 0] + tracked
    if shape.old is None or before[shape.old] == after[shape.new]:
        return after[shape.new] + tracked
    was = marks.tag("pPrChange", f"<w:pPr>{before[shape.old]}</w:pPr>")
    return after[shape.new] + tracked + was


def _content(
    row: Row,
    old: Sequence[Paragraph],
    new: Sequence[Paragraph],
    leads: Mapping[Kind, str],
    marks: _Marks,
) -> str:
    was = _NOTHING if row.old is None else old[row.old]
    now = _NOTHING if row.new is None else new[row.new]
    made = []
    for piece in pieces_of(was, now, leads):
        runs = runs_xml(piece.text, piece.style, deleted=piece.op == "-")
        made.append(runs if piece.op == "=" else marks.tag(_TAGS[piece.op], runs))
    return "".join(made)
