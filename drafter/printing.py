"""The report as it will be printed: a PDF, and pictures of its pages for the screen.

Both are made of the very Word file that the export writes, set by LibreOffice.
"""

import hashlib
import threading
from collections.abc import Iterator

from drafter.export.docx import docx_of
from drafter.export.layout import paragraphs
from drafter.export.pdf_of import can_make_pdf, no_office, pdf_of
from drafter.export.pictures import Picture, pictures_of
from drafter.handed import Handed, reads_alike
from drafter.handing import Handing, file_name
from drafter.store_rows import now

__all__ = ["MOST_PAGES", "Picture", "Printing"]

MOST_PAGES = 30  # of a preview; a report has 5 to 15


class Printing:
    """PDF and preview of one person's documents. Every method may be called from any thread."""

    def __init__(self, handing: Handing) -> None:
        self._handing = handing

    def possible(self) -> bool:
        """Return whether this computer can set a PDF: LibreOffice is installed."""
        return can_make_pdf()

    def pdf(self, doc: int, stop: threading.Event | None = None) -> tuple[str, bytes]:
        """Return (file name, data) of the report as PDF; its text is kept as an export's is.

        Raises ExportError where nothing is written yet, LibreOffice is missing or fails, or `stop`
        was set.
        """
        if not self.possible():
            raise no_office()
        draft = self._handing.written(doc)
        data = pdf_of(docx_of(paragraphs(draft), self._handing.layouts.choice()), stop)
        # The Word file is what comes back edited: its digest stays while the text is the same.
        if not any(reads_alike(handed.draft, draft) for handed in self._handing.handed(doc)):
            self._handing.keep(doc, Handed(now(), draft, hashlib.sha256(data).hexdigest()))
        return file_name(draft, "", "pdf"), data

    def fingerprint(self, doc: int) -> str:
        """Return what stays the same as long as the report would print the same."""
        draft, layout = self._handing.draft(doc), self._handing.layouts.chosen()
        printed = repr((paragraphs(draft), layout))
        return hashlib.blake2b(printed.encode("utf-8", "replace"), digest_size=16).hexdigest()

    def pages(self, doc: int, stop: threading.Event) -> Iterator[Picture]:
        """Yield the first 30 pages as pictures, one by one; ends early when `stop` is set.

        Raises as `pdf`.
        """
        if not self.possible():
            raise no_office()
        draft = self._handing.written(doc)
        data = docx_of(paragraphs(draft), self._handing.layouts.choice())
        for picture in pictures_of(pdf_of(data, stop), MOST_PAGES):
            if stop.is_set():
                return
            yield picture
