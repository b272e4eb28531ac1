"""Where a report goes in a template: the paragraph that says so, and what stands in its place.

Source of the elements: ISO/IEC 29500-1, 17.3.1 (paragraphs), 17.6.18 (a section that ends with a
paragraph), 17.5.2 (content controls).
"""

from collections.abc import Iterator
from typing import Any

from drafter.data import load_table
from drafter.errors import ExportError
from drafter.export.styles import W_NAMESPACE

_W = f"{{{W_NAMESPACE}}}"
# What a paragraph may stand in but the page itself, innermost first, as a person knows it.
_INSIDE = {"txbxContent": "文本框", "tc": "表格", "sdtContent": "内容控件"}


def place_of(body: Any) -> Any:  # noqa: ANN401
    """Return the paragraph that says where the text goes, None where there is none.

    Raises ExportError where the mark stands only where no report can go: in a table, a text box,
    a content control, or beside other words.
    """
    found = list(_marked(body))
    good = next((paragraph for paragraph, where in found if not where), None)
    if found and good is None:
        raise ExportError(
            f"模板里的“{_marks()[0]}”{found[0][1]}，文稿放不进去。",
            "请在 Word 中把它移到表格和方框之外，单独成一段，保存后再选这个模板。",
        )
    return good


def left_over(body: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return where marks stand that no text replaces, beside the one that has a place."""
    found = [where for _, where in _marked(body)]
    at = found.index("") if "" in found else 0
    return tuple(where or "另成一段" for n, where in enumerate(found) if n != at)


def fill(body: Any, paragraphs: Any) -> None:  # noqa: ANN401
    """Put the paragraphs in the place for them, or in place of all the template's text."""
    place, position, made = place_of(body), 0, list(paragraphs)
    if place is not None:
        position = body.index(place)
        section = place.find(f"{_W}pPr/{_W}sectPr")
        if section is not None and made:
            _end_section(made[-1], section)
        body.remove(place)
    else:
        for child in list(body):
            if child.tag != f"{_W}sectPr":
                body.remove(child)
    for offset, paragraph in enumerate(made):
        body.insert(position + offset, paragraph)


def _end_section(paragraph: Any, section: Any) -> None:  # noqa: ANN401
    """Let a section of the template end with this paragraph, as it did with the place."""
    properties = paragraph.find(f"{_W}pPr")
    change = properties.find(f"{_W}pPrChange")
    if change is None:
        properties.append(section)
    else:
        change.addprevious(section)


def _marks() -> list[str]:
    marks: list[str] = load_table("page_profiles")["template"]["placeholders"]
    return marks


def _marked(body: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    """Yield each paragraph with a mark, and in words why no text can go there, "" where it can."""
    texts: dict[Any, str] = {}
    for node in body.iter(f"{_W}t"):
        paragraph = next(node.iterancestors(f"{_W}p"), None)
        if paragraph is not None:
            texts[paragraph] = texts.get(paragraph, "") + (node.text or "")
    marks = _marks()
    for paragraph, text in texts.items():
        if any(mark in text for mark in marks):
            yield paragraph, _hindrance(body, paragraph, text.strip() in marks)


def _hindrance(body: Any, paragraph: Any, alone: bool) -> str:  # noqa: ANN401
    if paragraph.getparent() is body:
        return "" if alone else "与别的文字同在一段"
    for above in paragraph.iterancestors():
        if (name := _INSIDE.get(above.tag.removeprefix(_W))) is not None:
            return f"在{name}里"
    return "不在正文里单独成一段"
