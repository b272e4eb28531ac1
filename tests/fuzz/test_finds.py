"""What fuzzing found, each as a person or a program could come upon it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from drafter.errors import InputError, UserFacingError
from drafter.outlines import list_outlines
from drafter.preferences import settings_from_json
from drafter.topics import load_topics
from drafter.types import Settings
from drafter.ui.acts import Acts
from drafter.ui.desk import NOTHING, Desk
from drafter.ui.jobs import Jobs
from drafter.ui.saving import read_stamp
from drafter.ui.streaming import read_beat
from drafter.ui.wiring import Told
from drafter.workflow import Workspace
from tests.conftest import ROOT
from tests.fakes import FakeChat, FakeEmbedder
from tests.fuzz.text_targets import PASTE

LONG = "9" * 5000  # Python refuses to read more than 4,300 digits
BIG = "9" * 19  # more than SQLite can hold


@pytest.fixture
def desk(own_home: Path) -> Desk:
    workspace = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    doc = workspace.create_document().id
    workspace.save_paste(doc, PASTE)
    workspace.make_plan(doc)
    return Desk(workspace, Jobs())


def told(**data: str) -> Told:
    request = SimpleNamespace(session_hash="a", query_params={"doc": data.pop("doc", "")})
    return Told(request, SimpleNamespace(target=None, _data=data))


def test_a_section_without_text_cannot_be_split_and_says_so(desk: Desk) -> None:
    workspace = desk.workspace
    doc = workspace.documents()[0].id
    plan = workspace.plan(doc)
    assert plan is not None
    section = next(s.id for s in plan.sections if s.heading and s.fact_ids)
    acts = Acts(desk).act(told(do="split", id=section), str(doc), section, "0", *NOTHING)
    with pytest.raises(InputError, match="不到两句"):
        list(acts)


@pytest.mark.parametrize("number", [LONG, BIG, "1|2", "-1", "٣²", "x"])
def test_a_number_no_page_sends_is_refused_and_breaks_nothing(desk: Desk, number: str) -> None:
    doc = str(desk.workspace.documents()[0].id)
    desk.open(told(doc=number))
    assert told(version=number).number("version") in (0, 3)
    assert read_stamp(f"{number}|S1|0|x") is None or number in (LONG, BIG)
    assert list(desk.save_paste(told(), number, "新的要点")) == []
    with pytest.raises(UserFacingError):
        desk.switch(told(), number, *NOTHING)
    for do in ("restore", "compare-moment", "restore-moment", "undo-fix", "undelete", "page"):
        try:
            list(
                Acts(desk).act(
                    told(do=do, id=f"S1/{number}/{number}", version=number),
                    doc,
                    "S1",
                    number,
                    *NOTHING,
                )
            )
        except UserFacingError:
            continue


def test_a_beat_no_page_sends_is_none() -> None:
    for written in ("x", "[]", "[1,2]", '{"a":1}', "[" * 9999, '[1e999,"",[],0]'):
        assert read_beat(written) is None


@pytest.mark.parametrize("key", ["order", "group_from", "max_children", "target_chars"])
def test_an_outline_with_a_number_out_of_bounds_names_its_file(tmp_path: Path, key: str) -> None:
    source = sorted((ROOT / "drafter" / "data" / "outlines").glob("*.toml"))[0]
    words = source.read_text(encoding="utf-8")
    lines = [line for line in words.split("\n") if not line.startswith(key)]
    at = 0 if key == "order" else lines.index("[[section]]") + 1
    (tmp_path / "本单位.toml").write_text(
        "\n".join([*lines[:at], f"{key} = inf", *lines[at:]]), "utf-8"
    )
    with pytest.raises(InputError, match="本单位"):
        list_outlines(tmp_path)


def test_a_topic_with_an_endless_pattern_names_its_file(tmp_path: Path) -> None:
    words = (ROOT / "drafter" / "data" / "topics.toml").read_text(encoding="utf-8")
    path = tmp_path / "topics.toml"
    path.write_text(words + "\n[[cue]]\nrole = '成效'\npatterns = ['a{99999999999}']\n", "utf-8")
    with pytest.raises(InputError, match=r"topics\.toml"):
        load_topics(path)


@pytest.mark.parametrize("text", ["{", "[]", "7", '{"model": 7, "engine": ["x"]}', "[" * 9999])
def test_settings_that_cannot_be_read_are_the_defaults(text: str) -> None:
    assert settings_from_json(text) == settings_from_json(None)
    assert isinstance(settings_from_json(text), Settings)
