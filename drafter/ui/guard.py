"""What may reach Gradio: the few addresses the page itself uses, and payloads such as it sends.

Gradio serves more than this page needs (programs' endpoints, a proxy, files by any path, component
methods, monitoring, an editor of its source), and believes what a payload says of files: mounted in
an application it does not even ask whether a file was uploaded (`Blocks.has_launched` stays false,
so `processing_utils._check_allowed` returns at once). So everything is refused here that is not
known to be wanted. Sources: GitHub advisories of gradio-app/gradio, as named in `tests/attacks`.
"""

import asyncio
import json
import os
import re
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path
from urllib.parse import parse_qsl

from drafter.access.asgi import (
    Asgi,
    Message,
    Receive,
    Scope,
    Send,
    answer,
    answer_json,
    header,
    replayed,
)
from drafter.ui.payloads import NAME, is_event

NO_SUCH = "没有这个地址。"
REFUSED = "这个请求不是拟稿台的页面发出的，已拒绝。"
TOO_MANY = "同时上传的文件太多，请稍候再传。"
TOO_SLOW = "请求没有发完，已放弃。"
FULL = "临时文件太多，放不下了。请稍后再传，或重新启动拟稿台。"

# As Gradio says it.
_NO_SESSION = (
    'data: {"msg":"unexpected_error","message":"404: Not Found","session_not_found":true,'
    '"success":false}\n\n'
)
_API = "/gradio_api/"
_EXACT = frozenset(
    (
        *(("GET", "/"), ("HEAD", "/"), ("GET", "/theme.css"), ("GET", "/favicon.ico")),
        *(("GET", f"{_API}queue/data"), ("GET", f"{_API}upload_progress")),
        *(("POST", f"{_API}queue/join"), ("POST", f"{_API}upload")),
    )
)
_FOLDERS = ("/assets/", "/static/")
_FILE = f"{_API}file="
_BOUNDARY = re.compile(r'multipart/form-data; ?boundary="?[\w\'()+,./:=?-]{1,100}"?', re.IGNORECASE)

MOST_BODY = 8 << 20  # of an event: all editors of a page at once are far below it
MOST_UPLOADS = 8  # at once
MOST_WAITING = 64  # asking how an upload stands, at once
MOST_KNOWN = 10_000  # uploads and sessions remembered
MOST_KEPT = 2 << 30  # bytes of files that lie in the cache
BODY_SECONDS = 30.0  # for an event to arrive, and for each piece of an upload


class Guard:
    """Passes on what the page of this desk sends; answers all else itself.

    `cache` is the folder its uploads and exports lie in, `functions` the numbers of its functions,
    `version` what the page is told at /standing: one that has another is to be opened anew.
    """

    def __init__(
        self, app: Asgi, cache: Path, functions: Collection[int], version: str = ""
    ) -> None:
        self._app = app
        self._cache = cache
        self._functions = functions
        self._version = version
        self._uploaded: OrderedDict[str, None] = OrderedDict()
        self._sessions: OrderedDict[str, None] = OrderedDict()
        self._uploads = self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # the page uses none
            return
        scope = {**scope, "headers": [pair for pair in scope["headers"] if not _claims(pair[0])]}
        if (scope["method"], scope["path"]) == ("GET", "/standing"):
            await answer_json(send, 200, {"page": self._version})
        elif not self._is_wanted(scope):
            await answer(send, 404, NO_SUCH)
        elif not _is_named(scope):
            await answer(send, 400, REFUSED)
        elif scope["path"] == f"{_API}queue/join":
            await self._event(scope, receive, send)
        elif scope["path"] == f"{_API}upload":
            await self._upload(scope, receive, send)
        elif scope["path"] == f"{_API}upload_progress":
            await self._progress(scope, receive, send)
        elif scope["path"] == f"{_API}queue/data" and _query(scope) not in self._sessions:
            await _no_session(send)
        else:
            await self._app(scope, receive, send)

    def _is_wanted(self, scope: Scope) -> bool:
        method, path = scope["method"], scope["path"]
        if any(ord(c) < 32 for c in path):
            return False
        if (method, path) in _EXACT:
            return True
        if method not in ("GET", "HEAD"):
            return False
        if path.startswith(_FILE):
            return "/." not in path and inside(path.removeprefix(_FILE), self._cache)
        return path.startswith(_FOLDERS) and ".." not in path and "\\" not in path

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what a person did, when it is such as the page says it."""
        try:
            body = await asyncio.wait_for(_body(receive), BODY_SECONDS)
        except TimeoutError:
            await answer_json(send, 408, {"error": TOO_SLOW}, (("connection", "close"),))
            return
        if body is None or not self._is_event(body, header(scope, "host") or ""):
            await answer_json(send, 400, {"error": REFUSED})
            return
        _note(self._sessions, json.loads(body)["session_hash"])
        await self._app(scope, replayed(body, receive), send)

    def _is_event(self, body: bytes, host: str) -> bool:
        def is_uploaded(path: str) -> bool:
            return path in self._uploaded and inside(path, self._cache)

        return is_event(body, host, self._functions, is_uploaded)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on and remember the files it became."""
        if not _BOUNDARY.fullmatch(header(scope, "content-type") or ""):
            await answer(send, 400, REFUSED)
            return
        if self._uploads >= MOST_UPLOADS:
            await answer(send, 503, TOO_MANY)
            return
        if await asyncio.to_thread(_bytes_in, self._cache) > MOST_KEPT:
            await answer(send, 507, FULL)
            return
        said: list[bytes] = []

        broken = False

        async def listening(message: Message) -> None:
            nonlocal broken
            if message["type"] == "http.response.start" and message["status"] == 500:
                broken = True
                await answer(send, 400, REFUSED)
            if broken:
                return
            if message["type"] == "http.response.body":
                said.append(message.get("body", b""))
            await send(message)

        self._uploads += 1
        try:
            await self._app(scope, _in_time(receive), listening)
        except TypeError:  # Gradio of a form whose file has no name
            if not broken:
                raise
        finally:
            self._uploads -= 1
            self._remember(b"".join(said))

    def _remember(self, said: bytes) -> None:
        """Remember the files that Gradio said an upload became."""
        try:
            paths = json.loads(said)
        except ValueError:
            return
        for path in paths if isinstance(paths, list) else ():
            if isinstance(path, str) and inside(path, self._cache):
                _note(self._uploaded, path)

    async def _progress(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a question how an upload stands; each waits in Gradio for three seconds."""
        if self._waiting >= MOST_WAITING:
            await answer(send, 503, TOO_MANY)
            return
        self._waiting += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._waiting -= 1


def inside(path: str, folder: Path) -> bool:
    """Say whether a path is absolute and really lies in a folder, links followed."""
    if not path or "\x00" in path or ("\\" in path and os.sep == "/"):
        return False
    if not Path(path).is_absolute():
        return False
    try:
        real, root = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    except (OSError, ValueError):
        return False
    return root in real.parents


def _note(known: OrderedDict[str, None], name: str) -> None:
    """Remember a name as the latest; the oldest goes where there are too many."""
    known[name] = None
    known.move_to_end(name)
    if len(known) > MOST_KNOWN:
        known.popitem(last=False)


async def _no_session(send: Send) -> None:
    """Tell a page that its session is unknown (after a new start) and break the line off.

    Gradio raises an error there, with a trace for the log; a page's script takes a line that ends
    well for one to be opened again at once (assets/stream.js).
    """
    kind = [(b"content-type", b"text/event-stream; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": kind})
    await send({"type": "http.response.body", "body": _NO_SESSION.encode(), "more_body": True})


def _claims(name: bytes) -> bool:
    """Say whether a header claims to be a proxy's: Gradio would build its addresses from it."""
    return name.lower().startswith((b"x-forwarded", b"forwarded", b"x-direct-url", b"x-gradio"))


def _query(scope: Scope) -> str:
    """Return the session a query names; it has been looked over before."""
    pairs: list[tuple[str, str]] = parse_qsl(scope["query_string"].decode("latin-1"))
    return dict(pairs).get("session_hash", "")


def _is_named(scope: Scope) -> bool:
    """Say whether the names in an API's query are names, each once; pages' addresses may hold
    anything."""
    if not scope["path"].startswith(_API) or scope["path"].startswith(_FILE):
        return True
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    names = [name for name, _ in pairs]
    return len(names) == len(set(names)) and all(NAME.fullmatch(value) for _, value in pairs)


async def _body(receive: Receive) -> bytes | None:
    """Return a request's whole body, None where it is too large or broken off."""
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > MOST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(pieces)


def _in_time(receive: Receive) -> Receive:
    """Return a `receive` that gives an upload up when nothing more of it comes."""

    async def waiting() -> Message:
        try:
            return await asyncio.wait_for(receive(), BODY_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}

    return waiting


def _bytes_in(folder: Path) -> int:
    """Return how much lies in a folder; what goes away meanwhile does not count."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_size
            except OSError:
                continue
    return total
