"""A docx as a reader sees it: body order, tables, text boxes, notes, changes accepted.

What is read and what not follows ECMA-376 part 1, 17. Left out: deleted and hidden text, comments,
headers and footers, a table of contents, instructions of fields, pictures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from index.numbering import Element, Numbering, W
from index.reading import refusals
from index.reading.markup import MC, is_contents, shown_of, text_of_run
from index.reading.package import Package
from index.reading.symbols import symbol
from index.reading.web import html_text, mht_text

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SHORT_ROW = 120  # characters; longer rows are prose kept in a table
_LABEL = 20  # characters of a row's first cell that heads the lines of its second
_WRAPPERS = tuple(W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_UNSEEN = tuple(
    W + name for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt", "instrText", "delText")
)


@dataclass(slots=True)
class _Story:
    """What the reading of one document needs to know besides its body."""

    numbering: Numbering
    notes: Mapping[tuple[str, str], str]
    contents: frozenset[str]
    chunks: Mapping[str, str]
    rows: bool
    noted: int = 0
    unknown: int = 0  # signs no letter is known for
    aside: list[str] = field(default_factory=list)


def word_text(package: Package, rows: bool) -> tuple[str, tuple[str, ...]]:
    """Return the document's text and what a person should know of it. `rows`: see `Request`."""
    main = package.main_part()
    if main is None:
        raise refusals.damaged(package.name)
    parts = {kind: member for _, kind, member in package.related(main)}
    roots = {
        kind: package.xml(parts[kind])
        for kind in ("numbering", "styles", "footnotes", "endnotes")
        if parts.get(kind) in package.names
    }
    story = _Story(
        Numbering(roots.get("numbering"), roots.get("styles")),
        {**_notes(roots.get("footnotes")), **_notes(roots.get("endnotes"))},
        _contents_styles(roots.get("styles")),
        _chunks(package, main),
        rows,
    )
    body = package.xml(main).find(W + "body")
    if body is None:
        raise refusals.damaged(package.name)
    told = []
    if any(member.endswith("vbaProject.bin") for member in package.names):
        told.append("文件里有宏，只取了文字，宏没有运行。")
    text = "\n".join(_lines(body, story))
    if story.unknown:
        told.append(f"有 {story.unknown} 个特殊符号认不出，记作“□”，请对照原文件。")
    return text, tuple(told)


def _notes(root: Element | None) -> dict[tuple[str, str], str]:
    """Return the text of foot- or endnotes by the kind of reference and its id."""
    if root is None:
        return {}
    return {
        (str(note.tag) + "Reference", note.get(W + "id") or ""): " ".join(
            "".join(note.itertext(W + "t")).split()
        )
        for note in root.iterchildren(W + "footnote", W + "endnote")
        if note.get(W + "type") is None
    }


def _contents_styles(styles: Element | None) -> frozenset[str]:
    """Return the ids of the styles of a table of contents (toc 1 … toc 9)."""
    found = set()
    for style in () if styles is None else styles.iterchildren(W + "style"):
        name = style.find(W + "name")
        if name is not None and re.match(r"toc \d", (name.get(W + "val") or "").lower()):
            found.add(style.get(W + "styleId") or "")
    return frozenset(found)


def _chunks(package: Package, main: str) -> dict[str, str]:
    """Return the text of web pages that web software puts into a docx whole (w:altChunk), by id."""
    return {
        link: (mht_text if member.lower().endswith(("mht", "mhtml")) else html_text)(
            package.name, package.read(member)
        )
        for link, kind, member in package.related(main)
        if kind == "aFChunk" and member.lower().endswith(("mht", "mhtml", "htm", "html"))
    }


def _lines(container: Element, story: _Story) -> Iterator[str]:
    """Yield the lines of a body, cell, text box or content control, in order."""
    pending = ""  # of a paragraph whose end mark was deleted: it runs on into the next
    for block in container.iterchildren():
        if block.tag == W + "p":
            if _style(block) in story.contents:
                continue
            pending += _paragraph(block, story, goes_on=bool(pending))
            if not _end_deleted(block):
                yield from (*pending.split("\n"), *story.aside)
                pending = ""
                story.aside.clear()
        elif block.tag == W + "tbl":
            for row in _inside(block, W + "tr"):
                if row.find(f"{W}trPr/{W}del") is None:
                    yield from _row(row, story)
        elif block.tag == W + "altChunk":
            yield from story.chunks.get(block.get(_R + "id") or "", "").split("\n")
        elif block.tag in _WRAPPERS and not is_contents(block):
            yield from _lines(block, story)
        elif block.tag == MC + "AlternateContent":
            yield from _lines(shown_of(block), story)
    if pending:
        yield from pending.split("\n")


def _paragraph(paragraph: Element, story: _Story, *, goes_on: bool) -> str:
    """Return a paragraph's text with its number, which none has that goes on or was deleted."""
    text = "".join(_runs(paragraph, story))
    if goes_on or (not text and _end_deleted(paragraph)):
        return text
    return story.numbering.label(paragraph) + text


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(W + "val") or ""


def _end_deleted(paragraph: Element) -> bool:
    marks = (f"{W}pPr/{W}rPr/{W}{name}" for name in ("del", "moveFrom"))
    return any(paragraph.find(mark) is not None for mark in marks)


def _inside(container: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls."""
    for child in container.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _row(row: Element, story: _Story) -> Iterator[str]:
    """Yield a table row: on one line with tabs between cells, or cell by cell where it is prose."""
    cells: list[list[str]] = []
    for cell in _inside(row, W + "tc"):
        if cell.find(f"{W}tcPr/{W}cellDel") is None:
            cells.append([line for line in _lines(cell, story) if line.strip()])
            cells += [[]] * (_span(cell) - 1)
    filled = [cell for cell in cells if cell]
    if len(filled) <= 1 and len(cells) <= 1:
        yield from (line for cell in filled for line in cell)
    elif story.rows:
        yield from _fact_row(cells, filled)
    elif all(len(cell) <= 1 for cell in cells) and sum(len(c[0]) for c in filled) <= _SHORT_ROW:
        yield "\t".join(cell[0].strip() if cell else "" for cell in cells).rstrip("\t")
    else:
        yield from (line for cell in cells for line in cell)


def _span(cell: Element) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if found is None else found.get(W + "val") or ""
    return min(63, int(value)) if value.isdigit() and int(value) > 0 else 1  # Word's own limit


def _fact_row(cells: list[list[str]], filled: list[list[str]]) -> Iterator[str]:
    """Yield the row of a fact sheet: one line; a label with many lines beside it heads them."""
    if len(filled) == 1 and len(filled[0]) > 1:
        yield from filled[0]
    elif len(filled) == 2 and len(filled[0]) == 1 and len(filled[1]) > 1:
        label = filled[0][0].strip()
        yield f"【{label}】" if len(label) <= _LABEL else label
        yield from filled[1]
    else:
        yield "\t".join(join_lines(cell) for cell in cells).rstrip("\t")


def join_lines(lines: Iterable[str]) -> str:
    """Return a cell's lines as one, with ；between those that do not end a clause themselves."""
    joined = ""
    for line in (line.replace("\t", " ").strip() for line in lines):
        if joined and line and joined[-1] not in "，。；：！？、,;:":
            joined += "；"
        joined += line
    return joined


def _runs(element: Element, story: _Story) -> Iterator[str]:
    """Yield the visible text of a paragraph; text boxes and notes go to `story.aside`."""
    for child in element.iterchildren():
        tag = child.tag
        if tag in (W + "t", _MATH + "t"):
            text, unknown, _ = text_of_run(child.text or "", element)
            story.unknown += unknown
            yield text
        elif tag == W + "sym":
            sign = symbol(child.get(W + "font") or "", child.get(W + "char") or "")
            story.unknown += not sign
            yield sign or "□"
        elif tag in (W + "tab", W + "ptab"):
            yield "\t"
        elif tag in (W + "br", W + "cr"):
            yield "\n"
        elif tag == W + "noBreakHyphen":
            yield "-"
        elif tag in _UNSEEN or (tag == W + "r" and _hidden(child)):
            continue
        elif tag == W + "txbxContent":
            outer, story.aside = story.aside, []
            inner = list(_lines(child, story))
            story.aside = [*outer, *inner, *story.aside]
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            _note(story, (str(tag), child.get(W + "id") or ""))
        elif tag == MC + "AlternateContent":
            yield from _runs(shown_of(child), story)
        elif isinstance(tag, str):
            yield from _runs(child, story)


def _hidden(run: Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(W + "val") not in ("0", "false", "off")


def _note(story: _Story, reference: tuple[str, str]) -> None:
    text = story.notes.get(reference, "")
    if text:
        story.noted += 1
        story.aside.append(f"注{story.noted}：{text}")
