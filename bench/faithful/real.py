"""Real paragraphs checked with their own sentences as facts: nothing is wrong with any of them.

The reports lie outside the repository and stay there: findings go to the terminal, never to a file.
Blanks in them (X, ××) are the publisher's, so findings of `placeholder` are counted apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.checking import check_case
from index.library.records import year_of
from index.parse import read_text
from index.split import parse_report
from index.types import ParsedReport

FOLDER = Path(__file__).parents[2].parent / "shared" / "sample-reports"
_SENTENCE = re.compile(r"[^。；;！？!?\n]+[。；;！？!?]*[”」』）)]*")
_SHORTEST = 4  # characters of a sentence that says anything


@dataclass(frozen=True, slots=True)
class Passage:
    """A section, a paragraph of one or a whole report, the year if it says so, its sentences."""

    report: str
    kind: str
    year: int | None
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A finding of severity error or warning on a real passage."""

    passage: Passage
    check: str
    severity: str
    text: str
    message: str


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, each to be one fact."""
    parts = (part.strip() for part in _SENTENCE.findall(text))
    return tuple(part for part in parts if len(part) >= _SHORTEST)


def _whole(parsed: ParsedReport) -> str:
    """Return a report with its headings, without what the parser leaves out as noise."""
    lines = [parsed.preamble or ""]
    for section in parsed.sections:
        lines.append("".join(filter(None, (section.number, section.heading))))
        lines.append(section.lead or "")
        for sub in section.subsections:
            lines.append("".join(filter(None, (sub.number, sub.heading, sub.heading_end))))
            lines.append(sub.text)
    return "\n".join(line for line in lines if line.strip())


def passages(folder: Path) -> Iterator[Passage]:
    """Yield every section's text, every paragraph, and the whole of every *.txt of a folder."""
    for path in sorted(folder.glob("*.txt")):
        text = read_text(path)
        parsed = parse_report(text)
        year = year_of(parsed, text)
        parts = [parsed.preamble or ""]
        for section in parsed.sections:
            parts += [section.lead or "", *(sub.text for sub in section.subsections)]
        for part in parts:
            if len(part.strip()) < _SHORTEST:
                continue
            yield Passage(path.stem, "section", year, part, sentences(part))
            lines = [line.strip() for line in part.split("\n") if len(line.strip()) >= _SHORTEST]
            for line in lines if len(lines) > 1 else []:
                yield Passage(path.stem, "paragraph", year, line, sentences(line))
        # A heading is no fact: whoever writes bullets does not write headings.
        facts = sentences("\n".join(parts))
        yield Passage(path.stem, "whole", year, _whole(parsed), facts)


def alarms(found: Sequence[Passage]) -> Iterator[Alarm]:
    """Yield every finding that is more than advice; none is deserved."""
    for passage in found:
        case = {"year": passage.year, "facts": list(passage.facts), "draft": passage.text}
        for one in check_case(case):
            if one["severity"] != "advice":
                yield Alarm(passage, one["check"], one["severity"], one["text"], one["message"])


def report(folder: Path) -> bool:
    """Print what was found in a folder's reports; tell whether they stayed silent."""
    every = list(passages(folder))
    if not every:
        print(f"real paragraphs: no *.txt in {folder}, not checked")
        return True
    raised = list(alarms(every))
    blanks = sum(alarm.check == "placeholder" for alarm in raised)
    wrong = [alarm for alarm in raised if alarm.check != "placeholder"]
    kinds = [passage.kind for passage in every]
    letters = sum(len(passage.text) for passage in every if passage.kind == "whole")
    print(
        f"real paragraphs: {kinds.count('section')} sections, {kinds.count('paragraph')} paragraphs"
        f" inside them, {kinds.count('whole')} whole, {letters} characters: {len(wrong)} findings"
        f" ({sum(alarm.severity == 'error' for alarm in wrong)} errors);"
        f" {blanks} blanks of the source not counted"
    )
    for alarm in wrong:
        where = f"{alarm.passage.report[:8]} {alarm.passage.kind}"
        print(f"  {alarm.severity} {alarm.check} [{where}] {alarm.text} — {alarm.message}")
    return not wrong
