"""Whether the folder is as it was made: every file the one SHA256SUMS names, none too many.

Standard library only, parseable by Python 3.7, as install.py beside it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

SUMS = "SHA256SUMS"
CHUNK = 1 << 20


class Refused(Exception):
    """Installing cannot go on: what is wrong and what to do, in Chinese."""


def read_sums(text: str) -> dict[str, str]:
    """Return the sha256 of each file by its path in the folder. Raises Refused for a bad line."""
    sums: dict[str, str] = {}
    for line in text.splitlines():
        digest, found, name = line.partition("  ")
        parts = PurePosixPath(name).parts
        plain = bool(parts) and not name.startswith("/") and "\\" not in name and ":" not in name
        right = found and len(digest) == 64 and set(digest) <= set("0123456789abcdef")
        if not (right and plain and ".." not in parts) or name in sums:
            raise Refused(f"{SUMS} 有一行不对：{line[:80]}。文件已损坏，请重新复制整个安装包。")
        sums[name] = digest
    return sums


def files_in(folder: Path) -> set[str]:
    """Return the paths of all files in the folder. Raises Refused for a link."""
    found = set()
    for place, folders, files in os.walk(str(folder)):
        for name in [*folders, *files]:
            path = Path(place, name)
            if path.is_symlink():
                raise Refused(f"安装包里有链接“{name}”，不该有。请重新复制整个安装包。")
        found |= {Path(place, name).relative_to(folder).as_posix() for name in files}
    return found


def is_litter(name: str) -> bool:
    """Tell whether a file is one that macOS or Windows lays into folders it shows or copies."""
    last = PurePosixPath(name).name
    return last.startswith("._") or last in (".DS_Store", "Thumbs.db", "desktop.ini")


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def listed(names: Sequence[str]) -> str:
    """Return a few of the names, and how many there are when they are more."""
    return "、".join(sorted(names)[:5]) + (f" 等 {len(names)} 个" if len(names) > 5 else "")


def check_bundle(bundle: Path, expected: str = "") -> tuple[dict[str, str], str]:
    """Return (sha256 by path, that of SHA256SUMS itself) when every file is as it was made.

    `expected` is what the person who made the folder told as its check code; its beginning of at
    least 8 characters will do. Raises Refused naming what is missing, too many or damaged.
    """
    path = bundle / SUMS
    if not path.is_file():
        raise Refused(f"安装包里没有 {SUMS}。请重新复制整个安装包。")
    code = sha256_of(path)
    if expected and not (len(expected) >= 8 and code.startswith(expected.lower())):
        raise Refused(f"校验码对不上：这份安装包是 {code[:16]}…，应为 {expected[:16]}…。不要安装。")
    sums, found = read_sums(path.read_text(encoding="utf-8")), files_in(bundle) - {SUMS}
    again = "请重新复制整个安装包后再装。"
    missing, extra = sorted(set(sums) - found), sorted(found - set(sums))
    if missing:
        raise Refused(f"安装包缺文件：{listed(missing)}。{again}")
    if extra and all(map(is_litter, extra)):
        raise Refused(
            f"安装包里有系统自己放进来的文件：{listed(extra)}。删掉它们再运行就可以，不用重新复制。"
        )
    if extra:
        raise Refused(f"安装包里多了文件：{listed(extra)}。请删掉它们，或{again}")
    damaged = [name for name, digest in sums.items() if sha256_of(bundle / name) != digest]
    if damaged:
        raise Refused(f"文件损坏或被改动：{listed(damaged)}。{again}")
    return sums, code
