"""Text to runs of WordprocessingML: what is set in the Chinese font, and in which character style.

Source of the elements: ISO/IEC 29500-1, 17.3.2 (runs), 17.3.2.26 (rFonts and its hint).
"""

import re
from collections.abc import Iterator
from html import escape

# Marks both Chinese and Latin: without a hint Word sets them in the Latin font, half as wide. They
# get runs of their own, because the hint would also let numbers break at the end of a line. An
# apostrophe between letters is Latin and stays with them.
_AMBIGUOUS = re.compile("((?:(?<![A-Za-z])’|’(?![A-Za-z])|[“”‘…—·×±°℃§№①-⑳Ⅰ-Ⅻ])+)")


def runs_xml(text: str, style: str = "", deleted: bool = False) -> str:
    """Return the runs of a stretch of text; `style` is the id of a character style.

    Deleted text of a tracked change stands in `w:delText` instead of `w:t`.
    """
    made = []
    for piece, hinted in pieces(text):
        properties = f'<w:rStyle w:val="{style}"/>' if style else ""
        if hinted:
            properties += '<w:rFonts w:hint="eastAsia"/>'
        if properties:
            properties = f"<w:rPr>{properties}</w:rPr>"
        made.append(f"<w:r>{properties}{_content(piece, 'delText' if deleted else 't')}</w:r>")
    return "".join(made)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (piece, whether it needs the hint that it is Chinese), which join to `text`."""
    for place, piece in enumerate(_AMBIGUOUS.split(text)):
        if piece:
            yield piece, place % 2 == 1


def _content(text: str, tag: str) -> str:
    parts = []
    for part in re.split("(\t)", text):
        if part == "\t":
            parts.append("<w:tab/>")
        elif part:
            parts.append(f'<w:{tag} xml:space="preserve">{escape(part, quote=False)}</w:{tag}>')
    return "".join(parts)
