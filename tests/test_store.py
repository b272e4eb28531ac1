"""The store: nothing a person wrote is ever lost, and nothing changes behind their back."""

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.errors import StoreError
from drafter.migrations import MIGRATIONS
from drafter.store import Store
from drafter.types import (
    Anchor,
    Fact,
    FactSheet,
    Plan,
    PlannedSection,
    Run,
    Sampling,
    WrittenPoint,
)

PLAN = Plan(
    "述职报告",
    "bureau",
    (
        PlannedSection("S1", "", "导语", 1, (), 60, None),
        PlannedSection("S2", "主要工作", "成效", 1, (), 0, None),
        PlannedSection("S3", "压实责任", "成效", 2, ("F1",), 110, "党建责任"),
        PlannedSection("S4", "建强堡垒", "成效", 2, ("F2", "F3"), 220, "组织建设"),
    ),
    ("F9",),
)
RUN = Run(
    "小模型", "ab" * 32, Sampling(seed=7, stop=("\n",)), 7, "cd" * 32, ("F1",), ("r1-2",), 3.5
)
POINT = WrittenPoint("一是压实责任。", ("F1",), 2, False, ("12次",), ("3个",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "文稿 库" / "drafts.db"


@pytest.fixture
def store(path: Path) -> Store:
    return Store(path)


@pytest.fixture
def doc(store: Store) -> int:
    info = store.create_document("未命名文稿")
    store.save_plan(info.id, PLAN)
    return info.id


def texts(store: Store, doc: int) -> dict[str, str]:
    return {section.id: section.text for section in store.draft_sections(doc)}


# documents


def test_documents_are_listed_last_changed_first_and_deletion_can_be_undone(store: Store) -> None:
    first, second = store.create_document("甲"), store.create_document("乙")
    store.rename(first.id, "甲（改）")
    assert [info.title for info in store.documents()] == ["甲（改）", "乙"]
    assert store.document(first.id).rev == first.rev + 1
    store.delete(first.id)
    assert [info.id for info in store.documents()] == [second.id]
    assert [info.id for info in store.documents(deleted=True)] == [first.id]
    with pytest.raises(StoreError, match="恢复"):
        store.document(first.id)
    store.undelete(first.id)
    assert store.document(first.id).title == "甲（改）"


def test_paste_facts_and_plan_come_back_after_reopening(path: Path) -> None:
    anchor = Anchor("number", "12次", 4, 7, "12|次")
    sheet = FactSheet(
        None,
        "述职报告",
        "某局",
        None,
        2026,
        (Fact("F1", "党组会12次", (anchor,), "成效", None),),
        ("重复",),
    )
    store = Store(path)
    doc = store.create_document("述职").id
    assert (store.paste(doc), store.sheet(doc), store.plan(doc)) == ("", None, None)
    store.save_paste(doc, "  一、要点\n1. 党组会12次\t\r\n")
    store.save_sheet(doc, sheet)
    store.save_plan(doc, PLAN)
    store.set_setting("model", "小")
    store.close()
    again = Store(path)
    assert again.paste(doc) == "  一、要点\n1. 党组会12次\t\r\n"
    assert again.sheet(doc) == sheet
    assert again.plan(doc) == PLAN
    assert (again.setting("model"), again.setting("别的")) == ("小", None)


def test_half_a_character_does_not_stop_a_save(store: Store, doc: int) -> None:
    store.save_paste(doc, "好\ud83d")
    assert store.paste(doc) == "好?"
    store.save_text(doc, "S3", "好\ud83d", store.section_rev(doc, "S3"))
    assert texts(store, doc)["S3"] == "好?"


# saving


def test_a_save_becomes_the_text_and_a_version(store: Store, doc: int) -> None:
    outcome = store.save_text(doc, "S3", "第一稿", store.section_rev(doc, "S3"))
    assert not outcome.conflict
    assert outcome.rev == store.section_rev(doc, "S3")
    assert texts(store, doc)["S3"] == "第一稿"
    (version,) = store.history(doc, "S3")
    assert (version.id, version.author, version.text) == (outcome.version_id, "human", "第一稿")
    assert store.save_text(doc, "S3", "第一稿", outcome.rev).version_id == outcome.version_id
    assert len(store.history(doc, "S3")) == 1


def test_the_slower_of_two_savers_loses_nothing(store: Store, doc: int) -> None:
    rev = store.section_rev(doc, "S3")
    won = store.save_text(doc, "S3", "先到的", rev)
    lost = store.save_text(doc, "S3", "后到的", rev)
    assert lost.conflict and lost.rev == won.rev
    assert texts(store, doc)["S3"] == "先到的"
    assert {version.text for version in store.history(doc, "S3")} == {"先到的", "后到的"}
    assert lost.version_id is not None and store.version(lost.version_id).text == "后到的"
    assert not store.save_text(doc, "S3", "再来", lost.rev).conflict


def test_saving_from_many_threads_keeps_every_text(store: Store, doc: int) -> None:
    errors: list[BaseException] = []

    def save(name: int) -> None:
        try:
            for turn in range(10):
                store.save_text(doc, "S3", f"{name}-{turn}", store.section_rev(doc, "S3"))
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=save, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    kept = {version.text for version in store.history(doc, "S3")}
    assert kept == {f"{name}-{turn}" for name in range(6) for turn in range(10)}


def test_two_programs_on_one_file_do_not_overwrite_each_other(path: Path) -> None:
    one, two = Store(path), Store(path)
    doc = one.create_document("共用").id
    one.save_plan(doc, PLAN)
    rev = two.section_rev(doc, "S3")
    one.save_text(doc, "S3", "甲", rev)
    assert two.save_text(doc, "S3", "乙", rev).conflict
    assert texts(two, doc)["S3"] == "甲"


def test_texts_are_never_changed_or_deleted(store: Store, doc: int, path: Path) -> None:
    store.save_text(doc, "S3", "原文", store.section_rev(doc, "S3"))
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE versions SET text = '改'",
        "UPDATE versions SET created_at = ''",
        "DELETE FROM versions",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


# versions


def test_a_candidate_changes_no_section(store: Store, doc: int) -> None:
    store.save_text(doc, "S3", "我写的\n第二段", store.section_rev(doc, "S3"))
    before, rev = store.draft_sections(doc), store.section_rev(doc, "S3")
    added = store.add_version(doc, "S3", "模型写的", "model", RUN, (POINT,), "candidate")
    assert store.draft_sections(doc) == before
    assert store.section_rev(doc, "S3") == rev
    assert store.candidate(doc, "S3") == added
    assert store.candidate(doc, "S4") is None
    assert (added.run, store.points(added.id)) == (RUN, (POINT,))


def test_accepting_changes_that_section_only_and_keeps_the_old_text(store: Store, doc: int) -> None:
    store.save_text(doc, "S3", "旧", store.section_rev(doc, "S3"))
    store.save_text(doc, "S4", "别动我", store.section_rev(doc, "S4"))
    others = [section for section in store.draft_sections(doc) if section.id != "S3"]
    added = store.add_version(doc, "S3", "新", "model", RUN, (), "candidate")
    store.accept(doc, "S3", added.id)
    assert texts(store, doc)["S3"] == "新"
    assert [section for section in store.draft_sections(doc) if section.id != "S3"] == others
    assert store.candidate(doc, "S3") is None
    assert [version.text for version in store.history(doc, "S3")] == ["新", "旧"]


def test_a_discarded_candidate_is_gone_but_not_lost(store: Store, doc: int) -> None:
    store.add_version(doc, "S3", "第一次", "model", RUN)
    second = store.add_version(doc, "S3", "第二次", "model", RUN)
    store.discard(doc, "S3", second.id)
    assert store.candidate(doc, "S3") is None
    assert [version.text for version in store.history(doc, "S3")] == ["第二次", "第一次"]


def test_the_model_does_not_overwrite_a_locked_or_edited_section(store: Store, doc: int) -> None:
    rev = store.section_rev(doc, "S3")
    store.save_text(doc, "S3", "趁它写时我改了", rev)
    store.add_version(doc, "S3", "模型写的", "model", RUN, (), "current", rev=rev)
    store.set_locked(doc, "S4", True)
    store.add_version(doc, "S4", "模型写的", "model", RUN, (), "current")
    assert (texts(store, doc)["S3"], texts(store, doc)["S4"]) == ("趁它写时我改了", "")
    for sid in ("S3", "S4"):
        candidate = store.candidate(doc, sid)
        assert candidate is not None and candidate.text == "模型写的"
    store.set_locked(doc, "S4", False)
    store.add_version(doc, "S4", "这回可以", "model", RUN, (), "current")
    assert texts(store, doc)["S4"] == "这回可以"


def test_restoring_adds_a_version_of_the_person(store: Store, doc: int) -> None:
    old = store.add_version(doc, "S3", "第一稿", "model", RUN, (), "current")
    store.save_text(doc, "S3", "第二稿", store.section_rev(doc, "S3"))
    rev = store.section_rev(doc, "S3")
    store.restore(doc, "S3", old.id)
    assert texts(store, doc)["S3"] == "第一稿"
    newest = store.history(doc, "S3")[0]
    assert (newest.text, newest.author, len(store.history(doc, "S3"))) == ("第一稿", "human", 3)
    assert store.section_rev(doc, "S3") == rev + 1


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["save", "stale", "restore", "model", "accept", "discard", "plan"]),
            st.sampled_from(["S3", "S4"]),
            st.text(max_size=12),
            st.integers(0, 20),
        ),
        max_size=25,
    )
)
def test_every_acknowledged_text_stays_in_history(
    store: Store, steps: list[tuple[str, str, str, int]]
) -> None:
    doc = store.create_document("历史").id
    store.save_plan(doc, PLAN)
    kept: dict[str, list[str]] = {"S3": [], "S4": []}
    for kind, sid, text, pick in steps:
        rev = store.section_rev(doc, sid)
        versions = store.history(doc, sid)
        other = {"S3": "S4", "S4": "S3"}[sid]
        before = texts(store, doc)[other]
        if kind in ("save", "stale"):
            outcome = store.save_text(doc, sid, text, rev if kind == "save" else rev - 1)
            if outcome.version_id is not None:
                kept[sid].append(store.version(outcome.version_id).text)
        elif kind == "restore" and versions:
            chosen = versions[pick % len(versions)]
            store.restore(doc, sid, chosen.id)
            assert texts(store, doc)[sid] == chosen.text
        elif kind == "model":
            kept[sid].append(store.add_version(doc, sid, text, "model", RUN).text)
        elif kind in ("accept", "discard") and (candidate := store.candidate(doc, sid)):
            getattr(store, kind)(doc, sid, candidate.id)
        elif kind == "plan":
            store.save_plan(doc, replace(PLAN, sections=PLAN.sections[::-1]))
        assert texts(store, doc)[other] == before
    for sid, wanted in kept.items():
        assert set(wanted) <= {version.text for version in store.history(doc, sid)}


# plans and texts


def test_texts_stay_with_their_sections_through_plan_edits(store: Store, doc: int) -> None:
    store.save_text(doc, "S3", "责任", store.section_rev(doc, "S3"))
    store.save_text(doc, "S4", "堡垒", store.section_rev(doc, "S4"))
    store.set_locked(doc, "S4", True)
    store.set_exemplars(doc, "S4", ("r1-1", "r2-3"))
    one, two, three, four = PLAN.sections
    moved = replace(PLAN, sections=(one, two, replace(four, heading="改了标题"), three))
    store.save_plan(doc, moved)
    sections = store.draft_sections(doc)
    assert [section.id for section in sections] == ["S1", "S2", "S4", "S3"]
    assert (sections[2].heading, sections[2].text) == ("改了标题", "堡垒")
    assert (sections[2].locked, sections[2].exemplar_ids) == (True, ("r1-1", "r2-3"))
    assert sections[2].fact_ids == ("F2", "F3")


def test_a_dropped_section_comes_back_with_its_text(store: Store, doc: int) -> None:
    store.save_text(doc, "S4", "堡垒", store.section_rev(doc, "S4"))
    store.save_plan(doc, replace(PLAN, sections=PLAN.sections[:3]))
    assert "S4" not in texts(store, doc)
    assert [version.text for version in store.history(doc, "S4")] == ["堡垒"]
    store.save_plan(doc, PLAN)
    assert texts(store, doc)["S4"] == "堡垒"


def test_an_id_given_to_another_section_does_not_bring_its_text(store: Store, doc: int) -> None:
    store.save_text(doc, "S4", "堡垒", store.section_rev(doc, "S4"))
    rev = store.section_rev(doc, "S4")
    other = PlannedSection("S4", "正风肃纪", "成效", 2, ("F5",), 110, "廉政作风")
    store.save_plan(doc, replace(PLAN, sections=(*PLAN.sections[:3], other)))
    assert texts(store, doc)["S4"] == ""
    assert [version.text for version in store.history(doc, "S4")] == ["堡垒"]
    assert store.save_text(doc, "S4", "迟到的保存", rev).conflict


# faults


def test_unknown_ids_are_named_in_chinese(store: Store, doc: int) -> None:
    other = store.create_document("别的").id
    store.save_plan(other, PLAN)
    foreign = store.add_version(other, "S3", "别人的", "model", RUN)
    for call in (
        lambda: store.document(999),
        lambda: store.paste(999),
        lambda: store.rename(999, "x"),
        lambda: store.save_plan(999, PLAN),
        lambda: store.draft_sections(999),
        lambda: store.section_rev(doc, "S99"),
        lambda: store.save_text(doc, "S99", "x", 1),
        lambda: store.history(doc, "S99"),
        lambda: store.version(999),
        lambda: store.accept(doc, "S3", foreign.id),
        lambda: store.discard(doc, "S3", foreign.id),
        lambda: store.restore(doc, "S3", foreign.id),
    ):
        with pytest.raises(StoreError) as caught:
            call()
        assert caught.value.hint and caught.value.message[0] > "\u4e00"


def test_a_failed_transaction_leaves_nothing_behind(store: Store, doc: int) -> None:
    unnamed = replace(PLAN.sections[0], id="S10", heading=None)  # type: ignore[arg-type]
    broken = replace(PLAN, title="坏提纲", sections=(*PLAN.sections[:2], unnamed))
    before = (store.plan(doc), store.draft_sections(doc), store.document(doc))
    with pytest.raises(StoreError):
        store.save_plan(doc, broken)
    assert (store.plan(doc), store.draft_sections(doc), store.document(doc)) == before


def test_a_newer_database_is_refused_untouched(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StoreError, match="更新版本"):
        Store(path)


@pytest.mark.parametrize("damage", ["text", "cut", "middle"])
def test_a_damaged_file_is_reported_and_left_alone(path: Path, damage: str) -> None:
    store = Store(path)
    doc = store.create_document("文稿").id
    store.save_plan(doc, PLAN)
    for turn in range(200):
        store.save_text(doc, "S3", f"{turn}" * 300, store.section_rev(doc, "S3"))
    store.close()
    data = path.read_bytes()
    damaged = {
        "text": "这不是数据库".encode() * 500,
        "cut": data[: len(data) // 3],
        "middle": data[:8192] + b"\xff" * 40000 + data[48192:],
    }[damage]
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="损坏") as caught:
        Store(path)
    assert "备份" in caught.value.hint
    assert path.read_bytes() == damaged


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "占位").write_text("这是文件")
    with pytest.raises(StoreError, match="不能写入"):
        Store(tmp_path / "占位" / "drafts.db")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder_is_reported(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="不能写入"):
            Store(path)
    finally:
        path.parent.chmod(0o700)


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="关闭"):
        store.documents()
