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
_SHORT_SENTENCE = re.compile(rf"^([^，。；！？：“”《》]{{2,{LONGEST}}})。(?=.{{8}})")
_OPENED = re.compile(rf"^([^，。；！？：“”《》]{{2,{LONGEST}}})[，。：]")
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

    A label that says something of the facts which the rest does not is the point's first clause:
    “‘双培养’往实里做。把3名骨干列为对象。” loses its full stop only where a fact says 双培养.
    """
    label = label_of(text)
    if not label:
        return text
    mark, rest, told = text[len(label)], text[len(label) + 1 :], "".join(facts)
    if _tells(label, rest, told):
        return f"{label}{mark if mark == '：' else '，'}{rest}"
    only_here = (bigrams(label) - bigrams(rest)) & bigrams(told)
    return f"{label}，{rest}" if only_here else rest


def _tells(label: str, rest: str, told: str) -> bool:
    """Whether a label has an anchor of the facts that the rest lacks; a number or date always
    counts, since it may be written otherwise there."""
    for anchor in find_anchors(label):
        words = _bare(anchor.text)
        named = anchor.kind in ("name", "title")
        if not named or (words in _bare(told) and words not in _bare(rest)):
            return True
    return False


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def opening_label(text: str) -> str:
    """Return the short sentence a point opens with, without its 。; "" where it has none.

    One that holds a comma, a quotation or an anchor tells something and is no label.
    """
    found = _SHORT_SENTENCE.match(text)
    return found[1] if found and not find_anchors(found[1]) else ""


def known_label(text: str) -> str:
    """Return the label of the table that a text opens with, whatever mark follows, or ""."""
    found = _OPENED.match(text)
    return found[1] if found and found[1] in _known() else ""


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(label for _, labels in _entries() for label in labels)


def speak_in_labels(points: Sequence[str]) -> bool:
    """Return whether exemplar points open with labels: half of them do, or there are none."""
    return sum(bool(label_of(point)) for point in points) * 2 >= len(points)


def labels_in(text: str) -> tuple[str, ...]:
    """Return the labels of the table that a section's text has, whatever mark they end with."""
    return tuple(
        label
        for _, labels in _entries()
        for label in labels
        if any(f"{label}{mark}" in text for mark in "。，：")
    )


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
    chosen: list[str] = []
    for number, facts in enumerate(groups):
        label = label_for(facts, [*halves_of(heading), *chosen], seed + number, used)
        if not label:
            return ()
        chosen.append(label)
    return tuple(chosen)


def halves_of(heading: str) -> list[str]:
    """Return the halves of a heading, whose words no label below it says again."""
    return [half for half in re.split("[，、]", heading) if half]


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
            # “打造党建品牌，打造……”: the fact's own verb is not said twice where there is another.
            free = [label for label in free if label[:2] not in fact.text] or free
            if free:
                return free[turn % len(free)]
    return ""
