"""Plain text and Markdown of a draft, both UTF-8."""

import re

from drafter.export.layout import paragraphs
from drafter.types import Draft

# Marks that Markdown would read anywhere in a line, and those it reads at the start of one.
_INLINE = re.compile(r"([\\`*_\[\]<>~|&])")
_HEADINGS = {"title": "# ", "heading1": "## ", "heading2": "### "}
_OPENING = re.compile(r"^([#+\-=>]|\d+(?=[.)]))")


def to_txt(draft: Draft) -> bytes:
    """Return the draft as text: title, numbered headings, paragraphs indented by two characters."""
    lines: list[str] = []
    for paragraph in paragraphs(draft):
        if paragraph.kind == "title":
            lines += [paragraph.full, ""]
        else:
            # A salutation stands at the left edge (GB/T 9704-2012, 7.3.2).
            indent = "" if paragraph.kind == "salutation" else "\u3000\u3000"
            lines.append(f"{indent}{paragraph.full}")
    return _encoded("\n".join(lines))


def to_md(draft: Draft) -> bytes:
    """Return the draft as Markdown; what Markdown would take for markup is escaped."""
    blocks = [
        f"{_HEADINGS.get(p.kind, '')}{p.number}{_escaped(p.text, p.kind not in _HEADINGS)}"
        for p in paragraphs(draft)
    ]
    return _encoded("\n\n".join(blocks))


def _escaped(text: str, at_line_start: bool) -> str:
    text = _INLINE.sub(r"\\\1", text)
    if not at_line_start:
        return text
    # "1." opens a list: the full stop is what must be escaped, not the digit.
    return _OPENING.sub(lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", text)


def _encoded(text: str) -> bytes:
    return f"{text}\n".encode() if text else b""
