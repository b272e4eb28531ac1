"""Texts to vectors, through sentence-transformers' own interface.

Any sentence-transformers folder works (bge-small-zh, Qwen3-Embedding …): prompts come from the
folder's configuration. The default embedder is fetched by manifest and unpacked into such a folder
once. Knows nothing of reports or of the library.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index import e5pack
from index.errors import WeightsError
from index.home import models_dir
from index.types import Embedder
from index.weights import OnProgress, Weights, fetch, load_manifest

MANIFEST = Path(__file__).with_name("models.toml")
BATCH_TEXTS = 16
REMEMBERED = 256  # queries whose vectors are kept: half a megabyte
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


class _Encode(Protocol):
    def __call__(
        self,
        inputs: list[str],
        *,
        prompt: str | None,
        batch_size: int,
        normalize_embeddings: bool,
        show_progress_bar: bool,
        convert_to_numpy: bool,
    ) -> object: ...


class _Model(Protocol):
    """What is used of `SentenceTransformer`."""

    prompts: dict[str, str]
    encode_query: _Encode
    encode_document: _Encode

    def get_embedding_dimension(self) -> int | None: ...


class SentenceEmbedder:
    """A sentence-transformers model as an `Embedder`. Safe to call from any thread."""

    def __init__(self, model: _Model, name: str) -> None:
        self._model = model
        self._name = name
        self._dimension = model.get_embedding_dimension() or 0
        self._lock = threading.Lock()
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """Folder name and a short hash of its configuration and size of weights."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode_query(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors (n, dimension), with the model's "query" prompt if any.

        A single text asked for again is not encoded again: the same facts are searched for whenever
        something is laid out, and while a language model is at work that takes half a second each.
        """
        if len(texts) != 1:
            return self._encode(self._model.encode_query, ("query",), texts)
        vectors = self._known.get(texts[0])
        if vectors is None:
            vectors = self._encode(self._model.encode_query, ("query",), texts)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[texts[0]] = vectors
        return vectors.copy()

    def encode_document(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors (n, dimension), with the "document" or "passage" prompt if any."""
        names = ("document", "passage", "corpus")
        return self._encode(self._model.encode_document, names, texts)

    def _encode(
        self, encode: _Encode, prompt_names: Sequence[str], texts: Sequence[str]
    ) -> npt.NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        # The library adds an empty "document" prompt and would take it before a real "passage".
        given = (self._model.prompts.get(name) for name in prompt_names)
        prompt = next((text for text in given if text), None)
        with self._lock:
            vectors = encode(
                list(texts),
                prompt=prompt,
                batch_size=BATCH_TEXTS,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(spec: str | Path) -> Embedder:
    """Load a sentence-transformers folder, on the GPU where there is one.

    Only safetensors weights are read and no code of the folder is run. Raises WeightsError when
    there is no such folder, it holds only pickled weights, or it cannot be loaded.
    """
    folder = Path(spec).expanduser()
    _check_folder(folder)
    import torch
    from sentence_transformers import SentenceTransformer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        with _quiet_loading():
            model = SentenceTransformer(
                str(folder),
                device=device,
                trust_remote_code=False,
                local_files_only=True,
                # Few office CPUs compute in half precision at any speed.
                model_kwargs={
                    "use_safetensors": True,
                    "dtype": torch.float32 if device == "cpu" else "auto",
                },
            )
            embedder = SentenceEmbedder(model, _name_of(folder))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise WeightsError(
            f"检索模型 {folder} 加载失败：{reason[0][:200]}。",
            "请确认它是完整的 sentence-transformers 文件夹（safetensors 权重，不需要自带代码）。",
        ) from error
    return embedder


def default_embedder(
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> Embedder:
    """Fetch the default embedder into `folder` (`models_dir()`), unpack it once, and load it.

    Raises WeightsError when it cannot be fetched, FetchStopped when `stop` is set meanwhile.
    """
    weights = default_weights()
    place = folder or models_dir()
    report = on_progress or _say_nothing
    unpacked = place / weights.name
    if not e5pack.is_converted(unpacked, weights.sha256):
        packed = fetch(weights, place, report, stop or threading.Event())
        report(weights.bytes, weights.bytes, "正在展开检索模型（只需一次）")
        e5pack.convert(packed, weights.sha256, unpacked)
    report(weights.bytes, weights.bytes, "正在加载检索模型")
    return load_embedder(unpacked)


def default_weights() -> Weights:
    """Return the manifest's entry of the default embedder: the first one."""
    return load_manifest(MANIFEST)[0]


def _say_nothing(_done: int, _total: int, _message: str) -> None:
    return


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise WeightsError(
            f"找不到检索模型文件夹 {folder}。",
            "请在设置中填写 sentence-transformers 文件夹的路径。",
        )
    files = [path for path in folder.rglob("*") if path.is_file()]
    if not any(path.suffix == ".safetensors" for path in files):
        if any(path.suffix in PICKLED for path in files):
            raise WeightsError(
                f"检索模型 {folder.name} 只有 pickle 格式的权重（.bin/.pt），为安全起见不加载。",
                "请改用带 model.safetensors 的版本。",
            )
        raise WeightsError(
            f"文件夹 {folder} 里没有 safetensors 权重。", "请确认模型已完整下载到该文件夹。"
        )
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise WeightsError(
            f"文件夹 {folder} 不是 sentence-transformers 模型：没有 config.json。",
            "请选择模型文件夹本身，而不是它的上级或下级。",
        )


def _name_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            digest.update(path.read_bytes())
        elif path.suffix == ".safetensors":
            digest.update(str(path.stat().st_size).encode())
    return f"{folder.resolve().name}-{digest.hexdigest()[:8]}"


@contextmanager
def _quiet_loading() -> Iterator[None]:
    """Keep transformers' own progress bars out of ours."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
