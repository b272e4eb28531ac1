"""What a file is, from its first bytes; the ending only tells kinds of plain text apart.

Knows nothing of what is inside an archive (`index.reading.package`) or an OLE file
(`index.reading.office`).
"""

import re
from pathlib import PurePath

from index.reading.types import Kind

_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an archive of nothing
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"\x1f\x8b", "packed"),
)
_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv", ".xls", ".xlsx", ".et"), "csv"),
    **dict.fromkeys((".htm", ".html"), "html"),
    **dict.fromkeys((".mht", ".mhtml"), "mht"),
}
_PAGE = re.compile(rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:html|table|meta|body|div|p)\b")
# Endings that promise something other than text: text under them needs to prove itself.
FORMATTED = (".docx", ".docm", ".doc", ".wps", ".pdf", ".rtf", ".odt", ".zip", ".ofd", ".wpt")


def suffix_of(name: str) -> str:
    """Return the ending of a name, small letters, with its dot ("" for none)."""
    return PurePath(name).suffix.lower()


def kind_of(name: str, data: bytes) -> Kind:
    """Return what the file is; "text" for whatever shows no mark of another kind."""
    if not data:
        return "empty"
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    suffix = suffix_of(name)
    # Mail systems and old scanners put bytes before the mark; the standard allows 1,024 of them.
    if suffix == ".pdf" and b"%PDF-" in data[:1024]:
        return "pdf"
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if data[:2] == b"BM" and suffix == ".bmp":
        return "picture"
    return _marked(head, suffix) or _ENDINGS.get(suffix, "text")


def _marked(head: bytes, suffix: str) -> Kind | None:
    """Return the kind a text's first words show: OA systems save web pages as .doc and .xls."""
    if head.startswith(b"mime-version:") or (
        head.startswith((b"from:", b"content-type:")) and b"multipart/related" in head
    ):
        return "mht"
    if head.startswith((b"<?xml", b"<w:worddocument")):
        if b"word.document" in head or b"w:worddocument" in head or b"pkg:package" in head:
            return "wordxml"
        if b"excel.sheet" in head:
            return "sheetxml"
    saved_as_office = suffix in (".doc", ".xls", ".wps", ".et", ".docx", ".xlsx")
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    if saved_as_office and _PAGE.match(head):
        return "html"
    return None
