"""What every request passes first: whose it is, where it comes from, how large it is."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from drafter.access.gate import LARGEST_UPLOAD, Gate, largest
from drafter.access.hosts import Hosts, is_local

OURS = "127.0.0.1:7860"


class Page:
    """A page that notes what reached it and what it read."""

    def __init__(self) -> None:
        self.reached = 0
        self.read = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached += 1
        while True:
            message = await receive()
            self.read += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = [(b"x-frame-options", b"ALLOWALL"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"page"})


def ask(
    page: Page,
    path: str = "/",
    method: str = "GET",
    body: Sequence[bytes] = (b"",),
    listening: tuple[str, tuple[str, ...]] = ("127.0.0.1", ()),
    **headers: str,
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send one request through the gate; return status, headers and body of the one answer."""
    said = {"host": OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "scheme": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in said.items() if value],
    }
    parts: Iterator[bytes] = iter(body)
    left = len(body)
    told: list[Any] = []

    async def receive() -> Any:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": next(parts), "more_body": left > 0}

    async def send(message: Any) -> None:
        told.append(message)

    asyncio.run(Gate(page, *listening)(scope, receive, send))
    starts = [m for m in told if m["type"] == "http.response.start"]
    assert len(starts) == 1
    whole = b"".join(m.get("body", b"") for m in told)
    return starts[0]["status"], dict(starts[0]["headers"]), whole


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("", "", 200),
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
        ("cross-site", "cors", 403),
        ("same-site", "cors", 403),  # another port of this computer is another site's door
        ("cross-site", "navigate", 403),
        ("cross-site", "no-cors", 403),
    ],
)
def test_another_site_cannot_have_anything_changed(site: str, mode: str, status: int) -> None:
    page = Page()
    for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/login", "/logout", "/session"):
        answer = ask(page, path, "POST", sec_fetch_site=site, sec_fetch_mode=mode)
        assert answer[0] == status
    assert bool(page.reached) == (status == 200)


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "null", "http://127.0.0.1:3000", "http://localhost:7860"),
        *("https://127.0.0.1:7860", "http://127.0.0.1:7860.evil.example", "http://127.0.0.1"),
    ],
)
def test_a_foreign_origin_is_refused_by_every_method(origin: str) -> None:
    page = Page()
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "GET"):
        assert ask(page, "/gradio_api/queue/join", method, origin=origin)[0] == 403
    assert page.reached == 0
    assert ask(page, "/x", "POST", origin=f"http://{OURS}")[0] == 200


def test_a_link_on_another_site_may_open_the_page_but_not_load_parts() -> None:
    page = Page()
    assert ask(page, sec_fetch_site="cross-site", sec_fetch_mode="navigate")[0] == 200
    assert ask(page, "/theme.css", sec_fetch_site="cross-site", sec_fetch_mode="no-cors")[0] == 403


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "evil.example:7860", "", "127.0.0.1:7860:80"),
        *("127.0.0.1@evil.example", "localhost.evil.example", "[::1", "127.0.0.1 evil", "10.0.0.9"),
    ],
)
def test_only_our_names_are_answered(host: str) -> None:
    page = Page()
    assert ask(page, host=host)[0] == 400
    assert page.reached == 0


def test_which_names_are_ours() -> None:
    def knows(hosts: Hosts, name: str) -> bool:
        return hosts.knows({"headers": [(b"host", name.encode())]})

    for name in ("127.0.0.1:7860", "localhost", "[::1]:7860", "LOCALHOST:80"):
        assert knows(Hosts("127.0.0.1"), name)
    assert knows(Hosts("10.0.0.8"), "10.0.0.8:7860")
    assert not knows(Hosts("10.0.0.8"), "10.0.0.9:7860")
    assert knows(Hosts("0.0.0.0"), "10.0.0.9:7860")  # noqa: S104 - any number, no name
    assert not knows(Hosts("0.0.0.0"), "office-pc:7860")  # noqa: S104
    assert not knows(Hosts("0.0.0.0"), "evil.example")  # noqa: S104
    assert knows(Hosts("0.0.0.0", ("Office-PC",)), "office-pc:7860")  # noqa: S104
    twice = {"headers": [(b"host", b"localhost"), (b"host", b"evil.example")]}
    assert not Hosts("127.0.0.1").knows(twice)


def test_which_addresses_are_this_computers_only() -> None:
    assert all(map(is_local, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_local, ("0.0.0.0", "::", "192.168.1.5", "office", "")))  # noqa: S104


def test_what_is_said_to_be_too_large_is_not_read() -> None:
    page = Page()
    for path in ("/gradio_api/upload", "/gradio_api/queue/join", "/login"):
        answer = ask(page, path, "POST", content_length=str(largest(path) + 1))
        assert answer[0] == 413
        assert "太大" in answer[2].decode()
    for wrong in ("-1", "x", "1" * 30):
        assert ask(page, "/login", "POST", content_length=wrong)[0] == 400
    assert page.reached == 0


def test_what_is_too_large_without_saying_so_is_cut() -> None:
    page = Page()
    part = b"x" * (1 << 20)
    answer = ask(page, "/gradio_api/queue/join", "POST", [part] * 50)
    assert answer[0] == 413
    assert len(page.read) <= largest("/gradio_api/queue/join")
    assert ask(Page(), "/login", "POST", [b"x" * 5000])[0] == 413
    assert ask(Page(), "/login", "POST", [b"x" * 500])[0] == 200
    assert largest("/gradio_api/upload") == LARGEST_UPLOAD


def test_nobody_may_frame_the_page() -> None:
    status, headers, body = ask(Page())
    assert (status, body) == (200, b"page")
    assert headers[b"x-frame-options"] == b"DENY"
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_a_socket_is_closed() -> None:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    page = Page()
    scope = {"type": "websocket", "path": "/", "headers": [(b"host", OURS.encode())]}
    asyncio.run(Gate(page, "127.0.0.1")(scope, receive, send))
    assert told == [{"type": "websocket.close", "code": 1008}]
    assert page.reached == 0
