"""Which font and size each element of the exported page is set in, read from LibreOffice's PDF."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from drafter.export import WordChoice, to_docx
from tests.export_cases import REPORT, long_report
from tests.office import TOLD_APART, has_font, to_pdf
from tests.test_export_page import Page, body_lines, read_pages

pytestmark = pytest.mark.office

HEI, FANG = "NotoSans Regular", "NotoSerif Regular"
SONG, XIAOBIAO = "NotoSans Bold", "NotoSerif Bold"
KAI = "Kai" if has_font(TOLD_APART["楷体_GB2312"]) else SONG
DEJAVU = "DejaVuSansMono"
NUMBERS = "DejaVu Sans Mono"  # one that every machine with fontconfig has
# 3号 is 16 points, 2号 22, 4号 14 (GB/T 9704-2012, 5.2.2, 7.3.1, 7.3.3, 7.5).
ELEMENTS = {
    "title": ("某某区市场监督管理局党组书记", XIAOBIAO, 22),
    "title with numbers": ("2026年度抓基层党建工作述职报告", XIAOBIAO, 22),
    "byline": ("（2026年12月）", KAI, 16),
    "salutation": ("各位领导、同志们：", FANG, 16),
    "first level": ("一、履职情况", HEI, 16),
    "second level": ("（一）扛牢主体责任", KAI, 16),
    "third level": ("1. 健全制度", FANG, 16),
    "fourth level": ("（1）分层落实", FANG, 16),
    "body": ("把支部建在项目上", FANG, 16),
    "body with numbers and marks": ("形成“任务清单”8份——", FANG, 16),
    "signature": ("某某区市场监督管理局党组", FANG, 16),
    "date": ("2026年12月20日", FANG, 16),
}


def pages_of(folder: Path, choice: WordChoice) -> tuple[Page, ...]:
    """Return the pages of a long report that has a heading with text after it, too."""
    *rest, end = long_report().sections
    running_in = replace(REPORT.sections[4], heading="另一个问题")
    source = folder / "字体.docx"
    source.write_bytes(to_docx(replace(long_report(), sections=(*rest, running_in, end)), choice))
    return read_pages(to_pdf(source, folder, TOLD_APART))


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, ...]:
    return pages_of(tmp_path_factory.mktemp("fonts"), WordChoice())


@pytest.fixture(scope="module")
def with_numbers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, ...]:
    choice = WordChoice(number_font=NUMBERS)
    return pages_of(tmp_path_factory.mktemp("numbers"), choice)


def named(fonts: frozenset[str]) -> set[str]:
    """Return the families and weights behind the names that a PDF gives its fonts."""
    plain = {re.sub("CJK.*?-(Regular|Bold).*", r" \1", font) for font in fonts}
    return {"Kai" if "Kai" in font else font for font in plain}


def set_in(
    pages: tuple[Page, ...], text: str, *, last: bool = False
) -> tuple[set[str], set[float]]:
    """Return fonts and sizes of the first line that begins so, or of the last."""
    bare = text.replace(" ", "")
    lines = [line for line in body_lines(pages) if bare in line.text.replace(" ", "")]
    line = lines[-1 if last else 0]
    return named(line.fonts), set(line.sizes)


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_element_is_in_its_own_font_and_size(standard: tuple[Page, ...], element: str) -> None:
    text, font, size = ELEMENTS[element]
    last = element in ("signature", "date")
    assert set_in(standard, text, last=last) == ({font}, {float(size)})


def test_a_heading_with_text_after_it_changes_its_font_where_the_heading_ends(
    standard: tuple[Page, ...],
) -> None:
    assert set_in(standard, "学习不够深。结合实际不紧") == ({KAI, FANG}, {16.0})


def test_every_page_number_is_in_song_of_fourteen_points(standard: tuple[Page, ...]) -> None:
    assert len(standard) >= 5
    for page in standard:
        assert (named(page.footer.fonts), set(page.footer.sizes)) == ({SONG}, {14.0})


def test_numbers_take_the_chosen_font_in_the_text_and_not_in_title_and_page_number(
    with_numbers: tuple[Page, ...],
) -> None:
    assert set_in(with_numbers, "全年召开专题会12次")[0] == {FANG, DEJAVU}
    assert set_in(with_numbers, "把支部建在项目上")[0] == {FANG}
    assert set_in(with_numbers, "2026年度抓基层党建工作述职报告")[0] == {XIAOBIAO}
    assert named(with_numbers[0].footer.fonts) == {SONG}


def test_the_marks_of_chinese_text_stay_in_the_chinese_font(with_numbers: tuple[Page, ...]) -> None:
    """“ ” —— …… are in fonts for letters too, and would be taken from there."""
    line = next(line for line in body_lines(with_numbers) if "……" in line.text)
    digits = bool(re.search("[0-9A-Za-z]", line.text))
    assert named(line.fonts) == ({FANG, DEJAVU} if digits else {FANG})
