"""Every attempt outward of a process, recorded and stopped: by the audit events of the interpreter.

`recorded(env, path)` has child processes do the same (`sitecustomize.py` beside this file), each
into one file, so that a server, and whatever Python it starts, is watched from its first line.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.egress.sitecustomize import Watch, watch

HERE = Path(__file__).parent
_watches: list[Watch] = []


def this_process() -> Watch:
    """Return the watch over this process, set up once: an audit hook cannot be taken back."""
    if not _watches:
        _watches.append(watch(None))
    return _watches[0]


def recorded(environment: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return an environment whose Python processes write their attempts outward into a file."""
    before = environment.get("PYTHONPATH", "")
    path = f"{HERE}{';' if sys.platform == 'win32' else ':'}{before}" if before else str(HERE)
    return {**environment, "PYTHONPATH": path, "DRAFTER_TEST_EGRESS": str(file)}


def attempts(file: Path) -> list[str]:
    """Return the attempts outward that processes wrote down; the first line says they watched."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    assert "watching" in lines, "no process was watched"
    return [line for line in lines if line != "watching"]
