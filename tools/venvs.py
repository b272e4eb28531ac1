"""The environment `.venv` beside the program: what it was made from, and a new one in its place.

A working environment is not thrown away before the next one is whole: it waits as `.venv.old` and
comes back when making the next fails, is stopped, or was cut off by a power cut.
Standard library only, and parseable by Python 3.7, as tools/setup.py is.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STAMP = "drafter-stamp.json"  # in .venv: what the last complete installation was made from


def venv_python(venv: Path, windows: bool = os.name == "nt") -> Path:
    """Return where a virtual environment keeps its interpreter."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def read_stamp(venv: Path) -> dict[str, Any]:
    """Return what the last complete installation was made from: `sources`, `extras`, `locked`."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return {name: stamp[name] for name in ("sources", "extras", "locked")}
    except (OSError, ValueError, KeyError, TypeError):
        return {"sources": "", "extras": [], "locked": False}


def is_foreign(venv: Path) -> bool:
    """Tell whether a folder of that name holds something else than an environment."""
    return venv.exists() and not (venv / "pyvenv.cfg").exists() and any(venv.iterdir())


def _old(venv: Path) -> Path:
    return venv.with_name(venv.name + ".old")


def set_aside(venv: Path) -> None:
    """Rename the environment, if there is one, until the next is whole. Raises OSError."""
    if venv.exists():
        if _old(venv).exists():
            shutil.rmtree(str(_old(venv)))
        venv.rename(_old(venv))


def bring_back(venv: Path) -> None:
    """Put the environment set aside back in its place, if there is one. Raises OSError."""
    if _old(venv).exists():
        if venv.exists():
            shutil.rmtree(str(venv))
        _old(venv).rename(venv)


@contextmanager
def kept_aside(venv: Path) -> Iterator[None]:
    """Bring back what was set aside inside when that fails; remove it when all went well."""
    try:
        yield
    except BaseException:  # a Ctrl+C too
        bring_back(venv)
        raise
    shutil.rmtree(str(_old(venv)), ignore_errors=True)


def mend_cut(venv: Path) -> None:
    """After a power cut: bring back the old environment unless the new one was stamped."""
    if read_stamp(venv)["sources"]:
        shutil.rmtree(str(_old(venv)), ignore_errors=True)
    elif not is_foreign(venv) and not is_foreign(_old(venv)):
        bring_back(venv)
