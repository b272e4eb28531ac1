"""Being logged in: a random token in the browser, its hash in `users.db`, two ways of running out.

Source: OWASP Session Management Cheat Sheet: at least 64 bits of randomness (here 256), an idle
and an absolute limit kept by the server. Idle means no key and no pointer: a page left open asks
the server for news all day, and that must not keep its session alive.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from drafter.access.roster import Person, Roster

IDLE_SECONDS = 2 * 3600.0
LIFE_SECONDS = 12 * 3600.0
_TOKEN_BYTES = 32
MOST_OF_ONE = 20  # sessions of one person; the oldest makes room


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody logged in. `key` is the token's hash, which names the session in here only."""

    key: bytes
    person: Person


class Sessions:
    """The sessions of one roster. `now` is the clock, in seconds."""

    def __init__(
        self,
        roster: Roster,
        now: Callable[[], float],
        idle: float = IDLE_SECONDS,
        life: float = LIFE_SECONDS,
    ) -> None:
        self._roster = roster
        self._now = now
        self.idle, self.life = idle, life

    def begin(self, person: Person) -> str:
        """Log somebody in; return the token their browser keeps."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._now()
        self._roster.rows(
            "DELETE FROM sessions WHERE seen_at < ? OR begun_at < ?",
            now - self.idle, now - self.life,
        )  # fmt: skip
        self._roster.rows(
            "DELETE FROM sessions WHERE person = ?1 AND token_sha256 NOT IN (SELECT token_sha256"
            " FROM sessions WHERE person = ?1 ORDER BY begun_at DESC LIMIT ?2)",
            person.id, MOST_OF_ONE - 1,
        )  # fmt: skip
        self._roster.rows(
            "INSERT INTO sessions VALUES (?, ?, ?, ?)", _key(token), person.id, now, now
        )
        return token

    def of(self, token: str) -> Session | None:
        """Return the session of a token, None when it is unknown or has run out."""
        return self.of_key(_key(token)) if token else None

    def of_key(self, key: bytes) -> Session | None:
        """Return a session by its key, None when it has run out."""
        now = self._now()
        found = self._roster.rows(
            "SELECT p.id, p.name, p.owner, p.created_at, s.begun_at, s.seen_at FROM sessions s"
            " JOIN people p ON p.id = s.person AND p.removed_at IS NULL WHERE s.token_sha256 = ?",
            key,
        )
        if not found:
            return None
        number, name, owner, created, begun, seen = found[0]
        # A clock that was set back must not lengthen a session.
        since_begun, since_seen = now - float(str(begun)), now - float(str(seen))
        if not (-60 <= since_begun <= self.life and -60 <= since_seen <= self.idle):
            self.end(key)
            return None
        who = Person(int(str(number)), str(name), bool(owner), float(str(created)))
        return Session(key, who)

    def touch(self, session: Session) -> None:
        """Note that the person is there."""
        self._roster.rows(
            "UPDATE sessions SET seen_at = ? WHERE token_sha256 = ?", self._now(), session.key
        )

    def end(self, key: bytes) -> None:
        """Log out."""
        self._roster.rows("DELETE FROM sessions WHERE token_sha256 = ?", key)


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
