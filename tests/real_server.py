"""A real llama.cpp server in a process of its own, which can be killed and started again.

Run as `python -m tests.real_server MODEL PORT KEY SLOTS CONTEXT MOST THREADS`; it says one line
when it answers.
"""

import http.client
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CONTEXT = 4096  # tokens of each slot


class RealServer:
    """One address, and the server that listens there while it is up."""

    def __init__(
        self,
        model: Path,
        key: str = "",
        slots: int = 1,
        most: int = -1,
        threads: int = 1,
        niceness: int = 0,
    ) -> None:
        """`most` tokens a reply, -1 for no bound but what is asked for; `niceness` as of nice(1).

        One thread is most for a tiny model: several that wait for each other waste a busy machine.
        """
        self.model, self.key, self.slots, self.most = model, key, slots, most
        self.threads, self.niceness = threads, niceness
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        numbers = (self.slots, CONTEXT, self.most, self.threads)
        words = [str(self.model), str(self.port), self.key, *map(str, numbers)]
        self._process = subprocess.Popen(
            [*self._politely(), sys.executable, "-m", "tests.real_server", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert "listening" in self._process.stdout.readline(), "the server did not start"

    def _politely(self) -> list[str]:
        return ["nice", "-n", str(self.niceness)] if self.niceness else []

    def kill(self) -> None:
        """End it at once, as a crash or a lack of memory would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def signal(self, number: int) -> None:
        """Send it a signal: to stand still, to go on."""
        assert self._process is not None
        self._process.send_signal(number)

    def ask(self, path: str) -> Any:
        """Return what it says at a path of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
        answer = json.loads(line.getresponse().read())
        line.close()
        return answer

    def busy(self) -> int:
        """Return how many replies it is making now."""
        return sum(bool(slot["is_processing"]) for slot in self.ask("/slots"))


@contextmanager
def real_server(
    model: Path,
    key: str = "",
    slots: int = 1,
    most: int = -1,
    threads: int = 1,
    niceness: int = 0,
) -> Iterator[RealServer]:
    """Run a server for the length of a `with` block."""
    server = RealServer(model, key, slots, most, threads, niceness)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def main() -> None:
    import xllamacpp

    path, port, key, slots, context, most, threads = sys.argv[1:8]
    params = xllamacpp.CommonParams()
    params.verbosity = 0
    params.model.path = path
    params.model_alias = {Path(path).stem}
    params.n_ctx = int(context) * int(slots)
    params.n_parallel = int(slots)
    params.n_predict = int(most)
    params.kv_unified = False
    params.cpuparams.n_threads = int(threads)
    params.fit_params = False
    params.hostnames = ["127.0.0.1"]
    params.port = int(port)
    params.api_keys = [key] if key else []
    params.ui = False
    params.endpoint_slots = True
    server = xllamacpp.Server(params)
    sys.stdout.write(f"listening at {server.listening_address}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
