"""The sha256 of each shipped manifest of model weights, so that a changed one is noticed.

A manifest says which bytes are trusted as a model; whoever can change it can put another model in
its place. `make supply` writes the values after a manifest was changed on purpose. Knows nothing of
what a manifest says.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINS = {
    "drafter/models.toml": "d666e4c44bffdd72490c4ed85ebbd312c82a72e415deb7323ba1174b24105cdf",
    "index/models.toml": "c96674267b7b650b2f9d799532bc66195a2f570ac9f0c1cdb06b05973ee42690",
}


def digest(data: bytes) -> str:
    """Return the sha256 of a text file whatever its line ends (a Windows checkout may differ)."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def pinned(path: Path) -> str | None:
    """Return the sha256 a shipped manifest must have; None for any other file."""
    try:
        return PINS.get(path.resolve().relative_to(ROOT.resolve()).as_posix())
    except ValueError:
        return None


def changed(path: Path, data: bytes) -> bool:
    """Say whether this is a shipped manifest with another content than it was shipped with."""
    wanted = pinned(path)
    return wanted is not None and digest(data) != wanted
