"""Why a finding was set aside: asked in passing, kept, shown, and written into the appendix."""

import io
from pathlib import Path

import docx
import pytest

from drafter.appendix import shared_run, tool_versions
from drafter.ui.desk import Desk
from drafter.ui.ignoring import presets
from drafter.ui.jobs import Jobs
from drafter.workflow import Workspace
from index.types import Section
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_ui_desk import PASTE, Browser, act, told
from tests.test_ui_findings import STRANGER, enter, key_of, section_of, write


@pytest.fixture
def desk(own_home: Path) -> Desk:

    return Desk(Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder()), Jobs())


@pytest.fixture
def browser(desk: Desk) -> Browser:
    page = Browser().show(desk.open(told()))
    return page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))


def appendix(desk: Desk, page: Browser) -> str:
    """Return all words of the appendix, cell by cell."""
    data = desk.workspace.handing.appendix(int(page.values["doc_id"]), "docx")[1]
    tables = docx.Document(io.BytesIO(data)).tables
    return "\n".join(cell.text for t in tables for row in t.rows for cell in row.cells)


def test_ignoring_is_done_at_once_and_the_reason_may_follow(desk: Desk, browser: Browser) -> None:
    section = section_of(desk, browser, "F1")
    enter(desk, browser, section)
    write(desk, browser, section, STRANGER)
    key = key_of(browser.values["ev_issues"], "77份")
    act(desk, browser, do="ignore", key=key)
    asked = browser.values["message"]
    assert all(preset in asked for preset in presets())
    assert "其他理由" in asked
    assert "没有写理由" in browser.values["ev_issues"]
    assert "没有填写" in appendix(desk, browser)

    act(desk, browser, do="explain", key=key, reason=presets()[0])
    assert f"理由：{presets()[0]}" in browser.values["ev_issues"]
    assert presets()[0] in appendix(desk, browser)
    # Another reason replaces it, and is escaped.
    act(desk, browser, do="explain", key=key, reason=" 会议定的<b> ")
    assert "理由：会议定的&lt;b&gt;" in browser.values["ev_issues"]
    assert "会议定的<b>" in appendix(desk, browser)


def test_the_reason_stays_through_a_rewriting_and_goes_with_the_ignoring(
    desk: Desk, browser: Browser
) -> None:
    section = section_of(desk, browser, "F1")
    enter(desk, browser, section)
    write(desk, browser, section, STRANGER)
    key = key_of(browser.values["ev_issues"], "77份")
    act(desk, browser, do="ignore", key=key)
    act(desk, browser, do="explain", key=key, reason="领导定的提法")
    write(desk, browser, section, "全年形成纪要77份，" + STRANGER.replace("，形成纪要77份", ""))
    assert "理由：领导定的提法" in browser.values["ev_issues"]
    act(desk, browser, do="heed", key=key_of(browser.values["ev_issues"], "理由：领导"))
    write(desk, browser, section, STRANGER)
    act(desk, browser, do="ignore", key=key_of(browser.values["ev_issues"], "77份"))
    assert "没有写理由" in browser.values["ev_issues"]


def test_the_appendix_names_exemplars_with_likeness_and_longest_run(
    desk: Desk, browser: Browser
) -> None:
    workspace, doc = desk.workspace, int(browser.values["doc_id"])
    sample = (
        "某县水利局述职报告\n一、履职情况\n（一）压实责任。坚持每月召开专题会议研究部署党建工作，"
        "全年召开党组会12次。\n二、存在问题\n学习不够深入。\n"
    )
    workspace.library.add_files("样本.txt", sample.encode())
    exemplar = next(s for s in workspace.library.sections() if "每月召开专题会议" in s.text)
    section = section_of(desk, browser, "F1")
    enter(desk, browser, section)
    write(desk, browser, section, "坚持每月召开专题会议研究部署有关工作，召开党组会12次。")
    workspace._store.set_exemplars(doc, section, (exemplar.id,))
    before = appendix(desk, browser)
    assert "14 字：坚持每月召开专题会议研究部署" in before
    assert "水利局" in before
    workspace.embedder()  # loaded: now the likeness can be told without waiting
    told_of = appendix(desk, browser).split("14 字：")[0].rsplit("\n", 2)
    assert 0 < float(told_of[-2]) <= 1


def test_the_appendix_names_the_tool_and_what_it_stands_on(desk: Desk, browser: Browser) -> None:
    section = section_of(desk, browser, "F1")
    enter(desk, browser, section)
    write(desk, browser, section, "召开党组会研究党建工作12次。")
    said = appendix(desk, browser)
    for name, version in tool_versions():
        assert name in said
        assert version in said
    assert "拟稿台 0." in said
    assert "现稿没有模型写的文字" in said


def test_a_run_is_told_in_the_exemplars_own_words() -> None:
    exemplar = Section("E", "R", None, None, "成效", 1, "一是抓学习。全年学习１２次，成效好。", ())
    assert shared_run("我们全年学习12次；成效", exemplar) == "全年学习１２次，成效"
    assert shared_run("", exemplar) == ""
