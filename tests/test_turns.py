"""The line for the model: fair between people, in order within one, left at once."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.engine import Engine
from drafter.errors import EngineError
from drafter.turns import Place, Turn, Turns
from drafter.types import Settings, WriteEvent
from drafter.ui.jobs import Job, Jobs
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def came(turn: Turn) -> bool:
    return turn.place is None


def order(turns: Turns, asked: dict[str, Turn]) -> list[str]:
    """Let everybody have their turn, one after the other; return who came when."""
    came_in: list[str] = []
    left = dict(asked)
    while left:
        name = next(name for name, turn in left.items() if came(turn))
        came_in.append(name)
        left.pop(name).leave()
    return came_in


def test_one_at_a_time_and_the_first_who_came() -> None:
    turns = Turns()
    first, second = turns.ask("甲"), turns.ask("乙")
    assert came(first)
    assert not came(second)
    assert turns.busy
    first.leave()
    assert came(second)
    second.leave()
    assert not turns.busy


def test_twenty_of_one_person_do_not_block_another() -> None:
    turns = Turns()
    running = turns.ask("甲")
    asked = {f"甲{n}": turns.ask("甲") for n in range(20)}
    asked["乙"] = turns.ask("乙")
    running.leave()
    assert order(turns, asked)[:3] == ["乙", "甲0", "甲1"]


def test_whoever_asks_again_goes_behind_those_who_wait() -> None:
    turns = Turns()
    running = turns.ask("甲")
    other, third = turns.ask("乙"), turns.ask("丙")
    running.leave()
    again = turns.ask("甲")
    assert order(turns, {"甲": again, "乙": other, "丙": third}) == ["乙", "丙", "甲"]


@given(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=24))
def test_nobody_waits_for_more_than_one_turn_of_each_other(asks: list[str]) -> None:
    """Between two turns of one person who waits, everybody else has one turn at most."""
    turns = Turns()
    holding = turns.ask("戊")
    asked = {f"{who}{n}": turns.ask(who) for n, who in enumerate(asks)}
    holding.leave()
    came_in = order(turns, asked)
    assert sorted(came_in) == sorted(asked)
    for who in set(asks):
        mine = [int(name[1:]) for name in came_in if name[0] == who]
        assert mine == sorted(mine), "first come, first served"
    for number, name in enumerate(came_in):
        before = [one[0] for one in came_in[:number]]
        rounds = before.count(name[0])
        assert all(before.count(other) <= rounds + 1 for other in set(asks))


def test_the_place_is_told_with_the_time_it_may_take() -> None:
    clock = Clock()
    turns = Turns(1, clock)
    first, second, third = turns.ask("甲"), turns.ask("乙"), turns.ask("丙")
    assert str(third.place) == "前面还有 2 个请求"
    clock.now = 30.0
    first.leave()
    assert second.place is None
    assert third.place == Place(1, 30.0)
    clock.now = 50.0
    assert str(third.place) == "前面还有 1 个请求，约 10 秒"
    fourth = turns.ask("丁")
    assert str(fourth.place) == "前面还有 2 个请求，约 40 秒"
    clock.now = 500.0
    second.leave()
    assert str(turns.ask("戊").place) == "前面还有 2 个请求，约 8 分钟"


def test_several_at_once_and_nobody_while_none_are_allowed() -> None:
    turns = Turns(2)
    asked = [turns.ask(name) for name in "甲乙丙"]
    assert [came(one) for one in asked] == [True, True, False]
    turns.allow(0)
    asked[0].leave()
    assert not came(asked[2])
    turns.allow(4)
    assert came(asked[2])


def test_the_patient_come_last() -> None:
    turns = Turns()
    running = turns.ask("甲")
    patient, other = turns.ask("乙", patient=True), turns.ask("丙")
    assert patient.place == Place(2, None)
    running.leave()
    assert order(turns, {"乙": patient, "丙": other}) == ["丙", "乙"]


def test_stopping_leaves_the_line_at_once() -> None:
    turns = Turns()
    running, stop = turns.ask("甲"), threading.Event()
    waiting, behind = turns.ask("乙"), turns.ask("丙")
    places = waiting.wait(stop)
    assert next(places).before == 1
    stop.set()
    began = time.monotonic()
    assert list(places) == []
    waiting.leave()
    assert time.monotonic() - began < 0.5
    assert behind.place == Place(1, None)
    running.leave()
    assert came(behind)


# the engine and the writer


def test_a_new_model_waits_for_those_who_write_and_is_there_for_those_who_wait(
    tmp_path: Path,
) -> None:
    engine = Engine(lambda: Settings(str(tmp_path / "none.gguf"), "auto", ""), FakeChat("好。"))
    stop = threading.Event()
    with engine.turn("甲", stop) as first, engine.turn("乙", stop) as second:
        assert list(first.waiting()) == []
        assert first.model.name == "fake-chat"
        engine.release()
        assert next(second.waiting()) == "前面还有 1 个请求"
        with pytest.raises(EngineError, match="已停止排队"):
            _ = second.model
        assert first.model.name == "fake-chat"
    assert engine.status().state == "missing"
    with engine.turn("丙", stop) as third, pytest.raises(EngineError, match="找不到模型"):
        list(third.waiting())
    with pytest.raises(EngineError, match="还没有就绪"):
        engine.model()


SHEET = "单位：某局\n年度：2026\n1. 召开党组会研究党建工作12次\n问题：2个支部会议记录过于简单\n"


def desk_of(home: Path, name: str, chief: Workspace | None = None) -> tuple[Workspace, int]:
    desk = Workspace(home / name, chief=chief) if chief else chief_of(home)
    doc = desk.create_document(name).id
    desk.save_paste(doc, SHEET)
    desk.make_plan(doc)
    return desk, doc


def chief_of(home: Path) -> Workspace:
    chat = FakeChat("召开党组会研究党建工作12次。", delay=0.05, piece=2)
    return Workspace(home, chat=chat, embedder=FakeEmbedder())


def test_two_people_write_turn_by_turn_and_see_where_they_stand(tmp_path: Path) -> None:
    chief, mine = desk_of(tmp_path, "甲")
    other, theirs = desk_of(tmp_path, "乙", chief)
    said: list[str] = []

    def watch(job: Job) -> None:
        said.extend(view.message for view in job.views())

    first = Jobs().start("all", mine, lambda stop: chief.write_all(mine, stop))
    second = Jobs().start("all", theirs, lambda stop: other.write_all(theirs, stop))
    lookers = [threading.Thread(target=watch, args=(job,)) for job in (first, second)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join(60)
    assert any("前面还有 1 个请求" in message for message in said)
    for desk, doc in ((chief, mine), (other, theirs)):
        facts = [s.section for s in desk.sections(doc) if s.section.fact_ids]
        assert all(section.text for section in facts)
    other.close()
    chief.close()


def test_one_person_writes_in_two_documents_and_stops_only_one() -> None:
    jobs = Jobs()

    def events(stop: threading.Event) -> Iterator[WriteEvent]:
        yield from ()
        stop.wait(20)

    one, two = jobs.start("all", 1, events), jobs.start("all", 2, events)
    assert jobs.stop(1)
    assert list(one.views())[-1].ended
    assert not jobs.stop(1)
    assert jobs.running(2) is two
    jobs.stop(2)
    assert list(two.views())[-1].stopped
