"""Text with marks in it: what changed between two texts, what two texts share, what was found."""

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from drafter.types import Finding
from drafter.ui.text import esc

# Equal runs shorter than this inside a change are shown as changed: shreds are hard to read.
SHRED = 2
# A run this long that an exemplar shares with the text is worth seeing.
SHARED_RUN = 8


def diff(old: str, new: str) -> list[tuple[str, str]]:
    """Return (kind, text) pieces leading from `old` to `new`; kind is "=", "-" or "+".

    Joining "=" and "-" gives `old`, joining "=" and "+" gives `new`.
    """
    pieces: list[tuple[str, str]] = []
    removed = added = ""
    for op in Indel.opcodes(old, new):
        gone, come = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        shred = op.tag == "equal" and len(gone) < SHRED and bool(removed or added)
        if op.tag != "equal" or shred:
            removed += gone
            added += come
            continue
        pieces += _change(removed, added)
        removed = added = ""
        pieces.append(("=", gone))
    return pieces + _change(removed, added)


def _change(removed: str, added: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in (("-", removed), ("+", added)) if text]


def diff_html(old: str, new: str) -> str:
    """Return `new` with what it adds marked, and what it leaves out struck through."""
    tags = {"=": "{}", "-": "<del>{}</del>", "+": "<ins>{}</ins>"}
    return "".join(tags[kind].format(esc(text)) for kind, text in diff(old, new))


def growing_html(old: str, new: str) -> str:
    """Return an unfinished `new` with what `old` does not have marked; nothing is struck yet."""
    if not old:
        return esc(new)
    tags = {"=": "{}", "+": "<ins>{}</ins>", "-": ""}
    return "".join(tags[kind].format(esc(text)) for kind, text in diff(old, new))


def shared_html(text: str, other: str) -> str:
    """Return `text` with runs of eight characters and more that `other` has as well marked."""
    runs = {other[i : i + SHARED_RUN] for i in range(len(other) - SHARED_RUN + 1)}
    shared = [False] * len(text)
    for start in range(len(text) - SHARED_RUN + 1):
        if text[start : start + SHARED_RUN] in runs:
            shared[start : start + SHARED_RUN] = [True] * SHARED_RUN
    parts: list[str] = []
    inside = False
    for char, mark in zip(text, shared, strict=True):
        if mark != inside:
            parts.append("<mark>" if mark else "</mark>")
            inside = mark
        parts.append("<br>" if char == "\n" else esc(char))
    return "".join(parts) + ("</mark>" if inside else "")


def found_html(text: str, findings: Sequence[Finding]) -> str:
    """Return `text` with the spans of findings underlined; where two overlap the first one wins."""
    spans = [
        (*finding.span, finding)
        for finding in findings
        if finding.span and 0 <= finding.span[0] < finding.span[1] <= len(text)
    ]
    spans.sort(key=lambda span: span[:2])
    parts: list[str] = []
    position = 0
    for start, end, finding in spans:
        if start < position:
            continue
        parts.append(esc(text[position:start]))
        parts.append(
            f'<u class="found {finding.severity}" title="{esc(finding.message)}">'
            f"{esc(text[start:end])}</u>"
        )
        position = end
    parts.append(esc(text[position:]))
    return "".join(parts).replace("\n", "<br>")
