"""The evidence as a spreadsheet: one sheet a table, every text a text and never a formula."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from drafter.export.evidence_types import Cell, Table
from drafter.export.layout import legal

if TYPE_CHECKING:
    from openpyxl.cell.cell import (  # type: ignore[import-untyped, unused-ignore]
        Cell as SheetCell,
    )
    from openpyxl.worksheet.worksheet import (  # type: ignore[import-untyped, unused-ignore]
        Worksheet,
    )

# What a cell holds at most (Excel's own limit), and what stands at the end of one that holds more.
_CELL_CHARS = 32_767
_CUT = "……（过长，以下从略）"
_WIDTH_CHARS = 1.5  # columns of a sheet: 100 shares are 150 characters
# A text that begins so is read as a formula by a program that opens the sheet, or a CSV saved of
# it (OWASP, CSV Injection); the full-width ones too, since some input methods turn them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def xlsx_of(title: str, tables: tuple[Table, ...], made_at: datetime) -> bytes:
    """Return the tables as an .xlsx file, a sheet each, ready to filter and to print."""
    from openpyxl import Workbook  # type: ignore[import-untyped, unused-ignore]

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = ""
    book.properties.title = legal(title)[:255]
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    for table in tables:
        _fill(book.create_sheet(table.title), table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: "Worksheet", table: Table) -> None:
    from openpyxl.styles import (  # type: ignore[import-untyped, unused-ignore]
        Alignment,
        Border,
        Font,
        PatternFill,
        Side,
    )
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped, unused-ignore]

    thin = Side(style="thin", color="999999")
    for row, values in enumerate((table.columns, *table.rows), 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row=row, column=column)
            _put(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if row == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", start_color="DDDDDD")
    for column, share in enumerate(table.widths, 1):
        width = max(8.0, share * _WIDTH_CHARS)
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = get_column_letter(len(table.columns))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"


def _put(cell: "SheetCell", value: Cell) -> None:
    """Write a value; a text is stored as text, whatever sign it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = legal(value)
    if len(text) > _CELL_CHARS:
        text = text[: _CELL_CHARS - len(_CUT)] + _CUT
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        # Excel's own mark for “text, whatever it looks like”: it outlives editing the cell.
        cell.quotePrefix = True
        cell.number_format = "@"
