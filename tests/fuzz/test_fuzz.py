"""A short campaign from fixed seeds: every target, its kept seeds first. CI runs this one."""

import random
import time
from pathlib import Path

import pytest

from tests.fuzz.act_targets import act_targets
from tests.fuzz.file_targets import INNER, file_targets
from tests.fuzz.http import campaign
from tests.fuzz.text_targets import text_targets
from tests.fuzz.types import Target, run_once

SEEDS = Path(__file__).parent / "seeds"
MOST_SECONDS, MOST_RUNS = 0.5, 120  # of each target; whichever ends first
TARGETS = (*text_targets(), *file_targets(), *act_targets())


@pytest.mark.filterwarnings("ignore:Duplicate name")  # of members in zips made wrong on purpose
@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_result_or_a_refusal_in_good_form_and_in_time(target: Target) -> None:
    for kept in sorted((SEEDS / target.name).glob("*")):
        run_once(target, kept.read_bytes())
    rng = random.Random(20261121)  # noqa: S311 - drawn again from its seed
    end = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_RUNS):
        data = target.change(rng, rng.choice(target.seeds))
        began = time.process_time()
        try:
            run_once(target, data)
        except Exception:
            print(f"input: {data[:3000]!r}")  # noqa: T201 - what to keep as a seed
            raise
        assert time.process_time() - began < target.seconds
        if time.monotonic() > end:
            break
    assert not [place for place in INNER if place.startswith("too much")]


def test_kept_seeds_belong_to_targets_and_are_small() -> None:
    files = [path for path in SEEDS.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} <= {target.name for target in TARGETS}
    assert sum(path.stat().st_size for path in files) <= 200_000


def test_requests_no_browser_sends(tmp_path: Path) -> None:
    told = campaign(tmp_path, 5, 3)
    assert told["counts"].get("finds", 0) == 0, (tmp_path / "finds.txt").read_text("utf-8")
    assert told["exceptions"] == 0
    assert told["outward"] == []
    assert told["steps"] > 20
