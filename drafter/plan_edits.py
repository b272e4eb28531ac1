"""Edits of a plan by hand: pure functions from plan to plan. Splitting and joining sections is in
`drafter.plan_edits_parts`, taking in a changed paste in `drafter.plan_edits_paste`.

No edit loses or doubles a fact. A level-1 section with level-2 sections under it never holds facts
of its own, and 导语 and 结语 (no heading) hold none at all: they are filled from a template.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from drafter.errors import InputError
from drafter.types import Plan, PlannedSection
from index.types import Role

_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]、?)\s*"
)
_LONGEST_HEADING = 60
_NEW_SECTION_CHARS = 200


def move_fact(plan: Plan, fact_id: str, to_section_id: str | None) -> Plan:
    """Put a fact into a section, or among the unplaced. A section with children passes it on to
    the first of them."""
    if not any(fact_id in ids for ids in (plan.unplaced, *(s.fact_ids for s in plan.sections))):
        raise InputError(f"提纲里没有要点 {fact_id}。", "请刷新页面后再试。")
    target = None
    if to_section_id is not None:
        position = position_of(plan, to_section_id)
        if not plan.sections[position].heading:
            raise InputError("导语和结语按固定格式生成，不放要点。", "请选一个有标题的小节。")
        if block_end(plan.sections, position) > position + 1:
            position += 1
        target = plan.sections[position].id
    sections = tuple(
        _with_fact(section, fact_id, section.id == target) for section in plan.sections
    )
    unplaced = tuple(id_ for id_ in plan.unplaced if id_ != fact_id)
    if target is None:
        unplaced = (*unplaced, fact_id)
    return replace(plan, sections=sections, unplaced=unplaced)


def rename(plan: Plan, section_id: str, heading: str) -> Plan:
    """Give a section another heading. A number typed before it is left out: numbers are made."""
    position = position_of(plan, section_id)
    if not plan.sections[position].heading:
        raise InputError("导语和结语没有标题。", "请改别的小节的标题。")
    section = replace(plan.sections[position], heading=clean_heading(heading))
    return _with_sections(plan, plan.sections[:position], (section,), plan.sections[position + 1 :])


def add_section(
    plan: Plan,
    after_id: str | None,
    heading: str,
    role: Role,
    level: int,
    new_id: str | None = None,
) -> Plan:
    """Add an empty section after another one; `new_id` is its id, where a fresh one is at hand.

    A level-2 section goes right behind it, under the same level-1 section; a level-1 section goes
    behind all that belongs to it; None means before the first heading. Where a level-1 section gets
    its first child, the child takes over its facts.
    """
    fresh = new_id or next_id(plan.sections)
    added = PlannedSection(fresh, clean_heading(heading), role, level, (), _NEW_SECTION_CHARS, None)
    if level == 2:
        return _add_child(plan, after_id, added)
    if level != 1:
        raise InputError("标题只有一级和二级。", "请选一级（一、）或二级（（一））。")
    if after_id is None:
        opening = [s.heading == "" and s.role == "导语" for s in plan.sections]
        position = 1 if opening[:1] == [True] else 0
    else:
        start = position_of(plan, after_id)
        while plan.sections[start].level == 2:
            start -= 1
        position = block_end(plan.sections, start)
    return _with_sections(plan, plan.sections[:position], (added,), plan.sections[position:])


def drop_section(plan: Plan, section_id: str) -> Plan:
    """Take a section out, a level-1 section with all under it; their facts become unplaced."""
    position = position_of(plan, section_id)
    end = block_end(plan.sections, position)
    freed = tuple(id_ for section in plan.sections[position:end] for id_ in section.fact_ids)
    rest = plan.sections[:position] + plan.sections[end:]
    return replace(plan, sections=rest, unplaced=plan.unplaced + freed)


def move_section(plan: Plan, section_id: str, by: int) -> Plan:
    """Move a section up (negative) or down among its like, as far as it goes.

    A level-1 section takes along what is under it and stays between 导语 and 结语; a level-2
    section stays under its level-1 section.
    """
    position = position_of(plan, section_id)
    sections = plan.sections
    if sections[position].level == 1:
        if not sections[position].heading:
            return plan
        blocks = _blocks(sections, 0, len(sections))
        head = [b for b in blocks[:1] if not b[0].heading and b[0].role == "导语"]
        tail = [b for b in blocks[len(head) :][-1:] if not b[0].heading]
        middle = blocks[len(head) : len(blocks) - len(tail)]
        moved = head + _shifted(middle, section_id, by) + tail
    else:
        start = position
        while start > 0 and sections[start].level == 2:
            start -= 1
        first = start + 1 if sections[start].level == 1 else start
        end = block_end(sections, start) if sections[start].level == 1 else position + 1
        siblings: list[tuple[PlannedSection, ...]] = [(section,) for section in sections[first:end]]
        moved = [sections[:first], *_shifted(siblings, section_id, by), sections[end:]]
    return replace(plan, sections=tuple(section for block in moved for section in block))


def next_id(sections: Sequence[PlannedSection]) -> str:
    """Return an id no section of the plan has; it is the highest number there plus one."""
    numbers = [int(s.id[1:]) for s in sections if s.id[1:].isascii() and s.id[1:].isdecimal()]
    return f"S{max(numbers, default=0) + 1}"


def _add_child(plan: Plan, after_id: str | None, added: PlannedSection) -> Plan:
    if after_id is None:
        raise InputError("二级标题要放在一个一级标题下面。", "请先选一个一级标题。")
    position = position_of(plan, after_id)
    before = plan.sections[position]
    if not before.heading:
        raise InputError("导语和结语下面不能加二级标题。", "请先选一个有标题的小节。")
    if before.level == 1 and block_end(plan.sections, position) == position + 1:
        added = replace(added, fact_ids=before.fact_ids)
        before = replace(before, fact_ids=())
    return _with_sections(
        plan, plan.sections[:position], (before, added), plan.sections[position + 1 :]
    )


def _with_fact(section: PlannedSection, fact_id: str, wanted: bool) -> PlannedSection:
    ids = tuple(id_ for id_ in section.fact_ids if id_ != fact_id)
    if wanted:
        ids = section.fact_ids if fact_id in section.fact_ids else (*ids, fact_id)
    return section if ids == section.fact_ids else replace(section, fact_ids=ids)


def _with_sections(plan: Plan, *parts: tuple[PlannedSection, ...]) -> Plan:
    return replace(plan, sections=tuple(section for part in parts for section in part))


def position_of(plan: Plan, section_id: str) -> int:
    """Return the place of a section. Raises InputError when the plan has none of that id."""
    for position, section in enumerate(plan.sections):
        if section.id == section_id:
            return position
    raise InputError(f"提纲里没有“{section_id}”这一节。", "请刷新页面后再试。")


def block_end(sections: Sequence[PlannedSection], position: int) -> int:
    """Return the end of what moves together: a level-1 section with its level-2 sections."""
    end = position + 1
    if sections[position].level == 1:
        while end < len(sections) and sections[end].level == 2:
            end += 1
    return end


def _blocks(
    sections: tuple[PlannedSection, ...], start: int, stop: int
) -> list[tuple[PlannedSection, ...]]:
    blocks = []
    while start < stop:
        end = block_end(sections, start)
        blocks.append(sections[start:end])
        start = end
    return blocks


def _shifted(
    blocks: list[tuple[PlannedSection, ...]], section_id: str, by: int
) -> list[tuple[PlannedSection, ...]]:
    at = next((i for i, block in enumerate(blocks) if block[0].id == section_id), None)
    if at is None:
        return blocks
    rest = blocks[:at] + blocks[at + 1 :]
    to = min(max(at + by, 0), len(rest))
    return [*rest[:to], blocks[at], *rest[to:]]


def clean_heading(heading: str) -> str:
    """Return a heading as it is kept, without a number. Raises InputError."""
    text = _NUMBER.sub("", " ".join(heading.split())).rstrip("。")
    if not text:
        raise InputError("标题不能为空。", "请写几个字作标题。")
    if len(text) > _LONGEST_HEADING:
        raise InputError(f"标题太长（{len(text)} 字）。", f"请控制在 {_LONGEST_HEADING} 字以内。")
    return text
