"""Engine `transformers`: a Hugging Face folder (or a GGUF file, converted once) on GPU or CPU.

Several replies are made together (`drafter.chat.sharing`), a prompt's known beginning is not read
again, and what is guessed from the text is judged in one pass (`drafter.chat.batch`). How a folder
is opened says `drafter.chat.folders`. Holds to `Sampling.limits` in full.
"""

import gc
import hashlib
import threading
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from drafter.chat import attention
from drafter.chat.batch import Row, whole_cache
from drafter.chat.choosing import chooser
from drafter.chat.folders import Precision, open_folder
from drafter.chat.plain import marks_of, plain
from drafter.chat.relay import Emit, cut_at, relay, without_thinking
from drafter.chat.sharing import Gone, SharedModel, Wish
from drafter.errors import EngineError
from drafter.types import Message, Sampling
from index.starting import set_up_again

MAX_CONTEXT = 32768
# Replies at a time: on two cores a pass of four rows takes about twice one of a single row, and of
# eight four times; a graphics card hardly notices sixteen.
ON_CPU, ON_GPU = 4, 16


class TransformersChat:
    """A ChatModel over one folder of safetensors, with ManyReplies. Safe from many threads.

    The same seed gives the same text while nobody else writes; beside others the sums of a pass are
    rounded otherwise in the last digit, and now and then another word is chosen.
    """

    def __init__(
        self,
        path: Path,
        *,
        device: str = "auto",
        n_ctx: int = 0,
        sha256: str = "",
        name: str = "",
        precision: Precision = "auto",
    ) -> None:
        """Load the model. `device` "auto", "cpu" or "cuda"; `n_ctx` 0 means what the model has.

        `precision` matters on the processor only: "auto" keeps large models in int8 (one byte a
        weight), "full" in float32. Raises EngineError when a package is missing or the folder
        cannot be used.
        """
        torch = _import_torch()
        self._name = name or path.stem
        self._path = path
        self._sha256 = sha256
        self._closed = False
        self.device = device if device != "auto" else _best_device(torch)
        opened = open_folder(path, self.device, precision)
        self.precision, self.note = opened.precision, opened.note
        self._tokenizer = opened.tokenizer
        self._marks = _marks(self._tokenizer)
        limit = getattr(opened.model.config, "max_position_embeddings", None) or MAX_CONTEXT
        self._context = min(int(limit), n_ctx or MAX_CONTEXT)
        self._ends = _ends(opened.model, self._tokenizer)
        whole = whole_cache(opened.model)
        self._at_once = (ON_GPU if self.device.startswith("cuda") else ON_CPU) if whole else 1
        self.model: Any = opened.model  # for benchmarks and tests; None once closed
        if whole:
            attention.use(opened.model)
        self._shared = SharedModel(opened.model, self.device, self._at_once, whole)

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
        """Prompt and reply together, in tokens; each of several replies has as many."""
        return self._context

    @property
    def at_once(self) -> int:
        """How many replies it makes at a time without one waiting for another."""
        return self._at_once

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the exact number of tokens, the chat template's own included."""
        return len(self._encode(messages))

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the reply; "" while there is nothing yet. See ChatModel.stream and relay."""

        def produce(emit: Emit, stop: threading.Event) -> None:
            if not stop.is_set():
                pieces = _streamer(self._tokenizer, emit)
                self._ask(self._wish(messages, sampling, pieces, stop))
                pieces.end()

        return cut_at(without_thinking(relay(produce)), sampling.stop)

    def read_ahead(self, messages: Sequence[Message], stop: threading.Event) -> None:
        """Read a prompt into the cache and write nothing. See ManyReplies.read_ahead."""
        tokens = self._encode(messages)
        if self._at_once > 1 and len(tokens) < self._context:
            self._ask(Wish(tokens, stop))

    def ids_of(self, text: str) -> list[int]:
        """Return the tokens of a text, for whoever measures."""
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def forget(self) -> None:
        """Drop the prompts read so far, so that the next is read from its beginning."""
        self._shared.forget()

    def close(self) -> None:
        """Stop what is running and free the memory. Closing twice does nothing."""
        self._closed = True
        self._shared.close()
        self.model = None
        gc.collect()  # a model may stand in a circle, which would keep its memory until some day
        if self.device.startswith("cuda"):
            _import_torch().cuda.empty_cache()

    def _encode(self, messages: Sequence[Message]) -> list[int]:
        if self._closed:
            raise _closed()
        encoded = self._tokenizer.apply_chat_template(
            plain(messages, self._marks),
            add_generation_prompt=True,
            return_dict=True,
            enable_thinking=False,
        )
        return [int(token) for token in encoded["input_ids"]]

    def _wish(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        pieces: Any,  # noqa: ANN401 - untyped library
        stop: threading.Event,
    ) -> Wish:
        tokens = self._encode(messages)
        used = len(tokens)
        if used >= self._context:
            raise EngineError(
                f"这次交给模型的材料太长：共 {used} 个词元，模型一次最多读 {self._context} 个。",
                "请减少这一节的要点，或在设置中换用上下文更长的模型。",
            )
        room = min(sampling.max_tokens, self._context - used)
        choose = chooser(sampling, self._tokenizer, used, self._ends, self.device)
        take = _taker(pieces, self._ends)
        return Wish(tokens, stop, Row(list(tokens), room, choose, take))

    def _ask(self, wish: Wish) -> None:
        """Have a wish fulfilled; its errors in the words of the page."""
        import torch

        try:
            self._shared.ask(wish)
        except Gone:
            raise _closed() from None
        except torch.OutOfMemoryError as error:
            raise EngineError(
                "显存不足，模型没有写完。", "请换用较小的模型，或关闭占用显卡的其他程序。"
            ) from error
        except (RuntimeError, ValueError) as error:
            raise EngineError(
                f"模型没有完成这次写作（{error}）。", "请重试，或换一个模型。"
            ) from error


def _closed() -> EngineError:
    return EngineError("模型已经关闭。", "请在设置中重新选择模型。")


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


def _ends(model: Any, tokenizer: Any) -> tuple[int, ...]:  # noqa: ANN401 - untyped library
    """Return the tokens that end a reply."""
    end = model.generation_config.eos_token_id or tokenizer.eos_token_id
    return tuple(end) if isinstance(end, list) else () if end is None else (int(end),)


def _taker(pieces: Any, ends: tuple[int, ...]) -> Callable[[int], bool]:  # noqa: ANN401
    """Return what hands each token of a reply to its streamer, until one ends the reply."""
    import torch

    def take(token: int) -> bool:
        if token in ends:
            return False
        pieces.put(torch.tensor([token]))
        return True

    return take


def _streamer(tokenizer: Any, emit: Emit) -> Any:  # noqa: ANN401 - untyped library
    from transformers import TextStreamer

    class Pieces(TextStreamer):  # type: ignore[misc]
        """Hands finished text on instead of printing it."""

        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            """Pass a piece whose characters are complete."""
            if text:
                emit(text)

    return Pieces(tokenizer, skip_special_tokens=True)
