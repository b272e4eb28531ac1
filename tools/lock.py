"""Lock what pyproject.toml asks for: exact versions and the hashes of their wheels, nothing else.

`make lock` writes requirements/run.lock and requirements/test.lock. pip alone is asked, through its
dry runs, so that it is whatever index this machine uses that answers; no address is written down.
Every platform of `TARGETS` is asked for its own wheels. Versions already locked stay, unless
`--upgrade` is given. One the index has no wheels for is named in the file's head as not covered.

Linux takes the CPU build of torch only: the other needs several GB of CUDA packages.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from locks import ROOT, RUN, TARGETS, TEST, Pin, Target, digest_of, read_lock, render
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SYS_PLATFORM = {"windows": "win32", "macos": "darwin", "linux": "linux"}
NO_MATCH = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")


@dataclass(frozen=True, slots=True)
class Wheel:
    """One file pip would install: its project, version, sha256, and what it requires itself."""

    name: str
    version: str
    sha256: str
    file: str
    requires: tuple[str, ...]


class LockError(Exception):
    """The lock cannot be made; the message is in Chinese."""


def ask_pip(arguments: Sequence[str]) -> tuple[Wheel, ...]:
    """Return what pip would install; raise LockError with pip's own words."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--dry-run", "--ignore-installed", "-qq", "--no-input", "--report", str(report)]
        command = [sys.executable, "-m", "pip", "install", *options, *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise LockError(done.stderr.strip() or done.stdout.strip())
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
    return tuple(_wheel(item) for item in items)


def _wheel(item: Mapping[str, Any]) -> Wheel:
    found, file = item["metadata"], item["download_info"]["url"].rsplit("/", 1)[-1]
    hashes = item["download_info"]["archive_info"]["hashes"]
    return Wheel(
        name=str(canonicalize_name(found["name"])),
        version=found["version"].partition("+")[0],
        sha256=hashes["sha256"],
        file=file.replace("%2B", "+"),
        requires=tuple(found.get("requires_dist", ())),
    )


def needed(
    roots: Iterable[str], wheels: Mapping[str, Wheel], target: Target
) -> tuple[set[str], list[str]]:
    """Return (names needed on `target`, requirements met by no wheel) from the roots on."""
    waiting = [(Requirement(root), frozenset[str]()) for root in roots]
    seen: set[tuple[str, frozenset[str]]] = set()
    missing: dict[str, str] = {}
    while waiting:
        wanted, extras_above = waiting.pop()
        marker = wanted.marker
        environments = [target.environment(extra) for extra in (extras_above or {""})]
        if marker and not any(marker.evaluate(environment) for environment in environments):
            continue
        name, extras = str(canonicalize_name(wanted.name)), frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        if name not in wheels:
            missing[name] = f"{wanted.name}{wanted.specifier}"
            continue
        waiting += [(Requirement(line), extras) for line in wheels[name].requires]
    return {name for name, _ in seen} - set(missing), list(missing.values())


def ask_for(target: Target, lines: Sequence[str]) -> tuple[Wheel, ...]:
    """Return the target's wheels of these requirements, without what they require."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--no-deps", "--only-binary=:all:", "--target", folder, *target.pip_options]
        return ask_pip([*options, *lines])


def wheels_of(pins: Mapping[str, str], target: Target) -> dict[str, Wheel]:
    """Return the wheels of these versions for a target; those the index lacks are left out."""
    names = dict(pins)
    while names:
        try:
            found = ask_for(target, [f"{name}=={version}" for name, version in names.items()])
        except LockError as error:
            lacking = NO_MATCH.search(str(error))
            if lacking is None:
                raise
            names.pop(str(canonicalize_name(lacking[1])))
            continue
        return {wheel.name: wheel for wheel in found if target.admits(wheel.file)}
    return {}


def has_torch(target: Target, pins: Mapping[str, str]) -> bool:
    """Say whether the target has a build of torch that may be locked, before all else is asked."""
    return "torch" in wheels_of({"torch": pins["torch"]}, target)


def complete(target: Target, roots: Sequence[str], pins: dict[str, str]) -> dict[str, Wheel]:
    """Return every wheel the target needs, by name; `pins` gains what only this target needs.

    Raises LockError when something has no wheel there.
    """
    if not has_torch(target, pins):
        raise LockError("没有可用的 torch（Linux 只用 CPU 版）")
    while True:
        wheels = wheels_of(pins, target)
        names, missing = needed(roots, wheels, target)
        if not missing:
            return {name: wheels[name] for name in names}
        lacking = [line for line in missing if canonicalize_name(Requirement(line).name) in pins]
        if lacking:
            raise LockError("没有 " + "、".join(lacking))
        for wheel in ask_for(target, missing):
            pins[wheel.name] = wheel.version


def known_versions() -> dict[str, str]:
    """Return what is locked; without a lock, what this environment has and was tested with."""
    if TEST.exists():
        return read_lock(TEST).versions()
    here = ((str(canonicalize_name(each.name)), each.version) for each in distributions())
    return {name: version.partition("+")[0] for name, version in here if name != "pip"}


def make_locks(upgrade: bool) -> None:
    """Write both lock files, telling what each target has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = list(project["dependencies"])
    test = run + list(project["optional-dependencies"]["dev"])
    known = {} if upgrade else known_versions()
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "locked.txt"
        constraints.write_text("\n".join(f"{n}=={v}" for n, v in known.items()), encoding="utf-8")
        try:
            resolved = ask_pip(["-c", str(constraints), *test])
        except LockError as error:
            raise LockError(
                f"现有锁定与 pyproject.toml 合不上（--upgrade 重新选）：{error}"
            ) from error
    pins = {wheel.name: wheel.version for wheel in resolved}
    made: dict[Target, dict[str, Wheel]] = {}
    for target in TARGETS:
        try:
            made[target] = complete(target, test, pins)
            print(f"    {target.name}：{len(made[target])} 个")
        except LockError as error:
            print(f"    {target.name}：不列入，{error}")
    for path, roots in ((TEST, test), (RUN, run)):
        path.parent.mkdir(exist_ok=True)
        text = _lock(roots, pins, made, digest_of(project))
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"已写 {path.relative_to(ROOT)}")


def _lock(
    roots: Sequence[str],
    pins: Mapping[str, str],
    made: Mapping[Target, Mapping[str, Wheel]],
    digest: str,
) -> str:
    hashes: dict[str, set[str]] = {}
    where: dict[str, set[Target]] = {}
    for target, wheels in made.items():
        for name in needed(roots, wheels, target)[0]:
            hashes.setdefault(name, set()).add(wheels[name].sha256)
            where.setdefault(name, set()).add(target)
    lines = [
        Pin(name, pins[name], marker_of(where[name], set(made)), tuple(sorted(hashes[name])))
        for name in sorted(hashes)
    ]
    today = datetime.now(UTC).date().isoformat()
    return render(lines, digest, today, [target.name for target in made])


def marker_of(wanted: set[Target], every: set[Target]) -> str:
    """Return the marker of what only some targets need ("" for all of them)."""
    systems, pythons = {target.system for target in wanted}, {target.python for target in wanted}
    if wanted == every:
        return ""
    whole = {target for target in every if target.system in systems and target.python in pythons}
    if wanted != whole:
        single = [marker_of({target}, every) for target in sorted(wanted, key=lambda t: t.name)]
        return " or ".join(f"({part})" for part in single)
    parts = []
    if systems != {target.system for target in every}:
        parts.append([f'sys_platform == "{SYS_PLATFORM[system]}"' for system in sorted(systems)])
    if pythons != {target.python for target in every}:
        parts.append([f'python_version == "{python}"' for python in sorted(pythons)])
    joined = [" or ".join(part) if len(part) == 1 else f"({' or '.join(part)})" for part in parts]
    return " and ".join(joined)


if __name__ == "__main__":
    try:
        make_locks("--upgrade" in sys.argv[1:])
    except LockError as wrong:
        sys.exit(f"错误：锁定没有做成。{wrong}")
