"""Run by Python before anything else where its folder is on PYTHONPATH; never part of the product.

Only the standard library, and only when the environment asks for it.
"""

import ipaddress
import os
import sys
from typing import Any

_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAMES = (
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
)


class Watch:
    """The attempts outward seen so far; `blocking` makes each fail as a cut line does."""

    def __init__(self, file: str | None) -> None:
        self.seen: list[str] = []
        self.blocking = True
        self._file = file
        self._note("watching")

    def hook(self, event: str, said: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            address = said[1]
        elif event in _NAMES:
            address = said[0] if isinstance(said[0], tuple) else (said[0], 0)
        else:
            return
        if not isinstance(address, tuple) or is_local(address[0]):
            return  # a unix socket, or this computer
        self.seen.append(f"{event} {address[0]}:{address[1] if len(address) > 1 else ''}")
        self._note(self.seen[-1])
        if self.blocking:
            raise OSError(101, "no way out of this test")

    def _note(self, line: str) -> None:
        if self._file:
            with open(self._file, "a", encoding="utf-8") as out:  # noqa: PTH123 - nothing imported
                out.write(line + "\n")


def is_local(host: object) -> bool:
    """Say whether a host is this computer by its number, or by a name no server is asked about."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def watch(file: str | None) -> Watch:
    """Begin to watch this process."""
    made = Watch(file)
    sys.addaudithook(made.hook)
    return made


if os.environ.get("DRAFTER_TEST_EGRESS"):
    watch(os.environ["DRAFTER_TEST_EGRESS"])
