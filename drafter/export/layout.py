"""What every form of export agrees on: the order of paragraphs, what each is, legal characters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, get_args

from drafter.outlines import numbered
from drafter.types import Draft
from index.cues import bare, is_date, is_dated_unit, is_salutation, is_signature
from index.front import read_front
from index.headings import find_mark, split_heading

Kind = Literal[
    "title", "byline", "salutation",
    "heading1", "heading2", "heading3", "heading4",
    "body", "signer", "date",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

# What XML 1.0 (section 2.2) does not allow, and U+FEFF, which is a byte order mark gone astray.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_FOURTH = re.compile(r"[（(]\d{1,2}[）)]\s*")
_LEVELS = {"part": 1, "one": 1, "paren": 2, "digit": 3}
# The longest line that is a heading and nothing else; a report's longest is about this long.
_HEADING_CHARS = 44
_FRONT_LINES = 6
_TAIL_LINES = 3
_NOT_SIGNED = re.compile("附件?|抄送|联系|电话")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `number` is the mark before a heading, "" for the others.

    `lead` counts the first characters of `full` that are a heading run into the text (“（一）压实
    责任。支部……”): they are set in the type of `lead_kind`, the rest as body.
    """

    kind: Kind
    number: str
    text: str
    lead: int = 0
    lead_kind: Kind = "body"

    @property
    def full(self) -> str:
        """The whole paragraph as it stands on the page."""
        return self.number + self.text


def paragraphs(draft: Draft) -> tuple[Paragraph, ...]:
    """Return the draft in reading order; lines of a text become paragraphs, empty ones go.

    A salutation and a byline are known in the text before the first heading, signature and date
    at the end of the last section; headings of levels 3 and 4 anywhere in a text.
    """
    return _with_ends(tuple(_in_order(draft)))


def paragraphs_of_text(text: str) -> tuple[Paragraph, ...]:
    """Return an imported report as paragraphs, one for each line that is not empty.

    Every line is kept as it stands but for white space at its ends: `full` of the paragraphs,
    joined by line breaks, is the text again.
    """
    lines = [line for raw in legal(text).split("\n") if (line := raw.strip())]
    titles = _title_lines(lines)
    made = [
        Paragraph("title", "", line) if place < titles else _line(line)
        for place, line in enumerate(lines)
    ]
    return _with_ends(tuple(made))


def legal(text: str) -> str:
    """Drop characters no Word file can hold; all kinds of line break become a newline."""
    return _ILLEGAL.sub("", _BREAKS.sub("\n", text))


def _in_order(draft: Draft) -> Iterator[Paragraph]:
    title = " ".join(legal(draft.title).split())
    if title:
        yield Paragraph("title", "", title)
    for number, section in zip(numbered(draft.sections), draft.sections, strict=True):
        heading = " ".join(legal(section.heading).split())
        if heading:
            yield Paragraph("heading1" if section.level == 1 else "heading2", number, heading)
        for line in legal(section.text).split("\n"):
            if line := line.strip():
                yield _line(line)


def _line(line: str) -> Paragraph:
    """Tell a heading of its own line, a heading run into the text, and text apart."""
    if fourth := _FOURTH.match(line):
        alone = _is_bare_heading(line[fourth.end() :])
        return Paragraph("heading4" if alone else "body", "", line)
    mark = find_mark(line)
    if mark is None:
        return Paragraph("body", "", line)
    level = _LEVELS[mark.kind]
    if level == 3:
        return Paragraph("heading3" if _is_bare_heading(line[mark.end :]) else "body", "", line)
    heading, _, tail = split_heading(line[mark.end :])
    kind: Kind = "heading1" if level == 1 else "heading2"
    if heading is None or len(heading) > _HEADING_CHARS:
        return Paragraph("body", "", line)
    if not tail:
        return Paragraph(kind, "", line)
    return Paragraph("body", "", line, len(line) - len(tail), kind)


def _is_bare_heading(rest: str) -> bool:
    """Return whether what follows 1. or （1） is a heading rather than an item of a list."""
    return 2 <= len(rest.strip()) <= _HEADING_CHARS // 2 and not re.search("[，。；：;:]", rest)


def _with_ends(made: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Mark salutation and byline before the first heading, signature and date at the end."""
    kinds = [paragraph.kind for paragraph in made]
    start = next((n for n, kind in enumerate(kinds) if kind != "title"), len(made))
    for place in range(start, min(start + _FRONT_LINES, len(made))):
        line = made[place].full
        if kinds[place] != "body" or re.search("[。；]", line):
            break
        if is_salutation(line):
            kinds[place] = "salutation"
        elif start and kinds[place - 1] in ("title", "byline") and _is_byline(line):
            kinds[place] = "byline"
    kinds = _without_lists(kinds)
    floor = max(start, len(made) - _TAIL_LINES)
    for place in range(len(made) - 1, floor - 1, -1):
        if kinds[place] != "body" or not _is_signed(made, place):
            break
        kinds[place] = "date" if is_date(made[place].full) else "signer"
    return tuple(
        p if p.kind == kind else Paragraph(kind, p.number, p.text)
        for p, kind in zip(made, kinds, strict=True)
    )


def _without_lists(kinds: Sequence[Kind]) -> list[Kind]:
    """Take 1. 2. 3. right after one another, or last of all, for a list and not for headings."""
    made: list[Kind] = []
    for kind, run in groupby(kinds):
        count = len(list(run))
        listed = count > 1 or len(made) + count == len(kinds)
        shown: Kind = "body" if kind in ("heading3", "heading4") and listed else kind
        made += [shown] * count
    return made


def _is_byline(line: str) -> bool:
    return is_date(line) or (len(bare(line)) <= 20 and not re.search("[，。：:；！？]", line))


def _is_signed(made: Sequence[Paragraph], place: int) -> bool:
    line = made[place].full
    beside = any(is_date(other.full) for other in made[max(0, place - 1) : place + 2])
    signed = is_signature(line, beside) or (beside and is_dated_unit(line))
    return signed and not _NOT_SIGNED.match(bare(line))


def _title_lines(lines: Sequence[str]) -> int:
    """Return how many of the first lines are the title."""
    head = list(lines[:_FRONT_LINES])
    title = bare(read_front(head).title) if head else ""
    return next(
        (n for n in range(1, len(head) + 1) if bare("".join(head[:n])) == title),
        0,
    )
