"""The connection of one request, which another thread may break off."""

import socket
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Line:
    """The socket of one request, so that another thread can break off a blocking read.

    `started`: a piece of the reply is out; `finished`: the server said why it ended.
    """

    connection: socket.socket | None = None
    started: bool = False
    finished: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    cut_off: bool = False

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Take note of the socket when httpcore has opened it (its `trace` extension)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            with self.lock:
                self.connection = info["return_value"].get_extra_info("socket")
                if self.cut_off:
                    _shut(self.connection)

    def cut(self) -> None:
        """Break the connection off; the server sees it close and stops generating."""
        with self.lock:
            self.cut_off = True
            _shut(self.connection)


def _shut(connection: socket.socket | None) -> None:
    if connection is None:
        return
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already, which is what was wanted
