"""The evidence as a Word file: the tables one after another on A4 sheets set across.

Source of the elements: ISO/IEC 29500-1, 17.4 (tables), 17.7 (styles).
"""

from dataclasses import replace
from datetime import datetime

from drafter.export.document import document_xml, paragraph_xml
from drafter.export.evidence_types import Cell, Table
from drafter.export.layout import Paragraph, legal
from drafter.export.package import DOCUMENT, EVEN_FOOTER, ODD_FOOTER, archive, new_parts
from drafter.export.page import section_xml
from drafter.export.profile import STANDARD, load_profile, twips
from drafter.export.runs import runs_xml

_STYLES = "word/styles.xml"
_CELL_STYLE = "EvidenceCell"
_MARGIN_MM = 20.0
# 小五 is what fits a table of twelve columns; its lines are as tall as the font asks for.
_CELL_STYLE_XML = (
    f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{_CELL_STYLE}">'
    '<w:name w:val="Evidence Cell"/><w:basedOn w:val="Normal"/><w:pPr>'
    '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/><w:jc w:val="left"/>'
    '</w:pPr><w:rPr><w:spacing w:val="0"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def word_of(title: str, tables: tuple[Table, ...], made_at: datetime) -> bytes:
    """Return the tables as a .docx file with a heading each, for the navigation pane."""
    usual = load_profile(STANDARD)
    page = replace(
        usual, width=usual.height, height=usual.width, top=_MARGIN_MM, bottom=_MARGIN_MM,
        left=_MARGIN_MM, right=_MARGIN_MM, mirror=False, lines=0, characters=0,
    )  # fmt: skip
    room = twips(page.width) - 2 * twips(_MARGIN_MM)
    name = f"{' '.join(legal(title).split())}（证据附录）"
    body = _paragraph(Paragraph("title", "", name), "Title") + "".join(
        _table(table, room) for table in tables
    )
    parts = new_parts(page, "", name, made_at)
    parts[_STYLES] = parts[_STYLES].replace("</w:styles>", f"{_CELL_STYLE_XML}</w:styles>")
    section = section_xml(page, ODD_FOOTER, EVEN_FOOTER).replace(
        "<w:pgSz ", '<w:pgSz w:orient="landscape" '
    )
    return archive({**parts, DOCUMENT: document_xml(body, section)})


def _paragraph(paragraph: Paragraph, style: str) -> str:
    return paragraph_xml(paragraph, f'<w:pStyle w:val="{style}"/>')


def _table(table: Table, room: int) -> str:
    head = _paragraph(Paragraph("heading1", "", table.title), "Heading1")
    head += _paragraph(Paragraph("body", "", table.note), _CELL_STYLE)
    if not table.rows:
        return head + _paragraph(Paragraph("body", "", "无。"), _CELL_STYLE)
    total = sum(table.widths)
    widths = tuple(room * share // total for share in table.widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = _row(table.columns, widths, head=True)
    rows += "".join(_row(row, widths, head=False) for row in table.rows)
    return (
        f'{head}<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(values: tuple[Cell, ...], widths: tuple[int, ...], head: bool) -> str:
    kept = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="DDDDDD"/>' if head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{_lines(value)}</w:tc>'
        for value, width in zip(values, widths, strict=True)
    )
    return f"<w:tr>{kept}{cells}</w:tr>"


def _lines(value: Cell) -> str:
    """Return the paragraphs of a cell, of which it must have one at least."""
    return "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{_CELL_STYLE}"/></w:pPr>{runs_xml(line)}</w:p>'
        for line in legal(str(value)).split("\n")
    )
