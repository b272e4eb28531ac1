"""The writer's engine: fetched, loaded and held in the background, handed out turn by turn.

The page opens before any model is there. `Engine` says where the model stands in words for the
status line, loads it in its own thread, and hands it out when it is ready: a model in this process
to one section at a time, one on a server to several.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Literal

from drafter import journal, turns
from drafter.chat.address import is_address
from drafter.chat.choose import open_engine
from drafter.errors import EngineError, UserFacingError
from drafter.health import SERVER, Health, OnServer
from drafter.models import get_model, list_models, resolve_model
from drafter.types import ChatModel, EngineStatus, Settings

MIB = 1 << 20
BACK = "恢复后会自动接上。"


class Engine:
    """Holds at most one loaded model. Safe to use from any thread."""

    def __init__(self, settings: Callable[[], Settings], opened: ChatModel | None = None) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._turns = turns.Turns()
        self._changed = threading.Condition(self._lock)
        self._model = opened
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._reason = ""
        self._outdated = False
        self._health: Health | None = None
        self._status: EngineStatus | None = None
        if opened is not None:
            self._take(opened)

    def status(self) -> EngineStatus:
        """Return where the model stands. Cheap: asks no disk once loading has begun; a server is
        asked in the background now and then."""
        health = self._health
        if health is not None:
            health.glance()
        with self._lock:
            return self._status or self._first_status()

    def model(self) -> ChatModel:
        """Return the loaded model. Raises EngineError when there is none."""
        model = self._model
        if model is None:
            raise EngineError("写作模型还没有就绪。", "请等模型准备好，或在“设置”里换一个模型。")
        return model

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

    def about_to_prepare(self) -> None:
        """Say that `prepare` follows in a moment: a page opened meanwhile shows nothing amiss."""
        with self._lock:
            if self._thread is None and self._model is None:
                chosen = self._settings().model
                self._status = EngineStatus("loading", chosen, "", "马上开始准备写作模型…", 0, 0)

    def prepare(self) -> None:
        """Begin fetching and loading, unless that is under way or done."""
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            if self._model is not None and self._health is not None:
                self._health.doubt()
            if busy or self._model is not None:
                return
            self._stop = stop = threading.Event()
            chosen = self._settings()
            self._health = None
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
            self._failed(chosen, stop, text)
            return
        with self._changed:
            if stop is not self._stop:
                model.close()
                return
            self._reason = reason
            self._take(model)
            self._changed.notify_all()

    def _failed(self, chosen: Settings, stop: threading.Event, text: str) -> None:
        """Say that the model cannot be had; a server is asked again now and then."""
        engine = ""
        if is_address(chosen.model) and not stop.is_set():
            engine, text = SERVER, text + BACK
            with self._lock:
                if stop is self._stop and self._health is None:
                    self._health = Health(lambda: self._load(chosen, stop))
        state: Literal["missing", "failed"] = "missing" if stop.is_set() else "failed"
        self._say(EngineStatus(state, chosen.model, engine, text, 0, 0), stop)

    def _take(self, model: ChatModel) -> None:
        """Hold a model that is open, and begin to look after one on a server."""
        self._model = model
        self._status = self._ready(model)
        at_once = 1
        if isinstance(model, OnServer):
            at_once = model.sections_at_once
            self._health = Health(lambda: self._look(model))
        self._turns.allow(0 if self._outdated else at_once)

    def _ready(self, model: ChatModel) -> EngineStatus:
        engine = SERVER if isinstance(model, OnServer) else ""
        message = f"写作模型已就绪：{model.name}。{self._reason}"
        return EngineStatus("ready", model.name, engine, message, 0, 0)

    def _look(self, model: ChatModel) -> None:
        """Ask a server that was there whether it still is; say what has become of it."""
        assert isinstance(model, OnServer)  # noqa: S101 - only such a model is looked after
        before = model.name
        try:
            model.look()
        except EngineError as error:
            text = f"{error.message}{error.hint}{BACK}"
            status = EngineStatus("failed", model.name, SERVER, text, 0, 0)
        else:
            self._reason = self._reason.replace(before, model.name)
            status = self._ready(model)
        with self._changed:
            if model is self._model and not self._outdated:
                self._status = status
                self._changed.notify_all()

    def _open(self, chosen: Settings, stop: threading.Event) -> tuple[ChatModel, str]:
        def progress(done: int, total: int, message: str) -> None:
            text = message or f"正在下载写作模型：{done / MIB:,.0f} / {total / MIB:,.0f} MB"
            self._say(EngineStatus("downloading", chosen.model, "", text, done, total), stop)

        known = {info.name: info for info in list_models()}.get(chosen.model)
        if known and not known.installed:
            get_model(chosen.model, progress, stop)
        if not is_address(chosen.model):  # that may be asked again and again, in the background
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
        self._ask_again()
        while not stop.is_set():
            status = self.status()
            if status.state == "ready":
                return
            if status.state in ("failed", "missing"):
                raise EngineError(status.message, "")
            yield status
            time.sleep(pause)

    def _ask_again(self) -> None:
        """Ask a server that was not there a moment ago once more, before somebody is told so."""
        health = self._health
        if health is not None and self.status().state == "failed":
            health.ask_now()

    # whose turn it is

    @property
    def busy(self) -> bool:
        """Whether whoever asks for the model now has to wait for others."""
        return self._turns.busy

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for the model: what is done ahead makes way then."""
        return self._turns.wanted

    def loaded(self) -> ChatModel | None:
        """Return the model if it is ready and nobody is writing, for what can be given up at any
        time; it takes no turn."""
        with self._lock:
            idle = not self._outdated and not self._turns.running
            return self._model if idle else None

    @contextmanager
    def turn(
        self, who: Hashable, stop: threading.Event, *, patient: bool = False
    ) -> Iterator["Turn"]:
        """Join the line for the model and leave it in the end. `who` is the person, by whom turns
        are shared out; the `patient` come after everybody else."""
        place = self._turns.ask(who, patient=patient)
        try:
            yield Turn(self, place, stop)
        finally:
            place.leave()
            if self._health is not None:
                self._health.doubt()  # how it went is best asked of the server itself
            self._free_if_unused()

    @contextmanager
    def use(
        self, stop: threading.Event | None = None, *, patient: bool = False
    ) -> Iterator[ChatModel]:
        """Give the loaded model when one's turn has come, without telling where one stands.

        Raises EngineError when none is loaded, or when `stop` is set before.
        """
        with self.turn(object(), stop or threading.Event(), patient=patient) as turn:
            for _ in turn.waiting():
                pass
            yield turn.model

    def release(self) -> None:
        """Free the model, at once or after the requests under way: settings have changed."""
        with self._changed:
            self._outdated = True
        self._turns.allow(0)
        self._free_if_unused()

    def _free_if_unused(self) -> None:
        with self._changed:
            if not self._outdated or self._turns.running:
                return
            self._stop.set()
            self._stop = threading.Event()  # whatever still loads is not wanted any more
            if self._model is not None:
                self._model.close()
            self._model, self._status, self._thread = None, None, None
            self._health, self._outdated = None, False
        self._turns.allow(1)


class Turn:
    """Somebody's place in the line for the model, and the model once it is theirs."""

    def __init__(self, engine: Engine, place: turns.Turn, stop: threading.Event) -> None:
        self._engine = engine
        self._place = place
        self._stop = stop

    def waiting(self) -> Iterator[str]:
        """Yield in Chinese what one waits for, until one's turn has come or `stop` is set.

        Raises EngineError when settings have changed meanwhile and the new model cannot be had.
        """
        for place in self._place.wait(self._stop):
            yield str(place)
        if not self._stop.is_set() and self._engine.status().state != "ready":
            for status in self._engine.wait(self._stop):
                yield status.message

    @property
    def model(self) -> ChatModel:
        """The model. Raises EngineError when one's turn has not come, or none is loaded."""
        if self._place.place is not None:
            raise EngineError("已停止排队。", "正文没有改动。")
        return self._engine.model()
