"""The exported page, measured: a report through LibreOffice to PDF, boxes read with pdfplumber.

What is measured is what GB/T 9704-2012 asks for, in millimetres and points. LibreOffice, like Word
by default, hangs a mark that would begin a line into the margin; that mark is not counted.
DRAFTER_SCREENSHOTS=1 makes the picture of it anew.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from drafter.export import Author, WordChoice, paragraphs, to_docx, to_redline
from drafter.types import Draft
from tests.conftest import ROOT
from tests.export_cases import HEADINGS, REPORT, long_report
from tests.office import to_pdf
from tests.page_pictures import draw_measures

pytestmark = pytest.mark.office

MM = 72 / 25.4
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, 262 * MM, 28 * MM, 184 * MM  # of the type area of 156 x 225
CLOSING, OPENING = "，、；：。！？）》”’", "（《“‘"
WIDE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”…—]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on a page, in points from the page's upper left corner.

    A mark that hangs into the margin is left out.
    """

    text: str
    left: float
    right: float
    baseline: float
    fonts: frozenset[str]
    sizes: frozenset[float]


@dataclass(frozen=True, slots=True)
class Page:
    width: float
    height: float
    lines: tuple[Line, ...]
    footer: Line


def read_pages(path: Path) -> tuple[Page, ...]:
    pdfplumber = pytest.importorskip("pdfplumber", reason="pdfplumber reads the boxes of a PDF")
    with pdfplumber.open(path) as pdf:
        return tuple(read_page(page) for page in pdf.pages)


def read_page(page: Any) -> Page:
    rows: dict[int, list[Any]] = {}
    for character in page.chars:
        rows.setdefault(round(page.height - character["matrix"][5]), []).append(character)
    lines = [read_line(page, rows[place]) for place in sorted(rows)]
    return Page(float(page.width), float(page.height), tuple(lines[:-1]), lines[-1])


def read_line(page: Any, characters: list[Any]) -> Line:
    hangs = characters[-1]["x0"] > RIGHT - 8 and characters[-1]["text"] in CLOSING
    characters = characters[:-1] if hangs else characters
    inked = [c for c in characters if c["text"].strip()]
    return Line(
        "".join(c["text"] for c in characters),
        min(c["x0"] for c in inked),
        max(c["x1"] for c in inked),
        float(page.height - characters[0]["matrix"][5]),
        frozenset(c["fontname"].partition("+")[2] for c in inked),
        frozenset(round(c["size"], 1) for c in inked),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, ...]:
    folder = tmp_path_factory.mktemp("office")
    source = folder / "述职 报告.docx"
    source.write_bytes(to_docx(long_report()))
    pdf = to_pdf(source, folder)
    if os.environ.get("DRAFTER_SCREENSHOTS") == "1":
        draw_measures(pdf, (2, 3), ROOT / "docs" / "export" / "05-版心行格和页码位置.png")
    return read_pages(pdf)


def body_lines(pages: tuple[Page, ...]) -> Iterator[Line]:
    for page in pages:
        yield from page.lines


def find(pages: tuple[Page, ...], text: str) -> Line:
    return next(line for line in body_lines(pages) if text in line.text)


def test_it_has_five_pages_of_a4(report: tuple[Page, ...]) -> None:
    assert len(report) >= 5
    for page in report:
        assert (round(page.width / MM), round(page.height / MM)) == (210, 297)


def test_a_page_has_twenty_two_lines_evenly_spaced(report: tuple[Page, ...]) -> None:
    assert {len(page.lines) for page in report[1:-1]} == {22}
    # The first page has the title's two lines, and one empty line under it.
    assert len(report[0].lines) == 21
    for page in report[1:-1]:
        steps = [b.baseline - a.baseline for a, b in pairwise(page.lines)]
        assert all(abs(step - 28.95) < 0.15 for step in steps)


def test_the_lines_fill_the_height_of_the_type_area(report: tuple[Page, ...]) -> None:
    """225 mm hold 22 lines: none is left over above the first or under the last."""
    for page in report[1:-1]:
        above, below = page.lines[0].baseline - TOP, BOTTOM - page.lines[-1].baseline
        assert 14 < above < 28.95 and 0 < below < 28.95 - 14
    assert len({round(page.lines[0].baseline) for page in report[1:]}) == 1


def test_all_text_stands_inside_the_type_area(report: tuple[Page, ...]) -> None:
    for page in report:
        for line in page.lines:
            assert line.left > LEFT - 0.5 and line.right < RIGHT + 0.5, line.text
            assert TOP + 10 < line.baseline < BOTTOM, line.text
    full = [line for line in body_lines(report) if len(line.text) == 28]
    assert min(line.left for line in full) - LEFT < 1.5
    assert RIGHT - max(line.right for line in full) < 2.5


def test_a_full_line_has_twenty_eight_characters(report: tuple[Page, ...]) -> None:
    """Fewer only where a mark or a number may not be parted from what follows, more never."""
    lines = list(body_lines(report))
    counted: list[int] = []
    for line, after in pairwise(lines):
        whole = WIDE.fullmatch(line.text) and after.left < LEFT + 5 and line.right > RIGHT - 20
        if not whole or line.left > LEFT + 5:
            continue
        pulled = after.text[1:2] in tuple(CLOSING) or after.text[:1] in tuple("—…“《")
        moved = pulled or re.match(r"\d", after.text) is not None
        assert len(line.text) == 28 or (len(line.text) in (26, 27) and moved), line.text
        counted.append(len(line.text))
    assert len(counted) > 15 and counted.count(28) > len(counted) * 0.6


def test_paragraphs_begin_two_characters_in_and_the_salutation_at_the_edge(
    report: tuple[Page, ...],
) -> None:
    for text in (
        "一、履职情况",
        "（一）扛牢主体责任",
        "1. 健全制度",
        "（1）分层落实",
        "现将履职情况",
    ):
        assert abs(find(report, text).left - LEFT - 32) < 2.5, text
    assert abs(find(report, "各位领导").left - LEFT) < 2


def test_the_title_breaks_between_words_and_is_centred(report: tuple[Page, ...]) -> None:
    first, second = report[0].lines[:2]
    assert (first.text, second.text) == (REPORT.title[:14], REPORT.title[14:])
    for line in (first, second):
        assert abs((line.left + line.right) / 2 - (LEFT + RIGHT) / 2) < 4


def test_page_numbers_are_outside_one_character_in_seven_millimetres_down(
    report: tuple[Page, ...],
) -> None:
    for number, page in enumerate(report, start=1):
        assert page.footer.text == f"— {number} —"
        # A dash stands 0.38 of its size above the line (any Chinese font's middle).
        assert abs((page.footer.baseline - 0.38 * 14 - BOTTOM) / MM - 7) < 0.5
        if number % 2:
            assert abs(RIGHT - page.footer.right - 14) < 1.5
        else:
            assert abs(page.footer.left - LEFT - 14) < 1.5


def test_signature_and_date_stand_where_the_standard_puts_them(report: tuple[Page, ...]) -> None:
    closing, signer, date = list(body_lines(report))[-3:]
    assert abs(RIGHT - signer.right - 2 * 15.7) < 2.5
    assert abs(date.left - signer.left - 2 * 15.7) < 3
    assert abs(signer.baseline - closing.baseline - 2 * 28.95) < 0.3
    assert abs(date.baseline - signer.baseline - 28.95) < 0.3


def test_every_heading_is_there_in_order(report: tuple[Page, ...]) -> None:
    shown = "".join(line.text for line in body_lines(report))
    names = [name for heading, under in HEADINGS for name in (heading, *under)]
    places = [shown.find(name) for name in names]
    assert -1 not in places and places == sorted(places)


def test_the_wide_page_has_thirty_points_a_line(tmp_path: Path) -> None:
    source = tmp_path / "wide.docx"
    source.write_bytes(to_docx(long_report(), WordChoice("wide", "Times New Roman")))
    pages = read_pages(to_pdf(source, tmp_path))
    steps = [b.baseline - a.baseline for a, b in pairwise(pages[1].lines)]
    assert all(abs(step - 30) < 0.15 for step in steps)
    assert len(pages[1].lines) == 21


def test_the_file_is_valid_by_the_schema(tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit validates Word files")
    template = to_docx(REPORT)
    files = {
        "draft": to_docx(long_report()),
        "wide": to_docx(REPORT, WordChoice("wide", "Times New Roman")),
        "template": to_docx(REPORT, WordChoice(template=template)),
        "redline": to_redline(paragraphs(REPORT)[3:], paragraphs(REPORT)[:-4], Author()),
        "empty": to_docx(Draft("", None, ())),
    }
    for name, data in files.items():
        path = tmp_path / f"{name}.docx"
        path.write_bytes(data)
        result = audit.OpenXmlValidator().validate(path)
        assert result.is_valid, (name, [str(error) for error in result.errors][:5])
