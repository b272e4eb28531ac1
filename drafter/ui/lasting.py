"""Gradio's scripts and styles, kept by browsers.

Their names hold a hash of what is in them (Vite, build.rollupOptions.output: `[name]-[hash]`), but
Gradio sends them without a word on how long they are good for: browsers ask again for each of them,
and where people log in none was kept (`Front` lets only what is said to last be kept).
"""

import re

from drafter.access.asgi import Asgi, Message, Receive, Scope, Send

_HASHED = re.compile(r"/assets/[\w.-]*-[\w-]{8,9}\.\w{2,5}", re.ASCII)
KEPT = (b"cache-control", b"public, max-age=31536000, immutable")


class Lasting:
    """Tells browsers to keep what never changes; passes all else through."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http" or not _HASHED.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                others = (pair for pair in message["headers"] if pair[0].lower() != KEPT[0])
                message = {**message, "headers": [*others, KEPT]}
            await send(message)

        await self._app(scope, receive, kept)
