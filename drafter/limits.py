"""What a faithful reply may contain, told to the engine before it writes (drafter.types.Limits).

Two limits can be told letter by letter: no digits but those of the facts, and no long run of an
exemplar. Whether a number stands beside the right noun, and numbers in Chinese numerals, this does
not know: the checks decide there.

A number here is a run of digits with the single points or commas between them ("1.8", "2024.3.15",
"1,200"); full-width digits count as half-width, the comma ， joins nothing. Letters are counted as
drafter/checks does: punctuation and space skipped, half-width, lower case.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from drafter.checks.exemplar_leak import RUN
from drafter.checks.passages import covered, formula_letters, letters
from drafter.numbers import Quantity, find_quantities
from drafter.numerals import format_number, narrow, parse_number
from drafter.types import Fact, Limits

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_DIGITS, JOINERS = "0123456789", ".,"
# Not `narrow`: that makes ， a comma, and 12，30 is two numbers.
_HALF = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF0E: 0x2E}
_LARGE = (Decimal(10_000), Decimal(100_000_000))


def limits_for(
    facts: Sequence[Fact],
    exemplars: Sequence[str],
    year: int | None,
    titles: Sequence[str] = (),
) -> Limits:
    """Return what a reply written from `facts` beside `exemplars` may contain.

    `titles` are other texts the reply may repeat (the report's title). Every number of the facts
    is allowed in each of its writings (十二次 as 12次, 1.8万元 as 18000元), and so is `year`.
    Published formulas (data/formulas.toml) may be repeated: they are cut out of the exemplars.
    """
    own = (*(fact.text for fact in facts), *titles)
    numbers = {str(year)} if year else set()
    for text in own:
        numbers.update(_NUMBER.findall(text.translate(_HALF)))
        for quantity in find_quantities(text):
            numbers.update(_writings(quantity))
    parts = tuple(part for exemplar in exemplars for part in _without_formulas(exemplar))
    return Limits(tuple(sorted(numbers)), parts, own, RUN)


def _writings(quantity: Quantity) -> Iterator[str]:
    """Yield a number's digits in every usual writing; for a date those of its parts."""
    if quantity.kind in ("date", "year", "time"):
        yield from re.findall("[0-9]+", quantity.text.translate(_HALF))
        # "2024-03-15", "*-Q3", "2024~2026", "9:30"; the 1 of H1 (上半年) is nobody's digit.
        for part in re.findall(r"(?<!H)[0-9]+", quantity.form):
            yield from (part, part.lstrip("0") or "0")
        return
    if quantity.kind == "fraction":
        values = [parse_number(part) for part in quantity.form.split("/")]
    else:
        values = [quantity.value, quantity.upper]
    for value in values:
        if value is None:
            continue
        yield format_number(value)
        yield from (format_number(value / large) for large in _LARGE if value >= large)


def _without_formulas(exemplar: str) -> tuple[str, ...]:
    """The letters of an exemplar between the published formulas, in parts that could be copied."""
    bare = letters(exemplar)[0]
    flags = covered(bare, formula_letters())
    open_runs = "".join(" " if flag else char for char, flag in zip(bare, flags, strict=True))
    return tuple(part for part in open_runs.split() if len(part) >= RUN)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply has got to: the number it is in the middle of ("" in none), its last letters.

    `number` may end in a point or comma that is part of it only if a digit follows.
    """

    number: str = ""
    letters: str = ""


START = Place()


@dataclass(frozen=True, slots=True)
class Guard:
    """Limits made ready to be asked about every letter of a reply. Made by `guard_for`.

    `beginnings` are the numbers and all that begins one; `runs` the letters that may not follow
    each other, `run` of them each.
    """

    numbers: frozenset[str]
    beginnings: frozenset[str]
    runs: frozenset[str]
    run: int

    def after(self, place: Place, text: str) -> Place | None:
        """Return where `text` leads from `place`; None where it breaks a limit.

        A number at the very end may be unfinished: ask `complete` before ending a reply there.
        """
        number, tail = place.number, place.letters
        for char in text.translate(_HALF):
            if char in _DIGITS:
                number += char
                if number not in self.beginnings:
                    return None
            elif number:
                if char in JOINERS and number[-1] not in JOINERS:
                    number += char
                    if not self._may_stand(number):
                        return None
                elif self._finished(number):
                    number = ""
                else:
                    return None
            for letter in narrow(char).lower():
                if not letter.isalnum():
                    continue
                tail = (tail + letter)[-self.run :]
                if tail in self.runs:
                    return None
        return Place(number, tail)

    def complete(self, place: Place) -> bool:
        """Tell whether a reply may end at `place`."""
        return not place.number or self._finished(place.number)

    def _finished(self, number: str) -> bool:
        return number.rstrip(JOINERS) in self.numbers

    def _may_stand(self, number: str) -> bool:
        return number in self.beginnings or self._finished(number)


@lru_cache(maxsize=8)
def guard_for(limits: Limits) -> Guard:
    """Return the guard of these limits; the last few are remembered."""
    numbers = frozenset(number.translate(_HALF) for number in limits.numbers)
    beginnings = {number[:end] for number in numbers for end in range(1, len(number) + 1)}
    runs = _runs(limits.exemplars, limits.run) - _runs(limits.own, limits.run)
    return Guard(numbers, frozenset(beginnings), runs, limits.run)


def _runs(texts: Sequence[str], run: int) -> frozenset[str]:
    bare = [letters(text)[0] for text in texts]
    return frozenset(b[at : at + run] for b in bare for at in range(len(b) - run + 1))


def admits(limits: Limits, text: str, *, ended: bool = True) -> bool:
    """Tell whether `text` keeps to the limits; with `ended` False, whether it still may.

    Every beginning of an admitted text is admitted with `ended` False; a text is refused from the
    first letter on that breaks a limit.
    """
    guard = guard_for(limits)
    place = guard.after(START, text)
    return place is not None and (not ended or guard.complete(place))
