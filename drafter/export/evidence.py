"""The evidence appendix of a report: what each sentence rests on, as a Word file or a spreadsheet.

    to_evidence_docx(evidence) -> bytes
    to_evidence_xlsx(evidence) -> bytes

Who has a store and a library makes the `Evidence`; here it is only written down.
"""

from collections.abc import Callable

from drafter.export.evidence_docx import word_of
from drafter.export.evidence_tables import origin_of, tables_of
from drafter.export.evidence_types import Consulted, Evidence, Table
from drafter.export.evidence_xlsx import xlsx_of

__all__ = [
    "EVIDENCE_EXPORTERS",
    "Consulted",
    "Evidence",
    "Table",
    "origin_of",
    "tables_of",
    "to_evidence_docx",
    "to_evidence_xlsx",
]


def to_evidence_docx(evidence: Evidence) -> bytes:
    """Return the appendix as a .docx file.

    Raises InputError when a table of `drafter/data` was edited into something unreadable.
    """
    return word_of(evidence.draft.title, tables_of(evidence), evidence.made_at)


def to_evidence_xlsx(evidence: Evidence) -> bytes:
    """Return the appendix as an .xlsx file, one sheet a table; raises as `to_evidence_docx`.

    No cell is a formula: a text that begins with = + - or @ is stored and marked as text.
    """
    return xlsx_of(evidence.draft.title, tables_of(evidence), evidence.made_at)


EVIDENCE_EXPORTERS: dict[str, Callable[[Evidence], bytes]] = {
    "docx": to_evidence_docx,
    "xlsx": to_evidence_xlsx,
}
