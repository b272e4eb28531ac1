"""Engine `llama.cpp`: a GGUF file run in this process through xllamacpp (MIT), fast on a CPU.

Of `Sampling.limits` it holds those on numbers, by a grammar; the other is left to the checks.

Same seed, same text holds for the same state: a prompt read afresh and one taken from the cache, or
a reply written alone and one beside others, differ in the last bits of a float, which now and then
turns a choice. Open the engine with cache_prompt=False where a text must be produced again exactly:
it then reads every prompt afresh, writes one reply at a time and guesses nothing ahead.
"""

import hashlib
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from drafter.chat.gguf import check_gguf
from drafter.chat.grammar import grammar_for
from drafter.chat.kept_prompts import KeptPrompts
from drafter.chat.llama_server import LlamaServer, Opening, closed
from drafter.chat.plain import marks_of, plain
from drafter.chat.relay import Emit, relay
from drafter.chat.slots import Slot, Slots, flat, replies_with_room
from drafter.types import Message, Sampling
from index.memory import free_memory

# Prompts kept as read, all of them together: about 15 sections with three exemplars for the 1.5B.
KEPT_MIB = 256
# From so many characters on that no slot and no file has, a prompt is read to be kept: some 130
# tokens, two seconds. Reading a prompt for keeping costs a tenth of a second more.
WORTH_KEEPING = 200
# Fixed here because sampling defaults differ between versions and engines.
TOP_K, MIN_P = 40, 0.05
LOOK_SECONDS = 0.05


class LlamaCppChat:
    """A ChatModel over one GGUF file, with ManyReplies. Safe from any thread."""

    def __init__(
        self,
        path: Path,
        *,
        n_ctx: int = 4096,
        threads: int = 0,
        cache_prompt: bool = True,
        sha256: str = "",
        name: str = "",
        at_once: int | None = None,
        guessing: bool = False,
    ) -> None:
        """Load the file (seconds). `n_ctx` in tokens; `threads` 0 means all cores.

        `sha256` is the file's hash where it is known already; `at_once` how many replies are
        written at a time, None as many as there is memory for; `guessing` whether words that stand
        in the prompt are guessed ahead (off: no gain has been measured yet, see
        bench.engine_speed). Raises EngineError.
        """
        self._path = path
        self._name = name or path.stem
        self._sha256 = sha256
        self._closing = threading.Event()
        self._ahead: set[threading.Event] = set()
        header = check_gguf(path)
        self._marks = marks_of(header.control_tokens, header.added_tokens)
        each, weights = header.bytes_a_token * n_ctx, path.stat().st_size
        wanted = at_once or replies_with_room(each, weights, free_memory())
        self._at_once = wanted if cache_prompt else 1
        self._cache_prompt = cache_prompt
        self._kept: KeptPrompts | None = None
        if cache_prompt:
            with suppress(OSError):  # no room for files: each slot still keeps its own last prompt
                self._kept = KeptPrompts(KEPT_MIB << 20)
        folder = self._kept.folder if self._kept else None
        guessing = guessing and cache_prompt
        opening = Opening(
            path, header.architecture, n_ctx, self._at_once, threads, guessing, folder
        )
        try:
            self._server = LlamaServer(opening)
        except BaseException:
            self._forget()
            raise
        self._slots = Slots(self._at_once)

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
        return self._server.context

    @property
    def at_once(self) -> int:
        """How many replies are written at a time; one more waits for the first to end."""
        return self._at_once

    @property
    def listener(self) -> tuple[str, str]:
        """Address and key of the in-process listener, for tests and diagnosis."""
        return self._server.listener

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the exact number of tokens, the chat template's own included."""
        body = {
            "messages": plain(messages, self._marks),
            "chat_template_kwargs": {"enable_thinking": False},
        }
        answer = self._server.ask("POST", "/v1/chat/completions/input_tokens", body)
        return int(answer["input_tokens"])

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the reply; "" while there is nothing yet. See ChatModel.stream and relay."""
        request = self._request(messages) | {
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
            for ahead in tuple(self._ahead):
                ahead.set()
            self._write(flat(messages), request, emit, lambda: self._over(stop))
            if self._closing.is_set() and not stop.is_set():
                raise closed()

        return relay(produce)

    def read_ahead(self, messages: Sequence[Message], stop: threading.Event) -> None:
        """Read a prompt and keep it, so that a reply to it, or to one that begins as it does, comes
        soon. Returns at once where somebody writes. See ManyReplies.read_ahead."""
        give_way = threading.Event()
        self._ahead.add(give_way)
        try:
            if not self._slots.busy and self._kept:
                self._write(
                    flat(messages),
                    self._request(messages) | {"max_tokens": 0},
                    lambda text: None,
                    lambda: give_way.is_set() or self._over(stop),
                    writes=False,
                )
        finally:
            self._ahead.discard(give_way)

    def close(self) -> None:
        """Stop what is running, free the memory. Closing twice does nothing."""
        self._closing.set()
        self._slots.close()
        self._server.close()
        self._forget()

    def _forget(self) -> None:
        if self._kept:
            self._kept.close()

    def _over(self, stop: threading.Event) -> bool:
        return stop.is_set() or self._closing.is_set()

    def _request(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {
            "messages": plain(messages, self._marks),
            "stream": True,
            # Progress reports come once a batch: the only moments a prompt can be given up.
            "return_progress": True,
            "cache_prompt": self._cache_prompt,
            "chat_template_kwargs": {"enable_thinking": False},
        }

    def _write(
        self,
        text: str,
        request: dict[str, Any],
        emit: Emit,
        ended: Callable[[], bool],
        writes: bool = True,
    ) -> None:
        """Make one reply in a slot of its own, or with `writes` False only read its prompt."""
        kept = self._kept.best(text)[1] if self._kept else 0
        slot = self._slots.take(text, kept, ended)
        if slot is None:
            return
        try:
            request["id_slot"] = slot.number
            if self._kept:
                self._prepare(self._kept, slot, text, request, ended)
            if writes and not ended():
                self._reply(slot, text, request, emit, ended)
        finally:
            self._slots.give(slot)

    def _reply(
        self,
        slot: Slot,
        text: str,
        request: dict[str, Any],
        emit: Emit,
        ended: Callable[[], bool],
    ) -> None:
        slot.holds, slot.whole = text, False
        said: list[str] = []

        def pass_on(piece: str) -> None:
            slot.whole = True
            said.append(piece)
            emit(piece)

        self._server.complete(request, pass_on, ended)
        # As it stands in the next prompt, should that say what is wrong with this reply.
        slot.holds += f"\0assistant\0{''.join(said)}"

    def _prepare(
        self,
        kept: KeptPrompts,
        slot: Slot,
        text: str,
        request: dict[str, Any],
        ended: Callable[[], bool],
    ) -> None:
        """See to it that the slot has read all but a little of a prompt, and that it is kept.

        Who comes while another reads the same takes it from the file that comes of that.
        """
        while not ended():
            found, common = kept.best(text)
            if found is not None and common > slot.has(text):
                if not self._server.restore(slot.number, found.file):
                    slot.holds, slot.whole = "", False
                    kept.drop(found)
                    continue
                slot.holds, slot.whole = found.text, True
            if len(text) - max(common, slot.has(text)) < WORTH_KEEPING:
                return
            with kept.reading(text, max(common, slot.has(text)) + WORTH_KEEPING) as mine:
                if mine:
                    self._read(kept, slot, text, request, ended)
                    return
            threading.Event().wait(LOOK_SECONDS)

    def _read(
        self,
        kept: KeptPrompts,
        slot: Slot,
        text: str,
        request: dict[str, Any],
        ended: Callable[[], bool],
    ) -> None:
        reading = {name: value for name, value in request.items() if name != "grammar"}
        slot.holds, slot.whole = text, False
        slot.whole = self._server.complete(reading | {"max_tokens": 0}, lambda piece: None, ended)
        if slot.whole:
            file = kept.new_file()
            if self._server.save(slot.number, file):
                kept.add(text, file)
