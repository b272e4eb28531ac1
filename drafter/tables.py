"""Rows of a table to lines of a paste: tabs between cells, as sheets give them and are pasted.

Cells keep their wording; those of a row are put behind one another, with the head of their column
where the words alone would not say what they are, and never so that the digits of two cells meet.
Knows nothing of files.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from drafter.numbers import narrow
from drafter.table_heads import (
    LONGEST_UNIT,
    Columns,
    bare,
    columns_at,
    counts,
    header_fields,
    is_number,
    is_ordinal,
    is_total,
    may_head,
    measures,
)

MOST_TRIED = 200  # rows of a table that could be heads; each is held against those below it
LONGEST_TITLE = 30  # characters of a line between rows that heads those below it
FARTHEST = 50  # lines from one row of a numbered table to the next
_BULLET = re.compile(
    r"\s*(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）.．、]"
    r"|[①-⑳⑴-⒛➀-➓•·●○■□▪◆◇★☆✓✔→‣◦*+–—-])\t+"
)
_ENDS = "，。；：！？、,;: "
_NOTHING = ("/", "\\", "-", "—", "——", "－")
_DIGIT = "[0-9一二三四五六七八九十百千万亿两〇零几]"


@dataclass(frozen=True, slots=True)
class Rows:
    """A paste with its tables as bullets, and the rows left out because they only add up others."""

    text: str
    totals: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    """A table on its way to lines: what holds for the rows to come."""

    numbered: bool
    columns: Columns | None = None
    group: str = ""
    totals: list[str] = field(default_factory=list)


def read_rows(text: str) -> Rows:
    """Return a paste with each row of a table as a bullet; all other lines as they are.

    A table is two rows or more with a tab between words; short lines between them head those below.
    "1.<tab>召开党组会" is a bullet that Word copied, not a row.
    """
    if "\t" not in text:
        return Rows(text, ())
    out: list[str] = []
    totals: list[str] = []
    stretch: list[str] = []
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if _is_row(line) or (stretch and 0 < len(line.strip()) <= LONGEST_TITLE):
            stretch.append(line)
        elif stretch and not line.strip() and _goes_on(stretch, lines[at + 1 : at + FARTHEST]):
            continue  # rows left empty do not end a table
        else:
            out += [*_stretch(stretch, totals), line]
            stretch = []
    return Rows("\n".join([*out, *_stretch(stretch, totals)]), tuple(totals))


def rows_as_lines(text: str) -> str:
    """Return the text of `read_rows`."""
    return read_rows(text).text


def _goes_on(stretch: Sequence[str], following: Sequence[str]) -> bool:
    """Say whether a table goes on below empty lines: with the next number, or with a row of as
    many cells as the one above, three at least (a head of its own is seen as one there)."""
    after = next((line for line in following if line.strip()), "")
    rows = [_cells(line) for line in (*stretch[-1:], after) if _is_row(line)]
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) >= 3:
        return True
    numbers = [row[0] for row in rows if re.fullmatch(r"\d{1,4}", row[0])]
    return len(numbers) == 2 and int(numbers[1]) == int(numbers[0]) + 1


def _is_row(line: str) -> bool:
    return re.search(r"\S[ \u3000]*\t+\s*\S", _BULLET.sub("", line, count=1)) is not None


def _stretch(lines: list[str], totals: list[str]) -> Iterator[str]:
    """Yield rows and the titles between them as lines of a paste."""
    if sum(map(_is_row, lines)) < 2:
        yield from lines
        return
    # A line with one cell is a title, but may also be the end of the heads above it.
    table = [_cells(line) if _is_row(line) or line[:1] == "\t" else [] for line in lines]
    firsts = [row[0] for row in table if sum(map(bool, row)) > 1 and not is_total(row)]
    reading = _Reading(counts([first for first in firsts if first]))
    width = max(map(len, table))
    at = tried = 0
    while at < len(lines):
        tried += may_head(table[at], reading.columns)
        found = columns_at(table, at, width, reading.columns) if tried <= MOST_TRIED else None
        if found:
            if reading.columns is None or found.heads != reading.columns.heads:
                reading.group = ""
            reading.columns = found
            at += found.rows
            continue
        yield from _line(lines[at], table[at], reading)
        at += 1
    totals += reading.totals


def _line(line: str, row: list[str], reading: _Reading) -> Iterator[str]:
    """Yield what a line of a table is in a paste: nothing for a sum or an empty numbered row."""
    columns = reading.columns
    if is_total(row or [line.strip()], columns):
        first, *rest = [cell for cell in row or [line.strip()] if cell]
        reading.totals.append(f"{first}：{_joined(rest, '，')}" if rest else first)
    elif not _is_row(line):
        numbered = reading.numbered or (columns is not None and "number" in columns.kinds)
        if not (numbered and re.fullmatch(r"\d{1,3}", line.strip())):
            yield line
    elif columns is None:
        yield _pair(row[1:] if reading.numbered and any(row[1:]) else row)
    else:
        named = _group(row, columns)
        if named and named != reading.group:
            yield f"【{named}】"
            reading.group = named
        fact = _fact(row, columns)
        if fact:
            yield f"- {fact}"


def _cells(line: str) -> list[str]:
    cells = [cell.strip(" \u3000") for cell in line.rstrip().split("\t")]
    return ["" if cell in _NOTHING else cell for cell in cells]


def _group(row: Sequence[str], columns: Columns) -> str:
    cells = zip(row, columns.kinds, strict=False)
    return "：".join(cell for cell, kind in cells if kind == "group" and cell)


def _fact(row: Sequence[str], columns: Columns) -> str:
    """Return a row as the words of one fact."""
    at_subject = columns.subject
    fact = "" if at_subject is None or at_subject >= len(row) else row[at_subject]
    cells = list(zip(row, columns.heads, columns.kinds, strict=False))
    unit = next((cell for cell, _, kind in cells if kind == "unit"), "")
    unit = unit if len(unit) <= LONGEST_UNIT and not re.search(r"\d", unit) else ""
    others: list[str] = []
    for at, (cell, head, kind) in enumerate(cells):
        if not cell or at == at_subject or _is_aside(cell, kind, unit):
            continue
        if kind == "value" and (not fact or not _meet(fact.rstrip(_ENDS), cell)):
            fact = _valued(fact, cell, unit)
        else:
            counted = kind in ("value", "named", "period") and not re.search("[率比幅增减]", head)
            others.append(_labelled(head, cell, unit if counted else ""))
    parts = [part for part in (fact.rstrip(_ENDS) if others else fact, *others) if part]
    timed = any(kind == "period" and cell and "月" not in head for cell, head, kind in cells)
    return _joined(parts, "：" if timed and fact else "，")


def _is_aside(cell: str, kind: str, unit: str) -> bool:
    """Say whether a cell is no part of a fact's words, or is said with another cell."""
    if kind == "number":
        return is_ordinal(cell)
    return kind == "group" or (kind == "unit" and cell == unit)


def _valued(fact: str, value: str, unit: str) -> str:
    """Return a fact's words with its value behind them: 召开党组会12次."""
    fact = fact.rstrip(_ENDS)
    unit = unit if _is_bare(value) else ""
    return fact + ("" if is_number(value) or not fact else "：") + value + unit


def _meet(left: str, right: str) -> bool:
    """Say whether two texts side by side would make one number of two."""
    return bool(
        re.search(f"(?:{_DIGIT}|[.%:/~-])$", narrow(left))
        and re.match(f"[约近超逾共]?[-+.]?{_DIGIT}", narrow(right))
    )


def _joined(parts: Sequence[str], first: str) -> str:
    """Join parts of a fact; 3，200 would be read as 3,200."""
    joined = ""
    for at, part in enumerate(parts):
        thousands = re.search(r"\d$", narrow(joined)) and re.match(r"\d{3}(?!\d)", narrow(part))
        joint = "、" if thousands else first if at == 1 else "，"
        joined += (joint if at else "") + part
    return joined


def _is_bare(cell: str) -> bool:
    return re.fullmatch(rf"[约近超逾共]?[-+]?(?:[\d.,]+|{_DIGIT}+)", narrow(cell)) is not None


def _labelled(head: str, cell: str, unit: str) -> str:
    """Return 党员数（名） over 32 as 党员数32名, other cells with ： between."""
    bracket = re.search(r"[（(]\s*([^）)]{1,4})\s*[)）]", head)
    name = bare(head)
    if bracket and measures(bracket[1]):
        unit = bracket[1]
    elif bracket:
        name = re.sub(r"\s|[*：:]", "", head)
    if not name:
        return cell
    short = re.fullmatch(r"[约近超逾共]?[-+]?[\d.,]+[^\d年月日]{0,3}", narrow(cell))
    if not short or name.endswith(("月", "月份")):
        return f"{name}：{cell}{unit if _is_bare(cell) else ''}"
    joint = "为" if _meet(name, cell) else ""
    return name + joint + cell + (unit if _is_bare(cell) else "")


def _pair(row: Sequence[str]) -> str:
    """Return a row without a head over it: a header line (单位：…), or a bullet of its cells."""
    first, *rest = [cell for cell in row if cell]
    if len(rest) == 1 and first.rstrip("：:") in header_fields():
        return f"{first.rstrip('：:')}：{rest[0]}"
    if not rest:
        return f"- {first}"
    first = first.rstrip(_ENDS)
    if _meet(first, rest[0]):
        joint = "为" if len(rest) == 1 else "、"
    else:
        joint = "" if len(rest) == 1 and is_number(rest[0]) else "："
    return f"- {first}{joint}{_joined(rest, '，')}"
