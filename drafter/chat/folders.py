"""A Hugging Face folder opened for the transformers engine: checked, in the form that fits.

Only safetensors and JSON are read; code that comes with a model is never run, and nothing is
fetched. On a processor the weights are kept in one byte each (`drafter.chat.int8`), on a graphics
card in two; `full` asks for four on the processor, what everything else is measured against.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from drafter.chat.convert import converted_folder
from drafter.chat.int8 import NotSuited, load_int8, make_int8
from drafter.errors import EngineError
from index.alone import whole_folder
from index.failures import meaning
from index.home import models_dir

Precision = Literal["auto", "full", "int8"]
# One of these holds the words; without any, transformers silently makes up an empty vocabulary.
_VOCABULARIES = ("tokenizer.json", "tokenizer.model", "vocab.json")
SMALL = 64 * 2**20  # bytes of weights; below, there is nothing to save
GB = 1e9


@dataclass(frozen=True, slots=True)
class Opened:
    """A model ready to write. `note` says in Chinese how its weights are kept, "" as usual."""

    tokenizer: Any
    model: Any
    precision: str
    note: str


def open_folder(path: Path, device: str, precision: Precision) -> Opened:
    """Open a folder or a GGUF file (converted the first time, minutes). Raises EngineError."""
    if path.is_dir():
        check_folder(path)
    packs = not device.startswith("cuda") and precision != "full"
    if packs and (precision == "int8" or path.is_file() or _bytes(path) > SMALL):
        try:
            folder = int8_folder(path)
            return Opened(*_load(folder, device, int8=True), "int8", _note(folder))
        except NotSuited as error:
            note = f"这个模型不能用省内存方式（{error}），按完整精度装入"
            return Opened(*_load(_plain(path), device), "full", note)
    name = "half" if device.startswith("cuda") else "full"
    return Opened(*_load(_plain(path), device), name, "")


def int8_folder(path: Path) -> Path:
    """Return the int8 form of a folder or GGUF file, making it the first time.

    Raises NotSuited when it cannot be had (the weights do not match, no room to write it), and
    EngineError as `converted_folder` does.
    """
    folder = models_dir() / "converted" / f"{path.stem}-{_mark(path)}-int8"
    from safetensors import SafetensorError

    if (folder / "config.json").is_file():
        return folder
    source = _plain(path)
    try:
        with whole_folder(folder, ".packing-") as made:
            make_int8(source, made)
    except OSError as error:
        raise NotSuited(f"写不进 {folder.parent}：{meaning(error)}") from error
    except (ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise _broken(source, error) from error
    return folder


def _plain(path: Path) -> Path:
    return converted_folder(path) if path.is_file() else path


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.safetensors"))


def _mark(path: Path) -> str:
    """Tell this folder or file, as it is now, from any other."""
    files = [path] if path.is_file() else [*path.glob("*.safetensors"), path / "config.json"]
    parts = [str(path.resolve())]
    for file in sorted(files):
        status = file.stat()
        parts.append(f"{file.name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _note(folder: Path) -> str:
    return f"权重以 8 位整数装入（约 {_bytes(folder) / GB:.1f} GB），省内存也写得更快"


def _load(folder: Path, device: str, *, int8: bool = False) -> tuple[Any, Any]:
    """Return tokenizer and model of a checked folder, ready on `device`."""
    check_folder(folder)
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    local = {"local_files_only": True, "trust_remote_code": False}
    dtype = _dtype(torch, device)
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **local)
        if not tokenizer.chat_template:
            raise EngineError(
                f"“{folder.name}”没有对话模板，不是对话模型。",
                "请选用名称中带 Instruct 或 Chat 的模型。",
            )
        if int8:
            return tokenizer, load_int8(folder)
        model = AutoModelForCausalLM.from_pretrained(
            str(folder), dtype=dtype, use_safetensors=True, **local
        )
        return tokenizer, model.to(device).eval()
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise _broken(folder, error) from error


def _dtype(torch: Any, device: str) -> Any:  # noqa: ANN401 - a module, and a dtype
    if not device.startswith("cuda"):
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _broken(folder: Path, error: Exception) -> EngineError:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return EngineError(
        f"模型文件夹“{folder.name}”加载失败（{lines[0][:200]}）。",
        "请检查文件夹是否完整（config.json、tokenizer.json、*.safetensors），或换一个模型。",
    )


def check_folder(folder: Path) -> None:
    """Raise EngineError, saying what is missing, where a folder cannot be a model to write with."""
    if not (folder / "config.json").is_file():
        raise EngineError(
            f"“{folder}”不是模型文件夹：里面没有 config.json。",
            "请选择 Hugging Face 格式的文件夹。",
        )
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        raise EngineError(
            f"“{folder.name}”不完整：没有分词文件（tokenizer.json）。",
            "请重新下载或复制完整的模型文件夹。",
        )
    if not any(folder.glob("*.safetensors")):
        raise EngineError(
            f"“{folder.name}”里没有 safetensors 格式的权重。",
            "为安全起见不读取 .bin/.pt 等格式，请下载 safetensors 版本。",
        )
