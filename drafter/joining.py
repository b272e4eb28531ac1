"""Which two sentences of a report may become one, and with which mark. Pure, by rule.

The words it goes by are data/rhythm.toml; when in doubt two sentences stay two. What this does not
know: grammar. A sentence counts as one without a subject when it opens with a verb of the table. A
comma lets what the first sentence says of time, plan or negation reach into the second, so it is
used only where the first says nothing of that kind.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafter.anchors import find_anchors
from drafter.data import load_table
from drafter.labels import LONGEST, known_label

_SENTENCE = re.compile("[^。！？]*[。！？]+[”’）》]*|[^。！？]+")
_OPEN, _SHUT = "“‘（《", "”’）》"


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text with their marks; one that ends inside quotes runs on."""
    found: list[str] = []
    for part in _SENTENCE.findall(text):
        if found and sum(map(found[-1].count, _OPEN)) > sum(map(found[-1].count, _SHUT)):
            found[-1] += part
        else:
            found.append(part)
    return found


def joining_mark(first: str, second: str, within: bool, semicolon: bool) -> str:
    """Return the mark that joins two sentences, ， or ；; "" where they stay two.

    `first` ends in 。. `within`: both are of one point, so that ， may do; `semicolon`: whether one
    more ； is wanted at all.
    """
    words = _words()
    if not re.fullmatch("[^。！？]+。", first) or re.search("[：；]", first + second):
        return ""  # what follows ： belongs to it, and a second ； tires the reader
    if words.starts.match(second):
        return ""
    labels = [bool(known_label(first)), bool(known_label(second))]
    if any(labels) and not all(labels):
        return ""  # a label speaks for its own sentence: only one with a label too is like it
    if within and not any(labels) and _may_run_on(first, second):
        return "，"
    if "其中" in second or (words.frames.match(first) and not _has_time(second)):
        return ""  # 其中 counts on from the nearest whole, which must not be the first sentence's
    # A few words before ； would be a heading; a plain clause has no need of it (GB/T 15834).
    short = len(re.sub(r"\W", "", first)) <= LONGEST or "，" not in first
    return "；" if semicolon and not short else ""


def _may_run_on(first: str, second: str) -> bool:
    """Whether a comma does: the second goes on with the first (其中……), or both are without a
    subject and nothing of the first reaches into the second."""
    words = _words()
    if words.continues.match(second):
        return True
    tail = first.rstrip("。").rsplit("，", 1)[-1]
    return bool(
        words.verbs.match(tail) and words.verbs.match(second) and not words.reaches.search(first)
    )


def _has_time(sentence: str) -> bool:
    """Whether a sentence opens with a time of its own."""
    return any(anchor.kind == "date" for anchor in find_anchors(re.split("[，。]", sentence)[0]))


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of data/rhythm.toml."""

    continues: re.Pattern[str]
    starts: re.Pattern[str]
    frames: re.Pattern[str]
    reaches: re.Pattern[str]
    verbs: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = load_table("rhythm")
    return _Words(
        continues=re.compile("|".join(table["continues"])),
        starts=re.compile("|".join(table["starts"])),
        frames=re.compile(table["frames"]),
        reaches=re.compile(table["reaches"]),
        verbs=re.compile(table["adverbs"] + "(?:" + "|".join(table["verbs"]) + ")"),
    )
