"""A section written anew around sentences that stay. Pure text in, text out.

The old text is a row of sentences. Some stay byte for byte; between them lie gaps, each with the
facts whose new text goes there, so that what stood before a kept sentence stands before it again.
Ordinals (一是、二是…) are never part of a kept sentence: they are set anew around it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from drafter.anchors import missing_anchors
from drafter.sentences import USUAL, Bare, bare_sentences, is_label, numeral
from drafter.tracing import Sentence
from drafter.types import Fact

_ENDED = re.compile("[。；;！？!?][”」』）)]*$|\n$")


@dataclass(frozen=True, slots=True)
class Kept:
    """Text that stays. `before` and `after` are the spaces around it in the old text; `opens` says
    whether it begins a point, `series` which row of ordinals it belongs to; `joined` that nothing
    stood between it and the kept text before it."""

    text: str
    before: str
    after: str
    opens: bool
    series: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Weave:
    """Kept texts with the facts to be written before, between and after them.

    `gaps` has one entry more than `kept`. `told` are the facts that the kept texts tell already.
    `head` and `tail` are laid around the whole as they are; `mark` is how new text must end there.
    """

    kept: tuple[Kept, ...]
    gaps: tuple[tuple[str, ...], ...]
    told: tuple[str, ...]
    ordinals: bool
    family: str = USUAL
    head: str = ""
    tail: str = ""
    mark: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts still to be written, in order."""
        return tuple(fact for gap in self.gaps for fact in gap)

    def counted(self, ordinals: bool) -> "Weave":
        """Return the weave with points counted or not, where nothing that stays decides it."""
        free = not self.kept and not self.head and not self.tail
        return replace(self, ordinals=ordinals) if free else self

    def compose(self, texts: Mapping[int, str]) -> str:
        """Return the section with the texts of the gaps (by their place) put in.

        Whatever the texts are, every kept sentence is a sentence of the result, in the old order.
        """
        wanted = [kept.text for kept in self.kept]
        tries: tuple[tuple[bool, str], ...] = ((True, ""), (True, "\n"), (False, "\n"))
        woven = ""
        for openers, apart in tries:
            inner = _compose(self, texts, openers, apart)
            if self.mark and texts.get(len(self.kept)) and inner.endswith("。"):
                inner = inner[:-1] + self.mark
            woven = self.head + inner + self.tail
            if _holds(woven, wanted):
                break
        return woven


def _holds(text: str, wanted: Sequence[str]) -> bool:
    """Whether the wanted sentences stand in `text` in this order."""
    sentences = iter([bare.text for bare in bare_sentences(text)])
    return all(any(words == found for found in sentences) for words in wanted)


def plan_weave(
    text: str,
    sentences: Sequence[Sentence],
    locked: Collection[str],
    facts: Sequence[Fact],
) -> Weave:
    """Return what stays of `text` and where each fact it does not tell is to be written.

    `sentences` are those of `text` (`drafter.tracing.trace`), `facts` what the section is written
    from, in order. Points are counted if the old text counts them, or nothing of it stays.
    """
    bare = bare_sentences(text)
    stay = _staying(bare, sentences, locked, facts)
    if not stay:
        return Weave((), (tuple(fact.id for fact in facts),), (), ordinals=True)
    counted = sum(bool(one.family) for one in bare) >= 2
    told = tuple(fact.id for fact in facts if any(fact.id in sentences[at].fact_ids for at in stay))
    gaps = _gaps(sentences, stay, [fact.id for fact in facts], told)
    kept = _kept(text, bare, sentences, stay, gaps)
    family = next((one.family for one in bare if one.family), USUAL)
    return Weave(kept, gaps, told, counted, family if counted else USUAL)


def _staying(
    bare: Sequence[Bare],
    sentences: Sequence[Sentence],
    locked: Collection[str],
    facts: Sequence[Fact],
) -> list[int]:
    """Return the places of what stays: locked sentences, what completes a fact they tell in part
    (written anew, it would be told twice), and the labels in front of them."""
    stay = {at for at, one in enumerate(bare) if one.text in locked}
    grown = -1
    while grown != len(stay):
        grown = len(stay)
        words = "\n".join(bare[at].text for at in sorted(stay))
        for fact in facts:
            telling = [at for at, s in enumerate(sentences) if fact.id in s.fact_ids]
            lost = missing_anchors(fact, words) if stay & set(telling) else ()
            stay |= {
                at
                for at in telling
                if lost and len(missing_anchors(fact, words + "\n" + bare[at].text)) < len(lost)
            }
    for at in sorted(stay, reverse=True):
        if at and not bare[at].family and is_label(bare[at - 1], sentences[at - 1]):
            stay.add(at - 1)
    return sorted(stay)


def _gaps(
    sentences: Sequence[Sentence], stay: Sequence[int], facts: Sequence[str], told: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the facts to be written before, between and after what stays."""
    gaps: list[list[str]] = [[] for _ in range(len(stay) + 1)]
    before: dict[str, int] = {}
    for fact in facts:
        places = [at for at, sentence in enumerate(sentences) if fact in sentence.fact_ids]
        if fact in told:
            held = [number for number, at in enumerate(stay) if at in places]
            before[fact] = max(held) + 1  # what follows a told fact comes after it
        elif places:
            before[fact] = sum(at < places[0] for at in stay)
    for number, fact in enumerate(facts):
        if fact in told:
            continue
        earlier = [before[f] for f in facts[:number] if f in before]
        later = [before[f] - (f in told) for f in facts[number + 1 :] if f in before]
        place = before.get(fact)
        if place is None:
            place = earlier[-1] if earlier else later[0] if later else len(stay)
        gaps[max(0, place)].append(fact)
    return tuple(tuple(gap) for gap in gaps)


def _kept(
    text: str,
    bare: Sequence[Bare],
    sentences: Sequence[Sentence],
    stay: Sequence[int],
    gaps: Sequence[Sequence[str]],
) -> tuple[Kept, ...]:
    point, series = _points(bare)
    kept = []
    for number, at in enumerate(stay):
        one = bare[at]
        inside = [other for other in range(at) if point[other] == point[at]]
        led = any(
            other in stay or set(sentences[other].fact_ids) & set(gaps[number]) for other in inside
        )
        after = bare[at + 1].space if at + 1 < len(bare) else ""
        kept.append(
            Kept(
                one.text,
                _space(text, bare, at),
                _space(text, bare, at + 1) if at + 1 < len(bare) else after,
                point[at] >= 0 and not led,
                series[at],
                number > 0 and stay[number - 1] == at - 1,
            )
        )
    return tuple(kept)


def _points(bare: Sequence[Bare]) -> tuple[list[int], list[int]]:
    """Return by sentence its point (-1 before the first opener) and its row of ordinals."""
    point, series, last, row = [], [], -1, 0
    number = 0
    for at, one in enumerate(bare):
        if one.family:
            row += at > 0 and one.number == 1 and number > 0
            last, number = at, one.number
        point.append(last)
        series.append(row)
    return point, series


def _space(text: str, bare: Sequence[Bare], at: int) -> str:
    """Return the white space before a sentence, its indent included."""
    start = bare[at - 1].end if at else 0
    return "".join(char for char in text[start : bare[at].start] if char.isspace())


def _compose(weave: Weave, texts: Mapping[int, str], openers: bool, apart: str) -> str:
    if not weave.kept and len(weave.gaps) == 1:
        return texts.get(0, "")
    count = openers and weave.ordinals and _count(weave, texts) >= 2
    parts: list[str] = []
    number = row = 0

    def opener() -> str:
        nonlocal number
        number += 1
        return weave.family.format(numeral(number)) if count else ""

    for place in range(len(weave.gaps)):
        new = _points_in(texts.get(place, ""))
        space = weave.kept[place - 1].after if 0 < place <= len(weave.kept) and new else ""
        _lay(parts, space + apart * bool(new and parts))
        for piece in new:
            _lay(parts, opener() + piece)
        if place >= len(weave.kept):
            continue
        kept = weave.kept[place]
        if kept.series != row:
            number, row = 0, kept.series
        space = kept.before
        if not new and place and not kept.joined:
            space = max(weave.kept[place - 1].after, kept.before, key=lambda s: "\n" in s)
        _lay(parts, space + apart * bool(parts))
        _lay(parts, (opener() if kept.opens else "") + kept.text)
    return "".join(parts)


def _lay(parts: list[str], words: str) -> None:
    """Put words behind the others; a sentence without its mark would run into them."""
    before = next((part for part in reversed(parts) if part), "")
    if words.strip() and before.strip() and not _ENDED.search(before.rstrip(" \t　")):
        parts.append("\n" if before.endswith(tuple("，、：")) else "。")
    parts.append(words)


def _count(weave: Weave, texts: Mapping[int, str]) -> int:
    new = sum(len(_points_in(texts.get(place, ""))) for place in range(len(weave.gaps)))
    return new + sum(kept.opens for kept in weave.kept)


def _points_in(text: str) -> tuple[str, ...]:
    """Return the points of a new text without their ordinals; all of it where it has none."""
    if not text.strip():
        return ()
    starts: list[Bare] = []
    for one in bare_sentences(text):
        if one.family == USUAL and one.number == len(starts) + 1:
            starts.append(one)
    if len(starts) < 2 or text[: starts[0].start] != USUAL.format(numeral(1)):
        return (text,)
    ends = [later.start - len(USUAL.format(numeral(n + 2))) for n, later in enumerate(starts[1:])]
    return tuple(text[a.start : end] for a, end in zip(starts, [*ends, len(text)], strict=True))


def emphasise(weave: Weave, fact: str) -> Weave:
    """Return the weave with one fact written first, as a point of its own; kept facts stay."""
    if fact not in weave.facts:
        return weave
    gaps = [tuple(f for f in gap if f != fact) for gap in weave.gaps]
    if not weave.kept:
        return replace(weave, gaps=((fact,), *(gap for gap in gaps if gap)))
    return replace(weave, gaps=((fact, *gaps[0]), *gaps[1:]))


def within(text: str, span: tuple[int, int], weave: Weave) -> Weave:
    """Return a weave of `text[start:end]` with the text around it laid on both sides."""
    mark = text[span[1] - 1] if span[1] > span[0] and text[span[1] - 1] in "；;" else ""
    return replace(weave, head=text[: span[0]], tail=text[span[1] :], ordinals=False, mark=mark)
