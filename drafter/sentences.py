"""The sentences of a section as a person counts them: each without its ordinal (一是, 第一，).

Pure. A sentence is named by its words, never by its ordinal: that is set anew whenever what stands
before it changes.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from drafter.checks.passages import sentence_spans
from drafter.tracing import Sentence
from drafter.wording import LABEL_LENGTH

_DIGITS = "一二三四五六七八九"
_NUMERAL = f"[{_DIGITS}十]{{1,3}}"
# How points are counted in official documents: what an opener looks like, and how one is written.
_FAMILIES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(f"(?P<n>{_NUMERAL})是"), "{}是"),
    (re.compile(f"(?P<n>{_NUMERAL})要"), "{}要"),
    (re.compile(f"第(?P<n>{_NUMERAL})，"), "第{}，"),
    (re.compile(f"（(?P<n>{_NUMERAL})）"), "（{}）"),
)
USUAL = _FAMILIES[0][1]
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Bare:
    """A sentence without its opener: `start:end` into the text, what stands before it (space and
    opener), the form of its ordinal ("" for none) and the ordinal's number."""

    start: int
    end: int
    text: str
    space: str
    family: str
    number: int


def numeral(number: int) -> str:
    """Return 1–99 in Chinese."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens - 1]) + "十" if tens else ""
    return ten + (_DIGITS[ones - 1] if ones else "")


def _value(text: str) -> int:
    before, ten, after = text.rpartition("十")
    if not ten:
        return _DIGITS.find(text[-1]) + 1
    return 10 * (_DIGITS.find(before) + 1 if before else 1) + (
        _DIGITS.find(after) + 1 if after else 0
    )


def bare_sentences(text: str) -> tuple[Bare, ...]:
    """Return the sentences of `text` (as `sentence_spans` cuts them), each without its opener."""
    found = []
    for start, end in sentence_spans(text):
        at, space, family, number = start, "", "", 0
        while at < end:
            blank = _SPACE.match(text, at, end)
            if blank:
                space += blank[0]
                at = blank.end()
                continue
            opener = next(
                ((m, form) for find, form in _FAMILIES if (m := find.match(text, at, end))), None
            )
            if opener is None or not _WORD.search(text, opener[0].end(), end):
                break
            family, number = opener[1], _value(opener[0]["n"])
            at = opener[0].end()
        found.append(Bare(at, end, text[at:end], space, family, number))
    return tuple(found)


def bare_at(text: str, at: int) -> Bare | None:
    """Return the sentence of that number; None where there is none or it has no words."""
    sentences = bare_sentences(text)
    ok = 0 <= at < len(sentences) and _WORD.search(sentences[at].text)
    return sentences[at] if ok else None


def present(text: str, locked: Collection[str]) -> tuple[str, ...]:
    """Return the locked sentences that stand in `text`, in its order."""
    return tuple(bare.text for bare in bare_sentences(text) if bare.text in locked)


def point_of(text: str, at: int, sentences: Sequence[Sentence]) -> tuple[int, int]:
    """Return the span of the point that sentence `at` belongs to, without its opener.

    Where points are counted, from one opener to the next; elsewhere the neighbouring sentences that
    tell the same facts, with the short label before them. A point never goes beyond its paragraph.
    """
    bare = bare_sentences(text)
    first = last = at
    if sum(bool(one.family) for one in bare) >= 2 and any(one.family for one in bare[: at + 1]):
        while not bare[first].family and _same_line(text, bare[first - 1], bare[first]):
            first -= 1
        while last + 1 < len(bare) and not bare[last + 1].family:
            if not _same_line(text, bare[last], bare[last + 1]):
                break
            last += 1
    else:
        own = set(sentences[at].fact_ids)
        while first and own & set(sentences[first - 1].fact_ids):
            first -= 1
        while last + 1 < len(bare) and own & set(sentences[last + 1].fact_ids):
            last += 1
        if first and is_label(bare[first - 1], sentences[first - 1]):
            first -= 1
    return bare[first].start, bare[last].end


def _same_line(text: str, one: Bare, following: Bare) -> bool:
    return "\n" not in text[one.end : following.start]


def is_label(bare: Bare, sentence: Sentence) -> bool:
    """Return whether a sentence is the short phrase a point opens with: it tells no fact."""
    return not sentence.fact_ids and len(bare.text) <= LABEL_LENGTH + 1


def renumbered(text: str, family: str = USUAL) -> str:
    """Return `text` with its ordinals of one form counted anew; nothing else is touched."""
    parts, position, number = [], 0, 0
    for one in bare_sentences(text):
        old = family.format(numeral(one.number))
        at = one.start - len(old)
        if one.family == family and text[at : one.start] == old:
            number += 1
            parts += [text[position:at], family.format(numeral(number))]
            position = one.start
    return "".join(parts) + text[position:]
