"""What stands at the front of an edited text or of its lines: the title, headings run into text."""

from collections.abc import Sequence
from dataclasses import replace

from drafter.export.layout import legal
from drafter.returning.matching import key_of, likeness, without_mark
from drafter.returning.types import Line
from drafter.types import Draft

_TITLE_LINES = 4
_SAME_TITLE = 0.5
_MOST_ABOVE = 8  # lines a red head has: copy number, secrecy, who sends it, number, who signed
_REWORDED_LETTERS = 20  # added to a heading: more is a line of text
_HEADING_LETTERS = 4  # a shorter heading may be how any text begins


def one_line(text: str) -> str:
    """Return a title or heading as export writes it: on one line, single spaces."""
    return " ".join(legal(text).split())


def lines_above(draft: Draft, lines: Sequence[Line], body: set[str]) -> int:
    """Return how many lines stand above a title that is there unchanged: a red head, a number.

    They are no part of the title. A line of the draft's among them was moved there: then none.
    """
    wanted = key_of(one_line(draft.title)) if draft.title.strip() else ""
    if not wanted:
        return 0
    keys = [key_of(line.text) for line in lines[: _MOST_ABOVE + _TITLE_LINES]]
    for start in range(min(_MOST_ABOVE + 1, len(keys))):
        if any("".join(keys[start : start + n + 1]) == wanted for n in range(_TITLE_LINES)):
            return start
        if keys[start] in body or key_of(without_mark(lines[start].text)[1]) in body:
            return 0
    return 0


def title_lines(draft: Draft, lines: Sequence[Line], body: set[str]) -> int:
    """Return how many of the first lines are the title, which may have been broken or reworded."""
    wanted = key_of(one_line(draft.title)) if draft.title.strip() else ""
    best, count = 0.0, 0
    for n in range(1, min(_TITLE_LINES, len(lines)) + 1):
        if key_of(lines[n - 1].text) in body and not lines[n - 1].is_title:
            break
        score = likeness(key_of("".join(line.text for line in lines[:n])), wanted)
        if score >= _SAME_TITLE and score > best:
            best, count = score, n
    if count:
        return count
    while count < len(lines) and lines[count].is_title:
        count += 1
    return count


def headings_parted(draft: Draft, lines: Sequence[Line], known: set[str]) -> tuple[Line, ...]:
    """Part a heading from the text it was run together with, where that text is not the draft's."""
    whole = {key_of(without_mark(line.text)[1]) for line in lines}
    headings = [
        key
        for section in draft.sections
        if len(key := key_of(section.heading)) >= _HEADING_LETTERS and key not in whole
    ]
    made: list[Line] = []
    for line in lines:
        mark, rest = without_mark(line.text)
        key = key_of(rest)
        run = next(
            (h for h in headings if key.startswith(h) and _is_text(key[len(h) :], rest)), None
        )
        if run is None or not mark or key_of(line.text) in known or key in known:
            made.append(line)
            continue
        headings.remove(run)
        cut = len(line.text) - len(rest)
        while key_of(line.text[len(line.text) - len(rest) : cut]) != run and cut < len(line.text):
            cut += 1
        while cut < len(line.text) and line.text[cut] in "。：: \u3000\t":
            cut += 1
        made += _parted(line, cut)
    return tuple(made)


def _is_text(letters: str, rest: str) -> bool:
    """Return whether what follows a heading is text, and not the heading worded longer."""
    return bool(letters) and (len(letters) > _REWORDED_LETTERS or "。" in rest[:-1])


def _parted(line: Line, cut: int) -> tuple[Line, ...]:
    """Return a line as two, each with its own changes and comments."""
    second = line.text[cut:]
    if not second.strip():
        return (line,)
    lead = len(second) - len(second.lstrip())
    head = replace(
        line,
        text=line.text[:cut].strip(),
        tracked=tuple(t for t in line.tracked if t.start < cut),
        comments=tuple(c for c in line.comments if c.start < cut),
    )
    shift = cut + lead
    tail = replace(
        line,
        text=second.strip(),
        level=0,
        tracked=tuple(
            replace(t, start=max(0, t.start - shift), end=max(0, t.end - shift))
            for t in line.tracked
            if t.start >= cut
        ),
        comments=tuple(
            replace(c, start=max(0, c.start - shift), end=max(0, c.end - shift))
            for c in line.comments
            if c.start >= cut
        ),
        before=(),
    )
    return head, tail
