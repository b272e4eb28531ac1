"""Edits of a plan, by hand or by a changed paste: pure functions from plan to plan.

No edit loses or doubles a fact. A level-1 section with level-2 sections under it never holds facts
of its own, and 导语 and 结语 (no heading) hold none at all: they are filled from a template.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from drafter.errors import InputError
from drafter.topic_scores import Scores, score_topics
from drafter.topics import SUBSTITUTE, load_topics, role_of, says_something
from drafter.types import Fact, FactSheet, Plan, PlannedSection
from index.types import Embedder, Role

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
        position = _position(plan, to_section_id)
        if not plan.sections[position].heading:
            raise InputError("导语和结语按固定格式生成，不放要点。", "请选一个有标题的小节。")
        if _block(plan.sections, position) > position + 1:
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
    position = _position(plan, section_id)
    if not plan.sections[position].heading:
        raise InputError("导语和结语没有标题。", "请改别的小节的标题。")
    section = replace(plan.sections[position], heading=_clean_heading(heading))
    return _with_sections(plan, plan.sections[:position], (section,), plan.sections[position + 1 :])


def add_section(plan: Plan, after_id: str | None, heading: str, role: Role, level: int) -> Plan:
    """Add an empty section after another one.

    A level-2 section goes right behind it, under the same level-1 section; a level-1 section goes
    behind all that belongs to it; None means before the first heading. Where a level-1 section gets
    its first child, the child takes over its facts.
    """
    added = PlannedSection(
        next_id(plan.sections), _clean_heading(heading), role, level, (), _NEW_SECTION_CHARS, None
    )
    if level == 2:
        return _add_child(plan, after_id, added)
    if level != 1:
        raise InputError("标题只有一级和二级。", "请选一级（一、）或二级（（一））。")
    if after_id is None:
        opening = [s.heading == "" and s.role == "导语" for s in plan.sections]
        position = 1 if opening[:1] == [True] else 0
    else:
        start = _position(plan, after_id)
        while plan.sections[start].level == 2:
            start -= 1
        position = _block(plan.sections, start)
    return _with_sections(plan, plan.sections[:position], (added,), plan.sections[position:])


def drop_section(plan: Plan, section_id: str) -> Plan:
    """Take a section out, a level-1 section with all under it; their facts become unplaced."""
    position = _position(plan, section_id)
    end = _block(plan.sections, position)
    freed = tuple(id_ for section in plan.sections[position:end] for id_ in section.fact_ids)
    rest = plan.sections[:position] + plan.sections[end:]
    return replace(plan, sections=rest, unplaced=plan.unplaced + freed)


def restore_section(plan: Plan, before: Plan, section_id: str) -> Plan:
    """Put a dropped section, with the parts under it, back where it stood in `before`.

    Everything changed since stays as it is: of its facts, those still without a place come back.
    """
    position = _position(before, section_id)
    block = before.sections[position : _block(before.sections, position)]
    there, free = {section.id for section in plan.sections}, set(plan.unplaced)
    back = tuple(
        replace(s, fact_ids=tuple(f for f in s.fact_ids if f in free))
        for s in block
        if s.id not in there
    )
    placed = {fact for section in back for fact in section.fact_ids}
    at = min(position, len(plan.sections))
    return replace(
        plan,
        sections=(*plan.sections[:at], *back, *plan.sections[at:]),
        unplaced=tuple(fact for fact in plan.unplaced if fact not in placed),
    )


def move_section(plan: Plan, section_id: str, by: int) -> Plan:
    """Move a section up (negative) or down among its like, as far as it goes.

    A level-1 section takes along what is under it and stays between 导语 and 结语; a level-2
    section stays under its level-1 section.
    """
    position = _position(plan, section_id)
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
        end = _block(sections, start) if sections[start].level == 1 else position + 1
        siblings: list[tuple[PlannedSection, ...]] = [(section,) for section in sections[first:end]]
        moved = [sections[:first], *_shifted(siblings, section_id, by), sections[end:]]
    return replace(plan, sections=tuple(section for block in moved for section in block))


def merge_sheet(
    plan: Plan, old: FactSheet, new: FactSheet, embedder: Embedder | None = None
) -> Plan:
    """Return the plan for a changed paste.

    A fact with the same text keeps its place, and so does one that was only reworded; a new fact
    goes to the closest section of its role; one that vanished is dropped.
    """
    renamed = _same_facts(old.facts, new.facts)
    sections = [
        replace(section, fact_ids=_translated(section.fact_ids, renamed))
        for section in plan.sections
    ]
    unplaced = list(_translated(plan.unplaced, renamed))
    kept = {id_ for section in sections for id_ in section.fact_ids} | set(unplaced)
    arrived = [fact for fact in new.facts if fact.id not in kept]
    table = load_topics()
    roles = {fact.id: role_of(fact, table) for fact in arrived}
    scores = score_topics(arrived, roles, table, embedder)
    for fact in arrived:
        place = _closest_section(fact, roles[fact.id], sections, scores)
        if place is None:
            unplaced.append(fact.id)
        else:
            grown = (*sections[place].fact_ids, fact.id)
            sections[place] = replace(sections[place], fact_ids=grown)
    return replace(plan, sections=tuple(sections), unplaced=tuple(unplaced))


def next_id(sections: Sequence[PlannedSection]) -> str:
    """Return an id no section of the plan has; it is the highest number there plus one."""
    numbers = [int(s.id[1:]) for s in sections if s.id[1:].isascii() and s.id[1:].isdecimal()]
    return f"S{max(numbers, default=0) + 1}"


def _add_child(plan: Plan, after_id: str | None, added: PlannedSection) -> Plan:
    if after_id is None:
        raise InputError("二级标题要放在一个一级标题下面。", "请先选一个一级标题。")
    position = _position(plan, after_id)
    before = plan.sections[position]
    if not before.heading:
        raise InputError("导语和结语下面不能加二级标题。", "请先选一个有标题的小节。")
    if before.level == 1 and _block(plan.sections, position) == position + 1:
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


def _position(plan: Plan, section_id: str) -> int:
    for position, section in enumerate(plan.sections):
        if section.id == section_id:
            return position
    raise InputError(f"提纲里没有“{section_id}”这一节。", "请刷新页面后再试。")


def _block(sections: Sequence[PlannedSection], position: int) -> int:
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
        end = _block(sections, start)
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


def _clean_heading(heading: str) -> str:
    text = _NUMBER.sub("", " ".join(heading.split())).rstrip("。")
    if not text:
        raise InputError("标题不能为空。", "请写几个字作标题。")
    if len(text) > _LONGEST_HEADING:
        raise InputError(f"标题太长（{len(text)} 字）。", f"请控制在 {_LONGEST_HEADING} 字以内。")
    return text


def _same_facts(old: Sequence[Fact], new: Sequence[Fact]) -> dict[str, str]:
    """Map old fact ids to new ones: the same text first, then the same fact reworded."""
    by_text: dict[str, list[str]] = {}
    for fact in new:
        by_text.setdefault("".join(fact.text.split()), []).append(fact.id)
    renamed: dict[str, str] = {}
    for fact in old:
        waiting = by_text.get("".join(fact.text.split()))
        if waiting:
            renamed[fact.id] = waiting.pop(0)
    gone = [fact for fact in old if fact.id not in renamed]
    taken = set(renamed.values())
    arrived = [fact for fact in new if fact.id not in taken]
    renamed.update(_reworded(gone, arrived))
    return renamed


def _reworded(gone: list[Fact], arrived: list[Fact]) -> Iterator[tuple[str, str]]:
    from rapidfuzz import fuzz, process

    open_ = {fact.id: fact.text for fact in arrived}
    for fact in gone:
        found = process.extractOne(fact.text, open_, scorer=fuzz.ratio, score_cutoff=70)
        if found is not None:
            yield fact.id, found[2]
            del open_[found[2]]


def _translated(ids: Iterable[str], renamed: dict[str, str]) -> tuple[str, ...]:
    return tuple(renamed[id_] for id_ in ids if id_ in renamed)


def _closest_section(
    fact: Fact, role: Role, sections: Sequence[PlannedSection], scores: Scores
) -> int | None:
    """Return the position of the section a new fact goes to, None where its role has none."""
    if not says_something(fact):
        return None
    leaves = [
        position
        for position, section in enumerate(sections)
        if section.heading and not _has_children(sections, position)
    ]
    same = [p for p in leaves if sections[p].role == role]
    if not same and role in SUBSTITUTE:
        same = [p for p in leaves if sections[p].role == SUBSTITUTE[role]]
    if not same:
        return None

    def closeness(position: int) -> tuple[float, int]:
        topic = sections[position].topic
        return (scores.of(fact.id, topic) if topic else 0.0), -position

    return max(same, key=closeness)


def _has_children(sections: Sequence[PlannedSection], position: int) -> bool:
    following = sections[position + 1 : position + 2]
    return sections[position].level == 1 and any(section.level == 2 for section in following)
