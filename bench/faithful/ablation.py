"""What each part of the writer is worth: the same measures with one part less at a time.

`python -m bench.faithful.ablation FOLDER [--plain FOLDER3] [--usual FOLDER2]`; no model. FOLDER is
drafted in full; “without retries” and “without checks” are computed from the record of how each
point came about; `--plain` was drafted with --unconstrained, `--usual` by bench.faithful.usual.
Only sheets and seeds that every folder has are compared.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.faithful import prose
from bench.faithful.counts import COLUMNS, add, count, library_texts, table
from bench.faithful.counts import cells as faith_cells
from bench.faithful.reports import of_drafts
from bench.faithful.saved import SavedDraft, first_tries, read_folder, without_retries
from drafter.workflow import SAMPLES

PROSE = ("same last 6", "6-grams again", "length error", "tails, no fact", "openings")


def common(folders: Sequence[Sequence[SavedDraft]]) -> list[list[SavedDraft]]:
    """Return of each folder the drafts of sheets and seeds that all of them have, in one order."""
    keyed = [{(saved.sheet, saved.seed): saved for saved in drafts} for drafts in folders]
    shared = sorted(set.intersection(*(set(each) for each in keyed)))
    return [[each[key] for key in shared] for each in keyed]


def ways(
    full: Sequence[SavedDraft],
    plain: Sequence[SavedDraft] | None,
    usual: Sequence[SavedDraft] | None,
) -> dict[str, Sequence[SavedDraft]]:
    """Return every way of writing there is something of, under its name."""
    found: dict[str, Sequence[SavedDraft]] = {
        "full": full,
        "without retries": [without_retries(saved) for saved in full],
        "without checks": [first_tries(saved) for saved in full],
    }
    if plain is not None:
        found["without constrained decoding"] = plain
        found["without it and without checks"] = [first_tries(saved) for saved in plain]
    if usual is not None:
        found["the usual way"] = usual
    return found


def row(drafts: Sequence[SavedDraft], library: Sequence[str]) -> list[str]:
    """Return one line: faith as sums over the drafts, prose as means (worst)."""
    faith = add(count(saved, library) for saved in drafts)
    reports = of_drafts(drafts)
    per_thousand = f"{1000 * faith.errors / max(1, faith.letters):.2f}"
    return [*faith_cells(faith), per_thousand, *(prose.cell(name, reports) for name in PROSE)]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plain", type=Path, help="drafted with --unconstrained")
    parser.add_argument("--usual", type=Path, help="drafted by bench.faithful.usual")
    parser.add_argument("--library", type=Path, default=SAMPLES)
    args = parser.parse_args()
    given = [folder for folder in (args.folder, args.plain, args.usual) if folder]
    chosen = dict(zip(given, common([read_folder(folder) for folder in given]), strict=True))
    full = chosen[args.folder]
    if not full:
        parser.error("no sheet and seed that all folders have")
    every = ways(full, chosen.get(args.plain), chosen.get(args.usual))
    library = library_texts(args.library)
    head = [f"{len(full)} drafts", *COLUMNS, "errors / 1,000 letters", *PROSE]
    print(table(head, ([name, *row(drafts, library)] for name, drafts in every.items())))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
