"""A docx is read as a person sees it: accepted changes, notes, boxes, no table of contents."""

import pytest

from index.parse import read_file_bytes, read_text_bytes
from tests.nasty import PACKAGE, W, docx, links, paragraph, zipped

BOX = (
    '<w:p><w:r><w:t>一、履职</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps">'
    "<w:drawing><w:txbxContent>{inside}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback>"
    "<w:pict><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r><w:r><w:t>情况</w:t></w:r></w:p>"
)


def lines(xml: str, **parts: bytes | str) -> list[str]:
    return read_text_bytes("a.docx", docx(xml, **parts)).split("\n")


def notes(kind: str, text: str) -> str:
    line = f'<w:{kind} w:type="separator" w:id="0">{paragraph("——")}</w:{kind}>'
    return (
        f'<w:{kind}s xmlns:w="{W}">{line}'
        f'<w:{kind} w:id="2">{paragraph(text)}</w:{kind}></w:{kind}s>'
    )


def test_a_text_box_comes_once_and_after_its_paragraph() -> None:
    inside = paragraph("提示一") + paragraph("提示二")
    assert lines(BOX.format(inside=inside) + paragraph("二、问题")) == [
        "一、履职情况", "提示一", "提示二", "二、问题",
    ]  # fmt: skip


def test_a_box_of_old_word_is_read_too() -> None:
    old = f"<v:textbox><w:txbxContent>{paragraph('旧框')}</w:txbxContent></v:textbox>"
    assert "旧框" in lines(f"<w:p><w:r><w:pict>{old}</w:pict></w:r></w:p>")


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_follows_the_paragraph_it_belongs_to(kind: str) -> None:
    xml = (
        f'<w:p><w:r><w:t>学习12次</w:t></w:r><w:r><w:{kind}Reference w:id="2"/></w:r>'
        f"<w:r><w:t>。</w:t></w:r></w:p>{paragraph('二、问题')}"
    )
    parts = {f"{kind}s": notes(kind, "含专题研讨4次")}
    assert lines(xml, **parts) == ["学习12次。", "注1：含专题研讨4次", "二、问题"]


def test_a_deleted_paragraph_end_joins_what_it_parted() -> None:
    deleted = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    assert lines(paragraph("坚持每月", deleted) + paragraph("学习。")) == ["坚持每月学习。"]
    gone = f"<w:p>{deleted}<w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
    assert lines(paragraph("甲") + gone + paragraph("乙")) == ["甲", "乙"]


def test_moved_text_stands_where_it_was_moved_to() -> None:
    moved = (
        "<w:p><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:r><w:t>甲</w:t></w:r></w:p>"
        "<w:p><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo></w:p>"
    )
    assert lines(moved) == ["甲", "移来"]


def test_a_deleted_row_is_not_read() -> None:
    row = "<w:tr>{mark}<w:tc>{text}</w:tc></w:tr>"
    kept, gone = (
        row.format(mark="", text=paragraph("留下")),
        row.format(mark="<w:trPr><w:del/></w:trPr>", text=paragraph("删去")),
    )
    assert lines(f"<w:tbl>{kept}{gone}</w:tbl>") == ["留下"]


def test_contents_hidden_words_and_field_codes_are_not_text() -> None:
    style = '<w:style w:styleId="10"><w:name w:val="toc 1"/></w:style>'
    styles = f'<w:styles xmlns:w="{W}">{style}</w:styles>'
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    xml = (
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr>"
        f"<w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
        + paragraph("一、履职情况 3", '<w:pPr><w:pStyle w:val="10"/></w:pPr>')
        + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        + "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>正文</w:t></w:r></w:p>"
        + "<w:sdt><w:sdtContent>" + paragraph("控件里的字") + "</w:sdtContent></w:sdt>"
    )  # fmt: skip
    assert lines(xml, styles=styles) == ["正文", "控件里的字"]


def cell(*texts: str, span: int = 1) -> str:
    wide = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else ""
    return f"<w:tc>{wide}{''.join(map(paragraph, texts))}</w:tc>"


def test_cells_keep_their_columns() -> None:
    table = (
        f"<w:tbl><w:tr>{cell('合计', span=2)}{cell('36')}</w:tr>"
        f"<w:tr>{cell('党课')}{cell()}{cell('4')}</w:tr></w:tbl>"
    )
    assert lines(table) == ["合计\t\t36", "党课\t\t4"]


def test_a_fact_sheet_keeps_a_row_one_line_and_prose_under_its_label() -> None:
    long = "召开党组会专题研究党建工作" * 12
    table = (
        f"<w:tbl><w:tr>{cell('1')}{cell(long)}{cell('甲', '乙')}</w:tr>"
        f"<w:tr>{cell('存在问题')}{cell('学习不深。', '载体不多。')}</w:tr></w:tbl>"
    )
    text = read_text_bytes("a.docx", docx(table), markdown=False)
    assert text.split("\n") == [f"1\t{long}\t甲；乙", "【存在问题】", "学习不深。", "载体不多。"]
    assert long in lines(table)  # as a report, cell by cell


def test_a_web_page_inside_a_docx_is_read() -> None:
    page = "<html><body><h1>述职报告</h1><p>学习12次。</p></body></html>"
    data = zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": links(("officeDocument", "word/document.xml")),
            "word/document.xml": (
                f'<w:document xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/'
                'officeDocument/2006/relationships"><w:body><w:altChunk r:id="r1"/></w:body>'
                "</w:document>"
            ),
            "word/_rels/document.xml.rels": links(("aFChunk", "part.html")),
            "word/part.html": page,
        }
    )
    assert PACKAGE and read_text_bytes("a.docx", data) == "述职报告\n学习12次。"


def test_a_person_is_told_that_macros_were_not_run() -> None:
    reading = read_file_bytes("a.docm", docx(None, vbaProject="x"))
    assert "宏没有运行" in "".join(reading.notes)
