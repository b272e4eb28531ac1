"""How long a long document takes to open in a real Chromium: `python -m bench.loading`.

The document of `bench.page` (40 sections, 12,000 characters), served by a process of its own, no
language model. Told for each opening, in milliseconds from the start of the navigation: when the
page's boxes are there, and when the last section shown has its text and the page takes typing; with
the processor time of the browser, which other work on the machine changes less than the clock.
Needs chromium and playwright. The aim is under 2 s on a quiet machine: the load is told too.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from bench.page import long_document
from bench.table import Row
from drafter.ui.showing import POOL
from drafter.workflow import Workspace

SETTLE_SECONDS = 20  # the first start fills the sample library, which is not what is measured
TAG = "drafter-bench-loading"
WATCH = """
localStorage.setItem('drafter-tour', 'done');
setInterval(() => {
  const now = performance.now();
  if (!window.seenBoxes && document.querySelector('#paste textarea')) window.seenBoxes = now;
  const written = [...document.querySelectorAll('.editor textarea')].filter((e) => e.value);
  const ready = written.length >= SHOWN && document.querySelector('#saved .saved');
  if (ready && !window.seenAll) window.seenAll = now;
}, 5);
""".replace("SHOWN", str(POOL))


def serve(home: Path, port: int) -> None:
    """Serve the page on hand-written fakes, until ended."""
    import uvicorn

    from drafter.ui.server import make_app
    from tests.fakes import FakeChat, FakeEmbedder

    desk = Workspace(home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    uvicorn.run(make_app("127.0.0.1", port, desk), port=port, log_level="error")


def spent() -> float:
    """Return the processor seconds the browser's processes have used (Linux)."""
    total, tick = 0.0, os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if TAG not in (folder / "cmdline").read_text():
                continue
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        total += (int(fields[11]) + int(fields[12])) / tick
    return total


def openings(address: str, times: int) -> list[tuple[float, float, float]]:
    """Return (boxes, ready, processor time) of each opening, in ms."""
    from playwright.sync_api import sync_playwright

    took = []
    with sync_playwright() as run:
        browser = run.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                f"--user-agent={TAG}",
            ],
        )
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_init_script(WATCH)
        for _ in range(times):
            before, tab = spent(), context.new_page()
            tab.goto(address)
            tab.wait_for_function("window.seenAll", timeout=60_000)
            boxes, ready = tab.evaluate("[window.seenBoxes, window.seenAll]")
            took.append((boxes, ready, 1000 * (spent() - before)))
            tab.close()
        browser.close()
    return took


def measure(times: int, port: int) -> tuple[list[tuple[float, float, float]], float]:
    """Return the openings of a long document, and the machine's load before them."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        doc = long_document(workspace)
        workspace.close()
        command = [sys.executable, "-m", "bench.loading", "--serve", folder]
        server = subprocess.Popen(
            [*command, "--port", str(port)], env={**os.environ, "DRAFTER_HOME": folder}
        )
        try:
            _wait(f"http://127.0.0.1:{port}")
            time.sleep(SETTLE_SECONDS)
            load = os.getloadavg()[0]
            return openings(f"http://127.0.0.1:{port}/?doc={doc}", times), load
        finally:
            server.terminate()
            server.wait()


def rows(times: int = 5, port: int = 18765) -> list[Row]:
    """Return the line of `make bench`."""
    took, load = measure(times, port)
    middle = statistics.median(ready for _, ready, _ in took)
    slowest = max(ready for _, ready, _ in took)
    note = f"slowest of {times}: {slowest / 1000:.2f} s; load before {load:.1f}"
    what = "page of 40 sections, 12,000 letters, ready to type"
    return [Row(what, f"{middle / 1000:.2f} s", "", None, "under 2 s", note)]


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="openings measured")
    parser.add_argument("--port", type=int, default=18765)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve, asked.port)
        return 0
    took, load = measure(asked.times, asked.port)
    for boxes, ready, cpu in took:
        sys.stdout.write(f"boxes {boxes:.0f} ms, ready {ready:.0f} ms, browser {cpu:.0f} ms CPU\n")
    middle = statistics.median(ready for _, ready, _ in took)
    sys.stdout.write(f"median {middle:.0f} ms; load before {load:.1f}\n")
    return 0


def _wait(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the page did not come up within a minute")


if __name__ == "__main__":
    sys.exit(main())
