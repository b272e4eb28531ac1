"""The styles of an exported file: Word's own (Title, Heading 1 to 4, Body Text …), by a profile.

Built-in names, so that the navigation pane, a table of contents and other offices' templates know
them. Source of the elements and their order: ISO/IEC 29500-1, 17.7 (styles), 17.3.1 (paragraphs).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from drafter.export.layout import KINDS, Kind
from drafter.export.profile import PageProfile, StyledKind, StyleSpec

W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Kind -> (style id, Word's built-in name). Word shows the names in its own language.
STYLE_NAMES: dict[StyledKind, tuple[str, str]] = {
    "title": ("Title", "Title"),
    "byline": ("Subtitle", "Subtitle"),
    "salutation": ("Salutation", "Salutation"),
    "heading1": ("Heading1", "heading 1"),
    "heading2": ("Heading2", "heading 2"),
    "heading3": ("Heading3", "heading 3"),
    "heading4": ("Heading4", "heading 4"),
    "body": ("BodyText", "Body Text"),
    "signer": ("Signature", "Signature"),
    "date": ("Date", "Date"),
    "page": ("Footer", "footer"),
}


@dataclass(frozen=True, slots=True)
class StyleIds:
    """Which style each kind of paragraph has, and which character style a heading run into text.

    Kinds in `bare` have a style without an indent of the first line, which the paragraph then sets
    itself; those in `numbered` one that Word numbers by itself, which the paragraph must undo: the
    text has its numbers. `own` says that the styles are those of a profile and not an office's.
    """

    paragraph: Mapping[Kind, str]
    lead: Mapping[Kind, str]
    bare: frozenset[Kind]
    own: bool
    numbered: frozenset[Kind] = frozenset()


OWN_STYLES = StyleIds(
    paragraph={kind: STYLE_NAMES[kind][0] for kind in KINDS},
    lead={kind: f"{STYLE_NAMES[kind][0]}Char" for kind in KINDS if kind.startswith("heading")},
    bare=frozenset(),
    own=True,
)
_NEXT: dict[StyledKind, str] = {"signer": "Date", "date": "Date", "page": "Footer"}
_LANGUAGE = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
_DEFAULTS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>"
)


def styles_xml(profile: PageProfile, number_font: str) -> str:
    """Return `word/styles.xml`. `number_font` "" sets numbers in the font of the text around."""
    body = profile.styles["body"]
    base = _run_properties(body, number_font, profile.squeeze)
    normal = f'{_FLOW}{_spacing(body.line_pt)}<w:jc w:val="both"/>'
    return (
        f'{XML_HEAD}<w:styles xmlns:w="{W_NAMESPACE}"><w:docDefaults><w:rPrDefault><w:rPr>{base}'
        f"{_LANGUAGE}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{normal}</w:pPr><w:rPr>{base}</w:rPr></w:style>{_DEFAULTS}"
        + "".join(style_xml(kind, profile, number_font) for kind in STYLE_NAMES)
        + "</w:styles>"
    )


def style_xml(kind: StyledKind, profile: PageProfile, number_font: str) -> str:
    """Return the definition of one paragraph style, and of the character style linked to it."""
    spec = profile.styles[kind]
    style_id, name = STYLE_NAMES[kind]
    latin = "" if spec.own_latin else number_font
    run = _run_properties(spec, latin, profile.spacing_of(kind))
    level = heading_level(kind)
    linked = f'<w:link w:val="{style_id}Char"/>' if level else ""
    after = profile.title_gap_pt if kind == "title" else 0
    layout = (
        f"{'<w:keepNext/>' if level else ''}{_FLOW}{_spacing(spec.line_pt, after)}"
        f'{_first_line(spec, profile.cell_pt(kind))}<w:jc w:val="{spec.align}"/>'
        + (f'<w:outlineLvl w:val="{level - 1}"/>' if level else "")
    )
    paragraph = (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:next w:val="{_NEXT.get(kind, "BodyText")}"/>{linked}'
        f"<w:qFormat/><w:pPr>{layout}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
    if not level:
        return paragraph
    return (
        f'{paragraph}<w:style w:type="character" w:customStyle="1" w:styleId="{style_id}Char">'
        f'<w:name w:val="{name} Char"/><w:basedOn w:val="DefaultParagraphFont"/>'
        f'<w:link w:val="{style_id}"/><w:rPr>{run}</w:rPr></w:style>'
    )


def heading_level(kind: StyledKind) -> int:
    """Return 1 to 4 for headings, 0 for everything else."""
    return int(kind[-1]) if kind.startswith("heading") else 0


# No lone-line control: it would take a line from a page of 22. No gap between Chinese and numbers:
# two digits take one place. A mark at a line's end may hang into the margin, as Word has it: the
# characters of all lines stay under one another. The text keeps to the grid by its own line height
# and spacing and is not snapped to it: 16 pt characters are wider than the cells of 15.79 pt, and
# LibreOffice then gives each of them two (measured with 7.4).
_FLOW = (
    '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/>'
    '<w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
)


def _spacing(line_pt: float, after_pt: float = 0) -> str:
    return (
        f'<w:spacing w:before="0" w:after="{round(after_pt * 20)}" '
        f'w:line="{round(line_pt * 20)}" w:lineRule="exact"/>'
    )


def _first_line(spec: StyleSpec, cell_pt: float) -> str:
    """Return the indent of the first line, in characters and in twips for readers without them."""
    if not spec.indent:
        return '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    chars, length = round(spec.indent * 100), round(spec.indent * cell_pt * 20)
    return f'<w:ind w:firstLineChars="{chars}" w:firstLine="{length}"/>'


def _run_properties(spec: StyleSpec, number_font: str, squeeze: int) -> str:
    font, latin = escape(spec.font), escape(number_font or spec.font)
    size = round(spec.size_pt * 2)
    bold = "1" if spec.bold else "0"
    return (
        f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" w:cs="{latin}"/>'
        f'<w:b w:val="{bold}"/><w:bCs w:val="{bold}"/><w:color w:val="000000"/>'
        f'<w:spacing w:val="{squeeze}"/><w:kern w:val="0"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )
