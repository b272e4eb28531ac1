"""The report as a whole: read through, looked over before it is handed in, beside last year's."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from drafter.errors import UserFacingError
from drafter.ui.desk import Desk
from drafter.ui.jobs import Jobs
from drafter.ui.whole_tab import WholeTab
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_handing import body, write
from tests.test_last_year import LAST
from tests.test_ui_desk import PASTE, Browser, told


@pytest.fixture
def desk(own_home: Path) -> Desk:
    return Desk(Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder()), Jobs())


@pytest.fixture
def page(desk: Desk) -> Browser:
    page = Browser().show(desk.open(told()))
    return page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))


@pytest.fixture
def doc(page: Browser) -> str:
    return str(page.values["doc_id"])


def shown(desk: Desk, doc: str) -> Mapping[str, str]:
    return WholeTab(desk).show(told(), doc)


def write_all(desk: Desk, doc: str, extra: str = "") -> None:
    sheet = desk.workspace.sheet(int(doc))
    assert sheet is not None
    for state in desk.workspace.sections(int(doc)):
        facts = [f.text for f in sheet.facts if f.id in state.section.fact_ids]
        if facts:
            text = "".join(f"{fact}。" for fact in facts)
            write(desk.workspace, int(doc), state.section.id, text)
    if extra:
        write(desk.workspace, int(doc), body(desk.workspace, int(doc)), extra)


def states(html: str) -> dict[str, str]:
    """Return what the list says of each of its lines."""
    rows = html.split('<li class="')[1:]
    labels = [row.split("：</span>")[-1].split("<")[0] for row in rows]
    return {label: row.split('"')[0] for label, row in zip(labels, rows, strict=True)}


def test_an_empty_document_says_what_will_be_here(desk: Desk, page: Browser, doc: str) -> None:
    seen = shown(desk, doc)
    assert "还没有正文" in seen["whole_report"]
    assert "上传去年的报告" in seen["whole_earlier"]
    assert states(seen["whole_list"])["各节都已写好"] == "open"


def test_the_list_follows_the_draft(desk: Desk, page: Browser, doc: str) -> None:
    write_all(desk, doc)
    items = states(shown(desk, doc)["whole_list"])
    assert items["各节都已写好"] == items["要点都写进了正文"] == "done"
    assert items["须改的问题都已处理"] == "done"
    write_all(desk, doc, "召开会议99次，建成阵地（待补充）个。")
    seen = shown(desk, doc)
    items = states(seen["whole_list"])
    assert items["须改的问题都已处理"] == items["没有待填的空"] == "open"
    assert items["要点都写进了正文"] == "open"
    assert "99次" in seen["whole_walk"]
    assert "data-goto" in seen["whole_walk"]


def test_a_named_report_reads_as_it_prints(desk: Desk, page: Browser, doc: str) -> None:
    write_all(desk, doc)
    html = shown(desk, doc)["whole_report"]
    assert html.index('class="title"') < html.index('class="heading1"')
    assert "召开党组会研究党建工作12次" in html
    assert "朗读" in html


def test_text_is_data_on_this_tab_too(desk: Desk, page: Browser, doc: str) -> None:
    write_all(desk, doc, "<script>alert(1)</script>召开党组会研究党建工作12次。")
    seen = shown(desk, doc)
    assert not any("<script" in html for html in seen.values())


def test_what_a_person_ticks_stays_ticked(desk: Desk, page: Browser, doc: str) -> None:
    tab = WholeTab(desk)
    label = desk.workspace.whole.own_items(int(doc))[0][0]
    tab.act(told(do="tick", id=label), doc)
    assert dict(desk.workspace.whole.own_items(int(doc)))[label]
    tab.act(told(do="tick", id=label), doc)
    tab.act(told(do="untick", id=label), doc)
    assert not dict(desk.workspace.whole.own_items(int(doc)))[label]


def test_last_year_is_kept_compared_and_put_away(
    desk: Desk, page: Browser, doc: str, tmp_path: Path
) -> None:
    write_all(desk, doc, "一是选派3名年轻干部到村任第一书记，帮助村里修通产业路4公里。")
    file = tmp_path / "去年述职.txt"
    file.write_text(LAST, encoding="utf-8")
    tab = WholeTab(desk)
    seen = tab.receive(told(), str(file), doc)
    assert "去年说了，今年没有交代（3）" in seen["whole_earlier"]
    assert states(seen["whole_list"])["与去年的报告对照过"] == "look"
    assert "红石榴" in WholeTab(desk).show(told(), doc)["whole_earlier"]
    gone = tab.act(told(do="drop-earlier"), doc)
    assert "上传去年的报告" in gone["whole_earlier"]


def test_a_file_without_a_report_is_refused_and_the_old_one_stays(
    desk: Desk, page: Browser, doc: str, tmp_path: Path
) -> None:
    good, bad = tmp_path / "好.txt", tmp_path / "坏.docx"
    good.write_text(LAST, encoding="utf-8")
    bad.write_bytes(b"PK\x03\x04")
    tab = WholeTab(desk)
    tab.receive(told(), str(good), doc)
    with pytest.raises(UserFacingError):
        tab.receive(told(), str(bad), doc)
    kept = desk.workspace.whole.earlier(int(doc))
    assert kept is not None
    assert kept.name == "好.txt"
