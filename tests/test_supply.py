"""Locks, licences, advisories, the SBOM, and the pins of the model manifests."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import manifests
from index.errors import WeightsError
from index.weights import load_manifest
from tests.tool_scripts import script

locks, supply, bill, lock_maker = script("locks"), script("supply"), script("bill"), script("lock")
ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = {"dependencies": ["numpy>=2"], "optional-dependencies": {"dev": []}}
PIN = locks.Pin("numpy", "2.4.6", "", ("ab" * 32, "cd" * 32))
TODAY = date(2026, 11, 21)


def test_the_repository_passes_its_own_check() -> None:
    """Locks of this pyproject.toml, licences, advisories, pins, and the written lists."""
    command = [sys.executable, "tools/supply.py", "check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


names = st.lists(st.text("abz09", min_size=1, max_size=3), min_size=1, max_size=2).map("-".join)
hashes = st.lists(st.integers(0, 2**256 - 1).map("{:064x}".format), min_size=1, max_size=3)
markers = st.sampled_from(["", 'sys_platform == "win32"', 'python_version == "3.13"'])


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(names, st.tuples(hashes, markers), min_size=1, max_size=5))
def test_a_lock_reads_back_as_it_was_written(parts: dict[str, tuple[list[str], str]]) -> None:
    pins = [locks.Pin(name, "1.0", mark, tuple(found)) for name, (found, mark) in parts.items()]
    folder = ROOT / ".cache" / "test-locks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "one.lock"
    path.write_text(locks.render(pins, "d" * 64, "2026-11-21", ["a-b-3.11"]), encoding="utf-8")
    read = locks.read_lock(path)
    shutil.rmtree(folder)
    assert read == locks.Lock(tuple(pins), "d" * 64, "2026-11-21", ("a-b-3.11",))


def test_markers_choose_where_a_project_is_wanted() -> None:
    target = locks.Target
    every = {target(s, "x", p) for s in ("linux", "windows") for p in ("3.11", "3.13")}
    windows = {each for each in every if each.system == "windows"}
    newest = {each for each in every if each.python == "3.13"}
    odd = {target("linux", "x", "3.11"), target("windows", "x", "3.13")}
    for wanted in (every, windows, newest, windows & newest, odd):
        pin = replace(PIN, marker=lock_maker.marker_of(wanted, every))
        assert {each for each in every if pin.wanted_on(each)} == wanted
    assert lock_maker.marker_of(every, every) == ""


def test_only_the_cpu_build_of_torch_is_locked_on_linux() -> None:
    linux = locks.Target("linux", "x86_64", "3.11")
    assert linux.admits("torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl")
    assert not linux.admits("torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl")
    assert locks.Target("windows", "amd64", "3.11").admits("torch-2.13.0-cp311-win_amd64.whl")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "stale": (
        lambda root: (root / "pyproject.toml").write_text(
            '[project]\ndependencies = ["numpy>=3"]\n', encoding="utf-8"
        ),
        r"依赖改过.*make lock",
    ),
    "bare": (
        lambda root: (root / "requirements" / "run.lock").write_text("numpy==2.4.6\n"),
        r"没有校验值：numpy",
    ),
    "address": (
        lambda root: (root / "requirements" / "run.lock").write_text("--index-url http://x\n"),
        r"第 1 行不是锁定文件的内容",
    ),
    "gone": (lambda root: (root / "requirements" / "run.lock").unlink(), r"读不了锁定文件"),
}


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a pyproject.toml and its lock for a Linux computer."""
    monkeypatch.setattr(locks, "offers_cpu_torch", lambda python: True)
    (tmp_path / "requirements").mkdir()
    text = '[project]\ndependencies = ["numpy>=2"]\n[project.optional-dependencies]\ndev = []\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    text = locks.render([PIN], locks.digest_of(PROJECT), "2026-11-21", ["linux-x86_64-3.11"])
    (tmp_path / "requirements" / "run.lock").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lock_that_will_not_do_is_said(locked: Path, fault: str) -> None:
    here = locks.Target("linux", "x86_64", "3.11")
    assert "--require-hashes" in locks.locked_steps(locked, [], here, "python")[0][1]
    spoil, says = FAULTS[fault]
    spoil(locked)
    with pytest.raises(locks.LockProblem) as told:
        locks.locked_steps(locked, [], here, "python")
    assert re.search(says, str(told.value) + told.value.hint)


def test_a_computer_the_lock_does_not_cover_is_told_the_way_out(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(locks.LockProblem, match=r"linux-riscv64-3\.14") as told:
        locks.locked_steps(locked, [], locks.Target("linux", "riscv64", "3.14"), "python")
    assert "--unlocked" in told.value.hint
    monkeypatch.setattr(locks, "offers_cpu_torch", lambda python: False)
    with pytest.raises(locks.LockProblem, match=r"torch 的 CPU 版") as told:
        locks.locked_steps(locked, [], locks.Target("linux", "x86_64", "3.11"), "python")
    assert "--unlocked" in told.value.hint


def test_locks_that_disagree_are_named() -> None:
    right = locks.Lock((PIN,), locks.digest_of(PROJECT), "", ())
    assert list(supply.lock_faults(right, right, PROJECT)) == []
    other = replace(right, pins=(replace(PIN, version="2.4.5"),))
    assert "不一致" in "".join(supply.lock_faults(other, right, PROJECT))
    low = replace(right, pins=(replace(PIN, version="1.9"),))
    assert "不合 pyproject.toml" in "".join(supply.lock_faults(low, low, PROJECT))
    newer = {**PROJECT, "dependencies": ["numpy>=2", "more>=1"]}
    said = "".join(supply.lock_faults(right, right, newer))
    assert "make lock" in said
    assert "more （没有）" in said


def test_a_licence_that_is_not_allowed_is_named() -> None:
    data = supply.load("licences.toml")
    assert list(supply.licence_faults({"a": "MPL-2.0 AND (Apache-2.0 OR MIT)"}, data)) == []
    for bad in ("GPL-3.0-only", "MIT AND AGPL-3.0-only", "", "Proprietary"):
        assert [text[:2] for text in supply.licence_faults({"a": bad}, data)] == ["a："]


def test_an_advisory_on_a_locked_version_fails_and_an_old_list_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    lock = locks.Lock((PIN,), "", "", ())
    entry = {"package": "NumPy", "id": "CVE-1", "fixed": "2.5", "what": "试"}
    data = {"checked": TODAY, "advisory": [entry]}
    faults, warnings = supply.advisory_faults(lock, data, TODAY)
    assert "numpy" in faults[0].lower()
    assert "2.5 起已修复" in faults[0]
    assert warnings == []
    fixed = {"checked": TODAY, "advisory": [{**entry, "fixed": "2.4.6"}]}
    assert supply.advisory_faults(lock, fixed, TODAY + timedelta(180)) == ([], [])
    accepted = {"checked": TODAY, "advisory": [{**entry, "accepted": "用不到"}]}
    faults, warnings = supply.advisory_faults(lock, accepted, TODAY)
    assert (faults, warnings[0][-3:]) == ([], "用不到")
    assert "181 天没有核对" in supply.advisory_faults(lock, fixed, TODAY + timedelta(181))[1][0]
    monkeypatch.setenv("CI", "true")
    assert "181 天没有核对" in supply.advisory_faults(lock, fixed, TODAY + timedelta(181))[0][0]


def test_what_the_audit_did_not_look_up_is_not_passed() -> None:
    lock = locks.Lock((PIN, replace(PIN, name="more-of-it")), "", "", ())
    numpy = {"name": "NumPy", "version": PIN.version, "vulns": []}
    more = {"name": "more_of_it", "version": PIN.version, "vulns": []}
    assert supply.unanswered([numpy, more], lock) == []
    assert supply.unanswered([numpy], lock) == ["more-of-it"]
    skipped = {"name": "more_of_it", "skip_reason": "not found"}
    assert supply.unanswered([numpy, skipped], lock) == ["more-of-it"]
    assert supply.unanswered([{**numpy, "version": "1.0"}, more], lock) == ["numpy"]


def test_the_sbom_holds_every_shipped_part_once() -> None:
    """Structure after CycloneDX 1.6; the whole file was validated once against its schema."""
    whole = json.loads((ROOT / "requirements" / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (whole["bomFormat"], whole["specVersion"], whole["version"]) == ("CycloneDX", "1.6", 1)
    parts = whole["components"]
    refs = [part["bom-ref"] for part in [whole["metadata"]["component"], *parts]]
    assert len(refs) == len(set(refs))
    run = locks.read_lock(locks.RUN)
    named = {part["name"]: part for part in parts}
    assert {pin.name for pin in run.pins} <= set(named)
    for pin in run.pins:
        assert named[pin.name]["purl"] == f"pkg:pypi/{pin.name}@{pin.version}"
    for manifest in ("drafter/models.toml", "index/models.toml"):
        for entry in load_manifest(ROOT / manifest):
            part = named[entry.file]
            assert part["type"] == "machine-learning-model"
            assert part["hashes"] == [{"alg": "SHA-256", "content": entry.sha256}]
    for part in parts:
        assert all(re.fullmatch("[0-9a-f]{64}", each["content"]) for each in part["hashes"])
        (choice,) = part["licenses"]
        assert "expression" in choice or choice["license"]["id"]
    assert set(whole["dependencies"][0]["dependsOn"]) <= set(refs)


def test_a_changed_manifest_of_models_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in manifests.PINS:
        data = (ROOT / name).read_bytes()
        assert not manifests.changed(ROOT / name, data)
        assert not manifests.changed(ROOT / name, data.replace(b"\n", b"\r\n"))
    monkeypatch.setattr(manifests, "ROOT", tmp_path)
    copy = tmp_path / "index" / "models.toml"
    copy.parent.mkdir()
    shutil.copyfile(ROOT / "index" / "models.toml", copy)
    assert load_manifest(copy)[0].name == "multilingual-e5-small"
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("1571fc98", "1571fc99"), encoding="utf-8")
    with pytest.raises(WeightsError, match="被改动过"):
        load_manifest(copy)
