"""The writer's engine: fetched, loaded and held in the background, one request at a time.

The page opens before any model is there. `Engine` says where the model stands in words for the
status line, loads it in its own thread, and hands it out when it is ready.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from drafter import journal
from drafter.chat.choose import open_engine
from drafter.errors import EngineError, UserFacingError
from drafter.models import get_model, list_models, resolve_model
from drafter.types import ChatModel, EngineStatus, Settings

MIB = 1 << 20
TURN_SECONDS = 0.3  # how often one who waits for the model looks whether to stop


class Engine:
    """Holds at most one loaded model. Safe to use from any thread."""

    def __init__(self, settings: Callable[[], Settings], opened: ChatModel | None = None) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._in_use = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._model = opened
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._reason = ""
        self._outdated = False
        self._status: EngineStatus | None = None
        if opened is not None:
            self._status = EngineStatus(
                "ready", opened.name, "", f"写作模型已就绪：{opened.name}。", 0, 0
            )

    def status(self) -> EngineStatus:
        """Return where the model stands. Cheap: asks no disk once loading has begun."""
        with self._lock:
            return self._status or self._first_status()

    def _first_status(self) -> EngineStatus:
        chosen = self._settings().model
        known = {info.name: info for info in list_models()}.get(chosen)
        if known and not known.installed:
            size = f"{known.bytes / MIB:,.0f} MB"
            return EngineStatus(
                "missing",
                chosen,
                "",
                f"写作模型还没有下载（{size}），下载一次即可离线使用。",
                0,
                known.bytes,
            )
        return EngineStatus(
            "missing", chosen, "", "写作模型还没有装入内存，首次写作时自动装入。", 0, 0
        )

    def _say(self, status: EngineStatus, load: threading.Event) -> None:
        """Publish the status of a load, unless another has taken its place."""
        with self._changed:
            if load is not self._stop:
                return
            self._status = status
            self._changed.notify_all()

    def prepare(self) -> None:
        """Begin fetching and loading, unless that is under way or done."""
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            if busy or self._model is not None:
                return
            self._stop = stop = threading.Event()
            chosen = self._settings()
            self._status = EngineStatus("loading", chosen.model, "", "正在准备写作模型…", 0, 0)
            self._thread = threading.Thread(
                target=self._load, args=(chosen, stop), name="engine-load", daemon=True
            )
            self._thread.start()

    def _load(self, chosen: Settings, stop: threading.Event) -> None:
        """Run in a thread of its own. `stop` tells this load from a later one of another model."""
        try:
            with journal.timed("engine-load"):
                model, reason = self._open(chosen, stop)
        except Exception as error:  # noqa: BLE001 - carried to whoever waits for the model
            if isinstance(error, UserFacingError):
                text = f"{error.message}{error.hint}"
            else:
                journal.crash(error, "engine")
                text = "写作模型装不进来。请在“设置”里核对模型和密钥，或换一个模型。"
            state: Literal["missing", "failed"] = "missing" if stop.is_set() else "failed"
            self._say(EngineStatus(state, chosen.model, "", text, 0, 0), stop)
            return
        with self._changed:
            if stop is not self._stop:
                model.close()
                return
            self._model, self._reason = model, reason
            self._status = EngineStatus(
                "ready", model.name, chosen.engine, f"写作模型已就绪：{model.name}。{reason}", 0, 0
            )
            self._changed.notify_all()

    def _open(self, chosen: Settings, stop: threading.Event) -> tuple[ChatModel, str]:
        def progress(done: int, total: int, message: str) -> None:
            text = message or f"正在下载写作模型：{done / MIB:,.0f} / {total / MIB:,.0f} MB"
            self._say(EngineStatus("downloading", chosen.model, "", text, done, total), stop)

        known = {info.name: info for info in list_models()}.get(chosen.model)
        if known and not known.installed:
            get_model(chosen.model, progress, stop)
        loading = EngineStatus("loading", chosen.model, "", "正在把写作模型装入内存…", 0, 0)
        self._say(loading, stop)
        return open_engine(
            resolve_model(chosen.model),
            chosen.engine,
            server_model=chosen.server_model,
            api_key=chosen.api_key,
            name=known.name if known else "",
            sha256=known.weights.sha256 if known else "",
        )

    def stop_preparing(self) -> None:
        """Stop a download under way; what has been fetched stays and is not fetched again."""
        self._stop.set()

    def wait(self, stop: threading.Event, pause: float = 0.3) -> Iterator[EngineStatus]:
        """Yield the status now and then until the model is ready or `stop` is set.

        Raises EngineError when the model cannot be had.
        """
        self.prepare()
        while not stop.is_set():
            status = self.status()
            if status.state == "ready":
                return
            if status.state in ("failed", "missing"):
                raise EngineError(status.message, "")
            yield status
            time.sleep(pause)

    @property
    def busy(self) -> bool:
        """Whether somebody is using the model now: the next one waits for the end of a section."""
        return self._in_use.locked()

    @contextmanager
    def _turn(self, stop: threading.Event | None) -> Iterator[None]:
        while not self._in_use.acquire(timeout=TURN_SECONDS):
            if stop is not None and stop.is_set():
                raise EngineError("已停止排队。", "正文没有改动。")
        try:
            yield
        finally:
            self._in_use.release()

    @contextmanager
    def use(self, stop: threading.Event | None = None) -> Iterator[ChatModel]:
        """Give the loaded model to one caller at a time. Raises EngineError when none is loaded,
        or when `stop` is set before one's turn has come."""
        with self._turn(stop):
            if self._model is None:
                raise EngineError(
                    "写作模型还没有就绪。", "请等模型准备好，或在“设置”里换一个模型。"
                )
            try:
                yield self._model
            finally:
                if self._outdated:
                    self._free()

    def release(self) -> None:
        """Free the model, at once or after the request under way: settings have changed."""
        self._outdated = True
        if self._in_use.acquire(blocking=False):
            try:
                self._free()
            finally:
                self._in_use.release()

    def _free(self) -> None:
        with self._changed:
            self._stop.set()
            self._stop = threading.Event()  # whatever still loads is not wanted any more
            if self._model is not None:
                self._model.close()
            self._model, self._status, self._thread = None, None, None
            self._outdated = False
