"""Copy the bundle's files into the installed folder, checked; a weight in use is not replaced yet.

Standard library only, parseable by Python 3.7, as install.py beside it is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sums import Refused, sha256_of


def put(source: Path, place: Path, digest: str) -> None:
    """Copy a file and check what arrived, under another name until it is whole."""
    if place.is_file() and sha256_of(place) == digest:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(place.name + ".part")
    shutil.copyfile(str(source), str(part))
    if sha256_of(part) != digest:
        part.unlink()
        raise Refused(f"复制“{source.name}”时出了错，内容不对。请检查磁盘后重新运行。")
    os.replace(str(part), str(place))  # noqa: PTH105 - Path.replace, for Python 3.7 too


def put_all(bundle: Path, sums: Mapping[str, str], head: str, place: Path) -> None:
    """Copy every file of the bundle under `head` to `place`, checked."""
    for name, digest in sums.items():
        if name.startswith(head):
            put(bundle / name, place / name[len(head) :], digest)


def put_weights(bundle: Path, sums: Mapping[str, str], models: Path) -> list[str]:
    """Copy the weights; return those whose name another file has: they wait as NAME.new."""
    waiting = []
    for path, digest in sums.items():
        head, _, name = path.partition("/")
        if head == "weights":
            other = (models / name).is_file() and sha256_of(models / name) != digest
            put(bundle / path, models / (name + ".new" if other else name), digest)
            waiting += [name] if other else []
    return waiting


def swap_weights(target: Path, names: Sequence[str]) -> None:
    """Put waiting weights in their places; one that an installed version names stays beside."""
    texts = [path.read_text("utf-8") for path in target.glob("versions/*/*/models.toml")]
    for name in names:
        place = target / "models" / name
        digest = sha256_of(place)
        if any(digest in text for text in texts):
            beside = place.with_name(f"{name}.{digest[:8]}")
            os.replace(str(place), str(beside))  # noqa: PTH105
            print(f"    模型 {name} 换成了新的，原来的留作 {beside.name}")
        os.replace(str(place) + ".new", str(place))  # noqa: PTH105
