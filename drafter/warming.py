"""Prompts read into the model's cache while a person still arranges facts, so that writing begins
at once: reading what stands before the first word takes a small computer ten seconds and more.

In the background, with a model that is loaded anyway and that nobody uses; given up at once when
somebody writes or the document changes. What has been read is not read again.
"""

import threading
import time

from drafter import journal
from drafter.engine import Engine
from drafter.errors import UserFacingError
from drafter.preparing import Preparing
from drafter.prompts import messages_sha256
from drafter.shelf import Shelf
from drafter.store import Store
from drafter.types import ChatModel, ManyReplies

# So long a document must stay as it is before its prompts are read, in seconds.
QUIET_SECONDS = 1.0
# How often it is looked whether it has; also the longest that `close` waits for more than a prompt.
LOOK_SECONDS = 0.2
CLOSE_SECONDS = 2.0
SETTING, OFF = "read_ahead", "off"
COMING = ("downloading", "loading")
# No embedder comes where none is being fetched; it is not waited for any longer than this.
PATIENCE_SECONDS = 600.0


class Warming:
    """Reads ahead what one person's document is about to be written from."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        shelf: Shelf,
        preparing: Preparing,
    ) -> None:
        self._engine = engine
        self._store = store
        self._shelf = shelf
        self._preparing = preparing
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wanted: tuple[int, object] | None = None
        self._done: tuple[int, object, int] | None = None
        self._since = 0.0
        self._stop = threading.Event()
        self._model: ChatModel | None = None
        self._read: set[str] = set()

    @property
    def on(self) -> bool:
        """Whether the person lets prompts be read ahead."""
        return self._store.setting(SETTING) != OFF

    def switch(self, on: bool) -> None:
        """Keep whether prompts may be read ahead."""
        self._store.set_setting(SETTING, "on" if on else OFF)
        if not on:
            self.give_up()

    def _state(self, doc: int) -> object:
        """Tell one state of a document from another; None: there is nothing to read ahead."""
        left = tuple(section.id for section in self._preparing.waiting(doc)) if self.on else ()
        chosen = str(self._store.chosen.everywhere(doc))
        return (self._store.document(doc).rev, chosen, left) if left else None

    def _soon(self) -> bool:
        """Whether model and library are still being made ready: exemplars and so prompts would be
        others without them."""
        library = self._shelf.status().state in COMING or self._shelf.ready_embedder is None
        return self._engine.status().state == "loading" or library

    def look_at(self, doc: int) -> None:
        """Read a document's prompts ahead, once it stays as it is. Returns at once."""
        engine, model = self._engine.status().state, self._engine.loaded()
        able = isinstance(model, ManyReplies) if engine == "ready" else engine == "loading"
        state = self._state(doc) if able else None
        with self._lock:
            if state is None or self._done == (doc, state, id(model)):
                return
            if self._wanted != (doc, state):
                self._stop.set()
                self._wanted, self._since = (doc, state), time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)
                self._thread.start()

    def give_up(self) -> None:
        """Stop reading: somebody writes."""
        with self._lock:
            self._wanted = None
            self._stop.set()

    def close(self) -> None:
        """Stop reading and wait for the end of it."""
        self.give_up()
        thread = self._thread
        if thread is not None:
            thread.join(CLOSE_SECONDS)

    def wait(self) -> None:
        """Wait until there is nothing left to read."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (found := self._next()) is not None:
            (doc, state), stop = found
            if stop is None:
                time.sleep(LOOK_SECONDS)
                continue
            try:
                whole = self._read_ahead(doc, stop)
            except Exception as error:  # noqa: BLE001 - nobody asked for it
                if not isinstance(error, UserFacingError):
                    journal.crash(error, "read-ahead")
                whole = True  # whoever writes it is told; it is not tried again
            with self._lock:
                if self._wanted == (doc, state):
                    self._wanted = None
                if whole:
                    self._done = (doc, state, id(self._model))

    def _next(self) -> tuple[tuple[int, object], threading.Event | None] | None:
        """Return what to read and what ends that, no event while it is too early; None when there
        is nothing left, which ends the thread."""
        with self._lock:
            if self._wanted is None:
                self._thread = None
                return None
            waited = time.monotonic() - self._since
            if waited < QUIET_SECONDS or (waited < PATIENCE_SECONDS and self._soon()):
                return self._wanted, None
            self._stop = threading.Event()
            return self._wanted, self._stop

    def _read_ahead(self, doc: int, stop: threading.Event) -> bool:
        """Read the prompts of a document; return whether all of them were read."""
        model = self._engine.loaded()
        if not isinstance(model, ManyReplies) or self._soon():
            return False
        if model is not self._model:
            self._model, self._read = model, set()
        for messages in self._preparing.prompts(doc):
            key = messages_sha256(messages)
            if key in self._read:
                continue
            if self._engine.loaded() is not model or stop.is_set():
                return False
            model.read_ahead(messages, stop)
            if self._engine.loaded() is not model or stop.is_set():
                return False  # somebody writes: it may have been given up half-way
            self._read.add(key)
        return True
