"""A GGUF file made into a Hugging Face folder, once.

transformers dequantises a GGUF file at every load, which takes a minute for 0.5B. The result is
kept under `models/converted`, as large as the model in bfloat16, and loaded from there.
"""

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

from drafter.chat.gguf import check_gguf
from drafter.errors import EngineError
from index.alone import whole_folder
from index.failures import meaning
from index.home import models_dir

# What transformers needs to read a GGUF file, beyond what this tool installs.
_NEEDED = ("gguf", "accelerate")


def converted_folder(path: Path) -> Path:
    """Return the folder a GGUF file was converted to, converting it the first time (minutes).

    Raises EngineError when the file is damaged, of an unknown kind, or there is no room.
    """
    check_gguf(path)
    status = path.stat()
    mark = hashlib.sha256(f"{path.resolve()} {status.st_size} {status.st_mtime_ns}".encode())
    folder = models_dir() / "converted" / f"{path.stem}-{mark.hexdigest()[:12]}"
    if (folder / "config.json").is_file():
        return folder
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise EngineError(
            f"用 transformers 引擎打开 GGUF 文件还需要软件包：{'、'.join(missing)}。",
            f"请把引擎改为 llama.cpp（推荐），或执行 pip install {' '.join(missing)} 后重试。",
        )
    try:
        with whole_folder(folder, ".converting-") as made:
            _convert(path, made)
    except OSError as error:
        raise EngineError(
            f"转换后的模型写不进 {folder.parent}：{meaning(error)}。",
            "请检查磁盘空间和写入权限，或把引擎改为 llama.cpp。",
        ) from error
    return folder


def _convert(path: Path, folder: Path) -> None:
    """Write the dequantised model, bfloat16, with its tokenizer into `folder`."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source = {"gguf_file": path.name, "local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(path.parent), **source)
        model = AutoModelForCausalLM.from_pretrained(
            str(path.parent), dtype=torch.bfloat16, **source
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EngineError(
            f"transformers 引擎打不开“{path.name}”（{error}）。", "请把引擎改为 llama.cpp。"
        ) from error
    weights: dict[str, Any] = {}
    seen: set[int] = set()
    for key, tensor in model.state_dict().items():
        # Tied weights (the output layer of small models) are one tensor under two names, which
        # safetensors refuses; loading ties them again.
        if tensor.data_ptr() not in seen:
            seen.add(tensor.data_ptr())
            weights[key] = tensor.contiguous()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = {k: v for k, v in model.config.to_dict().items() if k != "quantization_config"}
    config["architectures"] = [type(model).__name__]
    (folder / "config.json").write_text(json.dumps(config, default=str), encoding="utf-8")
    model.generation_config.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
