"""Tables of xlsx and csv files as lines with tabs between the cells, as a sheet shows them.

Numbers come as they are displayed: rounded, with %, as a date. Formulas are not calculated: the
value stored with them counts. Read part by part, so that an endless sheet ends at the limit.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from index.errors import UnreadableFile
from index.numbering import Element
from index.reading import refusals
from index.reading.encodings import decode
from index.reading.formats import BUILT_IN, GENERAL, shown
from index.reading.package import Package

MAX_CELLS = 200_000  # filled ones, of a whole file
MAX_COLUMNS = 256
MAX_SPANS = 6  # of hidden rows or columns, named in a note
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PLAIN_NAME = re.compile(r"(?:Sheet|工作表|表)\s*\d*", re.IGNORECASE)


@dataclass(slots=True)
class _Book:
    """What the cells of a workbook refer to, and how many were read and were faulty so far."""

    name: str
    strings: tuple[str, ...]
    formats: tuple[str, ...]
    since_1904: bool
    cells: int = 0
    faulty: int = 0


@dataclass(slots=True)
class _Unseen:
    """Filled rows (from 1) and columns (from 0) of a sheet that it hides from who looks at it."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def told(self, title: str) -> Iterator[str]:
        """Yield what a person should know: what is hidden was read as well."""
        places = [
            *(["第 " + _spans(self.rows, str) + " 行"] if self.rows else ()),
            *(["第 " + _spans(self.columns, _letters) + " 列"] if self.columns else ()),
        ]
        if places:
            yield f"工作表“{title}”隐藏的{'、'.join(places)}也读进来了，请核对。"


def _spans(numbers: Iterable[int], name: Callable[[int], str]) -> str:
    """Return numbers as 2、5—7; only the first few spans, for a filter hides hundreds."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [name(a) if a == b else f"{name(a)}—{name(b)}" for a, b in spans[:MAX_SPANS]]
    return "、".join(said) + ("等" if len(spans) > MAX_SPANS else "")


def _letters(column: int) -> str:
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


def sheet_text(package: Package) -> tuple[str, tuple[str, ...]]:
    """Return the rows of every visible sheet, and what a person should know of the reading."""
    main = package.main_part()
    if main is None or not main.endswith(".xml"):
        raise refusals.damaged(package.name)
    related = package.related(main)
    parts = {kind: member for _, kind, member in related if member in package.names}
    members = {link: member for link, _, member in related if member in package.names}
    workbook = package.xml(main)
    properties = workbook.find(_S + "workbookPr")
    book = _Book(
        package.name,
        _strings(package, parts.get("sharedStrings")),
        _formats(package, parts.get("styles")),
        properties is not None and properties.get("date1904") in ("1", "true"),
    )
    texts: list[tuple[str, str]] = []
    hidden, shut = [], list[str]()
    for sheet in workbook.iter(_S + "sheet"):
        title, member = sheet.get("name") or "", members.get(sheet.get(_R + "id") or "")
        if sheet.get("state") in ("hidden", "veryHidden"):
            hidden.append(title)
        elif member is not None:
            unseen = _Unseen()
            rows = "\n".join(as_lines(_rows(package.xml(member), book, unseen)))
            if rows.strip():
                texts.append((title, rows))
                shut += unseen.told(title)
    return _together(texts), (*_told(package, book, hidden), *shut)


def _together(texts: list[tuple[str, str]]) -> str:
    """Join sheets; one's name heads it where there are several and the name says something.

    An empty line parts them: the columns of one say nothing about those of the next.
    """
    if len(texts) == 1:
        return texts[0][1]
    return "\n\n".join(
        rows if _PLAIN_NAME.fullmatch(title.strip()) else f"【{title.strip()}】\n{rows}"
        for title, rows in texts
    )


def _told(package: Package, book: _Book, hidden: list[str]) -> Iterator[str]:
    if any(member.endswith("vbaProject.bin") for member in package.names):
        yield "文件里有宏，只取了文字，宏没有运行。"
    if hidden:
        yield f"隐藏的工作表没有读取：{'、'.join(hidden)}。"
    if book.faulty:
        yield f"有 {book.faulty} 个单元格的公式出错或没有结果，没有取到，请核对。"


def _strings(package: Package, member: str | None) -> tuple[str, ...]:
    if member is None:
        return ()
    root = package.xml(member)
    return tuple(_rich(item) for item in root.iterchildren(_S + "si"))


def _rich(item: Element) -> str:
    """Return the text of a string, of one piece or several; not its phonetic guide."""
    own = "".join(text.text or "" for text in item.iterchildren(_S + "t"))
    runs = (run.find(_S + "t") for run in item.iterchildren(_S + "r"))
    return own + "".join(text.text or "" for text in runs if text is not None)


def _formats(package: Package, member: str | None) -> tuple[str, ...]:
    """Return the number format's code of each cell style."""
    if member is None:
        return ()
    root = package.xml(member)
    codes = {f.get("numFmtId"): f.get("formatCode") or "" for f in root.iter(_S + "numFmt")}
    styles = root.find(_S + "cellXfs")
    return tuple(
        codes.get(style.get("numFmtId")) or BUILT_IN.get(style.get("numFmtId") or "", GENERAL)
        for style in (() if styles is None else styles.iterchildren(_S + "xf"))
    )


def _rows(sheet: Element, book: _Book, unseen: _Unseen) -> Iterator[list[str]]:
    """Yield the rows of a sheet; rows of nothing between filled ones come as one empty row."""
    last = 0
    shut = _shut_columns(sheet)
    for row in sheet.iter(_S + "row"):
        number = row.get("r") or ""
        at = int(number) if number.isdigit() else last + 1
        values: list[str] = []
        column = -1
        for cell in row.iterchildren(_S + "c"):
            column = _column(cell.get("r") or "", column + 1)
            value = _value(cell, book)
            if not value or column >= MAX_COLUMNS:
                continue
            book.cells += 1
            if book.cells > MAX_CELLS:
                raise too_many_cells(book.name)
            values += [""] * (column + 1 - len(values))
            values[column] = value
            if column in shut:
                unseen.columns.add(column)
        if values:
            if _is_shut(row):
                unseen.rows.add(at)
            if at > last + 1 and last:
                yield []
            last = at
            yield values


def _is_shut(element: Element) -> bool:
    """Say whether a row or a run of columns is hidden, also by a height or width of nothing."""
    if element.get("hidden") in ("1", "true"):
        return True
    size = element.get("ht") or element.get("width") or ""
    return re.fullmatch(r"0(?:\.0*)?", size) is not None


def _shut_columns(sheet: Element) -> frozenset[int]:
    found: set[int] = set()
    for run in sheet.iter(_S + "col"):
        first, last = run.get("min") or "", run.get("max") or ""
        if _is_shut(run) and first.isdecimal() and last.isdecimal():
            found |= set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))
    return frozenset(found)


def too_many_cells(name: str) -> UnreadableFile:
    """Return the refusal of a table that is no fact sheet any more."""
    return UnreadableFile(
        f"“{name}”的表格太大，超过 {MAX_CELLS // 10000} 万个单元格。",
        "请只留下本次报告要用的行和列，另存后再导入。",
    )


def _column(reference: str, default: int) -> int:
    letters = re.match(r"[A-Z]{1,3}(?=\d)", reference)
    if letters is None:
        return default
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Element, book: _Book) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        inline = cell.find(_S + "is")
        return "" if inline is None else _rich(inline)
    stored = cell.findtext(_S + "v") or ""
    if kind == "e" or (not stored and cell.find(_S + "f") is not None):
        book.faulty += 1
        return ""
    if kind == "s":
        known = stored.isdigit() and int(stored) < len(book.strings)
        return book.strings[int(stored)] if known else ""
    if kind == "b":
        return "是" if stored == "1" else "否"
    if kind in ("str", "d"):
        return stored
    style = cell.get("s") or "0"
    at = int(style) if style.isdigit() else 0
    return shown(stored, book.formats[at] if at < len(book.formats) else GENERAL, book.since_1904)


def csv_text(name: str, data: bytes) -> str:
    """Return the rows of a csv or tsv file in any encoding, with , ; or tab between the cells."""
    text = decode(name, data)
    head = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    separator = head[1] if head else _separator(text)
    rows = csv.reader(io.StringIO(text[head.end() :] if head else text), delimiter=separator)
    cells = 0
    lines: list[list[str]] = []
    try:
        for row in rows:
            cells += len(row)
            if cells > MAX_CELLS:
                raise too_many_cells(name)
            lines.append(row[:MAX_COLUMNS])
    except csv.Error:  # one cell of more than 131,072 characters: a quote that never closes
        raise refusals.damaged(name) from None
    return "\n".join(as_lines(lines))


def _separator(text: str) -> str:
    """Return the mark that most of the first lines have outside quotes."""
    lines = [re.sub('"[^"]*"', "", line) for line in text[:20_000].splitlines()[:20] if line]
    return max("\t,;，", key=lambda mark: sum(mark in line for line in lines))


def as_lines(rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield rows as lines; line ends and tabs inside a cell become ；and a space."""
    for row in rows:
        yield "\t".join(one_line(cell) for cell in row).rstrip("\t")


def one_line(cell: str) -> str:
    """Return a cell's text on one line."""
    parts = [part.replace("\t", " ").strip() for part in cell.splitlines()]
    joined = ""
    for part in parts:
        if joined and part and joined[-1] not in "，。；：！？、,;:":
            joined += "；"
        joined += part
    return joined
