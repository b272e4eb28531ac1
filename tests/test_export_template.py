"""An office's template: its styles and page are used, its people and links are left out."""

import io
import re
import zipfile
from collections.abc import Mapping

import pytest

from drafter.errors import ExportError
from drafter.export import (
    Author,
    WordChoice,
    docx_of,
    paragraphs,
    paragraphs_of_text,
    to_docx,
    to_redline,
)
from index.parse import read_text_bytes
from tests.export_cases import REPORT, W, part, resolve, texts

REPORT_LINES = [paragraph.full for paragraph in paragraphs(REPORT)]


def with_parts(data: bytes, changed: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in {**dict.fromkeys(old.namelist()), **changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return out.getvalue()


def office_template() -> bytes:
    """A template as Word writes one: styles of its own by name, a head, a placeholder, people."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    document = docx.Document()
    for name, size in (("公文标题", 24), ("公文正文", 15), ("公文一级标题", 15)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size = Pt(size)
    document.sections[0].top_margin = Mm(33)
    document.sections[0].header.paragraphs[0].text = "某某局文件"
    document.add_paragraph("内部资料")
    document.add_paragraph("{{正文}}")
    document.add_paragraph("抄送：某某科")
    document.core_properties.author = "起草人甲"
    out = io.BytesIO()
    document.save(out)
    types = part(out.getvalue(), "[Content_Types].xml")
    return with_parts(
        out.getvalue(),
        {
            "[Content_Types].xml": types.replace(".document.main+xml", ".template.main+xml"),
            "word/_rels/settings.xml.rels": (
                '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.'
                'openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http:'
                "//schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
                '" Target="http://elsewhere.example/t.dotm" TargetMode="External"/></Relationships>'
            ),
        },
    )


def test_a_template_gives_its_styles_page_and_head() -> None:
    import docx

    data = to_docx(REPORT, WordChoice(template=office_template()))
    document = docx.Document(io.BytesIO(data))
    shown = {p.text: p.style.name for p in document.paragraphs}
    assert [p.text for p in document.paragraphs] == ["内部资料", *REPORT_LINES, "抄送：某某科"]
    assert shown[REPORT.title] == "公文标题"
    assert shown["一、履职情况"] == "公文一级标题"
    assert shown["现将履职情况报告如下，请评议。"] == "公文正文"
    assert shown["（一）扛牢主体责任，层层压实担子"] == "Heading 2"
    assert document.styles["公文标题"].font.size.pt == 24
    assert round(document.sections[0].top_margin.mm) == 33
    assert document.sections[0].header.paragraphs[0].text == "某某局文件"


def test_what_the_template_lacks_comes_from_the_profile() -> None:
    import docx

    data = to_docx(REPORT, WordChoice(template=office_template()))
    document = docx.Document(io.BytesIO(data))
    names = {p.text: p.style for p in document.paragraphs}
    assert names["2026年12月20日"].name == "Date"
    assert names["2026年12月20日"].base_style.name == "公文正文"
    body = names["现将履职情况报告如下，请评议。"]
    assert body.element.pPr is None or body.element.pPr.find(f"{W}ind") is None
    plain = next(p for p in document.paragraphs if p.style.name == "公文正文")
    assert plain._p.pPr.find(f"{W}ind").get(f"{W}firstLineChars") == "200"


def test_nobody_and_no_place_elsewhere_is_named() -> None:
    data = to_docx(REPORT, WordChoice(template=office_template()))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist()).decode(
            "utf-8", "replace"
        )
    assert "起草人甲" not in everything
    assert "elsewhere.example" not in everything
    assert ".template.main" not in part(data, "[Content_Types].xml")


def test_a_template_without_a_placeholder_keeps_none_of_its_text() -> None:
    template = docx_of(paragraphs_of_text("样文标题总结\n样文正文一段。"))
    data = to_docx(REPORT, WordChoice(template=template))
    assert read_text_bytes("稿.docx", data).split("\n") == REPORT_LINES
    assert re.search("<w:sectPr", part(data, "word/document.xml"))


def test_changes_are_tracked_in_a_template_too() -> None:
    new = paragraphs(REPORT)
    old = (*new[:3], *new[5:])
    choice = WordChoice(template=office_template())
    data = to_redline(new, old, Author(), choice)
    assert texts(resolve(data, accept=True))[1:-1] == [p.full for p in new]
    assert texts(resolve(data, accept=False))[1:-1] == [p.full for p in old]


GOOD = to_docx(REPORT)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "已损坏"),
        (b"PK\x03\x04" + b"\x00" * 60, "已损坏"),
        (GOOD[: len(GOOD) // 2], "已损坏"),
        (with_parts(GOOD, {"word/vbaProject.bin": "x"}), "宏"),
        (with_parts(GOOD, {"word/document.xml": "<w"}), "已损坏"),
        (with_parts(GOOD, {"word/document.xml": "<a/>"}), "严格"),
        (with_parts(GOOD, {"word/styles.xml": "<a/>"}), "严格"),
        (with_parts(GOOD, {"word/styles.xml": "<!DOCTYPE a><a/>"}), "已损坏"),
    ],
)
def test_what_is_no_template_is_refused_in_chinese(data: bytes, said: str) -> None:
    with pytest.raises(ExportError, match=said) as refused:
        to_docx(REPORT, WordChoice(template=data))
    assert "另存为" in refused.value.hint
