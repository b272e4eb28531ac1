"""Passwords: what one must be like, how it is stored, how one is compared.

Source of the figures: OWASP Password Storage Cheat Sheet (2025), scrypt: N=2^17, r=8, p=1, which
takes 128 MiB and some tenths of a second a try. The parameters stand beside every hash, so that
they can be raised later without anybody's password being lost.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from drafter.errors import InputError

# NIST SP 800-63B: length counts, not kinds of characters; long pass phrases must be let in.
SHORTEST, LONGEST = 10, 128
FEWEST_DIFFERENT = 5
_SALT_BYTES, _HASH_BYTES = 16, 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: scrypt's N, r and p. Memory is 128·N·r bytes."""

    n: int = 1 << 17
    r: int = 8
    p: int = 1

    @property
    def memory(self) -> int:
        """The most bytes OpenSSL may take, with room for its own bookkeeping."""
        return 128 * self.r * (self.n + self.p) + (1 << 20)


OWASP = Cost()


def check_password(name: str, password: str) -> None:
    """Raise InputError for a password that is too easily guessed."""
    if len(password) < SHORTEST:
        raise InputError(f"密码太短，至少要 {SHORTEST} 个字符。", "可以用一句自己记得住的话。")
    if len(password) > LONGEST:
        raise InputError(f"密码太长，最多 {LONGEST} 个字符。", "请缩短后再试。")
    if len(set(password)) < FEWEST_DIFFERENT or password in _runs():
        raise InputError("密码太简单，几下就能猜中。", "不要用重复或连续的字符。")
    if name.lower() in password.lower() and len(password) - len(name) < SHORTEST:
        raise InputError("密码里带着用户名，容易猜中。", "请换一个与用户名无关的密码。")


def _runs() -> frozenset[str]:
    rows = ("12345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    both = [*rows, *(row[::-1] for row in rows)]
    return frozenset(
        row[a:b] for row in both for a in range(len(row)) for b in range(a + SHORTEST, len(row) + 1)
    )


def hash_password(password: str, cost: Cost = OWASP) -> str:
    """Return what is stored of a password: "scrypt$N$r$p$salt$hash".

    Full-width letters are the same as others: an input method may be on or off (NFKC, as NIST
    SP 800-63B asks).
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    made = _scrypt(password, salt, cost)
    coded = "$".join(base64.b64encode(part).decode() for part in (salt, made))
    return f"scrypt${cost.n}${cost.r}${cost.p}${coded}"


def is_password(password: str, stored: str) -> bool:
    """Say whether a password is the stored one; takes as long when it is not."""
    kind, n, r, p, salt, made = stored.split("$")
    if kind != "scrypt":
        return False
    cost = Cost(int(n), int(r), int(p))
    tried = _scrypt(password, base64.b64decode(salt), cost)
    return hmac.compare_digest(tried, base64.b64decode(made))


def of_nobody(cost: Cost = OWASP) -> str:
    """Return a stored password that none is, and that takes as long to compare as any."""
    coded = "$".join(base64.b64encode(bytes(size)).decode() for size in (_SALT_BYTES, _HASH_BYTES))
    return f"scrypt${cost.n}${cost.r}${cost.p}${coded}"


def is_outdated(stored: str, cost: Cost = OWASP) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return not stored.startswith(f"scrypt${cost.n}${cost.r}${cost.p}$")


def _scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    return hashlib.scrypt(
        unicodedata.normalize("NFKC", password).encode("utf-8", "replace"),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=cost.memory,
        dklen=_HASH_BYTES,
    )
