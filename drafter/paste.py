"""The lines of a paste: cleaned, with their bullet marks and indentation read off."""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafter.data import load_table
from drafter.errors import InputError
from drafter.numbers import narrow, parse_number
from drafter.tables import read_rows
from drafter.types import ReportType

MAX_CHARS = 400_000
MAX_LINE_CHARS = 20_000

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
_CHAT_TOKEN = re.compile(
    r"<\|im_start\|>(?:system|user|assistant)\b|<\|[^|<>\n]{0,40}\|>|<｜[^｜<>\n]{0,40}｜>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>",
    re.I,
)
_DEEPEST = 8  # passes: peeling one layer of nested tokens a pass would take quadratic time
# Bullet marks by depth: a mark of higher rank under one of lower rank is nested.
MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\s*")),
    (1, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]\s*[、.．]?\s*")),
    (2, re.compile(r"\d{1,4}(?:[、)）]|[.．](?![\d．]))\s*")),
    (3, re.compile(r"[（(]\d{1,4}[)）]\s*[、.．]?\s*")),
    (4, re.compile(r"[①-⑳⑴-⒛➀-➓❶-❿㈠-㈩]\s*[、.．]?\s*")),
    (5, re.compile(r"(?:[•·●○■□▪◆◇★☆✓✔→‣◦]+|[-–—]+|[*+](?=\s))\s*(?:\[[ xX]\]\s*)?")),
    (
        6,
        re.compile(
            r"(?:[一二三四五六七八九十]是(?!否)|第[一二三四五六七八九十]{1,2}[，,、：:]|[a-zA-Z][、)）.]\s)\s*[，,：:]?\s*"
        ),
    ),
)
UNMARKED = 9
_BOLD = re.compile(r"(?<![^\s：:])(\*\*|__)(?=[^\s*_])([^*\n]*?[^\s*])\1(?=$|[\s：:，,。])")
ENDS = " \t\u3000；;，,。、.．"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the paste: its indentation, the rank of its mark, and its text without both."""

    indent: int
    rank: int
    text: str
    heading: bool


def clean_paste(paste: str) -> str:
    """Return `paste` without control and zero-width characters and chat-template tokens.

    Rows of tables (tabs between cells, as sheets copy them) come as bullets, sums not at all.

    Raises InputError when nothing is left or when a limit is passed (400,000 characters, or 20,000
    in one line): such a paste is a file put in by mistake.
    """
    text = read_rows(_without_noise(paste)).text
    _check_lines(text)
    if not re.search(r"[^\W_]", text):
        raise InputError(
            "没有读到要点。", "请粘贴事实要点，一行一条，例如“全年召开党组会研究党建12次”。"
        )
    return text


def totals_of(paste: str) -> tuple[str, ...]:
    """Return the rows of tables that only add up the rows above them: `clean_paste` leaves them
    out. Raises InputError for a paste that is too long."""
    return read_rows(_without_noise(paste)).totals


def _without_noise(paste: str) -> str:
    """Return a paste without what nobody typed; raise InputError where it is too long."""
    if len(paste) > MAX_CHARS:
        raise InputError(
            f"要点材料有 {len(paste)} 个字，超过上限 {MAX_CHARS} 个字。",
            "请只粘贴本次报告要用的要点。",
        )
    text = re.sub(r"\r\n?|[\u2028\u2029\x85\v\f]", "\n", paste)
    text = _INVISIBLE.sub("", text)
    _check_lines(text)
    return "\n".join(map(_without_tokens, text.split("\n")))


def _check_lines(text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE_CHARS:
            raise InputError(
                f"第 {number} 行有 {len(line)} 个字，超过一行上限 {MAX_LINE_CHARS} 个字。",
                "请分行粘贴，一行写一条要点。",
            )


def _without_tokens(line: str) -> str:
    """Return a line without chat-template tokens, also those that show once one is taken out; where
    they are nested deeper than anybody types, without any bracket or bar."""
    for _ in range(_DEEPEST):
        after = _CHAT_TOKEN.sub(_what_it_feigned, line)
        if after == line:
            return line
        line = after
    return re.sub(r"[<>\[\]|｜]", "", line)


def _what_it_feigned(token: re.Match[str]) -> str:
    """Return what stands for a chat-template token: nothing, or the words of a turn that it opened
    with what follows them, told as such ("assistant：好的"), so that they are held back as one."""
    role = re.search(r"(system|user|assistant)$", token[0], re.I)
    rest = token.string[token.end() :].lstrip(" \t")
    return f"\n- {role[1]}：" if role and rest[:1] not in ("", "\n") else ""


def read_line(raw: str) -> Line | None:
    """Return a line of the paste, None where it holds nothing (blank, a rule, a code fence)."""
    body = re.sub(r"^(?:\s*>)+", "", raw).expandtabs(4)
    stripped = body.lstrip(" \u3000")
    lead = body[: len(body) - len(stripped)]
    indent = len(lead) + lead.count("\u3000")
    text = _BOLD.sub(r"\2", stripped.rstrip())
    if re.fullmatch(r"[-=_*—\s]{3,}|```\w*|", text):
        return None
    marked = re.match(r"#{1,6}\s+", text)
    if marked:
        return Line(indent, -1, text[marked.end() :].strip("# "), True)
    bracket = re.fullmatch(r"[【\[［〔]([^】\]］〕]{1,30})[】\]］〕][:：]?", text)
    if bracket:
        return Line(indent, -1, bracket[1], True)
    for rank, pattern in MARKS:
        mark = pattern.match(text)
        if mark and mark.end() < len(text):
            return Line(indent, rank, _BOLD.sub(r"\2", text[mark.end() :]), False)
    return Line(indent, UNMARKED, text, False) if text else None


@lru_cache(maxsize=1)
def _header_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    fields = {
        word: field
        for field, words in load_table("header_words")["header"].items()
        for word in words
    }
    words = "|".join(sorted(map(re.escape, fields), key=len, reverse=True))
    return re.compile(rf"(?:^|(?<=[\s；;，,|]))({words})\s*[:：]\s*"), fields


def read_header(text: str) -> dict[str, str]:
    """The fields of a header line "单位：…  职务：…", or nothing where the line is none."""
    pattern, fields = _header_pattern()
    marks = list(pattern.finditer(text))
    if not marks or marks[0].start() != 0:
        return {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = {}
    for mark, end in zip(marks, ends, strict=True):
        value = text[mark.end() : end].strip(ENDS + "|*")
        if len(value) > 80:
            return {}
        if value:
            found[fields[mark[1]]] = value
    return found


def report_type_of(text: str) -> ReportType | None:
    """The kind of report that `text` (a title or a header line) names, else None."""
    for entry in load_table("header_words")["report_type"]:
        if any(word in text for word in entry["words"]):
            kind: ReportType = entry["type"]
            return kind
    return None


def year_of(text: str) -> int | None:
    """The first year that `text` names (2026年度, 二〇二六年, 2026), else None."""
    match = re.search(r"(?:19|20)\d\d|[一二][〇零○九][〇零○一二三四五六七八九]{2}", narrow(text))
    value = parse_number(match[0]) if match else None
    return int(value) if value is not None else None


def join_wrapped(lines: list[Line]) -> list[Line]:
    """Put an indented line without mark back to the bullet it was wrapped from."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        wrapped = before is not None and before.rank in range(UNMARKED) and line.rank == UNMARKED
        if (
            before is not None
            and wrapped
            and line.indent > before.indent
            and before.text[-1] not in ":：。；;"
        ):
            joined[-1] = Line(before.indent, before.rank, before.text + line.text, False)
        else:
            joined.append(line)
    return joined
