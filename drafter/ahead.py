"""Replies made ahead of their being asked for, several at a time, each of them once.

A section is written point after point, so that its text depends on nobody's timing. Where the model
can make several replies at a time, threads go through the points to come meanwhile and ask for the
same replies; whoever asks second follows what the first is given. So the text is letter for letter
the one that would be written one point at a time, given the same replies.
"""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, replace
from typing import cast

from drafter import journal
from drafter.chat_types import ChatModel, ManyReplies, Message, Sampling
from drafter.errors import UserFacingError

# The longest a reader waits before it is handed "", so that it can look at its own stop.
HEARTBEAT_SECONDS = 0.1

Work = Callable[[ChatModel], Generator[object]]
"""Something to go through ahead, with the model to ask; what it yields is not looked at."""


class _Reply:
    """One reply as it grows, for any number of readers."""

    def __init__(self) -> None:
        self.readers = 0  # who follow it; Ahead counts them
        self._news = threading.Condition()
        self._text = ""
        self._ended = False
        self._error: BaseException | None = None

    def add(self, piece: str) -> None:
        with self._news:
            self._text += piece
            self._news.notify_all()

    def end(self, error: BaseException | None = None) -> None:
        with self._news:
            self._ended, self._error = True, error
            self._news.notify_all()

    def read(self) -> Generator[str]:
        """Yield the reply as it comes, "" while it does not; raise what went wrong with it."""
        seen, ended = 0, False
        while not ended:
            with self._news:
                if not self._ended and seen == len(self._text):
                    self._news.wait(HEARTBEAT_SECONDS)
                piece, seen, ended = self._text[seen:], len(self._text), self._ended
            yield piece
        if self._error is not None:
            raise self._error


class Ahead:
    """A ChatModel over another that makes several replies at a time.

    Works begin in the order they were given, those of `begin` before those of `later`. To be closed
    in the end, which stops every reply.
    """

    def __init__(self, model: ChatModel, at_once: int, stop: threading.Event | None = None) -> None:
        self.model = model
        self._at_once = at_once
        self._stop = stop or threading.Event()
        self._closed, self._held = threading.Event(), threading.Event()
        self._changed = threading.Condition()
        # The writer asks beside the threads: whoever comes first has the place.
        self._places = threading.Semaphore(at_once)
        self._replies: dict[str, _Reply] = {}
        self._works: deque[Work] = deque()
        self._later: Callable[[], Work | None] = _nothing
        self._finding = threading.Lock()
        self._threads: list[threading.Thread] = []
        # Nothing is done beside the first reply until somebody can read its first word.
        self._spoken = threading.Event()

    @property
    def name(self) -> str:
        """The model's own name."""
        return self.model.name

    @property
    def sha256(self) -> str:
        """The hash of the model's weights."""
        return self.model.sha256

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and reply may have together."""
        return self.model.context_tokens

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens a prompt takes."""
        return self.model.count_tokens(messages)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the reply to a prompt: the one that is being made or was made, else a new one."""
        key = _key(messages, sampling)
        with self._changed:
            known = self._replies.get(key)
            reply = known or self._replies.setdefault(key, _Reply())
            reply.readers += known is not None
        if not known:
            yield from self._made(key, reply, messages, sampling)
            return
        try:
            yield from reply.read()
        finally:
            with self._changed:
                reply.readers -= 1

    def begin(self, works: Iterable[Work]) -> None:
        """Go through works ahead, from now on and before any others."""
        with self._changed:
            self._held.clear()
            self._works = deque(works)
            while len(self._threads) < self._at_once and not self._over():
                thread = threading.Thread(target=self._run, name="ahead", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def later(self, find: Callable[[], Work | None]) -> None:
        """Once begun, ask for further works when there is nothing else to do, one at a time.

        None: there is none now.
        """
        with self._finding:
            self._later = find

    def hold(self) -> None:
        """Stop what has not been asked for yet, until `begin`: somebody else wants the model."""
        self._held.set()

    def close(self) -> None:
        """Stop every reply and wait for the end of it. The model stays as it is."""
        self._closed.set()
        for thread in self._threads:
            thread.join()

    def _over(self) -> bool:
        return self._closed.is_set() or self._stop.is_set()

    def _made(
        self, key: str, reply: _Reply, messages: Sequence[Message], sampling: Sampling
    ) -> Generator[str]:
        """Have the model make a reply, for whoever asks for it meanwhile and afterwards."""
        try:
            with closing(self._in_place(messages, sampling)) as pieces:
                for piece in pieces:
                    if piece:
                        self._spoken.set()
                    reply.add(piece)
                    try:
                        yield piece
                    except GeneratorExit:
                        if not self._dropped(key, reply):
                            self._finish(key, reply, pieces)
                        raise
        except GeneratorExit:
            reply.end()
            raise
        except BaseException as error:
            with self._changed:
                self._replies.pop(key, None)  # whoever asks next asks afresh
            reply.end(error)
            raise
        finally:
            self._spoken.set()
        reply.end()

    def _in_place(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the model's reply once there is a place for one more, "" until then."""
        while not self._places.acquire(timeout=HEARTBEAT_SECONDS):
            yield ""
        try:
            with closing(cast("Generator[str]", self.model.stream(messages, sampling))) as pieces:
                yield from pieces
        finally:
            self._places.release()

    def _dropped(self, key: str, reply: _Reply) -> bool:
        """Forget a reply that is left half-way, for half a reply is nobody's. False where it was
        made ahead and somebody has come to follow it: that one must have it whole."""
        with self._changed:
            ahead = threading.current_thread() in self._threads
            gone = self._over() or not ahead or not reply.readers
            if gone:
                self._replies.pop(key, None)
            return gone

    def _finish(self, key: str, reply: _Reply, pieces: Iterator[str]) -> None:
        """Go on with a reply for those who follow it, as long as there are any."""
        for piece in pieces:
            reply.add(piece)
            if self._dropped(key, reply):
                return

    def _run(self) -> None:
        while not self._over():
            try:
                work = self._next()
                if work is not None:
                    self._go_through(work)
            except UserFacingError:
                continue  # whoever asks for the same reply meets it too
            except Exception as error:  # noqa: BLE001 - the edge of a thread: kept for a report
                journal.crash(error, "ahead")

    def _go_through(self, work: Work) -> None:
        with closing(work(self)) as steps:
            for _ in steps:
                if self._over() or self._held.is_set():
                    return

    def _next(self) -> Work | None:
        """Return the next work, None after a while without one."""
        first = threading.current_thread() is self._threads[0]
        if not first and not self._spoken.wait(HEARTBEAT_SECONDS):
            return None
        with self._changed:
            if self._works:
                return self._works.popleft()
        if not self._held.is_set():
            with self._finding:
                found = self._later()
            if found is not None:
                return found
        with self._changed:
            if not self._works:
                self._changed.wait(HEARTBEAT_SECONDS)
        return None


def _nothing() -> None:
    return None


@contextmanager
def several(model: ChatModel, stop: threading.Event | None = None) -> Iterator[ChatModel]:
    """Give an `Ahead` over a model that makes several replies at a time, closed in the end.

    Any other model, and one that is an `Ahead` already, is given as it is.
    """
    if isinstance(model, Ahead) or not isinstance(model, ManyReplies) or model.at_once < 2:
        yield model
        return
    ahead = Ahead(model, model.at_once, stop)
    try:
        yield ahead
    finally:
        ahead.close()


def _key(messages: Sequence[Message], sampling: Sampling) -> str:
    """Return what two requests share that are given the same reply.

    Of the limits only the numbers: what other sections say changes while a reply is made ahead, and
    is looked at again when it is used (drafter.elsewhere).
    """
    numbers = sampling.limits.numbers if sampling.limits else None
    chosen = (*astuple(replace(sampling, limits=None)), numbers)
    return hashlib.sha256(json.dumps([messages, chosen], ensure_ascii=False).encode()).hexdigest()
