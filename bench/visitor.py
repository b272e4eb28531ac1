"""Somebody with a page open, without a browser: what its script sends and hears, over HTTP.

Holds what every component of the page shows, as a browser would, so that an event sends what stands
there. Answers come over one stream, opened while any are outstanding, as Gradio's own script does.
"""

import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

JOIN = "/gradio_api/queue/join"
PATIENCE = 300.0  # seconds an answer may take


@dataclass(slots=True)
class Event:
    """One event on its way: when it was sent, when its first answer came, how it ended."""

    outputs: list[int]
    sent: float
    first: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)
    error: str = ""
    told: list[Any] = field(default_factory=list)

    @property
    def waited(self) -> float:
        """Seconds until the first answer."""
        return self.first - self.sent


class Visitor:
    """One page of one person."""

    def __init__(self, port: int, name: str, password: str) -> None:
        """Log in and open the page."""
        self.port = port
        self.session = f"page{secrets.token_hex(4)}"  # as Gradio's own
        self.values: dict[int, Any] = {}
        self.heard: Callable[[str, Any], None] = lambda _name, _value: None
        self._events: dict[str, Event] = {}
        self._lock = threading.Lock()
        self._listening = False
        said = urlencode({"name": name, "password": password})
        form = {"content-type": "application/x-www-form-urlencoded"}
        status, headers, _ = self._ask("POST", "/login", said, form)
        if status != 303:
            raise RuntimeError(f"no login for {name}: {status}")
        self._cookie = headers["set-cookie"].partition(";")[0]
        _, _, page = self._ask("GET", "/")
        told = page.partition("window.gradio_config = ")[2].partition(";</script>")[0]
        self.config = json.loads(told)
        self.names = {c["id"]: c["props"].get("elem_id") or "" for c in self.config["components"]}
        for component in self.config["components"]:
            self.values[component["id"]] = component["props"].get("value")
        self._numbers = {name: number for number, name in self.names.items() if name}

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the page shows
        """Return what a component shows."""
        return self.values[self._numbers[name]]

    def put(self, name: str, value: object) -> None:
        """Type or choose something."""
        self.values[self._numbers[name]] = value

    def send(self, name: str, event: str, into: str = "", **data: str) -> Event:
        """Send an event with what the page shows; return it at once.

        "" is the page itself, or a clock; `into` tells apart what several listen to: one that fills
        this component.
        """
        filled = self._numbers.get(into)
        number, dependency = next(
            (at, one)
            for at, one in enumerate(self.config["dependencies"])
            if any(self.names.get(i or 0, "") == name and e == event for i, e in one["targets"])
            and (not into or filled in one["outputs"])
        )
        given = [self.values.get(i) for i in dependency["inputs"]]
        body = {
            "data": ["" if value is None else value for value in given],
            "event_data": data or None,
            "fn_index": self.config["dependencies"][number].get("id", number),
            "trigger_id": None,
            "session_hash": self.session,
        }
        made = Event(dependency["outputs"], time.perf_counter())
        with self._lock:  # the stream may be quicker than the answer
            as_json = {"content-type": "application/json"}
            status, _, text = self._ask("POST", JOIN, json.dumps(body), as_json)
            if status != 200:
                raise RuntimeError(f"{name}.{event}: {status} {text[:200]}")
            self._events[json.loads(text)["event_id"]] = made
            if not self._listening:
                self._listening = True
                threading.Thread(target=self._listen, daemon=True).start()
        return made

    def do(self, name: str, event: str, into: str = "", **data: str) -> Event:
        """Send an event and wait for its end."""
        made = self.send(name, event, into, **data)
        if not made.over.wait(PATIENCE):
            raise RuntimeError(f"{name}.{event}: no end after {PATIENCE:.0f} s")
        return made

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookie = {"cookie": self._cookie} if hasattr(self, "_cookie") else {}
        line.request(method, path, body, {**cookie, **(headers or {})})
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text

    def _listen(self) -> None:
        """Hear the answers until none are outstanding."""
        while True:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            path = f"/gradio_api/queue/data?session_hash={self.session}"
            line.request("GET", path, headers={"cookie": self._cookie})
            stream = line.getresponse()
            while row := stream.readline():
                if row.startswith(b"data:"):
                    self._hear(json.loads(row[5:]))
            line.close()
            with self._lock:
                if all(event.over.is_set() for event in self._events.values()):
                    self._events.clear()
                    self._listening = False
                    return

    def _hear(self, said: dict[str, Any]) -> None:
        if said.get("msg") == "close_stream" or "event_id" not in said:
            return
        with self._lock:
            event = self._events.get(said["event_id"])
        if event is None:
            return
        if said["msg"] in ("process_generating", "process_completed"):
            if not said.get("success", True):
                event.error = str(said.get("output"))
            elif said["msg"] == "process_generating" or not event.told:
                self._take(event, said["output"].get("data") or [])
            event.first = event.first or time.perf_counter()
            event.answered.set()
        if said["msg"] == "process_completed":
            event.over.set()

    def _take(self, event: Event, data: list[Any]) -> None:
        """Put an answer on the page; all but an event's first come as what is different."""
        if event.told:
            event.told = [_changed(old, new) for old, new in zip(event.told, data, strict=True)]
        else:
            event.told = data
        for number, value in zip(event.outputs, event.told, strict=False):
            if isinstance(value, dict) and value.get("__type__") == "update":
                if "value" not in value:
                    continue
                value = value["value"]
            if self.values.get(number) != value:
                self.values[number] = value
                self.heard(self.names.get(number, ""), value)


def _changed(value: Any, edits: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value after Gradio's edits: [action, path, new] each."""
    for action, path, new in edits:
        if not path:
            value = new if action == "replace" else value + new
            continue
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        last = path[-1]
        if action == "append":
            holder[last] += new
        elif action == "delete":
            del holder[last]
        elif action == "add" and isinstance(holder, list):
            holder.insert(last, new)
        else:
            holder[last] = new
    return value
