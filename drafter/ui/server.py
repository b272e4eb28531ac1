"""Serving the page on this computer: only to this computer, in Chinese, from the first second."""

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.errors import UserFacingError
from index.failures import meaning
from index.home import home

if TYPE_CHECKING:
    from drafter.workflow import Workspace

ASSETS = Path(__file__).parent / "assets"
# Heavy libraries are loaded only after the page has answered the browser's first requests.
HEAD_START_SECONDS = 2.0
MAX_UPLOAD = "100mb"  # a zip of reports, or a docx with photographs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

# What has to be so before anything of the page is run or painted: its language, light or dark.
EARLY = (ASSETS / "early.html").read_text(encoding="utf-8")


class InChinese:
    """Marks the page as Chinese before any of its scripts runs; passes all else through."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: MutableMapping[str, Any] = {}
        body = b""

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
            page = in_chinese(body)
            kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
            headers = [*kept, (b"content-length", str(len(page)).encode())]
            await send({**start, "headers": headers})
            await send({**message, "body": page})

        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, collect)


def in_chinese(page: bytes) -> bytes:
    """Return the page's HTML with its language set to Chinese, for the browser and for gradio."""
    page = page.replace(b'lang="en"', b'lang="zh-CN"', 1)
    return page.replace(b"<head>", b"<head>" + EARLY.encode(), 1)


def allowed_hosts(host: str) -> list[str]:
    """Return the Host names the page answers to: a forged one is how other sites would reach it."""
    names = ["127.0.0.1", "localhost", "[::1]", "::1"]
    return [*names, host] if host not in (*names, "0.0.0.0", "::") else names  # noqa: S104


SCRIPTS = (
    *("look.js", "live.js", "page.js", "trace.js", "sentence.js", "compare.js"),
    *("keys.js", "tour.js", "names.js"),
)
STYLES = (
    *("style.css", "candidates.css", "compare.css", "whole.css"),
    *("habits.css", "narrow.css", "dark.css"),
)


def scripts() -> str:
    """Return the page's scripts as the one function that gradio runs when the page has opened."""
    read = [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return "() => {\n" + "\n".join(f"(\n{script}\n)();" for script in read) + "\n}"


def make_app(host: str, port: int, desk: "Workspace | None" = None) -> Any:  # noqa: ANN401 - a FastAPI app
    """Return the web application with the page mounted at "/"; of this desk, if one is given."""
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    # Gradio serves nothing but what lies in its own cache; exports and uploads pass through it.
    cache = home() / "cache"
    folder = cache / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["GRADIO_TEMP_DIR"] = str(cache)
    # After every event Gradio would sum up all events so far with pandas, for a page nobody opens.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")

    import gradio as gr

    from drafter.ui.page import build_page
    from drafter.ui.theme import theme
    from drafter.workflow import Workspace

    workspace = desk or Workspace()

    def prepare() -> None:
        workspace.review.prepare()
        workspace.prepare_engine()
        workspace.prepare_library()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        starter = threading.Timer(HEAD_START_SECONDS, prepare)
        starter.daemon = True
        starter.start()
        end_keeping = workspace.keeping.keeper.start()
        yield
        end_keeping()
        starter.cancel()
        workspace.stop_preparing()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(InChinese)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(host))
    return gr.mount_gradio_app(
        app,
        build_page(workspace, folder),
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


def check_port(host: str, port: int) -> None:
    """Raise UserFacingError when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserFacingError(
                f"打不开 {host}:{port}（{meaning(error)}）。",
                f"拟稿台可能已经在运行，请直接打开 http://{host}:{port}；"
                f"或换一个端口：--port {port + 1}。",
            ) from error


def serve(host: str, port: int, *, open_browser: bool) -> None:
    """Serve the page until interrupted. Raises UserFacingError when the port is taken."""
    import uvicorn

    check_port(host, port)
    app = make_app(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    sys.stdout.write(f"拟稿台已启动：{address}\n用浏览器打开上面的地址；按 Ctrl+C 退出。\n")
    sys.stdout.flush()
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
