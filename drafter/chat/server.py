"""A model server: its address, its key, what it says of itself, and what its refusals mean.

Nothing is sent anywhere but to the address the person typed: no redirect is followed, and for an
address on this machine no proxy of the environment is used.
"""

import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from drafter.chat.address import is_loopback, root_of
from drafter.chat.answers import Listed, listed_models, server_failure, slots_told
from drafter.errors import EngineError

if TYPE_CHECKING:
    import httpx

DEFAULT_CONTEXT = 8192
# Replies asked for at a time where the server does not say how many it makes: vLLM and SGLang make
# hundreds, and more than this brings one office little; Ollama lets the rest wait.
AT_ONCE = 4
SETTLE_SECONDS = 15.0
LOOK_SECONDS = 3.0  # for a server to say that it is there


class Server:
    """One address. `name`, `context` (tokens) and `at_once` are what it said last."""

    def __init__(self, base_url: str, wanted: str, key: str, timeouts: tuple[float, float]) -> None:
        """Take note of the address; `timeouts` are seconds to connect and to wait for a piece.

        Raises EngineError when it is none.
        """
        self._root = root_of(base_url)
        self._wanted = wanted.strip()
        self._key = key.strip()
        self._timeouts = timeouts
        self._trusted: ssl.SSLContext | bool | None = None
        self.name, self.context, self.at_once = self._wanted, DEFAULT_CONTEXT, AT_ONCE

    @property
    def address(self) -> str:
        """Host and port, without a password that may be in the URL."""
        parts = urlsplit(self._root)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def client(self) -> "httpx.Client":
        """Return a client for one request: a connection of its own can be broken off alone."""
        import httpx

        if self._trusted is None:
            # Made once: it reads all authorities there are. Plain HTTP has no use for it.
            secure = self._root.lower().startswith("https:")
            self._trusted = httpx.create_ssl_context() if secure else False
        connect, read = self._timeouts
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return httpx.Client(
            base_url=self._root,
            headers=headers,
            timeout=httpx.Timeout(read, connect=connect),
            verify=self._trusted,
            trust_env=not is_loopback(self._root),
            follow_redirects=False,
        )

    def settle(self, seconds: float = SETTLE_SECONDS) -> None:
        """Ask what models there are, within so many seconds, and settle on one: the one wanted,
        else the first listed. Raises EngineError when it does not answer or has no such model."""
        import httpx

        try:
            with self.client() as client:
                limit = httpx.Timeout(seconds, connect=min(seconds, self._timeouts[0]))
                response = client.get("/models", timeout=limit)
                self._take(response)
                if self._listed.slots_asked:
                    self._take_slots(client.get(f"{self._above}/props", timeout=limit))
        except httpx.HTTPError as error:
            raise self.unreachable(started=False) from error

    def _take(self, response: "httpx.Response") -> None:
        """Settle on a model of a list."""
        self._listed = Listed(0, slots_asked=False)
        if response.status_code != 200:
            # Some gateways offer no list: with a name given, the first request will tell.
            if self._wanted and response.status_code in (404, 405, 501):
                return
            raise self.explain(response.status_code, response.text)
        listed = listed_models(response.text)
        if not listed and not self._wanted:
            raise EngineError(
                f"模型服务 {self.address} 没有列出任何模型。", "请先在该服务上装入一个模型。"
            )
        name = self._wanted or next(iter(listed))
        if listed and name not in listed:
            raise EngineError(
                f"模型服务 {self.address} 没有模型“{name}”。",
                f"请改用它列出的模型：{'、'.join(list(listed)[:8])}。",
            )
        self._listed = listed.get(name, self._listed)
        self.name, self.context = name, self._listed.context or DEFAULT_CONTEXT

    def _take_slots(self, response: "httpx.Response") -> None:
        """Take over how many replies a llama-server makes at a time, and how long each may be."""
        if response.status_code == 200:
            slots, context = slots_told(response.text)
            self.at_once, self.context = slots or self.at_once, context or self.context

    @property
    def _above(self) -> str:
        return self._root.removesuffix("/v1")

    def explain(self, status: int, text: str) -> EngineError:
        """Return what an answer of this HTTP status means."""
        if status in (401, 403):
            return EngineError(
                f"模型服务 {self.address} 拒绝访问：密钥缺失或不对（{status}）。",
                "请在设置中填写正确的 API 密钥。",
            )
        if status == 404:
            return EngineError(
                f"模型服务 {self.address} 没有模型“{self.name}”，或地址不对（404）。",
                "请检查服务地址（一般以 /v1 结尾）和模型名。",
            )
        if 300 <= status < 400:
            return EngineError(
                f"模型服务 {self.address} 要求转到别的地址，已拒绝。",
                "请在设置中填写它的最终地址。",
            )
        return server_failure(status, text)

    def unreachable(self, *, started: bool) -> EngineError:
        """Return what it means that nobody answers, before a reply or in the middle of one."""
        if started:
            return EngineError(f"与模型服务 {self.address} 的连接中断。", "请重试这一节。")
        return EngineError(
            f"连不上模型服务 {self.address}。", "请确认该服务已启动、地址和端口正确，再重试。"
        )

    def silent(self) -> EngineError:
        """Return what it means that nothing came in time."""
        return EngineError(
            f"模型服务 {self.address} 没有及时回答。", "请检查该服务是否太忙或已卡住，稍后重试。"
        )
