"""How soon it answers: `--help` of both command lines, and the page once it is started."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from bench.table import Row

ROOT = Path(__file__).parent.parent
TIMES = 3
PORT = 18951


def rows() -> list[Row]:
    """Measure beside a Python that does nothing, by turns."""
    commands = {"peer": ["-c", ""], "drafter": ["-m", "drafter", "--help"]}
    commands["index"] = ["-m", "index", "--help"]
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(TIMES):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd=ROOT)
            took[name].append(time.perf_counter() - began)
    middle = {name: statistics.median(found) for name, found in took.items()}
    found = [
        Row(
            f"python -m {name} --help",
            f"{middle[name]:.2f} s",
            f"{middle['peer']:.2f} s, Python alone",
            middle["peer"] / middle[name],
            "under 1 s",
        )
        for name in ("drafter", "index")
    ]
    answered = statistics.median(page_answers() for _ in range(TIMES))
    return [*found, Row("page answers after start", f"{answered:.1f} s", "", None, "under 5 s")]


def page_answers() -> float:
    """Return the seconds from the start of app.py, all set up, to the page's first answer."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [sys.executable, "app.py", "--no-browser", "--port", str(PORT)]
        environment = {**os.environ, "DRAFTER_HOME": home}
        began = time.perf_counter()
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while time.perf_counter() - began < 60:
                try:
                    with urlopen(f"http://127.0.0.1:{PORT}/", timeout=5):
                        return time.perf_counter() - began
                except OSError:
                    time.sleep(0.02)
        finally:
            server.terminate()
            server.wait()
    raise SystemExit("the page did not come up within a minute")
