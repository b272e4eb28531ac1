"""Templates as offices have them: numbered headings, sections, a place that is no place."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from drafter.errors import ExportError
from drafter.export import Author, WordChoice, paragraphs, to_docx, to_redline
from drafter.export.pdf_of import can_make_pdf, pdf_of
from drafter.export.template import template_report
from drafter.returning import compare, read_edited
from drafter.returning.surroundings import Surroundings, without_surroundings
from index.parse import read_text_bytes
from tests.export_cases import REPORT, part, resolve, texts

LINES = [paragraph.full for paragraph in paragraphs(REPORT)]
PLACE = "{{正文}}"
SECTION = f"{qn('w:pPr')}/{qn('w:sectPr')}"
_LEVEL = (
    '<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
    '<w:pStyle w:val="{style}"/><w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def numbered_template(derived: bool = False) -> bytes:
    """A template whose headings Word numbers; `derived`: by a style that theirs rests on."""
    document = docx.Document()
    lists = document.part.numbering_part.element
    levels = _LEVEL.format(at=0, style="Heading1", text="%1、") + _LEVEL.format(
        at=1, style="Heading2", text="（%2）"
    )
    lists.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        ),
    )
    lists.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    for name, level in (("Heading 1", 0), ("Heading 2", 1)):
        style: Any = document.styles[name]
        style.element.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
            )
        )
        if derived:
            own = document.styles.add_style(
                {"Heading 1": "公文一级标题", "Heading 2": "公文二级标题"}[name], 1
            )
            own.base_style = style
    document.add_paragraph(PLACE)
    return saved(document)


@pytest.mark.parametrize("derived", [False, True])
def test_numbered_headings_are_not_numbered_twice(derived: bool) -> None:
    choice = WordChoice(template=numbered_template(derived))
    data = to_docx(REPORT, choice)
    assert read_text_bytes("稿.docx", data).split("\n") == LINES
    assert compare(REPORT, read_edited("稿.docx", data)).is_unchanged


@pytest.mark.office
@pytest.mark.skipif(not can_make_pdf(), reason="needs LibreOffice")
def test_the_printed_page_has_each_number_once() -> None:
    import pypdfium2

    made = pdf_of(to_docx(REPORT, WordChoice(template=numbered_template())))
    printed = "".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made)
    )
    plain = "".join(printed.split())
    for heading in (line for line in LINES if line[:1] in "一二三（" and len(line) < 24):
        assert "".join(heading.split()) in plain
    assert not any(twice in plain for twice in ("一、一、", "二、二、", "（一）（一）"))


def test_changes_of_style_are_tracked_without_the_numbers_of_the_template() -> None:
    new = paragraphs(REPORT)
    old = [p if p.kind != "heading2" else type(p)("body", "", p.full) for p in new]
    data = to_redline(new, old, Author(), WordChoice(template=numbered_template()))
    accepted, rejected = resolve(data, accept=True), resolve(data, accept=False)
    assert texts(accepted) == texts(rejected) == LINES
    heads = [layout for layout, _ in accepted if 'Heading1"' in layout or 'Heading2"' in layout]
    assert heads and all("numId" in head for head in heads)
    back = to_redline(old, new, Author(), WordChoice(template=numbered_template()))
    was = part(back, "word/document.xml").split("<w:pPrChange")[1:]
    assert was and all('<w:numId w:val="0"/>' in each.split("</w:pPrChange")[0] for each in was)


def sectioned_template(in_place: bool) -> bytes:
    """A cover, the place, a sheet set across; the middle section ends at the place itself."""
    document = docx.Document()
    document.add_paragraph("封面")
    place = document.add_paragraph(PLACE)
    sheet = document.add_section()
    body = document.element.body
    ending = next(p for p in body.iterchildren(qn("w:p")) if p.find(SECTION) is not None)
    if in_place:
        place._p.get_or_add_pPr().append(ending.find(SECTION))
        body.remove(ending)
    document.add_paragraph("附表")
    sheet.page_width, sheet.page_height = sheet.page_height, sheet.page_width
    return saved(document)


@pytest.mark.parametrize("in_place", [True, False])
def test_a_section_that_ends_at_the_place_ends_after_the_report(in_place: bool) -> None:
    choice = WordChoice(template=sectioned_template(in_place))
    new = paragraphs(REPORT)
    for data in (to_docx(REPORT, choice), to_redline(new, new[:-3], Author(), choice)):
        document = docx.Document(io.BytesIO(data))
        assert [s.page_width > s.page_height for s in document.sections] == [False, True]
        ends = [p.text for p in document.paragraphs if p._p.find(SECTION) is not None]
        assert len(ends) == 1
        order = [p.text for p in document.paragraphs]
        assert order.index("封面") < order.index(ends[0]) < order.index("附表")


def test_a_report_that_goes_on_across_a_section_comes_back_unchanged() -> None:
    data = to_docx(REPORT, WordChoice(template=sectioned_template(True)))
    read = without_surroundings(read_edited("稿.docx", data), [Surroundings(("封面",), ("附表",))])
    assert compare(REPORT, read).is_unchanged


@pytest.mark.parametrize("tracked", [False, True])
def test_such_files_are_valid(tmp_path: Path, tracked: bool) -> None:
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit validates Word files")
    new = paragraphs(REPORT)
    old = [p if p.kind != "heading2" else type(p)("body", "", p.full) for p in new[:-2]]
    for template in (numbered_template(True), sectioned_template(True)):
        place, choice = tmp_path / "稿.docx", WordChoice(template=template)
        place.write_bytes(
            to_redline(new, old, Author(), choice) if tracked else to_docx(REPORT, choice)
        )
        result = audit.OpenXmlValidator().validate(place)
        # A numId of 0 names no list: it takes the numbering away (ISO/IEC 29500-1, 17.9.18).
        wrong = [e for e in map(str, result.errors) if "document.xml" in e and "'0'" not in e]
        assert not wrong, wrong[:5]


def in_a_table(document: Any) -> None:
    document.add_table(1, 1).cell(0, 0).text = PLACE


def in_a_control(document: Any) -> None:
    paragraph = document.add_paragraph(PLACE)._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    paragraph.addprevious(control)
    content.append(paragraph)


def in_a_text_box(document: Any) -> None:
    run = document.add_paragraph().add_run()._r
    run.append(
        parse_xml(
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>'
            f"<w:txbxContent><w:p><w:r><w:t>{PLACE}</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></v:shape></w:pict>"
        )
    )


def beside_words(document: Any) -> None:
    document.add_paragraph(f"正文：{PLACE}")


@pytest.mark.parametrize(
    ("put", "where"),
    [
        (in_a_table, "在表格里"),
        (in_a_control, "在内容控件里"),
        (in_a_text_box, "在文本框里"),
        (beside_words, "与别的文字同在一段"),
    ],
)
def test_a_mark_where_no_text_can_go_is_named_and_nothing_dropped(put: Any, where: str) -> None:
    document = docx.Document()
    document.add_paragraph("某局文件")
    put(document)
    for use in (lambda d: to_docx(REPORT, WordChoice(template=d)), template_report):
        with pytest.raises(ExportError, match=where) as refused:
            use(saved(document))
        assert "单独成一段" in refused.value.hint
    document.add_paragraph(PLACE)
    report = template_report(saved(document))
    assert report.has_place and report.left == (where,)
    assert any(where in sentence for sentence in report.told())


def test_a_mark_split_into_runs_is_found() -> None:
    document = docx.Document()
    document.add_paragraph("某局文件")
    paragraph = document.add_paragraph("{{")
    paragraph.add_run("正")
    paragraph.add_run("文}}")
    shown = docx.Document(io.BytesIO(to_docx(REPORT, WordChoice(template=saved(document)))))
    assert [p.text for p in shown.paragraphs] == ["某局文件", *LINES]


def test_address_and_signature_are_set_as_the_template_sets_its_text() -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(11)
    document.add_paragraph(PLACE)
    data = to_docx(REPORT, WordChoice(template=saved(document)))
    shown = docx.Document(io.BytesIO(data))
    signed = [p for p in shown.paragraphs if p.text in LINES[-2:] or p.text.startswith("各位")]
    assert [p.style.name for p in signed] == ["Salutation", "Signature", "Date"]
    for paragraph in signed:
        style: Any = paragraph.style
        assert style.font.size is None and style.base_style.name in ("Normal", "Body Text")
        assert style.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "0"
    told = " ".join(template_report(saved(document)).told())
    assert "称谓、署名、成文日期没有样式，按模板的正文排" in told
