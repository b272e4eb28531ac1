"""Make the folder an office without a network installs from: wheels, weights, program, installer.

`make bundle` writes dist/拟稿台-离线版-…/ for this very computer; `--target` names another kind the
lock covers (windows-amd64-3.12). Every wheel is fetched by pip against requirements/run.lock, every
weight against its manifest, and all files are listed in SHA256SUMS, whose own sha256 is the check
code to be told by another way. The folder is built beside its place and moved there when whole.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from locks import ROOT, RUN, Lock, Target, read_lock, this_target

PROGRAM = (
    *("app.py", "drafter", "index", "prompts", "samples", "requirements", "pyproject.toml"),
    *("README.md", "LICENSE", "CHANGELOG.md", "docs/使用手册.md", "docs/screenshots"),
    "docs/licences.md",
)
INSTALLER = Path(__file__).absolute().parent / "offline"
DEFAULT_WRITER = "qwen2.5-coder-1.5b"
NOTES = "安装说明.txt"
SCRIPTS = (".py", ".sh", ".bat")


class BundleError(Exception):
    """The bundle cannot be made; the message is in Chinese."""


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def wanted_lines(lock: Lock, target: Target) -> list[str]:
    """Return the lock's requirements for one target, hashes and all, without markers."""
    pins = [pin for pin in lock.pins if pin.wanted_on(target)]
    return [
        f"{pin.name}=={pin.version} " + " ".join(f"--hash=sha256:{value}" for value in pin.hashes)
        for pin in pins
    ]


def fetch_wheels(lock: Lock, target: Target, folder: Path) -> list[Path]:
    """Return the wheels of every locked project for the target, fetching what is missing.

    Raises BundleError when one cannot be had or a file matches no hash of the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = wanted_lines(lock, target)
    listing = folder / "wanted.txt"
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-qq", "-d", str(folder)]
    other = [] if target == this_target() else target.pip_options
    pip = [sys.executable, "-m", "pip", "download", *options, *other, "-r", str(listing)]
    if subprocess.call(pip):
        raise BundleError("有安装包没有取到，原因见上。请检查网络或 pip 的软件源后重新运行。")
    return chosen_wheels(lock, target, folder.glob("*.whl"))


def chosen_wheels(lock: Lock, target: Target, files: Iterable[Path]) -> list[Path]:
    """Return of these files those the lock names by hash; BundleError when one is missing."""
    by_hash = {sha256_of(path): path for path in sorted(files)}
    chosen: dict[str, Path] = {}
    for pin in lock.pins:
        found = [by_hash[value] for value in pin.hashes if value in by_hash]
        if pin.wanted_on(target) and not found:
            raise BundleError(f"没有 {pin.name} {pin.version} 的安装包。请重新运行。")
        if pin.wanted_on(target):
            chosen[pin.name] = found[0]
    return list(chosen.values())


def program_files(root: Path) -> Iterator[Path]:
    """Yield the files of the program, without byte code and hidden ones.

    In a git checkout only tracked ones: an office's own papers laid among samples/ stay at home.
    """
    tracked = tracked_files(root)
    for name in PROGRAM:
        place = root / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            inside = path.relative_to(root).parts
            hidden = any(part.startswith(".") or part == "__pycache__" for part in inside)
            ours = tracked is None or path in tracked
            if path.is_file() and ours and not hidden and path.suffix != ".pyc":
                yield path


def tracked_files(root: Path) -> set[Path] | None:
    """Return what git tracks there; None where there is no checkout, or no git."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    command = [git, "ls-files", "-z", "--", *PROGRAM]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if done.returncode:
        raise BundleError(
            "git 列不出仓库里的文件：" + done.stderr.decode("utf-8", "replace").strip()
        )
    return {root / name for name in done.stdout.decode("utf-8").split("\0") if name}


def place_file(source: Path, place: Path) -> None:
    """Put a file there: a hard link where the disk allows, else a copy."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), place)
    except OSError:
        shutil.copyfile(source, place)


def unpacked_bytes(wheel: Path) -> int:
    """Return how many bytes a wheel holds."""
    with zipfile.ZipFile(wheel) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def names_in(wheel: Path) -> list[str]:
    """Return the paths a wheel unpacks."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def write_sums(folder: Path) -> str:
    """Write SHA256SUMS over all files of the folder; return its own sha256, the check code."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(lines), encoding="utf-8", newline="\n")
    return sha256_of(sums)


def assemble(
    root: Path, folder: Path, target: Target, wheels: Sequence[Path], weights: Sequence[Path]
) -> str:
    """Fill an empty folder with everything; return its check code.

    The first of `weights` that is no embedder is the writer the installed program starts with.
    """
    for wheel in wheels:
        place_file(wheel, folder / "wheels" / wheel.name)
    for weight in weights:
        place_file(weight, folder / "weights" / weight.name)
    program = 0
    for path in program_files(root):
        place = folder / "program" / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        program += path.stat().st_size
    site = "Lib/site-packages/"  # where Windows, which has the limit, unpacks them
    inside = [f"{site}{name}" for wheel in wheels for name in names_in(wheel)]
    unpacked = sum(unpacked_bytes(wheel) for wheel in wheels) + program
    kept = sum(weight.stat().st_size for weight in weights)
    names = {entry["file"]: entry["name"] for entry in _entries(root / "drafter" / "models.toml")}
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    described = {
        "version": project["version"],
        "target": target.name,
        "python": target.python,
        "writer": next((names[path.name] for path in weights if path.name in names), ""),
        "weights": [{"file": path.name, "bytes": path.stat().st_size} for path in weights],
        "installed_bytes": unpacked,
        "longest_path": max(map(len, inside), default=0) + len("__pycache__/.cpython-311"),
    }
    text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    (folder / "bundle.json").write_text(text, encoding="utf-8", newline="\n")
    scripts = sorted(path.name for path in INSTALLER.iterdir() if path.suffix in SCRIPTS)
    for name in scripts:
        shutil.copyfile(INSTALLER / name, folder / name)
    (folder / "install.sh").chmod(0o755)
    notes = (INSTALLER / NOTES).read_text(encoding="utf-8")
    size = f"{(unpacked + kept) / 1e9 + 0.8:.1f} GB"  # with install.py's SLACK
    notes = notes.format(python=target.python, target=target.name, needed=size)
    (folder / NOTES).write_text(notes, encoding="utf-8-sig", newline="\r\n")
    return write_sums(folder)


def _entries(manifest: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads(manifest.read_text("utf-8"))["weights"]
    return entries


def fetch_weights(writers: Sequence[str], folder: Path) -> list[Path]:
    """Return the verified files of these writers and of the embedder, fetching what is missing."""
    sys.path.insert(0, str(ROOT))
    from index.errors import UserFacingError
    from index.weights import fetch, load_manifest

    def tell(done: int, whole: int, what: str) -> None:
        if done in (0, whole):
            print(f"    {what}")

    every = {entry.name: entry for entry in load_manifest(ROOT / "drafter" / "models.toml")}
    unknown = [name for name in writers if name not in every]
    if unknown:
        raise BundleError(f"没有这个写作模型：{unknown[0]}。可用的：{'、'.join(every)}。")
    chosen = [every[name] for name in writers] + list(load_manifest(ROOT / "index" / "models.toml"))
    try:
        return [fetch(entry, folder, tell, threading.Event()) for entry in chosen]
    except UserFacingError as error:
        raise BundleError(error.message + error.hint) from error


def make(target: Target, writers: Sequence[str], out: Path) -> Path:
    """Make the bundle; return its folder. Raises BundleError, UserFacingError, OSError."""
    lock = read_lock(RUN)
    if target.name not in lock.covers:
        raise BundleError(f"锁定没有包括 {target.name}，只有：{'、'.join(lock.covers)}。")
    print(f"==> 取安装包（{target.name}）")
    wheels = fetch_wheels(lock, target, ROOT / ".cache" / "wheels" / target.name)
    print("==> 取模型并核对")
    models = Path(os.environ.get("DRAFTER_MODELS") or ROOT / ".cache" / "models")
    weights = fetch_weights(writers, models)
    print("==> 合成文件夹，计算校验值")
    folder = out / f"拟稿台-离线版-{target.name}"
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    code = assemble(ROOT, part, target, wheels, weights)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    (out / f"{folder.name}-校验码.txt").write_text(code + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}\n{len(wheels)} 个安装包、{len(weights)} 个模型，共 {size / 1e9:.2f} GB")
    print(f"安装包校验码（请用别的途径告诉安装的人）：{code}")
    return folder


def read_target(name: str) -> Target:
    """Return the target of a name like "windows-amd64-3.12"."""
    parts = name.split("-")
    if len(parts) != 3:
        raise BundleError(f"“{name}”不是“系统-处理器-Python 版本”的写法，如 windows-amd64-3.12。")
    return Target(*parts)


def main(arguments: Sequence[str]) -> int:
    """Make the bundle asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="make bundle", description="做离线安装包。")
    parser.add_argument("--target", default=this_target().name, help="给哪种电脑用，默认和本机一样")
    parser.add_argument("--writer", action="append", help=f"写作模型，默认 {DEFAULT_WRITER}")
    parser.add_argument("--out", default=str(ROOT / "dist"), help="放到哪里，默认 dist")
    chosen = parser.parse_args(list(arguments))
    out = Path(chosen.out).absolute()
    try:
        make(read_target(chosen.target), chosen.writer or [DEFAULT_WRITER], out)
    except (BundleError, OSError, ValueError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
