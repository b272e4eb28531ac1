"""A full disk, a read-only one, a file that may not grow, wherever the program writes:
an error a person understands, nothing lost that was there, and the way on once there is room.

The disk is a real one of 16 MB, where this computer lets its user mount one in a namespace of his
own; the limit on the size of files is there on every Unix."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytest.importorskip("resource", reason="needs a Unix")
from tests.durability.paths import PATHS

_CHINESE = re.compile("[\u4e00-\u9fff]")
# What a system says of itself; names of files and of our own commands may have Latin letters.
_ENGLISH = re.compile(
    r"errno|no space|disk|i/o|malformed|sqlite|database|unable|read-only|denied|error|locked", re.I
)
ROOM = (0, 40_000, 150_000)


def run(folder: Path, *faults: str, disk: bool = False) -> list[list[Any]]:
    command = [sys.executable, "-m", "tests.durability.faulty", str(folder), *faults]
    if disk:
        mounted = 'mount -t tmpfs -o size=16m none "$0" && exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", mounted, str(folder), *command]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr[-2000:]
    told: list[list[Any]] = json.loads(ended.stdout)
    return told


def disk_or_skip(folder: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here: a disk of its own cannot be mounted")
    trial = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    tried = subprocess.run(trial, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"a disk of its own cannot be mounted: {tried.stderr.strip()}")


def judge(told: list[list[Any]], certain: str) -> None:
    """`certain` is the fault under which nothing can be written at all."""
    always = {path.name for path in PATHS if path.always}
    faults = []
    for name, fault, outcome, message, hint, lost in told:
        place = f"{name}, {fault}: {outcome}: {message} {hint}"
        if outcome == "crashed" or lost:
            faults.append(f"{place} {lost}")
        elif outcome == "told":
            words = re.sub(r"[^，。；：（ ]*/[^，。；：） ]*", "", message + hint)  # without paths
            if not (_CHINESE.search(message) and _CHINESE.search(hint)) or _ENGLISH.search(words):
                faults.append(f"not for people: {place}")
        elif fault == certain and name in always:
            faults.append(f"said nothing: {place}")
    assert not faults, "\n".join(faults)


def test_a_full_or_read_only_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    disk_or_skip(tmp_path)
    told = run(tmp_path, *(f"full={room}" for room in ROOM), "readonly", disk=True)
    assert len(told) == 4 * len(PATHS)
    judge(told, "full=0")
    judge(told, "readonly")


def test_a_write_that_fails_half_way_is_told_and_loses_nothing(tmp_path: Path) -> None:
    memory = Path("/dev/shm")  # noqa: S108 - a disk that answers at once; the folder is our own
    place = memory if os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(prefix="faulty-", dir=place) as folder:
        told = run(Path(folder), "limit=0", "limit=9000", "limit=100000")
    assert len(told) == 3 * len(PATHS)
    judge(told, "limit=0")
