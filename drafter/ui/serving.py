"""Starting the page: where it listens, to whom it is open, what is said at the terminal."""

import os
import socket
import sys
import threading
import webbrowser

from drafter import journal
from drafter.access.hosts import ANY
from drafter.access.opening import AT_HOME, Opening
from drafter.access.roster import has_people
from drafter.errors import UserFacingError
from drafter.ui.server import make_app
from drafter.ui.shared import make_shared
from index.failures import meaning
from index.home import home

# How long a thread that reckons may keep another waiting; Python's own five thousandths, times as
# many as are at work, were seconds a save where eight people write.
SWITCH_SECONDS = 0.0005


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


def serve(host: str, port: int, *, open_browser: bool, opening: Opening = AT_HOME) -> None:
    """Serve the page until interrupted, to several people once there are any.

    Raises UserFacingError when the port is taken, or when others could come in unasked.
    """
    import uvicorn

    journal.watch()
    sys.setswitchinterval(SWITCH_SECONDS)
    opening.check(host, home())
    check_port(host, port)
    if has_people(home()):
        app = make_shared(host, port, opening)
    else:
        app = make_app(host, port, more_hosts=opening.more_hosts)
    shown = "127.0.0.1" if host in ANY else f"[{host}]" if ":" in host else host
    address = f"{'https' if opening.secure else 'http'}://{shown}:{port}"
    sys.stdout.write(f"拟稿台已启动：{address}\n用浏览器打开上面的地址；按 Ctrl+C 退出。\n")
    sys.stdout.write(opening.notes(host, port))
    sys.stdout.flush()
    journal.note("started", port=port)
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nobody may say whose request it is but the connection itself
        ssl_certfile=opening.certificate,
        ssl_keyfile=opening.key,
    )
