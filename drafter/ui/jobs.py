"""Writing that goes on by itself: in its own thread, so that a reload of the page neither stops
nor loses it, and any page can look on and stop it."""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from drafter import journal
from drafter.errors import InputError
from drafter.types import WriteEvent

# A page is told at most this often (8 times a second is smooth, and light on an office PC).
FRAME_SECONDS = 0.13
# Every frame costs the page's process some milliseconds: however many pages look on, all together
# get about as many frames as one alone, and each at least one in so many seconds.
SLOWEST_FRAME_SECONDS = 1.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """A job as a page shows it. `finished` are the sections that became whole since the last view;
    `text` is what `section_id` reads so far; `left` the seconds it may still take, if that can be
    told. `ended`: nothing more will come; `failed`: because of an error, which is raised next."""

    kind: Literal["all", "section"]
    doc: int
    section_id: str | None
    text: str
    message: str
    done: int
    total: int
    left: float | None
    finished: tuple[str, ...]
    ended: bool
    stopped: bool
    failed: bool


class Job:
    """One run of the writer."""

    def __init__(
        self,
        kind: Literal["all", "section"],
        doc: int,
        events: Callable[[threading.Event], Iterator[WriteEvent]],
    ) -> None:
        self.kind = kind
        self.doc = doc
        self.stop = threading.Event()
        self._events = events
        self._news = threading.Condition()
        self._latest = WriteEvent("status", None, "", "正在准备…", 0, 0)
        self._finished: list[str] = []
        self._changes = 0
        self._ended = False
        self._error: BaseException | None = None
        self._began = self._step = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="writing", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the writer has finished, failed or been stopped."""
        return self._ended

    def _run(self) -> None:
        try:
            for event in self._events(self.stop):
                self._take(event)
        except BaseException as error:  # noqa: BLE001 - carried to whoever looks on
            self._error = error
        finally:
            seconds = round(time.monotonic() - self._began, 1)
            journal.note("written", sections=len(self._finished), seconds=seconds)
            with self._news:
                self._ended = True
                self._changes += 1
                self._news.notify_all()

    def _take(self, event: WriteEvent) -> None:
        with self._news:
            if event.kind == "section" and event.section_id:
                self._finished.append(event.section_id)
                self._step = time.monotonic()
            if event.kind in ("text", "section") and not event.text:
                event = WriteEvent(
                    event.kind,
                    event.section_id,
                    self._latest.text,
                    event.message,
                    event.done,
                    event.total,
                )
            self._latest = event
            self._changes += 1
            self._news.notify_all()

    def views(self) -> Iterator[View]:
        """Yield what is new, not too often, until the end. Raises what the writer raised."""
        with _Looking():
            yield from self._views()
        if self._error is not None:
            raise self._error

    def _views(self) -> Iterator[View]:
        seen, told = -1, 0
        while True:
            with self._news:
                if self._changes == seen:
                    self._news.wait(timeout=1.0)
                seen = self._changes
                view = self._view(told)
                told = len(self._finished)
            yield view
            if view.ended:
                break
            time.sleep(min(FRAME_SECONDS * _Looking.pages, SLOWEST_FRAME_SECONDS))

    def _view(self, told: int) -> View:
        latest = self._latest
        return View(
            self.kind,
            self.doc,
            latest.section_id,
            latest.text,
            latest.message,
            latest.done,
            latest.total,
            self._left(latest),
            tuple(self._finished[told:]),
            self._ended,
            self.stop.is_set(),
            self._error is not None,
        )

    def _left(self, latest: WriteEvent) -> float | None:
        """Guess from the sections finished so far; the one being written counts as it goes."""
        if not 0 < latest.done <= latest.total:
            return None
        each = (self._step - self._began) / latest.done
        waited = min(time.monotonic() - self._step, each)
        return max(0.0, each * (latest.total - latest.done) - waited)


class _Looking:
    """One page looking on at a job; `pages` says how many do, of all people."""

    pages = 0
    _lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            _Looking.pages += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            _Looking.pages -= 1


class Jobs:
    """What is being written for one person: one job a document. The model is shared out fairly
    between those that run at a time (drafter.turns)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, Job] = {}

    def start(
        self,
        kind: Literal["all", "section"],
        doc: int,
        events: Callable[[threading.Event], Iterator[WriteEvent]],
    ) -> Job:
        """Begin writing. Raises InputError while something else in this document is written."""
        with self._lock:
            if self.running(doc) is not None:
                raise InputError("这篇文稿正在写另一处。", "请等它写完，或先点“停止”，再来写这里。")
            job = self._jobs[doc] = Job(kind, doc, events)
            return job

    def running(self, doc: int) -> Job | None:
        """Return the job under way in a document."""
        job = self._jobs.get(doc)
        return None if job is None or job.ended else job

    def stop(self, doc: int) -> bool:
        """Ask the job under way in a document to stop; say whether there was one."""
        job = self.running(doc)
        if job is None:
            return False
        job.stop.set()
        return True


def watched(work: Callable[[Callable[[str], None]], T]) -> Generator[str, None, T]:
    """Run `work` in a thread, yielding the messages it tells; return or raise what it does."""
    told: list[str] = []
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(told.append))
        except BaseException as error:  # noqa: BLE001 - carried to the consumer
            errors.append(error)

    thread = threading.Thread(target=run, name="import", daemon=True)
    thread.start()
    shown = 0
    while thread.is_alive():
        thread.join(FRAME_SECONDS)
        if len(told) > shown:
            shown = len(told)
            yield told[-1]
    if errors:
        raise errors[0]
    return results[0]
