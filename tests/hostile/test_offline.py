"""The offline check: which connections there are, whose they are, and what is said of them."""

import socket
import sys
import threading
from pathlib import Path

import pytest

from drafter.offline import ModelLook, OfflineLook, hash_models, look
from drafter.sockets import Socket, is_own, sockets
from drafter.types import Settings
from drafter.ui.offline_view import offline_html, sentence
from index.embed import default_weights

HERE = Settings("qwen2.5-coder-1.5b", "auto", "")
HEAD = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode"
)
# Of each socket: local, remote, state, inode; 127.0.0.1:7860 listening, a browser here, another
# machine's browser, a model server elsewhere, and one of another process.
ROWS = (
    ("0100007F:1EB4", "00000000:0000", "0A", 11),
    ("0100007F:1EB4", "0100007F:D431", "01", 12),
    ("0A01A8C0:1EB4", "1401A8C0:D431", "01", 13),
    ("0A01A8C0:E000", "08080808:01BB", "01", 14),
    ("0A01A8C0:E001", "08080808:01BB", "01", 99),
)


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "fd").mkdir()
    (tmp_path / "net").mkdir()
    for inode in (11, 12, 13, 14):
        (tmp_path / "fd" / str(inode)).symlink_to(f"socket:[{inode}]")
    lines = [
        f"   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  0 0 {inode} 1"
        for local, remote, state, inode in ROWS
    ]
    (tmp_path / "net" / "tcp").write_text("\n".join([HEAD, *lines]) + "\n")
    return tmp_path


def test_each_socket_is_named_for_what_it_is(proc: Path) -> None:
    found = sockets(proc)
    assert found is not None
    assert [one.where for one in found] == ["listening", "loopback", "incoming", "outward"]
    assert (found[3].remote, found[3].remote_port) == ("8.8.8.8", 443)
    assert not found[0].open_to_others


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lists them")
def test_a_real_listener_and_its_guest_are_found() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            found = [one for one in sockets() or () if port in (one.local_port, one.remote_port)]
    assert {one.where for one in found} == {"listening", "loopback"}


def test_a_system_that_does_not_tell_is_said_to_do_so(tmp_path: Path) -> None:
    assert sockets(tmp_path / "none") is None
    said, good = sentence(seen(None))
    assert "看不到" in said
    assert not good


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_addresses_of_this_machine(address: str) -> None:
    assert is_own(address)
    assert not is_own("::ffff:10.0.0.1")


def seen(found: tuple[Socket, ...] | None, server: str = "") -> OfflineLook:
    models = (ModelLook("m", "m.gguf", 1 << 20, False, "0" * 64),)
    return OfflineLook(found, models, ("仿宋",), ("小标宋",), server, (("统计", True),), ())


def test_one_plain_sentence(proc: Path) -> None:
    found = sockets(proc) or ()
    assert sentence(seen(found)) == ("有 1 处对外连接：8.8.8.8:443。", False)
    assert sentence(seen(found[:2]))[0].startswith("没有对外连接")
    assert "1 台电脑" in sentence(seen(found[:3]))[0]
    assert "写作时会连到" in sentence(seen(found[:2], "http://10.1.2.3:8000/v1"))[0]
    assert sentence(seen(found[:2], "http://127.0.0.1:8000/v1"))[1]


def test_the_page_says_what_is_wrong_and_escapes_what_it_shows(proc: Path) -> None:
    html = offline_html(seen(sockets(proc), "http://<script>"))
    assert "<script>" not in html
    assert "不一致" in html
    assert "小标宋" in html


def test_hashes_are_kept_until_the_file_changes(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_MODELS", str(tmp_path))
    weights = default_weights()
    file = tmp_path / weights.file
    file.write_bytes(b"not the model" * 1000)
    told: list[tuple[str, int, int]] = []

    def on_hash(name: str, done: int, size: int) -> None:
        told.append((name, done, size))

    assert [one.sound for one in look(HERE).models] == [None]
    hash_models(on_hash, threading.Event())
    assert told[-1][1] == told[-1][2] == file.stat().st_size
    assert [one.sound for one in look(HERE).models] == [False]
    count = len(told)
    hash_models(on_hash, threading.Event())
    assert len(told) == count
    file.write_bytes(b"changed")
    assert [one.sound for one in look(HERE).models] == [None]


def test_looking_opens_no_connection() -> None:
    before = {(one.local_port, one.remote_port) for one in sockets() or ()}
    look(HERE)
    assert {(one.local_port, one.remote_port) for one in sockets() or ()} <= before
