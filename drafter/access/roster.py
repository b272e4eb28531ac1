"""Who may log in, and who is logged in: `users.db`, readable by its owner only.

A database of its own: the drafts of one person must not hold the passwords of all. Of a session's
token only the hash is kept, so that a copy of this file lets nobody in.
"""

import os
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drafter.access.passwords import (
    OWASP,
    Cost,
    check_password,
    hash_password,
    is_outdated,
    of_nobody,
)
from drafter.access.passwords import is_password as _is_password
from drafter.errors import InputError, StoreError
from index.failures import DATABASE_ERRORS, meaning

FILE = "users.db"
# A name is shown, typed and never part of a path.
_NAME = re.compile(r"[\w.\-·]{1,32}")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  owner INTEGER NOT NULL DEFAULT 0,
  created_at REAL NOT NULL,
  removed_at REAL
);
CREATE UNIQUE INDEX IF NOT EXISTS one_of_a_name ON people (name) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS one_owner ON people (owner)
  WHERE owner = 1 AND removed_at IS NULL;
CREATE TABLE IF NOT EXISTS sessions (
  token_sha256 BLOB PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES people (id),
  begun_at REAL NOT NULL,
  seen_at REAL NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in. The `owner` has the documents made before there were people, and
    chooses the model for all; `id` is never given twice."""

    id: int
    name: str
    owner: bool
    created_at: float


class Roster:
    """The people of one home. Every method may be called from any thread.

    Raises StoreError where the file does not play along. `cost` is what a try of a password
    costs; other than OWASP's only in tests.
    """

    def __init__(self, home: Path, cost: Cost = OWASP) -> None:
        self.path = home / FILE
        self._cost = cost
        self._lock = threading.RLock()
        try:
            home.mkdir(parents=True, exist_ok=True)
            # Before SQLite makes it for everybody to read; its journal takes the same rights.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self.path.chmod(0o600)
        except OSError as error:
            raise StoreError(
                f"用户名单打不开：{self.path}（{meaning(error)}）。", "请检查这个文件夹的权限。"
            ) from error
        with self._translated():
            self._db = sqlite3.connect(
                self.path, timeout=10, isolation_level=None, check_same_thread=False
            )
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DATABASE_ERRORS as error:
            raise StoreError(
                f"用户名单读写失败（{meaning(error)}）。", "请检查磁盘和权限；文稿不受影响。"
            ) from error

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Run one statement, as a transaction of its own, and return its rows."""
        with self._lock, self._translated():
            return self._db.execute(query, values).fetchall()

    def people(self) -> tuple[Person, ...]:
        """Return everybody who may log in, in the order they were added."""
        return tuple(_person(row) for row in self.rows(f"{_ALL} ORDER BY id"))

    def person(self, name: str) -> Person:
        """Return the one of this name. Raises InputError when there is none."""
        name = plain_name(name)
        found = self.rows(f"{_ALL} AND name = ?", name)
        if not found:
            raise InputError(f"没有名为“{name}”的用户。", "用 user list 查看有哪些用户。")
        return _person(found[0])

    def add(self, name: str, password: str, now: float, *, owner: bool | None = None) -> Person:
        """Let somebody log in. Raises InputError for a name or a password that will not do.

        The first one ever becomes the owner, later ones only when said so and there is none.
        """
        name = plain_name(name)
        if not _NAME.fullmatch(name):
            raise InputError(
                f"用户名“{name}”不能用。", "请用 1 到 32 个汉字、字母、数字，不要空格和标点。"
            )
        check_password(name, password)
        first = not self.rows("SELECT 1 FROM people LIMIT 1")
        if owner and any(one.owner for one in self.people()):
            raise InputError("已经有管理员了。", "先用 user remove 删除原来的，再指定新的。")
        stored = hash_password(password, self._cost)
        wanted = first if owner is None else owner
        with self._lock:
            if self.rows(f"{_ALL} AND name = ?", name):
                raise InputError(
                    f"已经有名为“{name}”的用户。", "请换一个名字，或用 user password 改密码。"
                )
            self.rows(
                "INSERT INTO people (name, password, owner, created_at) VALUES (?, ?, ?, ?)",
                name, stored, int(wanted), now,
            )  # fmt: skip
        return self.person(name)

    def remove(self, name: str, now: float) -> Person:
        """Let somebody in no more, from this moment on; what they wrote stays where it is."""
        person = self.person(name)
        self.rows("UPDATE people SET removed_at = ?, password = '' WHERE id = ?", now, person.id)
        self.end_sessions(person.id)
        return person

    def set_password(self, name: str, password: str) -> Person:
        """Change a password; everybody logged in with the old one is out."""
        person = self.person(name)
        check_password(name, password)
        stored = hash_password(password, self._cost)
        self.rows("UPDATE people SET password = ? WHERE id = ?", stored, person.id)
        self.end_sessions(person.id)
        return person

    def end_sessions(self, person: int) -> None:
        """Log somebody out everywhere."""
        self.rows("DELETE FROM sessions WHERE person = ?", person)

    def admitted(self, name: str, password: str) -> Person | None:
        """Return who name and password belong to, None for nobody.

        An unknown name takes as long as a wrong password: a hash is compared all the same.
        """
        found = self.rows(
            "SELECT password FROM people WHERE removed_at IS NULL AND name = ?", plain_name(name)
        )
        stored = str(found[0][0]) if found else of_nobody(self._cost)
        right = _is_password(password, stored)
        if not (found and right):
            return None
        person = self.person(name)
        if is_outdated(stored, self._cost):
            again = hash_password(password, self._cost)
            self.rows("UPDATE people SET password = ? WHERE id = ?", again, person.id)
        return person


def plain_name(name: str) -> str:
    """Return a name without what an input method changes: width of letters, spaces around."""
    return unicodedata.normalize("NFKC", name[:64]).strip(" ")


_ALL = "SELECT id, name, owner, created_at FROM people WHERE removed_at IS NULL"


def _person(row: tuple[object, ...]) -> Person:
    number, name, owner, created_at = row
    return Person(int(str(number)), str(name), bool(owner), float(str(created_at)))


def has_people(home: Path) -> bool:
    """Say whether anybody has been let in here; makes no file."""
    if not (home / FILE).exists():
        return False
    roster = Roster(home)
    try:
        return bool(roster.people())
    finally:
        roster.close()
