"""Facts read from a file, and an edited file kept over a reload, in a real Chromium. No model.

DRAFTER_SCREENSHOTS=1 makes its pictures anew.
"""

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.test_browser_files import fetch, files
from tests.test_browser_findings import Desk, address, desk, served  # noqa: F401 - fixtures
from tests.test_browser_story import open_evidence, page, shot, wait_until_saved  # noqa: F401
from tests.test_fact_files import workbook
from tests.test_handing import edited

pytestmark = [pytest.mark.browser]

TEXT = "全年组织党员干部巡河1860人次，发现并整改河道问题143个，形成专报77份。"
ADDED = "建成河长制工作室3间，选派党员河长参与日常巡查。"


def test_files_come_in_and_back(desk: Desk, tmp_path: Path) -> None:  # noqa: F811
    desk.tab.set_viewport_size({"width": 1366, "height": 768})
    facts_from_a_file(desk, tmp_path)
    a_reason_is_asked_in_passing(desk)
    an_edited_file_stays_over_a_reload(desk, tmp_path)
    assert desk.errors == []


def facts_from_a_file(desk: Desk, folder: Path) -> None:  # noqa: F811
    tab, box = desk.tab, desk.tab.locator("#paste textarea")
    if not box.is_visible():
        tab.locator("button.label-wrap", has_text="粘贴要点").click()
    before = box.input_value()
    ledger = folder / "党建台账.xlsx"
    ledger.write_bytes(workbook())
    broken = folder / "旧台账.xlsx"
    broken.write_bytes(b"PK\x03\x04nothing")
    tab.locator("input[type=file]").first.set_input_files([str(ledger), str(broken)])
    tab.locator("#facts_in li", has_text="3 条").wait_for()
    assert "未读入" in tab.locator("#facts_in").inner_text()
    assert box.input_value().startswith(before)
    assert "召开党组会研究党建工作12次" in box.input_value()[len(before) :]
    tab.locator("#message [data-close]").click()
    tab.locator("#facts_in").scroll_into_view_if_needed()
    shot(tab, "32-从文件读入要点")
    tab.locator("#facts_in [data-do=undo-facts]").click()
    tab.locator(".message", has_text="已撤销读入").wait_for()
    assert box.input_value() == before
    tab.locator("button.label-wrap", has_text="粘贴要点").click()


def a_reason_is_asked_in_passing(desk: Desk) -> None:  # noqa: F811
    tab = desk.tab
    desk.write("F3", TEXT)
    wait_until_saved(tab)
    panel = open_evidence(tab, "issues")
    panel.locator(".finding.error", has_text="77份").locator("[data-do=ignore]").click()
    tab.locator(".message .why").wait_for()
    shot(tab, "31-忽略的理由")
    tab.locator(".message input.reason").fill("专报由办公室统计")
    tab.keyboard.press("Enter")
    tab.locator(".message", has_text="已记下理由").wait_for()
    panel.locator(".ignored > summary").click()
    assert "理由：专报由办公室统计" in panel.locator(".ignored").inner_text()


def an_edited_file_stays_over_a_reload(desk: Desk, folder: Path) -> None:  # noqa: F811
    tab = desk.tab
    sent = folder / "交出.docx"
    fetch(tab, "#export_docx").save_as(sent)
    back = folder / "领导改过的稿子.docx"
    back.write_bytes(changed(sent.read_bytes()))
    files(tab)
    tab.locator("#edited input[type=file]").set_input_files(str(back))
    tab.locator("#returned .back-change").first.wait_for()
    tab.locator("#message [data-close]").click()
    assert "再核一下这个数" in tab.locator("#returned .back-comment").inner_text()
    tab.locator("#returned").scroll_into_view_if_needed()
    shot(tab, "30-收回修改稿")
    tab.locator("#returned .back-comment [data-do=comment-done]").click()
    tab.locator("#returned .ignored", has_text="已处理的批注 1 条").wait_for()

    wait_until_saved(tab)
    tab.reload()
    tab.locator("#saved .saved").wait_for()
    files(tab)
    tab.locator("#returned .back-change", has_text="对方新加的一节").wait_for()
    assert tab.locator("#returned div.back-comment").count() == 0
    tab.locator("#returned .back-change", has_text="对方新加的一节").get_by_role(
        "button", name="加进文稿"
    ).click()
    tab.locator("#message .message", has_text="已加进文稿").wait_for()
    assert ADDED in texts(desk)
    tab.locator("#message [data-do=undo-return]").click()
    tab.locator("#returned .back-change", has_text="对方新加的一节").wait_for()
    # The second click confirms; both at once, for a slow machine would let the first one lapse.
    tab.locator("#returned [data-do=take-all]").evaluate("b => { b.click(); b.click(); }")
    tab.locator("#returned", has_text="没有待定的修改").wait_for()
    assert TEXT.replace("全年组织", "全年动员") in texts(desk)
    tab.locator("#returned [data-do=close-return]").click()
    tab.locator("#message [data-do=reopen-return]").click()
    tab.locator("#returned .pane-head", has_text="领导改过的稿子").wait_for()


def texts(desk: Desk) -> list[str]:  # noqa: F811
    doc = desk.served.desk.documents()[0].id
    return [state.section.text for state in desk.served.desk.sections(doc)]


def changed(data: bytes) -> bytes:
    """Return the file as a leader sends it back: words, a comment, a section of his own."""
    document = docx.Document(io.BytesIO(edited(data, "全年组织", "全年动员")))
    place = next(p for p in document.paragraphs if "巡河1860人次" in p.text)
    comment: Any = document.add_comment(place.runs, "再核一下这个数。", author="王局长")
    assert comment is not None
    heading = document.add_paragraph("九、建强河长制阵地", style=document.styles["Heading 1"])
    text = document.add_paragraph(ADDED)
    place._p.addnext(text._p)
    place._p.addnext(heading._p)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
