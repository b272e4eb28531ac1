"""The one table of `make bench`: what was measured, ours beside a peer's, both in the same run."""

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "xllamacpp", "torch", "transformers", "torchao", "sentence-transformers", "faiss-cpu", "gradio",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio` says how many times better ours is than the peer; None where the goal is
    a bound and not a comparison."""

    what: str
    ours: str
    peer: str
    ratio: float | None
    goal: str
    note: str = ""


def heading() -> str:
    """Return machine, load and versions: what every figure under it depends on."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {cores} cores, load {load}, "
        f"Python {platform.python_version()}\n{', '.join(found)}"
    )


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, readable as it stands."""
    lines = ["| what | ours | beside | ratio | goal | note |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}×"
        lines.append(
            f"| {row.what} | {row.ours} | {row.peer} | {ratio} | {row.goal} | {row.note} |"
        )
    return "\n".join(lines)
