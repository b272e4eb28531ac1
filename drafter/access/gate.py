"""What every request passes first, with or without people: whose it is, and how large.

Stands before all else, so that nothing behind reads a byte of what is refused.
"""

import re
from collections.abc import Sequence

from drafter.access.asgi import Asgi, Message, Receive, Scope, Send, answer, header
from drafter.access.hosts import Hosts, is_foreign

MIB = 1 << 20
# By path, the first that fits: what is uploaded, a login, and all else: every editor's text of a
# page at once is far below this.
UPLOAD = "/gradio_api/upload"
LARGEST_UPLOAD = 101 * MIB  # files of 100 MB, with what a form puts around them
LARGEST: tuple[tuple[str, int], ...] = ((UPLOAD, LARGEST_UPLOAD), ("/login", 4096), ("/", 8 * MIB))
_LENGTH = re.compile(r"\d{1,18}")
# Nobody may frame the page, nor read a file of it as another kind than it says.
_ALWAYS = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)

WRONG_HOST = "这不是拟稿台的地址。请用启动时显示的地址；要用别的名字，启动时加 --allow-host 名字。"
FOREIGN = "这个请求来自别的网站，已拒绝。"
TOO_LARGE = "内容太大，没有接收。文件不能超过 100 MB，请拆分或压缩后再试。"


def largest(path: str) -> int:
    """Return the most bytes a request to a path may have."""
    return next((size for start, size in LARGEST if path.startswith(start)), 0)


class Gate:
    """Lets through what comes from our own page, is meant for us and not too large."""

    def __init__(self, app: Asgi, host: str, more_hosts: Sequence[str] = ()) -> None:
        self._app = app
        self._hosts = Hosts(host, more_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # the page uses none
        elif not self._hosts.knows(scope):
            await answer(send, 400, WRONG_HOST)
        elif is_foreign(scope):
            await answer(send, 403, FOREIGN)
        else:
            await _Measured(self._app, scope, receive, send).run()


class _Measured:
    """One request whose body is counted as it is read."""

    def __init__(self, app: Asgi, scope: Scope, receive: Receive, send: Send) -> None:
        self._app, self._scope, self._receive, self._out = app, scope, receive, send
        self._left = largest(scope["path"])
        self._started = self._over = False

    async def run(self) -> None:
        length = header(self._scope, "content-length")
        if length is not None and not _LENGTH.fullmatch(length):
            await answer(self._out, 400, TOO_LARGE)
        elif length is not None and int(length) > self._left:
            await answer(self._out, 413, TOO_LARGE, headers=(("connection", "close"),))
        else:
            await self._app(self._scope, self._read, self._send)

    async def _read(self) -> Message:
        if self._over:
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self._over = True
                if not self._started:
                    await answer(self._out, 413, TOO_LARGE, headers=(("connection", "close"),))
                return {"type": "http.disconnect"}
        return message

    async def _send(self, message: Message) -> None:
        if self._over:
            return
        if message["type"] == "http.response.start":
            self._started = True
            kept = [pair for pair in message["headers"] if pair[0].lower() not in _NAMES]
            message = {**message, "headers": [*kept, *_ALWAYS]}
        await self._out(message)


_NAMES = frozenset(name for name, _ in _ALWAYS)
