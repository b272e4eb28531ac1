"""Which Host names and which Origins are ours.

A forged Host is how another site would reach a page on this computer (DNS rebinding); a foreign
Origin is how it would make the browser change something here (CSRF). Source: OWASP CSRF Prevention
Cheat Sheet, Fetch Metadata and verifying origin; W3C Fetch Metadata Request Headers.
"""

import ipaddress
import re
from collections.abc import Sequence

from drafter.access.asgi import Scope, header

LOCAL = ("127.0.0.1", "localhost", "::1")
ANY = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on
_READING = ("GET", "HEAD")
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[\w.-]+))(?::\d{1,5})?", re.ASCII)


def is_local(host: str) -> bool:
    """Say whether an address to listen on is of this computer only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def name_of(host: str | None) -> str:
    """Return the name in a Host header without its port, "" for one that is none."""
    match = _HOST.fullmatch(host or "")
    return (match["six"] or match["name"]).lower() if match else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Hosts:
    """The names a page answers to: this computer's, the address it listens on, and `more`.

    One that listens on every address answers to any number as well: behind a forged name there is
    always a name, never a number.
    """

    def __init__(self, host: str, more: Sequence[str] = ()) -> None:
        self._any_number = host in ANY
        given = (name.lower().strip("[]") for name in (host, *more) if name not in ANY)
        self.names = frozenset((*LOCAL, *given))

    def knows(self, scope: Scope) -> bool:
        """Say whether a request's Host is one of ours."""
        name = name_of(header(scope, "host"))
        return name in self.names or (self._any_number and _is_address(name))


def is_foreign(scope: Scope) -> bool:
    """Say whether another site had the browser send this request.

    Opening our page from a link of another site is no harm; all else from there is refused, also
    reading: it could fill the machine or tell by time what is here. A program that is no browser
    says nothing about its origin, and has no cookie of ours it was not given.
    """
    origin, site = header(scope, "origin"), header(scope, "sec-fetch-site")
    reading = scope.get("method", "GET") in _READING
    if origin is not None and not _same(origin, scope):
        return True
    if site is None or site in ("same-origin", "none"):
        return False
    return not (reading and header(scope, "sec-fetch-mode") == "navigate")


def _same(origin: str, scope: Scope) -> bool:
    scheme = "https" if scope.get("scheme") in ("https", "wss") else "http"
    return origin == f"{scheme}://{header(scope, 'host')}"
