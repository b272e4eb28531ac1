"""Processes of ours that start others: how to end all of them."""

import contextlib
import os
import signal
import subprocess
import sys


def end_all(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all it started, so that none outlives its caller; then wait for it.

    It must have been started with `start_new_session=True`.
    """
    if sys.platform == "win32":
        if process.poll() is None:
            tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
    else:
        # Nothing of the group may be left; macOS says so by a refusal.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()
