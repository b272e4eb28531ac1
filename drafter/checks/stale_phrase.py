"""Wording out of date, or not yet in use, in the report's year (data/stale_phrases.toml).

History passes: 以来, 期间, 2019年…, 原扶贫办, a longer title or quotation. Wording that did not
exist yet never passes, save where the sentence looks forward to it. Nothing is found without a
year. Where a fact has the same wording for the present, the finding is a warning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drafter.checks.anniversaries import anniversaries, is_milestone_of, is_of, milestones
from drafter.checks.congresses import (
    Congress,
    Lesson,
    congress_mentions,
    current,
    following,
    is_unheld,
    lessons,
    plenum_mentions,
)
from drafter.checks.going_on import past_goals, tells_as_going
from drafter.checks.passages import letters
from drafter.checks.told import Place, has_any, is_history, looks_forward, place_of
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Fact, Finding, Severity, Sources

_NEAR = 6  # letters before and after a phrase that `unless_before` and `unless_after` look at


@dataclass(frozen=True, slots=True)
class _Entry:
    """One spelling of one line of the table, its dates as (first, last) years."""

    letters: str
    first: int | None
    last: int | None
    row: dict[str, Any]


def _year(date: str | None) -> int | None:
    return int(str(date)[:4]) if date is not None else None


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    """All spellings, longest first: a part of a longer one is not told."""
    found = []
    for row in load_table("stale_phrases")["entry"]:
        spellings = row["phrase"] if isinstance(row["phrase"], list) else [row["phrase"]]
        first, last = _year(row.get("from")), _year(row.get("to"))
        found += [_Entry(letters(words)[0], first, last, row) for words in spellings]
    return tuple(sorted(found, key=lambda entry: len(entry.letters), reverse=True))


def successor_of(row: dict[str, Any], year: int) -> str | None:
    """Return what is said in `year` in place of the entry's wording, followed through later
    changes; None where no plain replacement is known or it, too, is not of that year."""
    word = row.get("successor")
    for _ in range(6):
        if not word:
            return None
        bare = letters(word)[0]
        entry = next((one for one in _entries() if one.letters == bare), None)
        if entry is None or _fits(entry, year):
            return str(word)
        word = entry.row.get("successor") if year > (entry.last or year) else None
    return None


def _said(date: str) -> str:
    """Return a date of the table as a reader writes it: 2022年10月."""
    year, _, month = str(date).partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


def _fits(entry: _Entry, year: int) -> bool:
    return (entry.first or 0) <= year <= (entry.last or 9999)


def _excused(place: Place, row: dict[str, Any]) -> bool:
    """Whether the table itself says that this is something else."""
    after = tuple(row.get("unless_after", ()))
    near, rest = place.after[:_NEAR], place.section.text[place.end :].lstrip("”」》")
    if rest[:1] in ("、", "和", "与", "及"):  # 甲、乙常态化制度化: what is said of both
        near += letters(re.split(r"[，,；;。\n]", rest)[0])[0]
    return (
        has_any(letters(place.sentence)[0], row.get("unless", []))
        or has_any(place.before[-_NEAR:], row.get("unless_before", []))
        or near.startswith(tuple(word for word in after if len(word) == 1))
        or has_any(near, [word for word in after if len(word) > 1])
    )


def _said_so(fact: Fact, words: str, year: int) -> bool:
    """Whether the fact itself has the wording, and not as history."""
    at = fact.text.find(words)
    if at < 0:
        return False
    whole = DraftSection(fact.id, "", 1, "成效", fact.text, (), (), False)
    return not is_history(place_of(whole, at, at + len(words)), year, year - 1)


def _finding(
    place: Place, severity: Severity, message: str, better: str | None, year: int, sources: Sources
) -> Finding:
    """A fault of the draft's own is as grave as the table says; wording the person's own fact has
    is a warning: they may have typed an old report's bullets, or the wrong year."""
    if any(_said_so(fact, place.words, year) for fact in sources.facts):
        severity, message = "warning", f"{message}要点原文也这样写，请一并核实。"
    span = (place.start, place.end)
    return Finding("stale_phrase", severity, place.section.id, span, place.words, message, better)


def _judge(place: Place, entry: _Entry, year: int, sources: Sources) -> Finding | None:
    row = entry.row
    severity: Severity = row.get("severity", "error")
    if row.get("won") and year == entry.last and not is_history(place, year, year - 1):
        better = successor_of(row, year + 1)
        said = f"{place.named}在{_said(row['to'])}已经完成，{year}年的材料应写成往事"
        return _finding(place, "warning", f"{said}（{row['source']}）。", better, year, sources)
    if tells_as_going(place, row, year) and not _excused(place, row):
        said = f"{place.named}集中开展到{_said(row['ongoing'])}，不应写成{year}年正在进行"
        return _finding(place, "error", f"{said}（{row['source']}）。", None, year, sources)
    if _fits(entry, year) or _excused(place, row):
        return None
    if entry.first is not None and year < entry.first:
        if looks_forward(place, year, entry.first):
            return None
        said = f"{place.named}是{_said(row['from'])}才有的提法，{year}年的材料里尚未出现，请核实"
        return _finding(place, severity, f"{said}（{row['source']}）。", None, year, sources)
    if row.get("past", True) and is_history(place, year, entry.last or year):
        return None
    better = successor_of(row, year)
    advice = f"可改为“{better}”" if better else "请改用当年提法，或写明是哪一年的事"
    said = f"{place.named}是{_said(row['to'])}以前的提法，{advice}（{row['source']}）。"
    return _finding(place, severity, said, better, year, sources)


def _lesson(place: Place, lesson: Lesson, year: int, sources: Sources) -> Finding | None:
    after = following(lesson.newest)
    if after is None or year <= after.year or is_history(place, year, after.year):
        return None
    now = current(year)
    kind = "报告" if place.words.endswith("报告") else "精神"
    better = f"党的{now.name}{kind}"
    if lesson.plenary or "历次" in place.words:
        better = f"党的{now.name}和{now.term}历次全会精神"
    said = f"{place.named}已不是{year}年的提法，可改为“{better}”"
    said += f"（党的{after.name}{_said(after.opened)}召开）。"
    return _finding(place, "error", said, better, year, sources)


def _taught(place: Place, congress: Congress, year: int, sources: Sources) -> Iterator[Finding]:
    """宣讲党的十九大。: a congress learnt or told of without 精神."""
    told = re.search(r"(?:学习|宣讲|宣传|贯彻|领会)(?:党的)?$", place.before)
    ends = place.section.text[place.end : place.end + 1] in ("", *"，。；,;")
    found = _lesson(place, Lesson(0, 0, congress, False), year, sources) if told and ends else None
    if found:
        yield found


def _meetings(
    section: DraftSection, bare: str, offsets: tuple[int, ...], year: int, sources: Sources
) -> Iterator[Finding]:
    """Meetings that were yet to come, and older ones whose 精神 is still being learnt."""

    def at(start: int, end: int) -> Place:
        return place_of(section, offsets[start], offsets[end - 1] + 1)

    told: set[int] = set()
    # No committee ever had more than seven since 1992: an eighth is term_form's to tell.
    never = {one.start for one in plenum_mentions(bare) if one.plenum > (one.congress.count or 7)}
    for mention in (*plenum_mentions(bare), *congress_mentions(bare)):
        place = at(mention.start, mention.end)
        soon = mention.plenum == 0 and mention.congress.year == year + 1
        soon = soon and not re.match("精神|报告|以来|部署", place.after)
        ahead = soon or looks_forward(place, year, mention.congress.year)
        if not is_unheld(mention, year):
            if mention.plenum == 0:
                yield from _taught(place, mention.congress, year, sources)
        elif mention.start not in told | never and not (ahead and mention.plenum == 0):
            told.add(mention.start)
            said = f"{place.named}在{year}年尚未召开，请核实届次。"
            yield _finding(place, "error", said, None, year, sources)
    for lesson in lessons(bare):
        if any(lesson.start <= start < lesson.end for start in never):
            continue
        found = _lesson(at(lesson.start, lesson.end), lesson, year, sources)
        if found:
            yield found


def _kept_days(
    section: DraftSection, bare: str, offsets: tuple[int, ...], year: int, sources: Sources
) -> Iterator[Finding]:
    """以庆祝建党100周年为契机, years after; 今年是“十三五”收官之年, in 2018."""
    for kept in milestones(bare):
        place = place_of(section, offsets[kept.start], offsets[kept.end - 1] + 1)
        if not is_milestone_of(year, kept, place):
            said = f"{place.named}是{kept.due}年，与所写的年份不符，请核实。"
            yield _finding(place, "error", said, None, year, sources)
    for kept in anniversaries(bare):
        place = place_of(section, offsets[kept.start], offsets[kept.end - 1] + 1)
        if not is_of(year, kept, place):
            said = f"{place.named}是{kept.due}年，与{year}年的材料不符，请核实。"
            yield _finding(place, "error", said, None, year, sources)


def _goals(section: DraftSection, year: int, sources: Sources) -> Iterator[Finding]:
    """为到2020年……而努力奋斗, in 2021; a goal that a fact has is the person's own."""
    for start, end, due in past_goals(section.text, year):
        words = section.text[start:end]
        if any(f"到{due}年" in fact.text for fact in sources.facts):
            continue
        said = f"“{words}”把{due}年的目标写成了{year}年以后的任务，请核实。"
        yield Finding("stale_phrase", "error", section.id, (start, end), words, said, None)


def _phrases(
    section: DraftSection, bare: str, offsets: tuple[int, ...], year: int, sources: Sources
) -> Iterator[Finding]:
    taken = bytearray(len(bare))
    for entry in _entries():
        size = len(entry.letters)
        at = bare.find(entry.letters)
        while at >= 0:
            if not any(taken[at : at + size]):
                place = place_of(section, offsets[at], offsets[at + size - 1] + 1)
                found = _judge(place, entry, year, sources)
                if found:
                    yield found
                taken[at : at + size] = b"\1" * size
            at = bare.find(entry.letters, at + size)


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error (a warning where the table says so) for each phrase that is not of the
    report's year; nothing without a year."""
    year = draft.year or sources.year
    if year is None:
        return
    for section in draft.sections:
        bare, offsets = letters(section.text)
        whole = (section, bare, offsets, year, sources)
        first = (*_meetings(*whole), *_kept_days(*whole), *_goals(section, year, sources))
        yield from first
        told = [found.span for found in first if found.span]
        # Of “十四五”开局之年 the year is judged, the phrase 十四五开局 not once more.
        told += [(offsets[one.start], offsets[one.end - 1] + 1) for one in milestones(bare)]
        for found in _phrases(*whole):
            span = found.span or (0, 0)
            if not any(left < span[1] and span[0] < right for left, right in told):
                yield found
