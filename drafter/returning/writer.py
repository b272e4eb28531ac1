"""Builds the lines of an edited text, piece by piece, with the places of changes and comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drafter.export.layout import legal
from drafter.returning.types import Comment, EditedText, Line, Tracked, TrackedKind

MARK = "¶"
_QUOTED_CHARS = 2000  # of what a comment is about: enough to find it by
GONE: tuple[TrackedKind, ...] = ("delete", "move_from")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Under which tracked change text stands: what kind, whose, when."""

    kind: TrackedKind
    author: str
    date: str


@dataclass(slots=True)
class _Range:
    """A comment's range: the line it began in, its place there (`end` None: to the line's end or
    beyond), and its text so far."""

    line: int
    start: int
    end: int | None = None
    quoted: str = ""


@dataclass(slots=True)
class LineWriter:
    """Takes text in reading order. `known` are the comments' author, date and text by id."""

    known: Mapping[str, tuple[str, str, str]]
    _text: str = ""
    _level: int = 0
    _is_title: bool = False
    _tracked: list[Tracked] = field(default_factory=list)
    _before: list[Tracked] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)
    _ranges: dict[str, _Range] = field(default_factory=dict)
    _here: list[_Range] = field(default_factory=list)  # those that began in this line
    _open: dict[str, _Range] = field(default_factory=dict)  # those that go on

    def begin(self, level: int, is_title: bool) -> None:
        """Begin a paragraph; one that runs on from a deleted mark takes its own style."""
        self._level, self._is_title = level, is_title

    def add(self, text: str, stamp: Stamp | None = None) -> None:
        """Add text that stands, or was deleted, under a tracked change or none."""
        text = legal(text)
        if stamp is not None and stamp.kind in GONE:
            self._note(stamp, text, len(self._text), len(self._text))
            return
        for place, part in enumerate(text.split("\n")):
            if place:
                self.end_line()
            start = len(self._text)
            self._text += part
            if stamp is not None and part:
                self._note(stamp, part, start, len(self._text))
            self._quote(part)

    def restyled(self, stamp: Stamp, start: int) -> None:
        """Note that the type of the text since `start` of this line was changed."""
        start = min(start, len(self._text))
        if start < len(self._text):
            self._note(stamp, self._text[start:], start, len(self._text))

    @property
    def place(self) -> int:
        """Where in the line the next text will stand."""
        return len(self._text)

    def mark(self, stamp: Stamp) -> None:
        """Note that the end of this paragraph came or went."""
        if stamp.kind in GONE and not self._text.strip():  # the whole paragraph went
            self._before += self._tracked
            self._text, self._tracked = "", []
            return
        last = self._tracked[-1] if self._tracked else None
        whole = last and (last.kind, last.author) == (stamp.kind, stamp.author)
        if not (whole and last and last.end == len(self._text)):
            self._note(stamp, MARK, len(self._text), len(self._text))

    def _note(self, stamp: Stamp, text: str, start: int, end: int) -> None:
        last = self._tracked[-1] if self._tracked else None
        head = (stamp.kind, stamp.author, stamp.date)
        if not text:
            return
        goes_on = last and (last.kind, last.author, last.date, last.end) == (*head, start)
        if last and goes_on and MARK not in (last.text, text) and stamp.kind != "format":
            self._tracked[-1] = replace(last, text=last.text + text, end=end)
        else:
            self._tracked.append(Tracked(*head, text, start, end))

    def open_comment(self, key: str) -> None:
        """Begin the range of a comment."""
        if key in self.known and key not in self._ranges:
            made = _Range(len(self._lines), len(self._text))
            self._ranges[key] = self._open[key] = made
            self._here.append(made)

    def close_comment(self, key: str) -> None:
        """End the range of a comment; one that did not begin is at this place."""
        self.open_comment(key)
        closed = self._open.pop(key, None)
        if closed is not None and closed.line == len(self._lines):
            closed.end = len(self._text)

    def _quote(self, text: str) -> None:
        for key, opened in list(self._open.items()):
            opened.quoted += text
            if len(opened.quoted) > _QUOTED_CHARS:
                del self._open[key]

    def end_line(self) -> None:
        """End a line; one without text leaves only what was deleted there."""
        bare = self._text.strip()
        lead = len(self._text) - len(self._text.lstrip())
        if bare:
            moved = tuple(_shifted(t, lead, len(bare)) for t in self._tracked)
            line = Line(bare, self._level, self._is_title, moved, (), tuple(self._before))
            self._lines.append(line)
            self._before = []
            for begun in self._here:
                begun.start = _within(begun.start - lead, len(bare))
                begun.end = _within(
                    (len(self._text) if begun.end is None else begun.end) - lead, len(bare)
                )
            self._here = []
            self._quote("\n")
        else:
            self._before += self._tracked
            for begun in self._here:
                begun.start = 0
                begun.end = None if begun.end is None else 0
        self._text, self._tracked = "", []

    def finish(self, notes: tuple[str, ...]) -> EditedText:
        """Return all lines; comments that no line has come after them."""
        self.end_line()
        lines, loose = list(self._lines), []
        for key, (author, date, text) in self.known.items():
            found = self._ranges.get(key)
            if found is None or not lines:
                loose.append(Comment(author, date, text, "", 0, 0))
                continue
            at = min(found.line, len(lines) - 1)
            size = len(lines[at].text)
            start, end = (size, size) if found.line >= len(lines) else (found.start, found.end)
            end = max(start, end or start)
            made = Comment(author, date, text, found.quoted.strip(), start, end)
            lines[at] = replace(lines[at], comments=(*lines[at].comments, made))
        return EditedText(tuple(lines), tuple(self._before), tuple(loose), notes)


def _within(place: int, size: int) -> int:
    return max(0, min(place, size))


def _shifted(tracked: Tracked, lead: int, size: int) -> Tracked:
    start, end = _within(tracked.start - lead, size), _within(tracked.end - lead, size)
    return replace(tracked, start=start, end=end)
