"""Which writers there are: the manifest, what of it is here, and what a person may name.

A model is named by its entry in the manifest, by the path of a GGUF file or a Hugging Face folder,
or by a server's address. Loading one is `drafter.chat`'s concern.
"""

import hashlib
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from drafter.errors import InputError, WeightsError
from index.failures import meaning
from index.home import models_dir
from index.starting import command
from index.weights import OnProgress, Weights, fetch, installed, load_manifest, verify

MANIFEST = Path(__file__).with_name("models.toml")
DEFAULT_MODEL = "qwen2.5-coder-1.5b"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A writer of the manifest. `path` is where its file is, or would be after `get_model`.

    `installed` means: there, and its sha256 was found right; `default` marks the one in use when
    nothing is chosen.
    """

    name: str
    label: str
    licence: str
    bytes: int
    path: Path
    installed: bool
    default: bool
    weights: Weights


def default_model() -> str:
    """Return what `DRAFTER_MODEL` names (a name, a path or an address), else the 1.5B."""
    return os.environ.get("DRAFTER_MODEL", "").strip() or DEFAULT_MODEL


def list_models() -> tuple[ModelInfo, ...]:
    """Return the writers of the manifest in its order. Reads no model file."""
    folder, chosen = models_dir(), default_model()
    return tuple(
        ModelInfo(
            name=weights.name,
            label=weights.label,
            licence=weights.licence,
            bytes=weights.bytes,
            path=folder / weights.file,
            installed=installed(weights, folder),
            default=weights.name == chosen,
            weights=weights,
        )
        for weights in load_manifest(MANIFEST)
        if weights.kind == "writer"
    )


def get_model(name: str, on_progress: OnProgress, stop: threading.Event) -> Path:
    """Return the verified file of a writer of the manifest, fetching what is missing.

    Raises InputError for a name that is not in the manifest, FetchStopped when `stop` is set,
    WeightsError when the file cannot be had.
    """
    info = _find(name)
    if info is None:
        raise InputError(f"模型清单里没有“{name}”。", f"可以下载的有：{_names()}。")
    return fetch(info.weights, models_dir(), on_progress, stop)


def resolve_model(spec: str) -> str:
    """Return the path or address behind what a person wrote as the model.

    A manifest's name becomes the path of its file; a file that was put there by hand is hashed the
    first time (seconds). An address is returned as it is. Raises WeightsError when the model is not
    there yet, cut short or damaged, InputError when `spec` names nothing.
    """
    spec = spec.strip()
    if not spec:
        raise InputError("没有指定写作模型。", f"可用的模型名有：{_names()}。")
    if spec.lower().startswith(("http://", "https://")):
        return spec
    info = _find(spec)
    if info is not None:
        return str(_installed_path(info))
    path = Path(spec).expanduser()
    if path.is_file() and path.suffix.lower() == ".gguf":
        return str(path)
    if (path / "config.json").is_file():
        return str(path)
    if path.exists():
        raise InputError(
            f"“{spec}”不是可用的模型。",
            "请给出 .gguf 文件，或含有 config.json 的 Hugging Face 模型文件夹。",
        )
    raise InputError(
        f"找不到模型“{spec}”。",
        f"请检查路径；或使用清单中的模型名：{_names()}；或填写服务地址（以 http:// 开头）。",
    )


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, from the note beside it where size and time still agree.

    Reading a gigabyte takes seconds; the note `.NAME.sha256` spares that at the next start. A
    folder that cannot be written only costs the time again. Raises WeightsError when unreadable.
    """
    note = path.with_name(f".{path.name}.sha256")
    try:
        status = path.stat()
        seen = {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns}
        known = _read_note(note)
        if known.get("seen") == seen:
            return str(known.get("sha256"))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(
            f"读不了模型文件 {path}：{meaning(error)}。", "请检查路径和读取权限后重试。"
        ) from error
    try:
        note.write_text(json.dumps({"seen": seen, "sha256": digest}), encoding="utf-8")
    except OSError:
        return digest
    return digest


def _read_note(note: Path) -> dict[str, object]:
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _installed_path(info: ModelInfo) -> Path:
    if not info.path.exists():
        raise WeightsError(
            f"模型“{info.name}”尚未下载。",
            f"请在页面上点“下载模型”，或运行 {command(f'model get {info.name}')}。",
        )
    if not info.installed:
        verify(info.path, info.weights)
    return info.path


def _find(name: str) -> ModelInfo | None:
    return next((info for info in list_models() if info.name == name), None)


def _names() -> str:
    return "、".join(info.name for info in list_models())
