"""The page of an exported file: paper, margins, document grid, page numbers, settings.

Source: GB/T 9704-2012, 5.2 (type area, grid), 7.5 (page numbers); ISO/IEC 29500-1, 17.6.5.
"""

from drafter.export.profile import PageProfile, twips
from drafter.export.styles import W_NAMESPACE, XML_HEAD

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# From the lower edge of the text to the dash beside the page number (7.5), and how far below its
# line's upper edge a dash stands in a Chinese font, as a share of the font's size.
_DASH_MM = 7.0
_DASH_SHARE = 0.54
_MM_PER_PT = 25.4 / 72


def section_xml(profile: PageProfile, odd_footer: str, even_footer: str) -> str:
    """Return `w:sectPr`; the footers are named by their relationship ids."""
    grid = ""
    if profile.lines:
        kind = "linesAndChars" if profile.characters else "lines"
        space = f' w:charSpace="{profile.char_space}"' if profile.characters else ""
        grid = f'<w:docGrid w:type="{kind}" w:linePitch="{round(profile.line_pt * 20)}"{space}/>'
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{odd_footer}"/>'
        f'<w:footerReference w:type="even" r:id="{even_footer}"/>'
        f'<w:pgSz w:w="{twips(profile.width)}" w:h="{twips(profile.height)}"/>'
        f'<w:pgMar w:top="{twips(profile.top)}" w:right="{twips(profile.right)}" '
        f'w:bottom="{twips(profile.bottom)}" w:left="{twips(profile.left)}" '
        f'w:header="{twips(15)}" w:footer="{_footer_distance(profile)}" w:gutter="0"/>'
        f'<w:cols w:space="425"/>{grid}</w:sectPr>'
    )


def footer_xml(profile: PageProfile, side: str) -> str:
    """Return a footer with the page number — N — one character in from `side` (left or right)."""
    indent = round(profile.styles["page"].size_pt * 20)
    run = (
        '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        f'{XML_HEAD}<w:ftr xmlns:w="{W_NAMESPACE}" xmlns:r="{_R}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" w:{side}="{indent}"/>'
        f'<w:jc w:val="{side}"/></w:pPr>{run.format("— ")}{field}{run.format(" —")}</w:p></w:ftr>'
    )


def settings_xml(profile: PageProfile) -> str:
    """Return `word/settings.xml`: odd and even footers, the current mode of Word, Chinese.

    The compatibility switches are those Word writes for a Chinese document; without a mode of 15
    Word opens the file as one of an old version.
    """
    mirror = "<w:mirrorMargins/>" if profile.mirror else ""
    word = "http://schemas.microsoft.com/office/word"
    modes = (
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
    )
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{word}" w:val="{value}"/>'
        for name, value in modes
    )
    return (
        f'{XML_HEAD}<w:settings xmlns:w="{W_NAMESPACE}"><w:zoom w:percent="100"/>{mirror}'
        '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:spaceForUL/>'
        "<w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
        f"<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/>'
        '<w:listSeparator w:val=","/></w:settings>'
    )


def _footer_distance(profile: PageProfile) -> int:
    """Return how far the footer ends above the paper's edge, so that the dash stands 7 mm down."""
    page = profile.styles["page"]
    top_mm = _DASH_MM - _DASH_SHARE * page.size_pt * _MM_PER_PT
    return twips(max(5.0, profile.bottom - top_mm - page.line_pt * _MM_PER_PT))
