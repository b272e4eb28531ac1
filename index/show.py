"""A parsed report as the JSON that `python -m index show --json` prints."""

from typing import Any

from index.types import ParsedReport, ReportSection, Subsection


def to_json(report: ParsedReport) -> dict[str, Any]:
    """Return {title, salutation, preamble, dropped_lines, sections: […]}.

    A section has number, heading, heading_end, role, lead and subsections; a subsection number,
    heading, heading_end, role, text and points. The closing is the section of role 结语. Texts in
    order, number + heading + heading_end + lead or text, give the whole report again.
    """
    return {
        "title": report.title,
        "salutation": report.salutation,
        "preamble": report.preamble,
        "dropped_lines": list(report.dropped_lines),
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: ReportSection) -> dict[str, Any]:
    return {
        "number": section.number,
        "heading": section.heading,
        "heading_end": section.heading_end,
        "role": section.role,
        "lead": section.lead,
        "subsections": [_subsection(part) for part in section.subsections],
    }


def _subsection(part: Subsection) -> dict[str, Any]:
    return {
        "number": part.number,
        "heading": part.heading,
        "heading_end": part.heading_end,
        "role": part.role,
        "text": part.text,
        "points": list(part.points),
    }
