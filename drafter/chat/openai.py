"""Engine `openai`: any /v1/chat/completions server (vLLM, SGLang, Ollama, llama-server …).

The way past one machine. Nothing is sent anywhere but to the address the person typed: no redirect
is followed, and for an address on this machine no proxy of the environment is used.
"""

import threading
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from drafter.chat.address import is_loopback, root_of
from drafter.chat.answers import listed_models, says_too_long, server_failure, texts_of
from drafter.chat.line import Line
from drafter.chat.plain import plain_for_any
from drafter.chat.relay import Emit, relay, without_thinking
from drafter.errors import EngineError
from drafter.types import Message, Sampling

if TYPE_CHECKING:
    import httpx

RETRY_SECONDS = (0.5, 1.5)
DEFAULT_CONTEXT = 8192


class _Retry(Exception):
    """The server may answer next time; `args[0]` is the EngineError if it does not."""


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
        self._root = root_of(base_url)
        self._key = api_key.strip()
        self._timeouts = (connect_seconds, read_seconds)
        self._open: dict[int, Line] = {}
        self._closed = False
        # Qwen3 and others think aloud unless told not to. vLLM, SGLang, llama-server and Ollama
        # take or ignore this; a server that refuses it is asked again without.
        self._extra: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}
        self._model, self._context = self._settle(model.strip())

    @property
    def name(self) -> str:
        """The model's name on the server."""
        return self._model

    @property
    def sha256(self) -> str:
        """Always "": a server does not show its weights."""
        return ""

    @property
    def address(self) -> str:
        """Host and port, without a password that may be in the URL."""
        parts = urlsplit(self._root)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def context_tokens(self) -> int:
        """What the server says of the model, DEFAULT_CONTEXT where it says nothing."""
        return self._context

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
            "model": self._model,
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
            self._with_retries(body, emit, stop, line)

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
        try:
            for pause in (*RETRY_SECONDS, None):
                try:
                    return self._request(body, emit, stop, line)
                except _Retry as again:
                    # Once a piece is out, a second try would say it twice.
                    if stop.is_set():
                        return None
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
        try:
            with (
                self._client() as client,
                client.stream(
                    "POST",
                    "/chat/completions",
                    json=body | self._extra,
                    extensions={"trace": line.trace},
                ) as response,
            ):
                if response.status_code != 200:
                    response.read()
                    self._refuse(response)
                _read_events(response.iter_lines(), emit, stop, line)
        except httpx.TimeoutException as error:
            failure = EngineError(
                f"模型服务 {self.address} 没有及时回答。",
                "请检查该服务是否太忙或已卡住，稍后重试。",
            )
            if isinstance(error, httpx.ConnectTimeout):
                raise _Retry(failure) from error
            raise failure from error
        except (httpx.TransportError, OSError) as error:
            if stop.is_set():
                return
            raise (_closed() if self._closed else _Retry(self._unreachable(line))) from error

    def _refuse(self, response: "httpx.Response") -> None:
        """Raise what an answer other than 200 means."""
        status, text = response.status_code, response.text
        refused = status in (400, 422) and not says_too_long(text)
        if refused and self._extra and "chat_template_kwargs" in text:
            self._extra = {}
            raise _Retry(server_failure(status, text))
        if status >= 500 or status == 429:
            raise _Retry(server_failure(status, text))
        raise self._explain(status, text)

    def _explain(self, status: int, text: str) -> EngineError:
        if status in (401, 403):
            return EngineError(
                f"模型服务 {self.address} 拒绝访问：密钥缺失或不对（{status}）。",
                "请在设置中填写正确的 API 密钥。",
            )
        if status == 404:
            return EngineError(
                f"模型服务 {self.address} 没有模型“{self._model}”，或地址不对（404）。",
                "请检查服务地址（一般以 /v1 结尾）和模型名。",
            )
        if 300 <= status < 400:
            return EngineError(
                f"模型服务 {self.address} 要求转到别的地址，已拒绝。",
                "请在设置中填写它的最终地址。",
            )
        return server_failure(status, text)

    def _settle(self, wanted: str) -> tuple[str, int]:
        """Return the model to use and its context in tokens, asking /v1/models."""
        import httpx

        try:
            with self._client() as client:
                response = client.get("/models", timeout=httpx.Timeout(15.0, connect=5.0))
        except httpx.HTTPError as error:
            raise self._unreachable(Line()) from error
        self._model = wanted
        if response.status_code != 200:
            # Some gateways offer no list: with a name given, the first request will tell.
            if wanted and response.status_code in (404, 405, 501):
                return wanted, DEFAULT_CONTEXT
            raise self._explain(response.status_code, response.text)
        listed = listed_models(response.text)
        if not wanted:
            if not listed:
                raise EngineError(
                    f"模型服务 {self.address} 没有列出任何模型。", "请先在该服务上装入一个模型。"
                )
            wanted = next(iter(listed))
        elif listed and wanted not in listed:
            raise EngineError(
                f"模型服务 {self.address} 没有模型“{wanted}”。",
                f"请改用它列出的模型：{'、'.join(list(listed)[:8])}。",
            )
        return wanted, listed.get(wanted) or DEFAULT_CONTEXT

    def _client(self) -> "httpx.Client":
        """Return a client for one request: a connection of its own can be broken off alone."""
        import httpx

        connect, read = self._timeouts
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return httpx.Client(
            base_url=self._root,
            headers=headers,
            timeout=httpx.Timeout(read, connect=connect),
            trust_env=not is_loopback(self._root),
            follow_redirects=False,
        )

    def _unreachable(self, line: Line) -> EngineError:
        if line.started:
            return EngineError(f"与模型服务 {self.address} 的连接中断。", "请重试这一节。")
        return EngineError(
            f"连不上模型服务 {self.address}。", "请确认该服务已启动、地址和端口正确，再重试。"
        )


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
