"""`kill -9` at random moments of all that writes: what was answered is there, and nothing else is
left behind. A kill shows what a crash of the program does; a power cut is SQLite's own promise
(WAL with synchronous=FULL, looked at in test_promises.py)."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.durability.homes import Homes, dice
from tests.durability.look import Known, Line, look

ROUNDS = {"editing": 25, "generation": 13, "importing": 20, "migrating": 17, "copying": 25}
AT_ONCE = 2  # processes of so many rounds each

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def begin(folder: Path, seed: int) -> "subprocess.Popen[str]":
    folder.mkdir()
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    asked = [f"{kind}={count}" for kind, count in ROUNDS.items()]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.durability.rounds", str(folder), str(seed), *asked],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_two_hundred_kills_lose_nothing_and_leave_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = int(os.environ.get("DRAFTER_SEED") or secrets.randbits(31))
    seeds = [first + number for number in range(AT_ONCE)]
    running = [begin(tmp_path / str(seed), seed) for seed in seeds]
    reports = []
    for process in running:
        said, trouble = process.communicate(timeout=300)
        assert process.returncode == 0, trouble[-2000:]
        reports.append(json.loads(said))
    with capfd.disabled():
        for report in reports:
            told = {name: value for name, value in report.items() if name != "faults"}
            sys.stdout.write(f"\nkill -9: {told}\n")
    faults = [fault for report in reports for fault in report["faults"]]
    assert not faults, "\n".join(faults)
    assert sum(report["rounds"] for report in reports) == AT_ONCE * sum(ROUNDS.values()) == 200
    answered = {kind: sum(report["answered"][kind] for report in reports) for kind in ROUNDS}
    assert sum(answered.values()) > 200
    assert all(answered.values()), answered  # each kind came as far as an answer


def test_the_look_would_see_a_loss(tmp_path: Path) -> None:
    homes = Homes(tmp_path, dice(1))
    home = homes.begin("editing")
    lost: list[Line] = [["ack", "version", 99, "没有存下"], ["ack", "title", "没有改成"]]
    assert look("editing", home, lost, Known()) == ("version 99 lost", "title lost")
    (home / "library" / "library.db-journal").write_bytes(b"?")
    (home / "backups").mkdir()
    (home / "backups" / "drafts.db.part").write_bytes(b"?")
    found = look("importing", home, [["ack", "report", "r9"]], Known())
    assert "report r9 lost" in found
    assert "left behind: backups/drafts.db.part" in found
    other = homes.begin("copying")
    gone = "drafts-20260101-000000-asked-00001.db"
    known = Known()
    assert f"copy {gone} is gone" in look("copying", other, [["ack", "copy", gone, "起点"]], known)
