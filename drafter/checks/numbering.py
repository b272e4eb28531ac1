"""Numbers that put a report in order: 一、（一）1.（1）① of headings, 一是/第一/其一 of lists.

Rank of heading marks as in GB/T 9704-2012, 7.3.3: 一、 then （一） then 1. then （1）. Marks count
only where a line or an item starts: 一、二季度, 1.5万元, 账目一是一 hold none. An excerpt may
start anywhere: the very first mark of a text is never wrong.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from drafter.types import Draft, DraftSection

_HAN = "一二三四五六七八九十"
_NUMERAL = f"[{_HAN}]{{1,3}}"
# What follows a numeral with 、 when it counts and opens nothing: 一、二季度.
_COUNTED = rf"(?!\s*{_NUMERAL}(?:[、是和]|季度|月|级|产业|线|楼|类|期|届|轮|组|支部|网格|社区|村))"
_LINE_MARK = re.compile(
    rf"第(?P<part>{_NUMERAL})(?:部分|章|篇章)|(?P<one>{_NUMERAL})\s*[、.．]{_COUNTED}"
    rf"|[（(〔]\s*(?P<paren>{_NUMERAL})\s*[）)〕]|(?P<digit>\d{{1,2}})\s*[、.．](?!\d)"
    r"|[（(]\s*(?P<item>\d{1,2})\s*[）)]|(?P<ring>[①-⑳])"
)
_INLINE_MARK = re.compile(
    r"(?<=[：:；;。])\s*(?:(?P<digit>\d{1,2})\s*[、.．](?!\d)|[（(](?P<item>\d{1,2})[）)]"
    r"|(?P<ring>[①-⑳]))"
)
_RANK = {"part": 0, "one": 1, "paren": 2, "digit": 3, "item": 4, "ring": 5}
_OPEN = r"(?:^|(?<=[。；;：:，,！!？?\s]))"
_LISTED = re.compile(
    rf"{_OPEN}(?:(?P<shi>[{_HAN}])是(?!否|(?P=shi)[、，,。；”])|(?P<yao>[{_HAN}])要(?!求|素|点)"
    rf"|其(?P<qi>[{_HAN}])[，,、：:是]"
    rf"|第(?P<di>[{_HAN}])(?:(?:[点条个项步笔](?=[，,：:])|个?方面(?=[，,：:]))|(?=[，,：:是])|(?=、(?![第{_HAN}]))))",
    re.MULTILINE,
)
_FORMS = {"shi": "{}是", "yao": "{}要", "qi": "其{}", "di": "第{}"}
# Below this a marked line without a stop at its end is a heading, above it is text.
_HEADING = 36


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a draft: a section's heading (`start` None) or a line of its text.

    `start` is the offset in the section's text. `kind` and `number` are those of the mark the line
    opens with ("" and 0: none), `rest` what follows the mark.
    """

    section: DraftSection
    start: int | None
    text: str
    kind: str
    number: int
    rest: str

    @property
    def rank(self) -> int:
        """How deep the mark stands, 0 for 第一部分; 9 for a line without one."""
        return _RANK.get(self.kind, 9)

    @property
    def is_heading(self) -> bool:
        """Whether the line is a heading alone: short, marked, and no sentence."""
        if self.start is None:
            return True
        return bool(self.kind) and len(self.text) <= _HEADING and self.text[-1] not in "。；;！!"


@dataclass(frozen=True, slots=True)
class Token:
    """One ordinal where it stands: `start` is None in a heading. `at_start` opens its text."""

    section: DraftSection
    start: int | None
    text: str
    kind: str
    number: int
    at_start: bool
    line: int


def value(numeral: str) -> int:
    """Return the value of 一…九十九, 1…99 or ①…⑳ (0 for anything else)."""
    if numeral.isdecimal():
        return int(numeral)
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    tens, ten, ones = numeral.rpartition("十")
    low = _HAN.find(ones) + 1 if ones else 0
    if not ten:
        return low
    return (_HAN.find(tens) + 1 if tens else 1) * 10 + low


def _line(section: DraftSection, start: int | None, text: str) -> Line:
    match = _LINE_MARK.match(text)
    if match is None or match.lastgroup is None:
        return Line(section, start, text, "", 0, text)
    number = value(match[match.lastgroup])
    return Line(section, start, text, match.lastgroup, number, text[match.end() :].strip())


@lru_cache(maxsize=512)
def _section_lines(section: DraftSection) -> tuple[Line, ...]:
    found = [_line(section, None, section.heading)] if section.heading else []
    at = 0
    for raw in section.text.split("\n"):
        text = raw.strip()
        if text:
            found.append(_line(section, at + raw.index(text[0]), text))
        at += len(raw) + 1
    return tuple(found)


def lines_of(draft: Draft) -> tuple[Line, ...]:
    """Return headings and lines of text in reading order; blank lines are left out."""
    return tuple(line for section in draft.sections for line in _section_lines(section))


def list_tokens(section: DraftSection) -> Iterator[Token]:
    """Yield 一是, 二要, 第三， and the like of a section's text."""
    head = len(section.text) - len(section.text.lstrip())
    last: dict[str, tuple[int, int]] = {}  # kind: number and end of the one before
    for match in _LISTED.finditer(section.text):
        kind = match.lastgroup or ""
        if kind == "di" and _is_ranked(section.text, match):
            continue
        line = section.text.count("\n", 0, match.start())
        number = value(match[kind])
        reached, end = last.get(kind, (0, 0))
        lead = max(end, section.text.rfind("\n", 0, match.start()) + 1)
        before = _FORMS[kind].format(_HAN[number - 2]) if reached < number - 1 < 11 else ""
        if before and (at := section.text.find(before, lead, match.start())) >= 0:
            # 党委第一是抓学习，第二是…: the one before opens no clause, but it is there.
            yield Token(section, at, before, kind, number - 1, False, line)
        last[kind] = number, match.end()
        yield Token(
            section, match.start(), match[0], kind, value(match[kind]), match.start() <= head, line
        )


_RANKING = re.compile(
    r"排名|排行|排序|名次|位次|位居|位列|名列|列第|居第|排第|排在|评比|得分|分数|冠军|并列|倒数|考核结果"
)
_BODIES = re.compile(r"是[^，,。；;：:]{1,12}(?:[，,。；;]|$)")


def _is_ranked(text: str, match: re.Match[str]) -> bool:
    """Whether 第二是四支部 tells a place in a ranking: its sentence speaks of one before."""
    start = max(text.rfind(stop, 0, match.start()) for stop in "。！？\n") + 1
    bare = len(match[0]) == 2
    return (
        bare and _RANKING.search(text, start, match.start()) is not None
        and _BODIES.match(text, match.end()) is not None
    )  # fmt: skip


def _tokens(line: Line, at: int, first: bool) -> Iterator[Token]:
    """Yield the mark of a line, and 1. （1） ① where an item starts inside it."""
    section, start = line.section, line.start
    if line.kind:
        # A heading is shown whole, of an item the words up to its first stop.
        text = re.split("[。：:；;]", line.text)[0][:_HEADING]
        yield Token(section, start, text, line.kind, line.number, first, at)
    if start is None:
        return
    for match in _INLINE_MARK.finditer(line.text):
        kind = match.lastgroup or ""
        begin = match.start() + len(match[0]) - len(match[0].lstrip())
        text = line.text[begin : match.end()]
        yield Token(section, start + begin, text, kind, value(match[kind]), False, at)


@dataclass(slots=True)
class _Count:
    """How far one row of ordinals has come. `gaps` were passed over and told; `twice` is set after
    one that stood twice: the next may follow from either."""

    reached: int = 0
    gaps: set[int] = field(default_factory=set)
    twice: bool = False

    def wanted(self, number: int, may_begin: bool) -> int | None:
        """Count `number`; return what should stand in its place, None when it is right."""
        if number in self.gaps:
            self.gaps.discard(number)
            return None
        wanted = self.reached + 1
        right = may_begin or number == wanted or (self.twice and number == wanted + 1)
        self.gaps = set() if right and number == 1 else self.gaps
        if not right:
            self.gaps.update(range(wanted, number))
        self.twice = not right and number == self.reached
        self.reached = number
        return None if right else wanted


def disorder(tokens: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Yield each 一是 of a section that is out of order, and the number wanted there.

    A new list may begin at 1, but not right after a 1 in the same paragraph.
    """
    counts: dict[str, _Count] = {}
    lines: dict[str, int] = {}
    opened: dict[str, Token] = {}
    for token in tokens:
        count = counts.setdefault(token.kind, _Count())
        if token.at_start and token.number > 1:
            opened[token.kind] = token
        elif token.kind in opened:
            # 二是……。一是……: an excerpt may open anywhere, but not behind what follows.
            first = opened.pop(token.kind)
            if token.number == 1 and first.number == 2 and token.line == first.line:
                yield first, 1
        begins = token.number == 1 and (count.reached != 1 or lines[token.kind] != token.line)
        excerpt = token.kind not in lines and token.at_start
        if wanted := count.wanted(token.number, begins or excerpt):
            yield token, wanted
        lines[token.kind] = token.line


def heading_disorder(lines: tuple[Line, ...]) -> Iterator[tuple[Token, int]]:
    """Yield the marks of headings and items that are out of order, and the number wanted there.

    A mark starts those below it anew, a heading without a mark starts all anew.
    """
    counts: dict[str, _Count] = {}
    opened: dict[str, Token] = {}
    first = True
    for at, line in enumerate(lines):
        if line.start is None and not line.kind:
            counts, first, opened = {}, True, {}
            continue
        for token in _tokens(line, at, first):
            rank = _RANK[token.kind]
            counts = {kind: count for kind, count in counts.items() if _RANK[kind] <= rank}
            opened = {kind: one for kind, one in opened.items() if _RANK[kind] <= rank}
            count = counts.setdefault(token.kind, _Count())
            # A list of items may begin again, a report's own sections may not.
            begins = token.number == 1 and count.reached != 1
            begins = begins and (count.reached == 0 or rank > _RANK["one"])
            if wanted := count.wanted(token.number, begins or token.at_start):
                yield token, wanted
            if token.at_start and token.kind in ("one", "paren") and token.number > 1:
                opened[token.kind] = token
            elif token.number == 1 and token.kind in opened:
                # （二）… then （一）…: an excerpt may open anywhere, but not behind what follows.
                yield opened.pop(token.kind), 1
        first = False
