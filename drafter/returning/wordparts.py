"""Parts of a Word file beside the document itself: what styles mean, the text of notes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.numbering import Element, W


@dataclass(slots=True)
class Styles:
    """What styles say of paragraphs: level of heading, title, line of a table of contents."""

    levels: dict[str, int] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)


def children(root: Element | None, *names: str) -> Iterable[Element]:
    """Return the children of those names; none of a part that is not there."""
    return () if root is None else root.iterchildren(*(W + name for name in names))


def plain(note: Element) -> str:
    """Return the paragraphs of a note or comment as lines."""
    paragraphs = ("".join(p.itertext(W + "t")).strip() for p in note.iter(W + "p"))
    return "\n".join(text for text in paragraphs if text)


def read_styles(root: Element | None) -> Styles:
    """Return what the styles part says; a style has the level of the one it is based on."""
    found, bases, levels = Styles(), dict[str, str](), dict[str, int]()
    for style in children(root, "style"):
        key, name = style.get(W + "styleId") or "", value(style, "name").lower()
        bases[key] = value(style, "basedOn")
        heading = re.fullmatch(r"(?:heading|标题)\s*([1-9])", name)
        outline = value(style, "pPr", "outlineLvl")
        if heading:
            levels[key] = int(heading[1])
        elif outline.isdigit() and int(outline) < 9:
            levels[key] = int(outline) + 1
        if name in ("title", "标题"):
            found.titles.add(key)
        if re.match(r"toc\s*\d", name):
            found.contents.add(key)
    for key in bases:
        at, seen = key, set[str]()
        while at and at not in levels and at not in seen:
            seen.add(at)
            at = bases.get(at, "")
        found.levels[key] = levels.get(at, 0)
    return found


def value(element: Element, *path: str) -> str:
    """Return `w:val` of the element at a path, "" where there is none."""
    found = element.find("/".join(W + step for step in path))
    return "" if found is None else found.get(W + "val") or ""


def is_on(mark: Element | None) -> bool:
    """Return whether a property that is on or off (w:strike) is there and on."""
    return mark is not None and mark.get(W + "val") not in ("0", "false", "off")
