"""Old Word, WPS and RTF files through LibreOffice, where it is installed: turned into docx or xlsx.

How it is called is in `index.soffice`. What an OLE file holds is told before, from the names of its
streams ([MS-CFB] 2.6, [MS-DOC] 2.5.1).
"""

import struct
import subprocess
import sys
from pathlib import Path

from index.reading import refusals
from index.reading.types import Kind
from index.soffice import conversion, find_office

CONVERT_SECONDS = 90.0
_SPACE = 6 * 1024**3  # bytes of addresses: LibreOffice maps far more than it uses


def ole_ending(name: str, data: bytes) -> str:
    """Return ".doc" or ".xls" for what an OLE file holds; raise UnreadableFile for all else."""
    if _stream(data, "EncryptedPackage") is not None or _stream(data, "EncryptionInfo") is not None:
        raise refusals.locked(name)
    word = _stream(data, "WordDocument")
    if word is not None:
        if len(word) >= 12 and word[:2] == b"\xec\xa5" and word[11] & 1:  # fEncrypted
            raise refusals.locked(name)
        return ".doc"
    if _stream(data, "Workbook") is not None or _stream(data, "Book") is not None:
        return ".xls"
    if _stream(data, "PowerPoint Document") is not None:
        raise refusals.slides(name)
    raise refusals.damaged(name)


def _stream(data: bytes, wanted: str) -> bytes | None:
    """Return the first bytes of a stream of an OLE file by its name, None where it has none."""
    key = wanted.encode("utf-16-le") + b"\x00\x00"
    at = data.find(key)
    while at >= 0:
        if at % 128 == 0 and at + 128 <= len(data):  # an entry of the directory
            (shift,) = struct.unpack_from("<H", data, 30)
            (sector,) = struct.unpack_from("<I", data, at + 116)
            start = (sector + 1) << min(shift, 12)
            return data[start : start + 64]
        at = data.find(key, at + 1)
    return None


def converted(name: str, data: bytes, ending: str, folder: Path) -> bytes:
    """Return the file as docx (as xlsx for sheets), made by LibreOffice inside `folder`.

    Raises UnreadableFile where LibreOffice is missing, fails, or takes longer than 90 s.
    """
    is_sheet = ending in (".xls", ".ods", ".xlsb", ".sheet.xml")
    hint = refusals.TO_XLSX if is_sheet else refusals.TO_DOCX
    what = _what(ending)
    program = find_office()
    if program is None:
        raise refusals.unsupported(
            name, what, hint + "（装有免费的 LibreOffice 时可以直接读取，不必另存。）"
        )
    source = folder / f"source{ending}"
    source.write_bytes(data)
    target = "xlsx:Calc MS Excel 2007 XML" if is_sheet else "docx:MS Word 2007 XML"
    _convert(program, source, target, folder, name)
    made = folder / "out" / f"{source.stem}.{target[:4]}"
    if not made.is_file():
        raise refusals.unconverted(name, what, hint)
    return made.read_bytes()


def _what(ending: str) -> str:
    names = {
        ".doc": "旧版 Word/WPS 文档（.doc/.wps）",
        ".xls": "旧版 Excel/WPS 表格（.xls/.et）",
        ".rtf": "RTF 文档",
        ".odt": "OpenDocument 文档（.odt）",
        ".ods": "OpenDocument 表格（.ods）",
        ".xlsb": "二进制 Excel 表格（.xlsb）",
    }
    return names.get(ending, "XML 格式的 Word/Excel 文档")


def _convert(program: str, source: Path, target: str, folder: Path, name: str) -> None:
    command, environment = conversion(program, source, target, folder)
    try:
        subprocess.run(
            command, env=environment, cwd=folder, check=False, timeout=CONVERT_SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=_more_addresses if sys.platform != "win32" else None,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise refusals.too_slow(name, CONVERT_SECONDS) from None
    except OSError:
        raise refusals.unsupported(name, _what(source.suffix)) from None


def _more_addresses() -> None:
    """Raise the limit of addresses for LibreOffice. Runs in a process of one thread only."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = _SPACE if hard == resource.RLIM_INFINITY else min(_SPACE, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def ending_of(kind: Kind) -> str:
    """Return the ending LibreOffice should see for a kind that only it reads."""
    return {"rtf": ".rtf", "wordxml": ".xml", "sheetxml": ".sheet.xml"}[kind]
