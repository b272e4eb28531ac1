"""Whether a phrase is told as history or as something to come: 以来, 期间, 2019年…, 原…, 迎接….

The words that say so are in data/stale_phrases.toml (history_after, history_before, forward).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drafter.checks.passages import letters, sentence_spans
from drafter.data import load_table
from drafter.types import DraftSection

_AFTER = 8  # letters after it in which it may be told as history
_YEAR = re.compile(r"(20[0-4]\d)年(?!以来|至今|起)")
_TITLE = re.compile(r"《[^《》\n]{2,60}》")
_QUOTE = re.compile(r"(?:指出|强调|要求|提出|说|讲|：|:)[，,：:]?“([^“”\n]{12,200})”")
# 后 alone: 打赢脱贫攻坚战后 is history, 脱贫攻坚后续 and 落后 are not.
_THEN = re.compile(r"后(?![续备勤进盾方台期])|时期?(?=[，,、的]|$)")
_FORMER = re.compile(
    r"(?<![中平太高草])原(?:[国省市区县镇乡街州盟旗]家?级?|.{1,3}[省市区县镇乡街州盟旗])?$"
)
_FROM_TO = (
    re.compile(r"从(?![严事业而众])[^，。；]{0,30}$"),
    re.compile(r"^.{0,40}?到(?![位人底岗达会场户])"),
)
# 回首当年，…在脱贫攻坚战中…，于2019年脱贫摘帽: recalled, or dated by what happened in it.
_RECALLED = re.compile(
    "^(?:(?:回[首望想]|忆)(?:当年|往昔|往事|来路|来时|那[年时些])|想当年|曾几何时|曾经|当年(?!度)|那[时年]|昔日)"
    "(?!.{0,20}(?:将|正在|当前|目前))"
)
_DATED = re.compile(r"^战?[中里](?P<gap>[^如今现目]{0,40}?)(?P<year>20[0-4]\d)年")
# 此前的群众路线教育实践活动、“三严三实”专题教育: all of a list that is told as past.
_EARLIER = re.compile(r"(?:此前|先前|早前|以往|历次)[^，,。；;：:]{0,40}、[^，,。；;：:]{0,8}$")
_EARLIER_DONE = re.compile(r"(?:此前|先前|早前|以往)(?:已经?)?(?:开展|参加|进行)过?了?的[“]?$")
_CAME_TO = re.compile(r"从(?![严事业而众])[^。；]{2,40}到[^。；]{0,4}$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phrase stands: its span in the section and the bare letters around it."""

    section: DraftSection
    start: int
    end: int
    sentence: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """The phrase as written."""
        return self.section.text[self.start : self.end]

    @property
    def named(self) -> str:
        """The phrase in quotation marks, its own ones inside."""
        return f"“{self.words.replace('“', '‘').replace('”', '’')}”"


def place_of(section: DraftSection, start: int, end: int) -> Place:
    """Return the place of `section.text[start:end]`, with the quotation mark that belongs to it."""
    text = section.text
    words = text[start:end]
    if words.count("”") > words.count("“") and text[:start].endswith("“"):
        start -= 1
    if words.count("“") > words.count("”") and text[end : end + 1] == "”":
        end += 1
    inside = (span for span in sentence_spans(text) if span[0] <= start < span[1])
    left, right = next(inside, (0, len(text)))
    before = letters(re.sub(r"[，,；;]", "", text[left:start]))[0]
    return Place(section, start, end, text[left:right], before, letters(text[end:right])[0])


def has_any(words: str, choice: Sequence[str]) -> bool:
    """Whether one of the table's words stands in `words` (bare letters)."""
    return any(letters(one)[0] in words for one in choice)


def _own_year(place: Place, year: int) -> int | None:
    """The year named last before the phrase in its sentence, where it is not the report's own."""
    left = place.sentence.find(place.words)
    named = [int(found) for found in _YEAR.findall(place.sentence[: max(0, left)])]
    return named[-1] if named and named[-1] != year else None


def is_history(place: Place, year: int, last: int) -> bool:
    """Whether the phrase, current until the year `last`, is told as past in a report of `year`."""
    table = load_table("stale_phrases")
    told = _own_year(place, year)
    clause = re.split(r"[，,；;。：:、]", place.section.text[: place.start])[-1]
    near = letters(clause)[0][-12:]
    return (
        (told is not None and told <= last)
        or has_any(place.after[:_AFTER], table["history_after"])
        or _is_joined(place, table["history_joined"])
        or has_any(near, table["history_before"])
        or _THEN.match(place.section.text[place.end : place.end + 3].lstrip("”」")) is not None
        or _FORMER.search(near) is not None
        or bool(_FROM_TO[0].search(place.before) and _FROM_TO[1].search(place.after))
        or _CAME_TO.search(place.before) is not None
        or _EARLIER.search(place.section.text[: place.start]) is not None
        or _EARLIER_DONE.search(place.section.text[: place.start]) is not None
        or _is_recalled(place, last)
        or _is_quoted(place)
    )


def _is_recalled(place: Place, last: int) -> bool:
    """Whether its sentence opens as a memory, or dates by a past year what happened in it."""
    if _RECALLED.match(place.before):
        return True
    dated = _DATED.match(place.after)
    return dated is not None and int(dated["year"]) <= last


def _is_joined(place: Place, words: Sequence[str]) -> bool:
    """Whether one of `words` follows with no mark between: 学习教育查摆问题19个."""
    rest = place.section.text[place.end : place.end + _AFTER].lstrip("”」》")
    return has_any(re.split(r"[^\w]", rest)[0], words)


def _is_quoted(place: Place) -> bool:
    """Whether it is part of a longer 《title》 or of somebody's words, not what the text says."""
    text, size = place.section.text, place.end - place.start
    titles = [found.span() for found in _TITLE.finditer(text)]
    titles += [found.span(1) for found in _QUOTE.finditer(text)]
    return any(
        left <= place.start and place.end <= right and right - left >= size + 4
        for left, right in titles
    )


def looks_forward(place: Place, year: int, first: int) -> bool:
    """Whether the sentence speaks of what is to come in the year `first`, two years ahead at most
    unless it names the year."""
    told = _own_year(place, year)
    if told is not None and told >= first:
        return True
    near = place.before[-12:] + place.after[:_AFTER]
    return year >= first - 2 and has_any(near, load_table("stale_phrases")["forward"])
