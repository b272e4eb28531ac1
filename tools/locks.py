"""What a lock file is: versions and hashes by name, and the computers it was made for.

A lock is a requirements file pip reads with `--require-hashes`. Its head says, for people and for
set-up: `# pyproject:` the digest of the dependency lists it was made from, `# date:`, `# covers:`
the targets (system-machine-Python) every wheel of which is listed. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).absolute().parent.parent
RUN = ROOT / "requirements" / "run.lock"
TEST = ROOT / "requirements" / "test.lock"
HEAD = """# 锁定的依赖：名称、版本、安装包的 sha256。由 make lock 按 pyproject.toml 生成，请勿手改。
# 来源：生成当日 pip 软件源所列各平台安装包的校验值；同一版本有几个校验值，各属一个平台。
"""
FAILED = (
    "请检查网络或 pip 的软件源设置（pip config list）后重新运行，已下载的不会重来；磁盘至少要有 "
    "3 GB 空余。若上面的提示是校验值对不上（HASHES、hash），说明软件源给的安装包和锁定的不是"
    "同一个：请换一个软件源；确认可信、愿意不核对校验值时，加 --unlocked 再运行。"
)
LINE = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?$"
)
HASH = re.compile(r"^ {4}--hash=sha256:(?P<hash>[0-9a-f]{64})(?: \\)?$")


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of computer: system, machine and Python, as in "linux-x86_64-3.11"."""

    system: str
    machine: str
    python: str

    @property
    def name(self) -> str:
        """Return the name by which a lock's head lists it."""
        return f"{self.system}-{self.machine}-{self.python}"

    @property
    def pip_options(self) -> list[str]:
        """Return pip's options that choose this target's wheels from any computer."""
        if self.system == "windows":
            tags = ["win_amd64"]
        elif self.system == "macos":
            tags = ["macosx_14_0_arm64"]
        else:
            tags = [f"manylinux_2_{minor}_{self.machine}" for minor in range(28, 4, -1)]
            tags += [f"manylinux2014_{self.machine}", f"linux_{self.machine}"]
        flags = [part for tag in tags for part in ("--platform", tag)]
        python = ["--python-version", self.python, "--implementation", "cp"]
        # pip compares a wheel's Requires-Python with its own Python, not with the one named.
        return [*flags, *python, "--ignore-requires-python"]

    def admits(self, file: str) -> bool:
        """Say whether a wheel may be locked here: of torch on Linux, only the CPU build."""
        return not (self.system == "linux" and file.startswith("torch-")) or "+cpu" in file

    def environment(self, extra: str = "") -> dict[str, str]:
        """Return the values PEP 508 markers are judged by."""
        sys_platform, os_name, system = {
            "windows": ("win32", "nt", "Windows"),
            "macos": ("darwin", "posix", "Darwin"),
            "linux": ("linux", "posix", "Linux"),
        }[self.system]
        return {
            "sys_platform": sys_platform,
            "os_name": os_name,
            "platform_system": system,
            "platform_machine": {"amd64": "AMD64"}.get(self.machine, self.machine),
            "python_version": self.python,
            "python_full_version": f"{self.python}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "implementation_version": f"{self.python}.9",
            "platform_release": "",
            "platform_version": "",
            "extra": extra,
        }


TARGETS = tuple(
    Target(system, machine, python)
    for system, machine in (
        ("linux", "x86_64"),
        ("linux", "aarch64"),
        ("windows", "amd64"),
        ("macos", "arm64"),
    )
    for python in ("3.11", "3.12", "3.13")
)


def this_target() -> Target:
    """Return the target this very Python is."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    python = "{}.{}".format(*sys.version_info[:2])
    return Target(system, platform.machine().lower(), python)


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked project: its version, its marker ("" for every system), its wheels' hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def wanted_on(self, target: Target) -> bool:
        """Say whether the marker holds there. Needs `packaging`, so only inside `.venv`."""
        from packaging.markers import Marker

        return not self.marker or Marker(self.marker).evaluate(target.environment())


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file as read. `digest` is that of the dependency lists it was made from."""

    pins: tuple[Pin, ...]
    digest: str
    date: str
    covers: tuple[str, ...]

    def versions(self) -> dict[str, str]:
        """Return the version of each project."""
        return {pin.name: pin.version for pin in self.pins}


def digest_of(project: Mapping[str, Any]) -> str:
    """Return the sha256 of the dependency lists of pyproject's [project] table."""
    lists = [project["dependencies"], project.get("optional-dependencies", {})]
    return hashlib.sha256(json.dumps(lists, sort_keys=True).encode()).hexdigest()


def render(pins: Sequence[Pin], digest: str, date: str, covers: Sequence[str]) -> str:
    """Return the text of a lock file."""
    lines = [HEAD + f"# pyproject: {digest}", f"# date: {date}", "# covers: " + " ".join(covers)]
    for pin in pins:
        marker = f" ; {pin.marker}" if pin.marker else ""
        hashes = [f"    --hash=sha256:{value}" for value in pin.hashes]
        lines.append(" \\\n".join([f"{pin.name}=={pin.version}{marker}", *hashes]))
    return "\n".join(lines) + "\n"


def read_lock(path: Path) -> Lock:
    """Read a lock file. Raises OSError, and ValueError for a line that is no part of one."""
    head: dict[str, str] = {}
    pins: list[Pin] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            key, found, value = line[1:].partition(":")
            head.update({key.strip(): value.strip()} if found else {})
        elif match := LINE.match(line):
            pins.append(Pin(match["name"], match["version"], match["marker"] or "", ()))
        elif (match := HASH.match(line)) and pins:
            last = pins.pop()
            pins.append(Pin(last.name, last.version, last.marker, (*last.hashes, match["hash"])))
        elif line.strip():
            raise ValueError(f"{path.name} 第 {number} 行不是锁定文件的内容：{line[:60]}")
    bare = [pin.name for pin in pins if not pin.hashes]
    if bare or not pins:
        raise ValueError(f"{path.name} 里没有校验值：{'、'.join(bare) or '全部'}")
    covers = tuple(head.get("covers", "").split())
    return Lock(tuple(pins), head.get("pyproject", ""), head.get("date", ""), covers)


class LockProblem(Exception):
    """This computer cannot be set up from the lock: why, and what to do, in Chinese."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


Steps = list[tuple[str, list[str]]]


def digest_of_sources(root: Path) -> str:
    """Return the sha256 of the files that say what to install."""
    files = [root / "pyproject.toml", *sorted((root / "requirements").glob("*.lock"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def steps(root: Path, extras: Sequence[str], python: str, unlocked: bool) -> Steps:
    """Return the steps of an installation for this computer. Raises LockProblem."""
    if unlocked:
        return unlocked_steps(root, extras)
    return locked_steps(root, extras, this_target(), python)


def locked_steps(root: Path, extras: Sequence[str], target: Target, python: str) -> Steps:
    """Return (title, arguments of pip install) that install from the lock.

    Raises LockProblem when the lock is damaged, is not of this pyproject.toml, does not cover this
    computer, or (Linux) the index lacks the CPU build of torch: said before anything is downloaded.
    """
    path = root / "requirements" / ("test.lock" if extras else "run.lock")
    unlocked = "确实要用不核对校验值的方式装，请加 --unlocked，如 make run ARGS=--unlocked。"
    try:
        lock = read_lock(path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise LockProblem(f"读不了锁定文件 {path.name}：{error}。", "请恢复原来的文件。") from error
    if lock.digest != digest_of(read_project(root)):
        raise LockProblem(
            f"pyproject.toml 的依赖改过，{path.name} 还是旧的。",
            "请运行 make lock ARGS=--unlocked 重新锁定，或恢复 pyproject.toml。",
        )
    if target.name not in lock.covers:
        raise LockProblem(
            f"锁定文件没有包括这台电脑（{target.name}），只有：{'、'.join(lock.covers)}。",
            "请换用其中的 Python 版本；" + unlocked,
        )
    if target.system == "linux" and not offers_cpu_torch(python):
        raise LockProblem(
            "pip 的软件源里没有 torch 的 CPU 版（另一种要下载几个 GB），锁定的是 CPU 版。",
            "请照 README“CPU only”一节加上有 CPU 版的软件源（PIP_EXTRA_INDEX_URL）；" + unlocked,
        )
    options = ["--require-hashes", "--only-binary=:all:", "-r", str(path)]
    return [("按锁定的版本和校验值安装依赖（首次约需几分钟）", options)]


def unlocked_steps(root: Path, extras: Sequence[str]) -> Steps:
    """Return the steps that install what pyproject.toml admits, no hash checked.

    torch by itself first, so that a CPU build on offer is taken.
    """
    project = read_project(root)
    names = list(project["dependencies"])
    for extra in extras:
        names += project["optional-dependencies"][extra]
    torch = [name for name in names if name.startswith("torch==")]
    print("    注意：按 --unlocked 安装，不核对校验值，版本以软件源当日为准。")
    return [("安装 torch（首次约需几分钟）", torch), ("安装其余依赖", [*torch, *names])]


def read_project(root: Path) -> dict[str, Any]:
    """Return the [project] table of pyproject.toml."""
    import tomllib

    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def offers_cpu_torch(python: str) -> bool:
    """Say whether torch's CPU build is installed or on pip's index; True where pip cannot tell."""
    have = [python, "-c", "import importlib.metadata as m; print(m.version('torch'))"]
    look = [python, "-m", "pip", "index", "versions", "torch"]
    for command in (have, look):
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if "+cpu" in done.stdout:
            return True
    return done.returncode != 0
