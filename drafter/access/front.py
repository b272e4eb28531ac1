"""Logging in and out, and nobody past here without a session.

Every path is behind this: the page, its files, its queue and streams. A stream that is open when a
session ends is cut before its next word.
"""

import asyncio
import re
import time
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from drafter.access import asgi, login_page
from drafter.access.asgi import Message, Receive, Scope, Send, answer, answer_json, header
from drafter.access.rooms import Rooms
from drafter.access.roster import Person, Roster, plain_name
from drafter.access.sessions import Session, Sessions
from drafter.access.throttle import Throttle
from drafter.errors import UserFacingError

# What a page sends with each request: whose page it is. Somebody else may have logged in since.
PERSON = "x-drafter-person"
LOGIN = "x-drafter-login"
EXPIRED = "登录已过期，请重新登录。"
WRONG = "用户名或密码不对，请再试一次。"
BUSY = "同时登录的人太多，请过几秒再试。"
BACK = "back"  # a login that another tab waits for
_ONWARD = re.compile(r"/(?:\?doc=\d{1,12})?|back")
# One comparison takes 128 MiB: two at a time, a few waiting.
AT_ONCE, MOST_WAITING = 2, 16
LOOK_SECONDS = 1.0  # how often an open stream asks whether its session still is
FORM_SECONDS = 10.0  # for a login form to arrive


class Front:
    """Guards the rooms. `secure`: the page is served over TLS."""

    def __init__(
        self,
        rooms: Rooms,
        roster: Roster,
        sessions: Sessions,
        *,
        secure: bool,
        throttle: Throttle | None = None,
    ) -> None:
        self._rooms, self._roster, self._sessions = rooms, roster, sessions
        self._secure = secure
        self._throttle = throttle or Throttle(time.monotonic)
        self._comparing = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        # __Host-: no other site and no page without TLS can set it (RFC 6265bis, 4.1.3.2).
        self.cookie = "__Host-drafter" if secure else "drafter"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and the server's start and end (ASGI)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            await self._answer(scope, receive, send)
        except UserFacingError as error:  # the list of people cannot be read
            await answer(send, 503, f"{error.message}{error.hint}")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        session = await asyncio.to_thread(self._sessions.of, asgi.cookie(scope, self.cookie))
        if path == "/login":
            await self._login(session, scope, receive, send)
        elif path == "/logout" and method == "POST":
            await self._logout(session, send)
        elif session is None:
            await self._turn_away(scope, send)
        elif (said := header(scope, PERSON)) is not None and said != str(session.person.id):
            await answer_json(send, 401, {"detail": "other"}, ((LOGIN, "other"),))
        elif path == "/session":
            if method == "POST":
                await asyncio.to_thread(self._sessions.touch, session)
            await answer_json(send, 200, {"person": session.person.id})
        else:
            await self._enter(session, scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self._rooms.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})

    # in and out

    async def _login(
        self, session: Session | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["method"] != "POST":
            given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("onward", [""])
            onward = _onward(given[0])
            if session is None and onward != BACK and _is_from_elsewhere(scope):
                again = login_page.again_html(f"/login?onward={quote(onward)}")
                await answer(send, 200, again, "text/html", login_page.HEADERS)
            elif session is None or onward == BACK:
                await self._form(send, 200, onward)
            else:
                await answer(send, 303, "", headers=(("location", onward), asgi.NO_STORE))
            return
        try:
            body = await asyncio.wait_for(asgi.read_body(receive), FORM_SECONDS)
        except TimeoutError:
            await answer(send, 408, "", headers=(("connection", "close"), asgi.NO_STORE))
            return
        if body is None:
            return  # too large, and answered; or nobody is there any more
        fields = parse_qs(body.decode("utf-8", "replace"))
        name, password, onward = (
            fields.get(key, [""])[0] for key in ("name", "password", "onward")
        )
        name, onward = plain_name(name), _onward(onward)
        address = str((scope.get("client") or ("", 0))[0])
        wait = self._throttle.wait(name, address)
        if wait > 0:
            said = f"密码错的次数太多，请 {_spoken(wait)}后再试。"
            retry = (("retry-after", str(int(wait) + 1)),)
            await self._form(send, 429, onward, name, said, retry)
            return
        if self._waiting >= MOST_WAITING:
            await self._form(send, 503, onward, name, BUSY)
            return
        person = await self._compare(name, password, address)
        if person is None:
            await self._form(send, 401, onward, name, WRONG)
            return
        if session is not None:
            await asyncio.to_thread(self._sessions.end, session.key)
        token = await asyncio.to_thread(self._sessions.begin, person)
        kept = (("set-cookie", self._cookie(token, int(self._sessions.life))), asgi.NO_STORE)
        if onward == BACK:
            page = login_page.done_html(person.name)
            await answer(send, 200, page, "text/html", (*login_page.HEADERS, kept[0]))
        else:
            await answer(send, 303, "", headers=(("location", onward), *kept))

    async def _compare(self, name: str, password: str, address: str) -> Person | None:
        self._throttle.failed(name, address)
        self._waiting += 1
        try:
            async with self._comparing:
                person = await asyncio.to_thread(self._roster.admitted, name, password)
        finally:
            self._waiting -= 1
        if person is not None:
            self._throttle.passed(name, address)
        return person

    async def _form(
        self,
        send: Send,
        status: int,
        onward: str,
        name: str = "",
        wrong: str = "",
        headers: asgi.Pairs = (),
    ) -> None:
        page = login_page.login_html(onward, name[:64], wrong)
        await answer(send, status, page, "text/html", (*login_page.HEADERS, *headers))

    async def _logout(self, session: Session | None, send: Send) -> None:
        if session is not None:
            await asyncio.to_thread(self._sessions.end, session.key)
        gone = (("set-cookie", self._cookie("", 0)), ("clear-site-data", '"cache"'), asgi.NO_STORE)
        await answer(send, 303, "", headers=(("location", "/login"), *gone))

    def _cookie(self, token: str, seconds: int) -> str:
        secure = "; Secure" if self._secure else ""
        return (
            f"{self.cookie}={token}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict{secure}"
        )

    async def _turn_away(self, scope: Scope, send: Send) -> None:
        """Show the form to a person, tell a script that the session is over."""
        if (
            scope["method"] in ("GET", "HEAD")
            and scope["path"] == "/"
            and header(scope, PERSON) is None
        ):
            query = scope.get("query_string", b"").decode("latin-1")
            onward = _onward(f"/?{query}" if query else "/")
            where = "/login" if onward == "/" else f"/login?onward={quote(onward)}"
            await answer(send, 303, "", headers=(("location", where), asgi.NO_STORE))
        else:
            await answer_json(send, 401, {"detail": EXPIRED}, ((LOGIN, "required"),))

    # inside

    async def _enter(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/gradio_api/upload"):
            query = _upload_of(scope.get("query_string", b""), session.person.id)
            scope = {**scope, "query_string": query}
        if scope["path"] == "/" and scope["method"] == "GET":
            await asyncio.to_thread(self._sessions.touch, session)
        room = await self._rooms.of(session.person)
        guarded = _Cut(session, self._sessions, receive, send)
        await room(dict(scope), guarded.receive, guarded.send)


def _is_from_elsewhere(scope: Scope) -> bool:
    """Say whether a link on another site was followed: it comes without the cookie, and so does its
    reload. Source: W3C Fetch Metadata."""
    asked = header(scope, "sec-fetch-site"), header(scope, "sec-fetch-dest")
    return asked == ("cross-site", "document")


class _Cut:
    """One answer, ended when its session ends; no cache may keep it."""

    def __init__(self, session: Session, sessions: Sessions, receive: Receive, send: Send) -> None:
        self._session, self._sessions = session, sessions
        self._in, self._out = receive, send
        self._looked = time.monotonic()
        self._over = False

    async def receive(self) -> Message:
        return {"type": "http.disconnect"} if self._over else await self._in()

    async def send(self, message: Message) -> None:
        if self._over:
            return
        if message["type"] == "http.response.start":
            message = {**message, "headers": _private(message["headers"])}
        elif time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            if await asyncio.to_thread(self._sessions.of_key, self._session.key) is None:
                self._over = True
                await self._out({"type": "http.response.body", "body": b"", "more_body": False})
                return
        await self._out(message)


def _private(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers that keep what is a person's own out of every cache."""
    kept = {k.lower(): v for k, v in headers}.get(b"cache-control", b"")
    if b"immutable" in kept:
        return headers  # the page's scripts and styles, the same for everybody
    return [*(pair for pair in headers if pair[0].lower() != b"cache-control"),
            (b"cache-control", b"no-store")]  # fmt: skip


def _upload_of(query: bytes, person: int) -> bytes:
    """Return a query whose upload has a name of this person's: Gradio tells how an upload stands,
    in one place for all its pages, to whoever knows the name."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(k, f"{person}-{v}" if k == "upload_id" else v) for k, v in pairs]).encode()


def _onward(wanted: str) -> str:
    """Return where a login leads: the page, a document of it, or back; never another site."""
    return wanted if _ONWARD.fullmatch(wanted) else "/"


def _spoken(seconds: float) -> str:
    return f"{int(seconds) + 1} 秒" if seconds < 90 else f"{int(seconds // 60) + 1} 分钟"
