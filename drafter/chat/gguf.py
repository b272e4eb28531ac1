"""The header of a GGUF file, read to tell a damaged file before native code is given it.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 2 and 3, little-endian).
Not a defence against a hostile file: only files whose origin the person trusts should be opened.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from drafter.errors import EngineError
from index.failures import meaning
from index.starting import command

_MAX_COUNT = 50_000_000
_STRING, _ARRAY = 8, 9
_TOKENS, _TOKEN_TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"
_CONTROL, _ADDED = 3, 4  # llama.cpp, enum llama_token_type
_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_FETCH_AGAIN = f"请重新下载该模型（{command('model get 模型名')}），或换一个完整的 .gguf 文件。"

# Weights in a block and bytes of a block, by ggml type number (ggml.h, ggml-common.h). A type that
# is not listed counts as one byte a tensor: the check is then weaker, never wrong.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 36), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 20: (32, 18), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 30: (1, 2),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What the header says. `context_length` is in tokens, `bytes_a_token` what one takes in the
    cache (keys and values in two bytes each); 0 where it is not given."""

    architecture: str
    context_length: int
    has_chat_template: bool
    bytes_needed: int
    control_tokens: tuple[str, ...] = ()
    """Tokens that are marks to the model, and those its maker added (token types 3 and 4)."""
    added_tokens: tuple[str, ...] = ()
    bytes_a_token: int = 0


class _DamagedError(Exception):
    """The header does not hold what the format says it must."""


def check_gguf(path: Path) -> GgufHeader:
    """Return the header of `path`; raise EngineError when it is no GGUF file or is cut short."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise EngineError(f"“{path.name}”不是 GGUF 模型文件。", _FETCH_AGAIN)
            header = _read_header(file, size)
    except OSError as error:
        raise EngineError(
            f"无法读取模型文件“{path}”（{meaning(error)}）。",
            "请检查路径是否正确、是否有读取权限。",
        ) from error
    except (_DamagedError, struct.error, UnicodeDecodeError) as error:
        raise EngineError(f"模型文件“{path.name}”已损坏或不完整。", _FETCH_AGAIN) from error
    if size < header.bytes_needed:
        raise EngineError(
            f"模型文件“{path.name}”不完整：应有 {header.bytes_needed:,} 字节，"
            f"实际只有 {size:,} 字节。",
            _FETCH_AGAIN,
        )
    return header


def _read_header(file: BinaryIO, size: int) -> GgufHeader:
    (version,) = _unpack(file, "I")
    if version not in (2, 3):
        raise _DamagedError(f"version {version}")
    tensors, entries = _unpack(file, "QQ")
    if max(tensors, entries) > _MAX_COUNT:
        raise _DamagedError("too many entries")
    wanted: dict[str, object] = {}
    for _ in range(entries):
        key = _string(file, size)
        (kind,) = _unpack(file, "I")
        keep = key in (_TOKENS, _TOKEN_TYPES)
        wanted[key] = _value(file, kind, size, keep=keep)
    end = 0
    for _ in range(tensors):
        end = max(end, _tensor_end(file, size))
    alignment = wanted.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
        raise _DamagedError("alignment")
    start = -(-file.tell() // alignment) * alignment
    architecture = str(wanted.get("general.architecture", ""))
    context = wanted.get(f"{architecture}.context_length", 0)
    return GgufHeader(
        architecture=architecture,
        context_length=context if isinstance(context, int) else 0,
        has_chat_template="tokenizer.chat_template" in wanted,
        bytes_needed=start + end,
        control_tokens=_tokens_of(wanted, _CONTROL),
        added_tokens=_tokens_of(wanted, _ADDED),
        bytes_a_token=_bytes_a_token(wanted, architecture),
    )


def _bytes_a_token(wanted: dict[str, object], architecture: str) -> int:
    """Return layers x heads of keys x (length of a key and of a value) x 2 bytes.

    Source: the keys of the format's document; llama.cpp, llama_hparams::n_embd_k_gqa.
    """

    def number(key: str, otherwise: int = 0) -> int:
        value = wanted.get(f"{architecture}.{key}")
        return value if isinstance(value, int) and 0 < value <= 1 << 20 else otherwise

    heads = number("attention.head_count", 1)
    each = number("embedding_length") // heads
    lengths = number("attention.key_length", each) + number("attention.value_length", each)
    return number("block_count") * number("attention.head_count_kv", heads) * lengths * 2


def _tokens_of(wanted: dict[str, object], kind: int) -> tuple[str, ...]:
    """Return the tokens of one type; () for a file that does not give the types."""
    tokens, types = wanted.get(_TOKENS), wanted.get(_TOKEN_TYPES)
    if not isinstance(tokens, list) or not isinstance(types, list):
        return ()
    return tuple(token for token, of in zip(tokens, types, strict=False) if of == kind)


def _tensor_end(file: BinaryIO, size: int) -> int:
    """Read one tensor's entry; return where its data ends, counted from the start of all data."""
    _string(file, size)
    (dimensions,) = _unpack(file, "I")
    if dimensions > 8:
        raise _DamagedError("dimensions")
    weights = 1
    for length in _unpack(file, "Q" * dimensions):
        weights *= length
    kind, offset = _unpack(file, "IQ")
    block, block_bytes = _BLOCKS.get(kind, (0, 0))
    return int(offset) + (weights // block * block_bytes if block else 1)


def _value(file: BinaryIO, kind: int, size: int, *, keep: bool = False) -> object:
    """Read one value; what is in arrays is passed over, unless it is to be kept."""
    if kind == _STRING:
        return _string(file, size)
    if kind != _ARRAY:
        if kind not in _SCALARS:
            raise _DamagedError(f"value type {kind}")
        return _unpack(file, _SCALARS[kind])[0]
    inner, count = _unpack(file, "IQ")
    if count > _MAX_COUNT:
        raise _DamagedError("array length")
    if keep and inner == _STRING:
        return [_string(file, size) for _ in range(count)]
    if keep and inner in _SCALARS:
        if file.tell() + count * struct.calcsize(_SCALARS[inner]) > size:
            raise _DamagedError("value cut short")
        return list(_unpack(file, _SCALARS[inner] * count))
    if inner == _STRING:
        for _ in range(count):
            _skip(file, _unpack(file, "Q")[0], size)
    elif inner in _SCALARS:
        _skip(file, count * struct.calcsize(_SCALARS[inner]), size)
    else:
        raise _DamagedError(f"array of type {inner}")
    return None


def _unpack(file: BinaryIO, form: str) -> tuple[int, ...]:
    length = struct.calcsize("<" + form)
    return struct.unpack("<" + form, file.read(length))


def _string(file: BinaryIO, size: int) -> str:
    (length,) = _unpack(file, "Q")
    if length > size:
        raise _DamagedError("string length")
    data = file.read(length)
    if len(data) != length:
        raise _DamagedError("string cut short")
    return data.decode("utf-8", "replace")


def _skip(file: BinaryIO, length: int, size: int) -> None:
    if file.tell() + length > size:
        raise _DamagedError("value cut short")
    file.seek(length, os.SEEK_CUR)
