"""From facts to a plan: which sections the report has and which facts each one rests on.

Every fact of the sheet ends in exactly one section or among the unplaced. Topics are judged by
keywords, by the heading a fact was pasted under, and, where those do not decide, by meaning.
Hand edits of a plan are in `drafter.plan_edits`, offered here as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from drafter.outlines import (
    Outline,
    OutlineSection,
    choose_outline,
    fill_template,
    list_outlines,
    outline_named,
)
from drafter.plan_edits import (
    add_section,
    drop_section,
    move_fact,
    move_section,
    next_id,
    rename,
)
from drafter.plan_edits_parts import merge_next, next_alike, split_section
from drafter.plan_edits_paste import merge_sheet
from drafter.topic_scores import Scores, score_topics
from drafter.topics import (
    SUBSTITUTE,
    Pattern,
    Topic,
    TopicTable,
    choose_heading,
    load_topics,
    majority_pattern,
    role_of,
    says_something,
)
from drafter.types import Fact, FactSheet, Plan, PlannedSection
from index.types import Embedder, Role

__all__ = [
    "add_section",
    "choose_outline",
    "drop_section",
    "list_outlines",
    "make_plan",
    "merge_next",
    "merge_sheet",
    "move_fact",
    "move_section",
    "next_alike",
    "next_id",
    "outline_named",
    "rename",
    "split_section",
]

_FULL = 6  # facts in a level-2 section before it is split by topic
_CROWDED = 9  # facts a merged section should not exceed while another can take them
_CORE_WEIGHT = 2.0  # facts that being a core topic of the outline is worth when sections merge
_SURE = 3.0  # a score of one strong keyword


@dataclass(frozen=True, slots=True)
class _Draughtsman:
    """What building one plan needs at every step."""

    facts: dict[str, Fact]
    scores: Scores
    table: TopicTable
    pattern: Pattern
    taken: list[str]


def make_plan(
    sheet: FactSheet,
    outline: Outline,
    embedder: Embedder | None,
    exemplar_headings: Sequence[str] = (),
    previous: Plan | None = None,
) -> Plan:
    """Return a plan of the sheet's facts along the outline.

    `exemplar_headings` set the pattern of the level-2 headings. With `previous`, a section of the
    same role, level and topic keeps its id, so that its text is kept, and no id is used anew.
    """
    table = load_topics()
    roles = {fact.id: role_of(fact, table) for fact in sheet.facts}
    scores = score_topics(sheet.facts, roles, table, embedder)
    maker = _Draughtsman(
        {fact.id: fact for fact in sheet.facts},
        scores,
        table,
        majority_pattern(exemplar_headings),
        [],
    )
    placed = [fact for fact in sheet.facts if says_something(fact)]
    shares = _share_out(placed, roles, outline, scores)
    sections = [
        section
        for part, facts in zip(outline.sections, shares, strict=True)
        for section in _plan_section(part, facts, maker)
    ]
    title = sheet.title or fill_template(outline.title, sheet)
    unplaced = tuple(fact.id for fact in sheet.facts if not says_something(fact))
    return Plan(title, outline.name, _with_ids(sections, previous), unplaced)


def _share_out(
    facts: Iterable[Fact], roles: dict[str, Role], outline: Outline, scores: Scores
) -> list[list[Fact]]:
    """Return the facts of each outline section."""
    shares: list[list[Fact]] = [[] for _ in outline.sections]
    present = {section.role for section in outline.sections if section.heading}
    for fact in facts:
        role = roles[fact.id]
        if role not in present:
            role = SUBSTITUTE.get(role, "成效")
        if role not in present:
            role = "成效"
        fitting = [
            position
            for position, section in enumerate(outline.sections)
            if section.role == role and section.heading
        ]
        topic = scores.best(fact.id)
        # Of several sections with one role the one that lists the topic takes the fact.
        naming = [p for p in fitting if topic in outline.sections[p].topics]
        shares[(naming or fitting)[0]].append(fact)
    return shares


def _plan_section(
    part: OutlineSection, facts: list[Fact], maker: _Draughtsman
) -> Iterator[PlannedSection]:
    if not facts and part.when_empty == "skip":
        return
    grouped = facts and (part.children or len(facts) >= part.group_from)
    groups = _groups(part, facts, maker) if grouped else []
    if not groups or (len(groups) == 1 and not part.children):
        yield _section(part, part.heading, 1, facts, None)
        return
    # A parent is written through its children; it has no length of its own.
    yield replace(_section(part, part.heading, 1, [], None), target_chars=0)
    for heading, topic, members in groups:
        yield _section(part, heading, 2, [fact for fact in facts if fact.id in members], topic)


def _section(
    part: OutlineSection, heading: str, level: int, facts: Sequence[Fact], topic: str | None
) -> PlannedSection:
    """Plan a section as long as its facts can carry it: more would have to be made up."""
    said = sum(len(fact.text) for fact in facts)
    chars = max(20, round(part.stretch * said, -1)) if facts else part.target_chars
    ids = tuple(fact.id for fact in facts)
    return PlannedSection("", heading, part.role, level, ids, int(chars), topic)


def _groups(
    part: OutlineSection, facts: list[Fact], maker: _Draughtsman
) -> list[tuple[str, str | None, set[str]]]:
    """Return the level-2 sections of these facts: heading, topic, members."""
    by_topic = _split_full(_by_topic(facts, maker.scores), maker.scores)
    if part.children:
        return _under_fixed_headings(part, by_topic, maker)
    # Sections of a single fact read thin: about two facts each, as far as topics allow.
    limit = min(part.max_children, (len(facts) + 3) // 2)
    merged = _merge(by_topic, limit, part.core, maker)
    order = [name for name in part.topics if name in merged]
    order += [topic.name for topic in maker.table.topics if topic.name in merged]
    groups: list[tuple[str, str | None, set[str]]] = []
    for name in dict.fromkeys(order):
        topic = _topic(maker.table, name)
        texts = [maker.facts[id_].text for id_ in merged[name]]
        heading = choose_heading(topic, part.role, maker.pattern, texts, maker.taken)
        maker.taken.append(heading)
        groups.append((heading, name, set(merged[name])))
    return groups


def _by_topic(facts: list[Fact], scores: Scores) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for fact in facts:
        groups.setdefault(scores.best(fact.id), []).append(fact.id)
    return groups


def _split_full(groups: dict[str, list[str]], scores: Scores) -> dict[str, list[str]]:
    """Take out of an overfull group the facts that by their own words belong elsewhere.

    They were kept together by the heading they were pasted under; at least two must agree on the
    other topic, so that no section is made of one straggler.
    """
    result = {name: list(ids) for name, ids in groups.items()}
    for name, ids in groups.items():
        if len(ids) <= _FULL:
            continue
        leaving: dict[str, list[str]] = {}
        for id_ in ids:
            own, score = scores.own_best(id_)
            if own != name and score >= _SURE:
                leaving.setdefault(own, []).append(id_)
        for own, movers in leaving.items():
            if len(movers) >= 2 and len(movers) < len(result[name]):
                result.setdefault(own, []).extend(movers)
                result[name] = [id_ for id_ in result[name] if id_ not in movers]
    return result


def _merge(
    groups: dict[str, list[str]], limit: int, core: Sequence[str], maker: _Draughtsman
) -> dict[str, list[str]]:
    """Merge a small group into a near one, the least costly pair first, down to `limit`.

    A topic the outline counts as `core` holds out against others a little larger; kin merge sooner
    than strangers, whatever their size.
    """
    groups = dict(groups)

    def cost(small: str, target: str) -> tuple[bool, float, int]:
        near = _topic(maker.table, small).near
        kinship = 3.0 - near.index(target) if target in near else 0.0
        meaning = min(1.0, maker.scores.mean(groups[small], target) / _SURE)
        held = _CORE_WEIGHT if small in core else 0.0
        crowded = len(groups[small]) + len(groups[target]) > _CROWDED
        size = len(groups[small]) + held
        return crowded, size - kinship - meaning, -_rank(maker.table, small)

    while len(groups) > limit:
        pairs = [(small, target) for small in groups for target in groups if small != target]
        small, target = min(pairs, key=lambda pair: cost(*pair))
        groups[target] = groups[target] + groups.pop(small)
    return groups


def _under_fixed_headings(
    part: OutlineSection, by_topic: dict[str, list[str]], maker: _Draughtsman
) -> list[tuple[str, str | None, set[str]]]:
    members: list[set[str]] = [set() for _ in part.children]
    for name, ids in by_topic.items():
        for id_ in ids:
            fits = [
                max((maker.scores.of(id_, topic) for topic in child.topics), default=0.0)
                + (100.0 if name in child.topics else 0.0)
                for child in part.children
            ]
            members[int(np.argmax(fits))].add(id_)
    return [
        (child.heading, child.topics[0] if child.topics else None, ids)
        for child, ids in zip(part.children, members, strict=True)
        if ids
    ]


def _with_ids(sections: list[PlannedSection], previous: Plan | None) -> tuple[PlannedSection, ...]:
    free: dict[tuple[Role, int, str | None], list[str]] = {}
    for section in previous.sections if previous else ():
        free.setdefault((section.role, section.level, section.topic), []).append(section.id)
    counter = int(next_id(previous.sections)[1:]) if previous else 1
    result: list[PlannedSection] = []
    for section in sections:
        waiting = free.get((section.role, section.level, section.topic))
        if waiting:
            result.append(replace(section, id=waiting.pop(0)))
        else:
            result.append(replace(section, id=f"S{counter}"))
            counter += 1
    return tuple(result)


def _topic(table: TopicTable, name: str) -> Topic:
    found = table.named(name)
    return found if found is not None else table.topics[0]


def _rank(table: TopicTable, name: str) -> int:
    return [topic.name for topic in table.topics].index(name)
