"""A library of 100,000 sections (`--sections 1000000`): its index made, killed, made on; searched.

    python -m bench.scale [--sections N] [--folder F] [--gaussian] [--judged N]

Timed is all of `Library.search` (meaning of headings and wholes, wording, role, variety among
reports) with the query's vectors given: no embedding. Each query is timed the first time it is
asked, in three runs one after the other; all files were read once before, so that the system has
them in memory. recall@10 is against the same formulas over all sections (bench/scale_exact.py). The
sections have no points, no topics and one vector each besides headings that recur
(bench/scale_library.py).
"""

import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench import scale_library as made
from bench.scale_exact import TOP, Exact
from bench.table import Row, heading
from index.library import Library
from index.library.catalogue import Catalogue
from index.library.large import making
from index.library.large.form import sha256
from index.library.opening import Opening
from index.library.schema import DATABASE
from index.library.topics import first_clause

Floats = npt.NDArray[np.float32]

SECTIONS = 100_000
CACHE = "samples.npy"
RUNS = 3
QUERIES = 200  # of one run, none asked before
WARMING = 20  # others, asked before any is timed
JUDGED = 30  # compared with the exact way
GOAL_MS, GOAL_RECALL = 20.0, 0.95


@dataclass(frozen=True, slots=True)
class Run:
    """Milliseconds a search (`cpu`: of all threads, whatever else ran on the machine), the load."""

    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float
    load: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What one library was measured to do; seconds to make, to build and to open, memory in MB."""

    sections: int
    source: str
    made: float
    build: float
    redone: int
    blocks: int
    opened: float
    runs: tuple[Run, ...]
    recall: float
    recall_varied: float
    flat: float
    anonymous: float
    mapped: float
    disk: float

    @property
    def quietest(self) -> Run:
        """The run that was least disturbed."""
        return min(self.runs, key=lambda run: run.p95)


def rows(sections: int = SECTIONS) -> list[Row]:
    """Return the lines for the one table of `make bench`."""
    with tempfile.TemporaryDirectory() as scratch:
        found = measure(Path(scratch) / "library", sections, gaussian=False)
    what = f"search over {found.sections:,} sections"
    best = found.quietest
    others = ", ".join(f"{run.p50:.1f} / {run.p95:.1f}" for run in found.runs if run is not best)
    note = f"the other runs {others}; recall@10 {found.recall:.3f}; {found.anonymous:.0f} MB own"
    goal = f"p95 ≤ {GOAL_MS:.0f} ms, recall ≥ {GOAL_RECALL}"
    return [
        Row(
            f"{what}, p50 / p95", f"{best.p50:.1f} / {best.p95:.1f} ms",
            f"FAISS flat, meaning only: {found.flat:.1f} ms", found.flat / best.p50, goal, note,
        ),
        Row(
            "index after kill -9", f"{found.redone} of {found.blocks} blocks read twice", "", None,
            "none", f"{found.build:.0f} s in all",
        ),
    ]  # fmt: skip


def measure(folder: Path, sections: int, gaussian: bool, judged: int = JUDGED) -> Figures:
    """Make a library, its index (killed once), and measure searches in this process."""
    began = time.perf_counter()
    of = made.kinds(gaussian, folder.parent / CACHE)
    if not (folder / "kinds.npy").exists():
        made.make(folder, sections, of)
    seconds = time.perf_counter() - began
    build, redone, blocks = (0.0, 0, 0)
    if not list((folder / making.FOLDER).glob("*/manifest.json")):
        build, redone, blocks = build_with_a_kill(folder)
    return ask(folder, of, (seconds, build, redone, blocks), judged)


def build_with_a_kill(folder: Path) -> tuple[float, int, int]:
    """Make the index in a process that is killed, then in another; return the seconds of both, how
    many blocks were read twice, and how many there are."""
    command = [sys.executable, "-m", "bench.scale", "--only-build", "--folder", str(folder)]
    place = folder / making.FOLDER / making.MAKING
    began = time.perf_counter()
    first = subprocess.Popen(command)
    while len(list(place.glob("block-*.npz"))) < 2 and first.poll() is None:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = {path: path.stat().st_mtime_ns for path in place.glob("block-*.npz")}
    stamps: dict[Path, int] = {}
    second = subprocess.Popen(command)
    while second.poll() is None:
        for path in place.glob("block-*.npz"):
            try:
                stamps[path] = path.stat().st_mtime_ns
            except FileNotFoundError:
                continue
        time.sleep(0.05)
    if second.returncode:
        raise RuntimeError("the index was not made")
    redone = sum(stamps.get(path, stamp) != stamp for path, stamp in before.items())
    return time.perf_counter() - began, redone, len(stamps)


def build(folder: Path) -> None:
    """Make the index of a library, or go on making it; say how long each step took."""
    began = time.perf_counter()

    def tell(message: str) -> None:
        print(f"  {time.perf_counter() - began:6.1f} s  {message}", file=sys.stderr)

    catalogue = Catalogue(folder / DATABASE)
    Opening(folder, catalogue, None).keep_up(made.Given, tell)
    tell("done")
    catalogue.close()


def ask(
    folder: Path, of: made.Kinds, before: tuple[float, float, int, int], judged: int
) -> Figures:
    """Search, then compare so many of the answers with the exact way."""
    import faiss

    faiss.omp_set_num_threads(2)
    kinds, vectors = _queries(of)
    for path in (folder / DATABASE, *(folder / making.FOLDER).rglob("*.npy")):
        sha256(path)
    library = Library(folder, lambda: made.Given(vectors))
    began = time.perf_counter()
    texts = list(kinds)
    library.search(texts[0], None, TOP)
    opened = time.perf_counter() - began
    for text in texts[:WARMING]:
        library.search(text, None, TOP)
    runs = tuple(
        _timed(library, of, {text: kinds[text] for text in texts[begin : begin + QUERIES]})
        for begin in range(WARMING, len(texts), QUERIES)
    )
    memory = _memory()
    told = _judge(library, folder, of, vectors, {text: kinds[text] for text in texts[:judged]})
    library.close()
    disk = sum(p.stat().st_size for p in (folder / making.FOLDER).rglob("*") if p.is_file())
    sections = len(np.load(folder / "kinds.npy", mmap_mode="r", allow_pickle=False))
    return Figures(sections, of.source, *before, opened, runs, *told, *memory, disk / 1e6)


def _judge(
    library: Library,
    folder: Path,
    of: made.Kinds,
    vectors: dict[str, Floats],
    kinds: dict[str, int],
) -> tuple[float, float, float]:
    """Return the recall of closeness alone and of variety, and milliseconds of FAISS's exact index;
    of no queries nothing is known."""
    if not kinds:
        return math.nan, math.nan, math.nan
    exact = Exact(folder, of)
    hits: dict[bool, list[float]] = {False: [], True: []}
    for number, (text, kind) in enumerate(kinds.items()):
        role = of.roles[kind] if number % 2 else None
        for mmr, wanted in exact.best(vectors, text, role).items():
            found = {e.section.id.split("/")[1] for e in library.search(text, role, TOP, mmr=mmr)}
            hits[mmr].append(len(found & {str(i) for i in wanted}) / len(wanted))
    recall, varied = (float(np.mean(hits[mmr])) for mmr in (False, True))
    return recall, varied, exact.flat_ms(vectors, list(kinds))


def _timed(library: Library, of: made.Kinds, kinds: dict[str, int]) -> Run:
    """Ask each of these queries once, every other one for its role only."""
    times: list[float] = []
    cpu: list[float] = []
    for number, (text, kind) in enumerate(kinds.items()):
        role = of.roles[kind] if number % 2 else None
        began, worked = time.perf_counter(), time.process_time()
        library.search(text, role, TOP)
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - worked))
    (p50, p95), (cpu_p50, cpu_p95) = (
        np.percentile(some, (50, 95)).tolist() for some in (times, cpu)
    )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return Run(p50, p95, cpu_p50, cpu_p95, load)


def _queries(of: made.Kinds) -> tuple[dict[str, int], dict[str, Floats]]:
    """Return queries by their kind, and the vectors of them and of their first clauses."""
    chance, plain = np.random.default_rng(11), random.Random(11)  # noqa: S311 - not for secrets
    drawn = chance.integers(0, len(of.middles), WARMING + RUNS * QUERIES)
    texts = [made.wording(of, int(kind), 10**7 + i, plain) for i, kind in enumerate(drawn)]
    vectors = dict(zip(texts, made.around(of, drawn, chance), strict=True))
    clauses = made.around(of, drawn, chance)
    vectors |= {first_clause(text): clauses[i] for i, text in enumerate(texts)}
    return {text: int(drawn[i]) for i, text in enumerate(texts)}, vectors


def _memory() -> tuple[float, float]:
    """Return this process's own memory and what it has mapped of files, in MB."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return float("nan"), float("nan")
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    return tuple(int(found[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))  # type: ignore[return-value]


def main(arguments: list[str] | None = None) -> int:
    """Print machine, versions and the figures."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=SECTIONS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--gaussian", action="store_true")
    parser.add_argument("--only-make", action="store_true")
    parser.add_argument("--only-build", action="store_true")
    parser.add_argument("--judged", type=int, default=JUDGED, help="queries compared; 0: none")
    options = parser.parse_args(arguments)
    if options.only_build:
        build(options.folder)
        return 0
    return _run(options)


def _run(options: Namespace) -> int:
    print(heading())
    scratch = Path(tempfile.mkdtemp()) if options.folder is None else options.folder.parent
    folder = options.folder or scratch / "library"
    try:
        if options.only_make:
            made.make(folder, options.sections, made.kinds(options.gaussian, folder.parent / CACHE))
            return 0
        found = measure(folder, options.sections, options.gaussian, options.judged)
        for name, value in vars_of(found).items():
            print(f"{name:14} {value}")
    finally:
        if options.folder is None:
            shutil.rmtree(scratch, ignore_errors=True)
    return 0


def vars_of(figures: Figures) -> dict[str, object]:
    """Return the figures by name, rounded."""
    found = {name: getattr(figures, name) for name in Figures.__slots__ if name != "runs"}
    told: dict[str, object] = {
        f"run {number}": ", ".join(f"{name} {getattr(run, name):.1f}" for name in Run.__slots__)
        for number, run in enumerate(figures.runs, 1)
    }
    return told | {n: round(v, 3) if isinstance(v, float) else v for n, v in found.items()}


if __name__ == "__main__":
    raise SystemExit(main())
