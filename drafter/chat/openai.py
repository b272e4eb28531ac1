"""Engine `openai`: any /v1/chat/completions server (vLLM, SGLang, Ollama, llama-server …).

The way past one machine: docs/past-one-machine.md says how to serve and what was checked.
"""

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from drafter.chat.answers import says_loading, says_too_long, server_failure, texts_of
from drafter.chat.line import Line
from drafter.chat.plain import plain_for_any
from drafter.chat.relay import Emit, relay, without_thinking
from drafter.chat.server import LOOK_SECONDS, Server
from drafter.chat.slots import Slots
from drafter.errors import EngineError
from drafter.types import Message, Sampling

if TYPE_CHECKING:
    import httpx

RETRY_SECONDS = (0.5, 1.5, 3.0)
# A server that says it is still loading its model is asked again and again, but not for ever.
LOADING_SECONDS = 60.0


class _Retry(Exception):
    """The server may answer next time; `args[0]` is the EngineError if it does not."""


class _Loading(_Retry):
    """The server says that it will answer soon."""


class OpenAIChat:
    """A ChatModel on a server. Requests are independent: several may run at a time."""

    def __init__(
        self,
        base_url: str,
        model: str = "",
        api_key: str = "",
        *,
        connect_seconds: float = 5.0,
        read_seconds: float = 300.0,
    ) -> None:
        """Reach the server and settle on a model: the one named, else the first it lists.

        `read_seconds` bounds the silence before and between pieces. Raises EngineError.
        """
        self._server = Server(base_url, model, api_key, (connect_seconds, read_seconds))
        self._open: dict[int, Line] = {}
        self._closed = False
        # Qwen3 and others think aloud unless told not to. vLLM, SGLang, llama-server and Ollama
        # take or ignore this; a server that refuses it is asked again without.
        self._extra: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}
        self._server.settle()
        # What goes beyond waits here and not on the server, where it could run into a time-out.
        self._places = Slots(self._server.at_once)

    @property
    def name(self) -> str:
        """The model's name on the server."""
        return self._server.name

    @property
    def sha256(self) -> str:
        """Always "": a server does not show its weights."""
        return ""

    @property
    def address(self) -> str:
        """Host and port, without a password that may be in the URL."""
        return self._server.address

    @property
    def context_tokens(self) -> int:
        """What the server says of the model, a careful guess where it says nothing."""
        return self._server.context

    @property
    def at_once(self) -> int:
        """How many replies are asked for at a time: as many as the server says it makes."""
        return self._server.at_once

    @property
    def sections_at_once(self) -> int:
        """How many sections may be written at a time, by different people or in different
        documents: together they have `at_once` replies."""
        return self._server.at_once

    def look(self) -> None:
        """Ask whether the server and its model are there, in seconds. Raises EngineError."""
        self._server.settle(LOOK_SECONDS)

    def read_ahead(self, messages: Sequence[Message], stop: threading.Event) -> None:
        """Do nothing: others may be using the server, and it has no way to read a prompt only when
        nobody else wants anything."""

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return an estimate on the high side: there is no common way to ask a server.

        One token a Chinese character (Qwen and others need 0.6 to 0.7), one for three others, and
        eight a message for the template.
        """
        total = 0
        for message in messages:
            wide = sum(1 for character in message["content"] if ord(character) > 0x2E7F)
            total += wide + (len(message["content"]) - wide + 2) // 3 + 8
        return total

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str]:
        """Yield the reply; "" while there is nothing yet. See ChatModel.stream and relay."""
        line = Line()
        body: dict[str, Any] = {
            "model": self.name,
            "messages": plain_for_any(messages),
            "stream": True,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "seed": sampling.seed % 2**31,
        }
        if sampling.stop:
            body["stop"] = list(sampling.stop)

        def produce(emit: Emit, stop: threading.Event) -> None:
            place = self._places.take("", 0, lambda: stop.is_set() or self._closed)
            if place is None:
                if self._closed and not stop.is_set():
                    raise _closed()
                return
            try:
                self._with_retries(body, emit, stop, line)
            finally:
                self._places.give(place)

        return without_thinking(relay(produce, line.cut))

    def close(self) -> None:
        """Break off what is running. The server itself is not touched."""
        self._closed = True
        for line in list(self._open.values()):
            line.cut()

    def _with_retries(
        self, body: dict[str, Any], emit: Emit, stop: threading.Event, line: Line
    ) -> None:
        self._open[id(line)] = line
        began, pauses = time.monotonic(), iter(RETRY_SECONDS)
        try:
            while True:
                try:
                    return self._request(body, emit, stop, line)
                except _Retry as again:
                    if stop.is_set():
                        return None
                    pause = next(pauses, None)
                    soon = time.monotonic() - began < LOADING_SECONDS
                    if pause is None and isinstance(again, _Loading) and soon:
                        pause = RETRY_SECONDS[-1]
                    # Once a piece is out, a second try would say it twice.
                    if pause is None or line.started or self._closed:
                        raise again.args[0] from again
                    stop.wait(pause)
        finally:
            del self._open[id(line)]

    def _request(self, body: dict[str, Any], emit: Emit, stop: threading.Event, line: Line) -> None:
        """Make one request. Called in the worker thread."""
        import httpx

        if self._closed:
            raise _closed()
        extra = self._extra
        try:
            with (
                self._server.client() as client,
                client.stream(
                    "POST",
                    "/chat/completions",
                    json=body | extra,
                    extensions={"trace": line.trace},
                ) as response,
            ):
                if response.status_code != 200:
                    response.read()
                    self._refuse(response, extra)
                _read_events(response.iter_lines(), emit, stop, line)
        except httpx.TimeoutException as error:
            if isinstance(error, httpx.ConnectTimeout):
                raise _Retry(self._server.silent()) from error
            raise self._server.silent() from error
        except (httpx.TransportError, OSError) as error:
            if stop.is_set():
                return
            if self._closed:
                raise _closed() from error
            raise _Retry(self._server.unreachable(started=line.started)) from error

    def _refuse(self, response: "httpx.Response", extra: dict[str, Any]) -> None:
        """Raise what an answer other than 200 means to a request that had this besides."""
        status, text = response.status_code, response.text
        refused = status in (400, 422) and not says_too_long(text)
        if refused and extra and "chat_template_kwargs" in text:
            self._extra = {}
            raise _Retry(server_failure(status, text))
        if says_loading(status, text):
            raise _Loading(server_failure(status, text))
        if status >= 500 or status == 429:
            raise _Retry(server_failure(status, text))
        raise self._server.explain(status, text)


def _read_events(lines: Iterator[str], emit: Emit, stop: threading.Event, line: Line) -> None:
    """Emit the text of a stream of server-sent events until its end."""
    for row in lines:
        if stop.is_set():
            return
        if not row.startswith("data:"):
            continue
        data = row[5:].strip()
        if data == "[DONE]":
            return
        for text, reason in texts_of(data):
            if text:
                line.started = True
                emit(text)
            line.finished = line.finished or bool(reason)
    if not line.finished and not stop.is_set():
        raise EngineError("模型服务没有说完就断开了。", "请重试这一节。")


def _closed() -> EngineError:
    return EngineError("模型服务的连接已经关闭。", "请在设置中重新选择模型。")
