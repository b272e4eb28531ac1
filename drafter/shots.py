"""Exemplar points turned into worked shots: the bullets a writer must have had → the text.

A small model copies what it sees. So a shot must hold nothing its bullets lack: placeholders are
filled with the same stand-in number on both sides, unit marks are taken out, and a pair whose text
still has a number, date or name that its bullets lack is not used (measured: a shot that kept
“2017年” put “2017年” into another unit's draft). Knows nothing of engines or of the library.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from zlib import crc32

from drafter.anchors import find_anchors
from drafter.data import load_table
from drafter.hostile import held
from drafter.labels import without_label
from drafter.types import Fact, Shot
from drafter.wording import bigrams, is_dress
from index.types import Exemplar, Section

# A shot outside these lengths (characters) teaches either nothing or rambling.
SHORTEST, LONGEST = 30, 130
MOST_BULLETS = 4

_OPENER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,2}是[，,：:]?|[一另]一?个是[，,：:]?|第[一二三四五六七八九十][，,、]"
    r"|(?:首先|其次|再次|最后)[，,]|[（(]?\d{1,2}[)）]?[.．、](?!\d)|[①-⑳])\s*"
)
_PLACEHOLDER_NUMBER = re.compile(
    r"[×xX＊*]{1,3}(?=\s*(?:余|多)?[次场个名人份条项篇户件期轮批家所处元万亿年月日支岁台辆类间座吨亩盏步届岗点张本册%％公里小时天])"
)
_PLACEHOLDER_NAME = re.compile(r"[×＊*]{1,4}|(?<![A-Za-z])[xX]{2,4}(?![A-Za-z])")
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")


def strip_opener(point: str) -> str:
    """Return a point without its 一是 / 1. / 首先."""
    return _OPENER.sub("", point).strip()


def fill_placeholders(text: str) -> str:
    """Return text with ×次 and the like filled with stand-in numbers and ××局 made plain 局.

    The number comes from the text before it, so that a point always gets the same one.
    """

    def number(match: re.Match[str]) -> str:
        after = text[match.end() : match.end() + 1]
        seed = crc32(text[: match.start()].encode())
        if after == "年":
            return ""
        if after in "月日" or text.startswith("个月", match.end()):
            return str(seed % 9 + 2)
        return str(seed % 38 + 3)

    filled = _PLACEHOLDER_NUMBER.sub(number, text)
    filled = _PLACEHOLDER_NAME.sub("", filled)
    return re.sub(r"(?<![0-9])年(?=[，。])", "", filled)


def _terse(clause: str, ornaments: re.Pattern[str]) -> str:
    return ornaments.sub("", clause).strip("，、：: ")


@lru_cache(maxsize=1)
def _ornaments() -> re.Pattern[str]:
    words = sorted(load_table("ornaments")["ornaments"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _is_label(sentence: str) -> bool:
    """“抓实组织生活。” ahead of the rest names the point; its writer needed no bullet for it."""
    return len(sentence) <= 16 and "，" not in sentence and not find_anchors(sentence)


def recover_by_rule(text: str) -> tuple[str, ...]:
    """Return the bullets a writer of this point must have had, one for each sentence.

    Everything that states something is kept, in telegram style: a shot whose text says more than
    its bullets teaches the model to invent. Left out are the label that opens a point and clauses
    that are only the genre's dress (data/tails.toml, data/ornaments.toml).
    """
    bullets: list[str] = []
    for number, sentence in enumerate(_SENTENCE.findall(text)):
        body = sentence.rstrip("。；！？\n")
        if number == 0 and _is_label(body):
            continue
        kept = [
            terse
            for clause in re.split("[，,]", body)
            if not is_dress(clause) and len(terse := _terse(clause, _ornaments())) >= 3
        ]
        if kept:
            bullets.append("，".join(kept))
    return tuple(bullets)


def _shorten(text: str) -> str:
    """Return the first sentences of a long point, up to LONGEST characters."""
    kept = ""
    for sentence in re.findall(r"[^。；！]+[。；！]", text):
        if kept and len(kept) + len(sentence) > LONGEST:
            break
        kept += sentence
    return kept.rstrip("；") + "。" if kept.endswith("；") else kept


def _holds_only_its_bullets(text: str, bullets: Sequence[str]) -> bool:
    said = "\n".join(bullets)
    values = {anchor.value for anchor in find_anchors(said)}
    return all(
        anchor.value in values or anchor.text in said
        for anchor in find_anchors(text)
        if anchor.kind != "qualifier"
    )


def shot_text(point: str) -> str:
    """Return a point as a shot's text: no opener, placeholders filled, not over LONGEST."""
    text = fill_placeholders(strip_opener(point))
    if text and text[-1] not in "。！":
        text = text.rstrip("；;，,") + "。"
    return text if len(text) <= LONGEST else _shorten(text)


def covers(text: str, bullets: Sequence[str]) -> bool:
    """Return whether bullets hold what the text states: every anchor, and enough of its words.

    Under 0.42 of a text's character pairs (measured on 60 recovered pairs by eye, docs/log.md)
    something concrete is usually missing from the bullets, and the pair would teach inventing.
    """
    own = bigrams(text)
    shared = own & bigrams("，".join(bullets))
    return bool(own) and len(shared) / len(own) >= 0.42 and _holds_only_its_bullets(text, bullets)


def make_shot(point: str, bullets: Sequence[str] | None, section_id: str) -> Shot | None:
    """Return a usable shot, or None when the point is too short, too long or cannot be masked.

    The label a point opens with is left out: a small model's own labels are its worst lines, so
    the writer sets them itself (drafter/labels.py).
    `bullets` are the ones a model recovered for this point (None: recover them by rule). A point
    that speaks to the model (drafter.hostile) is no example of anything.
    """
    if held(point) or (bullets and any(map(held, bullets))):
        return None
    text = without_label(shot_text(point))
    if not SHORTEST <= len(text) <= LONGEST:
        return None
    found = tuple(map(fill_placeholders, bullets)) if bullets else recover_by_rule(text)
    if not 1 <= len(found) <= MOST_BULLETS:
        return None
    return Shot(found, text, section_id) if _holds_only_its_bullets(text, found) else None


def _closeness(text: str, wanted: str) -> float:
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return sum(text[i : i + 2] in pairs for i in range(len(text) - 1)) / (len(text) + 12)


def _worth(shot: Shot, wanted: str) -> float:
    """How much a shot helps: near the facts in words, and with prose to show around its bullets.

    A text hardly longer than its bullets only teaches copying (docs/log.md).
    """
    prose = 1 - min(1.0, sum(map(len, shot.bullets)) / len(shot.text))
    return _closeness(shot.text, wanted) + 0.8 * prose


def points_of(section: Section) -> tuple[str, ...]:
    """Return a section's points, or its text in pieces of a sentence or two when it has none.

    The place in this tuple is the point number under which the library keeps its bullets.
    """
    return section.points or tuple(_pieces(section.text))


def choose_shots(
    exemplars: Sequence[Exemplar],
    facts: Sequence[Fact],
    stored: Callable[[Section, int], tuple[str, ...] | None],
    count: int,
) -> tuple[Shot, ...]:
    """Return up to `count` shots from the exemplars, closest to the facts last.

    At most two from one exemplar, so that one report's habits do not become the draft's. The
    closest comes last because a small model leans on what it read last. `stored` gives the
    bullets kept in the library for a section's point by number, None where there are none.
    """
    wanted = "".join(fact.text for fact in facts)
    ranked: list[tuple[float, Shot]] = []
    for exemplar in exemplars:
        section = exemplar.section
        shots = [
            shot
            for number, point in enumerate(points_of(section))
            if (shot := make_shot(point, stored(section, number), section.id))
        ]
        shots.sort(key=lambda shot: _worth(shot, wanted), reverse=True)
        ranked += [(exemplar.score + _worth(shot, wanted), shot) for shot in shots[:2]]
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(shot for _, shot in reversed(ranked[:count]))


def _pieces(text: str) -> list[str]:
    """Return text cut into pieces of a sentence or two, for sections that have no points."""
    pieces: list[str] = []
    for sentence in re.findall(r"[^。！\n]+[。！]", text):
        if pieces and len(pieces[-1]) < 60:
            pieces[-1] += sentence
        else:
            pieces.append(sentence)
    return pieces
