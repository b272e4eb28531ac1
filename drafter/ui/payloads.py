"""What the page may tell the server: events as Gradio's page sends them, no file but uploaded ones.

A payload names a file by an object with a path; Gradio would read any such path, or fetch it where
it is an address (CVE-2024-1728, CVE-2024-4325, CVE-2024-4941, CVE-2024-47167).
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

# What names a session or an upload: Gradio's page takes eleven letters and digits, `access` puts
# the number of a person before an upload's.
NAME = re.compile(r"[\w-]{1,64}", re.ASCII)
_FIELDS = frozenset(
    ("data", "event_data", "fn_index", "trigger_id", "session_hash", "event_id", "simple_format")
)
_FILE_FIELDS = frozenset(("path", "url", "orig_name", "size", "mime_type", "is_stream", "meta"))
_MARKS = frozenset(("path", "url", "meta", "is_stream"))  # any of them may make an object a file
_META = {"_type": "gradio.FileData"}
MOST_DEPTH = 12  # the page's own payloads are 4 deep
MOST_VALUES = 20_000
_IsUploaded = Callable[[str], bool]


def is_event(body: bytes, host: str, functions: Collection[int], is_uploaded: _IsUploaded) -> bool:
    """Say whether a body is an event of the page: one of its `functions`, and sound data.

    `host` is what the request's Host says, the only place a file's address may name.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or not said.keys() <= _FIELDS or said.get("simple_format"):
        return False
    session, number = said.get("session_hash"), said.get("fn_index")
    if not (isinstance(session, str) and NAME.fullmatch(session)):
        return False
    if type(number) is not int or number not in functions or not isinstance(said.get("data"), list):
        return False
    if type(said.get("trigger_id")) not in (int, type(None)):
        return False
    if not isinstance(said.get("event_id", ""), str | None):
        return False
    return _is_plain(said["data"], host, is_uploaded, False) and _is_plain(
        said.get("event_data"), host, is_uploaded, True
    )


def _is_plain(said: Any, host: str, is_uploaded: _IsUploaded, is_told: bool) -> bool:  # noqa: ANN401 - JSON
    """Say whether JSON is small and flat, of sound text, with no file but uploaded ones.

    `is_told`: it is what a panel tells, which may hold words by name; fields hold none such.
    """
    for count, (value, depth) in enumerate(_walk(said)):
        if depth > MOST_DEPTH or count > MOST_VALUES or not _is_sound(value):
            return False
        if not isinstance(value, dict) or value == _META:
            continue
        if value.keys() & _MARKS:
            if not (is_uploaded(str(value.get("path"))) and _is_file(value, host)):
                return False
        elif not is_told:
            return False
    return True


def _is_file(value: Mapping[str, Any], host: str) -> bool:
    """Say whether an object is a file as the page names one, with no other address than ours."""
    url, meta = value.get("url"), value.get("meta")
    if not value.keys() <= _FILE_FIELDS or value.get("is_stream") or meta not in (None, _META):
        return False
    if not isinstance(value.get("path"), str):
        return False
    if url is None:
        return True
    try:
        parts = urlsplit(url)
    except (ValueError, AttributeError, TypeError):
        return False
    return bool(parts.netloc == host) and parts.path.startswith("/gradio_api/file=")


def _walk(said: Any) -> Iterator[tuple[Any, int]]:  # noqa: ANN401 - JSON
    """Yield every value of JSON with its depth; keys as values too; nothing below a file's."""
    left = [(said, 0)]
    while left:
        value, depth = left.pop()
        yield value, depth
        if isinstance(value, dict):
            left += [(key, depth + 1) for key in value]
            left += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list):
            left += [(one, depth + 1) for one in value]


def _is_sound(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Say whether a value can be stored: no half of a character, no number out of all bounds."""
    if isinstance(value, str):
        return not any("\ud800" <= c <= "\udfff" for c in value) if not value.isascii() else True
    return not isinstance(value, int | float) or abs(value) < 2**53
