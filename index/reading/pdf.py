"""PDF to paragraphs: PDFium gives characters with their places, the lines are joined here.

A page of pictures gives no text and is named as a scan. Columns and tables come in the order the
file has them. Scripts, forms, attachments and links are not looked at.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from index.reading import refusals

MAX_PAGES = 1000
_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／共]\s*共?\s*\d{1,4}\s*页?)?[-—–－·\s]*"
)
_BAD_CHARACTER = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]")
_SENTENCE_ENDS = ("。", "！", "？", "；", "：", "”", "）")
_GAP = "\x01"  # a space that is not in the file
_PASSWORD = 4  # FPDF_ERR_PASSWORD of PDFium's fpdfview.h


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it is set: its text, its ends from the left and its top and height, in points."""

    text: str
    left: float
    right: float
    top: float
    height: float


def pdf_text(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text and what a person should know of it.

    Raises UnreadableFile for a damaged or encrypted file, a scan, more than 1,000 pages, and text
    whose characters the file does not name.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise refusals.locked(name) from None
        raise refusals.damaged(name) from None
    count = len(document)
    if count == 0:
        raise refusals.damaged(name)
    if count > MAX_PAGES:
        raise refusals.unsupported(
            name, f"{count} 页的大文件（上限 {MAX_PAGES} 页）", "请拆成几个文件后再导入。"
        )
    pages, pictures = [], []
    for number in range(1, count + 1):
        try:
            lines, is_picture = _page(document, number - 1)
        except pypdfium2.PdfiumError:
            lines, is_picture = [], True
        pages.append(lines)
        if is_picture:
            pictures.append(number)
    if len(pictures) == count:
        raise refusals.scanned(name, count)
    text = "\n".join(paragraphs(without_margins(pages)))
    if len(_BAD_CHARACTER.findall(text)) > len(text) // 20:
        raise refusals.unsupported(
            name, "字体没有标明文字编码的 PDF，取出的文字是乱码", refusals.TO_DOCX
        )
    shown = "、".join(map(str, pictures[:20])) + ("等" if len(pictures) > 20 else "")
    told = (f"第 {shown} 页是图片或读不出来，没有取到文字，请核对。",) if pictures else ()
    return text, told


def _page(document: Any, index: int) -> tuple[list[_Line], bool]:  # noqa: ANN401 - pypdfium2
    """Return the lines of a page, and whether it is a picture without text."""
    import pypdfium2.raw as pdfium

    page = document[index]
    textpage = page.get_textpage()
    try:
        lines = _lines(textpage.raw, page.get_height())
        wordless = sum(len(line.text) for line in lines) < 10
        # Vector outlines count as a picture too: some printers turn letters into shapes.
        kinds = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH)
        drawn = wordless and any(True for _ in page.get_objects(filter=kinds, max_depth=3))
        return lines, drawn
    finally:
        textpage.close()
        page.close()


def _lines(textpage: Any, page_height: float) -> list[_Line]:  # noqa: ANN401 - PDFium handle
    import pypdfium2.raw as pdfium

    lines: list[_Line] = []
    characters: list[str] = []
    places: list[int] = []

    def end() -> None:
        text = "".join(characters)
        if places and _GAP in text:
            text = _without_gaps(textpage, text, places)
        if text.strip() and places:
            left, _, low, high = _box(textpage, places[0])
            _, right, low2, high2 = _box(textpage, places[-1])
            height = max(high - low, high2 - low2, 1.0)
            lines.append(_Line(text.strip(), left, right, page_height - max(high, high2), height))
        characters.clear()
        places.clear()

    for at in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, at)
        if code in (10, 13):
            end()
        elif code == 32 and pdfium.FPDFText_IsGenerated(textpage, at) == 1:
            characters.append(_GAP)
        elif code not in (0, 2, 0xFFFE):  # PDFium's marks for a broken word
            characters.append(chr(code))
            if code > 32 and code != 0x3000:
                places.append(at)
    end()
    return lines


def _without_gaps(textpage: Any, text: str, places: list[int]) -> str:  # noqa: ANN401
    """Return a line with a space only where there is one to be seen.

    PDFium puts one wherever characters stand apart, so also between 12 and 次, which typesetters
    part a little; there it stays only if a character would fit in.
    """
    parts = text.split(_GAP)
    joined = parts[0]
    for part in parts[1:]:
        seen = len(re.findall(r"[^\s]", joined))
        wide = False
        if 0 < seen < len(places):
            before, after = _box(textpage, places[seen - 1]), _box(textpage, places[seen])
            wide = after[0] - before[1] > 0.8 * (before[3] - before[2])
        latin = re.search(r"[A-Za-z0-9,.;:]$", joined) and re.match("[A-Za-z0-9]", part)
        joined += (" " if wide or latin else "") + part
    return joined


def _box(textpage: Any, at: int) -> tuple[float, float, float, float]:  # noqa: ANN401
    """Return left, right, low, high of a character's cell: its own ink would make 一 flat."""
    import pypdfium2.raw as pdfium

    cell = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage, at, cell)
    return cell.left, cell.right, cell.bottom, cell.top


def without_margins(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Return the pages without page numbers and without a head or foot that repeats."""
    # By size too: the title of the first page may be set small over all others.
    edges = Counter(
        key
        for lines in pages
        for key in {(e.text, round(e.height)) for e in lines[:1] + lines[-1:]}
    )
    often = max(3, len(pages) // 3)

    def is_margin(line: _Line) -> bool:
        repeats = edges[line.text, round(line.height)] >= often
        return repeats or _PAGE_NUMBER.fullmatch(line.text) is not None

    kept = []
    for lines in pages:
        start, stop = 0, len(lines)
        while start < stop and is_margin(lines[start]):
            start += 1
        while stop > start and is_margin(lines[stop - 1]):
            stop -= 1
        kept.append(lines[start:stop])
    return kept


def paragraphs(pages: list[list[_Line]]) -> list[str]:
    """Join set lines into paragraphs: one begins at an indent, after a short line or a gap."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    size = _usual([line.height for line in lines])
    left = _usual(
        [line.left for line in lines if len(line.text) > 15] or [line.left for line in lines]
    )
    right = _usual(
        [line.right for line in lines if len(line.text) > 15] or [max(line.right for line in lines)]
    )
    joined: list[str] = []
    before: _Line | None = None
    for line in lines:
        if before is not None and _runs_on(before, line, left, right, size):
            joined[-1] = _glue(joined[-1], line.text)
        else:
            joined.append(line.text)
        before = line
    return joined


def _usual(values: list[float]) -> float:
    return float(Counter(round(value) for value in values).most_common(1)[0][0])


def _runs_on(before: _Line, line: _Line, left: float, right: float, size: float) -> bool:
    """Whether `line` continues the paragraph of the line before it."""
    # A line may end two characters early before a mark that must not begin one, or more before a
    # word that must not be parted; a paragraph's end is a sentence's, nearly always.
    most = 2.2 if before.text.endswith(_SENTENCE_ENDS) else 5.2
    full = before.right > right - most * size
    indented = line.left > left + 1.2 * size
    gap = line.top - before.top > 3.2 * max(size, before.height)
    other_size = abs(before.height - line.height) > 0.35 * size and len(line.text) > 3
    return full and not (indented or gap or other_size or _HEADING.match(line.text))


def _glue(text: str, more: str) -> str:
    latin = re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", more)
    return f"{text} {more}" if latin else text + more
