"""A plan when its paste has changed: facts that stay keep their place, new ones find one. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from drafter.topic_scores import Scores, score_topics
from drafter.topics import SUBSTITUTE, load_topics, role_of, says_something
from drafter.types import Fact, FactSheet, Plan, PlannedSection
from index.types import Embedder, Role


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
