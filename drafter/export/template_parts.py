"""The parts of a template's file, read with care: it may come from anybody.

The archive is opened as an import's is (`index.reading.package`): what it unpacks to is counted,
and so is the XML in it, before anything is parsed.
"""

from drafter.errors import ExportError
from drafter.export.package import DOCUMENT
from index.errors import UnreadableFile
from index.reading.package import Package

STYLES, TYPES = "word/styles.xml", "[Content_Types].xml"
MAX_TEMPLATE_BYTES = 20 * 1024 * 1024  # of the file
MAX_XML_BYTES = 10 * 1024 * 1024  # of one part; a real template's largest is about 1 MB
MAX_TAGS = 400_000  # of the two parts that are parsed; a real template has some thousands
AGAIN = "请在 Word 中打开模板，另存为“Word 模板（.dotx）”后再选。"


def unusable(why: str) -> ExportError:
    """Return the refusal of a template; `why` goes on from “这个模板”."""
    return ExportError(f"这个模板{why}，不能使用。", AGAIN)


def read_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a template by name.

    Raises ExportError where it is damaged, no Word file, too large unpacked, or holds macros.
    """
    try:
        package = Package("模板", data)
        parts = {e.filename: package.read(e) for e in package.entries if not e.is_dir()}
    except UnreadableFile as refused:
        raise ExportError(refused.message, AGAIN) from None
    if DOCUMENT not in parts or STYLES not in parts or TYPES not in parts:
        raise unusable("不是 Word 文件")
    if any("vbaproject" in name.lower() for name in parts) or b"macroEnabled" in parts[TYPES]:
        raise unusable("含有宏")
    written = {name: part for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    if any(len(part) > MAX_XML_BYTES for part in written.values()):
        raise unusable("解压后异常庞大")
    if sum(parts[name].count(b"<") for name in (DOCUMENT, STYLES)) > MAX_TAGS:
        raise unusable("内容异常庞大")
    # A DOCTYPE may also be written in UTF-16; no Office file has one.
    if any(b"<!DOCTYPE" in part.replace(b"\x00", b"") for part in written.values()):
        raise unusable("已损坏")
    return parts
