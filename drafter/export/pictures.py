"""The pages of a PDF as PNG pictures, at the size a screen shows them.

PDFium draws them, one call at a time in the whole process: it may not be called from two threads.
"""

import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from drafter.errors import ExportError

WIDTH = 1000  # pixels: an A4 page at about 120 dots an inch, sharp when shown 800 wide
_DRAWING = threading.Lock()
_LEVELS = 16  # of grey: text needs no more, and the file is a third as large


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG file: its number from 1, how many pages there are in all, size in pixels."""

    number: int
    pages: int
    width: int
    height: int
    png: bytes


def pictures_of(pdf: bytes, most: int, width: int = WIDTH) -> Iterator[Picture]:
    """Yield the first `most` pages of a PDF in order, `width` pixels wide.

    Raises:
        ExportError: the PDF cannot be read.
    """
    import pypdfium2

    try:
        with _DRAWING:
            document = pypdfium2.PdfDocument(pdf)
            pages = len(document)
    except pypdfium2.PdfiumError:
        raise ExportError("排好的 PDF 读不出来。", "请再点一次“生成预览”。") from None
    try:
        for number in range(min(pages, most)):
            with _DRAWING:
                page = document[number]
                drawn = page.render(scale=width / page.get_width(), rev_byteorder=True).to_numpy()
                pixels = drawn[:, :, :3].copy()
            yield Picture(number + 1, pages, pixels.shape[1], pixels.shape[0], png_of(pixels))
    finally:
        with _DRAWING:
            document.close()


def png_of(pixels: Any) -> bytes:  # noqa: ANN401 - a numpy array
    """Return an array of height x width x 3 bytes as a PNG file: grey where it has no colour.

    Source of the form: W3C PNG (Second Edition), 5.2, 11.2.2, 11.2.4.
    """
    height, width = pixels.shape[:2]
    grey = bool((pixels.min(axis=2) == pixels.max(axis=2)).all())
    if grey:
        step = 256 // _LEVELS
        pixels = pixels[:, :, 0] // step * (255 // (_LEVELS - 1))
    rows = pixels.astype("uint8").reshape(height, -1)
    raw = b"".join(b"\x00" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if grey else 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
