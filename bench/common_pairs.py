"""Learn which pairs of letters any report has: a copied run made of them proves little.

`python -m bench.common_pairs` reads samples/ and the clean drafts of bench/faithful and writes
drafter/data/common_pairs.toml, by which the check exemplar_leak tells common wording from a run
that only its author would write. Only our own invented texts are read, never a real report.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "drafter" / "data" / "common_pairs.toml"
REPORTS = 3  # of samples/ that must have a pair
DRAFTS = 4  # or of the clean drafts; or two of each
_HEAD = """# 公文里人人都用的两字连写：首字 = 后面常接的字。
# 与范文相同的一段话大多由这些连写组成，就只提醒、不报错。
# 来源：由 python -m bench.common_pairs 归纳，请勿手改；
# 材料是本项目自拟的范文（samples/）和自拟的合格例稿（bench/faithful）。

[pairs]
"""


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring Chinese letters of a text, none across a mark."""
    runs = re.findall("[\\u4e00-\\u9fff]+", text)
    return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}


def common(reports: Iterable[str], drafts: Iterable[str]) -> tuple[str, ...]:
    """Return the pairs that enough of both kinds of texts have, sorted."""
    in_reports, in_drafts = Counter[str](), Counter[str]()
    for text in reports:
        in_reports.update(pairs(text))
    for text in drafts:
        in_drafts.update(pairs(text))
    return tuple(
        pair
        for pair in sorted(in_reports.keys() | in_drafts.keys())
        if in_reports[pair] >= REPORTS
        or in_drafts[pair] >= DRAFTS
        or (in_reports[pair] > 1 and in_drafts[pair] > 1)
    )


def _drafts() -> Iterable[str]:
    for path in sorted((ROOT / "bench" / "faithful").glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            case = json.loads(line) if line.strip() else {}
            if case.get("kind") == "clean":
                yield case["draft"]


def main() -> None:
    """Write the table anew."""
    reports = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "samples").glob("*.txt"))]
    after: dict[str, list[str]] = {}
    for pair in common(reports, _drafts()):
        after.setdefault(pair[0], []).append(pair[1])
    lines = [f'"{first}" = "{"".join(seconds)}"' for first, seconds in after.items()]
    TABLE.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
