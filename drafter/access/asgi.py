"""The few words of ASGI that guards need. Source: asgi.readthedocs.io, HTTP connection scope."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Pairs = tuple[tuple[str, str], ...]

NO_STORE = ("cache-control", "no-store")


def header(scope: Scope, name: str) -> str | None:
    """Return a header's value, None without one; one that is sent twice is "" and fits nothing."""
    found = [value for key, value in scope["headers"] if key.lower() == name.encode()]
    if not found:
        return None
    return str(found[0].decode("latin-1")).strip() if len(found) == 1 else ""


def cookie(scope: Scope, name: str) -> str:
    """Return a cookie's value, "" without one."""
    for line in (v.decode("latin-1") for k, v in scope["headers"] if k.lower() == b"cookie"):
        for part in line.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return str(value)
    return ""


async def answer(
    send: Send, status: int, body: str, kind: str = "text/plain", headers: Pairs = ()
) -> None:
    """Send a whole answer."""
    data = body.encode()
    said = (("content-type", f"{kind}; charset=utf-8"), ("content-length", str(len(data))))
    pairs = [(k.encode(), v.encode("latin-1")) for k, v in (*said, *headers)]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": data})


async def answer_json(send: Send, status: int, said: object, headers: Pairs = ()) -> None:
    """Send a whole answer as JSON."""
    body = json.dumps(said, ensure_ascii=False)
    await answer(send, status, body, "application/json", (NO_STORE, *headers))


async def read_body(receive: Receive) -> bytes | None:
    """Return a request's whole body, None where it was broken off; who guards before this has
    limited its size."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        body += part
        if not message.get("more_body"):
            return body


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body already read once more, then what else comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
