"""Exported files hold the whole draft, in order, and look like an official document."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.errors import ExportError
from drafter.export import (
    EXPORTERS,
    WordChoice,
    docx_of,
    paragraphs,
    paragraphs_of_text,
    to_docx,
    to_md,
    to_txt,
)
from drafter.types import Draft
from tests.export_cases import REPORT, W, part, section

DRAFT = Draft(
    "某局党组书记2026年度抓基层党建工作述职报告",
    2026,
    (
        section("S1", "", 1, "导语", "现将履职情况报告如下。"),
        section("S2", "履职情况", 1, "成效", ""),
        section(
            "S3",
            "扛牢主体责任，层层压实担子",
            2,
            "成效",
            "一是召开党组会12次。\n二是签订“责任书”8份……",
        ),
        section("S4", "深化理论武装，把牢政治方向", 2, "成效", "集中学习14次。"),
        section(
            "S5", "存在的问题", 1, "问题", "理论学习的深度不够。\r\n\r\n　　组织生活质量不高。"
        ),
        section("S6", "下一步打算", 1, "打算", ""),
        section("S7", "压紧责任链条，增强抓建合力", 2, "打算", "每季度召开1次专题会。"),
        section("S8", "", 1, "结语", "以上报告，请予评议。"),
    ),
)
LINES = [
    "某局党组书记2026年度抓基层党建工作述职报告",
    "现将履职情况报告如下。",
    "一、履职情况",
    "（一）扛牢主体责任，层层压实担子",
    "一是召开党组会12次。",
    "二是签订“责任书”8份……",
    "（二）深化理论武装，把牢政治方向",
    "集中学习14次。",
    "二、存在的问题",
    "理论学习的深度不够。",
    "组织生活质量不高。",
    "三、下一步打算",
    "（一）压紧责任链条，增强抓建合力",
    "每季度召开1次专题会。",
    "以上报告，请予评议。",
]


def read_back(data: bytes) -> list[str]:
    import docx

    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs if p.text]


def test_word_holds_the_draft_in_order() -> None:
    assert read_back(to_docx(DRAFT)) == LINES


def test_txt_and_md_hold_the_draft_in_order() -> None:
    txt = to_txt(DRAFT).decode("utf-8")
    assert [line.strip() for line in txt.splitlines() if line.strip()] == LINES
    md = to_md(DRAFT).decode("utf-8")
    assert [re.sub("^#+ ", "", line) for line in md.splitlines() if line] == LINES
    assert "\n## 一、履职情况\n" in md
    assert "\n### （一）扛牢主体责任" in md


def test_markdown_does_not_read_the_text_as_markup() -> None:
    text = "**年发展党员*名，占[X]_x_\n# 不是标题\n1. 不是列表\n- 也不是\n<b>`代码`</b>"
    md = to_md(Draft("", None, (section("S1", "", 1, "导语", text),))).decode("utf-8")
    assert md.split("\n\n") == [
        "\\*\\*年发展党员\\*名，占\\[X\\]\\_x\\_",
        "\\# 不是标题",
        "1\\. 不是列表",
        "\\- 也不是",
        "\\<b\\>\\`代码\\`\\</b\\>\n",
    ]


def test_word_uses_real_styles_and_the_fonts_of_official_documents() -> None:
    import docx

    document = docx.Document(io.BytesIO(to_docx(REPORT)))
    styles = [p.style.name for p in document.paragraphs]
    assert styles == [
        *("Title", "Subtitle", "Salutation", "Body Text", "Heading 1", "Heading 2"),
        *("Body Text", "Body Text", "Heading 2", "Heading 3", "Body Text", "Heading 4"),
        *("Body Text", "Heading 3", "Body Text", "Heading 1", "Body Text", "Heading 1"),
        *("Body Text", "Body Text", "Signature", "Date"),
    ]
    expected = {
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Heading 3": ("仿宋_GB2312", 16),
        "Heading 4": ("仿宋_GB2312", 16),
        "Body Text": ("仿宋_GB2312", 16),
        "Normal": ("仿宋_GB2312", 16),
    }
    for name, (font, size) in expected.items():
        style = document.styles[name]
        fonts = style.element.rPr.rFonts
        assert {fonts.get(f"{W}{slot}") for slot in ("eastAsia", "ascii", "hAnsi")} == {font}
        assert style.font.size.pt == size
        assert not style.font.bold
    levels = [
        document.styles[f"Heading {n}"].element.pPr.find(f"{W}outlineLvl").get(f"{W}val")
        for n in (1, 2, 3, 4)
    ]
    assert levels == ["0", "1", "2", "3"]
    body = document.styles["Body Text"].element.pPr
    assert body.find(f"{W}ind").get(f"{W}firstLineChars") == "200"
    assert body.find(f"{W}spacing").get(f"{W}line") == "579"


def test_the_page_is_that_of_the_standard() -> None:
    import docx

    data = to_docx(DRAFT)
    page = docx.Document(io.BytesIO(data)).sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(side.mm, 1) for side in margins] == [37, 35, 28, 26]
    grid = page._sectPr.find(f"{W}docGrid")
    assert grid.get(f"{W}type") == "linesAndChars"
    lines = (297 - 37 - 35) / 25.4 * 72 / (int(grid.get(f"{W}linePitch")) / 20)
    characters = 156 / 25.4 * 72 / (16 + int(grid.get(f"{W}charSpace")) / 4096)
    assert (int(lines), int(characters)) == (22, 28)
    assert "PAGE" in page.footer._element.xml and "PAGE" in page.even_page_footer._element.xml
    assert "evenAndOddHeaders" in part(data, "word/settings.xml")


def test_chinese_quotes_and_dashes_are_in_the_chinese_font_and_a_latin_apostrophe_is_not() -> None:
    import docx

    text = "签订“责任书”——压实……don’t"
    data = to_docx(
        Draft("", None, (section("S1", "", 1, "导语", text),)), WordChoice(number_font="A")
    )
    runs = docx.Document(io.BytesIO(data)).paragraphs[0].runs
    hinted = [run.text for run in runs if "eastAsia" in run._element.xml.split("<w:t")[0]]
    assert hinted == ["“", "”——", "……"]
    assert "".join(run.text for run in runs) == text


def test_numbers_take_the_font_asked_for_but_title_and_page_number_keep_their_own() -> None:
    import docx

    styles = docx.Document(
        io.BytesIO(to_docx(DRAFT, WordChoice(number_font="Times New Roman")))
    ).styles
    fonts = {
        name: styles[name].element.rPr.rFonts.get(f"{W}ascii")
        for name in ("Body Text", "Heading 1", "Title", "Footer")
    }
    assert fonts == {
        "Body Text": "Times New Roman",
        "Heading 1": "Times New Roman",
        "Title": "方正小标宋简体",
        "Footer": "宋体",
    }


def test_the_wide_page_has_its_own_spacing_and_no_grid() -> None:
    import docx

    document = docx.Document(io.BytesIO(to_docx(DRAFT, WordChoice(profile="wide"))))
    assert document.styles["Body Text"].paragraph_format.line_spacing.pt == 30
    assert document.sections[0]._sectPr.find(f"{W}docGrid") is None
    with pytest.raises(ExportError, match="gbt9704、wide"):
        to_docx(DRAFT, WordChoice(profile="没有"))


def test_what_a_line_is() -> None:
    kinds = [
        (paragraph.kind, paragraph.full[: paragraph.lead])
        for paragraph in paragraphs_of_text(
            "某某局党组\n2026年工作总结\n各位领导：\n一、成效\n（一）抓学习。支部学习12次。\n"
            "1. 抓阵地\n新建2间。\n1.改造活动室\n2.新增图书\n3.2026年完成。\n一、二季度持平。\n"
            "（1）办好实事\n实事8件。\n附件：清单"
        )
    ]
    assert kinds == [
        *(("title", ""), ("title", ""), ("salutation", ""), ("heading1", "")),
        ("body", "（一）抓学习。"),
        *(("heading3", ""), ("body", ""), ("body", ""), ("body", ""), ("body", "")),
        *(("body", ""), ("heading4", ""), ("body", ""), ("body", "")),
    ]


@pytest.mark.parametrize("draft", [DRAFT, REPORT])
def test_out_and_in_again_the_text_stays_the_same(draft: Draft) -> None:
    from index.parse import read_text_bytes

    first = read_text_bytes("稿.docx", to_docx(draft))
    once = paragraphs_of_text(first)
    assert [(p.kind, p.full) for p in once] == [(p.kind, p.full) for p in paragraphs(draft)]
    again = read_text_bytes("稿.docx", docx_of(once))
    assert again == first
    assert paragraphs_of_text(again) == once


def test_word_names_no_person_and_no_machine() -> None:
    import docx

    data = to_docx(DRAFT)
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == DRAFT.title
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert b"python-docx" not in b"".join(archive.read(name) for name in archive.namelist())


def test_characters_no_file_can_hold_are_left_out() -> None:
    nasty = "好\x00\x0b的\ud800\ufffe文\x1f字\u2028下一行"
    draft = Draft(nasty, None, (section("S1", nasty, 1, "成效", nasty),))
    assert read_back(to_docx(draft)) == [
        "好的文字 下一行",
        "一、好的文字 下一行",
        "好的文字",
        "下一行",
    ]
    for export in EXPORTERS.values():
        assert export(draft)


def test_an_empty_draft_is_a_file_all_the_same() -> None:
    assert read_back(to_docx(Draft("", None, ()))) == []
    assert to_txt(Draft("", None, ())) == b""


@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.text(max_size=20), st.integers(1, 2), st.text(max_size=80)), max_size=5),
)
def test_any_text_can_be_exported(title: str, rows: list[tuple[str, int, str]]) -> None:
    parts = tuple(
        section(f"S{number}", heading, level, "成效", text)
        for number, (heading, level, text) in enumerate(rows)
    )
    draft = Draft(title, None, parts)
    in_word = "".join("".join(read_back(to_docx(draft))).split())
    assert in_word == "".join(to_txt(draft).decode("utf-8").split())
    assert to_md(draft).decode("utf-8") is not None


@pytest.mark.office
def test_libreoffice_shows_every_heading_and_page_number(tmp_path: Path) -> None:
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("LibreOffice or pdftotext is not installed")
    source = tmp_path / "述职 报告.docx"
    source.write_bytes(to_docx(DRAFT))
    subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    shown = subprocess.run(
        [reader, str(source.with_suffix(".pdf")), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode("utf-8")
    flat = "".join(shown.split())
    positions = [flat.find("".join(line.split())) for line in LINES]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert "—1—" in flat
