"""The two lists of parts as text: docs/licences.md for people, a CycloneDX 1.6 SBOM for programs.

Both are the same every time they are made from the same locks: no date, no serial number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from locks import Lock

SPEC = "1.6"


def licence_table(
    run: Lock,
    test: Lock,
    licences: Mapping[str, str],
    stated: Mapping[str, Mapping[str, str]],
    models: Sequence[Mapping[str, Any]],
) -> str:
    """Return docs/licences.md: what is shipped, what only the tests use, the models."""
    shipped = {pin.name for pin in run.pins}
    lines = [
        "# 许可证",
        "",
        "由 `make supply` 按锁定文件写成，请勿手改。拟稿台本身是 Apache-2.0。允许哪些许可证、",
        "为什么，见 `requirements/licences.toml`。安装包不改动，各带自己的",
        "许可证文件和所含部件的许可证。",
        "",
        "## 运行要用的",
        "",
        *_table(run, licences, stated, shipped),
        "",
        "## 只有测试要用的",
        "",
        *_table(test, licences, stated, {pin.name for pin in test.pins} - shipped),
        "",
        "## 模型",
        "",
        "| 模型 | 发布者 | 许可证 | sha256 |",
        "|---|---|---|---|",
        *(
            f"| {entry['file']} | {entry['publisher']} | {entry['licence']} | {entry['sha256']} |"
            for entry in models
        ),
        "",
    ]
    return "\n".join(lines)


def _table(
    lock: Lock,
    licences: Mapping[str, str],
    stated: Mapping[str, Mapping[str, str]],
    names: set[str],
) -> list[str]:
    rows = ["| 软件 | 版本 | 许可证 | 说明 |", "|---|---|---|---|"]
    for pin in lock.pins:
        if pin.name in names:
            reason = stated.get(pin.name, {}).get("reason", "")
            rows.append(f"| {pin.name} | {pin.version} | {licences[pin.name]} | {reason} |")
    return rows


def sbom(
    run: Lock,
    licences: Mapping[str, str],
    models: Sequence[Mapping[str, Any]],
    project: Mapping[str, Any],
) -> str:
    """Return the SBOM of what is shipped: locked projects, and models by sha256.

    A project's hashes are those of all its locked wheels, one a platform.
    """
    root = f"drafter@{project['version']}"
    direct = {re.split(r"[^a-z0-9-]", line.lower())[0] for line in project["dependencies"]}
    libraries = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{pin.name}@{pin.version}",
            "name": pin.name,
            "version": pin.version,
            "hashes": [{"alg": "SHA-256", "content": value} for value in pin.hashes],
            "licenses": [_licence(licences[pin.name])],
            "purl": f"pkg:pypi/{pin.name}@{pin.version}",
        }
        for pin in run.pins
    ]
    weights = [
        {
            "type": "machine-learning-model",
            "bom-ref": f"model:{entry['name']}",
            "publisher": entry["publisher"],
            "name": entry["file"],
            "version": entry["sha256"][:12],
            "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
            "licenses": [_licence(entry["licence"])],
        }
        for entry in models
    ]
    needs = [part["bom-ref"] for part in libraries if part["name"] in direct]
    needs += [part["bom-ref"] for part in weights]
    whole = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "drafter",
                "version": project["version"],
                "licenses": [_licence(project["license"])],
            }
        },
        "components": [*libraries, *weights],
        "dependencies": [{"ref": root, "dependsOn": sorted(str(need) for need in needs)}],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _licence(expression: str) -> dict[str, Any]:
    """Return CycloneDX's licence choice: one SPDX name, or an expression."""
    if " " in expression:
        return {"expression": expression}
    return {"license": {"id": expression}}
