"""Qualifiers exchanged for others: 每季度 told as 每月, 近320 as 320余, 拟 as 已, 市级 as 省级.

Each rule of data/qualifiers.toml is tried on the clause that tells the fact's clause. Also found:
qualifiers, negations and approvals that no fact has.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from drafter.checks.added_words import (
    affirmed,
    approved,
    invented,
    negated,
    swapped_agents,
    unhedged,
)
from drafter.checks.directions import hosted, made_all, turned
from drafter.checks.exchanged_words import Fault, clause_at, exchanged
from drafter.checks.going_done import going_as_done
from drafter.checks.limits import changed_limits
from drafter.checks.moved_times import moved_times
from drafter.checks.passages import Passage, sections_with
from drafter.checks.planned import planned_as_done
from drafter.checks.swapped_parts import swapped_parts
from drafter.checks.trial_places import tried_as_all
from drafter.types import Anchor, Draft, DraftSection, Fact, Finding, Severity, Sources


@dataclass(frozen=True, slots=True)
class Change:
    """An anchor of a fact and the words `start:end` of the section that stand in its place."""

    anchor: Anchor
    start: int
    end: int


def changes(fact: Fact, passage: Passage, facts: Sequence[Fact]) -> tuple[Change, ...]:
    """Return the limits and qualifiers of `fact` that the section of `passage` tells otherwise.

    Words that another of `facts`, told in the same clause, has are that fact's own.
    """
    if not passage.close:
        return ()
    text, texts = passage.section.text, [other.text for other in facts]
    found = [
        Change(anchor, fault.start, fault.end)
        for fault in exchanged(fact.text, texts, text)
        for anchor in fact.anchors
        if anchor.kind == "qualifier" and anchor.value == fault.name
    ]
    found += [
        Change(anchor, limit.start, limit.end)
        for limit in changed_limits(fact.text, texts, text)
        for anchor in fact.anchors
        if anchor.kind == "number" and (anchor.text in limit.told or limit.told in anchor.text)
    ]
    return tuple(found)


def _faults(facts: Sequence[str], own: Sequence[str], text: str) -> list[Fault]:
    """Everything wrong with the qualifiers of `text`; `own` are the facts placed in it."""
    found: list[Fault] = []
    for fact in own:
        found += exchanged(fact, own, text)
        for limit in changed_limits(fact, own, text):
            level: Severity = "error" if limit.sure else "warning"
            found.append(Fault(limit.start, limit.end, limit.told, level, swap=True))
    for look in (
        *(planned_as_done, going_as_done, hosted, turned, made_all),
        *(swapped_agents, swapped_parts, negated, tried_as_all),
    ):
        found += look(own, text)
    found += [*approved(facts, text), *invented(facts, text)]
    found += [Fault(time.start, time.end, time.belongs, "error") for time in moved_times(own, text)]
    # What is known to be changed in a clause is not said to be lost there as well.
    places = {clause_at(text, fault.start) for fault in found}
    lost = (*affirmed(own, text), *unhedged(own, text))
    return [*found, *(one for one in lost if clause_at(text, one.start) not in places)]


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each qualifier of a fact that its sentence exchanged for another, and for
    each that no fact has; a warning where a sentence may well say so."""
    if not sources.facts:
        return
    every = [fact.text for fact in sources.facts]
    places = [
        (fact.text, {section.id for section in sections_with(draft, fact)})
        for fact in sources.facts
    ]
    half = _of_half_a_year(draft)
    for section in draft.sections:
        placed = [text for text, ids in places if section.id in ids]
        taken = bytearray(len(section.text))
        faults = _faults(every, placed, section.text)
        if half and section.role != "打算":
            faults += _whole_year(every, section.text)
        for fault in faults:
            if not any(taken[fault.start : fault.end]):
                taken[fault.start : fault.end] = b"\1" * (fault.end - fault.start)
                yield _finding(replace(fault, severity=_surest(fault, faults)), section)


_WHOLE_YEAR = re.compile(
    "全年(?!任务|目标|计划|工作|指标|预算|考核|安排)(?=[\u4e00-\u9fff]{0,12}\\d)"
)


_AIMED = re.compile("力争|确保|目标|任务|计划|完成全年|占|指标|预计|拟|将")


def _of_half_a_year(draft: Draft) -> bool:
    """Whether the title says that the report is of half a year."""
    first = draft.sections[0].text.split("\n", 1)[0] if draft.sections else ""
    title = draft.title or (first if len(first) < 60 else "")
    return re.search("上半年|半年(?:工作|党建|总结|汇报)", title) is not None


def _whole_year(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield 全年 beside a number in the report of half a year, where no fact says so."""
    if not any("全年" in fact for fact in facts):
        for match in _WHOLE_YEAR.finditer(text):
            clause = clause_at(text, match.start())
            if clause and _AIMED.search(text, clause.start, clause.end):
                continue
            yield Fault(*match.span(), "上半年")


def _surest(fault: Fault, faults: Sequence[Fault]) -> Severity:
    """How sure the surest of `faults` is that has words of `fault`: only the first is told."""
    here = (one for one in faults if one.start < fault.end and fault.start < one.end)
    return min((one.severity for one in here), key=("error", "warning", "advice").index)


def _finding(fault: Fault, section: DraftSection) -> Finding:
    said = section.text[fault.start : fault.end]
    message = f"要点里没有“{said}”，请核实。"
    if fault.told:
        message = f"要点写的是“{fault.told}”，这里写成了“{said}”。"
    span, better = (fault.start, fault.end), fault.told if fault.swap else None
    return Finding("changed_qualifier", fault.severity, section.id, span, said, message, better)
