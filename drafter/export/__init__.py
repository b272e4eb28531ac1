"""A draft as a file. Each form is one function from draft to bytes.

EXPORTERS["docx"](draft) -> bytes
"""

from collections.abc import Callable

from drafter.export.docx import WordChoice, docx_of, to_docx, to_redline
from drafter.export.layout import paragraphs, paragraphs_of_text
from drafter.export.redline import Author
from drafter.export.text import to_md, to_txt
from drafter.types import Draft

__all__ = [
    "EXPORTERS",
    "Author",
    "Exporter",
    "WordChoice",
    "docx_of",
    "paragraphs",
    "paragraphs_of_text",
    "to_docx",
    "to_md",
    "to_redline",
    "to_txt",
]

Exporter = Callable[[Draft], bytes]

EXPORTERS: dict[str, Exporter] = {"docx": to_docx, "txt": to_txt, "md": to_md}
