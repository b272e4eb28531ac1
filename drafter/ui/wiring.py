"""Components by name, and the one place where an error becomes a message on the page.

Handlers know names and plain values: they return (or yield) `{name: value}` and raise
UserFacingError. So they can be read and tested without a page.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr
from anyio.to_thread import run_sync

from drafter import journal
from drafter.errors import UserFacingError
from drafter.ui.status_view import IDLE, message_html
from drafter.ui.text import esc, whole_number

Updates = Mapping[str, Any]
Handler = Callable[..., Updates | Iterator[Updates]]
# Whose turn it is at the model is settled where it is held (drafter.turns), not by Gradio's queue,
# which would keep people waiting without a word.
MODEL: dict[str, Any] = {"concurrency_limit": None}
# One editor's saves go one after the other, so that an older text never overtakes a newer one;
# different editors do not wait for each other (each has a queue of its own).
IN_ORDER: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 1}
# What tells itself all it needs goes one after the other too, but none is left out for a later one.
ALL_IN_ORDER: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 1}
FREE: dict[str, Any] = {"concurrency_limit": None, "trigger_mode": "multiple"}


_UNEXPECTED = "程序出错了，已保存的内容不受影响。"
_UNEXPECTED_HINT = (
    "请刷新页面再试；如果还是不行，把出错报告发给维护人员（里面没有文稿内容）：{file}"
)
_NO_REPORT_HINT = "请刷新页面再试；如果还是不行，把运行窗口里的最后几行发给维护人员。"
# From this on a handler's time is worth a line of the log.
_SLOW_SECONDS = 2.0


def failure(error: BaseException, place: str = "message") -> Updates:
    """Return what the page shows of an error; one nobody foresaw is reported."""
    if isinstance(error, UserFacingError):
        message, hint = error.message, error.hint
        kind = type(error).__name__
        journal.note("refused", error=kind, place=journal.place_of(error))
    else:
        report = journal.crash(error, "page")
        message = _UNEXPECTED
        hint = _UNEXPECTED_HINT.format(file=report) if report else _NO_REPORT_HINT
    if place != "message":
        return {place: f'<div class="empty"><p>{esc(message)}</p><p>{esc(hint)}</p></div>'}
    return {"message": message_html("error", message, hint), "progress": IDLE}


def shown(handler: Handler, errors_to: str = "message") -> Callable[..., Iterator[Updates]]:
    """Return the handler as a generator that shows its errors instead of raising them."""

    def run(*values: Any) -> Iterator[Updates]:  # noqa: ANN401 - whatever the page holds
        began = time.monotonic()
        try:
            result = handler(*values)
            if isinstance(result, Mapping):
                yield result
            else:
                yield from result
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes a message
            yield failure(error, errors_to)
        seconds = time.monotonic() - began
        if seconds >= _SLOW_SECONDS:
            name = getattr(handler, "__qualname__", "handler")
            journal.note("slow", handler=name, seconds=round(seconds, 1))

    return run


# What the page shows of the document: an answer read from an older state must never lie over a
# newer one.
_OF_A_SECTION = ("head.", "marks.", "pane.", "tools.", "editor.")
_OF_ALL = ("facts", "toc")


class Turns:
    """Whose turn it is: one page's answers about its document are made one after the other.

    Handlers run side by side, and the slower one would arrive last with what it read first: a
    section locked meanwhile was shown as open. Different pages do not wait for each other, and
    waiting takes no thread. A turn ends when the answer is on its way to the page.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def in_turn(self, session: str, answers: Iterator[Any]) -> AsyncIterator[Any]:
        """Yield what the handler of a page yields, once those before it are done."""
        lock = self._locks.setdefault(session, asyncio.Lock())
        async with lock:
            while (answer := await run_sync(next, answers, None)) is not None:
                yield answer


class Board:
    """The page's components by name."""

    def __init__(self) -> None:
        self.parts: dict[str, Any] = {}
        self._turns = Turns()

    def add(self, name: str, component: Any) -> Any:  # noqa: ANN401 - gradio has no types
        """Put a component on the board under a name and return it."""
        self.parts[name] = component
        return component

    def on(
        self,
        triggers: Sequence[Any],
        handler: Handler,
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = (),
        *,
        errors_to: str = "message",
        after: Any = None,  # noqa: ANN401 - a gradio event
        pause: float = 0.0,
        **options: Any,  # noqa: ANN401 - passed to gradio as they are
    ) -> Any:  # noqa: ANN401
        """Call a handler when one of the triggers fires, or when the event `after` is over.

        A trigger is an event of a component, or (component, event) for what a panel's script fires.
        The handler gets what the event says, then the values of `inputs`; the names it returns must
        be among `outputs`. `errors_to` names another place for its errors than the message bar: the
        panel that could not be filled. An answered event keeps its place `pause` seconds more, in
        nobody's way but its own successor's.
        """
        wanted = [*outputs, *(name for name in ("message", "progress") if name not in outputs)]
        parts = self.parts
        guarded = shown(handler, errors_to)
        # A generator that yields nothing would empty every output.
        nothing = {parts["message"]: gr.skip()}

        def answers(request: gr.Request, event: gr.EventData, values: Any) -> Iterator[Any]:  # noqa: ANN401
            for updates in guarded(Told(request, event), *values):
                if updates:
                    yield {parts[name]: value for name, value in updates.items()}

        def run(request: gr.Request, event: gr.EventData, *values: Any) -> Iterator[Any]:  # noqa: ANN401
            silent = True
            for answer in answers(request, event, values):
                silent = False
                yield answer
            if silent:
                yield nothing

        async def run_in_turn(
            request: gr.Request,
            event: gr.EventData,
            *values: Any,  # noqa: ANN401
        ) -> AsyncIterator[Any]:
            silent = True
            session = request.session_hash or ""
            told = answers(request, event, values)
            line = session if ordered else f"{session}/{id(guarded)}"
            async for answer in self._turns.in_turn(line, told):
                silent = False
                yield answer
            # At the end Gradio sends the last answer once more: by then it may be an older one.
            yield nothing
            if pause and not silent:
                await asyncio.sleep(pause)

        ordered = any(name.startswith(_OF_A_SECTION) or name in _OF_ALL for name in outputs)
        events = [_trigger(trigger) for trigger in triggers]
        listen = after.then if after is not None else partial(gr.on, events)
        return listen(
            run_in_turn if ordered or pause else run,
            [parts[name] for name in inputs],
            [parts[name] for name in wanted],
            show_progress="hidden",
            # At every step of every event Gradio's page seeks each component that ever was an
            # output, through the whole tree, to tell it how far things are. Nothing here shows
            # that: one component is told for all, which made the page's renderer idle.
            show_progress_on=parts.get("beat"),
            api_visibility="private",
            **options,
        )


def _trigger(trigger: Any) -> Any:  # noqa: ANN401
    """Return an event as `gr.on` wants it; it does not know the events of a panel's own script."""
    if not isinstance(trigger, tuple):
        return trigger
    component, event = trigger
    return SimpleNamespace(
        __self__=component,
        has_trigger=True,
        event_name=event,
        callback=None,
        connection="sse",
        event_specific_args=None,
    )


class Told:
    """What an event says: which page, which component, and the data a panel sent along."""

    def __init__(self, request: Any = None, event: Any = None) -> None:  # noqa: ANN401
        self.session: str = getattr(request, "session_hash", None) or ""
        # Told by elem_id: a component that has been updated is another object with another number.
        self.name: str = getattr(getattr(event, "target", None), "elem_id", None) or ""
        data = getattr(event, "_data", None)
        self.data: dict[str, str] = (
            {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}
        )
        query = getattr(request, "query_params", None) if request is not None else None
        self.query: dict[str, str] = dict(query) if query else {}

    @property
    def card(self) -> int:
        """The card the event came from."""
        return whole_number(self.get("card") or self.name.rpartition("-")[2])

    def get(self, key: str) -> str:
        """Return a value the panel sent, "" when there is none."""
        return self.data.get(key, "")

    def number(self, key: str) -> int:
        """Return a whole number the panel sent, 0 when there is none."""
        return whole_number(self.get(key))
