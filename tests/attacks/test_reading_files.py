"""Reading files of the computer through the addresses that serve files."""

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks.target import SECRET, Target
from tests.conftest import ROOT

API = "/gradio_api"
DOORS = (f"{API}/file=", f"{API}/file/", "/file=", "/file/")
# How an attacker writes a path: as it is, from the root again, upward, encoded once and twice, with
# an end of text in it, as Windows does (CVE-2026-28414), in other letters (CVE-2025-23042).
WAYS = (
    *("/etc/passwd", "//etc/passwd", "/./etc/passwd", "etc/passwd", "../../../../../etc/passwd"),
    *("..%2f..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "%252fetc%252fpasswd"),
    *("/etc/passwd%00.docx", "/etc/passwd%0d%0aX: 1", "/proc/self/environ", "/dev/stdin"),
    *("C:/Windows/win.ini", "C:%5CWindows%5Cwin.ini", "%5CWindows%5Cwin.ini", "/windows/win.ini"),
    *("%5C%5Cevil.example%5Cshare%5Cx", "file:///etc/passwd", "/ETC/PASSWD", "~/.bashrc"),
)


def seen(target: Target, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = target.http.request(method, path, follow_redirects=False)
        assert answer.status_code in (400, 403, 404, 405), path
        assert "root:" not in answer.text


@pytest.mark.parametrize("door", DOORS)
def test_no_path_reads_a_file_of_the_computer(target: Target, door: str) -> None:
    """CVE-2023-51449 (GHSA-6qm2-wpxq-7qh2), CVE-2021-43831 (GHSA-rhq2-3vr9-6mcr), CVE-2024-0964
    (GHSA-f3h9-8phc-6gvh), CVE-2024-34510 (a \\\\server path), CVE-2024-47164 (GHSA-77xq-6g77-h274:
    `is_in_or_equal` fooled by ..)."""
    for way in WAYS:
        seen(target, door + way)


def test_no_file_of_the_program_or_of_the_person_is_served(target: Target) -> None:
    """CVE-2023-6572 (GHSA-gqvf-3hgp-5hxv); the working folder was once open by default."""
    files = (ROOT / "pyproject.toml", ROOT / ".git" / "config", Path(__file__))
    for file in (*files, *target.home.glob("*"), target.home / "backups"):
        seen(target, f"{API}/file={quote(str(file))}")
        seen(target, f"{API}/file={quote(str(target.home / 'cache'))}/../{quote(file.name)}")


def test_no_link_nor_hidden_file_in_the_cache_leads_out(target: Target) -> None:
    """Symbolic links and dotfiles under an allowed folder; no id, the guide on file access warns of
    both."""
    cache = target.home / "cache"
    (cache / "link.txt").symlink_to("/etc/passwd")
    (cache / "folder").symlink_to("/etc")
    (cache / ".env").write_text("x", encoding="utf-8")
    try:
        for name in ("link.txt", "folder/passwd", ".env", "exports/../link.txt", "exports", ""):
            seen(target, f"{API}/file={quote(str(cache / name))}")
    finally:
        for name in ("link.txt", "folder", ".env"):
            (cache / name).unlink()


@pytest.mark.parametrize(
    "address",
    [
        *("https://example.com/x", "http://127.0.0.1:22/", "http://169.254.169.254/latest/"),
        *("//example.com/x", "http:example.com", "ftp://example.com/", "https:%2F%2Fexample.com"),
    ],
)
def test_no_address_is_fetched_or_redirected_to(target: Target, address: str) -> None:
    """gradio-app/gradio#13593 and #13608 (redirect, then fetch, by /file=), CVE-2024-2206
    (GHSA-r364-m2j9-mf4h) and CVE-2026-28416 (GHSA-jmh7-g254-2cq9) by /proxy=, CVE-2024-1183
    (GHSA-qh6x-j82h-vpf9). That nothing went out is asserted by the fixture."""
    for door in (*DOORS, f"{API}/proxy=", "/proxy=", f"{API}/proxy/"):
        answer = target.http.get(door + address, follow_redirects=False)
        assert answer.status_code in (400, 403, 404)
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd"),
        *("/assets/../../../routes.py", "/assets/%2e%2e/%2e%2e/%2e%2e/routes.py"),
        "/assets//etc/passwd",
        *("/static/%5C..%5C..%5Cx", "/svelte/../../../routes.py", "/static/C:/Windows/win.ini"),
        f"{API}/custom_component/1/server/component/../../../etc/passwd",
        f"{API}/custom_component/1/client/component/..%2f..%2fetc%2fpasswd",
        "/pwa_icon/1", "/manifest.json", "/theme.css/../../etc/passwd",
    ],
)  # fmt: skip
def test_assets_and_custom_components_serve_nothing_else(target: Target, path: str) -> None:
    """CVE-2024-47166 (GHSA-37qc-qgx6-9xjv: one level up through /custom_component)."""
    line = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nConnection: close\r\n\r\n"
    got = target.raw(line.encode())
    assert got.split(b" ", 2)[1] in (b"400", b"403", b"404"), got[:100]
    assert b"root:" not in got
    assert b"def " not in got


def test_the_page_and_its_style_tell_nothing_of_the_work(target: Target) -> None:
    """/config, /info and /theme.css once told more than the page needs; no id."""
    for path in ("/config", f"{API}/info", f"{API}/openapi.json", "/robots.txt", f"{API}/app_id"):
        assert target.http.get(path).status_code == 404
    for path in ("/", "/theme.css", "/?doc=1&__theme=dark"):
        said = target.http.get(path).text
        for word in (SECRET, "机密稿", str(target.home), str(ROOT)):
            assert word not in said
