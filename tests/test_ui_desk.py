"""What the person at the page can do, handler by handler: a real workspace, no page, no model."""

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drafter.errors import InputError
from drafter.ui.acts import Acts
from drafter.ui.desk import Desk
from drafter.ui.drafting import Drafting
from drafter.ui.jobs import Jobs
from drafter.ui.saving import Saver, read_stamp, stamp_of
from drafter.ui.showing import POOL
from drafter.ui.wiring import Told, shown
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

PASTE = """单位：某局
年度：2026
1. 召开党组会研究党建工作12次
2. 发展党员5名
问题：2个支部会议记录过于简单
打算：每季度开展1次现场指导
"""


@pytest.fixture
def workspace(own_home: Path) -> Workspace:
    chat = FakeChat("召开党组会研究党建工作12次。", delay=0.0)
    return Workspace(own_home, chat=chat, embedder=FakeEmbedder())


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace, Jobs())


def told(session: str = "page-1", **data: str) -> Told:
    request = SimpleNamespace(session_hash=session, query_params={})
    return Told(request, SimpleNamespace(target=None, _data=data))


class Browser:
    """Keeps what handlers put on the page, as a browser would."""

    def __init__(self, session: str = "page-1") -> None:
        self.session = session
        self.acts: Acts | None = None
        self.values: dict[str, Any] = {}

    def show(self, result: Any) -> "Browser":
        for updates in [result] if isinstance(result, dict) else list(result):
            for name, value in updates.items():
                changed = value.get("value", None) if isinstance(value, dict) else value
                if not isinstance(value, dict) or "value" in value:
                    self.values[name] = changed
        return self

    @property
    def pairs(self) -> list[str]:
        names = [f"{name}.{card}" for name in ("stamp", "editor") for card in range(POOL)]
        return [self.values.get(name) or "" for name in names]

    @property
    def where(self) -> list[str]:
        return [self.values[name] for name in ("doc_id", "selected", "offset")]

    def card(self, section: str) -> int:
        return next(
            card
            for card in range(POOL)
            if (stamp := read_stamp(self.pairs[card])) and stamp.section == section
        )


@pytest.fixture
def browser(desk: Desk) -> Browser:
    page = Browser().show(desk.open(told()))
    return page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))


def act(desk: Desk, page: Browser, **data: str) -> Browser:
    page.acts = page.acts or Acts(desk)
    return page.show(page.acts.act(told(page.session, **data), *page.where, *page.pairs))


def test_a_new_person_gets_an_empty_document(desk: Desk) -> None:
    page = Browser().show(desk.open(told()))
    assert page.values["title"] == "未命名文稿"
    assert "示例要点" in page.values["facts"]


def test_example_never_replaces_what_somebody_pasted(desk: Desk) -> None:
    page = Browser().show(desk.open(told()))
    filled = desk.example(told(), page.values["doc_id"], "")
    assert filled["paste"].count("\n") >= 20
    with pytest.raises(InputError):
        desk.example(told(), page.values["doc_id"], "我的要点")


def test_arranging_shows_every_fact_and_a_card_for_every_section(
    desk: Desk, browser: Browser
) -> None:
    doc = int(browser.values["doc_id"])
    sections = desk.workspace.sections(doc)
    for number in range(1, 5):
        assert f">F{number}<" in browser.values["facts"]
    assert [s.section.id for s in sections] == [
        stamp.section for written in browser.pairs[:POOL] if (stamp := read_stamp(written))
    ]


def test_arranging_nothing_says_what_to_do(desk: Desk) -> None:
    page = Browser().show(desk.open(told()))
    guarded = shown(desk.arrange)
    (updates,) = guarded(told(), page.values["doc_id"], "", "", *page.pairs)
    assert "message error" in updates["message"]


def test_typing_is_saved_and_an_untouched_editor_is_not(desk: Desk, browser: Browser) -> None:
    card = 1
    stamp = browser.pairs[card]
    read = read_stamp(stamp)
    assert read is not None
    steps = desk.save(told(), stamp, "改过的字", *browser.where[:2])
    saved = next(iter(steps))
    assert desk.workspace.section(read.doc, read.section).section.text == "改过的字"
    assert list(desk.save(told(), saved["stamp"], "改过的字", *browser.where[:2])) == []
    assert len(desk.workspace.history(read.doc, read.section)) == 1


def test_saves_that_overtake_the_answer_are_no_conflict(workspace: Workspace) -> None:
    doc, section = planned(workspace)
    saver = Saver(workspace)
    stamp = stamp_of(doc, section, workspace.section(doc, section).rev, "")
    for text in ("一", "一二", "一二三"):  # the page still shows the first stamp
        _, outcome = saver.save("page-1", stamp, text)
        assert outcome is not None
        assert not outcome.conflict
    assert workspace.section(doc, section).section.text == "一二三"


def test_another_window_is_a_conflict_and_loses_nothing(workspace: Workspace) -> None:
    doc, section = planned(workspace)
    saver = Saver(workspace)
    stamp = stamp_of(doc, section, workspace.section(doc, section).rev, "")
    saver.save("page-1", stamp, "甲写的")
    _, outcome = saver.save("page-2", stamp, "乙写的")
    assert outcome is not None
    assert outcome.conflict
    assert workspace.section(doc, section).section.text == "甲写的"
    assert "乙写的" in {version.text for version in workspace.history(doc, section)}


def planned(workspace: Workspace) -> tuple[int, str]:
    doc = workspace.create_document().id
    workspace.save_paste(doc, PASTE)
    plan = workspace.make_plan(doc)
    return doc, next(section.id for section in plan.sections if section.fact_ids)


def test_moving_a_section_keeps_what_was_just_typed_with_it(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])
    plan = desk.workspace.plan(doc)
    assert plan is not None
    moved = [s for s in plan.sections if s.level == 1 and s.heading][-1].id
    browser.values[f"editor.{browser.card(moved)}"] = "刚打的字"
    act(desk, browser, do="up", id=moved)
    assert desk.workspace.section(doc, moved).section.text == "刚打的字"
    assert browser.values[f"editor.{browser.card(moved)}"] == "刚打的字"
    others = [s.section.text for s in desk.workspace.sections(doc) if s.section.id != moved]
    assert not any(others)


def test_a_late_save_from_another_document_lands_in_its_own(desk: Desk, browser: Browser) -> None:
    first = int(browser.values["doc_id"])
    stamp = browser.pairs[1]
    read = read_stamp(stamp)
    assert read is not None
    browser.show(desk.new(told(), *browser.pairs))
    assert int(browser.values["doc_id"]) != first
    list(desk.save(told(), stamp, "迟到的字", *browser.where[:2]))
    assert desk.workspace.section(first, read.section).section.text == "迟到的字"


def test_a_fact_can_leave_the_outline_and_come_back(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])
    act(desk, browser, do="move-fact", id="F2", to="")
    assert "? 未安排" in browser.values["facts"]
    home = next(s.id for s in (desk.workspace.plan(doc) or _no_plan()).sections if s.fact_ids)
    act(desk, browser, do="move-fact", id="F2", to=home)
    assert "? 未安排" not in browser.values["facts"]


def _no_plan() -> Any:
    pytest.fail("there is no plan")


def test_dropping_a_section_can_be_undone_with_its_text(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])
    section = next(s.section.id for s in desk.workspace.sections(doc) if s.section.fact_ids)
    browser.values[f"editor.{browser.card(section)}"] = "写好的一节"
    act(desk, browser, do="drop", id=section)
    assert section not in {s.section.id for s in desk.workspace.sections(doc)}
    assert "撤销" in browser.values["message"]
    step = desk.workspace.structure.line(doc).undo
    assert step is not None
    act(desk, browser, do="undo-step", id=str(step.id))
    assert desk.workspace.section(doc, section).section.text == "写好的一节"


def test_a_deleted_document_comes_back(desk: Desk, browser: Browser) -> None:
    doc = browser.values["doc_id"]
    browser.show(desk.delete(told(), doc, *browser.pairs))
    assert browser.values["doc_id"] != doc
    act(desk, browser, do="undelete", id=doc)
    assert browser.values["doc_id"] == doc
    assert browser.values["paste"] == PASTE


def test_a_heading_is_renamed_and_an_empty_one_is_not(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])
    place = next(i for i, s in enumerate(desk.workspace.sections(doc)) if s.section.heading)
    desk.rename_section(told(), browser.pairs[place], "换一个标题")
    desk.rename_section(told(), browser.pairs[place], "  ")
    assert desk.workspace.sections(doc)[place].section.heading == "换一个标题"


def test_rewriting_touches_no_text_and_accepting_touches_one(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])
    workspace = desk.workspace
    states = workspace.sections(doc)
    section = next(s.section.id for s in states if s.section.fact_ids)
    for state in states:
        browser.values[f"editor.{browser.card(state.section.id)}"] = f"原文{state.section.id}"
    before = {s.section.id: f"原文{s.section.id}" for s in states}
    drafting = Drafting(desk)
    wanted = told(do="rewrite", id=section, wish="")
    browser.show(drafting.rewrite(wanted, *browser.where, *browser.pairs))
    beat = browser.values["beat"]
    browser.show(drafting.catch_up(told(), *browser.where, beat, *browser.pairs))
    assert {s.section.id: s.section.text for s in workspace.sections(doc)} == before
    candidate = workspace.section(doc, section).candidate
    assert candidate is not None
    assert "采用" in browser.values[f"pane.{browser.card(section)}"]
    act(desk, browser, do="accept", id=section, version=str(candidate.id))
    after = {s.section.id: s.section.text for s in workspace.sections(doc)}
    assert after.pop(section) == candidate.text
    assert before.pop(section) != candidate.text
    assert after == before


def test_a_job_goes_on_without_its_page_and_stops_when_asked(desk: Desk, browser: Browser) -> None:
    released = threading.Event()
    doc = int(browser.values["doc_id"])

    def events(stop: threading.Event) -> Iterator[Any]:
        yield from ()
        assert stop.wait(10)
        released.set()

    job = desk.jobs.start("all", doc, events)
    with pytest.raises(InputError):
        desk.jobs.start("all", doc, events)
    desk.showing.clear()  # as in a server that was started again under an open page
    updates = Drafting(desk).stop(told(), str(doc))
    assert "正在停止" in updates["progress"]
    assert released.wait(10)
    assert list(job.views())[-1].ended
    assert desk.jobs.running(doc) is None


def test_deleting_a_document_stops_what_is_written_in_it(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])

    def events(stop: threading.Event) -> Iterator[Any]:
        yield from ()
        assert stop.wait(10)

    job = desk.jobs.start("all", doc, events)
    browser.show(desk.delete(told(), browser.values["doc_id"], *browser.pairs))
    assert list(job.views())[-1].stopped


def test_an_error_of_the_writer_reaches_the_page(desk: Desk, browser: Browser) -> None:
    """Nothing to write: the message says so, and what to do."""
    guarded = shown(Drafting(desk).rewrite)
    locked = next(
        s.section.id
        for s in desk.workspace.sections(int(browser.values["doc_id"]))
        if s.section.fact_ids
    )
    act(desk, browser, do="lock", id=locked)
    data = told(do="rewrite", id=locked, wish="")
    browser.show(guarded(data, *browser.where, *browser.pairs))
    assert "已锁定" in browser.values["message"]


def test_more_sections_than_cards_are_paged(desk: Desk, browser: Browser) -> None:
    doc = int(browser.values["doc_id"])
    last = [s.section.id for s in desk.workspace.sections(doc) if s.section.level == 1][-1]
    headed = [s.section.id for s in desk.workspace.sections(doc) if s.section.heading][-1]
    assert last
    for _ in range(POOL):
        act(desk, browser, do="add-after", id=headed)
    total = len(desk.workspace.sections(doc))
    assert f"共 {total} 节" in browser.values["pager"]
    act(desk, browser, do="page", id=str(POOL))
    shown_now = [s for s in browser.pairs[:POOL] if s]
    assert len(shown_now) == total - POOL
