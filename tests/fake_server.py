"""A small /v1/chat/completions server on a real socket that does as it is told, well or badly."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a chat request: a status with a body, or events of a stream.

    `hang` seconds pass before anything is sent; `drop` closes the connection without an ending.
    """

    status: int = 200
    body: str = ""
    pieces: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    hang: float = 0.0
    drop: bool = False
    location: str = ""


@dataclass(slots=True)
class FakeServer:
    """`answers` are given in turn, the last again and again; `asked` are the bodies received."""

    answers: list[Answer]
    models: Answer = field(
        default_factory=lambda: Answer(body=json.dumps({"data": [{"id": "m1"}, {"id": "m2"}]}))
    )
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def event(text: str, reason: str | None = None) -> str:
    """Return the data of one event of a streamed reply."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return json.dumps({"choices": [choice]}, ensure_ascii=False)


@contextmanager
def serving(*answers: Answer, models: Answer | None = None) -> Iterator[FakeServer]:
    """Run a server on a free port of 127.0.0.1 for the length of a `with` block."""
    state = FakeServer(list(answers))
    if models is not None:
        state.models = models
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    state: FakeServer

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.state.headers.append(dict(self.headers))
        self.plain(self.state.models)

    def do_POST(self) -> None:
        self.state.headers.append(dict(self.headers))
        self.state.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = self.state.next_answer()
        if not self.wait(answer.hang):
            return
        if answer.body or answer.status != 200:
            self.plain(answer)
        else:
            self.streamed(answer)

    def wait(self, seconds: float) -> bool:
        """Wait; tell whether the caller is still there, noting its leaving in `gone`."""
        self.connection.settimeout(0.02)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.connection.recv(1) == b"":
                    self.state.gone.set()
                    return False
            except TimeoutError:
                continue
            except OSError:
                self.state.gone.set()
                return False
        self.connection.settimeout(5)
        return True

    def plain(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def streamed(self, answer: Answer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        events = [*(event(piece) for piece in answer.pieces), *answer.events]
        if not answer.drop and not answer.events:
            events += [event("", "stop"), "[DONE]"]
        try:
            for data in events:
                self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.flush()
                if answer.pieces and len(answer.pieces) > 20 and not self.wait(0.02):
                    return
        except OSError:
            self.state.gone.set()
