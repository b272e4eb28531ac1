"""Files a person gets: written whole, and named with their words, without what no system takes or
shows as something else.

Source: Microsoft, Naming Files, Paths, and Namespaces (barred characters, reserved names); the
Unicode Standard, chapter 23 (format characters: they are not seen, and can turn a name around).
"""

import contextlib
import re
import unicodedata
from pathlib import Path

from index.lasting import put_in_place

_BARRED = frozenset('\\/:*?"<>|')
# Control, format, private, unassigned, half a character, line and paragraph separators.
_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*", re.IGNORECASE)


def file_stem(words: str, usual: str, most_bytes: int = 180) -> str:
    """Return words as a file's name without its ending; `usual` where nothing is left of them.

    `most_bytes` are of UTF-8; a name may have 255 in all. A name that Windows keeps for a device
    (CON, NUL …) gets a line before it.
    """
    seen = "".join(
        c for c in words if c not in _BARRED and unicodedata.category(c) not in _UNSEEN
    ).strip(" .　")
    cut = seen.encode("utf-8")[:most_bytes].decode("utf-8", "ignore").strip(" .　")
    if not cut:
        return usual
    return f"_{cut}" if _RESERVED.fullmatch(cut.split(".")[0]) else cut


def write_whole(path: Path, data: bytes) -> None:
    """Write a file through a neighbour, so that a failure leaves no half of it. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        put_in_place(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
