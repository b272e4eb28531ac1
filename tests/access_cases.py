"""Several people at one server, for the tests of access: the real pages, cheap passwords."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drafter.access.opening import AT_HOME, Opening
from drafter.access.passwords import Cost
from drafter.access.roster import Roster
from drafter.access.sessions import Sessions
from drafter.store import Store
from drafter.workflow import SAMPLES_SEEN, Workspace
from tests.fakes import FakeChat, FakeEmbedder

CHEAP = Cost(16, 8, 1)
GOOD = "春风 又绿 江南岸 1"
ONE, TWO = "甲方", "乙方"
SECRETS = {ONE: "correct horse 1", TWO: "battery staple 2"}
ADDRESS = "http://127.0.0.1:7860"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


class House:
    """The page for two people."""

    def __init__(self, home: Path, port: int = 7860, opening: Opening = AT_HOME) -> None:
        from drafter.ui.shared import make_shared

        self.clock = Clock()
        self.roster = Roster(home, CHEAP)
        for name, password in SECRETS.items():
            self.roster.add(name, password, self.clock())
        for place in (home, home / "users" / "2"):
            store = Store(place / "drafts.db")
            store.set_setting(SAMPLES_SEEN, "done")  # reading in all samples takes its time
            store.close()
        self.sessions = Sessions(self.roster, self.clock)
        self.chat = FakeChat("召开党组会研究党建工作12次。")
        self.chief = Workspace(home, chat=self.chat, embedder=FakeEmbedder())
        self.app = make_shared("127.0.0.1", port, opening, self.chief, self.sessions, self.roster)

    def close(self) -> None:
        self.chief.close()
        self.roster.close()


@contextmanager
def opened(house: House) -> Iterator[Any]:
    """Yield a client without a browser; cookies are given request by request."""
    from starlette.testclient import TestClient

    client = TestClient(
        house.app, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=False
    )
    with client:
        yield client


def log_in(client: Any, name: str, password: str | None = None, **more: str) -> Any:
    client.cookies.clear()
    said = {"name": name, "password": SECRETS[name] if password is None else password, **more}
    return client.post("/login", data=said)


class Visitor:
    """Somebody with a page open: what their browser sends, without a browser."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.session = f"page-of-{name == ONE}"
        self.cookie = log_in(client, name).headers["set-cookie"].partition(";")[0]
        client.cookies.clear()
        page = self.get("/").text
        told = page.partition("window.gradio_config = ")[2].partition(";</script>")[0]
        self.config = json.loads(told)
        self._names = {c["id"]: c["props"].get("elem_id") for c in self.config["components"]}

    def get(self, path: str, **more: Any) -> Any:
        return self._client.get(path, headers={"cookie": self.cookie}, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self._client.post(path, headers={"cookie": self.cookie}, **more)

    def upload(self, name: str, data: bytes) -> str:
        answer = self.post("/gradio_api/upload", files={"files": (name, data)})
        assert answer.status_code == 200, answer.text
        return str(answer.json()[0])

    def ask(self, place: str, event: str, **values: Any) -> Any:
        """Send an event of a component with what the page holds; return the answer to sending."""
        number = next(
            fn["id"]
            for fn in self.config["dependencies"]
            if any(self._names.get(i) == place and e == event for i, e in fn["targets"])
        )
        given = self.config["dependencies"][number]["inputs"]
        said = {
            "data": [values.get(self._names[i] or "", "") for i in given],
            "event_data": values.get("event_data"),
            "fn_index": number,
            "trigger_id": None,
            "session_hash": self.session,
        }
        return self.post("/gradio_api/queue/join", json=said)

    def tell(self, place: str, event: str, **values: Any) -> str:
        """Send an event and return all the page is told until it is over."""
        answer = self.ask(place, event, **values)
        assert answer.status_code == 200, answer.text
        return self.hear()

    def hear(self, session: str = "") -> str:
        """Return what the stream of a page says, Chinese as it is."""
        stream = self.get(f"/gradio_api/queue/data?session_hash={session or self.session}")
        lines = [line[5:] for line in stream.text.splitlines() if line.startswith("data:")]
        said = [json.loads(line) for line in lines]
        assert all(one.get("success", True) for one in said), said
        return json.dumps(said, ensure_ascii=False)


def file_of(path: str) -> dict[str, Any]:
    """Return an uploaded file as a page names it."""
    return {"path": path, "orig_name": Path(path).name, "meta": {"_type": "gradio.FileData"}}
