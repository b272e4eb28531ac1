"""One report, taken apart: title, salutation, preamble, sections, subsections, points, closing.

Rules on marks and cue words, no model. Every character of the cleaned text is in exactly one field.
It does not know what a sentence means: a heading that says nothing of its role gets the role its
text or its place suggests.
"""

import re
from dataclasses import dataclass, field

from index.clean import clean
from index.cues import bare, cue, is_cause, is_closing, is_date, is_signature
from index.front import read_front
from index.headings import Mark, MarkKind, find_mark, split_heading
from index.paragraphs import paragraphs
from index.points import find_points
from index.roles import role_of, role_of_heading
from index.types import ParsedReport, ReportSection, Role, Section, Subsection

# A heading line that has no number: short, and nothing but a role's words.
_PLAIN_HEADING = 22
_CAUSE_HEADING = re.compile(r"[^，。]{0,12}(原因|根源|成因)([分剖]析)?[：:]?$")


@dataclass(slots=True)
class _Part:
    """A heading and the paragraphs under it, before roles are known."""

    number: str | None = None
    heading: str | None = None
    end: str = ""
    lines: list[str] = field(default_factory=list)
    parts: list["_Part"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Levels:
    """Which marks open sections and which subsections in this report."""

    upper: MarkKind | None
    lower: MarkKind | None


def parse_report(text: str) -> ParsedReport:
    """Clean `text` and take it apart. Any text gives a result; white space alone is not kept."""
    kept, dropped = clean(text)
    lines = paragraphs(kept)
    levels = _find_levels(lines)
    first = next((n for n, line in enumerate(lines) if _level(line, levels)), len(lines))
    front = read_front(lines[:first])
    opening, unheaded = list(front.rest), list[str]()
    if first == len(lines):
        opening, unheaded = _part_opening(opening)
    body, closing = _part_closing([*unheaded, *lines[first:]], levels)
    sections = _with_roles(_build(body, levels))
    if closing:
        end = "\n".join(closing)
        last = Subsection(None, None, "", "结语", end, ())
        sections.append(ReportSection(None, None, "", "结语", None, (last,)))
    return ParsedReport(
        front.title, front.salutation, "\n".join(opening) or None, dropped, tuple(sections)
    )


def sections_of(report_id: str, parsed: ParsedReport) -> tuple[Section, ...]:
    """Return the report's units for the library in order, ids `report_id/1`, `report_id/2` …

    Level 1: preamble, a section's lead, the text of a section without （一）, closing; level 2:
    subsections. A unit always has text; lines of who and when are no part of the preamble's.
    """
    units: list[tuple[str | None, str | None, Role, int, str, tuple[str, ...]]] = []
    opening = [ln for ln in (parsed.preamble or "").split("\n") if not _is_byline(ln)]
    units.append((None, None, "导语", 1, "\n".join(opening), ()))
    for section in parsed.sections:
        if section.lead:
            lead = section.lead
            units.append(
                (section.number, section.heading, section.role, 1, lead, find_points(lead))
            )
        for place, part in enumerate(section.subsections):
            whole = part.number is None and place == 0 and not section.lead
            number, heading, level = part.number, part.heading, 2
            if whole:
                number, heading, level = section.number, part.heading or section.heading, 1
            units.append((number, heading, part.role, level, part.text, part.points))
    kept = [unit for unit in units if unit[4].strip()]
    return tuple(
        Section(f"{report_id}/{n}", report_id, number, heading, role, level, text, points)
        for n, (number, heading, role, level, text, points) in enumerate(kept, start=1)
    )


def _is_byline(line: str) -> bool:
    return is_date(line) or (len(bare(line)) <= 20 and not re.search("[，。：:；]", line))


def _find_levels(lines: list[str]) -> _Levels:
    marks = [mark for line in lines if (mark := find_mark(line))]
    kinds = {mark.kind for mark in marks}
    if "part" in kinds:
        return _Levels("part", "one" if "one" in kinds else "paren")
    if "one" in kinds:
        return _Levels("one", "paren")
    if "paren" in kinds:
        return _Levels(None, "paren")
    if _has_digit_headings(lines):
        return _Levels("digit", None)
    return _Levels(None, None)


def _has_digit_headings(lines: list[str]) -> bool:
    """Return whether 1. 2. are this report's sections: two short lines that name roles."""
    named = 0
    for line in lines:
        mark = find_mark(line)
        if mark and len(line) <= 30 and not re.search("[。；，]", line):
            named += role_of_heading(line[mark.end :]) is not None
    return named >= 2


def _level(line: str, levels: _Levels) -> int:
    """Return 1 for a section's heading line, 2 for a subsection's, 0 for text."""
    mark = find_mark(line)
    if mark is None:
        plain = levels.upper is None and _is_plain_heading(line)
        return 1 if plain else 0
    if mark.kind == levels.upper and (mark.kind != "digit" or len(line) <= 30):
        return 1 if _is_section_mark(line, mark) else 0
    return 2 if mark.kind == levels.lower else 0


def _is_section_mark(line: str, mark: Mark) -> bool:
    """Tell “一、主要工作” from a numbered clause such as “一，抓学习；” with a loose mark."""
    if mark.text[-1] in "，,：:":
        return len(line) <= 30 and not re.search("[。；，,]", line[mark.end :])
    return True


def _is_plain_heading(line: str) -> bool:
    text = bare(line)
    if not 3 <= len(text) <= _PLAIN_HEADING or re.search(r"[，。；！？]", text):
        return False
    if role_of(text, "", section="结语") != "结语":
        return True
    opens = re.match(r"(主要)?(工作|履职|存在|下一?步|今后)", text) is not None
    return opens and role_of_heading(text) is not None and not text.endswith(("：", ":"))


def _part_opening(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part the text of a report without any heading into its opening paragraph and the rest."""
    for place, line in enumerate(lines[:3]):
        if cue("opening").search(bare(line)):
            return lines[: place + 1], lines[place + 1 :]
    return [], lines


def _part_closing(lines: list[str], levels: _Levels) -> tuple[list[str], list[str]]:
    """Part the closing paragraphs, signature and date from the body they follow."""
    headings = [n for n, line in enumerate(lines) if _level(line, levels)]
    first = (headings[-1] + 1) if headings else 0
    start = len(lines)
    while start > first and _closes(lines, start - 1):
        start -= 1
    for place in range(max(first, len(lines) - 6), start):
        if is_closing(lines[place]):
            start = place
            break
    return lines[:start], lines[start:]


def _closes(lines: list[str], place: int) -> bool:
    around = [lines[n] for n in (place - 1, place + 1) if 0 <= n < len(lines)]
    beside_date = any(is_signature(line) for line in around)
    return is_signature(lines[place], beside_date) or is_closing(lines[place])


def _build(lines: list[str], levels: _Levels) -> list[_Part]:
    sections: list[_Part] = []
    for line in lines:
        level = _level(line, levels)
        if not sections and level != 1:
            sections.append(_Part())
        if level == 0:
            (sections[-1].parts or sections)[-1].lines.append(line)
            continue
        mark = find_mark(line)
        heading, end, text = split_heading(line[mark.end :] if mark else line)
        part = _Part(mark.text if mark else None, heading, end, [text] if text else [])
        (sections if level == 1 else sections[-1].parts).append(part)
    return sections


def _with_roles(sections: list[_Part]) -> list[ReportSection]:
    done: list[ReportSection] = []
    for section in sections:
        before = tuple(other.role for other in done)
        everything = "\n".join(
            [*section.lines, *(ln for part in section.parts for ln in part.lines)]
        )
        role = role_of(section.heading, everything, before=before)
        later = any(role_of_heading(s.heading) == "打算" for s in sections)
        done.append(_section(section, role, has_plans=later))
    return done


def _section(section: _Part, role: Role, has_plans: bool) -> ReportSection:
    lead, parts = section.lines, section.parts
    if not parts:
        lead, parts = [], [_Part(lines=section.lines)]
    subsections: list[Subsection] = []
    for place, part in enumerate(parts):
        own = role_of(part.heading, "", section=role)
        if section.heading is None:
            before = tuple(sub.role for sub in subsections)
            own = role_of(part.heading, "\n".join(part.lines), before=before)
        last = place == len(parts) - 1
        apart = last and own == "问题" and not _each_has_cause(parts)
        subsections += _subsections(part, own, apart, has_plans)
    if section.heading is None and section.parts:
        role = subsections[0].role
    return ReportSection(
        section.number,
        section.heading,
        section.end,
        role,
        "\n".join(lead) or None,
        tuple(subsections),
    )


def _each_has_cause(parts: list[_Part]) -> bool:
    """Return whether problems before the last carry their own causes; then the last keeps its."""
    return any(is_cause(ln) for part in parts[:-1] for ln in part.lines[1:])


def _subsections(part: _Part, role: Role, apart: bool, has_plans: bool) -> list[Subsection]:
    """Return the part, and after it the causes (and plans) that follow the last problem."""
    if not apart:
        return [_subsection(part, role)]
    lines = _with_causes_apart(part)
    found: list[tuple[Role, _Part]] = [(role, _Part(part.number, part.heading, part.end))]
    for place, line in enumerate(lines):
        text = bare(line)
        current = found[-1][0]
        starts = place > 0 or part.number is None
        if current == "问题" and starts and is_cause(line, strictly=place == 0):
            if _CAUSE_HEADING.fullmatch(text) and len(text) <= _PLAIN_HEADING:
                heading, end, rest = split_heading(line)
                found.append(("原因", _Part(None, heading, end, [rest] if rest else [])))
                continue
            found.append(("原因", _Part()))
        elif (
            current in ("问题", "原因") and place > 0 and not has_plans and cue("plan").match(text)
        ):
            found.append(("打算", _Part()))
        found[-1][1].lines.append(line)
    if not found[0][1].lines and found[0][1].number is None and len(found) > 1:
        found = found[1:]
    return [_subsection(piece, of) for of, piece in found]


def _with_causes_apart(part: _Part) -> list[str]:
    """Put “究其原因，一是…” inside the last paragraph of problems on a line of its own."""
    pattern = re.compile(
        r"(?<=[。！])(?=究其[^，。]{0,6}原因[，：,:]\s*一是|(产生|造成)(上述|以上|这些)[^，。]{0,10}原因)"
    )
    lines: list[str] = []
    for line in part.lines:
        found = pattern.search(line)
        if found and (part.number is None or re.search("上述|以上|这些", line[found.end() :][:16])):
            lines += [line[: found.start()], line[found.start() :]]
        else:
            lines.append(line)
    return [line for line in lines if line]


def _subsection(part: _Part, role: Role) -> Subsection:
    text = "\n".join(part.lines)
    return Subsection(part.number, part.heading, part.end, role, text, find_points(text))
