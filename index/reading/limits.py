"""What the bounded process may use: memory, time, size of files. Where a system has such limits.

Linux holds them all; macOS does not hold memory; Windows has none of them, there the caller's clock
alone ends a process that takes too long.
"""

import sys

MEMORY = 800 * 1024 * 1024  # bytes of data; well under 1 GB with the program itself
ADDRESSES = 3 * 1024 * 1024 * 1024  # where data are not counted: libraries map much they never use
CPU_SECONDS = 120
FILE_BYTES = 300 * 1024 * 1024  # what LibreOffice may write
ALARM_SECONDS = 180  # the end of a process whose caller has gone


def limit_process() -> None:
    """Set the limits of this process and its children."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    wanted = (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        _lower(kind, most, most)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    _lower(resource.RLIMIT_AS, ADDRESSES, hard)  # soft only: LibreOffice needs more
    signal.alarm(ALARM_SECONDS)


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit, never above one that is there already; some systems refuse some limits."""
    if sys.platform == "win32":
        return
    import resource

    _, now = resource.getrlimit(kind)
    if now != resource.RLIM_INFINITY:
        soft = min(soft, now)
        hard = now if hard == resource.RLIM_INFINITY else min(hard, now)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):
        return
