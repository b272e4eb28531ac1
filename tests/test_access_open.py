"""How the page is opened to several people: streams, TLS, the command, one model for all."""

import asyncio
import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from drafter.__main__ import main
from drafter.access.front import LOOK_SECONDS, Front
from drafter.access.leftovers import clear
from drafter.access.opening import Opening
from drafter.access.rooms import Rooms
from drafter.access.roster import FILE, Roster, has_people
from drafter.access.sessions import Sessions
from drafter.engine import Engine
from drafter.errors import EngineError, InputError
from drafter.types import Settings
from drafter.workflow import Workspace
from tests.access_cases import CHEAP, GOOD, Clock
from tests.conftest import ROOT
from tests.fakes import FakeChat, FakeEmbedder


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Roster]:
    one = Roster(tmp_path, CHEAP)
    yield one
    one.close()


# streams


def test_an_open_stream_is_cut_when_its_session_ends(roster: Roster) -> None:
    """A page that still listens when its person logs out or is removed hears nothing more."""
    clock = Clock()
    sessions = Sessions(roster, clock)
    token = sessions.begin(roster.add("甲方", GOOD, 1.0))
    heard: list[bytes] = []
    over = asyncio.Event()

    async def room(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for what in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{what}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"before", "more_body": True})
        roster.remove("甲方", 2.0)
        await asyncio.sleep(LOOK_SECONDS + 0.1)
        await send({"type": "http.response.body", "body": b"after", "more_body": True})
        assert (await receive())["type"] == "http.disconnect"
        over.set()

    async def out(message: Any) -> None:
        heard.append(message.get("body", b""))

    async def nothing() -> Any:
        await asyncio.sleep(60)

    async def visit() -> None:
        front = Front(Rooms(lambda _: room), roster, sessions, secure=False)
        cookie = [(b"cookie", f"drafter={token}".encode())]
        scope = {"type": "http", "path": "/stream", "method": "GET", "headers": cookie}
        await front(scope, nothing, out)

    asyncio.run(visit())
    assert over.is_set()
    assert b"".join(heard) == b"before"


def test_under_tls_the_cookie_is_for_tls_only(roster: Roster) -> None:
    roster.add("甲方", GOOD, 1.0)
    told: list[Any] = []

    async def said() -> Any:
        body = urlencode({"name": "甲方", "password": GOOD}).encode()
        return {"type": "http.request", "body": body}

    async def out(message: Any) -> None:
        told.append(message)

    async def nowhere(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("logging in needs no page")

    rooms = Rooms(lambda _: nowhere)
    front = Front(rooms, roster, Sessions(roster, Clock()), secure=True)
    scope = {"type": "http", "path": "/login", "method": "POST", "headers": []}
    asyncio.run(front(scope, said, out))
    made = dict(told[0]["headers"])[b"set-cookie"].decode()
    assert made.startswith("__Host-drafter=")
    assert made.endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")


# opening


def test_opening_to_others_needs_somebody_with_a_password(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "localhost", "::1", "127.0.0.2"):
        Opening().check(host, tmp_path)
    for host in ("0.0.0.0", "::", "192.168.1.5", "office-pc"):  # noqa: S104
        with pytest.raises(InputError) as refused:
            Opening().check(host, tmp_path)
        assert "没有设用户和密码" in refused.value.message
        assert "user add" in refused.value.hint
    assert not (tmp_path / FILE).exists()
    roster = Roster(tmp_path, CHEAP)
    roster.add("甲方", GOOD, 1.0)
    Opening().check("0.0.0.0", tmp_path)  # noqa: S104
    roster.remove("甲方", 2.0)
    roster.close()
    assert not has_people(tmp_path)
    with pytest.raises(InputError):
        Opening().check("0.0.0.0", tmp_path)  # noqa: S104


def test_without_tls_others_are_warned_of() -> None:
    assert Opening().notes("127.0.0.1", 7860) == ""
    assert "警告：没有用 TLS" in Opening().notes("192.168.1.5", 7860)
    assert "警告" not in Opening(certificate=Path("c"), key=Path("k")).notes("192.168.1.5", 7860)


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    cases = (
        (Opening(certificate=bad), "要一起给"),
        (Opening(certificate=bad, key=bad), "证书用不了"),
        (Opening(certificate=tmp_path / "none", key=bad), "证书读不出来"),
    )
    for opening, said in cases:
        with pytest.raises(InputError, match=said):
            opening.check("127.0.0.1", tmp_path)


def test_the_page_says_so_in_one_line_and_does_not_start(own_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--no-browser", "--host", "0.0.0.0", "--port", "0"],  # noqa: S104
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("还没有设用户和密码")
    assert done.stderr.count("\n") == 1


# the command


def test_people_are_made_and_removed_by_command(
    own_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str, typed: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main(["user", *words])

    assert run("list") == 0
    assert "还没有用户" in capsys.readouterr().out
    assert run("add", "甲方", "--password-stdin", typed="short\n") == 1
    assert "密码太短" in capsys.readouterr().err
    assert run("add", "甲方") == 1  # no terminal to ask at
    assert "--password-stdin" in capsys.readouterr().err
    assert run("add", "甲方", "--password-stdin", typed=f"{GOOD}\n") == 0
    assert "管理员“甲方”" in capsys.readouterr().out
    assert run("password", "甲方", "--password-stdin", typed=f"{GOOD}新\n") == 0
    assert run("list") == 0
    assert "甲方\t管理员" in capsys.readouterr().out
    assert run("remove", "无此人") == 1
    assert "没有名为“无此人”的用户" in capsys.readouterr().err
    assert run("remove", "甲方") == 0
    assert str(own_home) in capsys.readouterr().out


# one model for all


def test_whoever_waits_for_the_model_can_stop_waiting() -> None:
    engine = Engine(lambda: Settings("", "auto", ""), FakeChat("好。"))
    stop = threading.Event()
    with engine.use():
        assert engine.busy
        stop.set()
        with pytest.raises(EngineError, match="已停止排队"), engine.use(stop):
            pass
    assert not engine.busy
    with engine.use(threading.Event()) as model:
        assert model.name


def test_others_use_the_owners_model_and_cannot_change_it(tmp_path: Path) -> None:
    chief = Workspace(tmp_path, chat=FakeChat("好。"), embedder=FakeEmbedder())
    desk = Workspace(tmp_path / "users" / "2", chief=chief)
    assert desk.embedder() is chief.embedder()
    desk.create_document("乙方的")
    assert chief.documents() == ()
    chief.save_settings(replace(chief.settings(), api_key="秘钥"))
    assert desk.settings() == replace(chief.settings(), api_key="")
    assert desk.engine_status() == chief.engine_status()
    with pytest.raises(InputError, match="统一设定"):
        desk.save_settings(desk.settings())
    desk.close()
    chief.close()


def test_one_who_leaves_takes_the_model_from_nobody(tmp_path: Path) -> None:
    chief = Workspace(tmp_path, chat=FakeChat("好。"), embedder=FakeEmbedder())
    desk = Workspace(tmp_path / "users" / "2", chief=chief)
    desk.stop_preparing()
    desk.close()
    assert chief.engine_status().state == "ready"
    chief.close()


# what passed through


def test_leftovers_go_and_links_are_not_followed(tmp_path: Path) -> None:
    cache, outside = tmp_path / "cache", tmp_path / "kept.txt"
    outside.write_text("kept")
    (cache / "exports" / "1").mkdir(parents=True)
    (cache / "exports" / "1" / "报告.docx").write_bytes(b"x")
    (cache / "link").symlink_to(outside)
    (cache / "folder").symlink_to(tmp_path, target_is_directory=True)
    assert clear(cache, older_than=3600) == 0
    assert clear(cache) == 3
    assert list(cache.iterdir()) == []
    assert outside.read_text() == "kept"
    assert clear(tmp_path / "none") == 0
