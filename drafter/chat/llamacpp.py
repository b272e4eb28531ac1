"""Engine `llama.cpp`: a GGUF file run in this process through xllamacpp (MIT), fast on a CPU.

The library brings an HTTP listener that cannot be switched off. It is bound to 127.0.0.1 on a port
the system picks, without its web page, and asks for a random key nobody else has; this module uses
it itself to count tokens.

Of `Sampling.limits` it holds those on numbers, by a grammar; the other is left to the checks.

Same seed, same text holds for the same state of the prompt cache: a prompt read afresh and one
taken from the cache differ in the last bits of a float, which now and then turns a choice. Open the
engine with cache_prompt=False where a text must be produced again exactly.
"""

import hashlib
import http.client
import json
import os
import secrets
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from drafter.chat.gguf import check_gguf
from drafter.chat.grammar import grammar_for
from drafter.chat.plain import marks_of, plain
from drafter.chat.relay import Emit, relay
from drafter.errors import EngineError
from drafter.types import Message, Sampling
from index.starting import set_up_again

# A prompt can be given up between batches only. 32 tokens take under a second at 38 tokens/s (two
# cores, 1.5B) and cost about a tenth of the reading speed of large batches.
BATCH_TOKENS = 32
# Earlier prompts kept in memory, so that going back to one is quick. Its own default is 8 GiB.
CACHE_MIB = 512
# Fixed here because sampling defaults differ between versions and engines.
TOP_K, MIN_P = 40, 0.05


class LlamaCppChat:
    """A ChatModel over one GGUF file. One reply at a time; a second caller waits for the first."""

    def __init__(
        self,
        path: Path,
        *,
        n_ctx: int = 4096,
        threads: int = 0,
        cache_prompt: bool = True,
        sha256: str = "",
        name: str = "",
    ) -> None:
        """Load the file (seconds). `n_ctx` in tokens; `threads` 0 means all cores.

        `sha256` is the file's hash where it is known already. Raises EngineError.
        """
        self._path = path
        self._name = name or path.stem
        self._sha256 = sha256
        self._cache_prompt = cache_prompt
        self._key = secrets.token_urlsafe(24)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        header = check_gguf(path)
        self._marks = marks_of(header.control_tokens, header.added_tokens)
        self._server: Any = _start(path, header.architecture, n_ctx, threads, self._key)
        self._address = urlsplit(str(self._server.listening_address))
        settings = self._ask("GET", "/props", None).get("default_generation_settings", {})
        self._context = int(settings.get("n_ctx", n_ctx))

    @property
    def name(self) -> str:
        """The name given, or the file's name without its ending."""
        return self._name

    @property
    def sha256(self) -> str:
        """Hash of the file, computed at the first call when it was not given (seconds)."""
        if not self._sha256:
            with self._path.open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return self._sha256

    @property
    def context_tokens(self) -> int:
        """Prompt and reply together, in tokens, as the loaded model has it."""
        return self._context

    @property
    def listener(self) -> tuple[str, str]:
        """Address and key of the in-process listener, for tests and diagnosis."""
        return self._address.geturl(), self._key

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the exact number of tokens, the chat template's own included."""
        body = {
            "messages": plain(messages, self._marks),
            "chat_template_kwargs": {"enable_thinking": False},
        }
        answer = self._ask("POST", "/v1/chat/completions/input_tokens", body)
        return int(answer["input_tokens"])

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the reply; "" while there is nothing yet. See ChatModel.stream and relay."""
        request: dict[str, Any] = {
            "messages": plain(messages, self._marks),
            "stream": True,
            # Progress reports come once a batch: the only moments a prompt can be given up.
            "return_progress": True,
            "cache_prompt": self._cache_prompt,
            "chat_template_kwargs": {"enable_thinking": False},
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": TOP_K,
            "min_p": MIN_P,
            "repeat_penalty": 1.0,
            "seed": sampling.seed % 2**31,
            "stop": list(sampling.stop),
        }
        if sampling.limits:
            request["grammar"] = grammar_for(sampling.limits)

        def produce(emit: Emit, stop: threading.Event) -> None:
            with self._lock:
                if not stop.is_set():
                    self._run(request, emit, stop)

        return relay(produce)

    def close(self) -> None:
        """Stop what is running, free the memory. Closing twice does nothing."""
        self._closing.set()
        with self._lock:
            self._server = None

    def _run(self, request: dict[str, Any], emit: Emit, stop: threading.Event) -> None:
        """Make one reply. Called in the worker thread, under the lock."""
        if self._server is None:
            raise _closed()
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
            return stop.is_set() or self._closing.is_set()

        try:
            self._server.handle_chat_completions(request, on_chunk)
        except (RuntimeError, ValueError) as error:
            raise _failed(str(error)) from error
        if failures:
            raise _explain(failures[0], self._context)
        if stop.is_set() or finished.is_set():
            return
        raise _closed() if self._closing.is_set() else _failed("no end of reply")

    def _ask(self, method: str, path: str, body: object) -> dict[str, Any]:
        """Ask the in-process listener; it answers while a reply is being written."""
        if self._server is None:
            raise _closed()
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


def _start(path: Path, architecture: str, n_ctx: int, threads: int, key: str) -> Any:  # noqa: ANN401
    if "bert" in architecture:
        raise EngineError(f"“{path.name}”是检索模型，不能用来写作。", "请在设置中换一个对话模型。")
    try:
        import xllamacpp
    except ImportError as error:
        raise EngineError(
            "没有安装 llama.cpp 引擎（xllamacpp）。",
            f"{set_up_again()}。",
        ) from error
    params = xllamacpp.CommonParams()
    params.verbosity = 0  # its log would flood the terminal
    params.model.path = str(path)
    params.model_alias = {"drafter"}  # else the listener tells the file's path
    params.n_ctx = n_ctx
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.cpuparams.n_threads = threads or _cores()
    params.cache_ram_mib = CACHE_MIB
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
            f"模型“{path.name}”加载失败（{architecture or '未知'} 架构）。",
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


def _closed() -> EngineError:
    return EngineError("模型已经关闭。", "请在设置中重新选择模型。")
