"""Read pasted material into facts: bullets of any style, groups, nesting, header lines, duplicates.

Nothing a person pasted is reworded: a fact's text is a slice of the paste, or two slices joined by
"：" where a nested bullet needs its parent's words. Only marks and separators go. Words that name
headers, groups and roles are in data/header_words.toml.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafter.anchors import find_anchors
from drafter.data import load_table
from drafter.errors import InputError
from drafter.numbers import find_quantities, narrow
from drafter.paste import (
    ENDS,
    MARKS,
    UNMARKED,
    Line,
    clean_paste,
    join_wrapped,
    read_header,
    read_line,
    report_type_of,
    totals_of,
    year_of,
)
from drafter.types import Fact, FactSheet
from index.types import Role

MAX_FACTS = 2_000


@dataclass(frozen=True, slots=True)
class _Bullet:
    """A line that holds facts: the group it stands under, that group's role, its parent's words."""

    text: str
    group: str | None
    role: Role | None
    parent: str


def group_role(heading: str) -> Role | None:
    """The role that a group heading gives its facts, else None."""
    for entry in load_table("header_words")["group"]:
        if any(word in heading for word in entry["words"]):
            role: Role = entry["role"]
            return role
    return None


@lru_cache(maxsize=1)
def _cues() -> tuple[tuple[Role, re.Pattern[str]], ...]:
    return tuple(
        (cue["role"], re.compile(cue["find"])) for cue in load_table("header_words")["cue"]
    )


def fact_role(text: str, group: str | None, of_group: Role | None) -> Role:
    """The role of a fact: its group's, unless its own first words plainly say 打算 or 原因."""
    cues = {role: pattern for role, pattern in _cues() if pattern.search(text)}
    if "打算" in cues and of_group in (None, "成效"):
        return "打算"
    if of_group == "问题" and group and "原因" in group and "原因" in cues:
        return "原因"
    if of_group is not None:
        return of_group
    return next(iter(cues), "成效")


def _is_title(line: Line) -> bool:
    text = line.text.strip(ENDS)
    kind = report_type_of(text) is not None and re.search(r"(?:报告|总结|汇报|材料|要点)$", text)
    return bool(kind) and line.rank in (-1, UNMARKED) and len(text) <= 50


def _is_heading(line: Line, following: Line | None) -> bool:
    """Whether a line names a group rather than states a fact."""
    if line.heading:
        # "## 讲党课4次" with nothing under it is a fact in heading's clothes.
        empty = following is None or following.heading
        return not (empty and find_quantities(line.text))
    text = line.text.rstrip()
    plain = text.rstrip(":：。 ")
    if not plain or len(plain) > 24 or re.search(r"[。；;，,]", plain):
        return False
    outer = line.rank in (0, 1, UNMARKED)
    if outer and re.fullmatch(_strict_heading(), plain):  # before numbers: 新一年工作打算 has none
        return not _claims(plain, text) or _is_above(line, following)
    if any(quantity.kind not in ("year", "date") for quantity in find_quantities(plain)):
        return False
    nested = following is not None and (
        following.rank != line.rank or following.indent > line.indent
    )
    if outer and text[-1] in ":：":
        return following is not None
    if _is_statement(plain):
        return False
    if line.rank in (0, 1) or (line.rank == UNMARKED and line.indent == 0):
        marked = following is not None and following.rank not in (UNMARKED, -1)
        deeper = following is not None and following.rank > line.rank if line.rank < 2 else marked
        return nested and deeper and (line.rank != 0 or len(plain) <= 20)
    return False


def _claims(plain: str, text: str) -> bool:
    """Whether words of headings make a claim: 党委还有短板, 班子存在困难, 工作思路不足."""
    words = load_table("header_words")["nesting"]["claims"]
    return text[-1] not in ":：" and re.search(words, plain) is not None


def _is_above(line: Line, following: Line | None) -> bool:
    """Whether a line has bullets of its own below it."""
    return following is not None and following.rank > line.rank and following.rank != UNMARKED


@lru_cache(maxsize=1)
def _strict_heading() -> str:
    words = [
        word
        for entry in load_table("header_words")["group"]
        for word in entry["words"]
        if word not in ("工作", "情况", "建设", "规划", "计划", "落实情况", "工作情况")
    ]
    either = "|".join(map(re.escape, words))
    nesting = load_table("header_words")["nesting"]
    return rf"(?:{nesting['heading_lead']}){{0,4}}(?:{either})(?:{nesting['heading_tail']}){{0,4}}"


def _inline_group(text: str) -> tuple[str, str] | None:
    """The label and the rest of "存在问题：学习不够深入。", else None."""
    match = re.match(r"([^:：，,。；;]{2,14})[:：]\s*(?=\S)", text)
    if match and re.fullmatch(_strict_heading(), match[1]):
        return match[1], text[match.end() :]
    return None


def _stands_alone(part: str) -> bool:
    words = load_table("header_words")["nesting"]
    return len(part) >= 5 and not re.match(words["attached"], part)


def split_facts(text: str) -> tuple[str, ...]:
    """Split a long bullet at ；and 。 where each part speaks for itself; quotes are not split."""
    pieces = re.findall(
        r"(?:[“《（(「『][^”》）)」』]{0,80}[”》）)」』]|[^；;。])+[；;。]*|[；;。]+", text
    )
    parts: list[str] = []
    for piece in pieces:
        mark = MARKS[-1][1].match(piece) if parts else None
        core = piece[mark.end() :] if mark else piece
        if parts and not _stands_alone(core.strip(ENDS)):
            parts[-1] += piece
        else:
            parts.append(core)
    stripped = (part.strip(ENDS) for part in parts)
    return tuple(part for part in stripped if part)


def _parent_of(line: Line, open_lines: list[Line]) -> list[Line]:
    """The lines still open above `line`, outermost first.

    A deeper mark without indentation (1. then ①) nests too, unless the paste indents its nesting.
    """
    if line.rank == UNMARKED and line.indent == 0:
        return []
    by_mark = not any(other.indent > line.indent for other in open_lines)
    return [
        other
        for other in open_lines
        if line.indent > other.indent
        or (
            by_mark
            and line.indent == other.indent
            and line.rank > other.rank
            and _only_context(other.text)
        )
    ]


def _is_statement(text: str) -> bool:
    """Whether a short text claims something (学习不够深入) rather than names a subject."""
    return bool(find_quantities(text)) or any(pattern.search(text) for _, pattern in _cues())


def _only_context(text: str) -> bool:
    """Whether a parent bullet names a subject for its children rather than states a fact."""
    plain = text.rstrip(ENDS + ":：")
    return not _is_statement(plain) and (text.rstrip()[-1:] in ":：" or len(plain) <= 16)


def _bullets(lines: list[Line]) -> Iterator[_Bullet]:
    group: str | None = None
    role: Role | None = None
    open_lines: list[Line] = []
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if _is_heading(line, following):
            name = line.text.strip(ENDS + ":： ")
            inner = line.rank in (1, 2) or (line.rank == -1 and group_role(name) is None)
            own = group_role(name)
            role = own or (role if inner else None)
            group, open_lines = name, []
            continue
        text, own_group, own_role = line.text, group, role
        inline = _inline_group(text)
        if inline:
            own_group, text = inline
            own_role = group_role(own_group)
        if inline and line.rank in (0, 1, UNMARKED):
            group, role = own_group, own_role
        parents = _parent_of(line, open_lines)
        open_lines = [*parents, line]
        has_child = following is not None and line in _parent_of(following, open_lines)
        if has_child and _only_context(text):
            continue
        context = parents[-1].text.strip(ENDS + ":：") if parents else ""
        yield from _with_context(text, context, parents, own_group, own_role)


def _with_context(
    text: str, context: str, parents: list[Line], group: str | None, role: Role | None
) -> Iterator[_Bullet]:
    dependent = re.match(load_table("header_words")["nesting"]["dependent"], narrow(text))
    short = len(text.strip(ENDS)) <= 9
    if context and (dependent or short):
        yield _Bullet(text, group, role, context)
        return
    subject = "：".join(
        parent.text.strip(ENDS + ":：") for parent in parents if _only_context(parent.text)
    )
    if subject:
        group = f"{group}：{subject}" if group else subject
    yield _Bullet(text, group, role, "")


def _same(text: str) -> str:
    return re.sub(r"[\W_]+", "", narrow(text)).lower()


def _take_header(lines: list[Line]) -> tuple[dict[str, str], list[Line]]:
    header: dict[str, str] = {}
    rest: list[Line] = []
    for line in lines:
        if not any(other.rank >= 0 for other in rest):
            found = read_header(line.text)
            if found:
                header |= {field: value for field, value in found.items() if field not in header}
                continue
            if "title" not in header and _is_title(line):
                header["title"] = line.text.strip(ENDS + ":：")
                continue
        rest.append(line)
    return header, rest


def _make_facts(bullets: Iterator[_Bullet]) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    facts: list[Fact] = []
    duplicates: list[str] = []
    seen: set[str] = set()
    for bullet in bullets:
        for part in split_facts(bullet.text):
            text = f"{bullet.parent}：{part}" if bullet.parent else part
            key = _same(text)
            if key in seen or not key:
                duplicates.append(text)
                continue
            seen.add(key)
            if len(facts) == MAX_FACTS:
                raise InputError(
                    f"要点超过 {MAX_FACTS} 条。", "请挑选本次报告要用的要点，或分成几份文稿。"
                )
            role = fact_role(text, bullet.group, bullet.role)
            facts.append(Fact(f"F{len(facts) + 1}", text, (), role, bullet.group))
    return tuple(
        Fact(fact.id, fact.text, find_anchors(fact.text), fact.role, fact.group) for fact in facts
    ), tuple(duplicates)


def read_facts(paste: str) -> FactSheet:
    """Read pasted material. Every role is set: the group's, else by cue words, else 成效.

    Raises InputError, with the next step, for a paste that is empty or too large (see clean_paste)
    or that holds more than 2,000 facts.
    """
    read = (read_line(line) for line in clean_paste(paste).split("\n"))
    header, lines = _take_header([line for line in read if line is not None])
    facts, duplicates = _make_facts(_bullets(join_wrapped(lines)))
    duplicates += totals_of(paste)  # sums say again what the rows above them say
    if not facts:
        raise InputError("只读到标题和表头，没有要点。", "请在下面补上事实要点，一行一条。")
    title = header.get("title")
    kind = report_type_of(header.get("report_type", "")) or report_type_of(title or "")
    year = (
        year_of(header.get("year", ""))
        or year_of(title or "")
        or year_of(header.get("report_type", ""))
    )
    return FactSheet(title, kind, header.get("unit"), header.get("post"), year, facts, duplicates)
