"""What changed between two reports: which paragraphs belong together, and what differs in them.

Pure. A paragraph that was moved is taken out in one place and put in at another.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz.distance import Indel

from drafter.export.layout import Kind, Paragraph

# Two paragraphs this alike are one that was edited; below it, one was taken out, one put in.
_ALIKE = 0.5
# Of a paragraph of which less than this stays, all is shown as replaced: easier to read.
_STAYS = 0.3
_MOST_PAIRS = 250_000
# A number with its decimals and sign, a Latin word, or one character: what changes as a whole.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[%‰]?|[A-Za-z]+(?:’[A-Za-z]+)*|.", re.DOTALL)

Op = Literal["=", "-", "+"]


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of the comparison: `old` and `new` are its places, None where it is not."""

    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stays ("="), goes ("-") or comes ("+"); `style` its type."""

    op: Op
    text: str
    style: str


def align(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[Row, ...]:
    """Return the rows of a comparison: every place of both reports once, in order.

    What goes stands before what comes.
    """
    rows: list[Row] = []
    matcher = SequenceMatcher(None, [p.full for p in old], [p.full for p in new], autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            rows += [Row(i + n, j + n) for n in range(i_end - i)]
            continue
        rows += _block(i, i_end, j, j_end, _alike(old[i:i_end], new[j:j_end]))
    return tuple(rows)


def _block(i: int, i_end: int, j: int, j_end: int, pairs: Sequence[tuple[int, int]]) -> list[Row]:
    """Return the rows between two unchanged stretches; `pairs` count from i and j."""
    rows: list[Row] = []
    a, b = i, j
    for own, its in [*((i + x, j + y) for x, y in pairs), (i_end, j_end)]:
        rows += [Row(place, None) for place in range(a, own)]
        rows += [Row(None, place) for place in range(b, its)]
        if own < i_end:
            rows.append(Row(own, its))
        a, b = own + 1, its + 1
    return rows


def _alike(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Return the pairs, in order, that make the most alike matching of two short runs."""
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return []
    likeness = [[Indel.normalized_similarity(a.full, b.full) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for x in range(len(old) - 1, -1, -1):
        for y in range(len(new) - 1, -1, -1):
            paired = best[x + 1][y + 1] + likeness[x][y] if likeness[x][y] >= _ALIKE else 0.0
            best[x][y] = max(best[x + 1][y], best[x][y + 1], paired)
    pairs, x, y = [], 0, 0
    while x < len(old) and y < len(new):
        if best[x][y] == best[x + 1][y]:
            x += 1
        elif best[x][y] == best[x][y + 1]:
            y += 1
        else:
            pairs.append((x, y))
            x, y = x + 1, y + 1
    return pairs


def pieces_of(old: Paragraph, new: Paragraph, leads: Mapping[Kind, str]) -> tuple[Piece, ...]:
    """Return what stays, goes and comes between two states of a paragraph, in reading order.

    The "=" and "-" pieces join to the old text, the "=" and "+" pieces to the new. Text whose type
    changed (it is no longer part of a heading) goes and comes.
    """
    before, after = _tokens(old, leads), _tokens(new, leads)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    same = [(m.a, m.b, m.size) for m in matcher.get_matching_blocks() if m.size]
    same = [run for run in same if _is_worth(run, before, after)]
    kept = sum(len(text) for x, _, size in same for text, _ in before[x : x + size])
    if kept < _STAYS * max(len(old.full), len(new.full)):
        same = []
    made: list[Piece] = []
    a = b = 0
    for x, y, size in [*same, (len(before), len(after), 0)]:
        made += _joined("-", before[a:x]) + _joined("+", after[b:y])
        made += _joined("=", before[x : x + size])
        a, b = x + size, y + size
    return tuple(made)


def _tokens(paragraph: Paragraph, leads: Mapping[Kind, str]) -> list[tuple[str, str]]:
    full, lead = paragraph.full, paragraph.lead
    headed = leads.get(paragraph.lead_kind, "") if lead else ""
    return [(token, headed) for token in _TOKEN.findall(full[:lead])] + [
        (token, "") for token in _TOKEN.findall(full[lead:])
    ]


def _is_worth(
    run: tuple[int, int, int],
    before: Sequence[tuple[str, str]],
    after: Sequence[tuple[str, str]],
) -> bool:
    """Return whether a stretch that stays helps the reader: not one character amid changes."""
    x, y, size = run
    at_start, at_end = x == 0 and y == 0, x + size == len(before) and y + size == len(after)
    return size > 1 or at_start or at_end


def _joined(op: Op, tokens: Sequence[tuple[str, str]]) -> list[Piece]:
    """Return tokens of one fate as pieces, one for each character style in a row."""
    made: list[Piece] = []
    for text, style in tokens:
        if made and made[-1].style == style:
            made[-1] = Piece(op, made[-1].text + text, style)
        else:
            made.append(Piece(op, text, style))
    return made
