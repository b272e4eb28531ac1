"""A section made two, and two made one: pure functions from plan to plan. Texts are not touched
here; no fact is lost or doubled, and together the parts are as long as the whole was to be.
"""

from collections.abc import Collection
from dataclasses import replace

from drafter.errors import InputError
from drafter.plan_edits import block_end, clean_heading, position_of
from drafter.types import Plan, PlannedSection


def split_section(
    plan: Plan,
    section_id: str,
    heading: str,
    moved: Collection[str],
    new_id: str,
    share: float = 0.5,
) -> Plan:
    """Put a new section right behind one, of its role and level, and the facts in `moved` into it.

    `share` is how much of the section's length stays with the first part. Raises InputError for
    导语, 结语 and a section with parts under it.
    """
    position = position_of(plan, section_id)
    whole = plan.sections[position]
    if not whole.heading:
        raise InputError("导语和结语不能拆分。", "请拆分有标题的小节。")
    if block_end(plan.sections, position) > position + 1:
        raise InputError("这一节下面还有小节，不能拆分。", "请拆分下面的小节，或先加一节再移小节。")
    behind = tuple(fact for fact in whole.fact_ids if fact in moved)
    stays = tuple(fact for fact in whole.fact_ids if fact not in moved)
    length = round(whole.target_chars * min(max(share, 0.0), 1.0))
    first = replace(whole, fact_ids=stays, target_chars=length)
    second = PlannedSection(
        new_id,
        clean_heading(heading),
        whole.role,
        whole.level,
        behind,
        whole.target_chars - length,
        None,
    )
    sections = (*plan.sections[:position], first, second, *plan.sections[position + 1 :])
    return replace(plan, sections=sections)


def next_alike(plan: Plan, section_id: str) -> str | None:
    """Return the next section of the same level that this one can be merged with, if any."""
    position = position_of(plan, section_id)
    section = plan.sections[position]
    end = block_end(plan.sections, position)
    if not section.heading or end >= len(plan.sections):
        return None
    following = plan.sections[end]
    alike = following.level == section.level and bool(following.heading)
    return following.id if alike else None


def merge_next(plan: Plan, section_id: str) -> Plan:
    """Join a section with the next one of its level: its heading stays, facts and parts join.

    Raises InputError where there is no such section, or where only one of the two has parts.
    """
    following = next_alike(plan, section_id)
    if following is None:
        raise InputError("后面没有同级的一节可以合并。", "可以先用“上移”“下移”把两节放到一起。")
    at, then = position_of(plan, section_id), position_of(plan, following)
    end = block_end(plan.sections, then)
    first, second = plan.sections[at], plan.sections[then]
    mine, its = plan.sections[at + 1 : then], plan.sections[then + 1 : end]
    if bool(mine) != bool(its):
        raise InputError(
            "这两节一节下面有小节、一节没有，不能直接合并。", "请先给没有的那一节下面加一小节。"
        )
    whole = replace(
        first,
        fact_ids=first.fact_ids + second.fact_ids,
        target_chars=first.target_chars + second.target_chars,
    )
    sections = (*plan.sections[:at], whole, *mine, *its, *plan.sections[end:])
    return replace(plan, sections=sections)
