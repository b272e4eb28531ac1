"""PDF lines become paragraphs again; page numbers and running heads go."""

from index.parse import read_file_bytes, read_text_bytes
from tests.nasty import pdf, report_pdf

LINE = (
    "坚持每月召开支部委员会研究党建工作压实责任抓好落实清单"  # 26 characters: a full line of 416 pt
)


def test_a_paragraph_set_over_lines_and_pages_is_one() -> None:
    first = [
        (122.0, 700.0, 16.0, LINE[:24]),
        (90.0, 671.0, 16.0, LINE[:26]),
        (280.0, 40.0, 14.0, "- 1 -"),
    ]
    second = [
        (90.0, 700.0, 16.0, "到此为止。"),
        (122.0, 671.0, 16.0, "下一段。"),
        (280.0, 40.0, 14.0, "- 2 -"),
    ]
    assert read_text_bytes("a.pdf", pdf([first, second])) == "\n".join(
        [LINE[:24] + LINE[:26] + "到此为止。", "下一段。"]
    )


def test_a_running_head_goes_and_the_title_stays() -> None:
    title = "清源区农业局述职报告"
    pages = [
        [(200.0, 800.0, 9.0, title), *([(150.0, 740.0, 22.0, title)] if page == 0 else []),
         (122.0, 600.0 - page, 16.0, f"第{'一二三四'[page]}页的话。")]
        for page in range(4)
    ]  # fmt: skip
    assert read_text_bytes("a.pdf", pdf(pages)).split("\n") == [
        title, "第一页的话。", "第二页的话。", "第三页的话。", "第四页的话。",
    ]  # fmt: skip


def test_headings_begin_a_line_of_their_own() -> None:
    text = read_text_bytes("a.pdf", report_pdf(2))
    assert text.count("\n一、履职情况\n（一）抓学习。") == 2
    assert "— 1 —" not in text


def test_a_page_that_is_a_picture_is_named() -> None:
    words = [(90.0, 700.0, 16.0, "坚持每月召开支部委员会。")]
    reading = read_file_bytes("a.pdf", pdf([words, []], picture=True))
    assert reading.text == "坚持每月召开支部委员会。"
    assert "第 2 页是图片" in reading.notes[0]
