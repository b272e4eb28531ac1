"""The shapes between an edited Word file and the draft it is an edit of. All frozen."""

from dataclasses import dataclass
from typing import Literal

TrackedKind = Literal["insert", "delete", "move_from", "move_to", "format"]
Kind = Literal["same", "edited", "moved", "merged", "split", "new", "removed"]


@dataclass(frozen=True, slots=True)
class Tracked:
    """A change as Word tracked it. `start:end` is its place in the text it stands in, an empty
    span for what was deleted; `text` what came or went, "¶" for the end of a paragraph. `date` is
    as the file has it (ISO 8601), "" where it has none. In a section's heading: `in_heading`."""

    kind: TrackedKind
    author: str
    date: str
    text: str
    start: int
    end: int
    in_heading: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. `quoted` is the text it is about, `start:end` the place of its first line's part
    (as in `Tracked`), an empty span where it is about no text."""

    author: str
    date: str
    text: str
    quoted: str
    start: int
    end: int
    in_heading: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file as it reads with every tracked change accepted: not empty, without white
    space at its ends.

    `level` is that of its heading style, 0 for none. `before` are deletions of whole lines that
    stood between this line and the one before.
    """

    text: str
    level: int = 0
    is_title: bool = False
    tracked: tuple[Tracked, ...] = ()
    comments: tuple[Comment, ...] = ()
    before: tuple[Tracked, ...] = ()


@dataclass(frozen=True, slots=True)
class EditedText:
    """An edited Word file, read. `after` are whole lines deleted at its end, `comments` those that
    are about no line, `notes` what a person should know of the reading (Chinese sentences)."""

    lines: tuple[Line, ...]
    after: tuple[Tracked, ...] = ()
    comments: tuple[Comment, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a section's `old` and `new` text: `old[start:end]`, which is `before`,
    becomes `after`. `author` and `date` are those of the tracked change it comes from, "" where it
    was not tracked. Changes of a section do not overlap, and each can be taken without the others.
    """

    start: int
    end: int
    before: str
    after: str
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedSection:
    """A section of the draft as it came back, or text that came back and is no section's.

    `section_id` is None for what the draft does not have. `number` and `heading` are as they came
    back, `old_heading` is the draft's; `old` and `new` are texts without the heading.

    kind "same": nothing differs; "edited": text or heading; "moved": it stands elsewhere (and may
    be edited); "merged": its text stands in section `partner` now; "removed": it is gone; "split":
    new, with text that was section `partner`'s; "new": not the draft's at all.
    """

    section_id: str | None
    number: str
    heading: str
    old_heading: str
    level: int
    old: str
    new: str
    kind: Kind
    changes: tuple[Change, ...] = ()
    tracked: tuple[Tracked, ...] = ()
    comments: tuple[Comment, ...] = ()
    partner: str | None = None

    @property
    def heading_changed(self) -> bool:
        """Whether the heading came back worded otherwise."""
        return self.heading != self.old_heading


@dataclass(frozen=True, slots=True)
class Returned:
    """A whole report that came back. `sections` stand as in the file; those that are gone follow
    the section they followed in the draft. `tracked` and `comments` are those of the title and of
    no single line, `above` the lines above the title that are not the report's. `share` is how much
    of the report stands in the file, 0..1; `doubt` says in Chinese why the file is no edit of the
    whole report, "" where it is one."""

    title: str
    old_title: str
    sections: tuple[ReturnedSection, ...]
    tracked: tuple[Tracked, ...] = ()
    comments: tuple[Comment, ...] = ()
    notes: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    share: float = 1.0
    doubt: str = ""

    @property
    def is_unchanged(self) -> bool:
        """Whether the text came back as it went out; comments do not count."""
        same = all(section.kind == "same" for section in self.sections)
        return same and self.title == self.old_title
