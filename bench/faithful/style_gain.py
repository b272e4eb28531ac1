"""Are drafts closer to real reports with exemplars than without? On reports outside the library.

`python -m bench.faithful.style_gain WITH WITHOUT` reads two folders of saved drafts of the same
sheets and seeds: WITH was drafted beside the library, WITHOUT with --no-exemplars (only the shots
that come with the tool). No model runs.

The distance of two texts is the mean of four Jensen–Shannon divergences (base 2, each 0 for the
same distribution to 1 for nothing in common):

    words        frequencies of the words of function_words.toml (the longest word counts)
    punctuation  frequencies of pairs of neighbouring punctuation marks with nothing but
                 letters between: the rhythm of clauses
    sentences    lengths of sentences in letters, in bins of 10 up to 120 and more
    pairs        frequencies of pairs of neighbouring Chinese characters, less those that the
                 facts of the sheet have (on both sides): what the drafts are about must not count

Numbers and placeholders (12, X, ××, **) become one sign first. Only what the model wrote counts: no
formulas, no headings. Divergence falls as texts grow, so both drafts of a sheet give equally many
items of each kind (as many as the poorer one has); the real report gives all it has. Which items
those are is drawn DRAWS times with a fixed seed and the divergences averaged: taking every second
one, as was done first, picks all labels or none where labels and sentences take turns.

Controls, thinned to the drafts' items and without the facts' pairs of characters: how far real
reports are from each other, what texts of the same kind reach; and how far the library's own
reports are from the real ones, what a draft reaches that is just like its exemplars.
"""

import argparse
import math
import random
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise, permutations, product
from pathlib import Path
from statistics import mean

from bench.faithful.ablation import common
from bench.faithful.counts import add, count, library_texts, table
from bench.faithful.reports import REAL, of_draft, read_reports
from bench.faithful.saved import SavedDraft, read_folder
from drafter.checks.passages import letters
from drafter.workflow import SAMPLES

PARTS = ("words", "punctuation", "sentences", "pairs")
MARKS = "，。；：、！？“”《》（）"
BIN, LAST_BIN = 10, 12
DRAWS = 40
_NUMBER = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?[%％‰]?|[XxＸ×＊*○]+")

Distribution = Counter[str]
Items = dict[str, list[str]]


def divergence(one: Distribution, other: Distribution) -> float:
    """Return the Jensen–Shannon divergence of two sets of counts, 0..1; 1 when one is empty."""
    a, b = one.total(), other.total()
    if not a or not b:
        return 1.0 if a != b else 0.0
    total = 0.0
    for key in one.keys() | other.keys():
        p, q = one[key] / a, other[key] / b
        middle = (p + q) / 2
        total += sum(0.5 * x * math.log2(x / middle) for x in (p, q) if x)
    return max(0.0, min(1.0, total))


@cache
def _function_words() -> re.Pattern[str]:
    path = Path(__file__).with_name("function_words.toml")
    words = tomllib.loads(path.read_text(encoding="utf-8"))["words"]
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def plain(text: str) -> str:
    """Return text with numbers and placeholders as one sign and without line ends."""
    return _NUMBER.sub("0", re.sub(r"\s+", "", text))


def character_pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring Chinese characters."""
    return [
        a + b for a, b in pairwise(text) if "\u4e00" <= a <= "\u9fff" and "\u4e00" <= b <= "\u9fff"
    ]


def items(text: str, about: Collection[str] = ()) -> Items:
    """Return what is counted of a text; `about` are the character pairs of the facts."""
    text = plain(text)
    marks = [character for character in text if character in MARKS]
    lengths = [len(letters(part)[0]) for part in re.split("[。！？]", text)]
    return {
        "words": _function_words().findall(text),
        "punctuation": [a + b for a, b in pairwise(marks)],
        "sentences": [str(min(LAST_BIN, n // BIN)) for n in lengths if n],
        "pairs": [pair for pair in character_pairs(text) if pair not in about],
    }


def sizes(*texts: Items) -> dict[str, int]:
    """Return how many items of each kind the poorest of the texts has."""
    return {part: min(len(each[part]) for each in texts) for part in PARTS}


def distances(one: Items, other: Items, size: Mapping[str, int]) -> dict[str, float]:
    """Return the four divergences, and their mean under "distance".

    Of `one`, only `size` items of each kind take part: the mean over DRAWS draws of so many.
    """
    found = {}
    for part, n in size.items():
        draw, reference = random.Random(n), Counter(other[part])  # noqa: S311 - a sample, no secret
        every = (Counter(draw.sample(one[part], n)) for _ in range(DRAWS))
        found[part] = mean(divergence(thinned, reference) for thinned in every)
    return {"distance": mean(found.values()), **found}


def average(found: Iterable[dict[str, float]]) -> dict[str, float]:
    """Return the mean of each measure."""
    every = list(found)
    return {key: mean(each[key] for each in every) for key in every[0]}


def about_of(saved: SavedDraft) -> frozenset[str]:
    """Return the character pairs of a draft's facts."""
    return frozenset(pair for fact in saved.facts for pair in character_pairs(plain(fact.text)))


def compare(
    beside: SavedDraft, without: SavedDraft, real: str
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the distances of both drafts of one sheet to a real report."""
    about = about_of(beside)
    one, other = (items(of_draft(saved).text, about) for saved in (beside, without))
    size, reference = sizes(one, other), items(real, about)
    return distances(one, reference, size), distances(other, reference, size)


def control(
    beside: Sequence[SavedDraft],
    without: Sequence[SavedDraft],
    pairs: Sequence[tuple[str, str]],
) -> list[dict[str, float]]:
    """Return the distances within pairs of texts, the first as if it were a draft of each sheet."""
    found = []
    for one, other in zip(beside, without, strict=True):
        about = about_of(one)
        drafts = [items(of_draft(saved).text, about) for saved in (one, other)]
        for first, second in pairs:
            text = items(first, about)
            found.append(distances(text, items(second, about), sizes(*drafts, text)))
    return found


def sign_test(better: int, worse: int) -> float:
    """Return the two-sided probability of so uneven a count when both were equally likely."""
    n = better + worse
    ways = sum(math.comb(n, k) for k in range(min(better, worse) + 1))
    return min(1.0, 2.0 * ways / float(2**n))


def _shown(name: str, found: dict[str, float], *more: str) -> list[str]:
    return [name, *(f"{found[key]:.3f}" for key in ("distance", *PARTS)), *more]


def rows(
    beside: Sequence[SavedDraft],
    without: Sequence[SavedDraft],
    real: dict[str, str],
    library: Sequence[str] = (),
) -> list[list[str]]:
    """Return the lines of the table: each real report, all of them, the controls."""
    lines: list[list[str]] = []
    gains: list[float] = []
    every: list[tuple[dict[str, float], dict[str, float]]] = []
    for name, text in real.items():
        pairs = [compare(one, other, text) for one, other in zip(beside, without, strict=True)]
        own = [other["distance"] - one["distance"] for one, other in pairs]
        lines.append(_shown(f"with, to {name}", average(one for one, _ in pairs)))
        closer = f"{sum(gain > 0 for gain in own)}/{len(own)}"
        lines.append(_shown(f"without, to {name}", average(o for _, o in pairs), closer))
        gains += own
        every += pairs
    # One value a draft, the mean over the real reports: drafts are independent, reports are not.
    per_draft = [mean(gains[at :: len(beside)]) for at in range(len(beside))]
    better, worse = sum(g > 0 for g in per_draft), sum(g < 0 for g in per_draft)
    lines.append(_shown("with, all", average(one for one, _ in every)))
    told = f"{better}/{len(per_draft)} closer, sign test p = {sign_test(better, worse):.3f}"
    lines.append(_shown("without, all", average(other for _, other in every), told))
    controls = {
        "control: library to real": list(product(library, real.values())),
        "control: real to real": list(permutations(real.values(), 2)),
    }
    for name, texts in controls.items():
        if texts:
            lines.append(_shown(name, average(control(beside, without, texts))))
    return lines


def main() -> int:
    """Print the table, and the leaks of both folders."""
    parser = argparse.ArgumentParser(description="Style gain of exemplars; see the module.")
    parser.add_argument("beside", metavar="WITH", type=Path)
    parser.add_argument("without", metavar="WITHOUT", type=Path)
    parser.add_argument("--real", type=Path, default=REAL)
    parser.add_argument("--library", type=Path, default=SAMPLES)
    args = parser.parse_args()
    beside, without = common([read_folder(args.beside), read_folder(args.without)])
    real = {report.name[:12]: report.text for report in read_reports(args.real)}
    if not beside or not real:
        parser.error("no sheet and seed that both folders have, or no real reports")
    own = [report.text for report in read_reports(args.library)]
    print(table(["drafts", "distance", *PARTS, "closer with"],
                [[*line, ""][:7] for line in rows(beside, without, real, own)]))  # fmt: skip
    library = library_texts(args.library)
    for name, drafts in (("with", beside), ("without", without)):
        faith = add(count(saved, library) for saved in drafts)
        print(f"{name}: {len(drafts)} drafts, {faith.leaks} leaks, {faith.errors} errors")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
