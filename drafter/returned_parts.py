"""What a returned file holds to be decided, and what each thing is remembered by. Pure.

A key says what a thing is, not where it stands, so that it stays the same when other things are
taken, and a refused one stays refused after a restart.
"""

import hashlib
from collections.abc import Collection, Iterator
from typing import Literal

from drafter.checks.passages import sentence_spans
from drafter.returning import Comment, Returned, ReturnedSection

Part = Literal["add", "drop", "merge", "move"]
_PARTS: dict[str, Part] = {
    "new": "add",
    "split": "add",
    "removed": "drop",
    "merged": "merge",
    "moved": "move",
}


def part_of(section: ReturnedSection) -> Part | None:
    """Return what there is to decide of a section as a whole, None for its words alone."""
    return _PARTS.get(section.kind)


def part_key(section: ReturnedSection) -> str:
    """Return what a section added, gone or moved is remembered by."""
    if section.section_id is None:
        return _key("add", section.heading, section.new)
    return _key(str(section.section_id), str(part_of(section)), section.partner or "")


def change_key(section: ReturnedSection, number: int) -> str:
    """Return what a change is remembered by: its words and its place in the text that came back,
    which stays the same when other changes are taken."""
    shift = sum(len(c.after) - len(c.before) for c in section.changes[:number])
    change = section.changes[number]
    return _key(str(section.section_id), str(change.start + shift), change.before, change.after)


def heading_key(section: ReturnedSection) -> str:
    """Return what a changed heading is remembered by."""
    return _key(str(section.section_id), "heading", section.heading)


def title_key(title: str) -> str:
    """Return what a changed title is remembered by."""
    return _key("title", title)


def comment_key(section_id: str | None, comment: Comment) -> str:
    """Return what a comment is remembered by: where, whose, when, and both texts."""
    words = (comment.author, comment.date, comment.text, comment.quoted)
    return _key(section_id or "", "comment", *words)


def _key(*parts: str) -> str:
    written = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(written, digest_size=8).hexdigest()


def is_gone(section: ReturnedSection) -> bool:
    """Say whether a section of the draft stands nowhere in the file."""
    return section.kind in ("removed", "merged")


def bare_heading(heading: str) -> str:
    """Return a heading as a plan keeps it: one line, no full stop behind it."""
    return " ".join(heading.split()).rstrip("。")


def offers_title(back: Returned) -> bool:
    """Say whether the report came back under another title."""
    return bool(back.title.strip()) and back.title.strip() != back.old_title.strip()


def offers_heading(section: ReturnedSection) -> bool:
    """Say whether a section came back under another heading that can be taken."""
    was, now = bare_heading(section.old_heading), bare_heading(section.heading)
    return bool(section.section_id and was and now) and was != now and not is_gone(section)


def open_changes(section: ReturnedSection, refused: Collection[str]) -> tuple[int, ...]:
    """Return the places of the changes that were neither taken nor refused; of a section that is
    gone there are none: it is decided as a whole."""
    if section.section_id is None or is_gone(section):
        return ()
    return tuple(n for n in range(len(section.changes)) if change_key(section, n) not in refused)


def open_keys(back: Returned, refused: Collection[str], untouched: Collection[str]) -> list[str]:
    """Return the keys of all that is still to be decided, in the file's order; `untouched` are
    sections that the file's editor left alone."""
    keys = [title_key(back.title)] if offers_title(back) else []
    for section in back.sections:
        if section.section_id not in untouched:
            keys += _keys_of(section)
    return [key for key in keys if key not in refused]


def _keys_of(section: ReturnedSection) -> Iterator[str]:
    if part_of(section):
        yield part_key(section)
    if offers_heading(section):
        yield heading_key(section)
    for number in open_changes(section, ()):
        yield change_key(section, number)


def sentence_of(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return the sentences that `start:end` lies in, in three: before it, the words, after it."""
    spans = [(s, e) for s, e in sentence_spans(text) if s <= max(start, end - 1) and start <= e]
    first = min([start, *(s for s, _ in spans)])
    last = max([end, *(e for _, e in spans)])
    return text[first:start], text[start:end], text[end:last]
