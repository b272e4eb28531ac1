"""The sample library made ready in the background: embedder fetched and loaded, samples imported.

Part of the composer. Says where it stands in words for the status line.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from drafter import journal
from drafter.errors import UserFacingError
from drafter.topics import topic_weights
from drafter.types import EngineStatus
from index.embed import default_embedder, load_embedder
from index.errors import LibraryMismatch
from index.home import models_dir
from index.library import Library
from index.types import BuildProgress, Embedder

DEFAULT_EMBEDDER = "multilingual-e5-small"
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


class Shelf:
    """Holds the library and at most one embedder. Safe to use from any thread.

    `chosen` says which embedder the person wants; one that is already `opened` is used as it is.
    One with a `lender` loads none and uses that shelf's.
    """

    def __init__(
        self,
        folder: Path,
        chosen: Callable[[], str],
        opened: Embedder | None,
        lender: "Shelf | None" = None,
    ) -> None:
        self.library = Library(folder, self.embedder, topic_weights)
        self._chosen = chosen
        self._embedder = opened
        self._lender = lender
        self._loading = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._status = EngineStatus("missing", "", "", "样本库还没有准备。", 0, 0)

    @property
    def ready_embedder(self) -> Embedder | None:
        """The embedder if it is loaded: planning works without and never waits for it."""
        return self._lender.ready_embedder if self._lender else self._embedder

    def embedder(self) -> Embedder:
        """Return the embedder, loading (and first fetching) it. Raises WeightsError."""
        if self._lender:
            return self._lender.embedder()
        with self._loading:
            if self._embedder is None:
                name = self._chosen()
                if name == DEFAULT_EMBEDDER:
                    background = threading.current_thread() is self._thread
                    say, stop = (self._say_fetch, self._stop) if background else (None, None)
                    self._embedder = default_embedder(models_dir(), say, stop)
                else:
                    self._embedder = load_embedder(name)
            return self._embedder

    def forget_embedder(self) -> None:
        """Let go of the embedder: another was chosen."""
        with self._loading:
            self._embedder = None

    def _say_fetch(self, done: int, total: int, message: str) -> None:
        text = message or "正在下载检索模型…"
        self._status = EngineStatus("downloading", DEFAULT_EMBEDDER, "", text, done, total)

    def stop(self) -> None:
        """Stop fetching and importing; what is finished stays."""
        self._stop.set()

    def status(self) -> EngineStatus:
        """Return where embedder and library stand. Cheap enough to poll."""
        return self._status

    def _mismatched(self) -> bool:
        try:
            self.library.search("党建", None, 1)
        except LibraryMismatch:
            return True
        return False

    def wait(self, stop: threading.Event, pause: float = 0.3) -> Iterator[EngineStatus]:
        """Yield the status now and then while the library is being prepared, until `stop`."""
        while self._thread is not None and self._thread.is_alive() and not stop.is_set():
            yield self._status
            time.sleep(pause)

    def about_to_prepare(self) -> None:
        """Say that `prepare` follows in a moment: a page opened meanwhile shows nothing amiss."""
        if self._thread is None:
            self._status = EngineStatus("loading", "", "", "马上开始准备样本库…", 0, 0)

    def prepare(
        self, first_time: bool, afterwards: Callable[[threading.Event], Iterable[object]]
    ) -> None:
        """Begin loading in the background, unless that is under way.

        The `first_time` an empty library is filled from samples/; a person who deletes them all
        does not get them again. `afterwards` is gone through once the library is there.
        """
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._fill, args=(first_time, afterwards), name="library-load", daemon=True
        )
        self._thread.start()

    def _fill(
        self, first_time: bool, afterwards: Callable[[threading.Event], Iterable[object]]
    ) -> None:
        def progress(step: BuildProgress) -> None:
            self._status = EngineStatus("loading", "", "", step.message, step.done, step.total)

        self._status = EngineStatus("loading", "", "", "正在装入检索模型…", 0, 0)
        try:
            self.embedder()
            if first_time and SAMPLES.is_dir():
                self.library.build([SAMPLES], progress, self._stop)
            for _ in afterwards(self._stop):
                pass
            mismatched = self._mismatched()
        except Exception as error:  # noqa: BLE001 - carried to the status line
            if isinstance(error, UserFacingError):
                text = f"{error.message}{error.hint}"
            else:
                journal.crash(error, "library")
                text = "样本库没有准备好，写作照常。请重新启动后再试。"
            self._status = EngineStatus("failed", "", "", text, 0, 0)
            return
        if mismatched:
            text = "样本库是用另一个检索模型建立的，暂时不能找范例；写作照常。请点“重建样本库”。"
            self._status = EngineStatus("failed", "", "", text, 0, 0)
            return
        count = len(self.library.reports())
        self._status = EngineStatus("ready", "", "", f"样本库已就绪：{count} 篇样本。", 0, 0)
