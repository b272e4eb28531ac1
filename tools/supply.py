"""What the program is made of, and whether that may be used: licences, SBOM, advisories, pins.

`check` (in `make test`) reads the locks and data files only, no network: both locks are of this
pyproject.toml, every licence is allowed, no locked version is in an advisory of
requirements/advisories.toml, the model manifests are the pinned ones, and what `write` makes
(docs/licences.md, requirements/sbom.cdx.json) is up to date. `audit` also asks pip-audit's service.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from bill import licence_table, sbom
from locks import ROOT, RUN, TEST, Lock, digest_of, read_lock, read_project
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

FOLDER = ROOT / "requirements"
LICENCES = ROOT / "docs" / "licences.md"
SBOM = FOLDER / "sbom.cdx.json"
PINS = ROOT / "index" / "manifests.py"
MANIFESTS = ("drafter/models.toml", "index/models.toml")
OLD = 180  # days after which nobody has looked at the advisories for too long
SPLIT = re.compile(r"\s+(?:AND|OR)\s+")


def load(name: str) -> dict[str, Any]:
    """Return a data file of requirements/."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def lock_faults(run: Lock, test: Lock, project: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong between the locks and pyproject.toml."""
    for name, lock in (("run.lock", run), ("test.lock", test)):
        if lock.digest != digest_of(project):
            yield f"{name} 不是按现在的 pyproject.toml 锁定的；请运行 make lock ARGS=--unlocked"
    every = set(test.pins)
    yield from (
        f"run.lock 的 {pin.name} 与 test.lock 不一致" for pin in run.pins if pin not in every
    )
    extras = project["optional-dependencies"]
    for lines, lock in ((project["dependencies"], run), (extras["dev"], test)):
        versions = lock.versions()
        for line in lines:
            wanted = Requirement(line)
            version = versions.get(str(canonicalize_name(wanted.name)), "")
            if not version or Version(version) not in wanted.specifier:
                yield f"锁定的 {wanted.name} {version or '（没有）'} 不合 pyproject.toml 的 {line}"


def named_licence(name: str, data: Mapping[str, Any]) -> str:
    """Return a project's licence as an SPDX expression; what metadata says where it is none."""
    if name in data["stated"]:
        return str(data["stated"][name]["licence"])
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    marks = said.get_all("Classifier") or []
    classes = [mark.rpartition(" :: ")[2] for mark in marks if mark.startswith("License :: ")]
    classes = [each for each in classes if each != "OSI Approved"]
    fields = [*(said.get_all("License-Expression") or []), *(said.get_all("License") or [])]
    for text in (*fields, *classes):
        if text and "\n" not in text.strip():
            return str(data["names"].get(text.strip(), text.strip()))
    return ""


def licences_of(lock: Lock, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the licence of each locked project."""
    return {pin.name: named_licence(pin.name, data) for pin in lock.pins}


def licence_faults(licences: Mapping[str, str], data: Mapping[str, Any]) -> Iterator[str]:
    """Yield every project one part of whose licence is not allowed, or unknown."""
    for name, expression in licences.items():
        parts = SPLIT.split(expression.replace("(", "").replace(")", "")) if expression else []
        foreign = [part for part in parts if part not in data["allow"]]
        if not parts:
            yield f"{name}：不知道它的许可证（没有装，licences.toml 也没有写）"
        elif foreign:
            yield f"{name}：许可证“{'、'.join(foreign)[:80]}”不在允许之列"


def advisory_faults(
    lock: Lock, data: Mapping[str, Any], today: date
) -> tuple[list[str], list[str]]:
    """Return (faults, warnings) of the advisories: what applies, and how old the list is."""
    faults: list[str] = []
    warnings: list[str] = []
    versions = lock.versions()
    for entry in data["advisory"]:
        version = versions.get(str(canonicalize_name(entry["package"])))
        if version and Version(version) < Version(entry["fixed"]):
            text = f"{entry['package']} {version} 有公告 {entry['id']}（{entry['what']}），"
            text += f"{entry['fixed']} 起已修复"
            accepted = entry.get("accepted")
            (warnings if accepted else faults).append(text + (f"；{accepted}" if accepted else ""))
    age = (today - data["checked"]).days
    if age > OLD:
        old = (
            f"安全公告清单已 {age} 天没有核对（最多 {OLD} 天），请更新 requirements/advisories.toml"
        )
        (faults if os.environ.get("CI") else warnings).append(old)
    return faults, warnings


def pin_faults() -> Iterator[str]:
    """Yield the shipped model manifests that are not the pinned ones."""
    sys.path.insert(0, str(ROOT))
    from index.manifests import changed

    for name in MANIFESTS:
        path = ROOT / name
        if changed(path, path.read_bytes()):
            yield f"模型清单 {name} 改过；确是有意改的，请运行 make supply"


def made(run: Lock, test: Lock, data: Mapping[str, Any], project: Mapping[str, Any]) -> list[Any]:
    """Return (path, text) of each file this script writes."""
    licences = licences_of(test, data)
    entries = [
        entry
        for name in MANIFESTS
        for entry in tomllib.loads((ROOT / name).read_text("utf-8"))["weights"]
    ]
    table = licence_table(run, test, licences, data["stated"], entries)
    return [(LICENCES, table), (SBOM, sbom(run, licences, entries, project))]


def check() -> int:
    """Print what is wrong and what was looked at; return the exit status."""
    run, test, project = read_lock(RUN), read_lock(TEST), read_project(ROOT)
    data, advisories = load("licences.toml"), load("advisories.toml")
    faults = list(lock_faults(run, test, project))
    faults += licence_faults(licences_of(test, data), data)
    wrong, warnings = advisory_faults(test, advisories, datetime.now(UTC).date())
    faults += [*wrong, *pin_faults()]
    for path, text in made(run, test, data, project):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            faults.append(f"{path.relative_to(ROOT)} 过时了；请运行 make supply")
    for text in warnings:
        print(f"注意：{text}")
    for text in faults:
        print(f"不通过：{text}", file=sys.stderr)
    known, when = len(advisories["advisory"]), advisories["checked"]
    print(f"锁定 {len(test.pins)} 个软件（{test.date}），逐个核对了许可证；")
    print(f"对照 {known} 条安全公告（{when} 收集，不是全部公告）；{len(faults)} 处不通过")
    return 1 if faults else 0


def write() -> int:
    """Write the pins of the manifests, the licence list and the SBOM."""
    from hashlib import sha256

    text = PINS.read_text(encoding="utf-8")
    for name in MANIFESTS:
        value = sha256((ROOT / name).read_bytes().replace(b"\r\n", b"\n")).hexdigest()
        text = re.sub(rf'"{re.escape(name)}": "[0-9a-f]*"', f'"{name}": "{value}"', text)
    PINS.write_text(text, encoding="utf-8", newline="\n")
    run, test, project = read_lock(RUN), read_lock(TEST), read_project(ROOT)
    for path, content in made(run, test, load("licences.toml"), project):
        path.write_text(content, encoding="utf-8", newline="\n")
        print(f"已写 {path.relative_to(ROOT)}")
    return 0


def unanswered(found: Sequence[Mapping[str, Any]], lock: Lock) -> list[str]:
    """Return the locked projects pip-audit did not look up at the locked version."""
    answered = {
        (str(canonicalize_name(item["name"])), Version(item["version"]))
        for item in found
        if "skip_reason" not in item
    }
    return [pin.name for pin in lock.pins if (pin.name, Version(pin.version)) not in answered]


def audit() -> int:
    """Check, then ask pip-audit about every locked version; what it skipped is not passed."""
    status = check()
    listing = "".join(f"{pin.name}=={pin.version}\n" for pin in read_lock(TEST).pins)
    plain = ROOT / ".cache" / "audit.txt"
    plain.parent.mkdir(exist_ok=True)
    plain.write_text(listing, encoding="utf-8")
    options = [
        "-r",
        str(plain),
        "--no-deps",
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner=off",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *options],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()[-1:] or ["没有输出"]
        print(
            f"pip-audit 没有查成：{said[0]}。请先 pip install pip-audit，并确认能联网。",
            file=sys.stderr,
        )
        return 1
    skipped = unanswered(found, read_lock(TEST))
    hit = [item for item in found if item.get("vulns")]
    for item in hit:
        print(
            f"{item['name']} {item['version']}：" + "、".join(each["id"] for each in item["vulns"])
        )
    asked = len(read_lock(TEST).pins) - len(skipped)
    print(f"pip-audit：查了 {asked} 个，没有查到 {len(skipped)} 个，{len(hit)} 个有公告")
    if skipped:
        print("没有查到的：" + "、".join(skipped), file=sys.stderr)
    return 1 if status or hit or skipped else 0


if __name__ == "__main__":
    jobs = {"check": check, "write": write, "audit": audit}
    if len(sys.argv) != 2 or sys.argv[1] not in jobs:
        sys.exit("用法：python tools/supply.py check | write | audit")
    try:
        sys.exit(jobs[sys.argv[1]]())
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"错误：{error}")
