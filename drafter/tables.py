"""Rows of a table to lines of a paste: tabs between cells, as sheets give them and are pasted.

Cells keep their wording; those of a row are put behind one another, with the head of their column
where the words alone would not say what they are. Heads are in data/table_words.toml. Knows nothing
of files.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.data import load_table
from drafter.numbers import narrow

LONGEST_HEAD = 16  # characters of a column's head
LONGEST_UNIT = 4
LONGEST_TITLE = 30  # characters of a line between rows that heads those below it
_BULLET = re.compile(
    r"\s*(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）.．、]"
    r"|[①-⑳⑴-⒛➀-➓•·●○■□▪◆◇★☆✓✔→‣◦*+–—-])\t+"
)
_ENDS = "，。；：！？、,;: "
_NOTHING = ("/", "\\", "-", "—", "——", "－")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The head of a table: the words over each column and what the column holds."""

    heads: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def subject(self) -> int | None:
        """The column whose words open the fact."""
        for wanted in ("text", ""):
            if wanted in self.kinds:
                return self.kinds.index(wanted)
        return None


def rows_as_lines(text: str) -> str:
    """Return a paste with each row of a table as a bullet; all other lines as they are.

    A table is two rows or more with a tab between words; short lines between them head those below.
    "1.<tab>召开党组会" is a bullet that Word copied, not a row.
    """
    if "\t" not in text:
        return text
    out: list[str] = []
    stretch: list[str] = []
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if _is_row(line) or (stretch and 0 < len(line.strip()) <= LONGEST_TITLE):
            stretch.append(line)
        elif not line.strip() and _goes_on(stretch, lines[at + 1 :]):
            continue  # rows left empty do not end a numbered table
        else:
            out += [*_stretch(stretch), line]
            stretch = []
    return "\n".join([*out, *_stretch(stretch)])


def _goes_on(stretch: Sequence[str], following: Sequence[str]) -> bool:
    """Say whether a numbered table goes on below empty lines, with the next number."""
    after = next((line for line in following if line.strip()), "")
    rows = [_cells(line) for line in (*stretch[-1:], after) if _is_row(line)]
    numbers = [row[0] for row in rows if re.fullmatch(r"\d{1,4}", row[0])]
    return len(numbers) == 2 and int(numbers[1]) == int(numbers[0]) + 1


def _is_row(line: str) -> bool:
    return re.search(r"\S[ \u3000]*\t+\s*\S", _BULLET.sub("", line, count=1)) is not None


def _stretch(lines: list[str]) -> Iterator[str]:
    """Yield rows and the titles between them as lines of a paste."""
    rows = [_cells(line) for line in lines if _is_row(line)]
    if len(rows) < 2:
        yield from lines
        return
    numbered = all(re.fullmatch(r"\d{1,4}", row[0]) for row in rows)
    columns: _Columns | None = None
    group = ""
    seen = 0
    for line in lines:
        if not _is_row(line):
            yield line
            continue
        row, seen = _cells(line), seen + 1
        found = _columns(row, rows[seen:])
        if found:
            columns, group = found, ""
        elif columns is None or len(row) > len(columns.heads):
            yield _pair(row[1:] if numbered and len(row) > 2 else row)
        else:
            named = _group(row, columns)
            if named and named != group:
                yield f"【{named}】"
                group = named
            yield f"- {_fact(row, columns)}"


def _cells(line: str) -> list[str]:
    cells = [cell.strip(" \u3000") for cell in line.rstrip().split("\t")]
    return ["" if cell in _NOTHING else cell for cell in cells]


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return {word: kind for kind, words in load_table("table_words").items() for word in words}


@lru_cache(maxsize=1)
def _fields() -> frozenset[str]:
    header: dict[str, list[str]] = load_table("header_words")["header"]
    return frozenset(word for words in header.values() for word in words)


def _bare(head: str) -> str:
    return re.sub(r"[（(\[].*?[)）\]]|\s|[*：:]", "", head)


def _columns(row: Sequence[str], below: list[list[str]]) -> _Columns | None:
    """Return the columns that a row heads, None where it is a row like others."""
    filled = [cell for cell in row if cell]
    if len(filled) < 2 or not below:
        return None
    if any(len(cell) > LONGEST_HEAD or re.search(r"\d|[。；，]", narrow(cell)) for cell in filled):
        return None
    known = [_words().get(_bare(cell), "") for cell in row]
    if len(filled) == 2 and _bare(filled[0]) in _fields() and not any(known[1:]):
        return None  # 单位 | 清源区农业局
    counted = any(
        _is_number(cell) for other in below for cell, head in zip(other, row, strict=False) if head
    )
    if not any(known) and not (counted and len(filled) > 2):
        return None
    values = [at for at, kind in enumerate(known) if kind == "value"]
    for at, kind in enumerate(known):
        cells = [other[at] for other in below if at < len(other)]
        is_unit = len(values) == 1 and all(len(cell) <= LONGEST_UNIT for cell in cells)
        if (kind == "value" and len(values) > 1) or (kind == "unit" and not is_unit):
            known[at] = ""
    return _Columns(tuple(row), tuple(known))


def _is_number(cell: str) -> bool:
    return len(cell) <= LONGEST_HEAD and re.match(r"[约近超逾共]?\d", narrow(cell)) is not None


def _group(row: Sequence[str], columns: _Columns) -> str:
    cells = zip(row, columns.kinds, strict=False)
    return "：".join(cell for cell, kind in cells if kind == "group" and cell)


def _fact(row: Sequence[str], columns: _Columns) -> str:
    """Return a row as the words of one fact."""
    at_subject = columns.subject
    fact = "" if at_subject is None or at_subject >= len(row) else row[at_subject]
    value = unit = ""
    others: list[str] = []
    for at, (cell, head, kind) in enumerate(zip(row, columns.heads, columns.kinds, strict=False)):
        if kind == "value":
            value = cell
        elif kind == "unit":
            unit = cell
        elif cell and at != at_subject and kind not in ("number", "group"):
            others.append(_labelled(head, cell))
    if value:
        fact = fact.rstrip(_ENDS) + ("" if _is_number(value) or not fact else "：") + value + unit
    parts = [part for part in (fact.rstrip(_ENDS) if others else fact, *others) if part]
    return "，".join(parts)


def _labelled(head: str, cell: str) -> str:
    """Return 党员数（名） over 32 as 党员数32名, other cells with ： between."""
    bracket = re.search(r"[（(]\s*([^）)]{1,4})\s*[)）]", head)
    name = _bare(head)
    if not re.fullmatch(r"[约近超逾共]?[\d.,]+[^\d年月日]{0,3}", narrow(cell)):
        return f"{name}：{cell}" if name else cell
    bare = re.fullmatch(r"[\d.,，]+", narrow(cell))
    return name + cell + (bracket[1] if bracket and bare else "")


def _pair(row: Sequence[str]) -> str:
    """Return a row without a head over it: a header line (单位：…), or a bullet of its cells."""
    first, *rest = [cell for cell in row if cell]
    if len(rest) == 1 and first.rstrip("：:") in _fields():
        return f"{first.rstrip('：:')}：{rest[0]}"
    if not rest:
        return f"- {first}"
    joint = "" if len(rest) == 1 and _is_number(rest[0]) else "："
    return f"- {first.rstrip(_ENDS)}{joint}{'，'.join(rest)}"
