"""Which fonts this machine has: the family names in its font files, read without opening a font.

Only the name table is read (OpenType 1.9, “name — Naming Table”); a file that cannot be read is
passed over. It does not know fonts that an office suite keeps to itself.
"""

import os
import struct
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

_SUFFIXES = {".ttf", ".ttc", ".otf", ".otc"}
_FAMILY_NAMES = (1, 16)  # family, typographic family
_MAX_FONTS_IN_FILE, _MAX_TABLES, _MAX_NAMES, _MAX_BYTES = 64, 64, 2000, 1 << 20


def font_folders() -> tuple[Path, ...]:
    """Return where this system keeps fonts, for everybody and for this person."""
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        own = os.environ.get("LOCALAPPDATA")
        return (
            windows / "Fonts",
            *((Path(own) / "Microsoft" / "Windows" / "Fonts",) if own else ()),
        )
    if sys.platform == "darwin":
        places = (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
        return (*places, home / "Library" / "Fonts")
    places = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return (*places, home / ".fonts", home / ".local" / "share" / "fonts")


@cache
def installed_families() -> frozenset[str]:
    """Return the family names of all fonts, in every language they give, in lower case."""
    return families_in(font_folders())


def families_in(folders: tuple[Path, ...]) -> frozenset[str]:
    """Return the family names of the fonts in `folders` and below, in lower case."""
    found: set[str] = set()
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                if Path(name).suffix.lower() in _SUFFIXES:
                    found.update(_families(Path(parent) / name))
    return frozenset(found)


def _families(path: Path) -> set[str]:
    try:
        with path.open("rb") as file:
            return {
                name.strip().lower() for start in _fonts(file) for name in _names(file, start)
            } - {""}
    except (OSError, struct.error, UnicodeDecodeError):
        return set()


def _fonts(file: BinaryIO) -> tuple[int, ...]:
    """Return where each font of the file begins; a collection has several."""
    if file.read(4) != b"ttcf":
        return (0,)
    _, count = struct.unpack(">II", file.read(8))
    count = min(count, _MAX_FONTS_IN_FILE)
    return struct.unpack(f">{count}I", file.read(4 * count))


def _names(file: BinaryIO, start: int) -> Iterator[str]:
    file.seek(start + 4)
    (tables,) = struct.unpack(">H6x", file.read(8))
    for _ in range(min(tables, _MAX_TABLES)):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"name":
            file.seek(offset)
            yield from _families_of_table(file.read(min(length, _MAX_BYTES)))
            return


def _families_of_table(table: bytes) -> Iterator[str]:
    _, count, strings = struct.unpack_from(">HHH", table)
    for record in range(min(count, _MAX_NAMES)):
        platform, _, _, kind, length, offset = struct.unpack_from(">6H", table, 6 + 12 * record)
        if kind in _FAMILY_NAMES:
            raw = table[strings + offset : strings + offset + length]
            # Windows and Unicode names are UTF-16; an old Macintosh one is ASCII for our purpose.
            encoding = "mac_roman" if platform == 1 else "utf-16-be"
            yield raw.decode(encoding, errors="ignore")
