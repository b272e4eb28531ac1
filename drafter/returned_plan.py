"""Sections that were added, deleted, merged or moved in the returned file, taken into a plan. Pure.

No fact is lost: those of a section that goes become unplaced or go where its text went. A section
without a heading (导语, 结语) and one with parts under it hold no facts (see `drafter.plan`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from drafter.errors import InputError
from drafter.plan import rename
from drafter.returned_parts import heading_key, is_gone, offers_heading, part_key, part_of
from drafter.returning import Returned, ReturnedSection
from drafter.types import Plan, PlannedSection
from index.roles import role_of
from index.types import Role

_LONGEST_HEADING = 60
_TARGET_CHARS = 200
NEW_HEADING = "新的一节（请改标题）"
_ORPHANS = "下面还有小节，不能只去掉这一个标题。"


@dataclass(frozen=True, slots=True)
class Arranged:
    """A plan as the returned file has it: `texts` of the sections that are new there, by id;
    `left` the headings that could not be taken, with the reason."""

    plan: Plan
    texts: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def planned(
    plan: Plan, back: Returned, section: ReturnedSection, new_id: str, facts: Sequence[str]
) -> tuple[PlannedSection, str]:
    """Return a section of the file as one to be planned, with its text.

    `facts` are those of the section it was split from that it tells now. A line too long for a
    heading opens the text instead.
    """
    heading, text = " ".join(section.heading.split()).rstrip("。"), section.new
    if len(heading) > _LONGEST_HEADING:
        heading, text = NEW_HEADING, f"{section.number}{section.heading}\n{text}".strip()
    before = _before(plan, back, section)
    roles: list[Role] = [s.role for s in plan.sections[: _place_after(plan, before)]]
    if not heading:
        role: Role = "结语" if roles else "导语"
        return PlannedSection(new_id, "", role, 1, (), _TARGET_CHARS, None), text
    level = section.level
    above = _parent(plan.sections, _place_after(plan, before))
    if level == 2 and above is None:
        level = 1
    role = role_of(
        heading, text, section=above.role if level == 2 and above else None, before=roles
    )
    target = max(_TARGET_CHARS, len(text))
    return PlannedSection(new_id, heading, role, level, tuple(facts), target, None), text


def _parent(sections: Sequence[PlannedSection], place: int) -> PlannedSection | None:
    """Return the level-1 section that one put in at `place` stands under, None for none."""
    for section in reversed(sections[:place]):
        if section.level == 1:
            return section if section.heading else None
    return None


def _before(plan: Plan, back: Returned, section: ReturnedSection) -> str | None:
    """Return the section of the plan that stands closest before one in the file."""
    known = {planned.id for planned in plan.sections}
    at = back.sections.index(section)
    ids = (other.section_id for other in reversed(back.sections[:at]))
    return next((i for i in ids if i in known and i != section.section_id), None)


def _place_after(plan: Plan, section_id: str | None) -> int:
    """Return the place right behind a section, 0 for None."""
    ids = [section.id for section in plan.sections]
    return ids.index(section_id) + 1 if section_id in ids else 0


def with_added(plan: Plan, back: Returned, section: ReturnedSection, made: PlannedSection) -> Plan:
    """Put a section of the file behind the one it follows there; its facts leave the others."""
    place = _place_after(plan, _before(plan, back, section))
    rest = _without_facts(plan, made.fact_ids)
    return _settled(replace(rest, sections=(*rest.sections[:place], made, *rest.sections[place:])))


def _without_facts(plan: Plan, facts: Collection[str]) -> Plan:
    return replace(
        plan,
        sections=tuple(
            replace(s, fact_ids=tuple(f for f in s.fact_ids if f not in facts))
            if set(s.fact_ids) & set(facts)
            else s
            for s in plan.sections
        ),
        unplaced=tuple(f for f in plan.unplaced if f not in facts),
    )


def without(plan: Plan, gone: Collection[str], into: str | None = None) -> Plan:
    """Take sections out, and nothing that stands under them.

    Their facts go into the section `into`, or become unplaced. Raises InputError where parts would
    be left under no heading.
    """
    freed = tuple(f for s in plan.sections if s.id in gone for f in s.fact_ids)
    kept = tuple(s for s in plan.sections if s.id not in gone)
    orphans = _orphans(kept) - _orphans(plan.sections)
    if orphans:
        name = next(s.heading for s in plan.sections if s.id in gone and s.level == 1)
        raise InputError(f"《{name}》{_ORPHANS}", "先把下面的小节移到别处或去掉，再去掉它。")
    holder = next((s for s in kept if s.id == into and s.heading), None)
    if holder is None:
        return _settled(replace(plan, sections=kept, unplaced=(*plan.unplaced, *freed)))
    grown = replace(holder, fact_ids=(*holder.fact_ids, *freed))
    return _settled(replace(plan, sections=tuple(grown if s is holder else s for s in kept)))


def _orphans(sections: Sequence[PlannedSection]) -> set[str]:
    """Return the level-2 sections that stand under no level-1 heading."""
    return {
        section.id
        for place, section in enumerate(sections)
        if section.level == 2 and _parent(sections, place) is None
    }


def gone_with(plan: Plan, back: Returned, section_id: str) -> frozenset[str]:
    """Return what goes when a section goes: with a level-1 heading the parts under it, where the
    file has none of them any more."""
    gone = {s.section_id for s in back.sections if s.kind == "removed"}
    place = _place_after(plan, section_id)
    parts = []
    if plan.sections[place - 1].level == 1:
        for section in plan.sections[place:]:
            if section.level == 1:
                break
            parts.append(section.id)
    return frozenset((section_id, *(parts if set(parts) <= gone else ())))


def moved(plan: Plan, back: Returned, section: ReturnedSection) -> Plan:
    """Put a section behind the one it follows in the file, with the parts that follow it there."""
    along = {str(section.section_id), *_parts_along(plan, back, str(section.section_id))}
    block = [s for s in plan.sections if s.id in along]
    rest = replace(plan, sections=tuple(s for s in plan.sections if s.id not in along))
    place = _place_after(rest, _before(rest, back, section))
    made = (*rest.sections[:place], *block, *rest.sections[place:])
    orphans = _orphans(made) - _orphans(plan.sections)
    if orphans:
        raise InputError("照文件里的次序，有的小节上面没有大标题。", "请到“写作”里逐节上移、下移。")
    return _settled(replace(plan, sections=made))


def _parts_along(plan: Plan, back: Returned, section_id: str) -> list[str]:
    """Return the parts of a level-1 section that follow it in the file as well."""
    place = _place_after(plan, section_id)
    if plan.sections[place - 1].level == 2:
        return []
    parts: set[str] = set()
    for part in plan.sections[place:]:
        if part.level == 1:
            break
        parts.add(part.id)
    ids = [s.section_id for s in back.sections]
    along = []
    for other in ids[ids.index(section_id) + 1 :]:
        if other is not None and other not in parts:
            break
        if other is not None:
            along.append(other)
    return along


def _settled(plan: Plan) -> Plan:
    """Pass the facts of a section that has got parts on to the first of them."""
    sections = list(plan.sections)
    for place, section in enumerate(sections[:-1]):
        child = sections[place + 1]
        if section.level == 1 and child.level == 2 and section.fact_ids:
            sections[place + 1] = replace(child, fact_ids=(*section.fact_ids, *child.fact_ids))
            sections[place] = replace(section, fact_ids=())
    return replace(plan, sections=tuple(sections))


def arranged(
    plan: Plan,
    back: Returned,
    refused: Collection[str],
    untouched: Collection[str],
    make: Callable[[Plan, Returned, ReturnedSection], tuple[PlannedSection, str]],
) -> Arranged:
    """Return the plan with everything of the file taken that was not refused.

    `make` plans a section that is new (see `planned`).
    """
    waiting = [s for s in back.sections if s.section_id not in untouched or s.section_id is None]
    made, left = plan, list[str]()
    texts: dict[str, str] = {}
    for section in waiting:  # headings first: they move nothing
        if offers_heading(section) and heading_key(section) not in refused:
            try:
                made = rename(made, str(section.section_id), section.heading)
            except InputError as error:
                left.append(error.message)
    open_ = [s for s in waiting if part_of(s) and part_key(s) not in refused]
    kept_back = {s.section_id for s in waiting if part_of(s) == "move" and s not in open_}
    made = _in_order_of(made, back, kept_back)
    for section in open_:
        if section.section_id is None:
            added, text = make(made, back, section)
            made = with_added(made, back, section, added)
            texts[added.id] = text
            back = _known(back, section, added.id)
    # From the end: parts go before the heading above them does.
    for section in reversed([s for s in open_ if is_gone(s)]):
        try:
            made = without(made, {str(section.section_id)}, section.partner)
        except InputError as error:
            left.append(error.message)
    return Arranged(made, texts, tuple(left))


def _known(back: Returned, section: ReturnedSection, new_id: str) -> Returned:
    """Return what came back with a section that has just been planned under its new id."""
    return replace(
        back,
        sections=tuple(replace(s, section_id=new_id) if s is section else s for s in back.sections),
    )


def _in_order_of(plan: Plan, back: Returned, stay: Collection[str | None]) -> Plan:
    """Put the plan's sections in the file's order; those in `stay` behind the one they followed."""
    ids = [s.section_id for s in back.sections]
    order = {i: n for n, i in enumerate(ids) if i is not None and i not in stay}
    sections = sorted(
        (s for s in plan.sections if s.id in order), key=lambda section: order[section.id]
    )
    for place, section in enumerate(plan.sections):
        if section.id not in order:
            before = plan.sections[place - 1].id if place else None
            at = next((n + 1 for n, s in enumerate(sections) if s.id == before), 0)
            sections.insert(at, section)
    made = tuple(sections)
    if _orphans(made) - _orphans(plan.sections):
        return plan
    return _settled(replace(plan, sections=made))
