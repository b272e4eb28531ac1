"""Candidates and locked sentences at the desk, handler by handler: no page, a fake model."""

import threading
from pathlib import Path
from typing import Any

import pytest

from drafter.errors import InputError
from drafter.sentences import bare_sentences
from drafter.store import Store
from drafter.ui.candidate_acts import keeping_locks, with_lost
from drafter.ui.candidates_view import variants_html
from drafter.ui.desk import Desk
from drafter.ui.drafting import Drafting
from drafter.ui.jobs import Jobs
from drafter.ui.snapshot import read
from drafter.ui.wiring import shown
from drafter.workflow import Workspace
from tests.fakes import FakeEmbedder
from tests.test_candidates import PASTE, VariedChat
from tests.test_ui_desk import Browser, act, told


@pytest.fixture
def desk(own_home: Path) -> Desk:
    chat = VariedChat(seed=3)
    chat.ways = ("{}。", "今年{}。", "扎实{}。")
    return Desk(Workspace(own_home, chat=chat, embedder=FakeEmbedder()), Jobs())


@pytest.fixture
def page(desk: Desk) -> Browser:
    page = Browser().show(desk.open(told()))
    return page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))


@pytest.fixture
def home(desk: Desk, page: Browser) -> str:
    """Return the section with the most facts, written by the model."""
    doc = int(page.values["doc_id"])
    states = desk.workspace.sections(doc)
    section = max(states, key=lambda state: len(state.section.fact_ids)).section.id
    rewrite(desk, page, section)
    version = desk.workspace.section(doc, section).candidate
    assert version is not None
    act(desk, page, do="accept", id=section, version=str(version.id))
    return section


def rewrite(desk: Desk, page: Browser, section: str, **more: str) -> None:
    data = {"do": "rewrite", "id": section, "wish": "", **more}
    drafting = Drafting(desk)
    page.show(shown(drafting.rewrite)(told(**data), *page.where, *page.pairs))
    page.show(drafting.catch_up(told(), *page.where, page.values.get("beat", ""), *page.pairs))


def text_of(desk: Desk, page: Browser, section: str) -> str:
    return desk.workspace.section(int(page.values["doc_id"]), section).section.text


def pane(page: Browser, section: str) -> str:
    return str(page.values[f"pane.{page.card(section)}"])


def lock_first(desk: Desk, page: Browser, section: str) -> str:
    bare = bare_sentences(text_of(desk, page, section))
    at = next(n for n, one in enumerate(bare) if any(char.isdigit() for char in one.text))
    act(desk, page, do="lock-sentence", id=section, at=str(at), words=bare[at].text)
    return bare[at].text


def test_a_locked_sentence_is_marked_listed_and_can_be_unlocked(
    desk: Desk, page: Browser, home: str
) -> None:
    words = lock_first(desk, page, home)
    assert "锁定 1 句" in pane(page, home)
    assert 'class="sentence held"' in page.values[f"marks.{page.card(home)}"]
    assert 'class="sentence held"' in page.values["ev_issues"]
    act(desk, page, do="unlock-sentence", id=home, words=words)
    assert "锁定 1 句" not in pane(page, home)


def test_typing_over_a_locked_sentence_is_told(desk: Desk, page: Browser, home: str) -> None:
    words = lock_first(desk, page, home)
    card = page.card(home)
    page.values[f"editor.{card}"] = text_of(desk, page, home).replace(words, "另写一句。")
    act(desk, page, do="select", id=home)
    assert "失效" in pane(page, home)
    rewrite(desk, page, home)
    assert "锁定已解除" in page.values["message"]
    assert "失效" not in pane(page, home)


def test_an_old_text_without_the_locked_sentence_says_so(
    desk: Desk, page: Browser, home: str
) -> None:
    doc = int(page.values["doc_id"])
    card = page.card(home)
    page.values[f"editor.{card}"] = "旧的一稿。"
    act(desk, page, do="select", id=home)
    old = desk.workspace.history(doc, home)[0].id
    page.values[f"editor.{card}"] = "旧的一稿。召开党组会研究党建工作12次。"
    act(desk, page, do="select", id=home)
    lock_first(desk, page, home)
    act(desk, page, do="restore", id=home, version=str(old))
    assert "锁定失效" in page.values["message"]
    assert "召开党组会研究党建工作12次。" in page.values["message"]


def test_a_candidate_without_the_locked_sentence_asks_again(
    desk: Desk, page: Browser, home: str
) -> None:
    rewrite(desk, page, home)
    card = page.card(home)
    page.values[f"editor.{card}"] = text_of(desk, page, home) + "走访“老党员”12人。"
    act(desk, page, do="select", id=home)
    bare = bare_sentences(text_of(desk, page, home))
    act(desk, page, do="lock-sentence", id=home, at=str(len(bare) - 1), words=bare[-1].text)
    assert "少了锁定的句子" in pane(page, home)
    assert 'data-confirm="少锁定的句子' in pane(page, home)


def test_three_candidates_are_shown_remembered_and_put_away_with_a_way_back(
    desk: Desk, page: Browser, home: str
) -> None:
    rewrite(desk, page, home, variants="3")
    assert pane(page, home).count('<article class="candidate') == 3
    assert 'value="3" selected' in page.values[f"tools.{page.card(home)}"]
    act(desk, page, do="discard-all", id=home)
    assert 'class="candidate"' not in pane(page, home)
    back = page.values["message"].split('data-do="undo-discard" data-id="')[1].split('"')[0]
    act(desk, page, do="undo-discard", id=back)
    assert pane(page, home).count('<article class="candidate') == 3


def test_accepting_is_undone_from_the_message(desk: Desk, page: Browser, home: str) -> None:
    before = text_of(desk, page, home)
    rewrite(desk, page, home, variants="2")
    doc = int(page.values["doc_id"])
    version = desk.workspace.section(doc, home).candidate
    assert version is not None
    act(desk, page, do="accept", id=home, version=str(version.id))
    assert text_of(desk, page, home) == version.text
    back = page.values["message"].split('data-do="undo-take" data-id="')[1].split('"')[0]
    act(desk, page, do="undo-take", id=back)
    assert text_of(desk, page, home) == before
    assert pane(page, home).count('class="candidate"') >= 1
    with pytest.raises(InputError):
        act(desk, page, do="undo-take", id="S1/x/y/")


def test_a_point_is_rewritten_from_its_sentence(desk: Desk, page: Browser, home: str) -> None:
    bare = bare_sentences(text_of(desk, page, home))
    at = max(n for n, one in enumerate(bare) if any(char.isdigit() for char in one.text))
    rewrite(desk, page, home, do="rewrite-point", at=str(at), words=bare[at].text)
    doc = int(page.values["doc_id"])
    candidate = desk.workspace.section(doc, home).candidate
    assert candidate is not None
    assert candidate.text.startswith("".join(one.text for one in bare[:0]))
    rewrite(desk, page, home, do="rewrite-point", at=str(at), words="已经不在的一句。")
    assert "已经改过" in page.values["message"]


def test_a_wish_with_a_number_of_its_own_is_told(desk: Desk, page: Browser, home: str) -> None:
    rewrite(desk, page, home, wish="写明培训30次")
    assert "30次" in page.values["message"]
    assert "30次" not in pane(page, home)


def test_an_act_that_keeps_all_locks_says_nothing(desk: Desk, page: Browser, home: str) -> None:
    lock_first(desk, page, home)
    doc = int(page.values["doc_id"])
    with keeping_locks(desk.workspace, doc, "restore") as lost:
        pass
    assert lost == []
    updates: dict[str, Any] = {"focus": home}
    assert with_lost(updates, lost) is updates
    assert "&lt;" in with_lost({}, ["<b>"])["message"]


def test_a_candidate_like_another_is_said_to_be_and_a_broken_off_one_too(
    desk: Desk, page: Browser, home: str
) -> None:
    rewrite(desk, page, home, variants="3")
    state = desk.workspace.section(int(page.values["doc_id"]), home)
    one = read(desk.workspace, int(page.values["doc_id"])).candidates[home][0]
    shown = variants_html(state, (one, one, one))
    assert "与第 1 稿一字不差" in shown
    assert shown.count('class="pane-text"') == 1
    assert "写到一半" not in shown


def test_a_candidate_stopped_between_two_points_is_said_to_be_half(
    desk: Desk, page: Browser, home: str
) -> None:
    doc = int(page.values["doc_id"])
    rewrite(desk, page, home)
    whole = read(desk.workspace, doc).candidates[home][0]
    assert not whole.half
    stop = threading.Event()
    for event in desk.workspace.write_section(doc, home, stop, ""):
        if event.kind == "text":
            stop.set()
    snapshot = read(desk.workspace, doc)
    (half,) = snapshot.candidates[home]
    assert half.half
    assert "停止时写到一半的稿" in variants_html(snapshot.states[snapshot.at(home) or 0], (half,))


def test_a_candidate_broken_off_in_a_sentence_is_said_to_be_half_though_it_names_every_fact(
    desk: Desk, page: Browser, home: str, own_home: Path
) -> None:
    doc = int(page.values["doc_id"])
    rewrite(desk, page, home)
    whole = read(desk.workspace, doc).candidates[home][0]
    text = whole.version.text.removesuffix("。") + "；"
    Store(own_home / "drafts.db").add_version(
        doc, home, text, "model", whole.version.run, (), "candidate"
    )
    assert [one.half for one in read(desk.workspace, doc).candidates[home]] == [True]
