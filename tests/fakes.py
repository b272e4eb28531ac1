"""Hand-written stand-ins that behave like the real thing, only simpler."""

import itertools
import time
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from drafter.errors import EngineError
from drafter.types import Message, Sampling


class FakeEmbedder:
    """Character bigrams hashed into a vector, so that texts sharing words are close.

    `encoded` holds every text it was asked for, `queries` those asked for as queries.
    """

    def __init__(self, name: str = "fake-1", dimension: int = 256) -> None:
        self._name = name
        self._dimension = dimension
        self.encoded: list[str] = []
        self.queries: list[str] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode_query(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.queries += texts
        return self._vectors(texts)

    def encode_document(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.encoded += texts
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in enumerate(texts):
            for pair in itertools.pairwise(text):
                vectors[row, zlib.crc32("".join(pair).encode()) % self._dimension] += 1
            if not vectors[row].any():
                vectors[row, 0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class FakeChat:
    """A ChatModel that gives prepared replies in turn; the last one is given again and again.

    A reply that is an exception is raised instead. `history` holds what it was asked, `closed`
    counts replies that were not read to their end. One character is one token.
    """

    def __init__(self, *replies: str | Exception, piece: int = 4, delay: float = 0.0) -> None:
        self._replies = list(replies) or [""]
        self._piece = piece
        self._delay = delay
        self.history: list[tuple[tuple[Message, ...], Sampling]] = []
        self.closed = 0

    @property
    def name(self) -> str:
        return "fake-chat"

    @property
    def sha256(self) -> str:
        return "f" * 64

    @property
    def context_tokens(self) -> int:
        return 4096

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message["content"]) + 4 for message in messages)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        self.history.append((tuple(messages), sampling))
        return self._say(reply, sampling)

    def _say(self, reply: str | Exception, sampling: Sampling) -> Iterator[str]:
        if isinstance(reply, Exception):
            raise reply
        ends = [at for at in (reply.find(mark) for mark in sampling.stop) if at >= 0]
        text = reply[: min([*ends, sampling.max_tokens])]
        finished = False
        try:
            yield ""  # like the real ones, which have nothing to say while they read the prompt
            for start in range(0, len(text), self._piece):
                time.sleep(self._delay)
                yield text[start : start + self._piece]
            finished = True
        finally:
            self.closed += not finished

    def close(self) -> None:
        self._replies = [EngineError("模型已经关闭。", "请重新选择模型。")]
