"""Requests no browser sends, at a running server, and events no page sends, for some minutes.

    python -m tests.fuzz.http --minutes 10 --out FOLDER [--seed N]

The server must stay up and answer, without a trace of the program in any answer, without 500, with
steady memory, and without one attempt outward. FOLDER gets server.log, http.jsonl and what broke.
"""

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import ROOT
from tests.egress import attempts, recorded
from tests.fuzz.mutate import PIECES, TOKENS, raw, text
from tests.fuzz.text_targets import PASTE, REPORT

PATHS = (
    *("/", "/theme.css", "/static/x", "/assets/x.js", "/config", "/docs", "/gradio_api/queue/join"),
    *(
        "/gradio_api/queue/data?session_hash=a",
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
    ),
    *("/gradio_api/upload_progress?upload_id=a", "/gradio_api/run/predict", "/gradio_api/cancel"),
    *(
        "/gradio_api/call/x",
        "/gradio_api/proxy=http://a/",
        "/gradio_api/component_server",
        "/login",
    ),
)
METHODS = (
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "G\u00e9T",
    "X" * 50,
)
HEADERS = (
    *("content-type", "content-length", "transfer-encoding", "origin", "cookie", "range", "x-a"),
    *("host", "accept-encoding", "expect", "connection", "sec-fetch-site", "x-forwarded-host"),
)
JOIN, JSON = "/gradio_api/queue/join", {"content-type": "application/json"}
# uvicorn's own, of a client that broke the rules of HTTP while it was being answered.
RAISED = "Exception in ASGI application"
BROKEN_OFF = "h11._util.LocalProtocolError:"
TRACES = ("Traceback", '  File "', "site-packages")
_FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


class Line:
    """A server of its own process, watched."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._home = tempfile.TemporaryDirectory(prefix="drafter-fuzz-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.egress = out / "egress.txt"
        env = recorded({**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}, self.egress)
        command = [sys.executable, "-m", "tests.fuzz.serve", self._home.name, str(self.port)]
        with (out / "server.log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False
        )
        self.config = self._config()

    def _config(self) -> dict[str, Any]:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                page = self.http.get("/").text
            except httpx.HTTPError:
                assert self.process.poll() is None, "the server ended before it answered"
                time.sleep(0.3)
                continue
            found = re.search(r"window\.gradio_config = (\{.*?\});</script>", page, re.DOTALL)
            assert found is not None
            read: dict[str, Any] = json.loads(found[1])
            return read
        raise AssertionError("the server did not come up")

    def memory(self) -> int:
        """Return the server's resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) // 1024 if found else 0

    def stop(self) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(timeout=30)
        self._home.cleanup()


class Fuzz:
    """Requests drawn from a seed."""

    def __init__(self, line: Line, seed: int) -> None:
        self.line, self.rng = line, random.Random(seed)  # noqa: S311 - drawn again from its seed
        self.counts: Counter[str] = Counter()
        self.types = {one["id"]: one["type"] for one in line.config["components"]}

    def once(self) -> None:
        way = self.rng.choice(
            (self.request, self.bytes_, self.event, self.event, self.event, self.upload)
        )
        try:
            way()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            self.counts[f"{way.__name__} {type(error).__name__}"] += 1
            if isinstance(error, httpx.ConnectError):
                raise

    def told(self, way: str, answer: httpx.Response) -> None:
        self.counts[f"{way} {answer.status_code}"] += 1
        said = answer.text[:20_000]
        broke = answer.status_code >= 500 and answer.status_code not in (501, 503)
        if broke or (any(sign in said for sign in TRACES) and answer.request.url.path != "/"):
            self.counts["finds"] += 1
            with (self.line.out / "finds.txt").open("a", encoding="utf-8") as out:
                request = answer.request
                out.write(f"{answer.status_code} {request.method} {request.url}\n{said[:500]}\n\n")

    def word(self) -> str:
        odd = ("a", "..", "/", "%00", "%2e", "\\", "\u0000", "é", "x" * 3000)
        return str(self.rng.choice((*PIECES, *odd)))

    def request(self) -> None:
        path = self.rng.choice(PATHS)
        for _ in range(self.rng.randrange(3)):
            at = self.rng.randrange(1, len(path) + 1)
            path = path[:at] + self.word() + path[at:]
        headers = {
            self.rng.choice(HEADERS[3:6]).encode(): re.sub(rb"[\r\n]", b"", self.word().encode())
            for _ in range(self.rng.randrange(3))
        }
        body = self.rng.choice(
            (b"", b"{}", self.rng.randbytes(200), json.dumps(self.body()).encode())
        )
        with self.line.http.stream(
            self.rng.choice(METHODS[:7]), path, content=body, headers=headers
        ) as answer:
            got = b"".join(piece for piece, _ in zip(answer.iter_bytes(), range(9), strict=False))
            answer._content = got
            self.told("request", answer)

    def bytes_(self) -> None:
        """Bytes that are nearly a request."""
        head = f"{self.rng.choice(METHODS)} {self.rng.choice(PATHS)} HTTP/1.1\r\n"
        head += f"Host: 127.0.0.1:{self.line.port}\r\n"
        for _ in range(self.rng.randrange(4)):
            value = self.rng.choice(("1", "chunked", "-1", "x", "99999999"))
            head += f"{self.rng.choice(HEADERS)}: {value}\r\n"
        sent = raw(self.rng, (head + "\r\n").encode("utf-8") + self.rng.choice(TOKENS))
        with socket.create_connection(("127.0.0.1", self.line.port), timeout=0.5) as to:
            to.sendall(sent)
            try:
                got = to.recv(65536)
            except TimeoutError:
                got = b""
        self.counts[f"bytes {got[9:12].decode('latin-1') or 'closed'}"] += 1
        assert b"Traceback" not in got

    def value(self, depth: int = 0) -> Any:
        pick = self.rng.randrange(10)
        if pick < 5 or depth > 3:
            return self.rng.choice(
                (
                    "",
                    "1",
                    "0",
                    "S1",
                    "F1",
                    None,
                    True,
                    7,
                    -1,
                    1.5,
                    "9" * 5000,
                    text(self.rng, [PASTE, REPORT], 20),
                )
            )
        if pick == 5:
            return {self.word()[:20]: self.value(depth + 1)}
        if pick == 6:
            return {**_FILE, **({"url": "http://evil.example/"} if self.rng.random() < 0.5 else {})}
        return [self.value(depth + 1) for _ in range(self.rng.randrange(4))]

    def body(self) -> dict[str, Any]:
        """Return an event: mostly of the right shape, so that it gets past the guard."""
        function = self.rng.choice(self.line.config["dependencies"])
        count = len(function["inputs"]) + self.rng.choice((0, 0, 0, 0, 1, -1))
        plain = ("", "1", "1|S1|0|x", "S2", "0", "F1", text(self.rng, [PASTE], 30))
        free = self.rng.random() < 0.3
        data = [self.value() if free else self.rng.choice(plain) for _ in range(max(0, count))]
        acts = (
            "select",
            "fix",
            "lock",
            "rewrite",
            "undo",
            "split",
            "merge",
            "take",
            "show",
            "accept",
        )
        told = {"do": self.rng.choice(acts), "id": self.rng.choice(("S1", "F1", "1", self.word()))}
        made: dict[str, Any] = {"data": data, "fn_index": function["id"], "trigger_id": None}
        made["session_hash"] = self.rng.choice(("fuzz1", "fuzz2", "fuzz3"))
        made["event_data"] = self.rng.choice((None, told, told, self.value()))
        if self.rng.random() < 0.1:
            made[self.rng.choice((*made, "x"))] = self.value()
        return made

    def event(self) -> None:
        body = self.body()
        try:
            sent = json.dumps(body).encode()
        except ValueError:
            return
        if self.rng.random() < 0.1:
            sent = raw(self.rng, sent)
        answer = self.line.http.post(JOIN, content=sent, headers=JSON)
        self.told("event", answer)
        if answer.status_code != 200 or self.rng.random() < 0.3:
            return
        query = {"session_hash": str(body["session_hash"])}
        until = time.monotonic() + 5
        with self.line.http.stream("GET", "/gradio_api/queue/data", params=query) as stream:
            for line in stream.iter_lines():
                assert not any(sign in line for sign in TRACES[:1]), line[:500]
                if "process_completed" in line:
                    ended = "ok" if '"success":true' in line else "refused"
                    self.counts[f"done {ended}"] += 1
                if "close_stream" in line or time.monotonic() > until:
                    return

    def upload(self) -> None:
        name = "".join(self.word()[:40] for _ in range(self.rng.randrange(1, 4))).replace(
            "\x00", ""
        )
        data = self.rng.randbytes(self.rng.randrange(3000))
        answer = self.line.http.post("/gradio_api/upload", files={"files": (name, data)})
        self.told("upload", answer)


def campaign(out: Path, seconds: float, seed: int) -> dict[str, Any]:
    """Run one campaign and return what came of it."""
    out.mkdir(parents=True, exist_ok=True)
    line = Line(out)
    fuzz = Fuzz(line, seed)
    memory, end, steps = [line.memory()], time.monotonic() + seconds, 0
    try:
        while time.monotonic() < end:
            fuzz.once()
            steps += 1
            if steps % 500 == 0:
                memory.append(line.memory())
        memory.append(line.memory())
        assert line.http.get("/theme.css").status_code == 200
        assert line.process.poll() is None
    finally:
        line.stop()
    log = (out / "server.log").read_text(encoding="utf-8", errors="replace")
    return {
        "seed": seed, "seconds": seconds, "steps": steps,
        "counts": dict(sorted(fuzz.counts.items())),
        "memory_mb": memory, "exceptions": log.count(RAISED) - log.count(BROKEN_OFF),
        "outward": attempts(line.egress),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    told = campaign(given.out, given.minutes * 60, given.seed)
    (given.out / "http.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
