"""Other sites and other sessions: forged Host and Origin, guessed names, others' answers."""

import secrets

import pytest

from tests.attacks.target import SECRET, Target

JOIN = "/gradio_api/queue/join"
EVENT = {"data": [], "fn_index": 0, "session_hash": "abc"}


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "0.0.0.0:{port}"),
        *(
            "localhost.evil.example",
            "127.0.0.1@evil.example",
            "127.0.0.1:{port}/x",
            "[::ffff:1.2.3.4]",
        ),
        *("127.0.0.1 evil.example", "", "2130706433", "127.1", "LOCALHOST.", "127.0.0.1:80:80"),
    ],
)
def test_a_forged_host_is_turned_away(target: Target, host: str) -> None:
    """gradio-app/gradio#13594 (a forged Host switched the check of origins off), DNS rebinding."""
    said = host.format(port=target.port)
    for path in ("/", JOIN, "/theme.css", "/assets/x.js"):
        line = f"GET {path} HTTP/1.1\r\nHost: {said}\r\nConnection: close\r\n\r\n"
        assert target.raw(line.encode()).split(b" ", 2)[1] == b"400"


def test_two_hosts_and_forwarded_ones_are_not_believed(target: Target) -> None:
    """CVE-2024-47870 (GHSA-xh2x-3mrm-fwqm) and X-Forwarded-Host: addresses taken from requests."""
    line = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nHost: evil.example\r\n\r\n"
    assert target.raw(line.encode(), 2).split(b" ", 2)[1] == b"400"
    forged = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.example",
    }
    assert "evil.example" not in target.http.get("/", headers=forged).text
    assert (
        "evil.example"
        not in target.http.get("/", headers={"x-direct-url": "http://evil.example"}).text
    )


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "null", "http://localhost:{other}", "http://127.0.0.1:{other}"),
        *(
            "https://127.0.0.1:{port}",
            "http://localhost:{port}",
            "file://",
            "http://127.0.0.1:{port}.evil.example",
        ),
        *("http://127.0.0.1:{port}@evil.example", "", "chrome-extension://abc"),
    ],
)
def test_another_site_can_neither_read_nor_change(target: Target, origin: str) -> None:
    """CVE-2024-47165 (GHSA-89v2-pqfv-c5r9: origin null), CVE-2024-47084 (GHSA-3c67-5hwx-f6wx: no
    check with a cookie), CVE-2024-1727 (GHSA-48cq-79qq-6f7x: uploads from other sites)."""
    said = {"origin": origin.format(port=target.port, other=target.port + 1), "cookie": "a=b"}
    answers = [
        target.http.post(JOIN, json=EVENT, headers=said),
        target.upload("a.txt", b"x", headers=said),
        target.http.get("/gradio_api/queue/data?session_hash=abc", headers=said),
        target.http.options(JOIN, headers={**said, "access-control-request-method": "POST"}),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def test_a_page_elsewhere_cannot_have_the_browser_ask(target: Target) -> None:
    """Fetch metadata where no Origin is sent: pictures, scripts, frames of other sites; no id."""
    for site in ("cross-site", "same-site"):
        for path in ("/", "/theme.css", "/gradio_api/queue/data?session_hash=abc"):
            for mode in ("no-cors", "cors"):
                said = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": "script"}
                assert target.http.get(path, headers=said).status_code == 403
    assert target.http.get("/").headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("session", ["abc", "00000000000", "a" * 64])
def test_a_guessed_session_hears_nothing(target: Target, session: str) -> None:
    """Listening to another page's answers by its session's name; 11 letters and digits drawn by the
    browser (57 bits). No id."""
    line = f"GET /gradio_api/queue/data?session_hash={session} HTTP/1.1\r\n"
    said = target.raw(f"{line}Host: 127.0.0.1:{target.port}\r\n\r\n".encode())
    assert SECRET.encode() not in said
    assert b"session_not_found" in said
    assert not said.endswith(b"0\r\n\r\n")  # broken off: the page's script must not ask at once


def test_sessions_and_uploads_have_plain_names(target: Target) -> None:
    """Names that are paths, lists, or twice in a query; no id."""
    for path in ("queue/data?session_hash=", "upload_progress?upload_id="):
        for name in ("../../x", "a%00b", "x" * 100, "a&session_hash=b&upload_id=c", "%F0%9F%98%80"):
            assert target.http.get(f"/gradio_api/{path}{name}").status_code == 400


def test_nobody_stops_anothers_event(target: Target) -> None:
    """/cancel and /reset take any event by its id; no id of an advisory."""
    event = {"session_hash": "abc", "fn_index": 0, "event_id": secrets.token_hex(16)}
    assert target.http.post("/gradio_api/cancel", json=event).status_code == 404
    assert target.http.post("/gradio_api/reset", json=event).status_code == 404


def test_no_redirect_leads_elsewhere(target: Target) -> None:
    """CVE-2024-4940 (GHSA-g6c9-f4xm-9j4x), CVE-2024-8021 (GHSA-7v2w-h4gh-w5cv): open redirects by
    addresses with two slashes and the like."""
    for path in (
        "//evil.example",
        "///evil.example/..",
        "/%2F%2Fevil.example",
        "/\\evil.example",
        "/?next=//evil.example",
        "/?__sign=x&redirect=https://evil.example",
    ):
        line = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nConnection: close\r\n\r\n"
        head = target.raw(line.encode()).split(b"\r\n\r\n")[0].lower()
        assert b"location:" not in head
        assert b"evil.example" not in head


def test_no_cookie_is_set_by_what_is_asked(target: Target) -> None:
    """CVE-2026-48545 (GHSA-7hp7-4p35-3cx2: cookies put in by a request)."""
    for path in (
        "/?access-token=x%0d%0aSet-Cookie:a=b",
        "/theme.css?x=%0aSet-Cookie:a=b",
        "/%0d%0aSet-Cookie:a=b",
    ):
        assert (
            "set-cookie" not in target.http.get(path, headers={"cookie": "_gradio_oauth=x"}).headers
        )


def test_no_websocket_is_opened(target: Target) -> None:
    """The page uses none; another site's would carry no origin check of Gradio's. No id."""
    line = (
        f"GET /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert b" 101 " not in target.raw(line.encode(), 0.5)[:20]
