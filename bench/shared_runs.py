"""Learn which wordings belong to nobody: runs that at least three of our sample reports share.

`python -m bench.shared_runs` reads samples/ and writes drafter/data/shared_runs.toml, which the
check exemplar_leak does not count as copying. Only our own invented reports are read; nothing of a
real one may get into the table. Hand-written entries of the table (`phrases`) are kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from drafter.checks.passages import letters
from drafter.data import load_table

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "drafter" / "data" / "shared_runs.toml"
SHORTEST = 6  # letters of a run
REPORTS = 3  # that must share it
_MARK = "# --- 以下由 python -m bench.shared_runs 生成，请勿手改 ---"


def _bare(text: str) -> list[str]:
    """Return the letters of each paragraph, without digits: numbers are nobody's wording."""
    return [re.sub(r"\d", "", letters(line)[0]) for line in text.split("\n") if line.strip()]


def shared_runs(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the longest runs of letters that at least `REPORTS` of `texts` have, sorted."""
    reports = [_bare(text) for text in texts]
    counts: Counter[str] = Counter()
    for lines in reports:
        counts.update({gram for line in lines for gram in _grams(line, SHORTEST)})
    size, found = SHORTEST, set[str]()
    common = {gram for gram, count in counts.items() if count >= REPORTS}
    while common:
        longer: Counter[str] = Counter()
        for lines in reports:
            longer.update(
                {
                    gram for line in lines for gram in _grams(line, size + 1)
                    if gram[:-1] in common and gram[1:] in common
                }
            )  # fmt: skip
        kept = {gram for gram, count in longer.items() if count >= REPORTS}
        inside = {part for gram in kept for part in (gram[:-1], gram[1:])}
        found |= common - inside
        common, size = kept, size + 1
    return tuple(sorted(found))


def _grams(line: str, size: int) -> Iterable[str]:
    return (line[at : at + size] for at in range(len(line) - size + 1))


def main() -> None:
    """Write the learned part of the table anew."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "samples").glob("*.txt"))]
    load_table("shared_runs")  # a table that cannot be read is not overwritten
    head = TABLE.read_text(encoding="utf-8").split(_MARK)[0]
    runs = "".join(f'  "{run}",\n' for run in shared_runs(texts))
    TABLE.write_text(f"{head}{_MARK}\nruns = [\n{runs}]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
