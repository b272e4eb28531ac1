"""The shape of a draft: empty sections, 一是 without 二是, quotes that do not close."""

import re
from collections.abc import Iterator

from drafter.types import Draft, DraftSection, Finding, Sources

_ORDER = "一二三四五六七八九十"
_OPENER = re.compile(rf"(?:^|(?<=[。；;：:，,\s]))([{_ORDER}])是(?!否)", re.MULTILINE)
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("「", "」"), ("【", "】"))


def _openers(section: DraftSection) -> Iterator[Finding]:
    """一是…二是…三是 must run on, across lines too; a new 一是 starts a new row."""
    last = 0
    for match in _OPENER.finditer(section.text):
        at = _ORDER.index(match[1]) + 1
        if at not in (1, last + 1):
            wanted = f"{_ORDER[min(last, 9)]}是"
            message = f"“{match[0]}”的次序不对，这里应是“{wanted}”。"
            yield Finding(
                "structure", "warning", section.id, match.span(), match[0], message, wanted
            )
        last = at


def _pairs(section: DraftSection) -> Iterator[Finding]:
    for opened, closed in _PAIRS:
        depth, start = 0, 0
        for match in re.finditer(f"[{opened}{closed}\n]", section.text):
            sign = match[0]
            if sign == opened:
                depth, start = depth + 1, match.start()
            elif sign == closed and depth:
                depth -= 1
            elif sign == closed or depth:
                at = match.start() if sign == closed else start
                lost = opened if sign == closed else closed
                yield _unclosed(section, at, lost)
                depth = 0
        if depth:
            yield _unclosed(section, start, closed)


def _unclosed(section: DraftSection, at: int, lost: str) -> Finding:
    sign = section.text[at]
    message = f"“{section.text[at : at + 8].strip()}”处缺少配对的“{lost}”。"
    return Finding("structure", "warning", section.id, (at, at + 1), sign, message, None)


def _ending(section: DraftSection) -> Iterator[Finding]:
    text = section.text.rstrip()
    if text and text[-1] not in "。！？!?”）)：:；…":
        message = "这一节的末尾没有句号，可能没有写完。"
        span = (max(0, len(text) - 8), len(text))
        yield Finding("structure", "warning", section.id, span, text[-8:], message, None)


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield what is wrong with the shape of the draft; sections not written yet are advice."""
    for at, section in enumerate(draft.sections):
        after = draft.sections[at + 1] if at + 1 < len(draft.sections) else None
        holds_others = after is not None and after.level > section.level
        if not section.text.strip():
            if not holds_others:
                message = f"“{section.heading}”这一节还没有内容。"
                yield Finding(
                    "structure", "advice", section.id, None, section.heading, message, None
                )
            continue
        yield from _openers(section)
        yield from _pairs(section)
        yield from _ending(section)
