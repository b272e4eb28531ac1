"""What of a saved draft is faithful: counted with the product's own checks, no model, no page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from bench.faithful.saved import SavedDraft
from drafter.anchors import missing_anchors
from drafter.checks import run_checks
from drafter.checks.dropped_fact import fact_uses
from drafter.checks.passages import letters
from drafter.types import Finding, Sources
from index.parse import read_text
from index.split import parse_report, sections_of

LEAK_LETTERS = 13  # issue 3: a run of 13 characters and more of an exemplar is a leak


@dataclass(frozen=True, slots=True)
class Faith:
    """Counts over one draft, or sums over many.

    `told`: facts used or merged. `shown`: facts lost, but with a finding that says so; `unplaced`
    ones had no section. `kept` of `anchors` stand in their fact's section. `leaks` are runs of at
    least LEAK_LETTERS letters of any library text, `errors` all findings of severity error.
    """

    facts: int
    told: int
    shown: int
    unplaced: int
    anchors: int
    kept: int
    numbers: int
    names: int
    leaks: int
    errors: int
    points: int
    fell_back: int
    retried: int
    letters: int
    seconds: float


@lru_cache(maxsize=4)
def library_texts(folder: Path) -> tuple[str, ...]:
    """Return the texts of all sections of the reports in a folder, as the library cuts them."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".md", ".docx"))
    return tuple(
        section.text
        for path in paths
        for section in sections_of(path.stem, parse_report(read_text(path)))
        if section.text
    )


def findings_of(saved: SavedDraft, library: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings of all checks, the whole library standing for the exemplars."""
    return run_checks(saved.draft, Sources(saved.facts, tuple(library), saved.draft.year))


def _anchors(saved: SavedDraft) -> tuple[int, int]:
    """Return (anchors, anchors kept), each looked for in the sections its fact was given to."""
    total = kept = 0
    for fact in saved.facts:
        own = [s for s in saved.draft.sections if fact.id in s.fact_ids]
        text = "\n".join(f"{section.heading}\n{section.text}" for section in own)
        total += len(fact.anchors)
        kept += len(fact.anchors) - len(missing_anchors(fact, text, saved.draft.year))
    return total, kept


def count(saved: SavedDraft, library: Sequence[str]) -> Faith:
    """Count one draft. `library` are the texts nothing may be copied from."""
    found = findings_of(saved, library)
    uses = fact_uses(saved.draft, saved.facts)
    shown = {finding.text for finding in found if finding.check == "dropped_fact"}
    lost = [fact for fact, use in zip(saved.facts, uses, strict=True) if use.status == "dropped"]
    anchors, kept = _anchors(saved)
    points = [point for each in saved.points.values() for point in each]
    return Faith(
        facts=len(saved.facts),
        told=sum(use.status in ("used", "merged") for use in uses),
        shown=sum(fact.text in shown for fact in lost),
        unplaced=sum(use.status == "unplaced" for use in uses),
        anchors=anchors,
        kept=kept,
        # Advice tells that a number was reckoned from the facts: it has a source.
        numbers=sum(
            finding.check == "untraced_number" and finding.severity != "advice" for finding in found
        ),
        names=sum(finding.check == "untraced_name" for finding in found),
        leaks=sum(
            finding.check == "exemplar_leak" and len(letters(finding.text)[0]) >= LEAK_LETTERS
            for finding in found
        ),
        errors=sum(finding.severity == "error" for finding in found),
        points=len(points),
        fell_back=sum(point.fell_back for point in points),
        retried=sum(point.attempts > 1 and not point.fell_back for point in points),
        letters=sum(len(letters(section.text)[0]) for section in saved.draft.sections),
        seconds=saved.seconds,
    )


def add(counts: Iterable[Faith]) -> Faith:
    """Return the sums over many drafts. `counts` must not be empty."""
    every = list(counts)
    return Faith(**{f.name: sum(getattr(c, f.name) for c in every) for f in fields(Faith)})


def percent(part: float, whole: float) -> str:
    """Return a share with one decimal, "-" of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "-"


# Heading of a column -> how a cell is made of the counts.
COLUMNS: dict[str, Callable[[Faith], str]] = {
    "numbers": lambda c: str(c.numbers),
    "names": lambda c: str(c.names),
    "leaks": lambda c: str(c.leaks),
    "told": lambda c: percent(c.told, c.facts),
    "told+shown": lambda c: percent(c.told + c.shown, c.facts),
    "unplaced": lambda c: str(c.unplaced),
    "anchors": lambda c: percent(c.kept, c.anchors),
    "fallback": lambda c: percent(c.fell_back, c.points),
    "retried": lambda c: percent(c.retried, c.points),
    "errors": lambda c: str(c.errors),
    "letters": lambda c: str(c.letters),
    "seconds": lambda c: f"{c.seconds:.0f}" if c.seconds else "-",
}


def cells(faith: Faith) -> list[str]:
    """Return one line of a table under COLUMNS."""
    return [make(faith) for make in COLUMNS.values()]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
