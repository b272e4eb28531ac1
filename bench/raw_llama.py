"""llama.cpp as it comes: one slot, its own batch sizes, no prompt cache, no speculation.

What a sensible person gets who loads the same file with the same library and asks for one chat
completion after the other; the peer of our engine in the benchmarks.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from drafter.chat.relay import Emit, relay
from drafter.types import Message, Sampling

CONTEXT = 4096


class RawLlama:
    """A ChatModel over one GGUF file with the library's defaults."""

    def __init__(self, path: Path) -> None:
        """Load the file (seconds)."""
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.verbosity = 0
        params.model.path = str(path)
        params.n_ctx = CONTEXT
        params.n_parallel = 1
        params.fit_params = False
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.ui = False
        self._path = path
        self._server: Any = xllamacpp.Server(params)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self._path.stem

    @property
    def sha256(self) -> str:
        """Not asked for here."""
        return ""

    @property
    def context_tokens(self) -> int:
        """Prompt and reply together, in tokens."""
        return CONTEXT

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return about how many tokens a prompt takes: a Chinese character is a little under one,
        and every turn has a few of its own."""
        return sum(len(message["content"]) + 8 for message in messages)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        """Yield the reply as one plain chat completion gives it. Raises RuntimeError."""
        request = {
            "messages": list(messages),
            "stream": True,
            "cache_prompt": False,
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
        }

        def produce(emit: Emit, stop: threading.Event) -> None:
            def on_chunk(chunk: object) -> bool:
                for text in _texts(chunk):
                    emit(text)
                return stop.is_set()

            self._server.handle_chat_completions(request, on_chunk)

        return relay(produce)

    def close(self) -> None:
        """Free the memory."""
        self._server = None


def _texts(chunk: object) -> Iterator[str]:
    for part in chunk if isinstance(chunk, list) else [chunk]:
        if isinstance(part, Mapping):
            for choice in part.get("choices") or ():
                text = (choice.get("delta") or {}).get("content")
                if text:
                    yield text
