"""Edits of a plan and a changed paste: no fact is lost or doubled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.errors import InputError
from drafter.outlines import (
    fill_template,
)
from drafter.plan import (
    add_section,
    drop_section,
    make_plan,
    merge_next,
    merge_sheet,
    move_fact,
    move_section,
    next_alike,
    rename,
    split_section,
)
from drafter.types import FactSheet, Plan, PlannedSection
from tests.plan_cases import (
    BUREAU,
    DONE,
    FACT_IDS,
    FULL,
    PLAN,
    PROBLEMS,
    assert_sound,
    changed,
    sheet_of,
    topic_of,
)


def test_a_moved_fact_leaves_its_old_place() -> None:
    source = next(s for s in PLAN.sections if len(s.fact_ids) > 1)
    target = next(s for s in PLAN.sections if s.role == "问题")
    moved = move_fact(PLAN, source.fact_ids[0], target.id)
    assert next(s for s in moved.sections if s.id == target.id).fact_ids[-1] == source.fact_ids[0]
    out = move_fact(moved, source.fact_ids[0], None)
    assert out.unplaced == (source.fact_ids[0],)
    assert_sound(out, FACT_IDS)


def test_moving_onto_a_parent_means_its_first_child() -> None:
    parent, child = PLAN.sections[1:3]
    moved = move_fact(PLAN, PLAN.sections[-2].fact_ids[0], parent.id)
    assert next(s for s in moved.sections if s.id == child.id).fact_ids[-1:] == (
        PLAN.sections[-2].fact_ids[0],
    )


def test_rename_leaves_out_a_typed_number_and_refuses_nothing() -> None:
    section = PLAN.sections[2]
    renamed = rename(PLAN, section.id, " （二）压实责任\n担当。")
    assert renamed.sections[2].heading == "压实责任 担当"
    for bad in ("", "  ", "（一）", "长" * 61):
        with pytest.raises(InputError):
            rename(PLAN, section.id, bad)
    with pytest.raises(InputError):
        rename(PLAN, PLAN.sections[0].id, "导语")


def test_added_sections_get_new_ids_and_the_place_asked_for() -> None:
    child = add_section(PLAN, PLAN.sections[1].id, "新的小节", "成效", 2)
    assert child.sections[2].heading == "新的小节"
    assert child.sections[2].id not in {s.id for s in PLAN.sections}
    top = add_section(PLAN, PLAN.sections[2].id, "特色做法", "成效", 1)
    position = next(i for i, s in enumerate(top.sections) if s.heading == "特色做法")
    assert top.sections[position + 1].role == "问题"
    first = add_section(PLAN, None, "基本情况", "成效", 1)
    assert [s.heading for s in first.sections[:2]] == ["", "基本情况"]
    leaf = next(s for s in PLAN.sections if s.role == "问题")
    taken_over = add_section(PLAN, leaf.id, "学习方面", "问题", 2)
    assert_sound(taken_over, FACT_IDS)


def test_dropping_a_section_frees_its_facts() -> None:
    dropped = drop_section(PLAN, PLAN.sections[1].id)
    assert all(s.role != "成效" for s in dropped.sections)
    assert_sound(dropped, FACT_IDS)
    assert len(dropped.unplaced) == len(DONE)


def test_a_section_moves_with_its_children_and_stays_between_opening_and_closing() -> None:
    moved = move_section(PLAN, PLAN.sections[1].id, 99)
    roles = [s.role for s in moved.sections if s.level == 1]
    assert roles == ["导语", "问题", "打算", "成效", "结语"]
    assert [s.role for s in moved.sections if s.level == 2 and s.role == "成效"]
    assert move_section(moved, PLAN.sections[1].id, -99) == PLAN
    down = move_section(PLAN, PLAN.sections[2].id, 1)
    assert down.sections[3].id == PLAN.sections[2].id


@pytest.mark.parametrize("edit", [
    lambda: move_fact(PLAN, "F999", "S2"),
    lambda: move_fact(PLAN, "F1", "S999"),
    lambda: move_fact(PLAN, "F1", "S1"),
    lambda: rename(PLAN, "S999", "标题"),
    lambda: drop_section(PLAN, "S999"),
    lambda: move_section(PLAN, "S999", 1),
    lambda: add_section(PLAN, None, "标题", "成效", 2),
    lambda: add_section(PLAN, "S1", "标题", "成效", 2),
    lambda: add_section(PLAN, None, "标题", "成效", 3),
])  # fmt: skip
def test_a_wrong_edit_is_refused_in_chinese(edit: object) -> None:
    with pytest.raises(InputError) as caught:
        edit()  # type: ignore[operator]
    assert caught.value.message and caught.value.hint


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_edit_loses_or_doubles_a_fact(data: st.DataObject) -> None:
    plan = PLAN
    for _ in range(data.draw(st.integers(1, 12))):
        ids = [s.id for s in plan.sections]
        if not ids:
            break
        some = st.sampled_from(ids)
        kind = data.draw(st.sampled_from(["fact", "rename", "add", "drop", "move"]))
        try:
            if kind == "fact":
                target = data.draw(st.one_of(st.none(), some))
                plan = move_fact(plan, data.draw(st.sampled_from(FACT_IDS)), target)
            elif kind == "rename":
                plan = rename(plan, data.draw(some), data.draw(st.text(max_size=70)))
            elif kind == "add":
                after = data.draw(st.one_of(st.none(), some))
                plan = add_section(plan, after, "新节", "成效", data.draw(st.integers(1, 2)))
            elif kind == "drop":
                plan = drop_section(plan, data.draw(some))
            else:
                plan = move_section(plan, data.draw(some), data.draw(st.integers(-9, 9)))
        except InputError:
            continue
        assert_sound(plan, FACT_IDS)


def test_a_changed_paste_keeps_what_was_placed_by_hand() -> None:
    hand = next(s for s in PLAN.sections if s.role == "问题")
    plan = move_fact(PLAN, "F5", hand.id)
    new = changed(
        ["新增：开展廉政谈话3场", *DONE[:8], "组织党员集中培训4期，参训200人次", *DONE[9:]]
    )
    merged = merge_sheet(plan, FULL, new)
    assert_sound(merged, [fact.id for fact in new.facts])
    home = next(s for s in merged.sections if "F6" in s.fact_ids)  # the old F5, one later now
    assert home.id == hand.id
    assert topic_of(merged, new, "新增：开展廉政谈话3场") == "廉政作风"
    assert [s.id for s in merged.sections] == [s.id for s in plan.sections]


def test_a_reworded_fact_keeps_its_place_and_a_vanished_one_goes() -> None:
    new = changed(["全年召开党组会专题研究党建工作15次", *DONE[2:]])
    merged = merge_sheet(PLAN, FULL, new)
    before = next(s.id for s in PLAN.sections if "F1" in s.fact_ids)
    assert next(s.id for s in merged.sections if "F1" in s.fact_ids) == before
    assert_sound(merged, [fact.id for fact in new.facts])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*DONE, "别的事情一件", "无"]), max_size=20), st.integers(0, 10))
def test_merging_any_paste_is_sound(texts: list[str], dropped: int) -> None:
    new = changed(texts)
    plan = drop_section(PLAN, PLAN.sections[min(dropped, len(PLAN.sections) - 1)].id)
    assert_sound(merge_sheet(plan, FULL, new), [fact.id for fact in new.facts])


def test_planning_again_keeps_ids_and_never_gives_one_to_another_section() -> None:
    fewer = sheet_of(("成效", None, DONE[4:]), ("问题", None, PROBLEMS))
    again = make_plan(fewer, BUREAU, None, previous=PLAN)

    def kind(section: PlannedSection) -> tuple[str, int, str | None]:
        return section.role, section.level, section.topic

    before = {s.id: kind(s) for s in PLAN.sections}
    for section in again.sections:
        assert before.get(section.id, kind(section)) == kind(section)
    assert next(s.id for s in again.sections if s.topic == "廉政作风" or s.role == "问题")
    assert make_plan(FULL, BUREAU, None, previous=PLAN) == PLAN


def test_unit_and_post_are_joined_without_saying_a_word_twice() -> None:
    def who(unit: str, post: str) -> str:
        return fill_template("{who}", FactSheet(None, None, unit, post, None, (), ()))

    assert who("某市档案馆机关党支部", "党支部书记") == "某市档案馆机关党支部书记"
    assert who("某社区党委", "党委书记") == "某社区党委书记"
    assert who("某局", "党组书记") == "某局党组书记"
    assert who("某局", "某局党组书记") == "某局党组书记"


@given(st.data())
def test_a_split_and_a_merge_keep_every_fact_and_the_length(data: st.DataObject) -> None:
    section = data.draw(st.sampled_from([s for s in PLAN.sections if s.heading]))
    moved = data.draw(st.sets(st.sampled_from([*section.fact_ids, "F99"])))
    share = data.draw(st.floats(-1, 2))
    try:
        parted = split_section(PLAN, section.id, "后一节", moved, "S99", share)
    except InputError:
        assert any(s.level == 2 for s in PLAN.sections[PLAN.sections.index(section) + 1 :][:1])
        return
    assert facts_of(parted) == facts_of(PLAN)
    assert sum(s.target_chars for s in parted.sections) == sum(
        s.target_chars for s in PLAN.sections
    )
    assert next_alike(parted, section.id) == "S99"
    joined = merge_next(parted, section.id)
    assert [s.id for s in joined.sections] == [s.id for s in PLAN.sections]
    assert facts_of(joined) == facts_of(PLAN)


def facts_of(plan: Plan) -> list[str]:
    return sorted([*plan.unplaced, *(fact for s in plan.sections for fact in s.fact_ids)])
