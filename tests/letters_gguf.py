"""A real, tiny, random GGUF model over Chinese letters: what it says is whole letters in no order,
quickly, and as many as it may. For tests of a server and of those who write with it."""

import struct
from pathlib import Path
from typing import Any

import numpy as np

LETTERS = (
    "一年来支部坚持学习写段话谈读书的好处你是作助手要点党组会责任落实推动群众工作，。：、\n"
    "0123456789"
)
TEMPLATE = "{% for m in messages %}{{ m.role }}：{{ m.content }}\n{% endfor %}"
LAYERS, WIDTH, HEADS, INNER, CONTEXT = 4, 128, 4, 256, 32768
SIZES = {
    "context_length": CONTEXT,
    "embedding_length": WIDTH,
    "block_count": LAYERS,
    "feed_forward_length": INNER,
    "attention.head_count": HEADS,
    "attention.head_count_kv": HEADS,
    "rope.dimension_count": WIDTH // HEADS,
}
# Types of values and of tokens (ggml/include/gguf.h, include/llama.h of llama.cpp).
_U32, _I32, _F32, _STRING, _ARRAY = 4, 5, 6, 8, 9
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6


def build_letters_gguf(path: Path) -> Path:
    """Write the model (about 3 MB) and return its path."""
    letters = list(dict.fromkeys(LETTERS))
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{n:02X}>" for n in range(256)), *letters]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * len(letters)]
    scores = [struct.pack("<f", 0.0)] * len(pieces)
    numbers = [struct.pack("<i", kind) for kind in kinds]
    values = [
        _entry("general.architecture", _STRING, _text("llama")),
        *(_entry(f"llama.{name}", _U32, struct.pack("<I", n)) for name, n in SIZES.items()),
        _entry("llama.attention.layer_norm_rms_epsilon", _F32, struct.pack("<f", 1e-5)),
        _entry("tokenizer.ggml.model", _STRING, _text("llama")),
        _entry("tokenizer.ggml.tokens", _ARRAY, _array(_STRING, [_text(one) for one in pieces])),
        _entry("tokenizer.ggml.scores", _ARRAY, _array(_F32, scores)),
        _entry("tokenizer.ggml.token_type", _ARRAY, _array(_I32, numbers)),
        _entry("tokenizer.ggml.bos_token_id", _U32, struct.pack("<I", 1)),
        _entry("tokenizer.ggml.eos_token_id", _U32, struct.pack("<I", 2)),
        _entry("tokenizer.chat_template", _STRING, _text(TEMPLATE)),
    ]
    random = np.random.default_rng(5)
    tensors: dict[str, Any] = {
        name: np.ones(shape, np.float32)
        if len(shape) == 1
        else random.normal(0, 0.05, shape).astype(np.float32)
        for name, shape in _shapes(len(pieces))
    }
    tensors["output.weight"][: 3 + 256] = 0  # letters, and hardly ever a byte or an ending
    path.write_bytes(_file(values, tensors))
    return path


def _shapes(words: int) -> list[tuple[str, tuple[int, ...]]]:
    each = [
        ("attn_norm", (WIDTH,)),
        *((f"attn_{name}", (WIDTH, WIDTH)) for name in ("q", "k", "v", "output")),
        ("ffn_norm", (WIDTH,)),
        ("ffn_gate", (INNER, WIDTH)),
        ("ffn_up", (INNER, WIDTH)),
        ("ffn_down", (WIDTH, INNER)),
    ]
    layers = [(f"blk.{n}.{name}.weight", shape) for n in range(LAYERS) for name, shape in each]
    return [
        ("token_embd.weight", (words, WIDTH)),
        *layers,
        ("output_norm.weight", (WIDTH,)),
        ("output.weight", (words, WIDTH)),
    ]


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _array(kind: int, items: list[bytes]) -> bytes:
    return struct.pack("<IQ", kind, len(items)) + b"".join(items)


def _entry(key: str, kind: int, value: bytes) -> bytes:
    return _text(key) + struct.pack("<I", kind) + value


def _file(values: list[bytes], tensors: dict[str, Any]) -> bytes:
    """Return a GGUF v3 file: header, entries, places of tensors, tensors at multiples of 32."""
    places, body = [], b""
    for name, tensor in tensors.items():
        shape = b"".join(struct.pack("<Q", n) for n in reversed(tensor.shape))
        head = _text(name) + struct.pack("<I", tensor.ndim) + shape
        places.append(head + struct.pack("<IQ", 0, len(body)))
        body += tensor.tobytes()
        body += b"\0" * (-len(body) % 32)
    start = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    start += b"".join(values) + b"".join(places)
    return start + b"\0" * (-len(start) % 32) + body
