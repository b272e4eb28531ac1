"""A real, tiny, random GGUF model over bytes: loads in milliseconds, says letters at random.

For tests of how llama.cpp is driven (slots, cache, cancelling), not of what is written.
"""

import struct
from pathlib import Path

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
WIDTH, INNER, LAYERS, HEADS = 64, 128, 2, 4


def _letters() -> list[str]:
    """The letters that byte-level vocabularies write the 256 bytes with, in their order."""
    plain = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: object) -> bytes:
    """Return a value with its type before it, as GGUF has them."""
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    assert isinstance(value, list)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))
    return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)


def _entries(tokens: list[str], context: int) -> dict[str, object]:
    kinds = [1] * 256 + [3] * len(MARKS)
    return {
        "general.architecture": "qwen2",
        "general.alignment": 32,
        "qwen2.context_length": context,
        "qwen2.embedding_length": WIDTH,
        "qwen2.block_count": LAYERS,
        "qwen2.feed_forward_length": INNER,
        "qwen2.attention.head_count": HEADS,
        "qwen2.attention.head_count_kv": HEADS,
        "qwen2.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen2.rope.freq_base": 10000.0,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.merges": ["! !"],
        "tokenizer.ggml.eos_token_id": 258,
        "tokenizer.ggml.padding_token_id": 256,
        "tokenizer.chat_template": TEMPLATE,
    }


def _shapes(vocabulary: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (WIDTH, vocabulary),
        "output.weight": (WIDTH, vocabulary),
        "output_norm.weight": (WIDTH,),
    }
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        for name in ("q", "k", "v"):
            shapes[f"{block}attn_{name}.weight"] = (WIDTH, WIDTH)
            shapes[f"{block}attn_{name}.bias"] = (WIDTH,)
        shapes[f"{block}attn_output.weight"] = (WIDTH, WIDTH)
        shapes[f"{block}ffn_gate.weight"] = shapes[f"{block}ffn_up.weight"] = (WIDTH, INNER)
        shapes[f"{block}ffn_down.weight"] = (INNER, WIDTH)
        shapes[f"{block}attn_norm.weight"] = shapes[f"{block}ffn_norm.weight"] = (WIDTH,)
    return shapes


def build_tiny_gguf(path: Path, context: int = 4096) -> Path:
    """Write the model (about 400 kB) and return its path. The same bytes every time."""
    import numpy as np

    tokens = [*_letters(), *MARKS]
    chance = np.random.default_rng(7)
    entries, shapes = _entries(tokens, context), _shapes(len(tokens))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(entries))
    head += b"".join(_text(key) + _value(value) for key, value in entries.items())
    data = bytearray()
    for name, shape in shapes.items():
        head += _text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        head += struct.pack("<IQ", 0, len(data))
        size = int(np.prod(shape))
        ones = name.endswith("norm.weight")
        values = np.ones(size) if ones else chance.normal(0, 0.2, size)
        if name == "output.weight":  # all but the printable ASCII letters are never likeliest
            rows = values.reshape(len(tokens), WIDTH)
            rows[:0x21] = rows[0x7F:] = 0
        data += values.astype("<f4").tobytes()
        data += b"\0" * (-len(data) % 32)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + bytes(data))
    return path
