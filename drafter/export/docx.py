"""A Word file of a draft in the layout of official documents.

Source: GB/T 9704-2012 《党政机关公文格式》, section 5.2 (page, type area, 22 lines of 28
characters, 3号仿宋), 7.3 (title 2号小标宋, 一、黑体, （一）楷体, indent of two characters) and 7.5
(page number 4号半角宋体 with a dash each side, odd pages right, even pages left, one character
in). Fonts are named, not bundled; where one is missing Word shows a substitute.
"""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from drafter.errors import ExportError
from drafter.export.layout import Paragraph, paragraphs
from drafter.types import Draft

if TYPE_CHECKING:
    from docx.document import Document

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING1_FONT = "黑体"
HEADING2_FONT = "楷体_GB2312"
PAGE_FONT = "宋体"

_MARGINS_MM = {"top": 37, "left": 28, "bottom": 35, "right": 26}  # leaves 156 x 225 mm for the text
_LINE = 28.95  # points: 225 mm for 22 lines
_TITLE_LINE = 35.0
_BODY_SIZE, _TITLE_SIZE, _PAGE_SIZE = 16.0, 22.0, 14.0  # points: 3号, 2号, 4号
_SQUEEZE = -5  # twentieths of a point a character: 28 of 16 pt in 442.2 pt
# Marks both Chinese and Latin: without a hint Word sets them in the Latin font, half as wide. They
# get runs of their own, because the hint would also let numbers break at the end of a line.
_AMBIGUOUS = re.compile("([“”‘’…—·×±°℃§№①-⑳Ⅰ-Ⅻ]+)")
_STYLES = {
    "title": "Title",
    "heading1": "Heading 1",
    "heading2": "Heading 2",
    "body": "Normal",
}


def to_docx(draft: Draft) -> bytes:
    """Return the draft as a .docx file.

    Headings are real heading styles, so the navigation pane and a table of contents work. The
    file's properties hold the title and no person or machine.

    Raises:
        ExportError: python-docx cannot write the file.
    """
    import docx

    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    for paragraph in paragraphs(draft):
        _add(document, paragraph)
    _set_page_numbers(document)
    _set_properties(document, draft)
    out = BytesIO()
    try:
        document.save(out)
    except (OSError, ValueError) as error:
        raise ExportError(
            f"Word 文件没有生成（{error}）。", "可以先导出 txt；正文不受影响。"
        ) from error
    return out.getvalue()


def _add(document: "Document", paragraph: Paragraph) -> None:
    added = document.add_paragraph(style=_STYLES[paragraph.kind])
    for piece in _AMBIGUOUS.split(paragraph.number + paragraph.text):
        if _AMBIGUOUS.fullmatch(piece):
            _hinted(added.add_run(piece))
        elif piece:
            added.add_run(piece)
    if paragraph.kind == "title":
        document.add_paragraph()


def _set_page(document: "Document") -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, size in _MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(size))
    # The page number's upper edge stands 7 mm under the text (7.5).
    section.footer_distance = Mm(_MARGINS_MM["bottom"] - 7 - 5)
    section.header_distance = Mm(15)
    section.gutter = 0
    document.settings.odd_and_even_pages_header_footer = True


def _set_styles(document: "Document") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _reset_defaults(document)
    _set_style(document, "Normal", BODY_FONT, _BODY_SIZE, _LINE, indent=True)
    _set_style(document, "Heading 1", HEADING1_FONT, _BODY_SIZE, _LINE, indent=True, outline=0)
    _set_style(document, "Heading 2", HEADING2_FONT, _BODY_SIZE, _LINE, indent=True, outline=1)
    _set_style(document, "Title", TITLE_FONT, _TITLE_SIZE, _TITLE_LINE, indent=False)
    _set_style(document, "Footer", PAGE_FONT, _PAGE_SIZE, None, indent=False)
    document.styles["Normal"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].paragraph_format.keep_with_next = True


def _set_style(
    document: "Document",
    name: str,
    font: str,
    size: float,
    line: float | None,
    *,
    indent: bool,
    outline: int | None = None,
) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt, RGBColor

    style = document.styles[name]
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = _fonts_of(style.element)
    for attribute in list(fonts.attrib):
        # Theme fonts win over named ones; they must go.
        if "heme" in attribute:
            del fonts.attrib[attribute]
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(_w(slot), font)
    squeeze = _SQUEEZE if size == _BODY_SIZE else 0
    _child(style.element.get_or_add_rPr(), "spacing", val=squeeze)
    if size != _BODY_SIZE:
        _child(style.element.get_or_add_rPr(), "kern", val=0)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.keep_together = layout.widow_control = False
    if line is not None:
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = Pt(line)
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(_w("pBdr")):
        properties.remove(border)
    # Twips stand in where a reader does not know characters as a unit.
    twips = int(2 * _BODY_SIZE * 20) if indent else 0
    _child(properties, "ind", firstLineChars=200 if indent else 0, firstLine=twips)
    if outline is not None:
        _child(properties, "outlineLvl", val=outline)


def _reset_defaults(document: "Document") -> None:
    """Take theme fonts, spacing and the foreign language out of the template's defaults."""
    defaults = document.styles.element.find(_w("docDefaults"))
    for fonts in defaults.iter(_w("rFonts")):
        fonts.attrib.clear()
        for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(_w(slot), BODY_FONT)
    for language in defaults.iter(_w("lang")):
        language.set(_w("val"), "en-US")
        language.set(_w("eastAsia"), "zh-CN")
    for layout in defaults.iter(_w("pPr")):
        for spacing in layout.findall(_w("spacing")):
            layout.remove(spacing)


def _set_page_numbers(document: "Document") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    for footer, side, alignment in (
        (section.footer, "right", WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, "left", WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = alignment
        indent = {f"{side}Chars": 100, side: int(_PAGE_SIZE * 20)}
        _child(paragraph._element.get_or_add_pPr(), "ind", firstLine=0, firstLineChars=0, **indent)
        _hinted(paragraph.add_run("— "))
        for kind, text in (
            ("begin", ""),
            ("", " PAGE "),
            ("separate", ""),
            ("1", "1"),
            ("end", ""),
        ):
            _field_part(paragraph.add_run(), kind, text)
        _hinted(paragraph.add_run(" —"))


def _hinted(run: Any) -> None:  # noqa: ANN401 - python-docx has no types
    _fonts_of(run._element).set(_w("hint"), "eastAsia")


def _field_part(run: Any, kind: str, text: str) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement

    if kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(_w("fldCharType"), kind)
        run._element.append(mark)
    elif kind:
        run.text = text
    else:
        code = OxmlElement("w:instrText")
        code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        code.text = text
        run._element.append(code)


def _set_properties(document: "Document", draft: Draft) -> None:
    from datetime import UTC, datetime

    properties = document.core_properties
    properties.title = " ".join(draft.title.split())[:255] if draft.title.isprintable() else ""
    for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(properties, name, "")
    properties.language = "zh-CN"
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    properties.revision = 1
    # The template's picture of an empty page and its note of who made it are not the draft's.
    relations = document.part.package.rels
    for key in [key for key, rel in relations.items() if rel.reltype.endswith("/thumbnail")]:
        del relations[key]


def _fonts_of(element: Any) -> Any:  # noqa: ANN401
    return element.get_or_add_rPr().get_or_add_rFonts()


def _child(parent: Any, name: str, **values: int) -> None:  # noqa: ANN401
    """Set attributes of a property, adding it where it is missing, in the order the schema asks."""
    found = parent.find(_w(name))
    if found is None:
        from docx.oxml import OxmlElement

        found = OxmlElement(f"w:{name}")
        later = _LATER[name]
        parent.insert_element_before(found, *(f"w:{tag}" for tag in later))
    for key, value in values.items():
        found.set(_w(key), str(value))


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


# ISO/IEC 29500-1, 17.3: the elements that must come after each one we add. Word calls a file with
# properties out of order damaged.
_LATER = {
    "spacing": ("w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd",
                "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish"),
    "kern": ("position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText",
             "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish"),
    "ind": ("contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
            "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr",
            "sectPr", "pPrChange"),
    "outlineLvl": ("divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
}  # fmt: skip
