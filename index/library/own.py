"""Texts a person keeps as the style of the own unit (本单位), put in as they stand.

They come from a report written here, so that its sections and their roles are known: nothing is
guessed from headings, and no notice is looked for. A section keeps its id for as long as it stays,
so that a choice of it holds through changes of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.library import records
from index.points import find_points
from index.types import ParsedReport, ReportSection, Role, Section, Subsection

PREFIX = "own-"
"""What the id of a report kept from a draft begins with."""
# Added to the closeness of a section of the own unit when the order is made (never to the score
# that is shown), as a share of the distance between the closest and the farthest section. Large
# enough to win among equals, and less than what lies between a fitting section and the next best
# (docs/log.md has the figures).
BONUS = 0.05


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A section to be kept. `key` tells it from the others of its report and stays the same."""

    key: str
    number: str | None
    heading: str | None
    role: Role
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class OwnReport:
    """What is kept of one report: the shapes the catalogue takes."""

    identity: records.Identity
    text: str
    parsed: ParsedReport
    sections: tuple[Section, ...]


def report_id(key: str) -> str:
    """Return the id of the report kept under a key."""
    return f"{PREFIX}{key}"


def is_kept_draft(report: str) -> bool:
    """Say whether a report id is of one kept from a draft, which no file can give back."""
    return report.startswith(PREFIX)


def own_report(key: str, title: str, parts: Sequence[OwnPart]) -> OwnReport:
    """Return the report these parts make, in their order; parts without a text are left out.

    What a chat template would give a meaning to is taken out, as at an import.
    """
    name = report_id(key)
    kept = [(part, records.harmless(part.text).strip()) for part in parts]
    sections = tuple(
        Section(
            f"{name}/{part.key}", name, part.number, part.heading, part.role, part.level, text,
            find_points(text),
        )
        for part, text in kept
        if text
    )  # fmt: skip
    lines = [title, *(f"{s.number or ''}{s.heading or ''}\n{s.text}".strip() for s in sections)]
    lines.append(name)  # no two reports may have one text, and two drafts may say the same
    identity = records.Identity(name, title, "在本机写成，存作本单位文风", name)
    parsed = ParsedReport(title, None, None, (), tuple(_tree(sections)))
    return OwnReport(identity, "\n".join(lines), parsed, sections)


def _tree(sections: Sequence[Section]) -> list[ReportSection]:
    """Return the sections as the structure of a report: each （一） under the 一、 before it."""
    found: list[ReportSection] = []
    for section in sections:
        if section.level == 1 or not found:
            lead = section.text if section.level == 1 else None
            heading = section.heading if section.level == 1 else None
            number = section.number if section.level == 1 else None
            found.append(ReportSection(number, heading, "", section.role, lead, ()))
        if section.level > 1:
            above = found[-1]
            below = Subsection(
                section.number, section.heading, "", section.role, section.text, section.points
            )
            found[-1] = ReportSection(
                above.number, above.heading, "", above.role, above.lead,
                (*above.subsections, below),
            )  # fmt: skip
    return found
