"""What a section and an exemplar have in common: patterns of sentences, and runs of wording.

A pattern (一是…二是…, 坚持把…作为…, a label at the head of a point, a heading in halves) is what an
exemplar is there for; a run of wording is what should not be carried over. Pure: text in, spans
out. The patterns are data (data/patterns.toml); what is nobody's wording the checks know.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from drafter.checks.copying import own_letters
from drafter.data import load_table
from drafter.labels import label_of

RUN = 8
"""Letters in a row from which shared wording is shown, all of them nobody else's."""
# The words between the fixed parts of a form: never across a mark of punctuation.
_GAP = r"[^，。；！？：、\n]{1,24}?"
_POINT = re.compile(
    r"(?:^|(?<=[。；！？：\n]))[ 　]*(?:[一二三四五六七八九十]是(?:要)?[，：]?)?", re.M
)
_START = r"(?:^|(?<=[。；！？：\n])|(?<=[一二三四五六七八九十]是))[ 　]*"
_END = r"(?=[，。；！？\n]|$)"
_LABELS = "点题短句领起"
_HALVES = "标题分两句、前后对仗"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern two texts share: what it is called, and its fixed words in one and the other."""

    name: str
    here: tuple[Span, ...]
    there: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts share. `copied` are runs of wording, in the first text and in the second."""

    patterns: tuple[Pattern, ...]
    copied_here: tuple[Span, ...]
    copied_there: tuple[Span, ...]

    @property
    def patterns_here(self) -> tuple[Span, ...]:
        """The patterns' words in the first text, in order."""
        return tuple(sorted(span for pattern in self.patterns for span in pattern.here))

    @property
    def patterns_there(self) -> tuple[Span, ...]:
        """The patterns' words in the second text, in order."""
        return tuple(sorted(span for pattern in self.patterns for span in pattern.there))


@lru_cache(maxsize=256)
def compare(text: str, other: str, own: tuple[str, ...] = ()) -> Likeness:
    """Return what `text` and `other` share.

    `own`: texts whose wording is not copied whoever has it too, the facts `text` rests on.
    """
    here, there = _found(text), _found(other)
    patterns = tuple(Pattern(name, here[name], there[name]) for name in here if name in there)
    return Likeness(patterns, *_copied(text, other, own))


def parallel(heading: str, other: str) -> str:
    """Return what the pattern of two headings is called, "" where they share none: both are in
    two halves or more, of one length each."""
    return _HALVES if _shape(heading) > 1 and _shape(heading) == _shape(other) else ""


def _shape(heading: str) -> int:
    """Return of how many even parts a heading is made, 1 where it is not."""
    parts = [part for part in re.split("[，、 　]", heading.strip()) if part]
    lengths = {len(part) for part in parts}
    return len(parts) if len(parts) > 1 and max(lengths) - min(lengths) <= 2 else 1


@lru_cache(maxsize=512)
def _found(text: str) -> dict[str, tuple[Span, ...]]:
    """Return the patterns of a text by name: the spans of their fixed words."""
    found: dict[str, tuple[Span, ...]] = {}
    for name, find in _series():
        spans = tuple(match.span("mark") for match in find.finditer(text))
        if len(spans) > 1:
            found[name] = spans
    labels = tuple(_labels(text))
    if labels:
        found[_LABELS] = labels
    for name, forms in _frames():
        spans = tuple(_apart(span for form in forms for span in _fixed(form, text)))
        if spans:
            found[name] = spans
    return found


def _labels(text: str) -> Iterable[Span]:
    """Yield where a point opens with a label: 抓实理论学习。 or 抓实理论学习：."""
    for match in _POINT.finditer(text):
        label = label_of(text[match.end() :].partition("\n")[0])
        if label and "，" not in label and len(label) >= 4:
            yield match.end(), match.end() + len(label) + 1


def _fixed(form: re.Pattern[str], text: str) -> Iterable[Span]:
    for match in form.finditer(text):
        yield from (match.span(group) for group in range(1, form.groups + 1))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Return the spans that do not overlap, longer ones before shorter, in order."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return sorted(kept)


@lru_cache(maxsize=1)
def _series() -> tuple[tuple[str, re.Pattern[str]], ...]:
    before = r"(?:^|(?<=[。；！？：，、\n]))[ 　]*"
    return tuple(
        (entry["name"], re.compile(f"{before}(?P<mark>{entry['find']})", re.M))
        for entry in load_table("patterns")["series"]
    )


@lru_cache(maxsize=1)
def _frames() -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (entry["name"], tuple(_form(form, entry.get("at", "")) for form in entry["forms"]))
        for entry in load_table("patterns")["frame"]
    )


def _form(form: str, at: str) -> re.Pattern[str]:
    parts = [f"({re.escape(part)})" for part in form.split("…") if part]
    before, after = (_START if at == "start" else ""), (_END if at == "end" else "")
    return re.compile(before + _GAP.join(parts) + after, re.M)


def _copied(
    text: str, other: str, own: tuple[str, ...]
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return runs of RUN letters and more that both texts have, formulas and `own` taken off."""
    bare, offsets, free = own_letters(text, own)
    beside, places, _ = own_letters(other, own)
    known = {beside[at : at + RUN] for at in range(len(beside) - RUN + 1)}
    kept: set[str] = set()
    here: list[Span] = []
    for start, end in _runs(bare, known):
        while start < end and not free[start]:
            start += 1
        while start < end and not free[end - 1]:
            end -= 1
        if sum(free[start:end]) >= RUN:
            here.append((offsets[start], offsets[end - 1] + 1))
            kept.update(bare[at : at + RUN] for at in range(start, end - RUN + 1))
    there = [(places[start], places[end - 1] + 1) for start, end in _runs(beside, kept)]
    return tuple(here), tuple(there)


def _runs(bare: str, grams: set[str]) -> list[Span]:
    """Return the stretches of letters covered by these runs of RUN letters."""
    found: list[Span] = []
    for at in range(len(bare) - RUN + 1):
        if bare[at : at + RUN] in grams:
            if found and at <= found[-1][1]:
                found[-1] = (found[-1][0], at + RUN)
            else:
                found.append((at, at + RUN))
    return found
