"""Two windows on one section, in any order of keystrokes and choices: nothing typed is ever lost,
and a window whose text came second never wins by typing on."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.ui.saving import Saver, Stamp, stamp_of
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

PASTE = "单位：某局\n年度：2026\n1. 召开党组会研究党建工作12次\n2. 发展党员5名\n"
DOINGS = ("type", "reload", "mine", "theirs", "restart")


class Window:
    """One browser window: what its editor holds, and the stamp it got with it."""

    def __init__(self, name: str, workspace: Workspace, doc: int, section: str) -> None:
        self.name, self.doc, self.section = name, doc, section
        self.workspace = workspace
        self.load()

    def load(self) -> None:
        state = self.workspace.section(self.doc, self.section)
        self.text = state.section.text
        self.stamp: Stamp = stamp_of(self.doc, self.section, state.rev, self.text)

    def type(self, saver: Saver, words: str) -> bool:
        """Type on and save; say whether another window's text stands against it."""
        self.text += words
        self.stamp, outcome = saver.save(self.name, self.stamp, self.text)
        return outcome is not None and outcome.conflict


@pytest.fixture
def workspace(own_home: Path) -> Workspace:
    return opened(own_home)


def opened(home: Path) -> Workspace:
    return Workspace(home, chat=FakeChat("好。"), embedder=FakeEmbedder())


def planned(workspace: Workspace) -> tuple[int, str]:
    doc = workspace.create_document().id
    workspace.save_paste(doc, PASTE)
    plan = workspace.make_plan(doc)
    return doc, next(section.id for section in plan.sections if section.fact_ids)


def test_typing_on_after_a_conflict_does_not_win_by_itself(workspace: Workspace) -> None:
    doc, section = planned(workspace)
    saver = Saver(workspace)
    one, two = (Window(name, workspace, doc, section) for name in ("one", "two"))
    assert not one.type(saver, "甲。")
    for words in ("乙", "乙", "乙。"):
        assert two.type(saver, words)
    assert workspace.section(doc, section).section.text == "甲。"
    # One text waits for a choice, the newest; the others are in the history.
    assert workspace.past.conflicts(doc)[section].text == "乙乙乙。"
    statuses = [entry.status for entry in workspace.past.entries(doc, section)]
    assert statuses.count("conflict") == 1
    assert not one.type(saver, "甲又写。")
    assert workspace.past.conflicts(doc)[section].text == "乙乙乙。"


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(DOINGS)), max_size=16))
def test_every_keystroke_of_both_windows_is_in_the_history(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[int, str]]
) -> None:
    home = tmp_path_factory.mktemp("home")
    workspace = opened(home)
    doc, section = planned(workspace)
    saver = Saver(workspace)
    windows = [Window(name, workspace, doc, section) for name in ("one", "two")]
    typed: set[str] = set()
    for number, (which, doing) in enumerate(doings):
        window = windows[which]
        match doing:
            case "type":
                window.type(saver, f"第{number}句。")
                typed.add(window.text)
            case "restart":  # the program dies; the pages stay as they are
                workspace.close()
                workspace = opened(home)
                saver = Saver(workspace)
                for one in windows:
                    one.workspace = workspace
            case "reload":
                window.load()
            case _:
                settle(workspace, saver, window, take=doing == "mine")
    known = {version.text for version in workspace.history(doc, section)}
    assert typed <= known
    now = workspace.section(doc, section).section.text
    assert now in known | {""}
    workspace.close()


def settle(workspace: Workspace, saver: Saver, window: Window, *, take: bool) -> Any:
    """Choose between the texts, as the page's buttons do."""
    own = saver.lost(window.name, window.doc, window.section)
    waiting = workspace.past.conflicts(window.doc).get(window.section)
    if own is None and waiting is None:
        return
    version = own if own is not None else waiting.id if waiting else 0
    workspace.past.settle(window.doc, window.section, version, take)
    saver.forget(window.name, window.doc, window.section)
    window.load()
