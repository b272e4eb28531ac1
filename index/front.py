"""What stands before the first section: title, salutation, opening paragraph.

Pure functions on lines. A line under the title that names only who and when (“（2024年1月）”,
“党支部书记　某某”) belongs to the opening paragraph: it is no part of the title's wording.
"""

import re
from dataclasses import dataclass

from index.cues import bare, cue, is_date, is_salutation, is_title

_TITLE_LINES = 4
_TITLE_CHARS = 60
_BRACKETED = re.compile(r"[（(].*[）)]|——.*")
_RUN_IN = re.compile(r"((?:尊敬的|各位|同志们)[^。：:！!]{0,34}[：:！!])\s*(?=\S)")

_GLUED = re.compile(
    r"([^，。；：！？]{4,50}?(?:报告|汇报|总结|计划|打算|发言|材料)(?:[（(][^）)]*[）)])?)\s*"
    r"(?=\d{4}年[，,]|\d{4}年度?[^，。的]{0,12}[，,]|一年来|今年|按照|根据|现将|各位|同志们|尊敬的|近年来|自.{2,12}以来)"
)


@dataclass(frozen=True, slots=True)
class Front:
    """The lines before the first heading, told apart. `rest` are those of the text itself."""

    title: str
    salutation: str | None
    rest: tuple[str, ...]


def read_front(lines: list[str]) -> Front:
    """Tell title (up to four lines), salutation and text apart; no character is lost."""
    lines = _unglue_title(lines)
    head = 0
    while head < len(lines) and _may_be_title(lines[head]):
        head += 1
    named = next((n for n in range(head) if is_title(lines[n])), None)
    untypical = 1 if head and not is_date(lines[0]) else 0
    count = untypical if named is None else named + 1
    while 0 < count < min(head, _TITLE_LINES + 1) and _goes_on(lines, count, named is not None):
        count += 1
    title = _join_title(lines[:count])
    rest = list(lines[count:])
    salutation = _take_salutation(rest)
    return Front(title, salutation, tuple(rest))


def _unglue_title(lines: list[str]) -> list[str]:
    """Part a title from the text it runs into, where a page lost its breaks: “…总结2023年，…”."""
    found = _GLUED.match(lines[0]) if lines and len(bare(lines[0])) > _TITLE_CHARS else None
    if not found or not is_title(found[1]):
        return lines
    return [found[1], lines[0][found.end(1) :].strip(), *lines[1:]]


def _may_be_title(line: str) -> bool:
    text = bare(line)
    return (
        len(text) <= _TITLE_CHARS
        and not re.search(r"[。；;]|[：:，,]$", text)
        and not is_salutation(line)
        and not re.match(r"(按照|根据|现将|一年来|今年以来)", text)
    )


def _goes_on(lines: list[str], place: int, named: bool) -> bool:
    """Return whether lines[place] goes on with the title that ended, it seemed, a line before."""
    text = bare(lines[place])
    if cue("title_goes_on").match(text):
        return True
    if is_date(text) or text in (bare(line) for line in lines[:place]):
        return False
    if _BRACKETED.fullmatch(text):
        return bool(re.search("会|稿|评议|讲|发言|提纲|摘要", text)) and not re.search(
            r"\d月|日", text
        )
    if not named:  # a couplet: 党建引领聚合力 / 服务为民谱新篇
        return len(text) >= 6 and abs(len(text) - len(bare(lines[place - 1]))) <= 1
    return is_title(text) and len(text) >= 6


def _join_title(lines: list[str]) -> str:
    """Join the title's lines with nothing between; a letter-spaced line is closed up."""
    closed = [bare(line) if re.fullmatch(r"(\S\s+)+\S", line) else line for line in lines]
    return "".join(closed)


def _take_salutation(rest: list[str]) -> str | None:
    for place, line in enumerate(rest[:4]):
        if is_salutation(line):
            del rest[place]
            return line
        if found := _RUN_IN.match(line):
            rest[place] = line[found.end() :]
            return found[1]
        if "。" in line:
            break
    return None
