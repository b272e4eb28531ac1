"""Engine `transformers`: a Hugging Face folder (or a GGUF file, converted once) on GPU or CPU.

Only safetensors and JSON are read; code that comes with a model is never run, and nothing is
fetched. A GGUF file goes through `drafter.chat.convert` first. Holds to `Sampling.limits` in full.
"""

import hashlib
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from drafter.chat.convert import converted_folder
from drafter.chat.limiting import limit_processor
from drafter.chat.plain import marks_of, plain
from drafter.chat.relay import Emit, cut_at, relay, without_thinking
from drafter.errors import EngineError
from drafter.types import Message, Sampling
from index.starting import set_up_again

# The same sampling on every engine (see llamacpp.py), whatever generation_config.json recommends:
# its repetition penalty makes a model avoid the very words of the facts.
TOP_K, MIN_P = 40, 0.05
MAX_CONTEXT = 32768
# One of these holds the words; without any, transformers silently makes up an empty vocabulary.
_VOCABULARIES = ("tokenizer.json", "tokenizer.model", "vocab.json")


class _Stopped(Exception):
    """Raised inside the model to leave it in the middle of a pass."""


class TransformersChat:
    """A ChatModel over one folder of safetensors. One reply at a time; a second caller waits."""

    def __init__(
        self,
        path: Path,
        *,
        device: str = "auto",
        n_ctx: int = 0,
        sha256: str = "",
        name: str = "",
    ) -> None:
        """Load the model. `device` "auto", "cpu" or "cuda"; `n_ctx` 0 means what the model has.

        Raises EngineError when a package is missing or the folder cannot be used.
        """
        torch = _import_torch()
        self._name = name or path.stem
        self._path = path
        self._sha256 = sha256
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._closed = False
        self.device = device if device != "auto" else _best_device(torch)
        folder = converted_folder(path) if path.is_file() else path
        self._tokenizer, self._model = _load(folder, self.device)
        self._marks = _marks(self._tokenizer)
        limit = getattr(self._model.config, "max_position_embeddings", None) or MAX_CONTEXT
        self._context = min(int(limit), n_ctx or MAX_CONTEXT)
        for module in self._model.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(self._leave_if_stopped)

    @property
    def name(self) -> str:
        """The name given, or that of the folder or file."""
        return self._name

    @property
    def sha256(self) -> str:
        """Hash of a GGUF file (seconds at the first call); "" for a folder."""
        if not self._sha256 and self._path.is_file():
            with self._path.open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return self._sha256

    @property
    def context_tokens(self) -> int:
        """Prompt and reply together, in tokens."""
        return self._context

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the exact number of tokens, the chat template's own included."""
        return int(self._encode(messages)["input_ids"].shape[1])

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the reply; "" while there is nothing yet. See ChatModel.stream and relay."""

        def produce(emit: Emit, stop: threading.Event) -> None:
            with self._lock:
                if not stop.is_set():
                    self._generate(messages, sampling, emit, stop)

        return cut_at(without_thinking(relay(produce)), sampling.stop)

    def close(self) -> None:
        """Stop what is running and free the memory. Closing twice does nothing."""
        self._closed = True
        self._stop.set()
        with self._lock:
            self._model = None
        if self.device.startswith("cuda"):
            _import_torch().cuda.empty_cache()

    def _leave_if_stopped(self, _module: object, _inputs: object) -> None:
        # generate() looks at its stopping criteria between tokens only; reading a long prompt on a
        # CPU is one pass of many seconds, left here between two multiplications.
        if self._stop.is_set():
            raise _Stopped

    def _encode(self, messages: Sequence[Message]) -> Any:  # noqa: ANN401 - a BatchEncoding
        if self._closed:
            raise EngineError("模型已经关闭。", "请在设置中重新选择模型。")
        return self._tokenizer.apply_chat_template(
            plain(messages, self._marks),
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
            enable_thinking=False,
        )

    def _limited(self, sampling: Sampling, used: int, config: Any) -> Any:  # noqa: ANN401
        """What holds a reply after a prompt of `used` tokens to its limits, if it has any."""
        from transformers import LogitsProcessorList

        if not sampling.limits:
            return LogitsProcessorList()
        end = config.eos_token_id  # one, a list of them, or None
        ends = tuple(end) if isinstance(end, list) else () if end is None else (end,)
        return LogitsProcessorList([limit_processor(sampling.limits, self._tokenizer, used, ends)])

    def _generate(
        self, messages: Sequence[Message], sampling: Sampling, emit: Emit, stop: threading.Event
    ) -> None:
        """Make one reply. Called in the worker thread, under the lock."""
        import torch
        from transformers import StoppingCriteriaList

        encoded = self._encode(messages).to(self.device)
        used = int(encoded["input_ids"].shape[1])
        if used >= self._context:
            raise EngineError(
                f"这次交给模型的材料太长：共 {used} 个词元，模型一次最多读 {self._context} 个。",
                "请减少这一节的要点，或在设置中换用上下文更长的模型。",
            )
        self._stop = stop
        room = min(sampling.max_tokens, self._context - used)
        config = _generation_config(self._model, self._tokenizer, sampling, room)
        devices = [self.device] if self.device.startswith("cuda") else []
        try:
            # The seed rules this reply alone: other users of torch keep their own chance.
            with torch.inference_mode(), torch.random.fork_rng(devices=devices):
                torch.manual_seed(sampling.seed % 2**31)
                self._model.generate(
                    **encoded,
                    generation_config=config,
                    logits_processor=self._limited(sampling, used, config),
                    streamer=_streamer(self._tokenizer, emit),
                    stopping_criteria=StoppingCriteriaList([_criteria(stop)]),
                )
        except _Stopped:
            if self._closed:
                raise EngineError("模型已经关闭。", "请在设置中重新选择模型。") from None
        except torch.OutOfMemoryError as error:
            raise EngineError(
                "显存不足，模型没有写完。", "请换用较小的模型，或关闭占用显卡的其他程序。"
            ) from error
        except (RuntimeError, ValueError) as error:
            raise EngineError(
                f"模型没有完成这次写作（{error}）。", "请重试，或换一个模型。"
            ) from error


def _marks(tokenizer: Any) -> tuple[str, ...]:  # noqa: ANN401 - untyped library
    """Return the letters this tokenizer takes for marks, wherever they stand."""
    added = getattr(tokenizer, "added_tokens_decoder", {}).values()
    special = [str(token) for token in added if getattr(token, "special", False)]
    return marks_of([*special, *tokenizer.all_special_tokens], [str(token) for token in added])


def _import_torch() -> Any:  # noqa: ANN401 - a module
    try:
        import torch
        import transformers
    except ImportError as error:
        raise EngineError(
            f"没有安装 transformers 引擎需要的软件包（{error.name}）。",
            f"{set_up_again()}，或改用 .gguf 模型。",
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return torch


def _best_device(torch: Any) -> str:  # noqa: ANN401 - a module
    return "cuda" if torch.cuda.is_available() else "cpu"


def _load(folder: Path, device: str) -> tuple[Any, Any]:
    """Return tokenizer and model of a checked folder, ready on `device`."""
    _check_folder(folder)
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    local = {"local_files_only": True, "trust_remote_code": False}
    dtype = torch.bfloat16 if device.startswith("cuda") else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **local)
        if not tokenizer.chat_template:
            raise EngineError(
                f"“{folder.name}”没有对话模板，不是对话模型。",
                "请选用名称中带 Instruct 或 Chat 的模型。",
            )
        model = AutoModelForCausalLM.from_pretrained(
            str(folder), dtype=dtype, use_safetensors=True, **local
        )
        return tokenizer, model.to(device).eval()
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise EngineError(
            f"模型文件夹“{folder.name}”加载失败（{lines[0][:200]}）。",
            "请检查文件夹是否完整（config.json、tokenizer.json、*.safetensors），或换一个模型。",
        ) from error


def _check_folder(folder: Path) -> None:
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


def _generation_config(model: Any, tokenizer: Any, sampling: Sampling, room: int) -> Any:  # noqa: ANN401
    from transformers import GenerationConfig

    end = model.generation_config.eos_token_id or tokenizer.eos_token_id
    pad = tokenizer.pad_token_id
    if pad is None:
        pad = end[0] if isinstance(end, list) else end
    options: dict[str, Any] = {"max_new_tokens": room, "eos_token_id": end, "pad_token_id": pad}
    if sampling.temperature > 0:
        options |= {
            "do_sample": True,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": TOP_K,
            "min_p": MIN_P,
        }
    else:
        options |= {"do_sample": False}
    return GenerationConfig(**options, repetition_penalty=1.0)


def _streamer(tokenizer: Any, emit: Emit) -> Any:  # noqa: ANN401 - untyped library
    from transformers import TextStreamer

    class Pieces(TextStreamer):  # type: ignore[misc]
        """Hands finished text on instead of printing it."""

        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            """Pass a piece whose characters are complete."""
            if text:
                emit(text)

    return Pieces(tokenizer, skip_prompt=True, skip_special_tokens=True)


def _criteria(stop: threading.Event) -> Any:  # noqa: ANN401 - untyped library
    import torch
    from transformers import StoppingCriteria

    class ReaderClosed(StoppingCriteria):  # type: ignore[misc]
        """Ends generation once the reader has closed."""

        def __call__(self, input_ids: Any, scores: Any, **options: object) -> Any:  # noqa: ANN401
            """Return one flag for each sequence of the batch."""
            return torch.full((input_ids.shape[0],), stop.is_set(), device=input_ids.device)

    return ReaderClosed()
