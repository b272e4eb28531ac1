"""Serving the page on this computer: only to this computer, in Chinese, from the first second."""

import asyncio
import hashlib
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter import journal
from drafter.access.asgi import header
from drafter.access.gate import Gate
from drafter.access.leftovers import clear, start_clearing
from drafter.ui.guard import Guard
from drafter.ui.lasting import Lasting
from index.home import home

if TYPE_CHECKING:
    from drafter.workflow import Workspace

ASSETS = Path(__file__).parent / "assets"
# After a start nothing is done beside the page's first answer. Then what the first page shows is
# read, while the browser is being opened; heavy libraries are loaded only after that.
FIRST_ANSWER_SECONDS = 0.5
HEAD_START_SECONDS = 2.0
# How long the page waits for the texts it is served with, before it is served without and asks for
# them itself. Right after a start a long document's first reading takes a second and more; asking
# takes the page twice as long as waiting for it.
HOLD_SECONDS = 1.5
MAX_UPLOAD = "100mb"  # a zip of reports, or a docx with photographs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

# What has to be so before anything of the page is run or painted: its language, light or dark, and
# a stream of answers that loses none.
STREAM = (ASSETS / "stream.js").read_text(encoding="utf-8")
EARLY = (ASSETS / "early.html").read_text(encoding="utf-8") + f"<script>\n{STREAM}</script>\n"


def _is_opened(scope: Scope) -> bool:
    """Say whether a browser is opening this as a page: nothing else has a use for its texts, least
    of all a program that was told to fetch an address. Source: W3C Fetch Metadata."""
    asked = header(scope, "sec-fetch-mode"), header(scope, "sec-fetch-dest")
    return asked == ("navigate", "document")


def _nothing(_query: str) -> str:
    return ""


class InChinese:
    """Marks the page as Chinese before any of its scripts runs; passes all else through.

    `first` is HTML of the head that comes before all else; `held` tells, by the address's query,
    what goes behind Gradio's description of a page that a browser opens.
    """

    def __init__(self, app: Asgi, first: str = "", held: Callable[[str], str] = _nothing) -> None:
        self._app = app
        self._first = first
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: MutableMapping[str, Any] = {}
        body = b""
        query = scope["query_string"].decode("latin-1")
        held_for = self._held if _is_opened(scope) else _nothing
        holding = asyncio.create_task(asyncio.to_thread(held_for, query))

        async def collect(message: MutableMapping[str, Any]) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            await asyncio.wait((holding,), timeout=HOLD_SECONDS)
            held = holding.result() if holding.done() else ""
            page = holding_texts(in_chinese(body, self._first), held)
            kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
            # It has somebody's text in it, as it was at this moment.
            headers = [*kept, (b"cache-control", b"no-store")]
            headers.append((b"content-length", str(len(page)).encode()))
            await send({**start, "headers": headers})
            await send({**message, "body": page})

        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, collect)


def in_chinese(page: bytes, first: str = "") -> bytes:
    """Return the page's HTML with its language set to Chinese, for the browser and for gradio."""
    page = page.replace(b'lang="en"', b'lang="zh-CN"', 1)
    return page.replace(b"<head>", b"<head>" + (first + EARLY).encode(), 1)


def holding_texts(page: bytes, held: str) -> bytes:
    """Return the page's HTML with this behind Gradio's description of it; as it is without one."""
    before, config, after = page.partition(b"<script>window.gradio_config = ")
    description, end, rest = after.partition(b"</script>")
    if not (config and end):
        return page
    return b"".join((before, config, description, end, held.encode(), rest))


SCRIPTS = (
    *("look.js", "live.js", "page.js", "trace.js", "sentence.js", "compare.js"),
    *("keys.js", "tour.js", "names.js"),
)
STYLES = (
    *("style.css", "candidates.css", "compare.css", "whole.css"),
    *("habits.css", "offline.css", "narrow.css", "dark.css"),
)


def scripts() -> str:
    """Return the page's scripts as the one function that gradio runs when the page has opened."""
    read = [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return "() => {\n" + "\n".join(f"(\n{script}\n)();" for script in read) + "\n}"


def make_app(
    host: str, port: int, desk: "Workspace | None" = None, more_hosts: Sequence[str] = ()
) -> Any:  # noqa: ANN401 - a FastAPI app
    """Return the page of one person at this computer, guarded; of this desk, if one is given."""
    from drafter.workflow import Workspace

    app = make_page(host, port, desk or Workspace(), home() / "cache")
    app.add_middleware(Gate, host=host, more_hosts=more_hosts)
    return app


def make_page(host: str, port: int, workspace: "Workspace", cache: Path, first: str = "") -> Any:  # noqa: ANN401 - a FastAPI app
    """Return the web application with the page of a desk mounted at "/", not yet guarded.

    `cache` is where its uploads and exports lie, at or under home's; `first` goes into its head.
    """
    from fastapi import FastAPI

    # Gradio serves nothing but what lies in its own cache; exports and uploads pass through it.
    clear(cache)
    folder = cache / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["GRADIO_TEMP_DIR"] = str(home() / "cache")
    # After every event Gradio would sum up all events so far with pandas, for a page nobody opens.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")

    import gradio as gr

    from drafter.ui.page import build_page
    from drafter.ui.theme import theme

    over = threading.Event()

    def prepare() -> None:
        if over.wait(FIRST_ANSWER_SECONDS):
            return
        try:
            served.script("")
            workspace.review.prepare()
        except Exception as error:  # noqa: BLE001 - nobody asked: a page that asks is told
            journal.crash(error, "warm-up")
        if over.wait(HEAD_START_SECONDS):
            return
        for begin in (workspace.prepare_engine, workspace.prepare_library):
            if over.is_set():  # ended within its first seconds
                return
            begin()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        workspace.about_to_prepare()
        threading.Thread(target=prepare, name="prepare", daemon=True).start()
        endings = (workspace.keeping.keeper.start(), start_clearing(cache))
        yield
        over.set()
        for end in endings:
            end()
        workspace.stop_preparing()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    version = page_version()
    mine = f'<meta name="drafter-page" content="{version}">\n'
    page, served = build_page(workspace, folder)
    page = own_cache(page, cache)
    app.add_middleware(InChinese, first=mine + first, held=served.script)
    app.add_middleware(Lasting)
    page.has_launched = True  # otherwise Gradio asks of no file whether it was uploaded
    app.add_middleware(Guard, cache=cache, functions=frozenset(page.fns), version=version)
    mounted = gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        server_port=port,
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=theme(),
        css="\n".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLES),
        js=scripts(),
        favicon_path=str(ASSETS / "favicon.png"),
    )
    mounted.routes[-1].app.uploaded_file_dir = str(cache)
    return mounted


def page_version() -> str:
    """Return what the page was made of, as a hash: a page of another program fits no server."""
    made_of = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".js", ".css", ".html"):
            made_of.update(path.read_bytes())
    return made_of.hexdigest()[:16]


def own_cache(page: Any, cache: Path) -> Any:  # noqa: ANN401 - gradio has no types
    """Have every component keep its files in this folder: Gradio knows one for the process."""
    for block in page.blocks.values():
        block.GRADIO_CACHE = str(cache)
    return page
