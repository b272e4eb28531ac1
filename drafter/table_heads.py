"""What the columns of a table hold: rows of heads merged column by column, and read by their words.

Heads are in data/table_words.toml. A row of heads may have others under it (目标 over 计划数 and
实际数): the lower word says more, the upper one stays where the lower alone would not tell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from drafter.data import load_table
from drafter.numbers import find_quantities, narrow

LONGEST_HEAD = 16  # characters of a column's head
LONGEST_UNIT = 4
DEEPEST = 3  # rows of heads above one another
JUDGED = 200  # rows below a head, which show what its columns hold
_KINDS = ("number", "group", "text", "value", "named", "unit", "field", "period")
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d(?:年度?)?)?(?:\d{1,2}月份?|[一二三四五六七八九十]{1,2}月份?"
    r"|第?[一二三四1-4]季度|[上下]半年)?"
)
_NUMERIC = re.compile(r"[约近超逾共第]?[-+]?\d[\d.,:/%‰~年月日 -]*[^\d，。；]{0,4}")
_ORDINAL = re.compile(r"[（(]?(?:\d[\d.．-]*|[一二三四五六七八九十]{1,3})[)）、.]?")


@dataclass(frozen=True, slots=True)
class Columns:
    """The words over each column, what the column holds, and the column that opens the fact.

    Kinds: those of the word table, "period" (2026年, 一季度, 同比) and "" for what has no part of
    its own. "named" is a value that must not stand without its head. `rows` is how many rows of the
    table are heads.
    """

    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    subject: int | None
    rows: int


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    table: dict[str, list[str]] = load_table("table_words")
    return {word: kind for kind in _KINDS for word in table[kind]}


@lru_cache(maxsize=1)
def header_fields() -> frozenset[str]:
    """The words of header lines (单位：…)."""
    header: dict[str, list[str]] = load_table("header_words")["header"]
    return frozenset(word for words in header.values() for word in words)


@lru_cache(maxsize=1)
def _role_words() -> frozenset[str]:
    """Words that head a column, but as often open a row (问题 | 学习不深)."""
    groups: list[dict[str, list[str]]] = load_table("header_words")["group"]
    return frozenset(word for group in groups for word in group["words"])


def bare(head: str) -> str:
    """Return a head without spaces and without what stands in brackets."""
    return re.sub(r"[（(\[].*?[)）\]]|\s|[*：:]", "", head)


def is_number(cell: str) -> bool:
    """Say whether a cell is a number with little around it (14次, 约30名)."""
    return len(cell) <= LONGEST_HEAD and re.match(r"[约近超逾共]?\d", narrow(cell)) is not None


def measures(word: str) -> bool:
    """Say whether a word is a unit: 次, 人次, 万元, 个支部."""
    found = find_quantities(f"3{word}")
    whole = bool(found) and found[0].text == f"3{word}"
    return bool(word) and (whole or word.startswith("个"))


def is_total(row: Sequence[str], columns: Columns | None = None) -> bool:
    """Say whether a row only adds up those above it: its first words are 合计, 全年小计 …"""
    kinds = columns.kinds if columns else ()
    for c, cell in enumerate(row):
        if cell and not is_number(cell):
            if _adds_up(bare(cell)):
                return True
            if c >= len(kinds) or kinds[c] not in ("number", "group"):
                return False
    return False


def _adds_up(word: str) -> bool:
    table: dict[str, list[str]] = load_table("table_words")
    return any(
        word.startswith(lead) and word[len(lead) :] in table["total"]
        for lead in ("", *table["total_lead"])
    )


def _head_kind(head: str) -> str:
    word = bare(head)
    kind = _words().get(word, "")
    return "period" if not kind and word and _PERIOD.fullmatch(narrow(word)) else kind


def _head_like(cell: str) -> bool:
    if len(cell) > LONGEST_HEAD or re.search(r"[。；，]", cell):
        return False
    return not re.search(r"\d", narrow(cell)) or _head_kind(cell) == "period"


def may_head(row: Sequence[str], current: Columns | None) -> bool:
    """Say whether the words of a row alone allow that it heads those below it."""
    if sum(map(bool, row)) < 2 or not all(map(_head_like, row)):
        return False
    return current is None or sum(map(bool, map(_head_kind, row))) >= 2


def _year(head: str) -> str:
    """Return 2026 over a column as 2026年, which no other digits can run into."""
    return f"{head}年" if re.fullmatch(r"(?:19|20)\d\d", narrow(head)) else head


def columns_at(
    table: Sequence[Sequence[str]], at: int, width: int, current: Columns | None = None
) -> Columns | None:
    """Return the columns that row `at` heads, with the rows of heads under it; None for a row like
    others. `current` are the columns that hold so far: under them a row must say more to head.
    `width` is the number of columns of the widest row."""
    if not may_head(table[at], current):
        return None
    heads, rows = _padded([_year(head) for head in table[at]], width), 1
    while rows < DEEPEST and at + rows < len(table):
        under = _padded([_year(head) for head in table[at + rows]], width)
        if not _is_under(heads, under):
            break
        heads, rows = _merged(heads, under), rows + 1
    if current is not None and list(current.heads) == heads:
        return replace(current, rows=rows)
    following = table[at + rows : at + rows + JUDGED]
    below = [
        _padded(other, width)
        for other in following
        if sum(map(bool, other)) > 1 and not is_total(other)
    ]
    below = below or [
        _padded(other, width) for other in following if any(other) and not is_total(other)
    ]
    if not below or not _heads(heads, below, current):
        return None
    columns = [[other[c] for other in below if other[c]] for c in range(width)]
    kinds, subject = _kinds(heads, columns)
    return Columns(tuple(heads), tuple(kinds), subject, rows)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _is_under(heads: Sequence[str], under: Sequence[str]) -> bool:
    """Say whether a row holds heads under those of the row above it, rather than a fact."""
    new = [c for c, cell in enumerate(under) if cell and cell != heads[c]]
    if not new or not all(_head_like(under[c]) for c in new):
        return False
    if not heads[0] and all(under):  # nothing | 2025年 | nothing over 指标 | 计划 | 完成
        return True
    if 0 in new or any(_head_kind(heads[c]) in ("number", "group", "text") for c in new):
        return False
    spanned = any(not heads[c] or (c and heads[c] == heads[c - 1]) for c in new)
    return spanned or all(
        _head_kind(under[c]) or re.fullmatch(r"[（(].*[)）]", under[c]) for c in new
    )


def _merged(heads: Sequence[str], under: Sequence[str]) -> list[str]:
    """Return one head for each column: the lower word, the upper one, or both where it takes both
    to tell columns apart."""
    merged = []
    upper = ""
    for c, lower in enumerate(under):
        upper = heads[c] or (upper if lower else "")
        if not lower or lower == heads[c]:
            merged.append(heads[c])
        elif re.fullmatch(r"[（(].*[)）]", lower):
            merged.append(upper + lower)
        elif not upper or (under.count(lower) == 1 and _says_enough(lower, upper)):
            merged.append(lower)
        else:
            merged.append(upper + lower)
    return merged


def _says_enough(lower: str, upper: str) -> bool:
    plain = load_table("table_words")["vague"]
    return bool(_head_kind(lower)) or any(bare(upper).endswith(word) for word in plain)


def _heads(heads: Sequence[str], below: list[list[str]], current: Columns | None) -> bool:
    """Say whether words are the heads of the rows below."""
    filled = [c for c, head in enumerate(heads) if head]
    known = [c for c in filled if _head_kind(heads[c])]
    named = bare(heads[filled[0]]) in header_fields() and len(filled) == 2
    if named and _head_kind(heads[filled[1]]) in ("", "period"):
        return False  # 单位 | 清源区农业局, 年度 | 2026
    solid = [c for c in known if _head_kind(heads[c]) != "period"]
    if len(solid) >= 2 or current is not None:
        return len(known) >= 2
    by_lines = len(filled) == 2 and any(_head_kind(row[filled[0]]) for row in below)
    if solid and bare(heads[solid[0]]) not in _role_words() and not by_lines:
        return True  # not 名称 | 党员之家 over 地点 | 一楼
    return (bool(known) or len(filled) > 2) and any(
        2 * sum(map(is_number, cells)) >= len(cells) > 0
        for cells in ([row[c] for row in below if row[c]] for c in filled[1:])
    )


def _kinds(heads: Sequence[str], columns: list[list[str]]) -> tuple[list[str], int | None]:
    """Return what each column holds, and the one whose words open the fact."""
    kinds = [_head_kind(head) or ("period" if _is_timed(head) else "") for head in heads]
    for c, cells in enumerate(columns):
        first = not any(kind not in ("number", "group") for kind in kinds[:c])
        if not heads[c] and first and counts(cells):
            kinds[c] = "number"
        no_number = kinds[c] == "number" and not all(map(is_ordinal, cells))
        no_unit = kinds[c] == "unit" and (first or not _are_units(cells))
        if no_number or no_unit:
            kinds[c] = ""
    values = [c for c, kind in enumerate(kinds) if kind == "value"]
    if len(values) > 1 or {"named", "period"} & set(kinds):
        for c in values:
            kinds[c] = "named"
    for wanted in ("text", "", "field"):
        for c, kind in enumerate(kinds):
            if kind == wanted and heads[c] and not all(map(_is_numeric, columns[c])):
                return kinds, c
    return kinds, None


def _is_timed(head: str) -> bool:
    """Say whether a head is a time and a value, merged of two (2025年计划数)."""
    word = bare(head)
    ends = (c for c in range(1, len(word)) if _words().get(word[c:]) in ("named", "value"))
    return any(_PERIOD.fullmatch(narrow(word[:c])) for c in ends)


def _are_units(cells: Sequence[str]) -> bool:
    short = all(len(cell) <= LONGEST_UNIT and not re.search(r"\d", narrow(cell)) for cell in cells)
    return short and any(map(measures, cells))


def is_ordinal(cell: str) -> bool:
    """Say whether a cell numbers its row: 1, （二）, 3.1."""
    return _ORDINAL.fullmatch(cell) is not None


def _is_numeric(cell: str) -> bool:
    return _NUMERIC.fullmatch(narrow(cell)) is not None


def counts(cells: Sequence[str]) -> bool:
    """Say whether cells number their rows: 1, 2, 3 …"""
    if not cells or not all(re.fullmatch(r"\d{1,3}", narrow(cell)) for cell in cells):
        return False
    numbers = [int(narrow(cell)) for cell in cells]
    steps = {after - before for before, after in pairwise(numbers)}
    if numbers[0] == 1:
        return steps <= {1} or (len(numbers) > 2 and min(steps) > 0)
    return len(numbers) > 2 and steps == {1}
