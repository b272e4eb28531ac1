"""The tab 范例, handler by handler: colours, choices with undo, the pane, search, own style."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drafter.ui.acts import Acts
from drafter.ui.compare_acts import Comparing
from drafter.ui.compare_view import marked_html
from drafter.ui.desk import Desk
from drafter.ui.jobs import Jobs
from drafter.ui.shelf import Shelf
from drafter.ui.wiring import Told, shown
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.library.cases import report_text
from tests.test_choosing import COPIED, PASTE
from tests.test_ui_desk import Browser, told
from tests.test_ui_findings import section_of, text_of, write

EVIL = "<img src=x onerror=alert(1)>"


class Page(Browser):
    """The page with the tab 范例: what the panels fire, and what is chained to it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.comparing = desk, Comparing(desk)
        self.acts = Acts(desk, self.comparing.acts())

    def do(self, do: str, panel: str = "ev_exemplars", **data: str) -> "Page":
        event = SimpleNamespace(target=SimpleNamespace(elem_id=panel), _data={"do": do, **data})
        asked = Told(SimpleNamespace(session_hash=self.session, query_params={}), event)
        where = self.where[:2]
        if do in ("compare", "uncompare"):
            self.show(self.comparing.look(asked, *where, *self.pairs))
        elif do == "find-exemplar":
            self.show(self.comparing.find(asked, *where))
        else:
            assert self.acts is not None
            self.show(self.acts.act(asked, *self.where, *self.pairs))
        return self.look()

    def look(self) -> "Page":
        self.show(self.comparing.exemplars(told(self.session), *self.where[:2]))
        return self

    @property
    def exemplars(self) -> list[str]:
        return re.findall(r'data-exemplar="([^"]+)"', str(self.values["ev_exemplars"]))


@pytest.fixture
def desk(own_home: Path, tmp_path: Path) -> Desk:
    workspace = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    for unit in range(4):
        (tmp_path / f"{unit}.txt").write_text(report_text(unit), encoding="utf-8")
    workspace.library.build([tmp_path])
    workspace.prepare_library()
    shelf = workspace._shelf._thread
    assert shelf is not None
    shelf.join(timeout=60)
    return Desk(workspace, Jobs())


@pytest.fixture
def page(desk: Desk) -> Page:
    page = Page(desk)
    page.show(desk.open(told()))
    page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))
    page.do("select", id=section_of(desk, page, "F1"))
    return page


def test_each_exemplar_says_where_it_is_from_and_what_can_be_done(page: Page) -> None:
    html = page.values["ev_exemplars"]
    assert len(page.exemplars) == 4
    assert "述职报告 · 2024年" in html
    assert re.search(r"相似 0\.\d\d", html)
    for do in ("pin", "swap", "ban", "compare"):
        assert html.count(f'data-do="{do}"') == 4
    assert 'data-event="write" data-do="rewrite"' in html


def test_both_kinds_of_likeness_are_coloured(desk: Desk, page: Page) -> None:
    sample = desk.workspace.library.section(page.exemplars[0])
    write(desk, page, page.values["selected"], f"一是{sample.text[2:24]}。二是召开党组会。")
    html = page.look().values["ev_exemplars"]
    assert 'class="legend"' in html
    assert '<mark class="copied">' in html
    assert '<mark class="pattern">一是' in html


def test_typing_colours_anew_without_a_search(desk: Desk, page: Page) -> None:
    embedder: Any = desk.workspace.embedder()
    write(desk, page, page.values["selected"], "一是抓实理论学习。二是召开党组会。")
    asked = len(embedder.queries)
    page.show(page.comparing.recolour(told(), *page.where[:2]))
    assert '<mark class="pattern">一是' in page.values["ev_exemplars"]
    assert len(embedder.queries) == asked
    assert page.comparing.recolour(told(), *page.where[:2]) == {}, "nothing changed since"
    assert page.comparing.recolour(told("another page"), *page.where[:2]) == {}


def test_marked_text_loses_no_letter_and_copied_words_are_on_top() -> None:
    html = marked_html(f"甲\n{EVIL}", [(0, 4)], [(2, 6)])
    assert html == (
        '<mark class="pattern">甲<br></mark><mark class="copied">&lt;img</mark>'
        " src=x onerror=alert(1)&gt;"
    )
    assert marked_html("", [], []) == ""


def test_pinning_has_a_way_back(page: Page) -> None:
    second = page.exemplars[1]
    page.do("pin", id=second)
    assert page.exemplars[0] == second
    assert "已固定" in page.values["ev_exemplars"]
    undo = re.search(r'data-do="undo-choice" data-id="([^"]+)"', page.values["message"])
    assert undo is not None
    page.do("undo-choice", "message", id=undo[1])
    assert page.exemplars[1] == second
    assert "已固定" not in page.values["ev_exemplars"]


@pytest.mark.parametrize("do", ["ban", "swap"])
def test_setting_one_aside_shows_the_next_and_can_be_taken_back(page: Page, do: str) -> None:
    before = page.exemplars
    page.do(do, id=before[0])
    assert before[0] not in page.exemplars
    assert len(page.exemplars) == 4
    fresh = next(one for one in page.exemplars if one not in before)
    heading = page.desk.workspace.library.section(fresh).heading
    assert heading is not None and heading in page.values["message"]
    assert "本节不用的 1 段" in page.values["ev_exemplars"]
    page.do("unban", id=before[0])
    assert page.exemplars == before


def test_the_library_is_searched_by_hand_and_a_hit_pinned(page: Page) -> None:
    page.do("find-exemplar", "ev_ask", query="警示教育和廉政谈话", role="same")
    html = page.values["ev_found"]
    assert "廉政" in html
    hit = re.search(r'data-do="pin" data-id="([^"]+)"', html)
    assert hit is not None
    page.do("pin", "ev_found", id=hit[1])
    assert page.exemplars[0] == hit[1]
    assert f'data-do="unpin" data-id="{hit[1]}"' in page.values["ev_found"]
    page.do("find-exemplar", "ev_ask", query=" ", role="")
    assert page.values["ev_found"] == ""


def test_side_by_side_opens_walks_and_closes(desk: Desk, page: Page) -> None:
    text = "一是召开党组会。二是签订责任书8份。"
    write(desk, page, page.values["selected"], text)
    first, second, *_ = page.look().exemplars
    page.do("compare", id=first)
    pane = page.values["compare"]
    assert 'role="dialog"' in pane
    assert re.sub("<[^>]+>", "", pane).count("签订责任书8份") == 1
    assert "<textarea" not in pane and "contenteditable" not in pane
    assert f'data-do="compare" data-event="look" data-id="{second}"' in pane
    page.do("swap", "compare", id=first)
    assert page.values["compare"] and f'data-scroll="{first}"' not in page.values["compare"]
    page.do("uncompare", "compare")
    assert page.values["compare"] == ""
    assert text_of(desk, page, page.values["selected"]) == text


def test_an_exemplar_that_left_the_library_is_told(desk: Desk, page: Page) -> None:
    gone = page.exemplars[0]
    desk.workspace.library.delete(desk.workspace.library.section(gone).report)
    (updates,) = shown(page.comparing.look)(told(id=gone), *page.where[:2], *page.pairs)
    assert "message error" in updates["message"]


def test_opening_another_document_closes_what_is_open(page: Page) -> None:
    page.do("compare", id=page.exemplars[0])
    page.show(page.desk.new(told(), *page.pairs))
    assert page.values["compare"] == "" and page.values["ev_found"] == ""
    page.look()
    assert "点正文里的一节" in page.values["ev_exemplars"]


def test_a_section_is_kept_as_own_style_and_taken_out_in_the_library(
    desk: Desk, page: Page
) -> None:
    section = page.values["selected"]
    assert 'data-do="keep-style"' not in page.values["ev_exemplars"]
    write(desk, page, section, f"{COPIED}，签订责任书8份，拨付经费77万元。")
    page.look().do("keep-style", id=section)
    assert "已把本节存入样本库" in page.values["message"]
    assert "须改" in page.values["message"], "77万元 is in no fact"
    assert "本节已存入。" in page.values["ev_exemplars"]
    shelf = Shelf(desk.workspace)
    listed = shelf.list(told())["reports"]
    assert 'class="tag own"' in listed
    report = desk.workspace.choosing.own.report_of(int(page.values["doc_id"]))
    updates: Any = shelf.act(told(do="delete", id=report))
    assert "文稿没有改动" in updates["message"]
    assert report not in updates["reports"]
    assert "本节已存入" not in page.look().values["ev_exemplars"]


def test_a_report_of_the_library_is_marked_as_the_own_units(desk: Desk) -> None:
    shelf, report = Shelf(desk.workspace), desk.workspace.library.reports()[0].id
    assert 'class="tag own"' in shelf.act(told(do="own", id=report))["reports"]
    assert 'class="tag own"' not in shelf.act(told(do="not-own", id=report))["reports"]


def test_formulas_have_no_exemplars(desk: Desk, page: Page) -> None:
    formula = next(
        state.section.id
        for state in desk.workspace.sections(int(page.values["doc_id"]))
        if state.section.role == "导语"
    )
    page.do("select", id=formula)
    assert "不参照范例" in page.values["ev_exemplars"]


def test_exemplars_of_a_section_left_meanwhile_are_not_shown(
    desk: Desk, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = page.values["selected"]
    following = section_of(desk, page, "F3")
    assert following != left
    search = desk.workspace.choosing.considered

    def slow(*args: Any, **named: Any) -> Any:
        monkeypatch.setattr(desk.workspace.choosing, "considered", search)
        page.show({"selected": following})
        page.look()  # the person has gone on to the next section
        return search(*args, **named)

    monkeypatch.setattr(desk.workspace.choosing, "considered", slow)
    late = page.comparing.exemplars(told(page.session), page.values["doc_id"], left)
    assert late == {}
