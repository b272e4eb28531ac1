"""A library of 100,000 sections (`--sections 1000000`): its index made, killed, made on; searched.

    python -m bench.scale [--sections N] [--folder F] [--gaussian] [--keep]

Timed is all of `Library.search` (meaning of headings and wholes, wording, role, variety among
reports) with the query's vectors given; recall@10 is against the same formulas over all sections,
with FAISS's exact index for the meaning and every gram counted for the wording. The sections have
no points, no topics and one vector each besides headings that recur (bench/scale_library.py).
"""

import os
import random
import shutil
import signal
import statistics
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
from bench.table import Row, heading
from index.library import Library, ranking
from index.library.catalogue import Catalogue
from index.library.grams import gram_codes
from index.library.large import making, reading
from index.library.opening import Opening
from index.library.records import units_of
from index.library.schema import DATABASE
from index.library.searching import FEW, apart
from index.library.topics import first_clause
from index.types import ROLES, Role

Floats = npt.NDArray[np.float32]

SECTIONS = 100_000
CACHE = "samples.npy"
QUERIES = 120
JUDGED = 30  # of them compared with the exact way
TOP = 10
GOAL_MS, GOAL_RECALL = 20.0, 0.95


@dataclass(frozen=True, slots=True)
class Figures:
    """What one library was measured to do; seconds to make, to build and to open, milliseconds a
    search (`cpu`: of all threads, whatever else ran on the machine), memory in MB."""

    sections: int
    source: str
    made: float
    build: float
    redone: int
    blocks: int
    opened: float
    p50: float
    p95: float
    cpu_p95: float
    recall: float
    recall_varied: float
    flat: float
    anonymous: float
    mapped: float
    disk: float


def rows(sections: int = SECTIONS) -> list[Row]:
    """Return the lines for the one table of `make bench`."""
    with tempfile.TemporaryDirectory() as scratch:
        found = measure(Path(scratch) / "library", sections, gaussian=False)
    what = f"search over {found.sections:,} sections"
    note = f"recall@10 {found.recall:.3f}; {found.anonymous:.0f} MB of its own"
    goal = f"p95 ≤ {GOAL_MS:.0f} ms, recall ≥ {GOAL_RECALL}"
    return [
        Row(
            f"{what}, p50 / p95", f"{found.p50:.1f} / {found.p95:.1f} ms",
            f"FAISS flat, meaning only: {found.flat:.1f} ms", found.flat / found.p50, goal, note,
        ),
        Row(
            "index after kill -9", f"{found.redone} of {found.blocks} blocks read twice", "", None,
            "none", f"{found.build:.0f} s in all",
        ),
    ]  # fmt: skip


def measure(folder: Path, sections: int, gaussian: bool) -> Figures:
    """Make a library, its index (killed once), and measure searches in this process."""
    began = time.perf_counter()
    of = made.kinds(gaussian, folder.parent / CACHE)
    if not (folder / "kinds.npy").exists():
        made.make(folder, sections, of)
    seconds = time.perf_counter() - began
    build, redone, blocks = (0.0, 0, 0)
    if not list((folder / making.FOLDER).glob("*/manifest.json")):
        build, redone, blocks = build_with_a_kill(folder)
    return ask(folder, of, (seconds, build, redone, blocks))


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


def ask(folder: Path, of: made.Kinds, before: tuple[float, float, int, int]) -> Figures:
    """Search, then compare with the exact way."""
    import faiss

    faiss.omp_set_num_threads(2)
    kinds, vectors = _queries(of)
    library = Library(folder, lambda: made.Given(vectors))
    began = time.perf_counter()
    texts = list(kinds)
    library.search(texts[-1], None, TOP)
    opened = time.perf_counter() - began
    for text in texts[:20]:
        library.search(text, None, TOP)
    times: list[float] = []
    cpu: list[float] = []
    for number, text in enumerate(texts):
        role = of.roles[kinds[text]] if number % 2 else None
        began, worked = time.perf_counter(), time.process_time()
        library.search(text, role, TOP)
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - worked))
    memory = _memory()
    exact = Exact(folder, of)
    hits: dict[bool, list[float]] = {False: [], True: []}
    for number, text in enumerate(texts[:JUDGED]):
        role = of.roles[kinds[text]] if number % 2 else None
        right = exact.best(vectors, text, role)
        for mmr, wanted in right.items():
            found = {e.section.id.split("/")[1] for e in library.search(text, role, TOP, mmr=mmr)}
            hits[mmr].append(len(found & {str(i) for i in wanted}) / len(wanted))
    library.close()
    disk = sum(p.stat().st_size for p in (folder / making.FOLDER).rglob("*") if p.is_file())
    return Figures(
        len(exact.wholes), of.source, *before, opened, statistics.median(times),
        float(np.percentile(times, 95)), float(np.percentile(cpu, 95)),
        float(np.mean(hits[False])), float(np.mean(hits[True])),
        exact.flat_ms(vectors, texts), *memory, disk / 1e6,
    )  # fmt: skip


class Exact:
    """All sections compared with a query, by the formulas of the library."""

    def __init__(self, folder: Path, of: made.Kinds) -> None:
        import faiss

        self.wholes = np.load(folder / "wholes.npy", mmap_mode="r", allow_pickle=False)
        kinds = np.load(folder / "kinds.npy", allow_pickle=False)
        self.headed = np.load(folder / "headings.npy", allow_pickle=False)
        self.roles = np.array([ROLES.index(role) for role in of.roles])[kinds]
        count = len(kinds)
        self._common = self.wholes.mean(axis=0, dtype=np.float64) * (count / (count + FEW))
        self._common = self._common.astype(np.float32)
        heads = of.heading_vectors[self.headed].mean(axis=0, dtype=np.float64)
        self._heads_common = (heads * (count / (count + FEW))).astype(np.float32)
        self._heads = apart(of.heading_vectors, self._heads_common)
        self._index = faiss.IndexFlatIP(made.DIMENSION)
        self._apart = np.empty((count, made.DIMENSION), np.float32)
        for begin in range(0, count, made.BATCH):
            some = np.asarray(self.wholes[begin : begin + made.BATCH])
            self._apart[begin : begin + made.BATCH] = apart(some, self._common)
        self._index.add(self._apart)
        self._gather_grams(folder, count)

    def _gather_grams(self, folder: Path, count: int) -> None:
        catalogue = Catalogue(folder / DATABASE)
        codes, owners, last = [], [], 0
        from index.library.large import places

        while block := places.sections_after(catalogue, last, count, reading.SECTIONS):
            if not all(units_of(section) for _, section in block):
                raise RuntimeError("a section without a text")
            found, owner = gram_codes([reading.worded(s) for _, s in block], 24)
            codes.append(found)
            owners.append(owner + np.int32(block[0][0] - 1))
            last = block[-1][0]
        catalogue.close()
        self._codes, self._owners = np.concatenate(codes), np.concatenate(owners)
        self._lengths = np.bincount(self._owners, minlength=count).astype(np.float32)

    def best(
        self, vectors: dict[str, Floats], text: str, role: Role | None
    ) -> dict[bool, list[int]]:
        """Return the best ten, in order of closeness alone and with variety (True)."""
        scores = self._scores(vectors, text)
        wanted = (
            np.arange(len(scores))
            if role is None
            else np.flatnonzero(self.roles == ROLES.index(role))
        )
        pool = wanted[np.argsort(-scores[wanted], kind="stable")[: ranking.POOL]]
        reports = [str(i // made.PER_REPORT) for i in pool.tolist()]
        varied = ranking.diverse(
            scores[pool], np.asarray(self.wholes[np.sort(pool)])[np.argsort(np.argsort(pool))],
            reports, range(len(pool)), TOP,
        )  # fmt: skip
        return {False: pool[:TOP].tolist(), True: [int(pool[i]) for i in varied]}

    def _scores(self, vectors: dict[str, Floats], text: str) -> Floats:
        query = apart(vectors[text][None], self._common)
        wholes = self._apart @ query[0]
        heading_query = apart(vectors[first_clause(text)][None], self._heads_common)[0]
        meaning = ((self._heads @ heading_query)[self.headed] + wholes) / 2
        return ranking.blend(meaning.astype(np.float32), self._wording(text))

    def _wording(self, text: str) -> Floats:
        """Return BM25 of all sections, from every gram of the query."""
        from index.library.bm25 import K1, B

        count = len(self._lengths)
        damping = K1 * (1 - B + B * self._lengths / self._lengths.mean())
        scores = np.zeros(count, np.float32)
        codes, times = np.unique(gram_codes([text], 24)[0], return_counts=True)
        asked = np.zeros(1 << 24, np.bool_)
        asked[codes] = True
        hit = np.flatnonzero(asked[self._codes])
        hit_codes, hit_owners = self._codes[hit], self._owners[hit]
        order = np.argsort(hit_codes, kind="stable")
        bounds = np.searchsorted(hit_codes[order], codes, side="left")
        ends = np.searchsorted(hit_codes[order], codes, side="right")
        for begin, end, often in zip(bounds, ends, times, strict=True):
            owners, counts = np.unique(hit_owners[order[begin:end]], return_counts=True)
            rarity = np.log(1 + (count - len(owners) + 0.5) / (len(owners) + 0.5))
            part = counts.astype(np.float32)
            scores[owners] += often * rarity * (K1 + 1) * part / (part + damping[owners])
        return scores

    def flat_ms(self, vectors: dict[str, Floats], texts: list[str]) -> float:
        """Return what FAISS's exact index takes for the ten closest wholes, on two threads."""
        times = []
        for text in texts[:20]:
            query = apart(vectors[text][None], self._common)
            began = time.perf_counter()
            self._index.search(query, TOP)
            times.append(1000 * (time.perf_counter() - began))
        return statistics.median(times)


def _queries(of: made.Kinds) -> tuple[dict[str, int], dict[str, Floats]]:
    """Return queries by their kind, and the vectors of them and of their first clauses."""
    chance, plain = np.random.default_rng(11), random.Random(11)  # noqa: S311 - not for secrets
    drawn = chance.integers(0, len(of.middles), QUERIES)
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
        for name, value in vars_of(measure(folder, options.sections, options.gaussian)).items():
            print(f"{name:14} {value}")
        print(f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    finally:
        if options.folder is None:
            shutil.rmtree(scratch, ignore_errors=True)
    return 0


def vars_of(figures: Figures) -> dict[str, object]:
    """Return the figures by name, rounded."""
    found = {name: getattr(figures, name) for name in Figures.__slots__}
    return {n: round(v, 3) if isinstance(v, float) else v for n, v in found.items()}


if __name__ == "__main__":
    raise SystemExit(main())
