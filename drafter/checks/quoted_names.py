"""Quoted words: which are names of something (a brand, a team, an activity) and which rhetoric.

A name has signs around it (推行“…”, “…”品牌, “…驿站”); a figure of speech has others (当好“…”,
“…”问题) or is in common use. Words are in data/name_signs.toml. Without any sign it stays in doubt.
"""

import re
from functools import lru_cache
from typing import Literal

from drafter.checks.claims import either
from drafter.data import load_table
from drafter.types import Anchor

# Longer quotations without a sign are what somebody says, not what something is called.
_LONG = 5
_COUNTED = re.compile("[一二两三四五六七八九十双多][\u4e00-\u9fff]{1,3}$")  # 两促进, 双提升
Sense = Literal["name", "doubt", "rhetoric"]


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = load_table("name_signs")["quote"]
    return {
        "before": re.compile(f"(?:{either(words['before'])})(?:{either(words['between'])})*$"),
        "after": re.compile(f"(?:{either(words['after'])})"),
        "inside": re.compile(f"(?:{either(words['inside'])})$"),
        "turned_before": re.compile(f"(?:{either(words['rhetoric_before'])})$"),
        "turned_after": re.compile(f"的?(?:{either(words['rhetoric_after'])})"),
    }


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(load_table("name_signs")["quote"]["common"])


def quoted_sense(text: str, name: Anchor) -> Sense:
    """Return what the quoted words `name` of `text` are."""
    signs = _patterns()
    before, after = text[max(0, name.start - 12) : name.start], text[name.end : name.end + 8]
    before = re.split("[，。；：！？]", before)[-1]
    inner = name.value
    if inner in _common():
        return "rhetoric"
    named_after = bool(signs["after"].match(after))
    if signs["inside"].search(inner) or (named_after and not signs["turned_after"].match(after)):
        return "name"
    if signs["turned_after"].match(after):
        return "rhetoric"
    if signs["before"].search(before):
        return "name"
    if signs["turned_before"].search(before) or _is_paired(text, name):
        return "rhetoric"
    slogan = len(inner) > _LONG or "、" in inner or _COUNTED.match(inner)
    return "rhetoric" if slogan else "doubt"


def _is_paired(text: str, name: Anchor) -> bool:
    """Whether the sentence has another quotation: “小窗口”展示“大情怀”."""
    left = max(text.rfind(mark, 0, name.start) for mark in "。\n")
    right = min(
        (at for mark in "。\n" if (at := text.find(mark, name.end)) >= 0), default=len(text)
    )
    clause = text[left + 1 : name.start] + text[name.end : right]
    return "“" in clause and len(name.value) <= 8
