"""Uploads: names that lead elsewhere, files that run in the browser, floods, slow and huge ones."""

import io
import threading
import time
import zipfile
from pathlib import Path

import pytest

from tests.attacks.target import Target

UPLOAD = "/gradio_api/upload"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


@pytest.mark.parametrize(
    "name",
    [
        *("../../../../tmp/owned.txt", "..\\..\\owned.txt", "/etc/cron.d/owned", "C:\\owned.txt"),
        *("a/../../owned.txt", "....//owned.txt", ".bashrc", "..", ".", "owned.txt\x00.docx"),
        *("%2e%2e%2fowned.txt", "nul", "con.txt", "a" * 300 + ".txt", "=1+1.csv", "\u202etxt.exe"),
    ],
)
def test_a_name_leads_nowhere(target: Target, name: str) -> None:
    """CVE-2024-0964 (GHSA-f3h9-8phc-6gvh), CVE-2023-41626 (see gradio-app/gradio#8337): uploads put
    where their name says."""
    answer = target.upload(name, b"x")
    assert answer.status_code in (200, 400, 413)
    cache = target.home / "cache"
    for path in answer.json() if answer.status_code == 200 else ():
        place = Path(path)
        assert cache.resolve() in place.resolve().parents
        assert len(place.relative_to(cache).parts) == 2
    assert not Path("/tmp/owned.txt").exists()  # noqa: S108 - that it was not written
    assert not any("owned" in path.name for path in target.home.glob("*"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.html", b"<script>alert(1)</script>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        *(
            ("x.js", b"alert(1)"),
            ("x.xml", b"<?xml-stylesheet href='x'?><a/>"),
            ("x.pdf", b"%PDF-1.4"),
        ),
    ],
)
def test_an_uploaded_page_is_never_run(target: Target, name: str, data: bytes) -> None:
    """CVE-2024-47872 (GHSA-gvv6-33j7-884g): scripts in uploaded HTML, JavaScript, SVG."""
    path = target.upload(name, data).json()[0]
    answer = target.http.get(f"/gradio_api/file={path}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "application/json",
        ),
        *(
            f"multipart/form-data; boundary={'a' * 5000}",
            "multipart/form-data; boundary=" + "-" * 90_000,
        ),
        *("multipart/form-data; boundary=a; x=" + 'b="' * 900, "multipart/mixed; boundary=a"),
    ],
)
def test_a_boundary_made_to_hurt_is_refused_at_once(target: Target, kind: str) -> None:
    """CVE-2024-8966 (GHSA-5cpq-9538-jm2j), CVE-2024-24762 (python-multipart, header options)."""
    began = time.monotonic()
    said = {"content-type": kind} if kind else {}
    body = b"--a\r\n" + b"\r\n" * 1000
    try:
        answer = target.http.post(UPLOAD, content=body, headers=said)
        assert answer.status_code == 400
    except OSError:
        pass  # a header too long to be read: the line is cut
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("filler", [b"\r\n", b"-", b"a", b"\x00"])
def test_a_body_of_nothing_but_filling_costs_little(target: Target, filler: bytes) -> None:
    """CVE-2024-53981 (GHSA-59g5-xgcq-4qw3): bytes before the first boundary and after the last."""
    began = time.monotonic()
    said = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    body = filler * (1_000_000 // len(filler)) + f"--{BOUNDARY}--\r\n".encode() + filler * 200_000
    assert target.http.post(UPLOAD, content=body, headers=said).status_code in (200, 400, 413)
    assert time.monotonic() - began < 10


def test_fields_without_a_file_are_bounded(target: Target) -> None:
    """CVE-2024-47874 (Starlette): form fields without a filename, kept in memory without limit."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="x"\r\n\r\n'.encode()
    said = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    body = part + b"a" * 8_000_000 + f"\r\n--{BOUNDARY}--\r\n".encode()
    assert target.http.post(UPLOAD, content=body, headers=said).status_code in (200, 400, 413)
    many = part.replace(b"\r\n\r\n", b"\r\n\r\n1\r\n") * 3000 + f"--{BOUNDARY}--\r\n".encode()
    assert target.http.post(UPLOAD, content=many, headers=said).status_code == 400


def test_a_form_without_a_file_name_and_paths_without_a_slash_end_in_no_error(
    target: Target,
) -> None:
    """Both ended as errors of the program when the requests were fuzzed; no id."""
    said = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n'
    body = f"{part}--{BOUNDARY}--\r\n".encode()
    assert target.http.post(UPLOAD, content=body, headers=said).status_code == 400
    for path in ("x", "*", "gradio_api/upload", "http:x"):
        line = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n\r\n"
        assert target.raw(line.encode(), 0.5).split(b" ", 2)[1] in (b"400", b"404", b"413")


def test_too_large_is_refused_before_it_is_read(target: Target) -> None:
    """Gradio reads a body whole before it counts; no id. Told by length, and in pieces without."""
    line = f"POST {UPLOAD} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n"
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    for length in ("999999999999", "1e9", "-1", "0x10", "9" * 400):
        got = target.raw(f"{line}{kind}Content-Length: {length}\r\n\r\n".encode(), 2)
        assert got.split(b" ", 2)[1] in (b"400", b"413")
    join = line.replace(UPLOAD, "/gradio_api/queue/join")
    piece = b"%x\r\n" % (1 << 20) + b" " * (1 << 20) + b"\r\n"
    got = target.raw(f"{join}Transfer-Encoding: chunked\r\n\r\n".encode() + piece * 10, 30)
    assert got.split(b" ", 2)[1] in (b"400", b"413")


def test_a_flood_of_headers_is_cut_off(target: Target) -> None:
    """No id; h11 reads at most 64 KB of a head."""
    line = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n".encode()
    for more in (b"X: " + b"a" * 300_000 + b"\r\n", b"X: a\r\n" * 30_000):
        assert target.raw(line + more + b"\r\n", 3)[:12] in (b"", b"HTTP/1.1 400")


def test_slow_bodies_and_many_lines_keep_nobody_waiting(target: Target) -> None:
    """A body that never ends, a head that never ends, streams of sessions that are none; no id."""
    head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n"
    sent = (head + "Content-Length: 100\r\n\r\n{").encode(), head.encode()
    lines = [threading.Thread(target=target.raw, args=(sent[n % 2], 2)) for n in range(40)]
    for line in lines:
        line.start()
    began = time.monotonic()
    assert target.http.get("/").status_code == 200
    assert time.monotonic() - began < 5
    for line in lines:
        line.join()


def test_a_flood_of_questions_about_uploads_is_bounded(target: Target) -> None:
    """Each unknown upload_id waits three seconds in Gradio; no id."""
    codes: list[int] = []

    def ask(number: int) -> None:
        answer = target.http.get(f"/gradio_api/upload_progress?upload_id=x{number}")
        codes.append(answer.status_code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(90)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {404, 503}


def test_a_bomb_in_a_zip_ends_as_a_message(target: Target) -> None:
    """A zip that unpacks to very much, uploaded as a report; no id."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", bytes(120 << 20))
    path = target.upload("全部.zip", made.getvalue()).json()[0]
    named = {"path": path, "orig_name": "全部.zip", "meta": {"_type": "gradio.FileData"}}
    said = target.outcome(
        target.event(target.functions("uploadbutton")[0], "uploadbutton", [named])
    )
    assert "process_completed" in said
    assert "Traceback" not in said
    assert "MemoryError" not in said
