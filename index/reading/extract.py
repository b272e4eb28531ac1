"""From a file's bytes to its text, by kind. Runs inside the bounded process."""

from pathlib import Path

from index.errors import UnreadableFile
from index.reading import refusals
from index.reading.archive import members
from index.reading.cells import csv_text, sheet_text
from index.reading.kinds import suffix_of
from index.reading.office import converted, ending_of, ole_ending
from index.reading.package import Package
from index.reading.pdf import pdf_text
from index.reading.types import Request
from index.reading.web import html_text, mht_text
from index.reading.wordfile import word_text

_Read = tuple[str, tuple[str, ...]]


def text_of(request: Request, data: bytes) -> _Read:
    """Return the text and what a person should know of it; raise UnreadableFile."""
    name = request.name
    match request.kind:
        case "zip":
            return _package_text(request, data)
        case "pdf":
            return pdf_text(name, data)
        case "csv":
            return csv_text(name, data), ()
        case "html":
            return html_text(name, data), ()
        case "mht":
            return mht_text(name, data), ()
        case "ole":
            return _through_office(request, data, ole_ending(name, data))
        case "rtf" | "wordxml" | "sheetxml" as kind:
            if kind != "rtf" and b"<!DOCTYPE" in data.replace(b"\x00", b""):
                raise refusals.damaged(name)
            return _through_office(request, data, ending_of(kind))
        case _:
            raise refusals.not_text(name)


def document_kind(package: Package) -> str:
    """Return what document a zip is: "office", "open", "ofd", or "" for an archive of files."""
    marks = {"[Content_Types].xml": "office", "OFD.xml": "ofd", "mimetype": "open"}
    return next((kind for mark, kind in marks.items() if mark in package.names), "")


def _package_text(request: Request, data: bytes) -> _Read:
    """Return the text of a zip that is a document, told by what lies in it."""
    name, package = request.name, Package(request.name, data)
    kind = document_kind(package)
    if kind == "office":
        main = package.main_part() or ""
        if main.startswith("word/"):
            return word_text(package, request.rows)
        if main.endswith(".bin"):
            return _through_office(request, data, ".xlsb")
        if main.startswith("xl/"):
            return sheet_text(package)
        if main.startswith("ppt/"):
            raise refusals.slides(name)
        raise refusals.damaged(name)
    if kind == "ofd":
        hint = "请用 OFD 阅读器打开，另存或打印为 .docx、.pdf 后再导入。"
        raise refusals.unsupported(name, "OFD 版式文件", hint)
    if kind == "open":
        return _open_document(request, data, package)
    if suffix_of(name) not in (".zip", ""):
        raise refusals.damaged(name)
    raise refusals.several(name, sum(1 for _ in members(package)))


def _open_document(request: Request, data: bytes, package: Package) -> _Read:
    kind = package.read("mimetype")[:200].decode("ascii", errors="replace")
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.read(
        "META-INF/manifest.xml"
    ):
        raise refusals.locked(request.name)
    for found, ending in (("opendocument.text", ".odt"), ("opendocument.spreadsheet", ".ods")):
        if found in kind:
            for member in ("content.xml", "styles.xml"):  # no entities, before LibreOffice sees it
                if member in package.names:
                    package.xml(member)
            return _through_office(request, data, ending)
    raise refusals.unsupported(request.name, "电子书或演示文稿")


def _through_office(request: Request, data: bytes, ending: str) -> _Read:
    """Return the text of a file that LibreOffice must turn into docx or xlsx first."""
    made = converted(request.name, data, ending, Path(request.folder))
    package = Package(request.name, made)
    try:
        main = package.main_part() or ""
        text, notes = (
            sheet_text(package) if main.startswith("xl/") else word_text(package, request.rows)
        )
    except UnreadableFile:
        raise refusals.damaged(request.name) from None
    return text, (*notes, "由 LibreOffice 转换后读取，请核对编号和表格。")
