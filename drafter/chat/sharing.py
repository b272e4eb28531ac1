"""One transformers model, several replies: a thread that makes them together, and who waits.

Whoever wants a reply hands it in and waits; the thread reads its prompt and lets it write with the
others. Reading ahead gives way at once to whoever wants a reply. Knows nothing of text.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from drafter.chat.batch import Batch, Row


class Left(Exception):
    """Raised inside the model to leave it in the middle of a pass."""


class Gone(Exception):
    """The model was closed before the reply was finished."""


@dataclass(slots=True, eq=False)
class Wish:
    """A reply wanted (`row`), or a prompt to be read ahead (no row)."""

    tokens: Sequence[int]
    stop: threading.Event
    row: Row | None = None
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class SharedModel:
    """The thread that writes. `close` ends it; the memory is free when that returns."""

    def __init__(self, model: Any, device: str, at_once: int, whole: bool) -> None:  # noqa: ANN401
        self._batch: Batch | None = Batch(model, device, whole=whole)
        self._at_once = at_once
        self._changed = threading.Condition()
        self._waiting: deque[Wish] = deque()
        self._ahead: deque[Wish] = deque()
        self._writing: list[Wish] = []
        self._reading: Wish | None = None
        self._closed = False
        for module in model.modules():
            if not any(module.children()):
                module.register_forward_pre_hook(self._leave_if_stopped)
        self._thread = threading.Thread(target=self._run, name="chat-model", daemon=True)
        self._thread.start()

    def ask(self, wish: Wish) -> None:
        """Hand in a wish and wait until it is fulfilled or stopped. Raises what went wrong."""
        with self._changed:
            if self._closed:
                raise Gone
            (self._waiting if wish.row else self._ahead).append(wish)
            self._changed.notify_all()
        wish.done.wait()
        if wish.error:
            raise wish.error

    def forget(self) -> None:
        """Drop the prompts read so far; those being written go on."""
        if self._batch:
            self._batch.forget()

    def close(self) -> None:
        """End every reply and the thread, and let the model go. Closing twice does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _leave_if_stopped(self, _module: object, _inputs: object) -> None:
        # Reading a long prompt on a CPU is a pass of many seconds, left here between two
        # multiplications. A pass that somebody still wants goes on.
        if threading.current_thread() is not self._thread:
            return
        wish = self._reading
        if self._closed:
            raise Left
        if wish and (wish.stop.is_set() or (wish.row is None and self._waiting)):
            raise Left
        if not wish and all(one.stop.is_set() for one in self._writing):
            raise Left

    def _run(self) -> None:
        import torch

        with torch.inference_mode():
            while self._wait():
                self._guarded(self._admit)
                if self._writing:
                    self._guarded(self._step)
        self._batch = None
        for wish in [*self._writing, *self._waiting, *self._ahead]:
            self._finish(wish, Gone())

    def _wait(self) -> bool:
        """Wait for something to do; False once the desk is closed."""
        with self._changed:
            while not (self._closed or self._waiting or self._ahead or self._writing):
                self._changed.wait()
            return not self._closed

    def _admit(self) -> None:
        """Read the prompts of those who wait, as far as there is room beside the others."""
        while len(self._writing) < self._at_once:
            with self._changed:
                if not self._waiting and (self._writing or not self._ahead):
                    return
                wish = (self._waiting or self._ahead).popleft()
            if wish.stop.is_set():
                self._finish(wish)
                continue
            self._reading = wish
            try:
                self._read(wish)
            except Left:
                self._finish(wish, Gone() if self._closed else None)
            except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
                self._finish(wish, error)
            finally:
                self._reading = None

    def _read(self, wish: Wish) -> None:
        assert self._batch is not None  # noqa: S101 - until the thread ends
        cache, scores = self._batch.read(wish.tokens)
        if wish.row is None:
            self._finish(wish)
            return
        self._batch.join(wish.row, cache, scores)
        if wish.row.going:
            self._writing.append(wish)
        else:
            self._finish(wish)

    def _step(self) -> None:
        assert self._batch is not None  # noqa: S101 - until the thread ends
        for wish in self._writing:
            if wish.row and wish.stop.is_set():
                wish.row.going = False
        self._batch.drop_ended()
        if self._batch.rows:
            self._batch.step()
        going = [wish for wish in self._writing if wish.row and wish.row.going]
        for wish in self._writing:
            if wish not in going:
                self._finish(wish)
        self._writing = going

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do a part of the work; what breaks it ends every reply being written."""
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - belongs to those who asked
            ended, self._writing = self._writing, []
            if self._batch:
                self._batch.clear()
            outcome = None if isinstance(error, Left) and not self._closed else error
            for wish in ended:
                self._finish(wish, Gone() if isinstance(outcome, Left) else outcome)

    @staticmethod
    def _finish(wish: Wish, error: BaseException | None = None) -> None:
        wish.error = error
        wish.done.set()
