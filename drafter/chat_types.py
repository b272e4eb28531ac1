"""The shapes between the writer and its engines: prompts, how words are chosen, models."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NotRequired, Protocol, TypedDict, runtime_checkable


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reply may not contain. An engine that cannot hold to it ignores it; checks decide.

    `numbers` are the runs of digits that may be written ("12", "2025"); `exemplars` are texts of
    which no run of `run` letters may be repeated unless one of `own` has it too.
    """

    numbers: tuple[str, ...]
    exemplars: tuple[str, ...]
    own: tuple[str, ...]
    run: int = 13


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is asked to choose words. `max_tokens` bounds one reply."""

    temperature: float = 0.3
    top_p: float = 0.9
    max_tokens: int = 320
    seed: int = 1
    stop: tuple[str, ...] = ()
    limits: Limits | None = None


class Message(TypedDict):
    """One turn of a chat, in the form every engine understands."""

    role: Literal["system", "user", "assistant"]
    content: str
    name: NotRequired[str]


class ChatModel(Protocol):
    """A local or remote chat model. Safe to call from one thread at a time."""

    @property
    def name(self) -> str:
        """What the model is called, for the page and for the record of a run."""
        ...

    @property
    def sha256(self) -> str:
        """Hash of the weights file, or "" where there is none to hash (a server, a folder)."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and reply may have together."""
        ...

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens a prompt takes."""
        ...

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        """Yield pieces of the reply. Closing the iterator stops generation within a second.

        Raises EngineError when the engine fails; never yields an error as text.
        """
        ...

    def close(self) -> None:
        """Free memory. The model cannot be used afterwards."""
        ...


@runtime_checkable
class ManyReplies(Protocol):
    """What a ChatModel may have besides: several replies at a time, and reading ahead."""

    @property
    def at_once(self) -> int:
        """How many replies it makes at a time without one waiting for another."""
        ...

    def read_ahead(self, messages: Sequence[Message], stop: threading.Event) -> None:
        """Read a prompt into the engine's cache and write nothing.

        Returns within a second once `stop` is set or somebody asks for a reply.
        """
        ...
