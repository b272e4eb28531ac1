"""The writer's engine: fetched, loaded and held in the background, one request at a time.

The page opens before any model is there. `Engine` says where the model stands in words for the
status line, loads it in its own thread, and hands it out when it is ready.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drafter.chat.choose import open_engine
from drafter.errors import EngineError, UserFacingError
from drafter.models import get_model, list_models, resolve_model
from drafter.types import ChatModel, EngineStatus, Settings

MIB = 1 << 20


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

    def _say(self, status: EngineStatus) -> None:
        with self._changed:
            self._status = status
            self._changed.notify_all()

    def prepare(self) -> None:
        """Begin fetching and loading, unless that is under way or done."""
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            if busy or self._model is not None:
                return
            self._stop.clear()
            chosen = self._settings()
            self._status = EngineStatus("loading", chosen.model, "", "正在准备写作模型…", 0, 0)
            self._thread = threading.Thread(
                target=self._load, args=(chosen,), name="engine-load", daemon=True
            )
            self._thread.start()

    def _load(self, chosen: Settings) -> None:
        try:
            model, reason = self._open(chosen)
        except UserFacingError as error:
            text = f"{error.message}{error.hint}"
            stopped = self._stop.is_set()
            self._say(
                EngineStatus("missing" if stopped else "failed", chosen.model, "", text, 0, 0)
            )
            return
        with self._changed:
            self._model, self._reason = model, reason
            self._status = EngineStatus(
                "ready", model.name, chosen.engine, f"写作模型已就绪：{model.name}。{reason}", 0, 0
            )
            self._changed.notify_all()

    def _open(self, chosen: Settings) -> tuple[ChatModel, str]:
        def progress(done: int, total: int, message: str) -> None:
            text = message or f"正在下载写作模型：{done / MIB:,.0f} / {total / MIB:,.0f} MB"
            self._say(EngineStatus("downloading", chosen.model, "", text, done, total))

        known = {info.name: info for info in list_models()}.get(chosen.model)
        if known and not known.installed:
            get_model(chosen.model, progress, self._stop)
        self._say(EngineStatus("loading", chosen.model, "", "正在把写作模型装入内存…", 0, 0))
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

    @contextmanager
    def use(self) -> Iterator[ChatModel]:
        """Give the loaded model to one caller at a time. Raises EngineError when none is loaded."""
        with self._in_use:
            if self._model is None:
                raise EngineError(
                    "写作模型还没有就绪。", "请等模型准备好，或在“设置”里换一个模型。"
                )
            yield self._model

    def release(self) -> None:
        """Free the model, waiting for the request under way: settings have changed."""
        self.stop_preparing()
        with self._in_use, self._changed:
            if self._model is not None:
                self._model.close()
            self._model, self._status, self._thread = None, None, None
