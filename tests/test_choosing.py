"""Exemplars by choice: pinned ones always, banned ones never, the report's own never; own style."""

import threading
from pathlib import Path

import pytest

from drafter.choosing import EXEMPLARS
from drafter.errors import InputError, StoreError
from drafter.types import Finding
from drafter.workflow import Workspace
from index.types import Exemplar
from tests.fakes import FakeChat, FakeEmbedder
from tests.library.cases import report_text

PASTE = """单位：某局
年度：2026
1. 召开党组会研究党建工作12次，签订责任书8份
2. 开展警示教育3次，廉政谈话20人次
问题：2个支部会议记录过于简单
打算：每季度开展1次现场指导
"""
COPIED = "把项目工地的难题搬到板房里由书记们当场商量限期办结"


@pytest.fixture
def desk(own_home: Path, tmp_path: Path) -> Workspace:
    desk = Workspace(own_home, chat=FakeChat("召开党组会12次。"), embedder=FakeEmbedder())
    for unit in range(4):
        (tmp_path / f"{unit}.txt").write_text(report_text(unit), encoding="utf-8")
    desk.library.build([tmp_path])
    return desk


def planned(desk: Workspace, paste: str = PASTE) -> tuple[int, str]:
    """Return a document, and its section that holds the first fact."""
    doc = desk.create_document().id
    desk.save_paste(doc, paste)
    plan = desk.make_plan(doc)
    return doc, next(s.id for s in plan.sections if "F1" in s.fact_ids)


def ids(found: tuple[Exemplar, ...]) -> list[str]:
    return [exemplar.section.id for exemplar in found]


def write(desk: Workspace, doc: int, section: str, text: str) -> None:
    desk.save_text(doc, section, text, desk.section(doc, section).rev)


def leaks(desk: Workspace, doc: int) -> list[Finding]:
    return [finding for finding in desk.findings(doc) if finding.check == "exemplar_leak"]


def last_of(desk: Workspace) -> str:
    """Return the section that is farthest from党建责任: a problem of the last report."""
    return [s.id for s in desk.library.sections() if s.role == "问题"][-1]


def test_a_pinned_exemplar_comes_first_however_far_it_is(desk: Workspace) -> None:
    doc, section = planned(desk)
    before = ids(desk.exemplars(doc, section))
    far = last_of(desk)
    assert far not in before
    assert desk.choosing.choose(doc, section, far, "pinned") is None
    now = desk.exemplars(doc, section)
    assert ids(now)[0] == far
    assert ids(now)[1:] == before[: EXEMPLARS - 1]
    assert now[0].score < now[1].score, "its closeness is told as it is"


def test_a_pinned_exemplar_is_written_beside_and_shown_to_the_model(desk: Workspace) -> None:
    doc, section = planned(desk)
    far = next(s for s in desk.library.sections() if "警示教育" in s.text and s.role == "成效")
    desk.choosing.choose(doc, section, far.id, "pinned")
    task = desk._writing._tasks.task(doc, desk.section(doc, section).section)
    assert task.exemplar_texts[0] == far.text
    assert task.shots[-1].section_id == far.id, "the closest place to the question is the last"
    assert far.id in desk.section(doc, section).section.exemplar_ids


def test_a_banned_exemplar_makes_room_and_comes_back_with_undo(desk: Workspace) -> None:
    doc, section = planned(desk)
    before = ids(desk.exemplars(doc, section))
    assert desk.choosing.choose(doc, section, before[0], "banned") is None
    now = ids(desk.exemplars(doc, section))
    assert before[0] not in now
    assert len(now) == len(before)
    (aside,) = desk.choosing.set_aside(doc, section)
    assert aside.exemplar.section.id == before[0]
    assert desk.choosing.choose(doc, section, before[0], None) == "banned"
    assert ids(desk.exemplars(doc, section)) == before


def test_a_choice_holds_for_its_section_only_and_through_a_new_start(
    desk: Workspace, own_home: Path
) -> None:
    doc, section = planned(desk)
    other = next(s.id for s in desk.draft(doc).sections if "F3" in s.fact_ids)
    first, elsewhere = ids(desk.exemplars(doc, section)), ids(desk.exemplars(doc, other))
    desk.choosing.choose(doc, section, first[0], "banned")
    assert ids(desk.exemplars(doc, other)) == elsewhere
    desk.close()
    again = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    assert first[0] not in ids(again.exemplars(doc, section))


def test_no_more_are_pinned_than_can_be_used(desk: Workspace) -> None:
    doc, section = planned(desk)
    every = [s.id for s in desk.library.sections() if s.role == "成效"]
    for exemplar in every[:EXEMPLARS]:
        desk.choosing.choose(doc, section, exemplar, "pinned")
    with pytest.raises(InputError):
        desk.choosing.choose(doc, section, every[EXEMPLARS], "pinned")
    assert ids(desk.exemplars(doc, section)) == every[:EXEMPLARS]
    task = desk._writing._tasks.task(doc, desk.section(doc, section).section)
    assert {shot.section_id for shot in task.shots} <= set(every[:EXEMPLARS])


def test_a_choice_outlives_its_report_and_an_unknown_document_is_told(desk: Workspace) -> None:
    doc, section = planned(desk)
    far = last_of(desk)
    desk.choosing.choose(doc, section, far, "pinned")
    desk.library.delete(desk.library.section(far).report)
    assert far not in ids(desk.exemplars(doc, section))
    assert desk.choosing.choose(doc, section, far, None) == "pinned"
    with pytest.raises(StoreError):
        desk.choosing.choose(999, section, ids(desk.exemplars(doc, section))[0], "pinned")


def test_pinned_and_banned_exemplars_are_sources_of_the_leak_check(desk: Workspace) -> None:
    doc, section = planned(desk)
    report = f"某区述职报告\n一、工作成效\n（一）推进项目。{COPIED}，效果明显。\n"
    desk.library.add_files("copied.txt", report.encode())
    theirs = next(s.id for s in desk.library.sections() if COPIED in s.text)
    write(desk, doc, section, f"{COPIED}。")
    assert leaks(desk, doc) == []
    for choice in ("pinned", "banned"):
        desk.choosing.choose(doc, section, theirs, choice)
        (leak,) = [f for f in leaks(desk, doc) if "原句相同" in f.message]
        assert leak.section_id == section
        reviewed = desk.review.read(doc)
        remarks = [r for r in reviewed.remarks if r.finding == leak]
        assert desk.review.origins(reviewed, remarks)[remarks[0].key].report == "某区述职报告"


def test_what_a_text_was_written_beside_stays_a_source(desk: Workspace) -> None:
    doc, section = planned(desk)
    list(desk.write_section(doc, section, threading.Event()))
    first = desk.section(doc, section).section.exemplar_ids
    desk.choosing.choose(doc, section, first[0], "banned")
    desk.choosing.choose(doc, section, first[0], None)
    desk.library.delete(desk.library.section(first[1]).report)
    list(desk.write_section(doc, section, threading.Event()))
    assert set(first) <= set(desk.section(doc, section).section.exemplar_ids)


def test_a_search_by_hand_says_what_was_decided(desk: Workspace) -> None:
    doc, section = planned(desk)
    (hit, *_) = desk.choosing.search(doc, section, "廉政谈话", None, 5)
    assert hit.choice is None and hit.report is not None
    desk.choosing.choose(doc, section, hit.exemplar.section.id, "pinned")
    assert desk.choosing.search(doc, section, "廉政谈话", None, 5)[0].choice == "pinned"
    assert desk.choosing.search(doc, section, "  ", None, 5) == ()


# the unit's own style

TEXT = "一是坚持党组会每月专题听取党建汇报，签订责任书8份，逐级压实支部书记责任。"


def test_an_accepted_section_is_preferred_in_the_next_document_and_not_in_its_own(
    desk: Workspace,
) -> None:
    doc, section = planned(desk)
    write(desk, doc, section, TEXT)
    report = desk.choosing.own.keep_section(doc, section)
    mine = f"{report.id}/{section}"
    assert mine not in ids(desk.exemplars(doc, section))
    assert all(c.exemplar.section.id != mine for c in desk.choosing.search(doc, "", TEXT, None, 9))
    second, same = planned(desk)
    found = desk.choosing.considered(second, desk.section(second, same).section)
    assert found[0].exemplar.section.id == mine
    assert found[0].own


def test_nobody_copies_from_himself_but_another_document_can(desk: Workspace) -> None:
    doc, section = planned(desk)
    write(desk, doc, section, f"{COPIED}，签订责任书8份。")
    report = desk.choosing.own.keep_section(doc, section)
    mine = f"{report.id}/{section}"
    desk.choosing.choose(doc, section, mine, "pinned")
    desk._store.set_exemplars(doc, section, [mine])
    assert leaks(desk, doc) == []
    assert mine not in ids(desk.exemplars(doc, section))
    second, same = planned(desk)
    write(desk, second, same, f"{COPIED}。")
    desk.choosing.choose(second, same, mine, "pinned")
    assert leaks(desk, second)


def test_the_whole_report_is_kept_but_for_its_formulas(desk: Workspace) -> None:
    doc, section = planned(desk)
    list(desk.write_all(doc, threading.Event()))
    desk.choosing.own.keep_report(doc)
    kept = {one.section_id for one in desk.choosing.own.kept(doc)}
    written = [s for s in desk.draft(doc).sections if s.text.strip()]
    assert kept == {s.id for s in written if s.role not in ("导语", "结语")}
    assert section in kept
    desk.choosing.own.take_out(doc, section)
    assert section not in {one.section_id for one in desk.choosing.own.kept(doc)}


def test_what_is_kept_is_a_copy_and_says_when_the_text_moved_on(desk: Workspace) -> None:
    doc, section = planned(desk)
    write(desk, doc, section, TEXT)
    desk.choosing.own.keep_section(doc, section)
    assert desk.choosing.own.kept(doc)[0].current
    write(desk, doc, section, TEXT + "又改了。")
    assert not desk.choosing.own.kept(doc)[0].current
    assert desk.library.kept_own(f"draft-{doc}")[0].text == TEXT


def test_there_must_be_something_to_keep(desk: Workspace) -> None:
    doc, section = planned(desk)
    with pytest.raises(InputError):
        desk.choosing.own.keep_section(doc, section)
    with pytest.raises(InputError):
        desk.choosing.own.keep_report(doc)
    formula = next(s.id for s in desk.draft(doc).sections if s.role == "导语")
    write(desk, doc, formula, "现将有关情况报告如下。")
    with pytest.raises(InputError):
        desk.choosing.own.keep_section(doc, formula)
