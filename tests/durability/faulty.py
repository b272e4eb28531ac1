"""Runs every path of writing under a fault: `python -m tests.durability.faulty FOLDER FAULT…`

FOLDER is a small disk of its own for `full=BYTES` (so much is left on it) and `readonly` (it is
mounted so, which binds root too); `limit=BYTES` needs none: no file may grow past so many bytes.
Prints one line of JSON: [path, fault, outcome, message, hint, what was lost] for each.
"""

import contextlib
import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from index.errors import UserFacingError
from tests.durability.paths import PATHS, Way, kept, make


@contextlib.contextmanager
def under(fault: str, folder: Path) -> Iterator[None]:
    """Let a fault be there during the block."""
    name, _, size = fault.partition("=")
    if name == "full":
        ballast = folder / "压舱"
        with ballast.open("wb", buffering=0) as out, contextlib.suppress(OSError):
            while (free := _free(folder)) > int(size):
                out.write(b"\0" * min(free - int(size), 1 << 20))
        try:
            yield
        finally:
            ballast.unlink()
    elif name == "readonly":
        _mount(folder, "ro")
        try:
            yield
        finally:
            _mount(folder, "rw")
    else:
        _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _mount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def attempt(path: Way, fault: str, folder: Path) -> list[object]:
    """Act under the fault, lift it, look, and act again."""
    home = folder / "家"
    make(home, path)
    opened: object = None
    tempfile.tempdir, os.environ["DRAFTER_HOME"] = str(home / "tmp"), str(home)
    late = fault == "readonly"  # a disk with files open for writing cannot be made read-only
    outcome, message, hint, lost = "ok", "", "", []
    try:
        if late and path.name in ("恢复", "导入打包文件"):
            path.begin(home)
        opened = None if late else path.begin(home)
        gc.collect()  # a file that nobody closed keeps a disk from being made read-only
        with under(fault, folder):
            opened = path.begin(home) if late else opened
            path.act(home, opened)
    except UserFacingError as error:
        outcome, message, hint = "told", error.message, error.hint
    except Exception:  # noqa: BLE001 - what the test is to find
        outcome, message = "crashed", traceback.format_exc()[-1500:]
    try:
        path.end(opened) if late else None
        opened = path.begin(home) if late else opened
        path.act(home, opened)  # the way on, with what stayed open
        path.end(opened)
        lost += kept(home, path)
    except Exception:  # noqa: BLE001 - what the test is to find
        lost.append(traceback.format_exc()[-1500:])
    shutil.rmtree(home)
    return [path.name, fault, outcome, message, hint, lost]


def main() -> None:
    """Try every path under every fault that was named."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    folder = Path(sys.argv[1])
    told = [attempt(path, fault, folder) for fault in sys.argv[2:] for path in PATHS]
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
