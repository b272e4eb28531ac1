"""Weights of one byte each, for the processor: a quarter of fp32's memory, and sooner to write.

Every row of a linear layer is kept as whole numbers from -127 to 127 and one scale (torch's
`_weight_int8pack_mm`, a kernel of torch itself for exactly this form), which takes its inputs in
bfloat16; all else stays float32 (attention in bfloat16 is several times slower on processors).
Measured beside fp32 by `bench.low_memory`. The made weights are a folder of safetensors: starting
again costs no conversion. Knows nothing of tokenizers and of GGUF.
"""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

MARK = "int8-1"  # in the metadata of every file written here; another layout gets another number
ROWS_AT_A_TIME = 4096
FILE_BYTES = 96 * 2**20  # weights are written out this often, so that making them needs no memory
WIDE = 12  # more rows than this are multiplied sooner with the weights made floats (measured)
_ALIGNED = 64  # bytes
_STEP = 32  # torch's kernel reads so many numbers at a time


class NotSuited(Exception):
    """The weights of this folder cannot be matched to layers one by one; says why, in Chinese."""


@cache
def layers() -> tuple[Any, Any]:
    """Return the two layer classes: of linear layers, and of embeddings."""
    import torch
    from torch.nn.functional import linear

    # Without instructions for bfloat16 (most office PCs) its products take three times fp32's.
    known = torch.backends.mkldnn.is_available()
    quick = known and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    wide = torch.bfloat16 if quick else torch.float32

    class Int8Linear(torch.nn.Module):  # type: ignore[misc]
        """x · (weight × scale)ᵀ + bias; rows of `weight` are outputs."""

        def __init__(self, old: torch.nn.Linear | torch.nn.Embedding) -> None:
            super().__init__()
            rows, columns = old.weight.shape
            self.register_buffer("weight", torch.empty(rows, columns, dtype=torch.int8))
            self.register_buffer("scale", torch.empty(rows, dtype=torch.bfloat16))
            has = getattr(old, "bias", None) is not None
            bias = torch.empty(rows) if has else None
            self.register_buffer("bias", bias)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            flat = x.reshape(-1, x.shape[-1])
            if flat.shape[0] > WIDE:
                made = linear(flat.to(wide), self.weight.to(wide)) * self.scale
            else:
                few = flat.bfloat16().contiguous()
                made = torch._weight_int8pack_mm(few, self.weight, self.scale)
            made = made.to(x.dtype)
            if self.bias is not None:
                made = made + self.bias
            return made.reshape(*x.shape[:-1], made.shape[-1])

    class Int8Embedding(torch.nn.Module):  # type: ignore[misc]
        """Rows of `weight` × their `scale`."""

        def __init__(self, old: torch.nn.Linear | torch.nn.Embedding) -> None:
            super().__init__()
            rows, columns = old.weight.shape
            self.register_buffer("weight", torch.empty(rows, columns, dtype=torch.int8))
            self.register_buffer("scale", torch.empty(rows, dtype=torch.bfloat16))

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.weight[ids].float() * self.scale[ids].float().unsqueeze(-1)

    return Int8Linear, Int8Embedding


def _fits(module: Any) -> bool:  # noqa: ANN401 - a torch module
    """Tell whether a layer may be kept in int8: plain, and of a width the kernel takes."""
    import torch

    if type(module) is torch.nn.Embedding:
        return True
    return type(module) is torch.nn.Linear and module.weight.shape[1] % _STEP == 0


def skeleton(folder: Path) -> Any:  # noqa: ANN401 - a PreTrainedModel
    """Return the model of a folder without its weights (on torch's "meta" device)."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    if getattr(config, "quantization_config", None) is not None:
        raise NotSuited("模型已经量化过")
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config, dtype=torch.float32)


def _weights(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every tensor's name and the file it is in."""
    from safetensors import safe_open

    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            yield from ((name, path) for name in file.keys())  # noqa: SIM118 - not a dict


def _packed(path: Path, name: str) -> tuple[Any, Any]:
    """Return a matrix as int8 and its scales, reading a few rows at a time."""
    import torch
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        rows = file.get_slice(name)
        count, columns = rows.get_shape()
        weight = torch.empty(count, columns, dtype=torch.int8)
        scale = torch.empty(count, dtype=torch.bfloat16)
        for start in range(0, count, ROWS_AT_A_TIME):
            end = min(start + ROWS_AT_A_TIME, count)
            part = rows[start:end].float()
            # Rounded to bfloat16 first: what is divided by is then what is multiplied with.
            step = (part.abs().amax(1) / 127).clamp(min=1e-30).bfloat16()
            scale[start:end] = step
            weight[start:end] = (
                (part / step.float()[:, None]).round().clamp(-127, 127).to(torch.int8)
            )
    return weight, scale


def make_int8(folder: Path, target: Path) -> None:
    """Write the int8 form of a folder's weights, with all its small files, into `target`.

    Needs little memory whatever the size of the model. Raises NotSuited, and OSError and
    SafetensorError as the libraries do.
    """
    from safetensors import safe_open
    from safetensors.torch import save_file

    model = skeleton(folder)
    modules, expected = dict(model.named_modules()), set(model.state_dict())
    held: dict[str, Any] = {}
    files = 0
    for name, path in _weights(folder):
        if name not in expected:
            raise NotSuited(f"有对不上的权重 {name}")
        layer, _, part = name.rpartition(".")
        if part == "weight" and _fits(modules[layer]):
            held[name], held[f"{layer}.scale"] = _packed(path, name)
        else:
            with safe_open(path, framework="pt") as file:
                tensor = file.get_tensor(name)
            held[name] = tensor.bfloat16().clone() if tensor.is_floating_point() else tensor.clone()
        if sum(tensor.nbytes for tensor in held.values()) > FILE_BYTES:
            save_file(held, target / f"model-{files:05}.safetensors", {"format": MARK})
            held, files = {}, files + 1
    if held:
        save_file(held, target / f"model-{files:05}.safetensors", {"format": MARK})
    for small in folder.iterdir():
        if small.is_file() and small.suffix in (".json", ".jinja", ".model", ".txt"):
            shutil.copyfile(small, target / small.name)


def load_int8(folder: Path) -> Any:  # noqa: ANN401 - a PreTrainedModel
    """Return the model of a folder made by `make_int8`, on the CPU.

    Raises what the libraries raise for damaged files, and ValueError when a weight is missing.
    """
    import torch
    from safetensors.torch import load_file

    model = skeleton(folder)
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("model-*.safetensors")):
        tensors = load_file(path)
        for name, tensor in tensors.items():
            if tensor.is_floating_point() and not name.endswith(".scale"):
                tensors[name] = tensor.float()
        found |= _in_one_piece(tensors)
    _share(model, found)
    linear, embedding = layers()
    with torch.device("meta"):
        for name, module in list(model.named_modules()):
            if f"{name}.scale" in found and _fits(module):
                kind = embedding if type(module) is torch.nn.Embedding else linear
                model.set_submodule(name, kind(module))
    missing, unknown = model.load_state_dict(found, strict=False, assign=True)
    if missing or unknown:
        raise ValueError(f"weights: {len(missing)} missing, {len(unknown)} unknown")
    _fill_tables(model)
    return model.eval()


def _in_one_piece(tensors: dict[str, Any]) -> dict[str, Any]:
    """Return copies that lie in one piece of memory, each at an address that divides by 64.

    torch's kernel ends the process where weights lie elsewhere, as they do in a mapped file; and
    a large piece goes back to the system when it is freed, many small ones stay with the process.
    """
    import torch

    sizes = [-(-tensor.nbytes // _ALIGNED) * _ALIGNED for tensor in tensors.values()]
    room = torch.empty(sum(sizes) + _ALIGNED, dtype=torch.uint8)
    at = -room.data_ptr() % _ALIGNED
    copies = {}
    for (name, tensor), size in zip(tensors.items(), sizes, strict=True):
        part = room[at : at + tensor.nbytes].view(tensor.dtype).view(tensor.shape)
        copies[name] = part.copy_(tensor)
        at += size
    return copies


def _share(model: Any, found: dict[str, Any]) -> None:  # noqa: ANN401 - a PreTrainedModel
    """Give the output layer the embedding's weights where the model has one table for both."""
    if not getattr(model.config, "tie_word_embeddings", False):
        return
    names = {id(module): name for name, module in model.named_modules()}
    source = names[id(model.get_input_embeddings())]
    output = names[id(model.get_output_embeddings())]
    for part in ("weight", "scale"):
        if f"{source}.{part}" in found:
            found[f"{output}.{part}"] = found[f"{source}.{part}"]


def _fill_tables(model: Any) -> None:  # noqa: ANN401 - a PreTrainedModel
    """Compute what no file holds: the tables of positions. transformers does it, told what is
    there already (the mark its own loader sets)."""
    import torch

    for tensor in model.parameters():
        tensor._is_hf_initialized = True
    for module in model.modules():
        for name, buffer in module.named_buffers(recurse=False):
            if buffer.is_meta:
                setattr(module, name, torch.empty_like(buffer, device="cpu"))
            else:
                buffer._is_hf_initialized = True
    model.initialize_weights()
