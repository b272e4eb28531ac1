"""The form of a written section set by its exemplars: sentence lengths, labels, 一是…；二是….

A small model writes one short sentence after the other whatever the exemplars do; how they move is
learned here from the exemplars themselves and the marks between sentences are set by it: 。 becomes
， or ； where the grammar allows, never the other way round. No letter is written, taken away or
moved, so whatever is true of the text stays true. Without exemplars nothing is changed.

Which sentences may be joined is said by `drafter.joining`; lengths decide which of those are.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log
from statistics import mean

from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.joining import joining_mark, sentences_of
from drafter.labels import LONGEST as LONGEST_LABEL
from drafter.labels import opening_label
from drafter.wording import ORDINALS, is_series, join_points

# Fewer sentences than these say nothing of a habit.
ENOUGH_SENTENCES = 6
_ENDS = re.compile("[。！？]")
_POINT = re.compile(rf"(?:^|(?<=[。；：！？\n]))(?:{'|'.join(ORDINALS)})", re.MULTILINE)
_LABEL = re.compile(
    rf"({_POINT.pattern}[^，。；！？：“”《》\n]{{2,{LONGEST_LABEL}}})。", re.MULTILINE
)
_OPENING = re.compile(rf"([^。；！？：，“”《》]{{2,{LONGEST_LABEL}}})([。，：])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How exemplars move; lengths in letters, punctuation not counted.

    `sentence` is the mean length of their sentences, `whole` the same with a label counted to the
    sentence after it; `longest` how long a joined one may be: as nine in ten of those are.
    `label_mark` is the mark after a label, `label_body` how much text a
    point has at least whose label is a sentence of its own (their lower quartile). `series_mark`
    ends a point of one sentence before the next one, "" when the exemplars have no such point, and
    `series_body` is how long such a point is at least where it ends in 。.
    `semicolons` is the share of ； among the ends of their clauses ； and sentences. `own_lines`:
    each point of a series begins a line.
    """

    sentence: float
    whole: float
    longest: int
    label_mark: str
    label_body: float
    series_mark: str
    series_body: float
    semicolons: float
    own_lines: bool


def _length(text: str) -> int:
    return len(letters(text)[0])


def learn(exemplars: Sequence[str], ordinals: bool) -> Rhythm | None:
    """Return how sections like these move; None where there are too few sentences to tell.

    `ordinals`: whether the section to be set has 一是/二是, and so which exemplars' openings count.
    """
    joined = [_LABEL.sub(r"\1，", text) for text in exemplars]
    lengths, whole = _lengths(exemplars), _lengths(joined)
    if len(lengths) < ENOUGH_SENTENCES:
        return None
    series = [_points(text) for text in exemplars]
    units = [point for points in series for point in points]
    if not ordinals:
        plain = [text for text, points in zip(exemplars, series, strict=True) if not points]
        units = [line for text in plain for line in text.splitlines() if line.strip()]
    mark, body = _label_habit(units)
    ends, body_before = _series_habit([_points(text) for text in joined])
    stops = sum(len(_ENDS.findall(text)) for text in exemplars)
    semicolons = sum(text.count("；") for text in exemplars)
    return Rhythm(
        sentence=mean(lengths),
        whole=mean(whole),
        longest=min(sorted(whole)[int(0.9 * len(whole))], load_table("rhythm")["longest"]),
        label_mark=mark,
        label_body=body,
        series_mark=ends,
        series_body=body_before,
        semicolons=semicolons / max(1, semicolons + stops),
        own_lines=_line_habit(exemplars),
    )


def _lengths(texts: Sequence[str]) -> list[int]:
    parts = (_POINT.sub("", part) for text in texts for part in re.split("[。！？\n]", text))
    return [length for part in parts if (length := _length(part))]


def _points(text: str) -> list[str]:
    """The points 一是…二是… of a text without their openers, the rest of the last one's line."""
    parts = _POINT.split(text)[1:]
    return [part.strip() for part in parts] if len(parts) > 1 else []


def _label_habit(units: Sequence[str]) -> tuple[str, float]:
    """The mark most labels have, and the lower quartile of what follows those with 。."""
    found = [match for unit in units if (match := _OPENING.match(unit))]
    if not units:
        return "。", 0
    marks = Counter(match[2] for match in found)
    bodies = sorted(_length(match[3]) for match in found if match[2] == "。")
    if 2 * marks["。"] < len(units):
        # “，” also follows a clause that is no label: "：" counts only where it is the rule.
        return ("：" if 2 * marks["："] > len(units) else "，"), 0
    return "。", bodies[len(bodies) // 4]


def _series_habit(series: Sequence[Sequence[str]]) -> tuple[str, float]:
    """How points of one sentence end before the next one; the lower quartile of those with 。."""
    found = [point for points in series for point in points[:-1] if not _ENDS.search(point[:-1])]
    if 2 * sum(point.endswith("；") for point in found) >= len(found) > 0:
        return "；", 0
    bodies = sorted(_length(point) for point in found if point.endswith("。"))
    return ("。", bodies[len(bodies) // 4]) if bodies else ("", 0)


def _line_habit(exemplars: Sequence[str]) -> bool:
    begun = [
        match.start() == 0 or text[match.start() - 1] == "\n"
        for text in exemplars
        for match in list(_POINT.finditer(text))[1:]
    ]
    return bool(begun) and sum(begun) * 2 > len(begun)


def set_form(points: Sequence[str], ordinals: bool, rhythm: Rhythm | None) -> tuple[str, ...]:
    """Return the finished points of a section with the marks between their sentences set.

    Letters, their order and the number of points are those given; a 。 stands or is now ， ； ：.
    Set points stay as they are when set again. Without `rhythm` all stay as they are.
    """
    if rhythm is None or not points or any("\n" in point for point in points):
        return tuple(points)  # the writer's points are one paragraph each; others are not ours
    series = is_series(points, ordinals)
    labelled = _set_labels(points, rhythm)
    shaped = _joined(labelled, series, rhythm)
    if series and _is_one_sentence(shaped, rhythm):
        shaped = [*(point.rstrip("。；") + "；" for point in shaped[:-1]), shaped[-1]]
    return tuple(shaped)


def _set_labels(points: Sequence[str], rhythm: Rhythm) -> list[str]:
    """All labels of a section get one mark: their parallel form is what they are for.

    A label is a sentence of its own before as much text as the exemplars' have; before less it
    would be a stop after every few words, and real reports put ， there (docs/log.md).
    """
    labels = [opening_label(point) for point in points]
    bodies = [_length(p[len(x) + 1 :]) for p, x in zip(points, labels, strict=True) if x]
    mark = rhythm.label_mark
    if mark == "。" and bodies and mean(bodies) < rhythm.label_body:
        mark = "，"
    longest = load_table("rhythm")["longest"]
    if mark != "。" and any(
        _length(sentences_of(point[len(label) + 1 :])[0]) + _length(label) > longest
        for point, label in zip(points, labels, strict=True)
        if label and len(point) > len(label) + 1
    ):
        mark = "。"
    return [
        label + mark + point[len(label) + 1 :] if label and point[len(label)] == "。" else point
        for point, label in zip(points, labels, strict=True)
    ]


@dataclass(slots=True)
class _Flow:
    """The section so far: letters and number of its sentences, the last one, its ； and 。."""

    rhythm: Rhythm
    target: float
    letters: int = 0
    sentences: int = 0
    semicolons: int = 0
    ends: int = 0

    def add(self, sentence: str, mark: str) -> None:
        """Take a sentence in; `mark` joins it to the one before, "" where it stands alone."""
        inside = sentence[:-1].count("；") + (mark == "；")
        self.letters += _length(sentence)
        self.sentences += not mark
        self.semicolons += inside
        self.ends += inside + (not mark)

    def wants(self, sentence: str) -> bool:
        """Whether the mean length of sentences is nearer to the exemplars' with one joined on."""
        total, count = self.letters + _length(sentence), max(1, self.sentences)
        return _nearer(total / count, total / (count + 1), self.target)

    def mark(self, last: str, sentence: str, within: bool) -> str:
        """The mark that joins a sentence to the last one; "" where it begins anew.

        The exemplars' share of ； is kept to, but one is free where they have any.
        """
        if last[-1] in "，；":
            return last[-1]  # joined before
        if not self.wants(sentence) or _length(last) + _length(sentence) > self.rhythm.longest:
            return ""
        allowed = ceil(self.rhythm.semicolons * (self.ends + 1))
        return joining_mark(last, sentence, within, self.semicolons < allowed)


def _joined(points: Sequence[str], series: bool, rhythm: Rhythm) -> list[str]:
    """Join neighbouring sentences from left to right while the section's are too short."""
    stopped = any(opening_label(point) for point in points)
    flow = _Flow(rhythm, rhythm.sentence if stopped else rhythm.whole)
    shaped = [""] * len(points)
    last, place = "", 0  # the sentence that may be joined on to, and the point it ends in
    for number, point in enumerate(points):
        label = opening_label(point)
        for at, sentence in enumerate(sentences_of(point)):
            mark = ""
            # A label that is a sentence of its own is joined to nothing.
            fixed = bool(label) and at < 2 and point[len(label)] == "。"
            if last and not fixed and not (series and at == 0):
                mark = flow.mark(last, sentence, at > 0)
            if mark:
                shaped[place] = shaped[place][:-1] + mark
                last = last[:-1] + mark + sentence
            else:
                last = sentence
            flow.add(sentence, mark)
            shaped[number] += sentence
            place = number
    return shaped


def _is_one_sentence(points: Sequence[str], rhythm: Rhythm) -> bool:
    """Whether a series 一是…；二是… may be one sentence, and the exemplars' would be."""
    bare = [point.rstrip("。；") for point in points]
    total = sum(map(_length, bare))
    usual = rhythm.series_mark == "；"
    if total > (load_table("rhythm")["longest"] if usual else rhythm.longest):
        return False
    if rhythm.series_mark == "。" and total >= len(points) * rhythm.series_body:
        return False
    if any(re.search("[。！？；：\n]", point) or point[-1:] in "”’）》" for point in bare):
        return False
    return usual or _nearer(total, total / len(points), rhythm.whole)


def _nearer(one: float, other: float, target: float) -> bool:
    """Whether a length is nearer to the target than another one, in proportion."""
    return bool(one and other) and abs(log(one / target)) < abs(log(other / target))


def section_text(
    points: Sequence[str], ordinals: bool, rhythm: Rhythm | None, growing: Sequence[str] = ()
) -> str:
    """Return a section's text: its finished points in the exemplars' form, 一是/二是 before them.

    `growing` are points still being written: they stand at the end as they are. Without `rhythm` it
    is `drafter.wording.join_points` of all of them.
    """
    every = [*set_form(points, ordinals, rhythm), *growing]
    if rhythm is None or not rhythm.own_lines or not is_series(every, ordinals):
        return join_points(every, ordinals)
    return "\n".join(mark + point for mark, point in zip(ORDINALS, every, strict=False))
