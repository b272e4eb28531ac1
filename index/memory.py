"""How much memory this computer has, and how much of it is free."""

import os
import sys
from pathlib import Path


def total_memory() -> int | None:
    """Return the bytes of memory, None where the system does not tell."""
    if sys.platform == "win32":
        return _windows()[0]
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def free_memory() -> int | None:
    """Return the bytes a new program may take without others being pushed out; None: unknown."""
    if sys.platform == "win32":
        return _windows()[1]
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return None
    return None


if sys.platform == "win32":

    def _windows() -> tuple[int, int]:
        import ctypes

        class Status(ctypes.Structure):  # MEMORYSTATUSEX of the Windows API
            _fields_ = (
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                ("total", ctypes.c_ulonglong),
                ("free", ctypes.c_ulonglong),
                *((f"other{n}", ctypes.c_ulonglong) for n in range(5)),
            )

        status = Status(length=ctypes.sizeof(Status))
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return status.total, status.free
