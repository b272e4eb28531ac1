"""What a template puts around a report: its own lines, which are no edit of the report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from drafter.returning.types import EditedText, Line


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The lines a template has before the report and after it, without white space at their ends
    and without empty ones."""

    ahead: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


def without_surroundings(edited: EditedText, known: Iterable[Surroundings]) -> EditedText:
    """Return a file without the lines of the template it was written with, at each end.

    An end that somebody changed or commented on is left whole.
    """
    lines, known = edited.lines, tuple(known)
    ahead = max((len(k.ahead) for k in known if _are(lines[: len(k.ahead)], k.ahead)), default=0)
    lines = lines[ahead:]
    ends = (len(k.behind) for k in known if _are(lines[len(lines) - len(k.behind) :], k.behind))
    behind = max(ends, default=0)
    kept = lines[: len(lines) - behind]
    return replace(edited, lines=kept) if kept else edited


def _are(lines: Sequence[Line], texts: tuple[str, ...]) -> bool:
    untouched = not any(line.tracked or line.comments or line.before for line in lines)
    return untouched and tuple(line.text for line in lines) == texts
