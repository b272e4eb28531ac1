"""Nothing leaves this computer: every attempt of the program outward is recorded and stopped."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.egress import attempts, recorded


def watched(command: list[str], file: Path) -> subprocess.CompletedProcess[str]:
    environment = recorded({**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}, file)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_a_days_work_asks_nobody_outside(own_home: Path, tmp_path: Path) -> None:
    done = watched(["-m", "tests.egress.story", str(own_home)], tmp_path / "egress.txt")
    assert done.returncode == 0, done.stderr
    assert attempts(tmp_path / "egress.txt") == []


def test_an_attempt_would_be_seen_also_in_a_child_process(tmp_path: Path) -> None:
    ask = (
        "import socket\ntry:\n socket.create_connection(('203.0.113.1', 80))\nexcept OSError: pass"
    )
    name = "import socket\ntry:\n socket.getaddrinfo('example.com', 80)\nexcept OSError: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {name!r}], check=True)"
    watched(["-c", f"{ask}\n{parent}"], tmp_path / "egress.txt")
    seen = attempts(tmp_path / "egress.txt")
    assert any("203.0.113.1" in line for line in seen)
    assert any("example.com" in line for line in seen)
