"""An office's own Word template (.dotx, or a .docx as a pattern): its page, styles, head and foot.

The template's parts are kept as they are but for the text, the file's properties (they name people)
and a link to a template elsewhere (opening it would go to the network). Which style serves which
kind of paragraph is in `drafter/data/page_profiles.toml`.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from drafter.data import load_table
from drafter.errors import ExportError
from drafter.export.fonts import USES
from drafter.export.layout import KINDS, Kind
from drafter.export.package import CORE, DOCUMENT
from drafter.export.profile import PageProfile, load_profile
from drafter.export.styles import W_NAMESPACE, XML_HEAD, StyleIds, style_xml

_W = f"{{{W_NAMESPACE}}}"
_ID, _VAL = f"{_W}styleId", f"{_W}val"
_NAMED = f'xmlns:w="{W_NAMESPACE}"'
_STYLES, _TYPES, _APP = "word/styles.xml", "[Content_Types].xml", "docProps/app.xml"
_EMPTY_APP = (
    f'{XML_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"/>'
).encode()
MAX_TEMPLATE_BYTES = 20 * 1024 * 1024  # of the file
_MOST_ENTRIES, _MOST_BYTES = 2000, 100 * 1024 * 1024
_AGAIN = "请在 Word 中打开模板，另存为“Word 模板（.dotx）”后再选。"
_LINK = re.compile(
    rb"<Relationship\b(?=[^>]*/attachedTemplate\")[^>]*?(?:/>|>\s*</Relationship>)", re.DOTALL
)
_LINKED = re.compile(rb"<w:attachedTemplate\b[^>]*?/>")


@dataclass(frozen=True, slots=True)
class Template:
    """A template taken apart: its parts, which of its styles to use, and which had to be added."""

    parts: Mapping[str, bytes]
    styles: StyleIds
    added: tuple[Kind, ...]

    def with_body(self, body: str, core: str) -> dict[str, bytes]:
        """Return the parts of a document with these paragraphs where the template wants them.

        `core` replaces the file's properties.
        """
        from docx.opc.oxml import serialize_part_xml
        from docx.oxml import parse_xml

        document = parse_xml(self.parts[DOCUMENT])
        _fill(document.find(f"{_W}body"), parse_xml(f"<w:body {_NAMED}>{body}</w:body>"))
        made = {**self.parts, DOCUMENT: serialize_part_xml(document)}
        if CORE in made:
            made[CORE] = core.encode()
        return made


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What a template gives: whether it says where the text goes, and what it has no style for.

    `added` are the elements, in Chinese, that are set as the standard's layout has them.
    """

    has_place: bool
    added: tuple[str, ...]


def template_report(data: bytes) -> TemplateReport:
    """Return what a template gives; raises as `read_template`."""
    from docx.oxml import parse_xml

    template = read_template(data, load_profile(), "")
    body = parse_xml(template.parts[DOCUMENT]).find(f"{_W}body")
    return TemplateReport(_place_of(body) is not None, tuple(USES[kind] for kind in template.added))


def read_template(data: bytes, profile: PageProfile, number_font: str) -> Template:
    """Return an office's template; styles it lacks are added as the profile has them.

    Raises:
        ExportError: the file is no Word template, is damaged, or holds macros.
    """
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    parts = _parts(data)
    try:
        body = parse_xml(parts[DOCUMENT]).find(f"{_W}body")
        table = parse_xml(parts[_STYLES])
    except (SyntaxError, KeyError):  # lxml reports bad XML as a kind of SyntaxError
        raise _unusable("已损坏") from None
    if body is None or table.tag != f"{_W}styles":
        raise _unusable("不是 Word 通用格式（可能是“严格 Open XML”）")
    ids, added = _styles_of(table, profile, number_font)
    parts[_STYLES] = serialize_part_xml(table)
    return Template(parts, ids, added)


def _unusable(why: str) -> ExportError:
    return ExportError(f"这个模板{why}，不能使用。", _AGAIN)


def _parts(data: bytes) -> dict[str, bytes]:
    """Read the archive into memory, small and without macros, and make a document of it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = packed.infolist()
            if len(entries) > _MOST_ENTRIES or sum(e.file_size for e in entries) > _MOST_BYTES:
                raise _unusable("解压后异常庞大")
            parts = {entry.filename: packed.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError):
        raise _unusable("已损坏，或不是 .dotx、.docx 文件") from None
    if DOCUMENT not in parts or _STYLES not in parts or _TYPES not in parts:
        raise _unusable("不是 Word 文件")
    if any("vbaproject" in name.lower() for name in parts) or b"macroEnabled" in parts[_TYPES]:
        raise _unusable("含有宏")
    if any(b"<!DOCTYPE" in d for name, d in parts.items() if name.endswith((".xml", ".rels"))):
        raise _unusable("已损坏")
    parts[_TYPES] = parts[_TYPES].replace(b".template.main+xml", b".document.main+xml")
    for name in parts:
        if name == "word/_rels/settings.xml.rels":
            parts[name] = _LINK.sub(b"", parts[name])
        elif name == "word/settings.xml":
            parts[name] = _LINKED.sub(b"", parts[name])
    if _APP in parts:
        parts[_APP] = _EMPTY_APP
    return parts


def _styles_of(
    table: Any,  # noqa: ANN401
    profile: PageProfile,
    number_font: str,
) -> tuple[StyleIds, tuple[Kind, ...]]:
    """Find the style of each kind by name; add to the table those it has not, and name them."""
    found = {name: style for style in table.iterchildren(f"{_W}style") if (name := _name(style))}
    usual = next((s for s in found.values() if s.get(f"{_W}default") in ("1", "true")), None)
    wanted: Mapping[str, list[str]] = load_table("page_profiles")["template"]["styles"]
    chosen: dict[Kind, Any] = {}
    added: list[Kind] = []
    for kind in KINDS:
        style = next(
            (s for name in wanted[kind] if (s := found.get(name.lower())) is not None), None
        )
        if style is None and kind == "body":
            style = usual
        if style is None:
            style = _add(table, kind, profile, number_font, usual)
            added.append(kind)
        chosen[kind] = style
    leads = ((kind, chosen[kind].find(f"{_W}link")) for kind in KINDS if kind.startswith("heading"))
    by_id = {style.get(_ID): style for style in table.iterchildren(f"{_W}style")}
    ids = StyleIds(
        paragraph={kind: style.get(_ID) for kind, style in chosen.items()},
        lead={kind: link.get(_VAL) for kind, link in leads if link is not None},
        bare=frozenset({"body"} if not _has_indent(chosen["body"], by_id) else ()),
        own=False,
    )
    return ids, tuple(added)


def _name(style: Any) -> str:  # noqa: ANN401
    """Return the name of a paragraph style in lower case, "" for styles of other things."""
    name = style.find(f"{_W}name")
    if style.get(f"{_W}type") != "paragraph" or name is None:
        return ""
    return (name.get(_VAL) or "").lower()


def _add(table: Any, kind: Kind, profile: PageProfile, number_font: str, usual: Any) -> Any:  # noqa: ANN401
    """Add the profile's own style of that kind, based on the template's usual paragraph."""
    from docx.oxml import parse_xml

    taken = {style.get(_ID) for style in table.iterchildren(f"{_W}style")}
    added = list(
        parse_xml(f"<w:styles {_NAMED}>{style_xml(kind, profile, number_font)}</w:styles>")
    )
    for style in added:
        if style.get(_ID) in taken:
            style.set(_ID, f"{style.get(_ID)}Drafter")
        for tag in ("basedOn", "next", "link"):
            named = style.find(f"{_W}{tag}")
            if named is None:
                continue
            if tag == "link":
                other = added[0] if style is added[-1] else added[-1]
                named.set(_VAL, other.get(_ID))
            elif tag == "basedOn" and style is added[0] and usual is not None:
                named.set(_VAL, usual.get(_ID))
            else:
                style.remove(named)
        table.append(style)
    return added[0]


def _has_indent(style: Any, by_id: Mapping[str, Any]) -> bool:  # noqa: ANN401
    """Return whether the style or one it rests on indents the first line."""
    seen: set[str] = set()
    while style is not None and style.get(_ID) not in seen:
        seen.add(style.get(_ID))
        for indent in style.iter(f"{_W}ind"):
            sizes = (indent.get(f"{_W}{name}") for name in ("firstLineChars", "firstLine"))
            if any((size or "0") != "0" for size in sizes):
                return True
        base = style.find(f"{_W}basedOn")
        style = by_id.get(base.get(_VAL)) if base is not None else None
    return False


def _place_of(body: Any) -> Any:  # noqa: ANN401
    """Return the paragraph that says where the text goes, None where there is none."""
    marks: list[str] = load_table("page_profiles")["template"]["placeholders"]
    for child in body.iterchildren(f"{_W}p"):
        if "".join(node.text or "" for node in child.iter(f"{_W}t")).strip() in marks:
            return child
    return None


def _fill(body: Any, paragraphs: Any) -> None:  # noqa: ANN401
    """Put the paragraphs in the placeholder's place, or in place of all the template's text."""
    place, position = _place_of(body), 0
    if place is not None:
        position = body.index(place)
        body.remove(place)
    else:
        for child in list(body):
            if child.tag != f"{_W}sectPr":
                body.remove(child)
    for offset, paragraph in enumerate(list(paragraphs)):
        body.insert(position + offset, paragraph)
