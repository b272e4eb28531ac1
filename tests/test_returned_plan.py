"""Sections added, deleted and moved in Word, taken into a plan: nothing orphaned, no fact lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.errors import InputError
from drafter.plan import next_id
from drafter.returned_parts import part_key, part_of
from drafter.returned_plan import Arranged, arranged, gone_with, moved, planned, without
from drafter.returning import EditedText, Line, Returned, compare
from drafter.types import Plan, PlannedSection
from tests.returning_cases import DRAFT, NEW_TEXTS
from tests.test_returning import exported

FACTS = {"S3": ("F1", "F2"), "S4": ("F3",), "S7": ("F4",), "S8": ("F5",), "S9": ("F6",)}
PLAN = Plan(
    DRAFT.title,
    "述职报告",
    tuple(
        PlannedSection(s.id, s.heading, s.role, s.level, FACTS.get(s.id, ()), 200, None)
        for s in DRAFT.sections
    ),
    ("F7",),
)


def back(*lines: str) -> Returned:
    return compare(DRAFT, EditedText(tuple(Line(line) for line in lines)))


def everything(came: Returned, refused: frozenset[str] = frozenset()) -> Arranged:
    return arranged(
        PLAN,
        came,
        refused,
        (),
        lambda plan, now, s: planned(plan, now, s, next_id(plan.sections), ()),
    )


def ids(plan: Plan) -> list[str]:
    return [section.id for section in plan.sections]


def facts(plan: Plan) -> list[str]:
    return sorted([*plan.unplaced, *(f for s in plan.sections for f in s.fact_ids)])


def place(lines: list[str], words: str) -> int:
    return next(n for n, line in enumerate(lines) if words in line)


def test_a_part_goes_with_all_that_was_under_it() -> None:
    lines = exported(DRAFT)
    came = back(*lines[: place(lines, "二、存在")], *lines[place(lines, "三、下一步") :])
    assert gone_with(PLAN, came, "S6") == {"S6", "S7", "S8"}
    taken = everything(came).plan
    assert ids(taken) == ["S1", "S2", "S3", "S4", "S5", "S9", "S10"]
    assert facts(taken) == facts(PLAN)


def test_a_heading_with_parts_left_under_it_does_not_go_where_they_would_be_orphans() -> None:
    with pytest.raises(InputError, match="还有小节"):
        without(PLAN, {"S2"})
    kept = without(PLAN, {"S6"})
    assert ids(kept)[5:8] == ["S7", "S8", "S9"]
    lines = [line for line in exported(DRAFT) if not line.startswith("一、")]
    taken = everything(back(*lines))
    assert "S2" in ids(taken.plan)
    assert "还有小节" in "".join(taken.left)


def test_a_part_moves_with_the_sections_under_it() -> None:
    lines = exported(DRAFT)
    first, second, third = (place(lines, w) for w in ("一、履职", "二、存在", "三、下一步"))
    came = back(*lines[:first], *lines[second:third], *lines[first:second], *lines[third:])
    wanted = ["S1", "S6", "S7", "S8", "S2", "S3", "S4", "S5", "S9", "S10"]
    assert ids(everything(came).plan) == wanted
    part = next(s for s in came.sections if s.section_id == "S6")
    assert part_of(part) == "move"
    assert ids(moved(PLAN, came, part)) == wanted
    refused = frozenset(part_key(s) for s in came.sections if part_of(s) == "move")
    assert ids(everything(came, refused).plan) == ids(PLAN)


def test_a_new_part_and_its_section_are_planned_in_their_place() -> None:
    lines = exported(DRAFT)
    at = place(lines, "三、下一步")
    came = back(
        *lines[:at], "三、原因分析", NEW_TEXTS[0], "（一）主观上", NEW_TEXTS[1], *lines[at:]
    )
    taken = everything(came)
    made = [s for s in taken.plan.sections if s.id not in ids(PLAN)]
    assert [(s.heading, s.level) for s in made] == [("原因分析", 1), ("主观上", 2)]
    assert {s.role for s in made} == {"原因"}
    assert ids(taken.plan)[ids(taken.plan).index("S8") + 1] == made[0].id
    assert [taken.texts[s.id].strip() for s in made] == list(NEW_TEXTS[:2])


def test_a_section_put_under_a_heading_without_parts_takes_its_facts() -> None:
    plain = replace(
        DRAFT,
        sections=tuple(
            replace(s, text=NEW_TEXTS[0]) if s.id == "S9" else s for s in DRAFT.sections
        ),
    )
    lines = exported(plain)
    at = place(lines, "以上报告")
    lines = [*lines[:at], "（一）严实作风", NEW_TEXTS[2], *lines[at:]]
    came = compare(plain, EditedText(tuple(Line(line) for line in lines)))
    taken = everything(came).plan
    assert facts(taken) == facts(PLAN)
    made = next(s for s in taken.sections if s.id not in ids(PLAN))
    assert (made.level, made.fact_ids) == (2, ("F6",))


def test_a_line_too_long_for_a_heading_opens_the_text() -> None:
    lines = exported(DRAFT)
    at = place(lines, "二、存在")
    long = "（四）" + "进一步落实责任抓好各项工作" * 6
    came = compare(
        DRAFT,
        EditedText(
            (
                *(Line(line) for line in lines[:at]),
                Line(long, level=2),
                *(Line(line) for line in lines[at:]),
            )
        ),
    )
    new = [s for s in came.sections if s.section_id is None]
    for section in new:
        made, text = planned(PLAN, came, section, "S99", ())
        assert len(made.heading) <= 60
        assert long in text
    assert len(new) <= 1


@given(st.permutations([s.id for s in DRAFT.sections if s.level == 2]), st.data())
def test_any_order_keeps_every_section_and_fact_once(order: list[str], data: st.DataObject) -> None:
    """Whatever order the parts come back in, and whatever of it is refused."""
    kept = iter(order)
    by_id = {s.id: s for s in DRAFT.sections}
    sections = tuple(by_id[next(kept)] if s.level == 2 else s for s in DRAFT.sections)
    came = back(*exported(replace(DRAFT, sections=sections)))
    keys = [part_key(s) for s in came.sections if part_of(s)]
    refused = frozenset(data.draw(st.sets(st.sampled_from(keys)))) if keys else frozenset[str]()
    taken = everything(came, refused).plan
    assert sorted(ids(taken)) == sorted(ids(PLAN))
    assert facts(taken) == facts(PLAN)
    if not refused:
        assert ids(taken) == [s.id for s in sections]
