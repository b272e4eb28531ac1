"""The parts of a .docx of our own, and the archive they travel in (ISO/IEC 29500-2).

A file of our own holds what the report needs and nothing of the machine: no thumbnail, no name of
a person or program.
"""

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from io import BytesIO

from drafter.export.fonts import font_table_xml
from drafter.export.page import footer_xml, settings_xml
from drafter.export.profile import PageProfile
from drafter.export.styles import XML_HEAD, styles_xml
from drafter.export.theme import theme_xml

ODD_FOOTER, EVEN_FOOTER = "rId4", "rId5"
DOCUMENT = "word/document.xml"
_TYPES_PART = "[Content_Types].xml"
CORE = "docProps/core.xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
# Every entry of the archive carries this date, so that the same draft gives the same bytes.
_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)

# Relationship id, its type, the part, its content type.
_PARTS = (
    ("rId1", "styles", "styles.xml", f"{_WORD}.styles+xml"),
    ("rId2", "settings", "settings.xml", f"{_WORD}.settings+xml"),
    ("rId3", "fontTable", "fontTable.xml", f"{_WORD}.fontTable+xml"),
    (ODD_FOOTER, "footer", "footer1.xml", f"{_WORD}.footer+xml"),
    (EVEN_FOOTER, "footer", "footer2.xml", f"{_WORD}.footer+xml"),
    (
        "rId6",
        "theme",
        "theme/theme1.xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
    ),
)


def new_parts(profile: PageProfile, number_font: str, title: str, when: datetime) -> dict[str, str]:
    """Return every part but the document itself, name -> XML."""
    related = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target, _ in _PARTS
    )
    return {
        _TYPES_PART: _content_types(),
        "_rels/.rels": (
            f'{XML_HEAD}<Relationships xmlns="{_RELATIONS}">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{DOCUMENT}"/>'
            '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/'
            f'relationships/metadata/core-properties" Target="{CORE}"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'{XML_HEAD}<Relationships xmlns="{_RELATIONS}">{related}</Relationships>'
        ),
        "word/styles.xml": styles_xml(profile, number_font),
        "word/settings.xml": settings_xml(profile),
        "word/fontTable.xml": font_table_xml(profile, number_font),
        "word/footer1.xml": footer_xml(profile, "right"),
        "word/footer2.xml": footer_xml(profile, "left"),
        "word/theme/theme1.xml": theme_xml(profile),
        CORE: core_xml(title, when),
    }


def _content_types() -> str:
    kinds = "".join(
        f'<Override PartName="/word/{target}" ContentType="{content}"/>'
        for _, _, target, content in _PARTS
    )
    return (
        f'{XML_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{DOCUMENT}" ContentType="{_WORD}.document.main+xml"/>{kinds}'
        f'<Override PartName="/{CORE}" ContentType="{_CORE_TYPE}"/></Types>'
    )


def core_xml(title: str, when: datetime) -> str:
    """Return the file's properties: its title and when it was made, nobody's name."""
    shown = escape(" ".join(title.split())[:255], quote=False)
    stamp = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{XML_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{shown}</dc:title><dc:creator></dc:creator>"
        "<cp:lastModifiedBy></cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return the parts as one file, `[Content_Types].xml` first."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(parts, key=lambda name: (name != _TYPES_PART, name)):
            data = parts[name]
            entry = zipfile.ZipInfo(name, _ENTRY_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data.encode() if isinstance(data, str) else data)
    return out.getvalue()
