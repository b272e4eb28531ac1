"""Install or update 拟稿台 from this folder, on a computer without a network.

Standard library only, parseable by Python 3.7. Nothing is written before every file of the folder
was found to be the one SHA256SUMS names, none missing and none too many. A new version goes into a
folder of its own and is tried out there; only then `current.txt` names it, in one step: a failed or
interrupted installation leaves the version before usable. The person's work lies elsewhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

BUNDLE = Path(__file__).absolute().parent
SUMS = "SHA256SUMS"
MARK = "whole.json"  # in a version's folder: it was tried out and found to work
SLACK = 800_000_000  # bytes: byte code, pip's own room, the embedder unpacked at first use
CHUNK = 1 << 20
TRIAL = (
    "import faiss, gradio, lxml, numpy, sentence_transformers, torch, transformers, xllamacpp; "
    "import drafter.workflow, drafter.ui.server"
)
START_SH = """#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd) || exit 1
now=$(cat "$here/current.txt") || exit 1
export DRAFTER_MODELS="${{DRAFTER_MODELS:-$here/models}}"
export DRAFTER_MODEL="${{DRAFTER_MODEL:-{writer}}}"
export PYTHONUTF8=1 HF_HUB_OFFLINE=1 DO_NOT_TRACK=1 GRADIO_ANALYTICS_ENABLED=False
exec "$here/versions/$now/.venv/bin/python" {program} "$@"
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
"%~dp0versions\\%NOW%\\.venv\\Scripts\\python.exe" {program} %*
if errorlevel 1 pause
""".replace("\n", "\r\n")


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
    if extra:
        raise Refused(f"安装包里多了文件：{listed(extra)}。请删掉它们，或{again}")
    damaged = [name for name, digest in sums.items() if sha256_of(bundle / name) != digest]
    if damaged:
        raise Refused(f"文件损坏或被改动：{listed(damaged)}。{again}")
    return sums, code


def this_target() -> str:
    """Return what this computer and Python are, as "linux-x86_64-3.11"."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    return "{}-{}-{}.{}".format(system, platform.machine().lower(), *sys.version_info[:2])


def require_target(wanted: str) -> None:
    """Raise Refused unless this computer and Python are what the wheels were made for."""
    if wanted != this_target():
        raise Refused(
            f"这份安装包是给 {wanted}（系统-处理器-Python 版本）用的，这台电脑是 {this_target()}。"
            f"请换用对应的安装包，或装上 Python {wanted.rpartition('-')[2]} 后用它运行 install.py。"
        )


def require_place(target: Path) -> None:
    """Raise Refused when the folder holds other things, or the disk is too small for it."""
    if target.is_dir() and any(target.iterdir()) and not (target / "versions").is_dir():
        raise Refused(f"“{target}”里有别的东西。请换一个空文件夹，或还没有的文件夹。")
    if target.exists() and not target.is_dir():
        raise Refused(f"“{target}”是一个文件，不是文件夹。请换一个位置。")
    if target == BUNDLE or BUNDLE in target.parents:
        raise Refused("不能装到安装包自己里面。请换一个位置。")


def require_space(target: Path, described: Mapping[str, Any]) -> None:
    """Tell the room needed, and raise Refused when the disk has less."""
    there = {item["file"]: item["bytes"] for item in described["weights"]}
    missing = [size for name, size in there.items() if not (target / "models" / name).exists()]
    needed = int(described["installed_bytes"]) + sum(missing) + SLACK
    place = next(each for each in (target, *target.parents) if each.exists())
    free = shutil.disk_usage(str(place)).free
    print(f"    需要 {needed / 1e9:.1f} GB，{place} 所在磁盘有 {free / 1e9:.1f} GB 空余")
    if free < needed:
        raise Refused(
            f"磁盘空间不够：需要 {needed / 1e9:.1f} GB，只有 {free / 1e9:.1f} GB。"
            "请腾出空间，或换一个磁盘上的文件夹。"
        )


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Hold the folder against a second installer. Raises Refused when one is at work."""
    with (target / "install.lock").open("a+b") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            else:
                import fcntl

                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("另一个安装程序正在往这个文件夹里装。请等它装完。") from error
        yield


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


def environment() -> dict[str, str]:
    """Return the subprocesses' environment: no network, no settings of pip's but ours."""
    drop = ("PIP_", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
    env.update(PIP_CONFIG_FILE=os.devnull, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1")
    env.update(HF_HUB_OFFLINE="1", GRADIO_ANALYTICS_ENABLED="False", DO_NOT_TRACK="1")
    return env


def call(command: Sequence[str], failure: str) -> None:
    """Run a command; raise Refused with `failure` and the end of what it said."""
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(command, env=environment(), stdout=pipe, stderr=both, check=False)
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-6:]
        raise Refused(failure + "\n    " + "\n    ".join(said))


def python_of(folder: Path) -> Path:
    """Return the interpreter of the environment in a version's folder."""
    return folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def build(bundle: Path, folder: Path) -> None:
    """Make the environment of a version, from nothing: what a power cut left is not trusted."""
    shutil.rmtree(str(folder / ".venv"), ignore_errors=True)
    hint = "请确认 Python 带有 venv 与 ensurepip（Debian、UOS、麒麟上是 python3-venv）。"
    call([sys.executable, "-m", "venv", str(folder / ".venv")], "建不了虚拟环境。" + hint)
    fill(bundle, folder)


def fill(bundle: Path, folder: Path) -> None:
    """Install the bundle's wheels into the environment, every hash checked by pip."""
    python = python_of(folder)
    offline = ["--no-index", "--find-links", str(bundle / "wheels"), "--no-cache-dir"]
    strict = ["--require-hashes", "--only-binary=:all:", "--no-input", "-q"]
    lock = str(folder / "requirements" / "run.lock")
    pip = [str(python), "-m", "pip", "install", *offline, *strict, "-r", lock]
    call(pip, "依赖没有装上。请检查磁盘空间和写入权限后重新运行。")
    # A relative path: the folder may be moved, and its name need not be ASCII.
    code = (
        "import os, sys, sysconfig; site = sysconfig.get_path('purelib'); "
        "open(os.path.join(site, 'drafter.pth'), 'w').write(os.path.relpath(sys.argv[1], site))"
    )
    call([str(python), "-c", code, str(folder)], "虚拟环境写不进去。")


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file in one step: whole, or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(text.encode("utf-8"))
    part.chmod(mode)
    os.replace(str(part), str(path))  # noqa: PTH105


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


def install(bundle: Path, target: Path, expected: str = "") -> str:
    """Install or update; return the version's name. Raises Refused, OSError."""
    print("1/5 核对安装包里每个文件的校验值（约需半分钟）")
    sums, code = check_bundle(bundle, expected)
    print(f"    {len(sums)} 个文件都对；安装包校验码 {code}")
    described: dict[str, Any] = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    require_target(described["target"])
    print("2/5 检查位置和磁盘空间")
    require_place(target)
    version = f"{described['version']}-{code[:8]}"
    folder = target / "versions" / version
    whole = (folder / MARK).exists() and python_of(folder).exists()
    if not whole:
        require_space(target, described)
    (target / "versions").mkdir(parents=True, exist_ok=True)
    with alone(target):
        print("3/5 复制模型和程序")
        put_all(bundle, sums, "weights/", target / "models")
        put_all(bundle, sums, "program/", folder)
        print("4/5 依赖已经装好" if whole else "4/5 安装依赖（不联网，约需几分钟）")
        if not whole:
            build(bundle, folder)
        print("5/5 试运行")
        try:
            call([str(python_of(folder)), "-c", TRIAL], "新版本试运行没有通过，没有启用。")
        except Refused:
            (folder / MARK).unlink(missing_ok=True)  # the next run builds anew
            raise
        getattr(os, "sync", int)()  # on the disk before it is called whole
        write(folder / MARK, json.dumps({"code": code}))
        previous = current(target)
        write_starters(target, described["writer"])
        write(target / "current.txt", version + "\n")
        tidy(target, {version, previous})
    return version


def current(target: Path) -> str:
    """Return the name of the version in use ("" before the first)."""
    path = target / "current.txt"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def tidy(target: Path, kept: set[str]) -> None:
    """Remove older versions; the one before stays, for it may still be running."""
    for folder in (target / "versions").iterdir():
        if folder.name not in kept:
            shutil.rmtree(str(folder), ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Install as asked; return the exit status."""
    parser = argparse.ArgumentParser(description="安装或更新拟稿台，不需要网络。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示这段说明")
    parser.add_argument("target", nargs="?", help="装到哪个文件夹，默认是个人文件夹里的“拟稿台”")
    parser.add_argument("--check", action="store_true", help="只核对校验值，不安装")
    parser.add_argument("--expect", default="", help="制作者告知的安装包校验码（至少前 8 位）")
    chosen = parser.parse_args(list(arguments))
    target = Path(os.path.abspath(chosen.target)) if chosen.target else Path.home() / "拟稿台"  # noqa: PTH100
    try:
        if chosen.check:
            sums, code = check_bundle(BUNDLE, chosen.expect)
            print(f"{len(sums)} 个文件都对；安装包校验码 {code}")
            return 0
        version = install(BUNDLE, target, chosen.expect)
    except Refused as refused:
        print(f"没有安装：{refused}", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError) as error:
        print(f"没有安装：{error}。请检查磁盘和权限后重新运行。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停下；原来的版本不受影响，再次运行会接着做。", file=sys.stderr)
        return 130
    print(f"装好了：版本 {version}。打开“{target}”，运行“启动拟稿台”。文稿数据没有动过。")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
