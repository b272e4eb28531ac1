"""A reply made in a worker thread, handed to its reader piece by piece and stopped when it closes.

Every engine writes through here, so all of them stop alike. What it does not know: models.
"""

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

HEARTBEAT_SECONDS = 0.2
"""The longest a reader waits for a piece before it is handed an empty one."""
JOIN_SECONDS = 1.0
"""The longest a closing reader waits for the worker (the contract of ChatModel.stream)."""

Emit = Callable[[str], None]
Produce = Callable[[Emit, threading.Event], None]


def relay(produce: Produce, wake: Callable[[], None] | None = None) -> Generator[str]:
    """Run `produce(emit, stop)` in a thread and yield what it emits.

    Between pieces, "" is yielded every HEARTBEAT_SECONDS: reading the prompt takes seconds, and a
    reader that looks at its own stop flag between pieces must get the chance. Closing the generator
    sets `stop`, calls `wake` (to interrupt a blocking read) and waits for the worker, at most
    JOIN_SECONDS. Whatever `produce` raises is raised here.
    """
    stop = threading.Event()
    outbox: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()

    def work() -> None:
        outcome: BaseException | None = None
        try:
            produce(outbox.put, stop)
        except BaseException as error:  # noqa: BLE001 - a thread's error belongs to its reader
            outcome = error
        outbox.put(outcome)

    # A daemon: a reader that forgot to close must not keep the program from ending.
    worker = threading.Thread(target=work, name="chat-reply", daemon=True)
    worker.start()
    try:
        yield from _drain(outbox)
    finally:
        stop.set()
        if wake is not None:
            wake()
        worker.join(JOIN_SECONDS)


def _drain(outbox: "queue.SimpleQueue[str | BaseException | None]") -> Iterator[str]:
    while True:
        try:
            item = outbox.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            yield ""
            continue
        if item is None:
            return
        if isinstance(item, BaseException):
            raise item
        yield item


_OPEN, _CLOSE = "<think>", "</think>"


def without_thinking(pieces: Generator[str]) -> Generator[str]:
    """Leave out a reasoning model's opening <think>…</think>; the rest passes as it comes.

    Replies are asked for without thinking; some servers and models think aloud all the same. Empty
    pieces pass, so a long thought can still be stopped. A thought that never ends leaves nothing.
    """
    with closing(pieces):
        held: str | None = ""
        after = False
        for piece in pieces:
            if held is None:
                yield piece
                continue
            held = (held + piece).lstrip() if after else held + piece
            start = held.lstrip()
            if not after and start.startswith(_OPEN):
                end = start.find(_CLOSE)
                if end < 0:
                    yield ""
                    continue
                held, after = start[end + len(_CLOSE) :].lstrip(), True
            if (after and not held) or (not after and _OPEN.startswith(start)):
                yield ""
                continue
            yield held
            held = None
        if held and not held.lstrip().startswith(_OPEN):
            yield held


def cut_at(pieces: Generator[str], stops: tuple[str, ...]) -> Generator[str]:
    """Pass pieces on until one of `stops` appears, which ends the reply and is not part of it.

    The end of a piece that may be the beginning of a stop waits for the next piece.
    """
    marks = tuple(mark for mark in stops if mark)
    with closing(pieces):
        held = ""
        for piece in pieces:
            held += piece
            found = [at for at in (held.find(mark) for mark in marks) if at >= 0]
            if found:
                yield held[: min(found)]
                return
            safe = len(held) - max((_overlap(held, mark) for mark in marks), default=0)
            yield held[:safe]
            held = held[safe:]
        if held:
            yield held


def _overlap(text: str, mark: str) -> int:
    """Return the length of the longest end of `text` that is a beginning of `mark`."""
    longest = min(len(text), len(mark) - 1)
    return next((size for size in range(longest, 0, -1) if text.endswith(mark[:size])), 0)
