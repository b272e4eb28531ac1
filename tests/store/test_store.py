"""The store: nothing a person wrote is ever lost, and nothing changes behind their back."""

import sqlite3
import threading
from pathlib import Path

import pytest

from drafter.errors import StoreError
from drafter.store import Store
from drafter.types import (
    Anchor,
    Fact,
    FactSheet,
)
from tests.store.cases import PLAN, POINT, RUN, texts

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
