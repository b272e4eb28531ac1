"""Files to text: what offices keep reports and fact sheets in, each file as a person sees it.

What a file is, is told from its first bytes rather than its name. Plain text is decoded here; all
else is taken apart in a process of its own with limits (`index.reading.bounded`), so that no file
can take the memory, the time or the disk of the tool. No macro, link or entity is followed.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.errors import UnreadableFile
from index.failures import meaning
from index.reading import refusals
from index.reading.bounded import bounded_members, bounded_text
from index.reading.encodings import decode
from index.reading.kinds import FORMATTED, kind_of, suffix_of
from index.reading.markdown import strip_markdown
from index.reading.types import Reading

__all__ = [
    "EXTENSIONS",
    "MAX_BYTES",
    "MAX_PACKED_BYTES",
    "Reading",
    "read_each",
    "read_each_bytes",
    "read_file",
    "read_file_bytes",
    "read_text",
    "read_text_bytes",
    "strip_markdown",
]

MAX_BYTES = 20 * 1024 * 1024  # of plain text
MAX_PACKED_BYTES = 100 * 1024 * 1024  # of what has pictures in it: docx, pdf, zip
MAX_NESTED = 2  # archives within archives
MAX_MEMBERS = 1000  # files of one archive, those of inner archives with them
# What a search of a folder takes; a file that is named is read whatever its ending.
EXTENSIONS = (
    *(".txt", ".md", ".markdown", ".docx", ".docm", ".doc", ".wps", ".rtf", ".odt"),
    *(".pdf", ".htm", ".html", ".mht", ".zip"),
)


def read_text(path: Path, markdown: bool = True) -> str:
    """Return the text of a file of any kind that is known.

    Without `markdown` the file is read as notes: Markdown marks stay, each table row is one line.
    Raises UnreadableFile, in Chinese with the next step, for whatever cannot be read as text.
    """
    return read_file(path, markdown).text


def read_text_bytes(name: str, data: bytes, markdown: bool = True) -> str:
    """Return the text of an uploaded file; `name` serves for its ending and for messages."""
    return read_file_bytes(name, data, markdown).text


def read_file(path: Path, markdown: bool = True) -> Reading:
    """Return a file's text with what a person should know of how it was read; see `read_text`."""
    return read_file_bytes(path.name, _bytes_of(path), markdown)


def read_file_bytes(name: str, data: bytes, markdown: bool = True) -> Reading:
    """Return an uploaded file's text with what a person should know; see `read_text_bytes`."""
    kind, suffix = kind_of(name, data), suffix_of(name)
    limit = MAX_BYTES if kind in ("text", "csv", "html") else MAX_PACKED_BYTES
    if len(data) > limit:
        raise refusals.too_large(name, len(data), limit)
    match kind:
        case "empty":
            raise refusals.empty(name)
        case "picture":
            raise refusals.picture(name)
        case "packed":
            hint = "请解压后导入，或改存为 zip 压缩包。"
            raise refusals.unsupported(name, "RAR、7z 或 gz 压缩包", hint)
        case "text":
            reading = Reading(name, _plain(name, suffix, data, markdown))
        case _:
            reading = bounded_text(name, kind, data, rows=not markdown)
    if not reading.text.strip("\ufeff\u200b \t\r\n\u3000\f"):
        raise refusals.wordless(name)
    return reading


def _plain(name: str, suffix: str, data: bytes, markdown: bool) -> str:
    """Decode plain text; under another ending than a text's it must have words of Chinese."""
    promised = suffix in FORMATTED
    try:
        text = decode(name, data)
    except UnreadableFile:
        if promised:
            raise refusals.damaged(name) from None
        raise
    if promised and sum("一" <= character <= "龥" for character in text[:2000]) < 10:
        raise refusals.damaged(name)
    if text[:100].lstrip("\ufeff \r\n").startswith("<?xml"):
        raise refusals.unsupported(name, "XML 数据文件")
    return strip_markdown(text) if markdown and suffix in (".md", ".markdown") else text


def read_each(path: Path, markdown: bool = True) -> Iterator[Reading]:
    """Yield the texts of a file, of all files in a zip, or of a folder to any depth.

    A file that cannot be read is a Reading with `error`; what was asked for itself (a path that is
    not there, a damaged archive) raises UnreadableFile. Names in a folder are relative to it.
    """
    if not path.is_dir():
        yield from read_each_bytes(path.name, _bytes_of(path), markdown)
        return
    for place, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(EXTENSIONS) and not name.startswith((".", "~$")):
                file = Path(place) / name
                shown = file.relative_to(path).as_posix()
                try:
                    for reading in read_each_bytes(name, _bytes_of(file), markdown):
                        inside = reading.name.removeprefix(name)
                        yield replace(reading, name=shown + inside)
                except UnreadableFile as error:
                    yield Reading(shown, "", (), error)


def read_each_bytes(name: str, data: bytes, markdown: bool = True) -> Iterator[Reading]:
    """Yield the texts of an upload: of each file where it is a zip of files, else of the one."""
    yield from _each(name, data, markdown, 0, [0])


def _each(
    name: str, data: bytes, markdown: bool, depth: int, count: list[int]
) -> Iterator[Reading]:
    """Yield what `read_each_bytes` does; `count` is how many members there were so far."""
    shown = Path(name).name
    found = None
    if kind_of(name, data) == "zip" and suffix_of(name) in (".zip", ""):
        if len(data) > MAX_PACKED_BYTES:
            raise refusals.too_large(shown, len(data), MAX_PACKED_BYTES)
        found = bounded_members(shown, data)
    if found is None:
        yield replace(read_file_bytes(shown, data, markdown), name=name)
        return
    if not found or depth == MAX_NESTED:
        raise refusals.empty_archive(shown) if not found else refusals.nested(shown)
    for member, content in found:
        inner = f"{name}/{member}"
        count[0] += 1
        if count[0] > MAX_MEMBERS:
            raise refusals.bloated(shown)
        try:
            if isinstance(content, UnreadableFile):
                raise content
            yield from _each(inner, content, markdown, depth + 1, count)
        except UnreadableFile as error:
            yield Reading(inner, "", (), error)


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes; never more than may be read, and never from a device or a pipe."""
    name = path.name
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise UnreadableFile(
                f"“{name}”是文件夹，不是文件。", "请选择其中的文件；整个文件夹请用样本库导入。"
            )
        if not stat.S_ISREG(kind.st_mode):
            raise UnreadableFile(f"“{name}”不是普通文件。", "请选择保存在磁盘上的文件。")
        if kind.st_size > MAX_PACKED_BYTES:
            raise refusals.too_large(name, kind.st_size, MAX_PACKED_BYTES)
        with path.open("rb") as file:  # it may grow while it is read
            return file.read(MAX_PACKED_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableFile(f"找不到文件“{name}”。", "请检查路径和文件名是否写对。") from None
    except PermissionError:
        raise UnreadableFile(
            f"没有读取“{name}”的权限。", "请在文件属性中开放读取权限，或复制到自己的文件夹再导入。"
        ) from None
    except OSError as error:
        raise UnreadableFile(
            f"读取“{name}”时出错：{meaning(error)}。", "请检查磁盘、网络盘或移动盘后重试。"
        ) from None
