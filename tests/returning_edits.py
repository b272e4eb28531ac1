"""A Word file edited as people and word processors do it, beside what must come back of it."""

import copy
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from xml.etree import ElementTree

from drafter.export import to_docx
from drafter.types import Draft
from tests.export_cases import W
from tests.returning_cases import NEW_TEXTS

Element = ElementTree.Element
WHO, WHEN = "审稿人", "2026-11-22T09:00:00Z"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass
class Row:
    """A paragraph of the file and what it should come back as: whose line, and its text."""

    element: Element
    owner: str
    is_heading: bool
    text: str


@dataclass
class WordFile:
    """An exported file opened for editing; `rows` are its paragraphs after the title."""

    draft: Draft
    rng: random.Random
    data: bytes = b""
    rows: list[Row] = field(default_factory=list)
    comments: list[tuple[Row, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = self.data or to_docx(self.draft)
        with zipfile.ZipFile(io.BytesIO(self.data)) as packed:
            self.parts = {name: packed.read(name) for name in packed.namelist()}
        self.root = ElementTree.fromstring(self.parts["word/document.xml"])  # noqa: S314
        self.body = cast(Element, self.root.find(f"{W}body"))
        paragraphs = iter(self.body.findall(f"{W}p")[1:])
        for part in self.draft.sections:
            lines = [line.strip() for line in part.text.split("\n") if line.strip()]
            if part.heading:
                self.rows.append(Row(next(paragraphs), part.id, True, part.heading))
            self.rows += [Row(next(paragraphs), part.id, False, line) for line in lines]

    def expected(self) -> dict[str, tuple[str, list[str]]]:
        """Return heading and lines that must come back, by section."""
        made: dict[str, tuple[str, list[str]]] = {}
        for row in self.rows:
            heading, lines = made.get(row.owner, ("", []))
            made[row.owner] = (row.text, lines) if row.is_heading else (heading, [*lines, row.text])
        return made

    def saved(self) -> bytes:
        """Return the file, with a part for its comments where there are any."""
        self.parts["word/document.xml"] = ElementTree.tostring(self.root, encoding="utf-8")
        if self.comments:
            self._add_comments()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in self.parts.items():
                packed.writestr(name, content)
        return out.getvalue()

    def _add_comments(self) -> None:
        root = Element(f"{W}comments")
        for number, (_, text) in enumerate(self.comments):
            made = ElementTree.SubElement(
                root, f"{W}comment",
                {f"{W}id": str(number), f"{W}author": WHO, f"{W}date": WHEN},
            )  # fmt: skip
            made.append(paragraph(text))
        self.parts["word/comments.xml"] = ElementTree.tostring(root, encoding="utf-8")
        rels = self.parts["word/_rels/document.xml.rels"].decode()
        link = (
            f'<Relationship Id="rIdC" Type="{_RELATIONS}/comments" Target="comments.xml"/>'
            "</Relationships>"
        )
        self.parts["word/_rels/document.xml.rels"] = rels.replace("</Relationships>", link).encode()

    def body_rows(self, least: int = 6) -> list[Row]:
        return [row for row in self.rows if not row.is_heading and len(row.text) >= least]


def run(text: str, tag: str = "t") -> Element:
    made = Element(f"{W}r")
    inner = ElementTree.SubElement(made, f"{W}{tag}", {_XML_SPACE: "preserve"})
    inner.text = text
    return made


def paragraph(text: str) -> Element:
    made = Element(f"{W}p")
    made.append(run(text))
    return made


def tracked(tag: str, *content: Element) -> Element:
    made = Element(f"{W}{tag}", {f"{W}id": "900", f"{W}author": WHO, f"{W}date": WHEN})
    made.extend(content)
    return made


def mark_end(element: Element, tag: str) -> None:
    """Track the end of a paragraph as come or gone."""
    properties = element.find(f"{W}pPr")
    if properties is None:
        properties = Element(f"{W}pPr")
        element.insert(0, properties)
    ElementTree.SubElement(properties, f"{W}rPr").append(tracked(tag))


def retext(row: Row, *content: Element) -> None:
    """Put other content into a paragraph, which keeps its properties (a heading its number)."""
    number = ""
    if row.is_heading:
        shown = "".join(t.text or "" for t in row.element.iter(f"{W}t"))
        number = shown[: len(shown) - len(row.text)]
    for child in list(row.element):
        if child.tag != f"{W}pPr":
            row.element.remove(child)
    row.element.extend([run(number), *content] if number else list(content))


def cut(row: Row, rng: random.Random, most: int = 8) -> tuple[str, str, str]:
    """Return a line in three: before, what is edited, after; the ends stay."""
    a = rng.randint(1, len(row.text) - 3)
    b = rng.randint(a + 1, min(len(row.text) - 1, a + most))
    return row.text[:a], row.text[a:b], row.text[b:]


def retyped(file: WordFile) -> None:
    row = file.rng.choice(file.body_rows())
    a, _, c = cut(row, file.rng)
    new = a + file.rng.choice(("进一步", "狠", "3个", "“四项”", "")) + c
    retext(row, run(new))
    row.text = new


def runs_split(file: WordFile) -> None:
    """What Word does on every save: runs cut up, marks of spelling and editing in between."""
    for row in file.rng.sample(file.rows, 6):
        for old in row.element.findall(f"{W}r"):
            pieces: list[Element] = []
            text = "".join(t.text or "" for t in old.iter(f"{W}t"))
            at = file.rng.randint(0, len(text))
            for part in (text[:at], text[at:]):
                made = copy.deepcopy(old)
                for inner in made.findall(f"{W}t"):
                    inner.text, part = part, ""
                made.set(f"{W}rsidR", f"00{file.rng.randint(100000, 999999)}")
                pieces += [made, Element(f"{W}proofErr", {f"{W}type": "spellStart"})]
            pieces.append(Element(f"{W}bookmarkStart", {f"{W}id": "7", f"{W}name": "_GoBack"}))
            place = list(row.element).index(old)
            row.element.remove(old)
            for piece in reversed(pieces):
                row.element.insert(place, piece)


def tracked_in(file: WordFile) -> None:
    row = file.rng.choice(file.body_rows())
    a, b, c = cut(row, file.rng)
    retext(row, run(a + b), tracked("ins", run("（修订后）")), run(c))
    row.text = f"{a}{b}（修订后）{c}"


def tracked_out(file: WordFile) -> None:
    row = file.rng.choice(file.body_rows())
    a, b, c = cut(row, file.rng)
    retext(row, run(a), tracked("del", run(b, "delText")), run(c))
    row.text = a + c


def tracked_exchange(file: WordFile) -> None:
    row = file.rng.choice(file.body_rows())
    a, b, c = cut(row, file.rng)
    retext(row, run(a), tracked("del", run(b, "delText")), tracked("ins", run("改写")), run(c))
    row.text = f"{a}改写{c}"


def commented(file: WordFile) -> None:
    row = file.rng.choice(file.body_rows())
    a, b, c = cut(row, file.rng)
    number = {f"{W}id": str(len(file.comments))}
    mark = Element(f"{W}r")
    mark.append(Element(f"{W}commentReference", number))
    retext(
        row, run(a), Element(f"{W}commentRangeStart", number), run(b),
        Element(f"{W}commentRangeEnd", number), mark, run(c),
    )  # fmt: skip
    file.comments.append((row, f"这里再核对一下（{len(file.comments)}）"))


def quotes_changed(file: WordFile) -> None:
    for row in file.body_rows():
        if "“" in row.text:
            row.text = row.text.replace("“", '"').replace("”", '"')
            retext(row, run(row.text))


def width_changed(file: WordFile) -> None:
    row = file.rng.choice(file.body_rows())
    wide = {ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789"} | {ord("，"): ",", ord("。"): "."}
    row.text = row.text.translate(wide)
    retext(row, run(row.text))


def heading_reworded(file: WordFile) -> None:
    row = file.rng.choice([row for row in file.rows if row.is_heading])
    new = f"{row.text[:-1]}突出成效" if len(row.text) > 6 else f"{row.text}和不足"
    retext(row, run(new))
    row.text = new


def heading_unstyled(file: WordFile) -> None:
    """A heading set by hand: the style is gone, bold is on."""
    row = file.rng.choice([row for row in file.rows if row.is_heading])
    properties = row.element.find(f"{W}pPr")
    if properties is not None:
        row.element.remove(properties)


def put(file: WordFile, place: int, row: Row) -> None:
    """Put a paragraph before the row at `place`."""
    anchor = list(file.body).index(file.rows[place].element)
    file.body.insert(anchor, row.element)
    file.rows.insert(place, row)


def within(file: WordFile) -> int:
    """Return a place inside a section's text: the line before it is the section's, too."""
    places = [
        n for n in range(1, len(file.rows))
        if not file.rows[n].is_heading and file.rows[n - 1].owner == file.rows[n].owner
        and file.rows[n].owner not in ("S1", "S10")
    ]  # fmt: skip
    return file.rng.choice(places)


def added(file: WordFile) -> None:
    place = within(file)
    text = file.rng.choice(NEW_TEXTS)
    element = paragraph(text)
    if file.rng.random() < 0.5:
        element = Element(f"{W}p")
        element.append(tracked("ins", run(text)))
        mark_end(element, "ins")
    put(file, place, Row(element, file.rows[place].owner, False, text))


def dropped(file: WordFile) -> None:
    place = within(file)
    row = file.rows[place]
    if sum(other.owner == row.owner and not other.is_heading for other in file.rows) < 3:
        return
    if file.rng.random() < 0.5:
        file.body.remove(row.element)
    else:
        retext(row, tracked("del", run(row.text, "delText")))
        mark_end(row.element, "del")
    file.rows.pop(place)


def moved(file: WordFile) -> None:
    """A paragraph put elsewhere: cut and pasted, or moved under tracking."""
    rows = [row for row in file.body_rows(12) if row.owner in ("S3", "S4", "S7", "S8")]
    row = file.rng.choice(rows)
    if sum(other.owner == row.owner and not other.is_heading for other in file.rows) < 2:
        return
    file.rows.remove(row)
    element = row.element
    if file.rng.random() < 0.5:
        file.body.remove(element)
    else:
        retext(row, tracked("moveFrom", run(row.text)))
        mark_end(element, "moveFrom")
        element = Element(f"{W}p")
        element.append(tracked("moveTo", run(row.text)))
        mark_end(element, "moveTo")
    place = within(file)
    row.element, row.owner = element, file.rows[place].owner
    put(file, place, row)


def section_moved(file: WordFile) -> None:
    """Two sections of one part change places, headings and all."""
    one, other = file.rng.choice((("S3", "S4"), ("S4", "S5"), ("S7", "S8")))
    going = [row for row in file.rows if row.owner == other]
    for row in going:
        file.rows.remove(row)
        file.body.remove(row.element)
    for row in going:
        place = next(n for n, at in enumerate(file.rows) if at.owner == one and at.is_heading)
        put(file, place, row)


EDITS: tuple[Callable[[WordFile], None], ...] = (
    retyped, runs_split, tracked_in, tracked_out, tracked_exchange, commented, quotes_changed,
    width_changed, heading_reworded, heading_unstyled, added, dropped, moved, section_moved,
)  # fmt: skip
