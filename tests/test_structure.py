"""Changes of structure and taking them back: whatever is done, undoing it gives back plan and
texts byte for byte, and no text ever leaves the history."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.errors import InputError, UserFacingError
from drafter.facts import read_facts
from drafter.moved_facts import cuts
from drafter.records import plan_to_json
from drafter.store import Store
from drafter.structure import Structure
from drafter.types import Plan, PlannedSection

PASTE = """单位：某县水务局
年度：2026
1. 召开党组会研究党建工作12次
2. 开展专题学习9次
3. 发展党员5名
4. 建成党员活动室3个
"""
FIRST = "全年召开党组会研究党建工作12次。"
SECOND = "开展专题学习9次。"
TEXTS = {
    "S1": "现将情况报告如下。",
    "S2": f"{FIRST}{SECOND}",
    "S3": "发展党员5名。\n建成党员活动室3个。",
    "S5": "",
    "S6": "特此报告。",
}


def planned() -> Plan:
    return Plan(
        "述职报告",
        "述职",
        (
            PlannedSection("S1", "", "导语", 1, (), 100, None),
            PlannedSection("S2", "扛牢责任", "成效", 1, ("F1", "F2"), 400, "责任"),
            PlannedSection("S3", "建强组织", "成效", 1, ("F3", "F4"), 300, None),
            PlannedSection("S4", "下一步", "打算", 1, (), 200, None),
            PlannedSection("S5", "抓学习", "打算", 2, (), 200, None),
            PlannedSection("S6", "", "结语", 1, (), 60, None),
        ),
        (),
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "drafts.db")


@pytest.fixture
def doc(store: Store) -> int:
    return filled(store)


def filled(store: Store) -> int:
    doc = store.create_document("述职报告").id
    store.save_paste(doc, PASTE)
    store.save_plan(doc, planned(), read_facts(PASTE))
    for sid, text in TEXTS.items():
        store.save_text(doc, sid, text, store.section_rev(doc, sid))
    return doc


def state(store: Store, doc: int) -> tuple[str, tuple[tuple[str, str], ...]]:
    plan = store.plan(doc)
    assert plan is not None
    return plan_to_json(plan), tuple((s.id, s.text) for s in store.draft_sections(doc))


def texts(store: Store, doc: int) -> dict[str, str]:
    return {s.id: s.text for s in store.draft_sections(doc)}


def split_at(store: Store, doc: int, sid: str, place: int = 0, heading: str = "后一节") -> str:
    structure = Structure(store)
    rev, found = structure.cuts(doc, sid)
    return structure.split(doc, sid, rev, found[place].at, heading).focus


def test_a_split_takes_each_fact_to_the_half_that_tells_it(store: Store, doc: int) -> None:
    new = split_at(store, doc, "S2")
    plan = store.plan(doc)
    assert plan is not None
    facts = {s.id: s.fact_ids for s in plan.sections}
    assert (facts["S2"], facts[new]) == (("F1",), ("F2",))
    assert (texts(store, doc)["S2"], texts(store, doc)[new]) == (FIRST, SECOND)
    assert [s.id for s in plan.sections][1:3] == ["S2", new]
    halves = [s.target_chars for s in plan.sections if s.id in ("S2", new)]
    assert sum(halves) == 400


def test_undoing_a_split_keeps_what_was_typed_in_either_half(store: Store, doc: int) -> None:
    new = split_at(store, doc, "S2")
    store.save_text(doc, new, SECOND + "补了一句。", store.section_rev(doc, new))
    Structure(store).undo(doc)
    assert texts(store, doc)["S2"] == f"{FIRST}\n{SECOND}补了一句。"
    Structure(store).redo(doc)
    assert texts(store, doc)[new] == SECOND + "补了一句。"


def test_merging_joins_texts_facts_and_histories(store: Store, doc: int) -> None:
    Structure(store).merge(doc, "S2")
    plan = store.plan(doc)
    assert plan is not None
    assert "S3" not in [s.id for s in plan.sections]
    assert plan.sections[1].fact_ids == ("F1", "F2", "F3", "F4")
    assert texts(store, doc)["S2"] == TEXTS["S2"] + "\n" + TEXTS["S3"]
    old = [entry for entry in store.past.entries(doc, "S2") if entry.heading == "建强组织"]
    assert [entry.version.text for entry in old] == [TEXTS["S3"]]
    store.past.restore(doc, "S2", old[0].version.id, "恢复")
    assert texts(store, doc)["S2"] == TEXTS["S3"]


def test_typing_elsewhere_survives_an_undo(store: Store, doc: int) -> None:
    Structure(store).drop(doc, "S3")
    store.save_text(doc, "S2", "后来改写的。", store.section_rev(doc, "S2"))
    Structure(store).undo(doc)
    assert texts(store, doc)["S2"] == "后来改写的。"
    assert texts(store, doc)["S3"] == TEXTS["S3"]


def test_what_has_to_give_way_to_an_undo_is_kept_as_a_snapshot(store: Store, doc: int) -> None:
    structure = Structure(store)
    structure.merge(doc, "S2")
    store.save_text(doc, "S2", "合并后又改了。", store.section_rev(doc, "S2"))
    turned = structure.undo(doc)
    assert turned.displaced is not None
    assert store.moments.sections(doc, turned.displaced)[1].text == "合并后又改了。"
    assert (texts(store, doc)["S2"], texts(store, doc)["S3"]) == (TEXTS["S2"], TEXTS["S3"])


def test_a_new_section_never_inherits_a_deleted_ones_history(store: Store, doc: int) -> None:
    structure = Structure(store)
    first = structure.add(doc, "S3", "新的一节", "成效", 1).focus
    store.save_text(doc, first, "写了又删的。", store.section_rev(doc, first))
    structure.drop(doc, first)
    second = structure.add(doc, "S3", "新的一节", "成效", 1).focus
    assert second != first
    assert store.past.entries(doc, second) == ()


def test_a_plan_changed_by_other_ways_is_a_step_too(store: Store, doc: int) -> None:
    structure = Structure(store)
    structure.shift(doc, "S3", -1)
    was = state(store, doc)
    plan = store.plan(doc)
    assert plan is not None
    store.save_text(doc, "S2", "其间打的字。", store.section_rev(doc, "S2"))
    renamed = (plan.sections[0], *plan.sections[2:])
    store.save_plan(doc, Plan(plan.title, plan.outline, renamed, plan.sections[1].fact_ids))
    line = structure.line(doc)
    assert line.undo is not None
    structure.undo(doc, line.undo.id)
    assert state(store, doc)[0] == was[0]
    assert texts(store, doc)["S2"] == "其间打的字。"
    structure.undo(doc)
    assert store.plan(doc) == planned()


def test_an_older_step_is_not_undone_out_of_turn(store: Store, doc: int) -> None:
    structure = Structure(store)
    first = structure.shift(doc, "S3", -1)
    structure.drop(doc, "S5")
    with pytest.raises(InputError, match="一步一步"):
        structure.undo(doc, first.id)


def test_refusals_change_nothing(store: Store, doc: int) -> None:
    structure, was = Structure(store), state(store, doc)
    for refused in (
        lambda: split_at(store, doc, "S2", heading="  "),
        lambda: structure.split(doc, "S2", 99, 16, "后一节"),
        lambda: structure.split(doc, "S2", store.section_rev(doc, "S2"), 3, "后一节"),
        lambda: structure.merge(doc, "S1"),
        lambda: structure.merge(doc, "S3"),
        lambda: structure.merge(doc, "S5"),
        lambda: structure.drop(doc, "S99"),
        lambda: structure.move_fact(doc, "F1", "S1"),
        lambda: structure.undo(doc),
        lambda: structure.redo(doc),
    ):
        with pytest.raises(UserFacingError):
            refused()
    assert state(store, doc) == was


def test_locked_sentences_go_with_their_half_and_come_back(store: Store, doc: int) -> None:
    store.locked.add(doc, "S2", SECOND)
    store.set_locked(doc, "S2", locked=True)
    new = split_at(store, doc, "S2")
    assert store.locked.of(doc) == ((new, SECOND),)
    assert all(s.locked for s in store.draft_sections(doc) if s.id in ("S2", new))
    Structure(store).undo(doc)
    assert ("S2", SECOND) in store.locked.of(doc)


def test_steps_outlive_the_program(tmp_path: Path) -> None:
    store = Store(tmp_path / "drafts.db")
    doc = filled(store)
    was = state(store, doc)
    split_at(store, doc, "S3")
    Structure(store).merge(doc, "S2")
    store.close()
    again = Store(tmp_path / "drafts.db")
    Structure(again).undo(doc)
    Structure(again).undo(doc)
    assert state(again, doc) == was


EDITS = ("split", "merge", "drop", "add", "shift", "rename", "move", "type", "undo", "redo")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 40), st.integers(0, 40)), max_size=14)
)
def test_undoing_everything_gives_back_plan_and_texts_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int]]
) -> None:
    store = Store(tmp_path_factory.mktemp("db") / "drafts.db")
    doc = filled(store)
    structure, seen = Structure(store), set(TEXTS.values())
    was = state(store, doc)
    for kind, one, two in edits:
        if kind == "type":
            continue  # typing is not a step: the next test mixes it in
        try:
            play(store, doc, kind, one, two)
        except UserFacingError:
            continue
        seen |= {text for _, text in state(store, doc)[1]}
    trail = [state(store, doc)]
    while structure.line(doc).undo is not None:
        structure.undo(doc)
        trail.append(state(store, doc))
    assert trail[-1] == was
    for before in reversed(trail[:-1]):
        structure.redo(doc)
        assert state(store, doc) == before
    assert seen - {""} <= everything(store, doc)
    store.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 40), st.integers(0, 40)), max_size=14)
)
def test_no_text_and_no_fact_is_ever_lost_whatever_is_done(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int]]
) -> None:
    store = Store(tmp_path_factory.mktemp("db") / "drafts.db")
    doc = filled(store)
    seen = set(TEXTS.values())
    for kind, one, two in edits:
        try:
            play(store, doc, kind, one, two)
        except UserFacingError:
            continue
        plan = store.plan(doc)
        assert plan is not None
        facts = [*plan.unplaced, *itertools.chain(*(s.fact_ids for s in plan.sections))]
        assert sorted(facts) == ["F1", "F2", "F3", "F4"]
        seen |= {text for _, text in state(store, doc)[1]}
    assert seen - {""} <= everything(store, doc)
    store.close()


def play(store: Store, doc: int, kind: str, one: int, two: int) -> None:
    """Do one random thing, or raise UserFacingError where it cannot be done."""
    structure = Structure(store)
    sections = store.draft_sections(doc)
    sid = sections[one % len(sections)].id
    match kind:
        case "split":
            places = cuts(sections[one % len(sections)].text)
            if places:
                split_at(store, doc, sid, two % len(places), f"第{two}节")
        case "merge":
            structure.merge(doc, sid)
        case "drop":
            structure.drop(doc, sid)
        case "add":
            structure.add(doc, sid, f"新{two}", "成效", 1 + two % 2)
        case "shift":
            structure.shift(doc, sid, 1 if two % 2 else -1)
        case "rename":
            structure.rename(doc, sid, f"标题{two}")
        case "move":
            structure.move_fact(doc, f"F{one % 4 + 1}", sid if two % 3 else None)
        case "type":
            text = f"打的字{one}。又一句{two}。"
            store.save_text(doc, sid, text, store.section_rev(doc, sid))
        case "undo":
            structure.undo(doc)
        case "redo":
            structure.redo(doc)


def everything(store: Store, doc: int) -> set[str]:
    """Return every text in the histories of all sections there ever were."""
    return {v.text for s in store.every_section(doc) for v in store.history(doc, s.id)}
