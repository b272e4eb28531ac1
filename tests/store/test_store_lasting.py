"""What the store keeps through edits of the plan, faults and damage."""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.errors import StoreError
from drafter.migrations import MIGRATIONS
from drafter.store import Store
from drafter.types import (
    PlannedSection,
)
from tests.store.cases import PLAN, RUN, texts


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
