"""Install or update 拟稿台 from this folder, on a computer without a network.

Standard library only, parseable by Python 3.7. Nothing is written before every file of the folder
was found to be the one SHA256SUMS names, none missing and none too many. A new version goes into a
folder of its own and is tried out there; only then `current.txt` names it, in one step: a failed or
interrupted installation leaves the version before usable. The person's work lies elsewhere.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.dont_write_bytecode = True  # a file too many would spoil the folder
sys.path.insert(0, str(Path(__file__).absolute().parent))
from copying import put_all, put_weights, swap_weights
from starters import flush, write, write_starters
from sums import Refused, check_bundle, is_litter

BUNDLE = Path(__file__).absolute().parent
MARK = "whole.json"  # in a version's folder: it was tried out and found to work
BEGUN = "begun.json"  # in a version's folder from the first moment: ours, perhaps unfinished
LOCK = "install.lock"
NEW, OLD = ".venv.new", ".venv.old"  # an environment being made, and the one it takes the place of
SLACK = 800_000_000  # bytes: byte code, pip's own room, the embedder unpacked at first use
TRIAL = (
    "import faiss, gradio, lxml, numpy, sentence_transformers, torch, transformers, xllamacpp; "
    "import drafter.workflow, drafter.ui.server"
)


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
    """Raise Refused when the folder holds other things than an installation of ours."""
    if target.exists() and not target.is_dir():
        raise Refused(f"“{target}”是一个文件，不是文件夹。请换一个位置。")
    if target == BUNDLE or BUNDLE in target.parents:
        raise Refused("不能装到安装包自己里面。请换一个位置。")
    if not target.is_dir() or all(is_litter(each.name) for each in target.iterdir()):
        return
    whole = (target / "versions").is_dir() and (target / "current.txt").is_file()
    if not (whole or (target / LOCK).is_file()):
        raise Refused(f"“{target}”里有别的东西。请换一个空文件夹，或还没有的文件夹。")


def require_short(folder: Path, longest: int, windows: bool = os.name == "nt") -> None:
    """Raise Refused where Windows takes no path so long. `longest` is the bundle's, inside."""
    most = 259  # MAX_PATH without its closing zero
    too_many = len(str(folder / NEW)) + 1 + longest - most
    if windows and too_many > 0 and not long_paths():
        raise Refused(
            f"“{folder.parent.parent}”的路径太长，超出 Windows 的限制 {too_many} 个字。"
            "请换一个短些的位置，如 D:\\拟稿台。"
        )


def long_paths() -> bool:
    """Tell whether this Windows was set to take long paths."""
    try:
        import winreg

        place = "SYSTEM\\CurrentControlSet\\Control\\FileSystem"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:  # type: ignore[attr-defined,unused-ignore]
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])  # type: ignore[attr-defined,unused-ignore]
    except (ImportError, OSError):
        return False


def require_space(target: Path, described: Mapping[str, Any]) -> None:
    """Tell the room needed, and raise Refused when the disk has less."""
    needs = {target / "models" / item["file"]: item["bytes"] for item in described["weights"]}
    missing = [
        size for path, size in needs.items() if not path.exists() or path.stat().st_size != size
    ]
    needed = int(described["installed_bytes"]) + sum(missing) + SLACK
    place = next((each for each in (target, *target.parents) if each.exists()), None)
    if place is None:
        raise Refused(f"“{target}”所在的磁盘不在。请接上它，或换一个位置。")
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
    with (target / LOCK).open("a+b") as file:
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


def environment() -> dict[str, str]:
    """Return the subprocesses' environment: no network, no settings of pip's but ours."""
    drop = ("PIP_", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
    env.update(PIP_CONFIG_FILE=os.devnull, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1")
    env.update(PYTHONSAFEPATH="1")  # nothing from the folder a person happens to stand in
    env.update(HF_HUB_OFFLINE="1", GRADIO_ANALYTICS_ENABLED="False", DO_NOT_TRACK="1")
    return env


def call(command: Sequence[str], failure: str) -> None:
    """Run a command; raise Refused with `failure` and the end of what it said."""
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(command, env=environment(), stdout=pipe, stderr=both, check=False)
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-6:]
        raise Refused(failure + "\n    " + "\n    ".join(said))


def python_of(folder: Path, name: str = ".venv") -> Path:
    """Return the interpreter of the environment in a version's folder."""
    return folder / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def build(bundle: Path, folder: Path) -> None:
    """Make a version's environment as NEW, from nothing: what a power cut left is not trusted."""
    shutil.rmtree(str(folder / NEW), ignore_errors=True)
    hint = "请确认 Python 带有 venv 与 ensurepip（Debian、UOS、麒麟上是 python3-venv）。"
    call([sys.executable, "-m", "venv", str(folder / NEW)], "建不了虚拟环境。" + hint)
    fill(bundle, folder, NEW)


def swap(folder: Path) -> None:
    """Put the environment made as NEW in its place. Raises Refused where the old one is in use."""
    shutil.rmtree(str(folder / OLD), ignore_errors=True)
    try:
        if (folder / ".venv").exists():
            (folder / ".venv").rename(folder / OLD)
        (folder / NEW).rename(folder / ".venv")
    except OSError as error:
        mend_cut(folder)
        raise Refused("这个版本正在用着，换不了。请关掉拟稿台，再运行一次。") from error
    shutil.rmtree(str(folder / OLD), ignore_errors=True)


def mend_cut(folder: Path) -> None:
    """Bring back the environment that a swap cut off in the middle had put aside."""
    if (folder / OLD).exists() and not (folder / ".venv").exists():
        (folder / OLD).rename(folder / ".venv")


def works(folder: Path, name: str = ".venv") -> bool:
    """Tell whether a version's environment is there and passes the trial."""
    try:
        try_out(folder, name)
    except (Refused, OSError):
        return False
    return True


def try_out(folder: Path, name: str) -> None:
    """Import everything with a version's environment. Raises Refused when that fails."""
    call(
        [str(python_of(folder, name)), "-P", "-c", TRIAL],
        "新装的试运行没有通过，没有启用；原来的没有动。",
    )


def fill(bundle: Path, folder: Path, name: str = ".venv") -> None:
    """Install the bundle's wheels into the environment, every hash checked by pip."""
    python = python_of(folder, name)
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


def install(bundle: Path, target: Path, expected: str = "") -> str:
    """Install, update or mend; return the version's name. Raises Refused, OSError."""
    print("1/5 核对安装包里每个文件的校验值（约需半分钟）")
    sums, code = check_bundle(bundle, expected)
    print(f"    {len(sums)} 个文件都对；安装包校验码 {code}")
    described: dict[str, Any] = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    require_target(described["target"])
    print("2/5 检查位置和磁盘空间")
    version = f"{described['version']}-{code[:8]}"
    folder = target / "versions" / version
    require_place(target)
    require_short(folder, int(described.get("longest_path", 0)))
    if not ((folder / MARK).exists() and python_of(folder).exists()):
        require_space(target, described)
    target.mkdir(parents=True, exist_ok=True)
    with alone(target):
        mend_cut(folder)
        print("3/5 复制模型和程序")
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / BEGUN, json.dumps({"code": code}))
        waiting = put_weights(bundle, sums, target / "models")
        put_all(bundle, sums, "program/", folder)
        if (folder / MARK).exists() and works(folder):
            print("4/5 依赖已经装好\n5/5 试运行过了")
        else:
            renew(bundle, folder, code)
        previous = current(target)
        swap_weights(target, waiting)
        write_starters(target, described["writer"])
        write(target / "current.txt", version + "\n")
        if previous != version:  # the same again: the version before is still the way back
            tidy(target, {version, previous})
    return version


def renew(bundle: Path, folder: Path, code: str) -> None:
    """Make a version's environment and try it out; one that is there stays until that is done."""
    print("4/5 安装依赖（不联网，约需几分钟）")
    build(bundle, folder)
    print("5/5 试运行")
    try_out(folder, NEW)
    flush(folder / NEW)
    swap(folder)
    write(folder / MARK, json.dumps({"code": code}))


def current(target: Path) -> str:
    """Return the name of the version in use ("" before the first)."""
    path = target / "current.txt"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def tidy(target: Path, kept: set[str]) -> None:
    """Remove older versions of ours; the one before stays, for it may still be running."""
    for folder in (target / "versions").iterdir():
        signs = [folder / MARK, folder / BEGUN]
        if folder.name in kept or folder.is_symlink() or not any(map(Path.is_file, signs)):
            continue
        for path in folder.iterdir():  # the signs last: what is cut off here goes next time
            if path.is_dir():
                shutil.rmtree(str(path), ignore_errors=True)
            elif path not in signs:
                with suppress(OSError):
                    path.unlink()
        if set(folder.iterdir()) <= set(signs):
            shutil.rmtree(str(folder), ignore_errors=True)


FAULTS = {
    errno.ENOSPC: "磁盘满了",
    errno.EACCES: "没有权限，或正在用着",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "路径太长",
}


def meaning(error: Exception) -> str:
    """Return in Chinese what an error means that nobody foresaw."""
    if isinstance(error, OSError):
        where = f"“{error.filename}”：" if error.filename else ""
        what = FAULTS.get(error.errno or 0, f"读写失败（错误号 {error.errno}）")
        return f"{where}{what}。请检查磁盘和权限后重新运行。"
    return "安装包里的 bundle.json 读不出来。请重新复制整个安装包。"


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
        print(f"没有安装：{meaning(error)}", file=sys.stderr)
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
