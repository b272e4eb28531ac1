"""`make bench`: retrieval beside TF-IDF, and what importing 100 reports costs, first and again."""

import platform
import random
import re
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from bench import retrieve
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


def import_speed() -> None:
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
        print(f"import of {REPORTS} reports: {added} added, {first.embedded} texts embedded,")
        print(f"  {first.seconds:.1f} s, {len(steps)} steps of progress")
        print(f"again: {again.embedded} texts embedded, {again.seconds / first.seconds:.4f} of it")
        print(f"search: first {loaded:.2f} s (loads the library), then {1000 * warm:.0f} ms")


def main() -> int:
    """Print the tables."""
    print(f"{platform.machine()}, {platform.platform()}, Python {platform.python_version()}")
    names = ("sentence-transformers", "faiss-cpu", "torch")
    print(", ".join(f"{name} {version(name)}" for name in names))
    retrieve.main()
    import_speed()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
