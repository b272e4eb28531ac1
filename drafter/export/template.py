"""An office's own Word template (.dotx, or a .docx as a pattern): its page, styles, head and foot.

The template's parts are kept as they are but for the text, the file's properties (they name people)
and a link to a template elsewhere (opening it would go to the network). Which style serves which
kind of paragraph is in `drafter/data/page_profiles.toml`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from drafter.data import load_table
from drafter.export.fonts import USES
from drafter.export.layout import KINDS, Kind
from drafter.export.package import CORE, DOCUMENT
from drafter.export.profile import PageProfile, load_profile
from drafter.export.styles import W_NAMESPACE, XML_HEAD, StyleIds, style_xml
from drafter.export.template_parts import MAX_TEMPLATE_BYTES, STYLES, TYPES, read_parts, unusable
from drafter.export.template_place import fill, left_over, place_of

__all__ = ["MAX_TEMPLATE_BYTES", "Template", "TemplateReport", "read_template", "template_report"]

_W = f"{{{W_NAMESPACE}}}"
_ID, _VAL = f"{_W}styleId", f"{_W}val"
_NAMED = f'xmlns:w="{W_NAMESPACE}"'
_APP = "docProps/app.xml"
_EMPTY_APP = (
    f'{XML_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"/>'
).encode()
# Where a template has no style for these, they are set as its own text is.
_AS_BODY: tuple[Kind, ...] = ("salutation", "signer", "date")
_LINK = re.compile(
    rb"<Relationship\b(?=[^<>]*/attachedTemplate\")[^<>]*?(?:/>|>\s*</Relationship>)", re.DOTALL
)
_LINKED = re.compile(rb"<w:attachedTemplate\b[^<>]*?/>")


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
        fill(document.find(f"{_W}body"), parse_xml(f"<w:body {_NAMED}>{body}</w:body>"))
        made = {**self.parts, DOCUMENT: serialize_part_xml(document)}
        if CORE in made:
            made[CORE] = core.encode()
        return made


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What a template gives: whether it says where the text goes, and what it has no style for.

    `added` are the elements, in Chinese, that have no style of the template's own; `left` says
    where marks stand that are left in the report as they are.
    """

    has_place: bool
    added: tuple[str, ...]
    left: tuple[str, ...] = ()

    def told(self) -> tuple[str, ...]:
        """Return the same in sentences for a person."""
        place = (
            "正文放在模板里单独成段的“{{正文}}”处，前后的文字保留。"
            if self.has_place
            else "模板里没有单独成段的“{{正文}}”：只用它的版面、页眉页脚和样式，原有的文字不保留。"
        )
        made = [place]
        if self.left:
            where = "、".join(dict.fromkeys(self.left))
            made.append(f"模板里还有 {len(self.left)} 处“{{{{正文}}}}”（{where}）会原样留在文中。")
        plain = [USES[kind] for kind in _AS_BODY if USES[kind] in self.added]
        standard = [use for use in self.added if use not in plain]
        if plain:
            made.append(f"{'、'.join(plain)}没有样式，按模板的正文排。")
        if standard:
            made.append(f"模板没有样式的要素（{'、'.join(standard)}）按国标版式排。")
        return tuple(made) if self.added else (*made, "各要素都用模板的样式。")


def template_report(data: bytes) -> TemplateReport:
    """Return what a template gives; raises as `read_template`."""
    from docx.oxml import parse_xml

    template = read_template(data, load_profile(), "")
    body = parse_xml(template.parts[DOCUMENT]).find(f"{_W}body")
    added = tuple(USES[kind] for kind in template.added)
    return TemplateReport(place_of(body) is not None, added, left_over(body))


def read_template(data: bytes, profile: PageProfile, number_font: str) -> Template:
    """Return an office's template; styles it lacks are added as the profile has them.

    Raises:
        ExportError: the file is no Word template, is damaged or too large, holds macros, or has its
            place for the text where no text can go.
    """
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    parts = _parts(data)
    try:
        body = parse_xml(parts[DOCUMENT]).find(f"{_W}body")
        table = parse_xml(parts[STYLES])
    except (SyntaxError, KeyError):  # lxml reports bad XML as a kind of SyntaxError
        raise unusable("已损坏") from None
    if body is None or table.tag != f"{_W}styles":
        raise unusable("不是 Word 通用格式（可能是“严格 Open XML”）")
    place_of(body)
    ids, added = _styles_of(table, profile, number_font)
    parts[STYLES] = serialize_part_xml(table)
    return Template(parts, ids, added)


def _parts(data: bytes) -> dict[str, bytes]:
    """Read the parts and make a document of them, without people and without links elsewhere."""
    parts = read_parts(data)
    parts[TYPES] = parts[TYPES].replace(b".template.main+xml", b".document.main+xml")
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
    for kind in sorted(KINDS, key=lambda kind: kind != "body"):  # some rest on the body's
        style = next(
            (s for name in wanted[kind] if (s := found.get(name.lower())) is not None), None
        )
        if style is None and kind == "body":
            style = usual
        if style is None:
            as_body = kind in _AS_BODY
            style = _add(
                table, kind, profile, number_font, chosen["body"] if as_body else usual, as_body
            )
            added.append(kind)
        chosen[kind] = style
    leads = ((kind, chosen[kind].find(f"{_W}link")) for kind in KINDS if kind.startswith("heading"))
    by_id = {style.get(_ID): style for style in table.iterchildren(f"{_W}style")}
    ids = StyleIds(
        paragraph={kind: style.get(_ID) for kind, style in chosen.items()},
        lead={kind: link.get(_VAL) for kind, link in leads if link is not None},
        bare=frozenset({"body"} if not _has_indent(chosen["body"], by_id) else ()),
        own=False,
        numbered=frozenset(kind for kind in KINDS if _is_numbered(chosen[kind], by_id)),
    )
    return ids, tuple(kind for kind in KINDS if kind in added)


def _name(style: Any) -> str:  # noqa: ANN401
    """Return the name of a paragraph style in lower case, "" for styles of other things."""
    name = style.find(f"{_W}name")
    if style.get(f"{_W}type") != "paragraph" or name is None:
        return ""
    return (name.get(_VAL) or "").lower()


def _add(
    table: Any,  # noqa: ANN401
    kind: Kind,
    profile: PageProfile,
    number_font: str,
    usual: Any,  # noqa: ANN401
    as_usual: bool,
) -> Any:  # noqa: ANN401
    """Add the profile's own style of that kind, based on the template's usual paragraph.

    With `as_usual` it has the type and lines of that paragraph, and only its own place on them.
    """
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
    if as_usual:
        _keep_place_only(added[0])
    return added[0]


def _keep_place_only(style: Any) -> None:  # noqa: ANN401
    """Take from a style all but the indent and the side its lines keep to."""
    run, layout = style.find(f"{_W}rPr"), style.find(f"{_W}pPr")
    style.remove(run)
    for child in list(layout):
        if child.tag not in (f"{_W}ind", f"{_W}jc"):
            layout.remove(child)


def _chain(style: Any, by_id: Mapping[str, Any]) -> Iterator[Any]:  # noqa: ANN401
    """Yield a style and those it rests on, nearest first."""
    seen: set[str] = set()
    while style is not None and style.get(_ID) not in seen:
        seen.add(style.get(_ID))
        yield style
        base = style.find(f"{_W}basedOn")
        style = by_id.get(base.get(_VAL)) if base is not None else None


def _has_indent(style: Any, by_id: Mapping[str, Any]) -> bool:  # noqa: ANN401
    """Return whether the style or one it rests on indents the first line."""
    return any(
        (indent.get(f"{_W}{name}") or "0") != "0"
        for each in _chain(style, by_id)
        for indent in each.iter(f"{_W}ind")
        for name in ("firstLineChars", "firstLine")
    )


def _is_numbered(style: Any, by_id: Mapping[str, Any]) -> bool:  # noqa: ANN401
    """Return whether Word would put numbers of its own before paragraphs of that style."""
    for each in _chain(style, by_id):
        number = each.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if number is not None:
            return bool(number.get(_VAL) != "0")
    return False
