"""How a report reads, counted: endings, headings, repetition, length, empty tails.

`python -m bench.faithful.prose FOLDER…` measures the saved drafts of each folder beside the real
reports (../shared/sample-reports) and our samples/. All functions are pure and work on characters.
A share is 0..1; every measure is taken report by report, because a groove is heard within one
report; the table gives the mean over reports and, in brackets, the worst report.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from bench.faithful.counts import table
from bench.faithful.reports import REAL, Piece, Report, of_drafts, read_reports
from bench.faithful.saved import read_folder
from drafter.checks.passages import covered, formula_letters, letters
from drafter.wording import bigrams, is_dress
from drafter.workflow import SAMPLES

ENDING = 6  # letters at the end of a point that make a reader say "again"
GRAM = 6
OPENING = 2  # the verb a heading or a point opens with
# Below this share of its character pairs in the facts a tail has nothing of them (as in wording).
SUPPORTED = 0.45


def last_clause(text: str) -> str:
    """Return the last clause of a point, without punctuation at its ends."""
    clauses = [part for part in re.split("[，。；！？：\n]", text) if letters(part)[0]]
    return clauses[-1].strip(" ”’）)》") if clauses else ""


def largest_share(values: Sequence[str]) -> float:
    """Return the share of the most frequent value; 0 where no two are the same."""
    filled = [value for value in values if value]
    most = max(Counter(filled).values(), default=0)
    return most / len(filled) if most > 1 else 0.0


def repeated_share(values: Sequence[str]) -> float:
    """Return the share of values that occur more than once."""
    filled = [value for value in values if value]
    counts = Counter(filled)
    return sum(counts[value] > 1 for value in filled) / len(filled) if filled else 0.0


def endings(report: Report) -> list[str]:
    """Return the whole last clause of every point, as bare letters."""
    return [letters(last_clause(point))[0] for point, _ in report.points]


def ending_letters(report: Report) -> list[str]:
    """Return the last ENDING letters of every point, across clauses where the last is short."""
    return [letters(point)[0][-ENDING:] for point, _ in report.points]


def headings(report: Report) -> list[str]:
    """Return the headings of level 2."""
    return [piece.heading for piece in report.pieces if piece.level == 2 and piece.heading]


def form_of(heading: str) -> tuple[int, ...]:
    """Return the lengths of a heading's parts: （6, 6） for 强化责任担当，抓好责任落实."""
    parts = (letters(part)[0] for part in re.split(r"[，、,；：\s]", heading))
    return tuple(len(part) for part in parts if part)


def parallel_share(report: Report) -> float | None:
    """Return the share of sibling headings that have their group's commonest form.

    Siblings are the level-2 headings under one level-1 section, two and more; a form is the number
    of parts and the length of each. None where the report has no siblings.
    """
    groups: dict[int, list[str]] = {}
    for piece in report.pieces:
        if piece.level == 2 and piece.heading:
            groups.setdefault(piece.group, []).append(piece.heading)
    siblings = [group for group in groups.values() if len(group) > 1]
    if not siblings:
        return None
    alike = 0
    for group in siblings:
        most = max(Counter(map(form_of, group)).values())
        alike += most if most > 1 else 0
    return alike / sum(map(len, siblings))


def repeated_grams(report: Report) -> float:
    """Return the share of runs of GRAM letters that were there before in the same report.

    Runs that touch a published formula are not counted: those are meant to be said again.
    """
    seen: set[str] = set()
    again = total = 0
    for piece in report.pieces:
        bare = letters(piece.text)[0]
        flags = covered(bare, formula_letters())
        for at in range(len(bare) - GRAM + 1):
            if any(flags[at : at + GRAM]):
                continue
            gram = bare[at : at + GRAM]
            again += gram in seen
            total += 1
            seen.add(gram)
    return again / total if total else 0.0


def length_error(report: Report) -> float | None:
    """Return the mean distance of section lengths from their targets, as a share of the target."""
    errors = [
        abs(len(piece.text) - piece.target) / piece.target
        for piece in report.pieces
        if piece.target and piece.facts
    ]
    return mean(errors) if errors else None


def length_bias(report: Report) -> float | None:
    """Return how much longer (+) or shorter (-) all sections are than their targets together."""
    own = [(len(p.text), p.target) for p in report.pieces if p.target and p.facts]
    wanted = sum(target for _, target in own)
    return sum(length for length, _ in own) / wanted - 1 if wanted else None


def is_empty_tail(point: str, piece: Piece, by_facts: bool) -> bool:
    """Whether a point ends in an empty phrase: it opens as data/tails.toml says, has no anchor.

    `by_facts`: and, where the facts are known, shares less than SUPPORTED of its character pairs
    with them. A point that is one clause is not a tail.
    """
    clause = last_clause(point)
    if not is_dress(clause) or clause == point.strip("。；！ "):
        return False
    if not by_facts or piece.facts is None:
        return True
    own, said = bigrams(clause), bigrams("".join(piece.facts))
    return not own or len(own & said) / len(own) < SUPPORTED


def empty_tails(report: Report, by_facts: bool = False) -> float:
    """Return the share of points with an empty tail (see is_empty_tail)."""
    points = report.points
    return sum(is_empty_tail(*each, by_facts) for each in points) / len(points) if points else 0.0


def sentence_lengths(text: str) -> list[int]:
    """Return the lengths of the sentences of a text in letters."""
    parts = (letters(part)[0] for part in re.split("[。！？\n]", text))
    return [len(part) for part in parts if part]


def sentence_length(report: Report) -> float:
    """Return the mean length of a sentence in letters."""
    lengths = sentence_lengths(report.text)
    return mean(lengths) if lengths else 0.0


def distinct_openings(report: Report) -> float:
    """Return how many different first two letters points have, as a share of the points."""
    found = [letters(point)[0][:OPENING] for point, _ in report.points]
    return len(set(found)) / len(found) if found else 0.0


def _verbs(report: Report) -> list[str]:
    return [heading[:OPENING] for heading in headings(report)]


# Heading of a column -> (measure, whether a large value is the worse one, how it is shown).
Measure = Callable[[Report], float | None]
COLUMNS: dict[str, tuple[Measure, bool, str]] = {
    "same ending": (lambda r: largest_share(endings(r)), True, "{:.1%}"),
    "same last 6": (lambda r: largest_share(ending_letters(r)), True, "{:.1%}"),
    "endings shared": (lambda r: repeated_share(ending_letters(r)), True, "{:.1%}"),
    "heading verb": (lambda r: largest_share(_verbs(r)), True, "{:.0%}"),
    "verbs shared": (lambda r: repeated_share(_verbs(r)), True, "{:.0%}"),
    "parallel": (parallel_share, False, "{:.0%}"),
    "6-grams again": (repeated_grams, True, "{:.1%}"),
    "length error": (length_error, True, "{:.0%}"),
    "length bias": (length_bias, True, "{:+.0%}"),
    "empty tails": (empty_tails, True, "{:.1%}"),
    "tails, no fact": (lambda r: empty_tails(r, by_facts=True), True, "{:.1%}"),
    "sentence": (sentence_length, True, "{:.1f}"),
    "openings": (distinct_openings, False, "{:.0%}"),
}


def cell(name: str, reports: Sequence[Report]) -> str:
    """Return the mean of a measure over reports and, in brackets, the worst; "-" of none."""
    measure, large_is_worse, shown = COLUMNS[name]
    values = [value for report in reports if (value := measure(report)) is not None]
    if not values:
        return "-"
    worst = max(values) if large_is_worse else min(values)
    return f"{shown.format(mean(values))} ({shown.format(worst)})"


def cells(reports: Sequence[Report]) -> list[str]:
    """Return one line of a table under COLUMNS."""
    return [cell(name, reports) for name in COLUMNS]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="folders of saved drafts")
    parser.add_argument("--real", type=Path, default=REAL, help="real reports, not in the library")
    parser.add_argument("--each", action="store_true", help="a line for every report too")
    args = parser.parse_args()
    groups = {folder.name: of_drafts(read_folder(folder)) for folder in args.folders}
    groups |= {"real reports": read_reports(args.real), "our samples": read_reports(SAMPLES)}
    rows = []
    for name, reports in groups.items():
        if args.each:
            rows += [[report.name, *cells([report])] for report in reports]
        rows.append([f"{name}: {len(reports)}", *cells(reports)])
    print(table(["reports", *COLUMNS], rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
