"""xllamacpp's server in this process: started, asked, and its answers told apart.

The library brings an HTTP listener that cannot be switched off. It is bound to 127.0.0.1 on a port
the system picks, without its web page, and asks for a random key nobody else has; this module uses
it itself to count tokens and to carry what a slot has read to another.
"""

import http.client
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from drafter.errors import EngineError
from index.starting import set_up_again

# A prompt can be given up between batches only. 32 tokens take under a second at 38 tokens/s (two
# cores, 1.5B); 128 and 512 read 8% faster (measured in processor time), and could not be given up.
BATCH_TOKENS = 32
# Guessed from what follows the same few tokens earlier in prompt and reply: points copy their
# facts. So many tokens must be the same, and so many are guessed at once.
GUESS_AFTER, GUESS_TOKENS = 2, 4


@dataclass(frozen=True, slots=True)
class Opening:
    """How a file is opened: tokens a reply may have with its prompt, slots, cores (0: all),
    whether words are guessed ahead, and the folder of kept prompts."""

    path: Path
    architecture: str
    n_ctx: int
    slots: int
    threads: int
    guessing: bool
    folder: Path | None


class LlamaServer:
    """One loaded file. Safe from any thread; a slot takes one reply at a time."""

    def __init__(self, opening: Opening) -> None:
        """Load the file (seconds). Raises EngineError."""
        self._key = secrets.token_urlsafe(24)
        self._server: Any = _start(opening, self._key)
        self._address = urlsplit(str(self._server.listening_address))
        settings = self.ask("GET", "/props", None).get("default_generation_settings", {})
        self.context = int(settings.get("n_ctx", opening.n_ctx))

    @property
    def listener(self) -> tuple[str, str]:
        """Address and key of the listener."""
        return self._address.geturl(), self._key

    @property
    def open(self) -> bool:
        """Whether the file is still loaded."""
        return self._server is not None

    def close(self) -> None:
        """Free the memory. Nothing may be running."""
        self._server = None

    def complete(
        self, request: dict[str, Any], emit: Callable[[str], None], ended: Callable[[], bool]
    ) -> bool:
        """Make one reply; return whether it came to its end, False where `ended()` stopped it.

        `ended` is asked after every batch and token. Raises EngineError.
        """
        server = self._server
        if server is None:
            raise closed()
        failures: list[Mapping[str, Any]] = []
        finished = threading.Event()

        def on_chunk(chunk: object) -> bool:
            # xllamacpp swallows what a callback raises: nothing in here may fail.
            for part in _parts(chunk):
                if "error" in part:
                    failures.append(part["error"])
                for text, reason in _texts(part):
                    if text:
                        emit(text)
                    if reason:
                        finished.set()
            return ended()

        try:
            server.handle_chat_completions(request, on_chunk)
        except (RuntimeError, ValueError) as error:
            raise _failed(str(error)) from error
        if failures:
            raise _explain(failures[0], self.context)
        if not finished.is_set() and not ended():
            raise _failed("no end of reply")
        return finished.is_set()

    def save(self, slot: int, file: str) -> bool:
        """Write what an idle slot has read into a file of the folder; return whether it did."""
        return self._slot_action(slot, "save", file)

    def restore(self, slot: int, file: str) -> bool:
        """Put a file's tokens in the place of an idle slot's; return whether that was done."""
        return self._slot_action(slot, "restore", file)

    def _slot_action(self, slot: int, action: str, file: str) -> bool:
        try:
            answer = self.ask("POST", f"/slots/{slot}?action={action}", {"filename": file})
        except EngineError:
            return False  # a full disk, say: the prompt is read as if there were no file
        return bool(answer.get("n_written") or answer.get("n_read"))

    def ask(self, method: str, path: str, body: object) -> dict[str, Any]:
        """Ask the listener; it answers while replies are being written. Raises EngineError."""
        if self._server is None:
            raise closed()
        connection = http.client.HTTPConnection(
            self._address.hostname or "127.0.0.1", self._address.port, timeout=30
        )
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failed(str(error)) from error
        finally:
            connection.close()
        if response.status != 200 or not isinstance(answer, dict):
            raise _explain(answer.get("error", {}) if isinstance(answer, dict) else {}, n_ctx=0)
        return answer


def _start(opening: Opening, key: str) -> Any:  # noqa: ANN401 - untyped library
    if "bert" in opening.architecture:
        raise EngineError(
            f"“{opening.path.name}”是检索模型，不能用来写作。", "请在设置中换一个对话模型。"
        )
    try:
        import xllamacpp
    except ImportError as error:
        raise EngineError(
            "没有安装 llama.cpp 引擎（xllamacpp）。",
            f"{set_up_again()}。",
        ) from error
    params = xllamacpp.CommonParams()
    params.verbosity = 0  # its log would flood the terminal
    params.model.path = str(opening.path)
    params.model_alias = {"drafter"}  # else the listener tells the file's path
    # Each slot has tokens of its own. In one store for all (kv_unified) a token's attention goes
    # over what every slot holds: half as fast with eight prompts of 650 tokens (1.5B).
    params.n_ctx = opening.n_ctx * opening.slots
    params.n_parallel = opening.slots
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.cpuparams.n_threads = opening.threads or _cores()
    params.cpuparams_batch.n_threads = opening.threads or _cores()
    params.cache_ram_mib = 0  # drafter.chat.kept_prompts does that, for all slots
    params.cache_idle_slots = False
    if opening.folder is not None:
        params.slot_save_path = f"{opening.folder}{os.sep}"
    if opening.guessing:
        kinds = xllamacpp.common_speculative_type
        params.speculative.types = [kinds.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
        params.speculative.ngram_simple.size_n = GUESS_AFTER
        params.speculative.ngram_simple.size_m = GUESS_TOKENS
    params.fit_params = False  # it would quietly shrink the context when memory is short
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.cors_origins = "null"
    params.ui = False
    params.endpoint_slots = False
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise EngineError(
            f"模型“{opening.path.name}”加载失败（{opening.architecture or '未知'} 架构）。",
            "可能是内存不足，或引擎还不支持这种模型；请关闭其他程序后重试，或换用较小的模型。",
        ) from error


def _cores() -> int:
    """Return how many cores this process may use: fewer than there are in a container."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _parts(chunk: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a callback's argument: one, or several in a list."""
    for part in chunk if isinstance(chunk, list) else [chunk]:
        if isinstance(part, Mapping):
            yield part


def _texts(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (text, finish reason) of the choices of one piece of the reply; "" for none."""
    for choice in part.get("choices") or ():
        delta = choice.get("delta") or {}
        yield delta.get("content") or "", choice.get("finish_reason") or ""


def _explain(error: Mapping[str, Any], n_ctx: int) -> EngineError:
    """Turn the engine's error object into a sentence with a next step."""
    if error.get("type") == "exceed_context_size_error":
        return EngineError(
            f"这次交给模型的材料太长：共 {error.get('n_prompt_tokens', '过多')} 个词元，"
            f"模型一次最多读 {error.get('n_ctx', n_ctx)} 个。",
            "请减少这一节的要点，或在设置中换用上下文更长的模型。",
        )
    return _failed(str(error.get("message", "")))


def _failed(detail: str) -> EngineError:
    return EngineError(
        f"模型没有完成这次写作（{detail or '原因不明'}）。", "请重试；仍不行就重新启动本程序。"
    )


def closed() -> EngineError:
    """Return the error of a model that has been closed."""
    return EngineError("模型已经关闭。", "请在设置中重新选择模型。")
