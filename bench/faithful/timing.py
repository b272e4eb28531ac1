"""How long the checks take: each one per 1,000 characters, a whole report, one section."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.faithful.cases import FOLDER, Case, read_cases
from drafter.checking import read_case
from drafter.checks import CHECKS, run_checks
from drafter.checks.first_look import read_tables

REPORT_LETTERS, REPORT_MS = 3000, 500.0  # goals of issue 3
SECTION_LETTERS, SECTION_FACTS, SECTION_MS = 300, 20, 100.0
PROCESSES = 3
_MARKS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Lap:
    """Milliseconds of one run of all checks on a text nobody has seen before, the same again
    (`warm`), and of what the process does once before any text: reading the tables (`tables`; the
    page does it when it starts).

    The best of three processes counts: other programs run on the machine too.
    """

    name: str
    letters: int
    facts: int
    tables: float
    new: float
    warm: float
    goal: float

    @property
    def met(self) -> bool:
        """Whether a new text keeps within the goal."""
        return self.new <= self.goal


def pin() -> None:
    """Keep this process on one processor, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def per_check(cases: Sequence[Case]) -> dict[str, tuple[float, float]]:
    """Return each check's (median, 95th percentile) in ms per 1,000 characters of a case.

    Tables are read beforehand. What one check remembers of a text serves the next, as it does in a
    run of all: the first to look for numbers pays for them.
    """
    spent: dict[str, list[float]] = {name: [] for name in CHECKS}
    for place, case in enumerate(cases):
        draft, sources = read_case(case.given)
        for name, check in CHECKS.items():
            began = time.perf_counter()
            list(check(draft, sources))
            taken = time.perf_counter() - began
            if place:  # the first case reads the tables
                spent[name].append(1e6 * taken / max(1, len(case.draft)))
    return {
        name: (statistics.median(times), statistics.quantiles(times, n=20)[-1])
        for name, times in spent.items()
        if len(times) > 1
    }


def long_case(cases: Sequence[Case], letters: int, facts: int | None = None) -> dict[str, Any]:
    """Join clean cases into one of `letters` characters; `facts` sets how many it has.

    A report (no `facts`) gets a heading for each case, a section none.
    """
    parts: list[str] = []
    known: list[str] = []
    exemplars: list[str] = []
    size = 0
    for case in (one for one in cases if one.kind == "clean" and "\n" not in one.draft):
        if size >= letters:
            break
        mark = _MARKS[len(parts) % 10]
        parts.append(case.draft if facts else f"{mark}、第{mark}项工作\n{case.draft}\n")
        size += len(parts[-1])
        known += case.facts
        exemplars += case.exemplars
    if facts:
        spare = (f for case in cases if case.kind == "clean" for f in case.facts if f not in known)
        known = [*known, *spare][:facts]
    text = "".join(parts)[:letters]
    return {"year": 2025, "facts": known, "draft": text, "exemplars": exemplars[:5]}


def measure(case: dict[str, Any]) -> tuple[float, float, float]:
    """Return (tables, first, again) in ms of all checks on one case, reading its facts included."""
    began = time.perf_counter()
    read_tables()
    tables = 1000 * (time.perf_counter() - began)
    times = []
    for _ in range(4):
        began = time.perf_counter()
        run_checks(*read_case(case))
        times.append(1000 * (time.perf_counter() - began))
    return tables, times[0], statistics.median(times[1:])


def in_new_process(case: dict[str, Any]) -> tuple[float, float, float]:
    """Return `measure` of a process in which nothing has been read or remembered yet."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.faithful.timing"],
        input=json.dumps(case),
        cwd=FOLDER.parents[1],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    tables, new, warm = json.loads(done.stdout)
    return tables, new, warm


def laps() -> tuple[Lap, ...]:
    """Time a 3,000-character report and a 300-character section made of our own clean cases."""
    cases = read_cases(FOLDER / "cases")
    wanted = (
        ("report", REPORT_LETTERS, None, REPORT_MS),
        ("section", SECTION_LETTERS, SECTION_FACTS, SECTION_MS),
    )
    made = []
    for name, letters, facts, goal in wanted:
        case = long_case(cases, letters, facts)
        runs = [in_new_process(case) for _ in range(PROCESSES)]
        tables, new, warm = (min(times) for times in zip(*runs, strict=True))
        made.append(Lap(name, len(case["draft"]), len(case["facts"]), tables, new, warm, goal))
    return tuple(made)


if __name__ == "__main__":
    pin()
    print(json.dumps(measure(json.load(sys.stdin))))
