"""Events that name files nobody uploaded, addresses, methods; and payloads made to hurt."""

import json
from typing import Any

import pytest

from tests.attacks.target import FILE, SECRET, Target
from tests.conftest import ROOT

REFUSED = "400 "


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "../../etc/passwd", str(ROOT / "pyproject.toml"), "/proc/self/environ"),
        *("https://example.com/x", "http://127.0.0.1:9/x", "http://169.254.169.254/latest/"),
        *("file:///etc/passwd", "\\\\evil.example\\share", "C:\\Windows\\win.ini", "/", "", "\x00"),
    ],
)
def test_an_event_names_no_file_but_an_uploaded_one(target: Target, path: str) -> None:
    """CVE-2024-1728 (GHSA-m842-4qm8-7gpq, UploadButton), CVE-2024-4941 (GHSA-6v6g-j5fq-hpvw),
    CVE-2024-51751 (File and UploadButton), and by address CVE-2024-4325 (GHSA-973g-55hp-3frw) and
    CVE-2024-47167 (GHSA-576c-3j53-r9jj, `async_save_url_to_cache`).

    It did get in here before there was a guard: mounted in another application, Gradio 6.31 does
    not ask whether a file was uploaded, and put /etc/passwd into its cache.
    """
    named: dict[str, Any] = {"path": path, "orig_name": "a.txt", "meta": FILE}
    for function in target.functions("uploadbutton"):
        for value in (named, [named], {"files": [named]}, [[named]], {**named, "is_stream": True}):
            assert target.outcome(target.event(function, "uploadbutton", value)).startswith(REFUSED)
        event = target.event(function, "uploadbutton", None)
        assert target.outcome({**event, "event_data": named}).startswith(REFUSED)


def test_the_second_wall_stands_without_the_first(target: Target) -> None:
    """The same behind the guard: Gradio itself asks whether the file was uploaded."""
    from gradio.context import LocalContext
    from gradio.exceptions import InvalidPathError
    from gradio.processing_utils import _check_allowed

    token = LocalContext.blocks.set(target.blocks())
    try:
        with pytest.raises(InvalidPathError):
            _check_allowed("/etc/passwd", check_in_upload_folder=True)
    finally:
        LocalContext.blocks.reset(token)


def test_an_uploaded_file_is_taken_only_as_it_was_told(target: Target) -> None:
    """A url beside the path (GHSA-3xvj-7669-6whx fetched such), another path, another kind."""
    path = target.upload("要点.txt", "1. 开展集中学习12次。\n".encode()).json()[0]
    function = target.functions("uploadbutton")[0]
    good = {"path": path, "orig_name": "要点.txt", "meta": FILE}
    for url in ("https://example.com/x", f"http://evil.example/gradio_api/file={path}", 7, "/"):
        event = target.event(function, "uploadbutton", [{**good, "url": url}])
        assert target.outcome(event).startswith(REFUSED)
    for bad in ({"path": f"{path}/../../x"}, {"path": [path]}, {"meta": {"_type": "gradio.X"}}):
        event = target.event(function, "uploadbutton", [{**good, **bad}])
        assert target.outcome(event).startswith(REFUSED)
    own = [{**good, "url": f"{target.url}/gradio_api/file={path}"}]
    assert '"success":true' in target.outcome(target.event(function, "uploadbutton", own))


@pytest.mark.parametrize("name", ["predict", "lambda", "run", "0", "load", "save_paste", "act"])
def test_no_program_calls_a_function_by_name(target: Target, name: str) -> None:
    """/run, /api and /call reach private functions by name or number (no id; `api_visibility` is
    private for all of ours), CVE-2025-48889 (GHSA-8jw3-6x8j-v96g) copies files through /run."""
    body = {"data": [{"path": "/etc/passwd", "meta": FILE}], "fn_index": 0, "session_hash": "abc"}
    for path in (f"run/{name}", f"api/{name}", f"call/{name}", f"call/v2/{name}", f"run/{name}/"):
        assert target.http.post(f"/gradio_api/{path}", json=body).status_code == 404
    assert target.http.get(f"/gradio_api/call/{name}/abc").status_code == 404


@pytest.mark.parametrize(
    "name", ["move_resource_to_block_cache", "postprocess", "ls", "get_config"]
)
def test_no_method_of_a_component_is_called(target: Target, name: str) -> None:
    """CVE-2024-1561 (GHSA-g9cj-cfpp-4g2x), CVE-2024-34511 (GHSA-34rf-p3r3-58x2)."""
    body = {"component_id": 1, "data": "/etc/passwd", "fn_name": name, "session_hash": "abc"}
    for path in (
        "/gradio_api/component_server",
        "/gradio_api/component_server/",
        "/component_server",
    ):
        assert target.http.post(path, json=body).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/monitoring"), ("GET", "/monitoring/summary"), ("GET", "/monitoring/x")),
        *(("GET", "/gradio_api/dev/reload"), ("POST", "/gradio_api/vibe-edit")),
        *(("GET", "/gradio_api/vibe-code"), ("POST", "/gradio_api/undo-vibe-edit/")),
        *(
            ("POST", "/gradio_api/process_recording"),
            ("GET", "/gradio_api/deep_link?session_hash=a"),
        ),
        *(
            ("GET", "/gradio_api/run-history/records"),
            ("GET", "/runs"),
            ("GET", "/gradio_api/token"),
        ),
        *(("GET", "/gradio_api/heartbeat/abc"), ("GET", "/gradio_api/startup-events")),
        *(("POST", "/login"), ("GET", "/logout"), ("GET", "/login/huggingface"), ("GET", "/user")),
        *(
            ("GET", "/gradio_api/stream/a/0/1/playlist.m3u8"),
            ("POST", "/gradio_api/stream/a/close"),
        ),
        *(("GET", "/gradio_api/profiling/traces"), ("POST", "/gradio_api/mcp/"), ("PUT", "/")),
        *(("GET", "/docs"), ("GET", "/openapi.json"), ("OPTIONS", "/gradio_api/queue/join")),
        *(("POST", "/gradio_api/reset"), ("DELETE", "/gradio_api/upload"), ("TRACE", "/")),
    ],
)
def test_what_the_page_does_not_use_is_not_there(target: Target, method: str, path: str) -> None:
    """CVE-2024-47168 (GHSA-hm3c-93pg-4cxw: monitoring although switched off), CVE-2026-27167 and
    CVE-2026-28415 (GHSA-pfjf-5gxr-995x: login by Hugging Face, its redirects), CVE-2024-47870
    (GHSA-xh2x-3mrm-fwqm: an address taken from requests); the rest as Gradio 6.31 offers it."""
    assert target.http.request(method, path, follow_redirects=False).status_code in (403, 404, 405)


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "data",
    [
        *(deep(50), deep(100_000), '[{"a":' * 30 + "1" + "}]" * 30, "[NaN]", "[1e400]", "[9e18]"),
        *('["\\ud800"]', '[{"\\udfff":1}]', '{"a":1}', '"x"', "[" + "1," * 30_000 + "1]", "[{}]"),
    ],
)
def test_payloads_made_to_hurt_are_refused(target: Target, data: str) -> None:
    """Deep and long JSON, half characters, numbers without bounds, objects where fields stand; no
    id."""
    body = f'{{"data":{data},"fn_index":0,"session_hash":"abc"}}'
    answer = target.http.post("/gradio_api/queue/join", content=body.encode("utf-8"))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        *({"session_hash": None}, {"session_hash": "a/../b"}, {"session_hash": "x" * 65}),
        {"fn_index": "0"},
        *({"fn_index": -1}, {"fn_index": True}, {"trigger_id": "x"}, {"simple_format": True}),
        *({"batched": True}, {"oauth_token": "x"}, {"request": {}}, {"username": "admin"}),
        *({"event_id": 7}, {"data": None}, {"batch_trigger_ids": [1]}),
    ],
)  # fmt: skip
def test_an_event_holds_what_the_page_sends_and_no_more(
    target: Target, change: dict[str, Any]
) -> None:
    """Fields of Gradio's own that a page never sends; no id."""
    body = {"data": [], "fn_index": 0, "session_hash": "abc", **change}
    assert target.join(body).status_code == 400


def test_a_function_that_is_not_there_is_refused_without_a_trace(target: Target) -> None:
    """Answers never hold a trace of the program, whatever is asked."""
    for number in (99_999, 2**52, 0):
        said = target.outcome({"data": [], "fn_index": number, "session_hash": "abcdef"})
        assert "Traceback" not in said
        assert SECRET not in said
        assert said.startswith(REFUSED) or not number
    for body in (b"", b"{", b"\xff\xfe", b"null", b"[]", json.dumps({"data": []}).encode()):
        answer = target.http.post("/gradio_api/queue/join", content=body)
        assert answer.status_code == 400
        assert "Traceback" not in answer.text
