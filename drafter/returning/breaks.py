"""Lines of a text that were only cut or run together: the words stayed, the breaks moved. Pure.

Such lines are put together on both sides, so that what is told of them is the break alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from drafter.export.changes import Op

_LETTERS = 4  # a shorter beginning says nothing of which lines belong together
_Range = tuple[int, int]  # first, one past the last


@dataclass(frozen=True, slots=True)
class Joined:
    """One line, or several that are compared as one, with the breaks between them."""

    lines: tuple[str, ...]
    breaks: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it is compared by: the lines in a row."""
        return "".join(self.lines)

    @property
    def text(self) -> str:
        """The lines with their breaks."""
        pairs = zip(self.lines, (*self.breaks, ""), strict=True)
        return "".join(line + gap for line, gap in pairs)

    @property
    def ends(self) -> dict[int, str]:
        """The breaks, by how many letters stand before them."""
        return dict(zip(accumulate(map(len, self.lines[:-1])), self.breaks, strict=True))

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where each line begins in the text."""
        sizes = (len(line + gap) for line, gap in zip(self.lines, self.breaks, strict=False))
        return (0, *accumulate(sizes))


def put_together(
    old: Sequence[str], gaps: Sequence[str], new: Sequence[str]
) -> tuple[tuple[Joined, ...], tuple[Joined, ...]]:
    """Return both texts line by line, those together that were only cut or joined.

    `gaps` are the breaks between the old lines (one fewer). A new break at the place of an old one
    is written as that one was.
    """
    groups = _regrouped(old, new)
    olds = _with_groups(old, gaps, [was for was, _ in groups])
    breaks = ["\n"] * (len(new) - 1)
    for was, now in groups:
        ends = Joined(tuple(old[slice(*was)]), tuple(gaps[was[0] : was[1] - 1])).ends
        for at, end in enumerate(accumulate(map(len, new[now[0] : now[1] - 1])), now[0]):
            breaks[at] = ends.get(end, "\n")
    return olds, _with_groups(new, breaks, [now for _, now in groups])


def _with_groups(
    lines: Sequence[str], breaks: Sequence[str], groups: Sequence[_Range]
) -> tuple[Joined, ...]:
    ends = dict(groups)
    made, at = [], 0
    while at < len(lines):
        end = ends.get(at, at + 1)
        made.append(Joined(tuple(lines[at:end]), tuple(breaks[at : end - 1])))
        at = end
    return tuple(made)


def pieces_between(old: Joined, new: Joined) -> Iterator[tuple[Op, str]]:
    """Yield what leads from one to another with the same words: breaks that go and come."""
    was, now, at = old.ends, new.ends, 0
    for end in sorted({*was, *now}):
        yield "=", old.words[at:end]
        if end in was:
            yield "=" if end in now else "-", was[end]
        else:
            yield "+", now[end]
        at = end
    yield "=", old.words[at:]


def _regrouped(old: Sequence[str], new: Sequence[str]) -> list[tuple[_Range, _Range]]:
    """Return which lines were cut or joined and nothing else was changed, in the new order.

    A line that stands whole in both texts is never one of them.
    """
    kept = set(old) & set(new)
    free = {i for i, line in enumerate(old) if line not in kept}
    found: list[tuple[_Range, _Range]] = []
    k = 0
    while k < len(new):
        groups = (_group(old, new, i, k, kept) for i in sorted(free) if new[k] not in kept)
        group = next((group for group in groups if group), None)
        if group:
            found.append(group)
            free -= set(range(*group[0]))
        k = group[1][1] if group else k + 1
    return found


def _group(
    old: Sequence[str], new: Sequence[str], i: int, k: int, kept: set[str]
) -> tuple[_Range, _Range] | None:
    """Return the group that begins with these two lines, None where their words part."""
    was, now, i_end, k_end = old[i], new[k], i + 1, k + 1
    if min(len(was), len(now)) < _LETTERS:
        return None
    while was != now:
        if now.startswith(was) and i_end < len(old) and old[i_end] not in kept:
            was, i_end = was + old[i_end], i_end + 1
        elif was.startswith(now) and k_end < len(new) and new[k_end] not in kept:
            now, k_end = now + new[k_end], k_end + 1
        else:
            return None
    return (i, i_end), (k, k_end)
