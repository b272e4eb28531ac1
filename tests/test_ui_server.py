"""The page as others might reach for it: other hosts, other files, a port that is taken."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Answer requests as the server does; lifespan is not entered, so nothing is downloaded."""
    from starlette.testclient import TestClient

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAFTER_HOME", str(tmp_path_factory.mktemp("home") / "拟稿 台"))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("GRADIO_TEMP_DIR", "")  # set by make_app; put back afterwards
        from drafter.ui.server import make_app

        yield TestClient(make_app("127.0.0.1", 7860), base_url="http://127.0.0.1:7860")


def test_the_page_is_chinese_and_asks_nobody_else(client: Any) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text
    assert "拟稿台" in page.text
    for place in ("fonts.googleapis", "fonts.gstatic", "cdn.jsdelivr", "cdnjs.cloudflare"):
        assert place not in page.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_a_forged_host_is_turned_away(client: Any, host: str) -> None:
    for path in ("/", "/config", "/gradio_api/info"):
        assert client.get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=" + str(ROOT / "pyproject.toml"),
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=https://example.com/",
        "/static/../../../../etc/passwd",
        "/gradio_api/proxy=https://example.com/",
    ],
)
def test_files_and_addresses_outside_are_not_served(client: Any, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code in (302, 400, 403, 404, 405)
    assert answer.status_code != 302 or "example.com" not in answer.headers["location"]
    assert "root:" not in answer.text
    assert "[project]" not in answer.text


def test_another_site_changes_nothing_here(client: Any) -> None:
    for said in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for path in ("queue/join", "upload", "cancel"):
            assert client.post(f"/gradio_api/{path}", headers=said, json={}).status_code == 403


def test_drafts_are_not_served(client: Any) -> None:
    from index.home import home

    answer = client.get(f"/gradio_api/file={home() / 'drafts.db'}")
    assert answer.status_code in (403, 404)


def test_scripts_are_kept_by_browsers_and_the_page_is_not(client: Any) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "no-store"
    found = re.findall(r"/assets/[\w.-]+\.(?:js|css)", page.text)
    assert found
    for path in found:
        assert "immutable" in client.get(path).headers["cache-control"]
    missing = client.get("/assets/gone-12345678.js")
    assert missing.status_code == 404 and "cache-control" not in missing.headers


def test_no_endpoint_is_offered_to_programs(client: Any) -> None:
    assert client.get("/gradio_api/info").status_code == 404
    assert client.get("/docs").status_code == 404 or "swagger" not in client.get("/docs").text


def test_a_taken_port_is_one_line_with_the_next_step(own_home: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "app.py", "--no-browser", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert f"--port {port + 1}" in done.stderr


def test_help_is_chinese() -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "启动拟稿台" in done.stdout
