"""A campaign: all targets in turn, each chunk in a process of its own, until the time is over.

    python -m tests.fuzz --minutes 30 --out FOLDER [--only NAME] [--seed N]

FOLDER gets a line of JSON a chunk (log.jsonl), and each input that broke something, with its trace.
"""

import argparse
import json
import os
import random
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from drafter.ui.desk import NOTHING
from tests.fuzz.act_targets import act_targets
from tests.fuzz.file_targets import INNER, file_targets
from tests.fuzz.text_targets import text_targets
from tests.fuzz.types import Target, run_once

CHUNK = 15.0
MOST_KEPT = 40  # inputs kept of one target
assert NOTHING  # the page's modules are loaded before the processes part


def all_targets() -> tuple[Target, ...]:
    return (*text_targets(), *file_targets(), *act_targets())


def chunk(target: Target, seed: int, seconds: float, out: Path) -> None:
    """Run a target for some seconds and write down what came of it. Runs in its own process."""
    rng = random.Random(seed)  # noqa: S311 - drawn again from its seed
    pool = list(target.seeds)
    told: Counter[str] = Counter()
    slowest, end = 0.0, time.monotonic() + seconds
    last = out / f"last-{target.name}"
    while time.monotonic() < end:
        data = target.change(rng, rng.choice(pool))
        if rng.random() < 0.2:
            data = target.change(rng, data)
        last.write_bytes(data)
        began = time.process_time()
        try:
            told["taken" if run_once(target, data) else "refused"] += 1
        except Exception as error:  # noqa: BLE001 - every one is a find
            told["finds"] += 1
            keep(out, target, data, "".join(traceback.format_exception(error)))
        took = time.process_time() - began
        if took > target.seconds:
            told["slow"] += 1
            keep(out, target, data, f"took {took:.1f} s")
        slowest = max(slowest, took)
    last.unlink(missing_ok=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = {"target": target.name, "seed": seed, "seconds": seconds, **told,
            "slowest": round(slowest, 2), "peak_mb": peak, "inner": dict(INNER)}  # fmt: skip
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")


def keep(out: Path, target: Target, data: bytes, why: str) -> None:
    """Keep an input that broke something, once for each last line of its trace."""
    folder = out / "finds" / target.name
    folder.mkdir(parents=True, exist_ok=True)
    frames = [line for line in why.splitlines() if line.startswith("  File")]
    mark = (
        f"{hash((frames[-1] if frames else why[:40], why.splitlines()[-1][:30])) & 0xFFFFFFFF:08x}"
    )
    if (folder / f"{mark}.txt").exists() or len(list(folder.iterdir())) > 2 * MOST_KEPT:
        return
    (folder / f"{mark}.bin").write_bytes(data)
    (folder / f"{mark}.txt").write_text(why, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    wanted = [t for t in all_targets() if not given.only or t.name in given.only.split(",")]
    end, turn = time.monotonic() + given.minutes * 60, given.seed * 1000
    while time.monotonic() < end:
        for target in wanted:
            turn += 1
            process = os.fork()
            if process == 0:
                sys.stdout.flush()
                chunk(target, turn, CHUNK * target.share, given.out)
                os._exit(0)
            _, status = os.waitpid(process, 0)
            if status:
                last = given.out / f"last-{target.name}"
                data = last.read_bytes() if last.exists() else b""
                keep(given.out, target, data, f"the process ended with status {status}")
            if time.monotonic() > end:
                break
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
