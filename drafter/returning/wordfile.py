"""An edited .docx as its lines, with tracked changes and comments kept instead of resolved.

The text is what Word shows with all changes accepted. What is read and what not follows ISO/IEC
29500-1, 17 (17.13.5 revisions, 17.13.4 comments). Text struck through by hand counts as deleted.
Left out: hidden text, headers and footers, a table of contents, pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from drafter.returning.asides import Asides, margins
from drafter.returning.types import EditedText, TrackedKind
from drafter.returning.wordparts import Styles, children, is_on, plain, read_styles, value
from drafter.returning.writer import GONE, LineWriter, Stamp
from index.numbering import Element, Numbering, W
from index.parse import MAX_PACKED_BYTES
from index.reading import refusals
from index.reading.markup import MC, is_contents, shown_of, text_of_run
from index.reading.package import Package
from index.reading.symbols import symbol

# The XML of the document itself: a report of 300 pages has about 5 MB.
_MAX_XML = 20 * 1024 * 1024
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STAMPS: dict[str, TrackedKind] = {
    f"{W}ins": "insert",
    f"{W}del": "delete",
    f"{W}moveFrom": "move_from",
    f"{W}moveTo": "move_to",
}
_BLOCK_WRAPPERS = tuple(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_UNSEEN = tuple(W + name for name in ("pPr", "sdtPr", "rt", "instrText", "delInstrText"))
_TEXTS = (f"{W}t", f"{W}delText", f"{_MATH}t")
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n",
          f"{W}noBreakHyphen": "-"}  # fmt: skip
# What a picture is drawn from: DrawingML, and VML in older files.
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_STRUCK = Stamp("delete", "删除线", "")  # by hand: nobody signed it


@dataclass(slots=True)
class _Story:
    """What the reading needs besides the body, and what it finds beside the text."""

    writer: LineWriter
    numbering: Numbering
    styles: Styles
    notes: dict[tuple[str, str], str]
    aside: list[Element] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    note_count: int = 0
    told: Asides = field(default_factory=Asides)


def read_edited(name: str, data: bytes) -> EditedText:
    """Return the lines of an edited .docx; `name` serves for messages.

    Raises UnreadableFile, in Chinese with the next step, for whatever is no readable .docx.
    """
    if len(data) > MAX_PACKED_BYTES:
        raise refusals.too_large(name, len(data), MAX_PACKED_BYTES)
    if not data:
        raise refusals.empty(name)
    if not data.startswith(b"PK"):
        what = "别的格式的文件，或设了打开密码的文档"
        hint = "请用 Word 或 WPS 打开，另存为不加密的 .docx 后再导入。"
        raise refusals.unsupported(name, what, hint)
    package = Package(name, data)
    main = package.main_part()
    if main is None or not main.startswith("word/"):
        raise refusals.damaged(name)
    if len(package.read(main)) > _MAX_XML:
        raise refusals.bloated(name)
    body = package.xml(main).find(W + "body")
    if body is None:
        raise refusals.damaged(name)
    story = _story(package, main)
    try:
        _blocks(body, story)
    except RecursionError:
        raise refusals.too_much(name) from None
    story.told.notes = story.note_count > 0
    story.told.margins = margins(package, main)
    edited = story.writer.finish(tuple(story.told.sentences()))
    if not (edited.lines or edited.after):
        raise refusals.wordless(name)
    return edited


def _story(package: Package, main: str) -> _Story:
    parts = {kind: member for _, kind, member in package.related(main)}
    wanted = ("numbering", "styles", "footnotes", "endnotes", "comments")
    roots = {kind: package.xml(parts[kind]) for kind in wanted if parts.get(kind) in package.names}
    notes = {
        (f"{note.tag}Reference", note.get(W + "id") or ""): plain(note)
        for kind in ("footnotes", "endnotes")
        for note in children(roots.get(kind), "footnote", "endnote")
        if note.get(W + "type") is None
    }
    comments = {
        comment.get(W + "id") or "": (
            comment.get(W + "author") or "",
            comment.get(W + "date") or "",
            plain(comment),
        )
        for comment in children(roots.get("comments"), "comment")
    }
    numbering = Numbering(roots.get("numbering"), roots.get("styles"))
    return _Story(LineWriter(comments), numbering, read_styles(roots.get("styles")), notes)


def _blocks(container: Element, story: _Story, stamp: Stamp | None = None) -> None:
    """Write the paragraphs and tables of a body, cell, text box or content control."""
    for block in container.iterchildren():
        tag = block.tag
        if tag == W + "p":
            _paragraph(block, story, stamp)
        elif tag == W + "tbl":
            story.told.tables += 1
            for row in _inside(block, W + "tr"):
                _row(row, story, stamp)
        elif tag in _BLOCK_WRAPPERS and not is_contents(block):
            _blocks(block, story, _stamp(block) or stamp)
        elif tag in (W + "del", W + "moveFrom"):
            _blocks(block, story, _stamp(block))
        elif tag == MC + "AlternateContent":
            _blocks(shown_of(block), story, stamp)


def _stamp(element: Element, kind: TrackedKind | None = None) -> Stamp | None:
    found = kind or _STAMPS.get(str(element.tag))
    if found is None:
        return None
    return Stamp(found, element.get(W + "author") or "", element.get(W + "date") or "")


def _inside(container: Element, tag: str) -> Iterator[Element]:
    for child in container.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _BLOCK_WRAPPERS:
            yield from _inside(child, tag)


def _row(row: Element, story: _Story, stamp: Stamp | None) -> None:
    """Write a table row, each paragraph of its cells as a line."""
    tracked = [row.find(f"{W}trPr/{W}{name}") for name in ("del", "ins")]
    own = next((_stamp(mark) for mark in tracked if mark is not None), stamp)
    for cell in _inside(row, W + "tc"):
        marks = [cell.find(f"{W}tcPr/{W}{name}") for name in ("cellDel", "cellIns")]
        kinds: tuple[TrackedKind, ...] = ("delete", "insert")
        of_cell = (_stamp(m, k) for m, k in zip(marks, kinds, strict=True) if m is not None)
        _blocks(cell, story, next(of_cell, own))


def _paragraph(paragraph: Element, story: _Story, stamp: Stamp | None) -> None:
    style = value(paragraph, "pPr", "pStyle")
    label = story.numbering.label(paragraph)
    if style in story.styles.contents:
        return
    writer, goes_on = story.writer, story.writer.place > 0
    outline = value(paragraph, "pPr", "outlineLvl")
    own = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else 0
    writer.begin(own or story.styles.levels.get(style, 0), style in story.styles.titles)
    if label and not goes_on and _has_text(paragraph):
        writer.add(label, stamp)
    start = writer.place
    _inline(paragraph, story, stamp)
    restyled = paragraph.find(f"{W}pPr/{W}pPrChange")
    if restyled is not None:
        writer.restyled(_stamp(restyled, "format") or Stamp("format", "", ""), start)
    ends = True
    for name in ("ins", "moveTo", "del", "moveFrom"):
        mark = paragraph.find(f"{W}pPr/{W}rPr/{W}{name}")
        made = None if mark is None else _stamp(mark)
        if made is not None:
            writer.mark(made)
            ends = ends and name in ("ins", "moveTo")
    if ends:
        writer.end_line()
        _write_aside(story)


def _has_text(paragraph: Element) -> bool:
    """Return whether some of a paragraph's text stands: then its number does, too."""
    runs = paragraph.iter(W + "r")
    return any(run.find(W + "t") is not None and not _struck(run) for run in runs)


def _struck(run: Element) -> bool:
    return any(is_on(run.find(f"{W}rPr/{W}{name}")) for name in ("strike", "dstrike"))


def _write_aside(story: _Story) -> None:
    """Write text boxes and notes met in a paragraph, after it."""
    boxes, story.aside = story.aside, []
    for box in boxes:
        story.told.boxes = True
        _blocks(box, story)
        story.writer.end_line()
    pending, story.noted = story.noted, []
    for text in pending:
        story.writer.begin(0, False)
        story.writer.add(text)
        story.writer.end_line()


def _inline(element: Element, story: _Story, stamp: Stamp | None) -> None:
    """Write the runs of a paragraph, a hyperlink, a field or a content control."""
    for child in element.iterchildren():
        tag = str(child.tag)
        if tag == W + "r":
            _run(child, story, stamp)
        elif tag == MC + "AlternateContent":
            _inline(shown_of(child), story, stamp)
        elif tag == W + "commentRangeStart":
            story.writer.open_comment(child.get(W + "id") or "")
        elif tag == W + "commentRangeEnd":
            story.writer.close_comment(child.get(W + "id") or "")
        elif tag == _MATH + "t":
            story.writer.add(child.text or "", stamp)
        elif tag not in _UNSEEN:
            _inline(child, story, _stamp(child) or stamp)


def _run(run: Element, story: _Story, stamp: Stamp | None) -> None:
    if is_on(run.find(f"{W}rPr/{W}vanish")):
        story.told.hidden = True
        return
    if _struck(run) and (stamp is None or stamp.kind not in GONE):
        stamp, story.told.struck = _STRUCK, True
    start = story.writer.place
    for child in run.iterchildren():
        _run_child(child, run, story, stamp)
    restyled = run.find(f"{W}rPr/{W}rPrChange")
    if restyled is not None:
        made = _stamp(restyled, "format")
        if made is not None:
            story.writer.restyled(made, start)


def _run_child(child: Element, run: Element, story: _Story, stamp: Stamp | None) -> None:
    tag = str(child.tag)
    if tag in _TEXTS:
        story.writer.add(_text(child.text or "", run, story), stamp)
    elif tag in _SIGNS:
        story.writer.add(_SIGNS[tag], stamp)
    elif tag == W + "sym":
        sign = symbol(child.get(W + "font") or "", child.get(W + "char") or "")
        story.told.unknown += not sign
        story.writer.add(sign or "□", stamp)
    elif tag == W + "commentReference":
        story.writer.close_comment(child.get(W + "id") or "")
    elif tag in (W + "footnoteReference", W + "endnoteReference"):
        note = story.notes.get((tag, child.get(W + "id") or ""), "")
        if note:
            story.note_count += 1
            story.noted.append(f"注{story.note_count}：{note}")
    elif tag in (W + "drawing", W + "pict", W + "object", MC + "AlternateContent"):
        shown = shown_of(child) if tag == MC + "AlternateContent" else child
        story.told.pictures += any(True for _ in shown.iter(*_PICTURES))
        story.aside += _boxes(shown)


def _text(text: str, run: Element, story: _Story) -> str:
    made, unknown, is_plain = text_of_run(text, run)
    story.told.unknown += unknown
    if is_plain:
        story.told.raised.append(text.strip())
    return made


def _boxes(element: Element) -> Iterator[Element]:
    """Yield the text boxes of a drawing; those within one are met when it is read."""
    for child in element.iterchildren():
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag == MC + "AlternateContent":
            yield from _boxes(shown_of(child))
        else:
            yield from _boxes(child)
