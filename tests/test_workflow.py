"""The whole job through the composer, with a fake model and embedder and the real stores."""

import threading
import time
from pathlib import Path

import pytest

from drafter.errors import ExportError, InputError
from drafter.types import WriteEvent
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

PASTE = """报告类型：抓基层党建工作述职报告
单位：云岭区城市管理局
职务：党组书记
年度：2026

1. 召开党组会研究党建工作13次，签订责任书11份
2. 党组理论学习中心组集体学习12次
3. 发展党员7名，其中一线环卫工人3名
4. 慰问困难党员46人次，送慰问金5.2万元
5. 问题：个别支部会议记录照抄文件
6. 打算：每季度到不少于3个支部开展现场指导
"""


class EchoChat(FakeChat):
    """Answers with the bullets it was given, as one sentence each: faithful and plain."""

    def stream(self, messages, sampling):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        asked = messages[-1]["content"]
        for line in asked.splitlines()[1:]:
            yield line.removeprefix("- ") + "。"


@pytest.fixture
def desk(own_home: Path) -> Workspace:
    return Workspace(own_home, chat=EchoChat(), embedder=FakeEmbedder())


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "某局 样本.txt"
    path.write_text(
        "某局党组书记抓基层党建工作述职报告\n2025年，我认真履职，现将有关情况报告如下。\n"
        "一、履职情况\n（一）压实责任链条\n一是定好任务单。年初召开党组会×次专题研究党建，与支部签订"
        "责任书×份，逐项写明完成时限。二是常问常督。每季度听取支部书记汇报×次，当面指出问题。\n"
        "二、存在的问题\n一是会议记录不规范。个别支部照抄文件，没有写下讨论的过程和不同的意见。\n"
        "三、下一步打算\n一是多到现场。每季度到支部现场指导，帮着把制度理一遍、把难题解一个。\n",
        encoding="utf-8",
    )
    return path


def planned(desk: Workspace) -> int:
    doc = desk.create_document().id
    desk.save_paste(doc, PASTE)
    desk.make_plan(doc)
    return doc


def drain(desk: Workspace, doc: int) -> list[WriteEvent]:
    return list(desk.write_all(doc, threading.Event()))


def test_from_paste_to_a_whole_draft(desk: Workspace, sample: Path) -> None:
    desk.library.build([sample])
    doc = planned(desk)
    events = drain(desk, doc)
    draft = desk.draft(doc)
    assert events[-1].kind == "done"
    assert draft.title.startswith("云岭区城市管理局") or "述职报告" in draft.title
    assert draft.year == 2026
    written = {s.role for s in draft.sections if s.text}
    assert written >= {"导语", "成效", "问题", "打算"}
    assert {use.status for use in desk.fact_uses(doc)} <= {"used", "merged"}
    assert any(s.exemplar_ids for s in draft.sections)


def test_it_works_without_any_sample(desk: Workspace) -> None:
    doc = planned(desk)
    assert drain(desk, doc)[-1].kind == "done"


def test_regenerating_one_section_changes_nothing_else(desk: Workspace) -> None:
    doc = planned(desk)
    drain(desk, doc)
    before = {s.id: s.text for s in desk.draft(doc).sections}
    target = next(s.id for s in desk.draft(doc).sections if s.role == "成效" and s.text)
    events = list(desk.write_section(doc, target, threading.Event(), "压缩"))
    assert {s.id: s.text for s in desk.draft(doc).sections} == before
    state = desk.section(doc, target)
    assert state.candidate is not None
    assert state.candidate.id == next(e.version_id for e in events if e.kind == "section")
    desk.accept(doc, target, state.candidate.id)
    after = {s.id: s.text for s in desk.draft(doc).sections}
    assert {k: v for k, v in after.items() if k != target} == {
        k: v for k, v in before.items() if k != target
    }
    assert desk.section(doc, target).candidate is None


def test_everything_that_made_a_text_is_recorded(desk: Workspace, sample: Path) -> None:
    desk.library.build([sample])
    doc = planned(desk)
    drain(desk, doc)
    section = next(s for s in desk.draft(doc).sections if s.role == "成效" and s.text)
    run = desk.history(doc, section.id)[0].run
    assert run is not None
    assert run.fact_ids == section.fact_ids
    assert run.prompt_sha256
    assert run.seed == 1


def test_edits_survive_a_new_start(desk: Workspace, own_home: Path) -> None:
    doc = planned(desk)
    drain(desk, doc)
    target = next(s for s in desk.sections(doc) if s.section.role == "成效" and s.section.text)
    desk.save_text(doc, target.section.id, "我自己改的正文，共13次。", target.rev)
    again = Workspace(own_home, chat=EchoChat(), embedder=FakeEmbedder())
    assert again.section(doc, target.section.id).section.text == "我自己改的正文，共13次。"
    assert again.paste(doc) == PASTE


def test_a_written_section_is_not_written_over(desk: Workspace) -> None:
    doc = planned(desk)
    drain(desk, doc)
    target = next(s for s in desk.sections(doc) if s.section.role == "成效" and s.section.text)
    desk.save_text(doc, target.section.id, "人写的。", target.rev)
    drain(desk, doc)
    assert desk.section(doc, target.section.id).section.text == "人写的。"


def test_stopping_keeps_what_was_finished(desk: Workspace) -> None:
    doc = planned(desk)
    stop = threading.Event()
    kinds = []
    for event in desk.write_all(doc, stop):
        kinds.append(event.kind)
        if event.kind == "section" and event.points:
            stop.set()
    assert kinds[-1] == "stopped"
    assert any(s.text for s in desk.draft(doc).sections if s.role == "成效")


def test_a_locked_section_is_not_rewritten(desk: Workspace) -> None:
    doc = planned(desk)
    drain(desk, doc)
    target = next(s.id for s in desk.draft(doc).sections if s.role == "成效" and s.text)
    desk.set_locked(doc, target, True)
    with pytest.raises(InputError, match="锁定"):
        list(desk.write_section(doc, target, threading.Event()))


def test_a_new_paste_keeps_the_texts_of_sections_that_stay(desk: Workspace) -> None:
    doc = planned(desk)
    drain(desk, doc)
    before = {s.id: s.text for s in desk.draft(doc).sections if s.text}
    desk.save_paste(doc, PASTE.replace("1. 召开", "1. 意识形态专题研究2次\n2. 召开"))
    desk.make_plan(doc)
    after = {s.id: s.text for s in desk.draft(doc).sections if s.text}
    assert before.items() <= after.items()


def test_export_needs_text_and_names_the_file_after_the_report(desk: Workspace) -> None:
    doc = planned(desk)
    with pytest.raises(ExportError, match="还没有正文"):
        desk.export(doc, "docx")
    drain(desk, doc)
    desk.rename_document(doc, "述职/报告:2026")
    name, data = desk.export(doc, "txt")
    assert name == "述职报告2026.txt"
    assert "13次" in data.decode("utf-8")
    with pytest.raises(ExportError, match="不支持"):
        desk.export(doc, "pdf")


def test_settings_are_kept(desk: Workspace, own_home: Path) -> None:
    from dataclasses import replace

    desk.save_settings(replace(desk.settings(), model="http://127.0.0.1:9/v1", api_key="钥匙"))
    again = Workspace(own_home)
    assert again.settings().model == "http://127.0.0.1:9/v1"
    assert again.settings().api_key == "钥匙"


def test_a_missing_model_is_said_with_the_next_step(own_home: Path) -> None:
    from dataclasses import replace

    desk = Workspace(own_home, embedder=FakeEmbedder())
    desk.save_settings(replace(desk.settings(), model=str(own_home / "没有这个.gguf")))
    doc = planned(desk)
    with pytest.raises(Exception, match="没有这个") as caught:
        drain(desk, doc)
    assert "Traceback" not in str(caught.value)
    assert desk.paste(doc) == PASTE


def test_every_exemplar_point_is_stored_with_its_bullets_once(
    desk: Workspace, sample: Path
) -> None:
    desk.library.build([sample])
    stop = threading.Event()
    list(desk.recover_pairs(stop, with_model=False))
    first = desk.library.pair_sources()
    assert set(first.values()) == {"rule"}
    list(desk.recover_pairs(stop))
    assert set(desk.library.pair_sources()) == set(first)
    assert "rule" not in desk.library.pair_sources().values()
    assert next(iter(desk.recover_pairs(stop))).kind == "done"


def test_reading_changed_facts_moves_no_fact_of_the_plan(desk: Workspace) -> None:
    doc = planned(desk)
    where = {
        desk_fact(desk, doc, i): s.heading for s in desk.draft(doc).sections for i in s.fact_ids
    }
    desk.save_paste(doc, PASTE.replace("1. 召开", "1. 意识形态专题研究2次\n2. 召开"))
    desk.read_facts(doc)
    desk.make_plan(doc)
    after = {
        desk_fact(desk, doc, i): s.heading for s in desk.draft(doc).sections for i in s.fact_ids
    }
    assert where.items() <= after.items()


def desk_fact(desk: Workspace, doc: int, fact_id: str) -> str:
    sheet = desk.sheet(doc)
    assert sheet is not None
    return next(fact.text for fact in sheet.facts if fact.id == fact_id)


def test_a_library_of_another_embedder_does_not_stop_the_writing(
    desk: Workspace, sample: Path, own_home: Path
) -> None:
    desk.library.build([sample])
    other = Workspace(own_home, chat=EchoChat(), embedder=FakeEmbedder("fake-2", 128))
    doc = planned(other)
    assert drain(other, doc)[-1].kind == "done"
    assert {use.status for use in other.fact_uses(doc)} <= {"used", "merged"}


def test_samples_a_person_deleted_do_not_come_back(desk: Workspace, own_home: Path) -> None:
    def prepared(desk: Workspace) -> int:
        desk.prepare_library()
        while desk.library_status().state not in ("ready", "failed"):
            time.sleep(0.05)
        return len(desk.library.reports())

    assert prepared(desk) >= 16
    for report in desk.library.reports():
        desk.library.delete(report.id)
    again = Workspace(own_home, chat=EchoChat(), embedder=FakeEmbedder())
    assert prepared(again) == 0


def test_what_a_person_types_while_the_rest_is_written_stays(desk: Workspace) -> None:
    doc = planned(desk)
    mine = ""
    for event in desk.write_all(doc, threading.Event()):
        if event.kind == "section" and event.points and not mine:
            later = [s for s in desk.sections(doc) if s.section.fact_ids and not s.section.text]
            mine = later[-1].section.id
            desk.save_text(doc, mine, "我自己写的一段，不要动。", later[-1].rev)
    assert desk.section(doc, mine).section.text == "我自己写的一段，不要动。"


def test_facts_moved_while_a_section_is_written_make_its_text_a_candidate(desk: Workspace) -> None:
    doc = planned(desk)
    changed = ""
    for event in desk.write_all(doc, threading.Event()):
        if event.kind == "text" and event.section_id and not changed:
            changed = event.section_id
            desk.save_paste(doc, PASTE.replace("13次", "14次"))
            desk.make_plan(doc)
    texts = "".join(s.text for s in desk.draft(doc).sections)
    assert "13次" not in texts or desk.section(doc, changed).candidate is None


def test_going_back_to_an_outline_brings_its_texts_back(desk: Workspace) -> None:
    doc = planned(desk)
    drain(desk, doc)
    plan = desk.plan(doc)
    assert plan is not None
    before = sorted(s.text for s in desk.draft(doc).sections if s.text)
    other = next(name for name, _ in desk.outlines() if name != plan.outline)
    desk.make_plan(doc, other)
    desk.make_plan(doc, plan.outline)
    assert sorted(s.text for s in desk.draft(doc).sections if s.text) == before


def test_an_import_that_was_interrupted_goes_on_at_the_next_start(own_home: Path) -> None:
    desk = Workspace(own_home, chat=EchoChat(), embedder=FakeEmbedder())
    desk.prepare_library()
    desk.stop_preparing()
    for _ in range(200):
        if desk.library_status().state in ("ready", "failed"):
            break
        time.sleep(0.05)
    again = Workspace(own_home, chat=EchoChat(), embedder=FakeEmbedder())
    again.prepare_library()
    while again.library_status().state not in ("ready", "failed"):
        time.sleep(0.05)
    assert len(again.library.reports()) >= 16
