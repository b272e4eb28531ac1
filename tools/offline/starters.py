"""What a person double-clicks in the installed folder, and how such files get on the disk.

Nothing is imported from the folder a person happens to stand in (-P, PYTHONSAFEPATH), nor from
PYTHONPATH. Standard library only, parseable by Python 3.7, as install.py beside it is.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

START_SH = """#!/bin/sh
self=$0
while [ -h "$self" ]; do
    link=$(readlink "$self") || exit 1
    case $link in /*) self=$link ;; *) self=$(dirname "$self")/$link ;; esac
done
here=$(cd "$(dirname "$self")" && pwd) || exit 1
now=$(cat "$here/current.txt") || exit 1
export DRAFTER_MODELS="${{DRAFTER_MODELS:-$here/models}}"
export DRAFTER_MODEL="${{DRAFTER_MODEL:-{writer}}}"
export PYTHONUTF8=1 HF_HUB_OFFLINE=1 DO_NOT_TRACK=1 GRADIO_ANALYTICS_ENABLED=False
export PYTHONSAFEPATH=1 DRAFTER_STARTERS="$here"
unset PYTHONPATH PYTHONHOME
exec "$here/versions/$now/.venv/bin/python" -P {program} "$@"
"""
START_BAT = """@echo off
setlocal
set /p NOW=<"%~dp0current.txt"
if not defined DRAFTER_MODELS set "DRAFTER_MODELS=%~dp0models"
if not defined DRAFTER_MODEL set "DRAFTER_MODEL={writer}"
set "PYTHONUTF8=1"
set "HF_HUB_OFFLINE=1"
set "DO_NOT_TRACK=1"
set "GRADIO_ANALYTICS_ENABLED=False"
set "PYTHONSAFEPATH=1"
set "DRAFTER_STARTERS=%~dp0"
set "PYTHONPATH="
set "PYTHONHOME="
"%~dp0versions\\%NOW%\\.venv\\Scripts\\python.exe" -P {program} %*
if errorlevel 1 pause
""".replace("\n", "\r\n")


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file in one step: whole, or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    part.chmod(mode)
    os.replace(str(part), str(path))  # noqa: PTH105


def flush(folder: Path) -> None:
    """Have everything on the disk before it is called whole. Windows knows no sync of all."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for place, _, files in os.walk(str(folder)):
        for name in files:
            with suppress(OSError), Path(place, name).open("r+b") as file:
                os.fsync(file.fileno())


def write_starters(target: Path, writer: str) -> None:
    """Write what a person double-clicks, and the command line's."""
    for name, shell, batch in (
        ("启动拟稿台", '"$here/versions/$now/app.py"', '"%~dp0versions\\%NOW%\\app.py"'),
        ("命令行", "-m drafter", "-m drafter"),
    ):
        if os.name == "nt":
            write(target / f"{name}.bat", START_BAT.format(writer=writer, program=batch))
        else:
            write(target / f"{name}.sh", START_SH.format(writer=writer, program=shell), 0o755)
