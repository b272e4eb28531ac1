"""Paragraphs to `word/document.xml`: styles, the title's line break, signature and date in place.

What belongs to a kind of paragraph is in its style; only what depends on the text itself is set on
the paragraph.
"""

from collections.abc import Sequence

from drafter.export.layout import Kind, Paragraph
from drafter.export.profile import PageProfile
from drafter.export.runs import runs_xml
from drafter.export.styles import OWN_STYLES, W_NAMESPACE, XML_HEAD, StyleIds
from drafter.export.title import title_room, width

# ISO/IEC 29500-1, 17.9.18: a numId of 0 takes the style's numbering from a paragraph.
_NO_NUMBER = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document_xml(body: str, section: str) -> str:
    """Return the document part around paragraphs and `w:sectPr`."""
    return (
        f'{XML_HEAD}<w:document xmlns:w="{W_NAMESPACE}" xmlns:r="{_R}"><w:body>{body}{section}'
        "</w:body></w:document>"
    )


def paragraph_xml(paragraph: Paragraph, properties: str, styles: StyleIds = OWN_STYLES) -> str:
    """Return one paragraph; `properties` is what `layout_of` gave for it."""
    full, lead = paragraph.full, paragraph.lead
    text = runs_xml(full[:lead], styles.lead.get(paragraph.lead_kind, "")) + runs_xml(full[lead:])
    return f"<w:p><w:pPr>{properties}</w:pPr>{text}</w:p>"


def layout_of(
    paragraphs: Sequence[Paragraph], profile: PageProfile, styles: StyleIds = OWN_STYLES
) -> tuple[str, ...]:
    """Return the content of `w:pPr` for each paragraph of a report."""
    made = []
    for place, paragraph in enumerate(paragraphs):
        kind = paragraph.kind
        layout = f'<w:pStyle w:val="{styles.paragraph[kind]}"/>'
        if kind in styles.numbered:
            layout += _NO_NUMBER
        front = any(_has(paragraphs, place + 1, other) for other in ("title", "byline"))
        if kind == "title" and styles.own:
            layout += _title_layout(paragraph.full, profile, front)
        elif kind == "byline" and styles.own and not front:
            layout += f'<w:spacing w:after="{round(profile.title_gap_pt * 20)}"/>'
        elif kind in ("signer", "date"):
            layout += _end_layout(paragraphs, place, profile, styles.own)
        elif kind in styles.bare:
            indent = profile.styles[kind].indent
            length = round(indent * profile.cell_pt(kind) * 20)
            layout += f'<w:ind w:firstLineChars="{round(indent * 100)}" w:firstLine="{length}"/>'
        made.append(layout)
    return tuple(made)


def _has(paragraphs: Sequence[Paragraph], place: int, kind: Kind) -> bool:
    return 0 <= place < len(paragraphs) and paragraphs[place].kind == kind


def _title_layout(title: str, profile: PageProfile, goes_on: bool) -> str:
    """Give a long title the room in which it breaks well; the gap after it comes after the last
    line of title and byline."""
    size = profile.styles["title"].size_pt
    spacing = '<w:spacing w:after="0"/>' if goes_on else ""
    room = title_room(title, profile.text_width_pt / size)
    if room is None:
        return spacing
    side = max(0, int((profile.text_width_pt - room * size) / 2 * 20))
    return f'{spacing}<w:ind w:left="{side}" w:right="{side}"/>'


def _end_layout(
    paragraphs: Sequence[Paragraph], place: int, profile: PageProfile, own: bool
) -> str:
    """Place signature and date at the right, one line under the text.

    Source: GB/T 9704-2012, 7.3.5.2: the signature two characters from the right; the date's first
    character two right of the signature's; where the date is the longer, the date two from the
    right and the signature's first character two left of the date's.
    """
    kind = paragraphs[place].kind
    first = place > 0 and paragraphs[place - 1].kind not in ("signer", "date")
    line = round(profile.line_pt * 20)
    before = f'<w:spacing w:before="{line}"/>' if first else ""
    cell, room = profile.cell_pt(kind) * 20, profile.text_width_pt * 20
    beside = place + 1 if kind == "signer" else place - 1
    if own and _has(paragraphs, beside, "date" if kind == "signer" else "signer"):
        mine, other = width(paragraphs[place].full), width(paragraphs[beside].full)
        # From the left, so that the width of the date's digits moves nothing.
        if kind == "date" and mine <= other:
            return _from_left(before, room - other * cell)
        if kind == "signer" and other > mine:
            return _from_left(before, room - (other + 4) * cell)
    return f'{before}<w:ind w:rightChars="200" w:right="{round(2 * cell)}"/><w:jc w:val="right"/>'


def _from_left(before: str, length: float) -> str:
    return f'{before}<w:ind w:left="{max(0, round(length))}"/><w:jc w:val="left"/>'
