"""Edits as LibreOffice writes them: in the content.xml of an .odt, beside what must come back.

Source of the elements: OpenDocument 1.3, part 3, 5.5 (change tracking), 14.1 (annotations).
"""

import copy
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tests.returning_cases import NEW_TEXTS

Element = ElementTree.Element
State = list[tuple[str, list[str]]]
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, OFFICE = f"{{{_OASIS}text:1.0}}", f"{{{_OASIS}office:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
WHO, WHEN = "审稿人", "2026-11-22T09:00:00"
SAID = "这个数再核对一下"


@dataclass
class OdtFile:
    """An .odt opened for editing; `state` is what must come back: headings and lines in order."""

    data: bytes
    state: State
    comments: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.data)) as packed:
            self.parts = {name: packed.read(name) for name in packed.namelist()}
        self.root = ElementTree.fromstring(self.parts["content.xml"])  # noqa: S314
        found = self.root.find(f".//{OFFICE}text")
        assert found is not None
        self.body: Element = found

    def saved(self) -> bytes:
        self.parts["content.xml"] = ElementTree.tostring(
            self.root, encoding="utf-8", xml_declaration=True
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in self.parts.items():
                kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                packed.writestr(name, content, kind)
        return out.getvalue()

    def paragraph(self, words: str) -> Element:
        """Return the paragraph or heading with these words."""
        tags = (f"{TEXT}p", f"{TEXT}h")
        return next(p for p in self.body if p.tag in tags and words in "".join(p.itertext()))

    def beside(self, paragraph: Element, text: str, by: int = 1) -> Element:
        """Put in a paragraph set as another one is, `by` places behind it."""
        made = copy.deepcopy(paragraph)
        retext(made, text)
        self.body.insert(list(self.body).index(paragraph) + by, made)
        return made

    def lines(self, words: str) -> tuple[list[str], int]:
        """Return the lines a line with these words stands among, and its place."""
        for _, lines in self.state:
            for n, line in enumerate(lines):
                if words in line:
                    return lines, n
        raise AssertionError(words)

    def relined(self, words: str, *new: str) -> str:
        """Note that a line comes back as these; return what it was."""
        lines, n = self.lines(words)
        was = lines[n]
        lines[n : n + 1] = new
        return was


def retext(paragraph: Element, *content: str | Element) -> None:
    """Put other content into a paragraph."""
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.text, last = "", None
    for item in content:
        if not isinstance(item, str):
            paragraph.append(item)
            last = item
        elif last is None:
            paragraph.text += item
        else:
            last.tail = (last.tail or "") + item


def replaced(file: OdtFile) -> None:
    was = file.lines("督查14次")[0][file.lines("督查14次")[1]]
    new = was.replace("14次", "16次").replace("约谈", "提醒")
    retext(file.paragraph("督查14次"), new)
    file.relined("督查14次", new)


def deleted(file: OdtFile) -> None:
    file.body.remove(file.paragraph("二是抓督查"))
    file.relined("二是抓督查")


def inserted(file: OdtFile) -> None:
    file.beside(file.paragraph("三是严考核"), NEW_TEXTS[0])
    lines, n = file.lines("三是严考核")
    lines.insert(n + 1, NEW_TEXTS[0])


def cut(file: OdtFile) -> None:
    paragraph = file.paragraph("办好环卫夜校")
    lines, n = file.lines("办好环卫夜校")
    at = lines[n].index("，") + 1
    first, second = lines[n][:at], lines[n][at:]
    file.beside(paragraph, second)
    retext(paragraph, first)
    file.relined("办好环卫夜校", first, second)


def joined(file: OdtFile) -> None:
    lines, n = file.lines("坚持中心组领学")
    both = lines[n] + lines[n + 1]
    retext(file.paragraph("坚持中心组领学"), both)
    file.body.remove(
        next(p for p in file.body if "".join(p.itertext()).strip().startswith("办好环卫夜校"))
    )
    lines[n : n + 2] = [both]


def reheaded(file: OdtFile) -> None:
    retext(file.paragraph("思想认识不够深"), "（一）理论武装不够扎实")
    n = next(n for n, (heading, _) in enumerate(file.state) if heading == "思想认识不够深")
    file.state[n] = ("理论武装不够扎实", file.state[n][1])


def section_moved(file: OdtFile) -> None:
    """The second section of the first part goes before the first."""
    first = file.paragraph("扛牢主体责任")
    block = [file.paragraph(w) for w in ("用好学习阵地", "坚持中心组领学", "办好环卫夜校")]
    for paragraph in block:
        file.body.remove(paragraph)
    at = list(file.body).index(first)
    for paragraph in reversed(block):
        file.body.insert(at, paragraph)
    names = [heading for heading, _ in file.state]
    going = file.state.pop(next(n for n, h in enumerate(names) if h.startswith("用好学习阵地")))
    file.state.insert(next(n for n, h in enumerate(names) if h.startswith("扛牢")), going)


def section_added(file: OdtFile) -> None:
    heading = file.paragraph("队伍力量不够强")
    words = file.paragraph("协管人员流动频繁")
    text = file.beside(words, NEW_TEXTS[1])
    made = copy.deepcopy(heading)
    retext(made, "（三）督促落实不够紧")
    file.body.insert(list(file.body).index(text), made)
    at = next(n for n, (name, _) in enumerate(file.state) if name == "队伍力量不够强")
    file.state.insert(at + 1, ("督促落实不够紧", [NEW_TEXTS[1]]))


def section_deleted(file: OdtFile) -> None:
    for words in ("思想认识不够深", "个别支部把学习当任务"):
        file.body.remove(file.paragraph(words))
    file.state[:] = [part for part in file.state if part[0] != "思想认识不够深"]


def _region(file: OdtFile, kind: str, content: str = "") -> str:
    """Note a tracked change and return its id."""
    changes = file.body.find(f"{TEXT}tracked-changes")
    if changes is None:
        changes = Element(f"{TEXT}tracked-changes")
        file.body.insert(0, changes)
    name = f"ct{len(changes) + 1}"
    region = ElementTree.SubElement(changes, f"{TEXT}changed-region", {f"{TEXT}id": name})
    region.set("{http://www.w3.org/XML/1998/namespace}id", name)
    made = ElementTree.SubElement(region, f"{TEXT}{kind}")
    about = ElementTree.SubElement(made, f"{OFFICE}change-info")
    ElementTree.SubElement(about, f"{_DC}creator").text = WHO
    ElementTree.SubElement(about, f"{_DC}date").text = WHEN
    if content:
        ElementTree.SubElement(made, f"{TEXT}p").text = content
    return name


def tracked_in(file: OdtFile) -> None:
    lines, n = file.lines("协管人员流动频繁")
    name = {f"{TEXT}change-id": _region(file, "insertion")}
    begin, end = Element(f"{TEXT}change-start", name), Element(f"{TEXT}change-end", name)
    rest = lines[n].removeprefix("协管人员")
    retext(file.paragraph("协管人员流动频繁"), "协管人员", begin, "和辅助人员", end, rest)
    lines[n] = f"协管人员和辅助人员{rest}"


def tracked_out(file: OdtFile) -> None:
    lines, n = file.lines("协管人员流动频繁")
    gone = Element(f"{TEXT}change", {f"{TEXT}change-id": _region(file, "deletion", "流动频繁，")})
    rest = lines[n].removeprefix("协管人员流动频繁，")
    retext(file.paragraph("协管人员流动频繁"), "协管人员", gone, rest)
    lines[n] = f"协管人员{rest}"


def commented(file: OdtFile) -> None:
    lines, n = file.lines("督查14次")
    before, after = lines[n].split("14次", 1)
    note = Element(f"{OFFICE}annotation", {f"{OFFICE}name": "1"})
    ElementTree.SubElement(note, f"{_DC}creator").text = WHO
    ElementTree.SubElement(note, f"{_DC}date").text = WHEN
    ElementTree.SubElement(note, f"{TEXT}p").text = SAID
    end = Element(f"{OFFICE}annotation-end", {f"{OFFICE}name": "1"})
    retext(file.paragraph("督查14次"), before, note, "14次", end, after)
    file.comments.append(SAID)


def untouched(_file: OdtFile) -> None:
    """Opened and saved: LibreOffice writes every style and run anew."""


ODT_EDITS: tuple[Callable[[OdtFile], None], ...] = (
    untouched, replaced, deleted, inserted, cut, joined, reheaded, section_moved, section_added,
    section_deleted, tracked_in, tracked_out, commented,
)  # fmt: skip
