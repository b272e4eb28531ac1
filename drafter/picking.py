"""One sentence of a candidate taken into the text as it stands. Pure text in, text out.

It takes the place of the sentences that tell the same facts and nothing else; where there are none
it is put in by the order of the facts. What it would push out unasked, it does not push out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from drafter.anchors import missing_anchors
from drafter.errors import InputError
from drafter.sentences import Bare, bare_at, bare_sentences, renumbered
from drafter.tracing import Sentence, trace
from drafter.types import DraftSection, Fact

_MARKS = "。；"


@dataclass(frozen=True, slots=True)
class Picked:
    """The text with the sentence in it; `replaced` says whether it took another's place, `lost` are
    parts of its facts that stood there before and stand nowhere now."""

    text: str
    replaced: bool
    lost: tuple[str, ...]


def pick(
    section: DraftSection,
    other: str,
    at: int,
    facts: Sequence[Fact],
    locked: Collection[str] = (),
) -> Picked:
    """Return the section's text with sentence number `at` of `other` taken in.

    Raises InputError where it stands there already, where a locked sentence tells its facts, or
    where the sentence it would replace tells other facts as well.
    """
    one = bare_at(other, at)
    if one is None:
        raise InputError("候选已经变了。", "请看现在显示的候选，再选一次。")
    mine, bare = trace(section, facts), bare_sentences(section.text)
    if any(own.text == one.text for own in bare):
        raise InputError("现稿里已经有这一句。", "不用再采用。")
    theirs = trace(replace(section, text=other), facts)
    wanted = set(theirs[at].fact_ids)
    hits = [n for n, sentence in enumerate(mine) if wanted & set(sentence.fact_ids)]
    _allow(hits, bare, mine, wanted, locked)
    if hits:
        text = _replaced(section.text, bare, mine, hits, one, facts)
    else:
        text = _inserted(section, bare, mine, theirs, at, one)
    told = [fact for fact in facts if fact.id in wanted]
    lost = [
        anchor.text
        for fact in told
        for anchor in missing_anchors(fact, text)
        if anchor not in missing_anchors(fact, section.text)
    ]
    return Picked(text, bool(hits), tuple(dict.fromkeys(lost)))


def _allow(
    hits: Sequence[int],
    bare: Sequence[Bare],
    mine: Sequence[Sentence],
    wanted: set[str],
    locked: Collection[str],
) -> None:
    if any(bare[hit].text in locked for hit in hits):
        raise InputError("现稿里写同一要点的那句已锁定。", "先解锁那一句，再采用这一句。")
    more = [fact for hit in hits for fact in mine[hit].fact_ids if fact not in wanted]
    if more:
        named = "、".join(dict.fromkeys(more))
        raise InputError(
            f"现稿里对应的那句还写着 {named}，换掉会丢掉它。", "可以采用整稿，或在正文里直接改。"
        )


def _replaced(
    text: str,
    bare: Sequence[Bare],
    mine: Sequence[Sentence],
    hits: Sequence[int],
    one: Bare,
    facts: Sequence[Fact],
) -> str:
    """Put the sentence in the place of the first; the others go where it says all they say."""
    known = {fact.id: fact for fact in facts}
    for hit in reversed(hits[1:]):
        own = bare[hit]
        said = [known[i] for i in mine[hit].fact_ids if i in known]
        if any(
            len(missing_anchors(fact, one.text + own.text)) < len(missing_anchors(fact, one.text))
            for fact in said
        ):
            continue
        start = bare[hit - 1].end if not own.family else own.start
        text = text[:start] + text[own.end :]
    first = bare[hits[0]]
    words = _marked(one.text, first.text)
    return text[: first.start] + words + text[first.end :]


def _marked(words: str, like: str) -> str:
    """Return a sentence that ends as the one it replaces: ； within a row, 。 at its end."""
    if words[-1:] in _MARKS and like[-1:] in _MARKS:
        return words[:-1] + like[-1]
    return words


def _inserted(
    section: DraftSection,
    bare: Sequence[Bare],
    mine: Sequence[Sentence],
    theirs: Sequence[Sentence],
    at: int,
    one: Bare,
) -> str:
    text = section.text
    if not bare:
        return text + one.text
    counted = sum(bool(own.family) for own in bare) >= 2
    place = _place(section, mine, theirs, at)
    while counted and 0 < place < len(bare) and not bare[place].family:
        place += 1
    family = next((own.family for own in bare if own.family), "") if counted and one.family else ""
    words = family.format("一") + one.text
    if place == 0:
        start = bare[0].start - len(bare[0].space) if not bare[0].family else 0
        start = max(0, start)
        woven = text[:start] + words + text[start:]
    else:
        end = bare[place - 1].end
        before = text[:end]
        woven = before + ("" if before[-1:] in "。；;！？!?”）" else "。") + words + text[end:]
    return renumbered(woven, family) if family else woven


def _place(
    section: DraftSection, mine: Sequence[Sentence], theirs: Sequence[Sentence], at: int
) -> int:
    """Return before which sentence of the text another one belongs, by the order of the facts."""
    order = {fact: number for number, fact in enumerate(section.fact_ids)}
    near = at
    while near and not theirs[near].fact_ids:
        near -= 1
    first = min((order.get(fact, len(order)) for fact in theirs[near].fact_ids), default=-1)
    limit = first if near == at else first + 1
    earlier = [
        n + 1
        for n, sentence in enumerate(mine)
        if any(order.get(fact, len(order)) < limit for fact in sentence.fact_ids)
    ]
    if earlier:
        return max(earlier)
    later = [n for n, sentence in enumerate(mine) if sentence.fact_ids]
    return later[0] if later and first >= 0 else len(mine)
