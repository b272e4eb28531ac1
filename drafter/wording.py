"""A model's reply made into a point: form put right, empty tails cut. Pure text in, text out."""

import re
from collections.abc import Sequence
from functools import lru_cache

from drafter.anchors import find_anchors
from drafter.data import load_table
from drafter.numbers import find_quantities

_WIDE = str.maketrans(",;:?!", "，；：？！")
_HALF = re.compile(r"(?<=[\u4e00-\u9fff”》）%）])[,;:?!]|[,;:?!](?=[\u4e00-\u9fff“《（])")
_LINE_MARK = re.compile(r"^\s*(?:[-*·•]\s+|\d{1,2}[.、)）]\s*|#+\s*)")
_OPENER = re.compile(
    r"^(?:[一二三四五六七八九十]是|(?:[一另]|再一|还有一)个是|[（(][一二三四五六七八九十]+[)）]|第[一二三四五]，|首先，|其次，|最后，|要点[:：])\s*"
)
_STRAIGHT_QUOTES = re.compile(r'"([^"\n]{1,40})"')
_RHETORIC = re.compile("让|把|使|以|用|将|在.{2,10}中|真正|做到")
LABEL_LENGTH = 14
ORDINALS = ("一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是", "十是")


def tidy(reply: str) -> str:
    """Return a reply as one paragraph in Chinese punctuation that ends with a full stop."""
    lines = [_LINE_MARK.sub("", line).strip() for line in reply.strip("`\n ").splitlines()]
    lines = [line.replace("**", "") for line in lines if line]
    text = "".join(
        line if line[-1] in "。；！？：，" else line.rstrip(". ") + "。" for line in lines
    )
    text = _STRAIGHT_QUOTES.sub(r"“\1”", text)
    text = _HALF.sub(lambda match: match.group().translate(_WIDE), text)
    text = _OPENER.sub("", text)
    text = re.sub(r"(?<=[\u4e00-\u9fff，。；])\s+(?=[\u4e00-\u9fff\d“《])", "", text)
    if text and text[-1] not in "。！？”":
        text = text.rstrip("，；：、,;:. ") + "。"
    return text


def cut_unfinished(text: str) -> str:
    """Return text up to its last full stop: a reply that ran into its limit ends mid-sentence."""
    end = max(text.rfind("。"), text.rfind("！"))
    return text[: end + 1] if end > len(text) * 0.4 else text


def bigrams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters that carry meaning (Chinese, digits, letters)."""
    plain = re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


@lru_cache(maxsize=1)
def _tail_pattern() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(load_table("tails")["starts"]) + ")")


def is_dress(clause: str) -> bool:
    """Return whether a clause only strikes a pose: it opens as an empty tail and has no anchor."""
    return bool(_tail_pattern().match(clause)) and not find_anchors(clause)


def _is_empty_tail(clause: str, said: set[str]) -> bool:
    if not _tail_pattern().match(clause) or find_quantities(clause):
        return False
    if any(anchor.kind in ("name", "title") for anchor in find_anchors(clause)):
        return False
    own = bigrams(clause)
    return not own or len(own & said) / len(own) < 0.45


def _support(clause: str, said: set[str]) -> float:
    """Share of a clause's character pairs that stand in the facts; 1.0 for one without any."""
    own = bigrams(clause)
    return len(own & said) / len(own) if own else 1.0


def unsupported_clauses(text: str, facts: Sequence[str]) -> tuple[str, ...]:
    """Return clauses of some length that share next to nothing with the facts.

    A label of a few characters ("抓实组织生活") names the point and is not counted; nor is a
    clause with a fifth of its character pairs in the facts (set on real points, docs/log.md).
    """
    said = bigrams("".join(facts))
    clauses = [clause for clause in re.split("[，。；！：、]", text) if len(clause) >= 7]
    return tuple(clause for clause in clauses if _support(clause, said) < 0.2)


def _is_loose(clause: str, said: set[str], strict: bool) -> bool:
    """Whether a closing clause goes: a pose, or a claim without support in the facts.

    Where results are told (`strict` off), a clause of rhetoric (“让老党员……”) may stay: it is the
    exemplars' dress and states nothing that could be checked; it is shown as a finding.
    """
    if _is_empty_tail(clause, said):
        return True
    if len(clause) < 5 or _support(clause, said) >= 0.2 or find_quantities(clause):
        return False
    return strict or not _RHETORIC.match(clause)


def _is_needless(sentence: str, said: set[str]) -> bool:
    """A whole sentence that says nothing of the facts; a short label may."""
    if len(sentence) <= LABEL_LENGTH:
        return _is_empty_tail(sentence, said)
    return _is_loose(sentence, said, strict=True)


def _adds_nothing(clause: str, before: str, facts: str) -> bool:
    """Whether a closing clause, not a fact's own, has no word or anchor of a fact that the text
    before it lacks."""
    if len(clause) < 4 or clause in facts:
        return False
    if (bigrams(clause) & bigrams(facts)) - bigrams(before):
        return False
    told = {anchor.value for anchor in find_anchors(before)}
    return all(anchor.value in told for anchor in find_anchors(clause))


def trim_tail(text: str, facts: Sequence[str], strict: bool = False) -> str:
    """Return text without closing clauses, in any sentence, that claim what no fact reports.

    “……，增强了廉洁意识。” after a fact that only says a visit took place is an invention, and its
    endless repetition is what readers notice first. Clauses that share words with a fact stay, and
    so does a short label. `strict` is for problems, causes and plans: there rhetoric goes too.
    """
    said = bigrams("".join(facts))
    kept: list[str] = []
    for sentence, mark in re.findall("([^。；！]+)([。；！]?)", text):
        clauses = sentence.split("，")
        while len(clauses) > 1 and (
            _is_loose(clauses[-1], said, strict)
            or (
                (strict or not _RHETORIC.match(clauses[-1]))
                and _adds_nothing(
                    clauses[-1], "".join(kept) + "，".join(clauses[:-1]), "".join(facts)
                )
            )
        ):
            clauses.pop()
        if kept and len(clauses) == 1 and _is_needless(clauses[0], said):
            continue
        kept.append("，".join(clauses) + mark)
    trimmed = "".join(kept)
    return trimmed[:-1] + "。" if trimmed[-1:] in "；！" and trimmed else trimmed


_PURPOSE = re.compile(
    "(?:为了?|通过|围绕|按照|根据|结合|立足|坚持以?|聚焦|紧扣|对照|以|在)[^，。；]{2,24}，"
)


def trim_head(text: str, facts: Sequence[str]) -> str:
    """Return text without a purpose nobody gave at its head: “为缅怀历史，5月到旧址……”."""
    said = bigrams("".join(facts))
    found = _PURPOSE.match(text)
    if not found or found.end() + 8 > len(text):
        return text
    clause = found[0][:-1]
    if _support(clause, said) >= 0.2 or find_anchors(clause):
        return text
    return text[found.end() :]


_SPEAKER = re.compile(
    "(?:(?<=^)|(?<=[，。；]))我们?(?=[\u4e00-\u9fff])(?!国|党|区|市|县|省|局|镇|乡|街道|校|院|社区|村)"
)


def without_speaker(text: str, facts: Sequence[str]) -> str:
    """Return text without the 我 a model opens clauses with where no fact says 我."""
    return text if any("我" in fact for fact in facts) else _SPEAKER.sub("", text)


def stutters(text: str, facts: Sequence[str]) -> tuple[str, ...]:
    """Return runs of five letters or more that one sentence says twice though no fact does:
    “楼宇党委中，2个楼宇党委中”."""
    said = "".join(facts)
    found = []
    for sentence in re.split("[。；！]", text):
        for match in re.finditer(r"([\u4e00-\u9fff]{5,12})(?=.*\1)", sentence):
            if said.count(match[1]) < 2:
                found.append(match[1])
    return tuple(found)


def is_series(points: Sequence[str], ordinals: bool) -> bool:
    """Return whether points are opened by 一是/二是…: two and more, as long as there are words."""
    return ordinals and 1 < len(points) <= len(ORDINALS)


def join_points(points: Sequence[str], ordinals: bool) -> str:
    """Return the points as one paragraph, opened by 一是/二是… when there are two or more."""
    if not is_series(points, ordinals):
        return "".join(points)
    return "".join(mark + point for mark, point in zip(ORDINALS, points, strict=False))
