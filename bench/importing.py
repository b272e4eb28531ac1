"""What importing 100 reports costs, first and again, and a search of them."""

import random
import re
import tempfile
import time
from pathlib import Path

from bench.table import Row
from drafter.workflow import SAMPLES, Workspace
from index.types import BuildProgress

REPORTS = 100


def generate(folder: Path, count: int, seed: int = 7) -> None:
    """Write `count` reports that are no near-duplicates: shuffled sentences of samples/."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt")))
    sentences = [s for s in re.findall(r"[^。\n]{12,80}。", text) if not re.match("[一二三（]", s)]
    for number in range(count):
        lines = [f"某单位第{number}号抓基层党建工作述职报告", "现将有关情况报告如下。"]
        for mark, heading in zip("一二三", ("主要工作", "存在的问题", "下一步打算"), strict=True):
            lines.append(f"{mark}、{heading}")
            for place in "一二三":
                chosen = "".join(chance.sample(sentences, 5))
                lines.append(f"（{place}）第{chance.randrange(10**6)}项。{chosen}")
        (folder / f"{number:03d}.txt").write_text("\n".join(lines), encoding="utf-8")


def rows() -> list[Row]:
    """Import generated reports twice; the second time nothing may be embedded."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "reports"
        folder.mkdir()
        generate(folder, REPORTS)
        desk = Workspace(Path(scratch) / "home")
        desk.embedder()
        steps: list[BuildProgress] = []
        first = desk.library.build([folder], steps.append)
        again = desk.library.build([folder])
        began = time.perf_counter()
        desk.library.search("发展党员，党员教育管理", "成效", 5)
        loaded = time.perf_counter() - began
        began = time.perf_counter()
        desk.library.search("走访慰问困难群众", "成效", 5)
        warm = time.perf_counter() - began
        added = sum(outcome.status == "added" for outcome in first.outcomes)
        return [
            Row(
                f"import of {REPORTS} reports again",
                f"{again.seconds:.2f} s, {again.embedded} texts embedded",
                f"{first.seconds:.1f} s the first time, {first.embedded} texts",
                first.seconds / again.seconds,
                "0 texts",
                f"{added} added, {len(steps)} steps of progress",
            ),
            Row(
                "search, its query embedded",
                f"{1000 * warm:.0f} ms",
                f"{1000 * loaded:.0f} ms the first time (loads the library)",
                loaded / warm,
                "told",
            ),
        ]
