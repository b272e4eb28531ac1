"""Files to text: txt and md in any encoding an office uses, docx in body order.

What a file is, is told from its first bytes rather than its name. Old Word files, PDF and scans are
refused with the way out; nothing is unpacked to disk and no file is trusted to be small.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from index.errors import UnreadableFile
from index.numbering import Element, Numbering, W

MAX_BYTES = 20 * 1024 * 1024
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error)
_MAX_ENTRIES, _MAX_UNPACKED, _MAX_RATIO = 2000, 100 * 1024 * 1024, 100
_TO_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后再导入。"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class Relation(Protocol):
    """What python-docx tells of a link from the document to another part of the file."""

    is_external: bool
    reltype: str
    target_part: object


def read_text(path: Path, markdown: bool = True) -> str:
    """Return the text of a txt, md or docx file; without `markdown` its marks stay as they are.

    Raises UnreadableFile, in Chinese with the next step, for whatever cannot be read as text.
    """
    name = path.name
    try:
        if path.is_dir():
            raise UnreadableFile(
                f"“{name}”是文件夹，不是文件。", "请选择其中的 txt、md 或 docx 文件。"
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_large(name, size)
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"找不到文件“{name}”。", "请检查路径和文件名是否写对。") from None
    except PermissionError:
        raise UnreadableFile(
            f"没有读取“{name}”的权限。", "请在文件属性中开放读取权限，或复制到自己的文件夹再导入。"
        ) from None
    except OSError as error:
        raise UnreadableFile(
            f"读取“{name}”时出错：{error.strerror or error}。", "请检查磁盘、网络盘或移动盘后重试。"
        ) from None
    return read_text_bytes(name, data, markdown)


def read_text_bytes(name: str, data: bytes, markdown: bool = True) -> str:
    """Return the text of an uploaded file; `name` serves for its ending and for messages."""
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    suffix = Path(name).suffix.lower()
    _refuse_foreign(name, suffix, data)
    if data.startswith(b"PK\x03\x04") or suffix in (".docx", ".docm"):
        text = _docx_text(name, data)
    else:
        text = _decode(name, data)
        if markdown and suffix in (".md", ".markdown"):
            text = strip_markdown(text)
    if not text.strip("\ufeff\u200b \t\r\n\u3000"):
        raise UnreadableFile(f"“{name}”里没有文字。", "请确认文件内容；扫描件请先做文字识别。")
    return text


def _too_large(name: str, size: int) -> UnreadableFile:
    return UnreadableFile(
        f"“{name}”有 {size / 1024 / 1024:.0f} MB，超过 20 MB 的上限。",
        "请删去图片或拆成几个文件后再导入。",
    )


def _refuse_foreign(name: str, suffix: str, data: bytes) -> None:
    if not data:
        raise UnreadableFile(f"“{name}”是空文件。", "请确认文件已保存，再重新导入。")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        what = "加密的文档或旧版文档" if suffix == ".docx" else "旧版 Word/WPS 文档（.doc/.wps）"
        raise UnreadableFile(f"“{name}”是{what}，暂不能直接读取。", _TO_DOCX)
    if data.startswith(b"%PDF") or suffix == ".pdf":
        raise UnreadableFile(f"“{name}”是 PDF，暂不支持。", _TO_DOCX)
    if data.startswith(b"{\\rtf"):
        raise UnreadableFile(f"“{name}”是 RTF 文档，暂不支持。", _TO_DOCX)
    if suffix in (".doc", ".wps"):
        raise UnreadableFile(f"“{name}”是旧版文档格式，暂不能直接读取。", _TO_DOCX)


def _decode(name: str, data: bytes) -> str:
    """Decode by BOM, as UTF-8, as GB18030; a UTF-8 file with a few bad bytes stays UTF-8."""
    for bom, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(bom):
            return _checked(name, data.decode(encoding, errors="replace"))
    if b"\x00" in data:
        raise _not_text(name)
    try:
        return _checked(name, data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    # Cut off in the middle of a character, or a stray byte: GB18030 would make it all unreadable.
    loose = data.decode("utf-8", errors="replace")
    if len(re.findall("[一-龥]", loose)) >= 10 and loose.count("\ufffd") <= max(
        1, len(loose) // 200
    ):
        return _checked(name, loose)
    try:
        return _checked(name, data.decode("gb18030"))
    except UnicodeDecodeError:
        raise _not_text(name) from None


def _checked(name: str, text: str) -> str:
    """Refuse what decodes but is no text: NUL or more than one control character in fifty."""
    controls = len(re.findall("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff]", text))
    if "\x00" in text or controls > max(2, len(text) // 50):
        raise _not_text(name)
    return text


def _not_text(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{name}”不是文字文件，或编码无法识别。",
        "请用记事本或 Word 打开确认内容，另存为 UTF-8 编码的 txt 或 docx 后再导入。",
    )


def strip_markdown(text: str) -> str:
    """Return Markdown `text` without its marks; `**` that stands for a left-out word stays.

    Real reports write **年度 and *次 for what may not be named, so only a pair of ** around a
    whole phrase counts as bold: a phrase at a line's start, or between punctuation marks.
    """
    lines = []
    for line in text.splitlines():
        bare = line.strip()
        if re.fullmatch(r"([-*_]\s*){3,}|`{3,}\w*|=+", bare) and bare:
            lines.append("")
            continue
        bare = re.sub(r"^(?:>\s*)+", "", bare)
        bare = re.sub(r"^#{1,6}\s+(.*?)\s*#*$", r"\1", bare)
        bare = re.sub(r"^[-+*]\s+(?=[^\s年月日次名个])", "", bare)
        if re.fullmatch(r"\|.*\|", bare):
            cells = [cell.strip() for cell in bare.strip("|").split("|")]
            bare = "" if all(re.fullmatch(":?-+:?", c) for c in cells) else "\t".join(cells)
        bare = re.sub(r"^(\d{1,2})\\\.", r"\1.", bare)
        lines.append(_BOLD.sub(lambda m: m[1] or m[2], bare))
    return "\n".join(lines)


# A phrase: two characters at least, no counter word first (**年, **次 are left-out numbers).
_PHRASE = r"(?![年月日次名个人万元项届镇区县市局\s，。、；])([^*\n]{2,80}?)(?<!\s)"
_BOLD = re.compile(
    rf"(?:^|(?<=[。；：，、！？\s]))(?:\*\*|__){_PHRASE}(?:\*\*|__)(?=$|[。；：，、！？\s])"
    r"|^(?:\*\*|__)((?:[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十]+[）)]|\d+[.、])"
    r"[^*\n]{2,80}?)(?:\*\*|__)"
)


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{name}”已损坏，或不是真正的 docx 文档。",
        "请用 Word 或 WPS 打开修复，另存为新的 .docx 后再导入。",
    )


def _docx_text(name: str, data: bytes) -> str:
    _guard_zip(name, data)
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
        relations = document.part.rels.values()
        numbering = Numbering(_part_root(relations, "numbering"), _part_root(relations, "styles"))
        return "\n".join(_lines(document.element.body, numbering))
    except (OpcError, SyntaxError, LookupError, ValueError, AttributeError, *_ZIP_ERRORS):
        # lxml reports bad XML as a kind of SyntaxError
        raise _damaged(name) from None


def _guard_zip(name: str, data: bytes) -> None:
    """Refuse a damaged or dangerous archive before any parser sees it; nothing goes to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            too_dense = unpacked > 1024 * 1024 and unpacked / packed >= _MAX_RATIO
            if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED or too_dense:
                raise UnreadableFile(
                    f"“{name}”解压后异常庞大，已停止读取。",
                    "请用 Word 打开，另存为新的 .docx 后再导入。",
                )
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    content = archive.read(entry).replace(b"\x00", b"")
                    if b"<!DOCTYPE" in content:
                        raise _damaged(name)
            if "word/document.xml" not in archive.namelist():
                raise _damaged(name)
    except (*_ZIP_ERRORS, EOFError, OSError, ValueError, RuntimeError):
        raise _damaged(name) from None


def _part_root(relations: Iterable[Relation], kind: str) -> Element | None:
    """Return the XML of the part a document calls its numbering or styles, if it has one."""
    for relation in relations:
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            element: Element | None = getattr(relation.target_part, "element", None)
            return element
    return None


def _lines(container: Element, numbering: Numbering) -> Iterator[str]:
    """Yield the lines of a body, cell or content control, in order."""
    for block in container.iterchildren():
        if block.tag == W + "p":
            yield from (numbering.label(block) + "".join(_runs(block))).split("\n")
        elif block.tag == W + "tbl":
            for row in block.iterchildren(W + "tr"):
                yield from _row(row, numbering)
        elif block.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _lines(block, numbering)


def _row(row: Element, numbering: Numbering) -> Iterator[str]:
    """Yield a table row: short cells on one line with tabs between, cells of prose one by one."""
    cells = [
        [line for line in _lines(cell, numbering) if line.strip()]
        for cell in row.iterchildren(W + "tc")
    ]
    if all(len(cell) <= 1 for cell in cells) and sum(len(c[0]) for c in cells if c) <= 120:
        yield "\t".join(cell[0].strip() for cell in cells if cell)
    else:
        for cell in cells:
            yield from cell


def _runs(element: Element) -> Iterator[str]:
    """Yield the visible text of a paragraph: insertions and links, not deletions or fallbacks."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == W + "t":
            yield child.text or ""
        elif tag in (W + "tab", W + "ptab"):
            yield "\t"
        elif tag in (W + "br", W + "cr"):
            yield "\n"
        elif tag == W + "noBreakHyphen":
            yield "-"
        elif tag in (W + "del", W + "moveFrom", W + "pPr", W + "rPr", _MC_FALLBACK):
            continue
        elif tag == W + "p":
            yield "\n" + "".join(_runs(child)) + "\n"
        elif isinstance(tag, str):
            yield from _runs(child)
