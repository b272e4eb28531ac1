"""Labels of points: the short phrase a point of results opens with (“抓实理论学习。”).

Real reports open most points of 成效 so, in parallel form. A small model's own labels are where it
stumbles most (“党员多，组少。”), so they are taken off and, where the exemplars have labels, one is
chosen from a table by the facts' own words (data/labels.toml). Knows nothing of models or prompts.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from drafter.anchors import find_anchors
from drafter.data import load_table
from drafter.types import Fact
from drafter.wording import bigrams

# An opening phrase of at most so many characters before 。or ： is a label, longer ones are text.
LONGEST = 14
_LABEL = re.compile(rf"^([^。；！？：“”《》]{{1,{LONGEST}}})[。：](?=.{{8}})")
_QUOTED_LABEL = re.compile(rf"^([^。；！？：]{{1,{LONGEST}}})。(?=.{{8}})")


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    table = load_table("labels")["label"]
    return tuple((re.compile(entry["find"]), tuple(entry["labels"])) for entry in table)


def label_of(text: str) -> str:
    """Return the label a point opens with, without its mark; "" where it has none."""
    found = _LABEL.match(text) or _QUOTED_LABEL.match(text)
    return found[1] if found else ""


def without_label(text: str) -> str:
    """Return a point without the label it opens with; one that carries an anchor is no label."""
    label = label_of(text)
    return text if not label or find_anchors(label) else text[len(label) + 1 :]


def take_off_label(text: str, facts: Sequence[str]) -> str:
    """Return a written point without the label the model gave it, and nothing of a fact lost.

    A label that says something of the facts which the rest does not is the point's first clause.
    """
    rest = without_label(text)
    if rest == text:
        return text
    only_here = (bigrams(label_of(text)) - bigrams(rest)) & bigrams("".join(facts))
    return f"{label_of(text)}，{rest}" if only_here else rest


def speak_in_labels(points: Sequence[str]) -> bool:
    """Return whether exemplar points open with labels: half of them do, or there are none."""
    return sum(bool(label_of(point)) for point in points) * 2 >= len(points)


def labels_in(text: str) -> tuple[str, ...]:
    """Return the labels of the table that a section's text has."""
    return tuple(label for _, labels in _entries() for label in labels if f"{label}。" in text)


def labels_for(
    groups: Sequence[Sequence[Fact]],
    heading: str = "",
    seed: int = 0,
    used: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return a label for each group of facts, no two with the same verb; () if one has none.

    None repeats the verb or the object of a half of the section's `heading`, and none is one that
    another section has `used` already, as long as there is another for the same thing.

    Labels are all or nothing within a section: parallel form is their whole point. `seed` turns
    among equals, so that a rewritten section may open otherwise.
    """
    halves = [half for half in re.split("[，、]", heading) if half]
    chosen: list[str] = []
    for number, facts in enumerate(groups):
        label = label_for(facts, [*halves, *chosen], seed + number, used)
        if not label:
            return ()
        chosen.append(label)
    return tuple(chosen)


def label_for(
    facts: Sequence[Fact], taken: Sequence[str], turn: int = 0, used: Sequence[str] = ()
) -> str:
    """Return a label for these facts that shares neither verb nor object with one `taken`, or "".

    Of the table's entries the one whose words come first in a fact has it: what a bullet is about
    stands at its head.
    """
    verbs = {label[:2] for label in taken}
    objects = {label[2:] for label in taken}
    for fact in facts:
        found = [
            (match.start(), number, labels)
            for number, (find, labels) in enumerate(_entries())
            if (match := find.search(fact.text))
        ]
        for _, _, labels in sorted(found):
            free = [x for x in labels if x[:2] not in verbs and x[2:] not in objects]
            free = [label for label in free if label not in used] or free
            if free:
                return free[turn % len(free)]
    return ""
