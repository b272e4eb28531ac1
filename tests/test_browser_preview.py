"""Preview, PDF and the office's template in a real Chromium, set by the real LibreOffice.

DRAFTER_SCREENSHOTS=1 makes the pictures anew.
"""

import io
from pathlib import Path
from typing import Any

import pytest

from drafter.export import to_docx
from drafter.types import Draft
from index.soffice import find_office
from tests.export_cases import SENTENCES
from tests.test_browser_findings import (
    PASTE,
    Desk,
    Served,
    served,  # noqa: F401 - a fixture
)
from tests.test_browser_story import (
    page,  # noqa: F401 - a fixture: Chromium, offline, with a clean console
    shot,
)

pytestmark = [pytest.mark.browser, pytest.mark.office]


@pytest.fixture
def address(served: Served) -> str:  # noqa: F811
    """Return where the page is, with a report of several pages already written."""
    if find_office() is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    doc = served.desk.create_document().id
    served.desk.save_paste(doc, PASTE)
    served.desk.make_plan(doc)
    for state in served.desk.sections(doc):
        text = "\n".join(SENTENCES) if state.section.fact_ids else "现将履职情况报告如下。"
        served.desk.save_text(doc, state.section.id, text, state.rev)
    return served.url


@pytest.fixture
def desk(served: Served, page: Any) -> Desk:  # noqa: F811
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator(".fact").first.wait_for()
    return Desk(served, page)


def red_headed_template() -> bytes:
    """Return a template as an office has one: the standard's page, a red head, a place for text."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    document = docx.Document(io.BytesIO(to_docx(Draft("", None, ()))))
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run("松岭区水务局文件")
    run.font.size, run.font.color.rgb = Pt(30), RGBColor(200, 30, 20)
    document.add_paragraph("{{正文}}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_what_will_be_printed_is_seen_before_it_is_exported(desk: Desk, tmp_path: Path) -> None:
    tab = desk.tab
    the_pages_are_shown(tab)
    shot(tab, "17-导出与打印预览")
    an_edit_makes_it_old(desk)
    a_pdf_is_downloaded(tab)
    a_template_is_added_and_removed(tab, tmp_path)


def open_files(tab: Any) -> None:
    tab.get_by_role("tab", name="导出与收回").click()
    tab.locator("#preview_make").wait_for()


def the_pages_are_shown(tab: Any) -> None:
    open_files(tab)
    tab.locator("#preview .empty").wait_for()
    tab.locator("#preview_make").click()
    tab.locator(".preview-pages img").first.wait_for()
    images = tab.locator(".preview-pages img")
    assert images.count() >= 3
    whole = "imgs => imgs.every(i => i.complete && i.naturalWidth >= 1000)"
    assert images.evaluate_all(whole)
    assert (
        tab.locator(".preview-pages figcaption")
        .last.inner_text()
        .startswith(f"第 {images.count()} 页")
    )
    box = tab.locator(".preview-pages")
    assert box.evaluate("el => el.scrollWidth <= el.clientWidth"), "no sideways scrolling"
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def an_edit_makes_it_old(desk: Desk) -> None:
    tab = desk.tab
    tab.get_by_role("tab", name="写作").click()
    desk.write("F3", "又补写一句。")
    open_files(tab)
    tab.locator("#preview .stale").wait_for()
    tab.locator("#preview [data-do=make-preview]").click()
    tab.locator("#preview .stale").wait_for(state="detached")
    tab.locator("#preview [data-do=make-preview]").wait_for()


def a_pdf_is_downloaded(tab: Any) -> None:
    with tab.expect_download() as waiting:
        tab.locator("#files_pdf").click()
    assert waiting.value.suggested_filename.endswith(".pdf")
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")


def a_template_is_added_and_removed(tab: Any, folder: Path) -> None:
    upload = folder / "某局公文模板.dotx"
    upload.write_bytes(red_headed_template())
    with tab.expect_file_chooser() as chooser:
        tab.locator("#template").click()
    chooser.value.set_files(upload)
    remove = tab.locator("#fonts [data-do=remove-template]")
    remove.wait_for()
    assert tab.locator("#layout input").input_value() == "模板：某局公文模板"
    tab.locator("#preview .stale").wait_for()
    tab.locator("#preview [data-do=make-preview]").click()
    tab.locator("#preview .stale").wait_for(state="detached")
    tab.locator("#preview [data-do=make-preview]").wait_for()
    shot(tab, "18-本单位模板")
    remove.click()
    assert "再点一次" in remove.inner_text()
    remove.click()
    remove.wait_for(state="detached")
    assert "国标" in tab.locator("#layout input").input_value()
