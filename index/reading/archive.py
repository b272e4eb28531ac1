"""A zip of reports: its members by name, whatever encoding their names are in.

Nothing is written anywhere, so a name like ../../x is only a name. Folders, hidden files and what
systems leave behind (__MACOSX, Thumbs.db, ~$ lock files) are passed over.
"""

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import UnreadableFile
from index.reading import refusals
from index.reading.package import DamagedMember, Package

_UTF8_NAME = 0x800  # general purpose bit 11 of the zip format (APPNOTE 4.4.4)
_LOCKED = 0x1
_LEFTOVERS = frozenset(("__macosx", "thumbs.db", "desktop.ini", ".ds_store"))


def members(package: Package) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    """Yield each file's name and bytes, or why it cannot be read, in the order they are stored.

    Raises UnreadableFile when the members together unpack to more than an archive may.
    """
    for entry in package.entries:
        name = member_name(entry)
        parts = PurePosixPath(name).parts
        if entry.is_dir() or not parts or any(_is_leftover(part) for part in parts):
            continue
        if entry.flag_bits & _LOCKED:
            yield name, refusals.locked(name)
            continue
        try:
            yield name, package.read(entry)
        except DamagedMember:
            yield name, refusals.damaged(name)


def member_name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name: UTF-8 where said or where it fits, else GBK (Chinese Windows)."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")  # how zipfile read the bytes
        except UnicodeEncodeError:
            return _harmless(name)
        for encoding in ("utf-8", "gb18030"):
            try:
                return _harmless(raw.decode(encoding))
            except UnicodeDecodeError:
                continue
    return _harmless(name)


def _harmless(name: str) -> str:
    """Return a name fit to be shown: no drive, no way up, no control characters."""
    parts = name.replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..") and not part.endswith(":")]
    return "".join(c for c in "/".join(kept) if c.isprintable())[:200]


def _is_leftover(part: str) -> bool:
    return part.startswith((".", "~$")) or part.lower() in _LEFTOVERS
