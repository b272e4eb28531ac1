"""The shape of a draft: numbers out of order, empty sections, brackets that do not close, a text
cut off, parts in the wrong order. What a fact itself says so is the person's own and only advice.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.checks.first_heading import begins_late
from drafter.checks.numbering import (
    Line,
    Token,
    disorder,
    heading_disorder,
    lines_of,
    list_tokens,
    value,
)
from drafter.checks.steps import hollow, rows, sequence
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Finding, Severity, Sources

_HAN = "一二三四五六七八九十"
_PAIRS = (
    ("“", "”"),
    ("‘", "’"),
    ("《", "》"),
    ("（(", "）)"),
    ("「", "」"),
    ("【", "】"),
    ("〔", "〕"),
)
# “三方面…：一是”: the number of points announced right before a list.
_ANNOUNCED = re.compile(
    r"(?<![\d.．第])(?P<many>[两二三四五六七八九十]|\d{1,2})(?:个|大|项|点|条)?"
    r"(?:方面|件(?:事|大事|实事)|点|条|举措|措施|环节|(?<=项)(?:重点)?工作)"
    r"[^。；;：:\n]{0,20}[：:，,。]?\s*$"
)
_NAMES = {"shi": "是", "yao": "要"}
_CLOSED = "。！？!?…”’）)》】；;：:"
# A title that ends in a stop, and one with its text behind it in the same line.
_TITLE = re.compile(r"[^，。；：\d了已]{4,12}。")
_RUN_IN = re.compile(r"[^，。；：\d]{4,16}。.{8}")
_LONGEST = 30  # characters of a heading that names a part
_TAIL = 8  # characters shown of a text that breaks off


def _finding(
    section: DraftSection, start: int | None, text: str, message: str,
    severity: Severity = "error", hint: str | None = None,
) -> Finding:  # fmt: skip
    span = None if start is None else (start, start + len(text))
    return Finding("structure", severity, section.id, span, text, message, hint)


def _in_order(kind: str, wanted: int, written: str) -> str:
    """Return the ordinal wanted, in the form of the one written."""
    if written[:1].isdigit() or written[1:2].isdigit() or kind == "ring":
        return str(wanted)
    tens, ones = divmod(wanted, 10)
    number = (
        _HAN[wanted - 1] if wanted <= 10 else ("" if tens == 1 else _HAN[tens - 1]) + "十"
        + (_HAN[ones - 1] if ones else "")
    )  # fmt: skip
    return number + _NAMES.get(kind, "") if kind in _NAMES else number


def _out_of_order(token: Token, wanted: int) -> Finding:
    hint = _in_order(token.kind, wanted, token.text)
    message = f"“{token.text.strip()}”的次序不对，这里应是“{hint}”。"
    fix = hint if token.kind in _NAMES else None
    return _finding(token.section, token.start, token.text, message, hint=fix)


def _runs(tokens: list[Token]) -> Iterator[list[Token]]:
    """Part the tokens of a section into lists, each from its 1 on."""
    for kind in dict.fromkeys(token.kind for token in tokens):
        run: list[Token] = []
        for token in (one for one in tokens if one.kind == kind):
            if token.number == 1 and run:
                yield run
                run = []
            run.append(token)
        yield run


def _lists(section: DraftSection) -> Iterator[Finding]:
    """Lists of 一是/第一/其一: in order, not alone, and as many as announced."""
    tokens = list(list_tokens(section))
    wrong = list(disorder(tokens))
    yield from (_out_of_order(token, wanted) for token, wanted in wrong)
    for run in _runs(tokens):
        first = run[0]
        if first.number != 1 or any(token in run for token, _ in wrong):
            continue
        before = section.text[: first.start]
        announced = _ANNOUNCED.search(before)
        many = value(announced["many"].replace("两", "二")) if announced else 0
        if announced and many > 1 and many != run[-1].number:
            message = f"前面说“{announced[0].strip()}”，后面列了{run[-1].number}条。"
            start = announced.start()
            text = section.text[start : announced.end()].rstrip("：:，,。 \n")
            yield _finding(section, start, text, message)
        elif len(run) == 1 and first.kind == "shi" and not first.at_start:
            following = _in_order(first.kind, 2, first.text)
            message = f"只有“{first.text}”，后面没有“{following}”。"
            yield _finding(section, first.start, first.text, message)


def _pairs(section: DraftSection, own: str) -> Iterator[Finding]:
    for opened, closed in _PAIRS:
        depth, start = 0, 0
        for match in re.finditer(f"[{re.escape(opened + closed)}\n]", section.text):
            sign, at = match[0], match.start()
            if sign in opened:
                if depth and opened in "“《":  # a title or quotation does not hold its like
                    yield _unclosed(section, start, closed[0], own)
                    depth = 0
                depth, start = depth + 1, at if not depth else start
            elif sign in closed and depth:
                depth -= 1
            elif sign in closed and not _is_label(section.text, at):
                yield _unclosed(section, at, opened[0], own)
            elif sign == "\n" and depth:
                yield _unclosed(section, start, closed[0], own)
                depth = 0
        if depth:
            yield _unclosed(section, start, closed[0], own)


def _is_label(text: str, at: int) -> bool:
    """Whether a closing bracket belongs to “1）” or “一）” at the start of an item, or to an
    apostrophe."""
    label = re.search(rf"(?:^|[\s。；;：:，,])(?:\d{{1,2}}|[{_HAN}]{{1,3}}|[a-zA-Z])$", text[:at])
    return bool(label) or (text[at] == "’" and text[at - 1 : at].isascii())


def _unclosed(section: DraftSection, at: int, lost: str, own: str) -> Finding:
    around = section.text[at : at + 8].strip()
    message = f"“{around}”处缺少配对的“{lost}”。"
    sign, before = section.text[at], section.text[max(0, at - _TAIL) : at + 1]
    said = any(
        fact.count(sign) != fact.count(lost) and (around in fact or before in fact)
        for fact in own.split("\n")
    )
    return _finding(section, at, sign, message, "advice" if said else "error")


def _ending(section: DraftSection, own: str) -> Iterator[Finding]:
    text = section.text.rstrip()
    last = text.rsplit("\n", 1)[-1]
    if not text or text[-1] in _CLOSED or _is_bare_line(last):
        return
    message = "这一节的末尾没有句号，可能没有写完。"
    prose = text[-1] in "，,、" or bool(re.search("[，。；]", last)) or bool(_OPENER.search(last))
    severity: Severity = "error" if prose else "warning"
    if len(text) >= _TAIL and text[-_TAIL:] in own:
        severity = "advice"
    tail = text[-_TAIL:].rsplit("\n", 1)[-1]
    yield _finding(section, len(text) - len(tail), tail, message, severity)


_INTRODUCES = re.compile(r"[^，。；：\d]{4,16}[：:]")
_OPENER = re.compile(f"[{_HAN}](?:是|要)$")
_BARE_LINE = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|[^，。；：]{2,16}(?:党组|党委|支部|总支|工委|局|公司|学校|医院)"
)


def _is_bare_line(line: str) -> bool:
    """A signature, a date or a heading needs no stop."""
    line = line.strip()
    return bool(_BARE_LINE.fullmatch(line)) or bool(re.match(rf"[（(]?[{_HAN}]+[、）)]", line))


def _empty(draft: Draft, lines: tuple[Line, ...]) -> Iterator[Finding]:
    """Headings under which nothing stands.

    A heading that carries its number stands in a finished text: an error, provided that another of
    its kind beside it has a text (else the lines are a list). One without is a plan's, and a
    section not written yet is no fault.
    """
    for at, line in enumerate(lines):
        after = lines[at + 1] if at + 1 < len(lines) else None
        bare = line.kind and line.is_heading and (after is None or _closes(after, line))
        if _is_bare_title(lines, at) or (
            bare
            and (_ends_prose(lines, at) or any(_is_filled(lines, n) for n in _siblings(lines, at)))
        ):
            message = f"“{line.text}”下面没有内容。"
            yield _finding(line.section, line.start, line.text, message)
    last_line = lines[-1] if lines else None
    if (
        last_line is not None
        and last_line.start
        and not last_line.kind
        and _INTRODUCES.fullmatch(last_line.text)
    ):
        # 下一步打算： as the last line of all, behind what was told before.
        message = f"“{last_line.text}”后面没有内容。"
        yield _finding(last_line.section, last_line.start, last_line.text, message)
    for at, section in enumerate(draft.sections):
        after_it = draft.sections[at + 1] if at + 1 < len(draft.sections) else None
        holds_others = after_it is not None and after_it.level > section.level
        numbered = bool(section.heading) and any(
            line.kind for line in lines if line.section is section and line.start is None
        )
        if not section.text.strip() and not holds_others and not numbered:
            message = f"“{section.heading}”这一节还没有内容。"
            yield _finding(section, None, section.heading, message, "advice")


def _ends_prose(lines: tuple[Line, ...], at: int) -> bool:
    """Whether a heading is the last line of all, right behind a text: nothing can follow it."""
    line, before = lines[at], lines[at - 1] if at else None
    return (
        at + 1 == len(lines)
        and before is not None
        and line.kind in ("one", "paren")
        and before.section is line.section
        and before.text.endswith(("。", "！"))
        and not before.is_heading
    )


def _is_bare_title(lines: tuple[Line, ...], at: int) -> bool:
    """Whether a line is a title with its stop and no text, where its like have theirs behind it:
    （一）严肃组织生活。支部按月…, then （二）压实责任。 alone."""
    line = lines[at]
    if line.start is None or line.kind not in ("one", "paren") or not _TITLE.fullmatch(line.rest):
        return False
    if at + 1 < len(lines) and not _closes(lines[at + 1], line):
        return False
    others = [lines[n] for n in _siblings(lines, at) if n != at]
    return len(others) > 1 and all(_RUN_IN.match(other.rest) for other in others)


def _closes(after: Line, line: Line) -> bool:
    """Whether the line after a heading is no text of its: a heading as high, or one unnumbered."""
    if after.kind:
        return after.rank <= line.rank
    return after.start is None


def _siblings(lines: tuple[Line, ...], at: int) -> Iterator[int]:
    """Yield the places of the marks of one kind under one heading, `at` among them."""
    line = lines[at]
    for step in (-1, 1):
        n = at + step
        while 0 <= n < len(lines) and lines[n].rank >= line.rank:
            if lines[n].kind == line.kind:
                yield n
            n += step


def _is_filled(lines: tuple[Line, ...], at: int) -> bool:
    line = lines[at]
    if not line.is_heading:
        return True
    return at + 1 < len(lines) and not _closes(lines[at + 1], line)


@lru_cache(maxsize=1)
def _part_words() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    """Patterns of the parts of a report in their order, and of headings that are none of them."""
    table = load_table("report_parts")
    parts = tuple(
        re.compile("|".join(table[part])) for part in ("done", "problems", "causes", "plans")
    )
    return parts, re.compile("|".join(table["other"]))


def _part(line: Line) -> int | None:
    """Which part of a report a heading opens; None when it says none, or two."""
    heading = line.rest or line.text
    parts, other = _part_words()
    found = [place for place, words in enumerate(parts) if words.search(heading)]
    return found[0] if len(found) == 1 and not other.search(heading) else None


def _parts(lines: tuple[Line, ...]) -> Iterator[Finding]:
    """成效 before 问题 before 原因 before 打算, among the highest headings."""
    heads = [line for line in lines if line.is_heading and len(line.text) <= _LONGEST]
    top = min((line.rank for line in heads if line.kind), default=None)
    highest = 0
    for line in heads:
        part = _part(line)
        if part is None or (line.rank != top if line.kind else line.section.level > 1):
            continue
        if part < highest:
            message = f"“{line.text}”放在了后面的部分之后，通常先写做法，再写问题、原因和打算。"
            yield _finding(line.section, line.start, line.text, message, "warning")
        highest = max(highest, part)


def _too_deep(lines: tuple[Line, ...]) -> Iterator[Finding]:
    """（一） before the first 一、 although sections follow."""
    first = next((at for at, line in enumerate(lines) if line.kind == "one"), None)
    if first is None or lines[first].number != 1:
        return
    for line in lines[:first]:
        if line.kind == "paren" and line.number == 1:
            message = f"“{line.text[:20]}”写在了“一、”的前面，层次不对。"
            yield _finding(line.section, line.start, line.text[:20], message)


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield what is wrong with the shape of the draft.

    Errors are what a reader takes for a slip: a list that jumps, a bracket left open, a heading
    with nothing below. The order of the parts is a warning, a section not written yet advice.
    """
    lines = lines_of(draft)
    own = "\n".join(fact.text for fact in sources.facts)
    yield from (_out_of_order(token, wanted) for token, wanted in heading_disorder(lines))
    late = begins_late(draft.title, lines)
    if late is not None:
        message = f"第一个标题就是“{late.text}”，前面缺了“一、”。"
        yield _finding(late.section, None, late.text, message)
    yield from _too_deep(lines)
    yield from _empty(draft, lines)
    yield from _parts(lines)
    for section in draft.sections:
        yield from _lists(section)
        steps = (*sequence(section.text), *hollow(section.text), *rows(section.text))
        for start, words, message, severity in steps:
            yield _finding(section, start, words, message, severity)
        yield from _pairs(section, own)
        yield from _ending(section, own)
