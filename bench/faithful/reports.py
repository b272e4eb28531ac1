"""Reports of any origin in one shape, so that drafts and real reports are measured alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.faithful.saved import FORMULAS, SavedDraft
from drafter.shots import strip_opener
from index.parse import read_text
from index.points import find_points
from index.split import parse_report
from index.types import ParsedReport, Role, Subsection

REPO = Path(__file__).parents[2]
REAL = REPO.parent / "shared" / "sample-reports"  # where tests find the real reports


@dataclass(frozen=True, slots=True)
class Piece:
    """One section's own text. `group` numbers the level-1 section it stands under.

    `points` are without their openers (一是). `target` is the length it was to have, `facts` the
    texts it was written from; None where nobody knows (a real report).
    """

    group: int
    level: int
    heading: str
    role: Role
    text: str
    points: tuple[str, ...]
    target: int | None = None
    facts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report to be measured. Opening and closing formulas are left out: nobody wrote them."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The body, without headings."""
        return "\n".join(piece.text for piece in self.pieces if piece.text)

    @property
    def points(self) -> tuple[tuple[str, Piece], ...]:
        """Every point with the piece it stands in."""
        return tuple((point, piece) for piece in self.pieces for point in piece.points)


def points_in(text: str) -> tuple[str, ...]:
    """Return the points of a text without their openers; its paragraphs where it has none."""
    found = find_points(text) or tuple(line for line in text.splitlines() if line.strip())
    return tuple(strip_opener(point.strip()) for point in found)


def of_draft(saved: SavedDraft) -> Report:
    """Return a saved draft as a report; its points are those written, where that is known."""
    pieces: list[Piece] = []
    group = 0
    for section in saved.draft.sections:
        group += section.level == 1
        written = section.text.strip() and section.role not in FORMULAS
        if not written or (not section.fact_ids and section.level == 1):
            # A lead before （一） is the outline's formula; only its heading may count.
            if section.role not in FORMULAS and section.heading:
                pieces.append(Piece(group, section.level, section.heading, section.role, "", ()))
            continue
        own = tuple(point.text for point in saved.points.get(section.id, ()))
        facts = tuple(fact.text for fact in saved.facts_of(section))
        points = own or points_in(section.text)
        target = saved.targets.get(section.id)
        pieces.append(
            Piece(group, section.level, section.heading, section.role, section.text, points,
                  target, facts)
        )  # fmt: skip
    return Report(f"{saved.sheet} · {saved.seed}", tuple(pieces))


def _piece(group: int, section_heading: str, sub: Subsection) -> Piece:
    level, heading = (2, sub.heading) if sub.heading else (1, section_heading)
    return Piece(group, level, heading, sub.role, sub.text, points_in(sub.text))


def of_parsed(name: str, parsed: ParsedReport) -> Report:
    """Return a parsed report; each （一） part is a piece, as each is a section of a draft."""
    pieces = [
        _piece(group, section.heading or "", sub)
        for group, section in enumerate(parsed.sections, 1)
        for sub in section.subsections
        if sub.role not in FORMULAS
    ]
    return Report(name, tuple(pieces))


def read_reports(folder: Path) -> tuple[Report, ...]:
    """Return the reports of a folder of texts; () where there is no such folder."""
    return tuple(
        of_parsed(path.stem, parse_report(read_text(path))) for path in sorted(folder.glob("*.txt"))
    )


def of_drafts(drafts: Sequence[SavedDraft]) -> tuple[Report, ...]:
    """Return saved drafts as reports."""
    return tuple(of_draft(saved) for saved in drafts)
