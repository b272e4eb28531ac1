"""What is over, told as going on: a campaign that “正在” runs, a goal “到2020年” still ahead."""

import re
from collections.abc import Iterator
from typing import Any

from drafter.checks.told import Place, is_history

_NOW = re.compile("当前|当下|目前|眼下|现阶段|正在|正值")
_DOING = re.compile("开展|推进|进行|掀起|参加|部署")
_GOING = re.compile(
    "[^，。；]{0,4}?(?:正(?:在|如火如荼|深入|扎实|全面|有序)|如火如荼|方兴未艾|持续升温|进入关键)"
)
_GOAL = re.compile(
    r"(?:为|确保|力争|争取|向着?)(?P<goal>到?(?P<due>20[0-4]\d)年[底末前]?"
    r"[^，。；\d]{2,24}?(?:而(?:努力|不懈|团结)?奋斗|的目标(?:迈进|前进|奋进)))"
)
_TOLD = re.compile("提出|指出|曾|当时|那时|回顾|原定|以来|规划》|上级要求")


def tells_as_going(place: Place, row: dict[str, Any], year: int) -> bool:
    """Whether a campaign that ended before `year` (`ongoing` of its row) is told as going on."""
    if "ongoing" not in row or year <= int(str(row["ongoing"])[:4]):
        return False
    if is_history(place, year, year - 1):
        return False
    lead, then = place.before[-8:], place.after[:8]
    now = _NOW.search(lead) and (_DOING.search(lead[-4:]) or _DOING.search(then))
    return bool(now or _GOING.match(place.after))


def past_goals(text: str, year: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and year of goals told as ahead whose year is over."""
    for match in _GOAL.finditer(text):
        begin = max(text.rfind(mark, 0, match.start()) for mark in "。；\n") + 1
        due = int(match["due"])
        if due < year and not _TOLD.search(text, begin, match.start()):
            yield match.start("goal"), match.end("goal"), due
