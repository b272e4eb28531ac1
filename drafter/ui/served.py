"""The document put into the page as it is served, so that nothing is set after it has opened.

Gradio's page opens empty and asks for its texts: for a long report 250 values set one by one, each
sought in the whole page, and a save asked for by every editor that is given its text. A page that
is served with its texts has them as it opens, and asks only for what goes with it (`Desk.open`).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from drafter.ui.choices import Choices
from drafter.ui.desk import Desk
from drafter.ui.parts import ASSETS
from drafter.ui.wiring import Board, Told, Updates, shown

# Told by the load event: an accordion that opens shut has no text box in it yet.
_LATER = frozenset(("paste_box",))

_PUT = (ASSETS / "served.js").read_text(encoding="utf-8").strip()


class Served:
    """Knows what a page that is about to be served shows."""

    def __init__(self, board: Board, desk: Desk, choices: Choices) -> None:
        self._parts = board.parts
        self._desk = desk
        self._choices = choices

    def script(self, query: str) -> str:
        """Return the script that puts the document asked for into the page.

        "" where the page has to ask for it: there is none yet, it is being written in (only an open
        page can look on), or it cannot be read (what went wrong is told on the page).
        """
        asked = parse_qs(query).get("doc", [""])[0]
        held = _held(shown(self._holds)(asked))
        doc = held.get("doc_id", "")
        if not doc or self._desk.running(int(doc)):
            return ""
        props = {
            self._parts[name]._id: _props(value)
            for name, value in held.items()
            if name not in _LATER
        }
        said = json.dumps({"doc": doc, "props": props}, ensure_ascii=False)
        for sign in "<>&\u2028\u2029":
            said = said.replace(sign, f"\\u{ord(sign):04x}")
        return f"<script>\n{_PUT}({said});\n</script>"

    def _holds(self, asked: str) -> Updates:
        doc = self._desk.asked(asked)
        if doc is None:
            return {}
        return {**self._desk.shows(doc), **self._choices.standing(Told())}


def _held(answers: Iterator[Updates]) -> Mapping[str, Any]:
    return next(answers, {})


def _props(value: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a component holds
    """Return what an answer of a handler sets of a component."""
    if isinstance(value, dict):
        return {name: said for name, said in value.items() if name != "__type__"}
    return {"value": value}
