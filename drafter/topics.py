"""The topic table: what a fact is about, and how a section on it may be headed.

Keywords and wording come from `data/topics.toml`; nothing here knows of plans or outlines.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from drafter.errors import InputError
from drafter.types import Fact
from index.types import ROLES, Role

Pattern = Literal["single", "double", "inaspect"]
PATTERNS: tuple[Pattern, ...] = ("single", "double", "inaspect")
TOPICS_FILE = Path(__file__).parent / "data" / "topics.toml"

# Where facts of a role go when the outline has no section for it.
SUBSTITUTE: dict[Role, Role] = {"原因": "问题"}
# A problem or a cause is named by one clause whatever the pattern of the achievements.
_PLAIN_ROLES: tuple[Role, ...] = ("问题", "原因")
_REUSED_VERB_COST = 6.0


# What reading a table with wrong values in it raises; a pattern's count may be too large to hold.
_UNUSABLE = (
    *(OSError, KeyError, TypeError, ValueError, AttributeError, OverflowError),
    re.error,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One entry of the table. `keywords` are (word, weight); `near` names kin, closest first;
    `headings` maps a role to a pattern to the headings to choose from."""

    name: str
    description: str
    examples: tuple[str, ...]
    near: tuple[str, ...]
    default_for: tuple[Role, ...]
    keywords: tuple[tuple[str, int], ...]
    headings: Mapping[Role, Mapping[Pattern, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class TopicTable:
    """All topics in order, and the wordings that give away a fact's role, first match first.

    `part_headings`: headings of a paste that say which part of a report stands under them and not
    what it is about (亮点, 履职情况).
    """

    topics: tuple[Topic, ...]
    cues: tuple[tuple[Role, tuple[re.Pattern[str], ...]], ...]
    part_headings: re.Pattern[str] = re.compile("(?!)")

    def named(self, name: str) -> Topic | None:
        """Return the topic of that name."""
        return next((topic for topic in self.topics if topic.name == name), None)


@cache
def load_topics(path: Path = TOPICS_FILE) -> TopicTable:
    """Read the table. Raises InputError, naming the file and the entry, where it is not usable."""
    entry = "文件格式"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        topics = []
        for item in data["topic"]:
            entry = str(item.get("name", entry))
            topics.append(_topic(item))
        entry = "cue"
        cues = tuple(
            (_role(item["role"]), tuple(re.compile(text) for text in item["patterns"]))
            for item in data.get("cue", ())
        )
        entry = "part_headings"
        part_headings = re.compile(data.get("part_headings", "(?!)"))
        entry = "topic"
        if not topics:
            raise ValueError("no topic")
    except _UNUSABLE as error:
        raise InputError(
            f"主题表 {path.name} 里“{entry}”这一处读不懂（{error}）。",
            "请对照文件开头的说明改正，或恢复原来的文件。",
        ) from error
    return TopicTable(tuple(topics), cues, part_headings)


def _topic(item: dict[str, Any]) -> Topic:
    weighted = (("strong", 3), ("plain", 2), ("weak", 1))
    headings: dict[Role, dict[Pattern, tuple[str, ...]]] = {
        _role(role): {
            pattern: tuple(str(text) for text in patterns[pattern])
            for pattern in PATTERNS
            if pattern in patterns
        }
        for role, patterns in item["headings"].items()
    }
    return Topic(
        name=item["name"],
        description=item["description"],
        examples=tuple(item.get("examples", ())),
        near=tuple(item.get("near", ())),
        default_for=tuple(_role(role) for role in item.get("default_for", ())),
        keywords=tuple((word, weight) for name, weight in weighted for word in item.get(name, ())),
        headings=headings,
    )


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise ValueError(f"没有“{text}”这个角色")


def keyword_score(topic: Topic, text: str) -> float:
    """Return how much the text speaks of the topic; 0 if none of its words occur.

    A word inside a longer one that also occurs counts too: the longer the match, the surer.
    """
    return float(sum(weight for word, weight in topic.keywords if word in text))


def topic_weights(text: str) -> dict[str, float]:
    """Return how much a whole text speaks of each topic of the shipped table, {} if of none.

    For sections, not facts: a word met again adds, but less each time, so that one word repeated
    does not outweigh several different ones. Raises InputError where the table is not usable.
    """
    weights = {
        topic.name: sum(
            weight * math.log1p(times)
            for word, weight in topic.keywords
            if (times := text.count(word))
        )
        for topic in load_topics().topics
    }
    return {name: weight for name, weight in weights.items() if weight}


def role_by_wording(table: TopicTable, text: str) -> Role | None:
    """Return the role that the fact's own wording gives away, if any."""
    text = text.strip()
    for role, patterns in table.cues:
        if any(pattern.search(text) for pattern in patterns):
            return role
    return None


def role_of(fact: Fact, table: TopicTable) -> Role:
    """Return the role of a fact: what its heading says, what its wording gives away, or 成效."""
    if fact.role is not None:
        return fact.role
    # A bullet under a heading that names no role belongs with that heading's other bullets.
    return (None if fact.group else role_by_wording(table, fact.text)) or "成效"


def says_something(fact: Fact) -> bool:
    """Tell a fact from a leftover ("无", "同上", a telephone number): four Chinese characters."""
    return sum("\u4e00" <= char <= "\u9fff" for char in fact.text) >= 4


def heading_pattern(heading: str) -> Pattern | None:
    """Return the pattern of a heading by its structure, None if it has none of the three."""
    heading = re.sub(r"^[（(〔]?[一二三四五六七八九十\d]+[)）、.．〕]\s*", "", heading.strip())
    heading = heading.rstrip("。；：")
    if re.match(r"在[^，]{2,8}[上中]", heading):
        return "inaspect"
    halves = re.split(r"[，,]", heading)
    if len(halves) == 2 and min(map(len, halves)) >= 3:
        return "double" if abs(len(halves[0]) - len(halves[1])) <= 3 else None
    return "single" if len(halves) == 1 and 5 <= len(heading) <= 14 else None


def majority_pattern(headings: Sequence[str]) -> Pattern:
    """Return the pattern most of the headings follow; two equal halves where they say nothing."""
    counts = Counter(pattern for text in headings if (pattern := heading_pattern(text)))
    order: tuple[Pattern, ...] = ("double", "single", "inaspect")
    return max(order, key=lambda pattern: counts[pattern])


def verb_of(heading: str) -> str:
    """Return the words a heading opens with, which should vary within a report."""
    return heading.removeprefix("在")[:2]


def choose_heading(
    topic: Topic, role: Role, pattern: Pattern, texts: Sequence[str], taken: Sequence[str]
) -> str:
    """Return the topic's heading nearest in wording to the facts, avoiding verbs already taken."""
    offered = topic.headings.get(role) or topic.headings.get("成效") or {}
    wanted: Pattern = "single" if role in _PLAIN_ROLES else pattern
    candidates = offered.get(wanted) or next(iter(offered.values()), ())
    if not candidates:
        return topic.name
    grams = {gram for text in texts for gram in _bigrams(text)}
    verbs = Counter(verb_of(heading) for heading in taken)

    def fitness(heading: str) -> float:
        shared = len(grams & _bigrams(heading))
        return shared - _REUSED_VERB_COST * verbs[verb_of(heading)] - 100 * (heading in taken)

    return max(candidates, key=fitness)


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
