"""What a target of fuzzing is."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import UserFacingError

Change = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Target:
    """A parser: what it is fed from, how that is changed, and what one run of it is.

    A run returns, or raises UserFacingError with a message and a hint; anything else is a find, and
    so is one that takes longer than `seconds` (of this process, twice over: the machine is shared).
    """

    name: str
    seeds: tuple[bytes, ...]
    change: Change
    run: Callable[[bytes], None]
    seconds: float = 10.0
    share: float = 1.0


def refused_well(error: UserFacingError) -> None:
    """Assert that a refusal says in Chinese what is wrong and what to do."""
    for said in (error.message, error.hint):
        assert said.strip(), "a refusal without words"
        assert any("一" <= character <= "龥" for character in said), said


def run_once(target: Target, data: bytes) -> bool:
    """Run a target; return whether it took the input, False for a refusal in good form."""
    try:
        target.run(data)
    except UserFacingError as error:
        refused_well(error)
        return False
    return True
