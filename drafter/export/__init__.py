"""A draft as a file. Each form is one function from draft to bytes.

EXPORTERS["docx"](draft) -> bytes
"""

from collections.abc import Callable

from drafter.export.docx import to_docx
from drafter.export.text import to_md, to_txt
from drafter.types import Draft

__all__ = ["EXPORTERS", "Exporter", "to_docx", "to_md", "to_txt"]

Exporter = Callable[[Draft], bytes]

EXPORTERS: dict[str, Exporter] = {"docx": to_docx, "txt": to_txt, "md": to_md}
