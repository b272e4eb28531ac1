"""The page as an attacker's program sees it: raw requests, events, uploads."""

import json
import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.test_browser_findings import PASTE, Served

FILE = {"_type": "gradio.FileData"}
SECRET = "只有本人知道的一句话：密码是桂花"


class Target:
    """A server with one document that holds a secret."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._served = Served(home)
        self.desk = self._served.desk
        self.port = self._served.port
        self.url = self._served.url
        self.doc = self.desk.create_document("机密稿").id
        self.desk.save_paste(self.doc, PASTE + SECRET)
        self.http = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        page = self.http.get("/").text
        found = re.search(r"window\.gradio_config = (\{.*?\});</script>", page, re.DOTALL)
        assert found is not None, "the page has no configuration to read"
        self.config: dict[str, Any] = json.loads(found[1])
        self.types = {one["id"]: one["type"] for one in self.config["components"]}

    def blocks(self) -> Any:
        """Return the page as Gradio serves it, behind all that guards it."""
        return self._served._server.config.app.routes[-1].app.get_blocks()

    def stop(self) -> None:
        self.http.close()
        self._served.stop()

    def functions(self, kind: str) -> list[dict[str, Any]]:
        """Return the page's functions that take a component of a kind."""
        found = [
            one
            for one in self.config["dependencies"]
            if any(self.types.get(wanted) == kind for wanted in one["inputs"])
        ]
        assert found, f"no function takes a {kind}"
        return found

    def join(self, body: dict[str, Any]) -> httpx.Response:
        return self.http.post("/gradio_api/queue/join", json=body)

    def event(self, function: dict[str, Any], kind: str, value: Any) -> dict[str, Any]:
        """Return the event that calls a function with a value for its component of a kind."""
        data = [value if self.types.get(one) == kind else "1" for one in function["inputs"]]
        session = secrets.token_hex(6)
        return {"data": data, "fn_index": function["id"], "session_hash": session}

    def outcome(self, body: dict[str, Any]) -> str:
        """Ask for something and return all that comes back, refusal or stream."""
        answer = self.join(body)
        if answer.status_code != 200:
            return f"{answer.status_code} {answer.text}"
        said = ""
        query = {"session_hash": body["session_hash"]}
        with self.http.stream("GET", "/gradio_api/queue/data", params=query) as stream:
            for line in stream.iter_lines():
                said += line + "\n"
                if '"process_completed"' in line or '"close_stream"' in line:
                    return said
        return said

    def upload(self, name: str, data: bytes, **more: Any) -> httpx.Response:
        return self.http.post("/gradio_api/upload", files={"files": (name, data)}, **more)

    def raw(self, sent: bytes, wait: float = 5.0) -> bytes:
        """Send bytes as they are; return what comes back before the line ends or falls silent."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as line:
            # A server that refuses closes while much is still on its way: its answer is there.
            with suppress(ConnectionError):
                line.sendall(sent)
            with suppress(TimeoutError, ConnectionError):
                while piece := line.recv(65536):
                    got += piece
        return got
