"""The network sockets this process holds now, each named as within this machine or outward.

Read from Linux' /proc (proc(5), /proc/net/tcp): the only place that tells without another program.
Windows and macOS have no such place; there `sockets` returns None, and the page says so.
"""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Where = Literal["listening", "loopback", "incoming", "outward"]
_TABLES = (("tcp", "TCP"), ("tcp6", "TCP"), ("udp", "UDP"), ("udp6", "UDP"))
_LISTEN, _UNCONNECTED = "0A", "07"


@dataclass(frozen=True, slots=True)
class Socket:
    """One socket. `listening` waits for others and sends nothing; `loopback` is with this machine;
    `incoming` is with another one that called here; `outward` is with one this program called."""

    protocol: str
    local: str
    local_port: int
    remote: str
    remote_port: int
    where: Where

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach a listening socket."""
        return self.where == "listening" and not is_own(self.local)


def is_own(address: str) -> bool:
    """Say whether an address is this machine speaking to itself."""
    return _plain(address).is_loopback


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped or parsed


def sockets(proc: Path = Path("/proc/self")) -> tuple[Socket, ...] | None:
    """Return the internet sockets of this process; None where the system does not tell."""
    if not (proc / "net").is_dir() or not (proc / "fd").is_dir():
        return None
    held = set(_held(proc / "fd"))
    rows = [row for name, protocol in _TABLES for row in _rows(proc / "net" / name, protocol, held)]
    listening = {row[2] for row in rows if row[5] == _LISTEN}
    return tuple(_socket(row, listening) for row in rows)


def _held(folder: Path) -> Iterator[str]:
    """Yield what the process' file numbers stand for; one that is closed meanwhile is left out."""
    for entry in folder.iterdir():
        try:
            yield str(entry.readlink())
        except OSError:
            continue


_Row = tuple[str, str, int, str, int, str]


def _rows(table: Path, protocol: str, held: set[str]) -> Iterator[_Row]:
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return
    for line in lines:
        cells = line.split()
        if len(cells) > 9 and f"socket:[{cells[9]}]" in held:
            yield (protocol, *_place(cells[1]), *_place(cells[2]), cells[3])


def _place(text: str) -> tuple[str, int]:
    """Return address and port of "0100007F:1EB4": words of four bytes, each in host order."""
    address, port = text.split(":")
    words = [bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return socket.inet_ntop(family, b"".join(words)), int(port, 16)


def _socket(row: _Row, listening: set[int]) -> Socket:
    protocol, local, local_port, remote, remote_port, state = row
    where: Where
    if state == _LISTEN or (protocol == "UDP" and state == _UNCONNECTED and not remote_port):
        where = "listening"
    elif is_own(remote):
        where = "loopback"
    else:
        where = "incoming" if local_port in listening else "outward"
    return Socket(protocol, local, local_port, remote, remote_port, where)
