"""Outlines: which sections a kind of report has, in what order, with what fixed wording.

They are data (`data/outlines/*.toml`), so that an office can add its own. Numbering of sections
lives here too, because numbers belong to an outline, never to a heading.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from drafter.errors import InputError
from drafter.types import FactSheet, ReportType
from index.types import ROLES, Role

OUTLINES_FOLDER = Path(__file__).parent / "data" / "outlines"
_FIELDS = ("unit", "post", "who", "year")


@dataclass(frozen=True, slots=True)
class OutlineChild:
    """A fixed level-2 heading, and the topics whose facts belong under it."""

    heading: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A level-1 section of an outline.

    Facts are put under level-2 headings from `group_from` facts on, at most `max_children` of
    them, in the order of `topics`; `core` topics are merged into others last. `lead` is the
    template of the text before （一）. `target_chars` is the length of the section where it has no
    facts; where it has, it is `stretch` times theirs (1.2: measured on drafts, docs/log.md).
    """

    heading: str
    role: Role
    when_empty: Literal["keep", "skip"]
    group_from: int
    max_children: int
    topics: tuple[str, ...]
    core: tuple[str, ...]
    children: tuple[OutlineChild, ...]
    lead: str
    target_chars: int
    stretch: float


@dataclass(frozen=True, slots=True)
class Outline:
    """One kind of report. `name` is its key, `label` what a person sees."""

    name: str
    label: str
    order: int
    report_type: ReportType
    types: tuple[str, ...]
    for_whom: tuple[str, ...]
    title: str
    preamble: str
    closing: str
    sections: tuple[OutlineSection, ...]


class Numberable(Protocol):
    """What `numbered` needs to know of a section."""

    @property
    def heading(self) -> str:
        """The heading, "" for a section without one."""
        ...

    @property
    def level(self) -> int:
        """1 for 一、, 2 for （一）."""
        ...


@cache
def list_outlines(folder: Path = OUTLINES_FOLDER) -> tuple[Outline, ...]:
    """Return all outlines of the folder in their order. Raises InputError naming a faulty file."""
    outlines = [_read_outline(path) for path in sorted(folder.glob("*.toml"))]
    if not outlines:
        raise InputError(f"没有找到任何提纲文件：{folder}", "请重新安装，或恢复 outlines 文件夹。")
    names = [outline.name for outline in outlines]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"有两份提纲都叫“{name}”。", "请把其中一个文件里的 name 改成别的。")
    return tuple(sorted(outlines, key=lambda outline: (outline.order, outline.name)))


def outline_named(name: str) -> Outline:
    """Return the outline of that name. Raises InputError listing the names there are."""
    outlines = list_outlines()
    for outline in outlines:
        if outline.name == name:
            return outline
    known = "、".join(outline.name for outline in outlines)
    raise InputError(f"没有名为“{name}”的提纲。", f"可以选用：{known}。")


def choose_outline(sheet: FactSheet) -> Outline:
    """Return the outline that fits what the sheet says of itself; the first one if it is silent.

    The report type decides first, then the words of unit and post: a 支部书记 of a 局 is a branch.
    """
    kind = sheet.report_type or ""
    title = sheet.title or ""
    who = f"{sheet.unit or ''} {sheet.post or ''} {title}"

    def fitness(outline: Outline) -> int:
        by_type = any(word in kind for word in outline.types)
        by_title = any(word in title for word in outline.types)
        # The longest matching word decides: 党支部 says more than 局.
        by_person = max((len(word) for word in outline.for_whom if word in who), default=0)
        by_post = max(
            (len(word) for word in outline.for_whom if word in (sheet.post or "")), default=0
        )
        return 1000 * by_type + 100 * by_title + 10 * by_post + by_person

    return max(list_outlines(), key=fitness)


def fill_template(template: str, sheet: FactSheet) -> str:
    """Fill {unit}{post}{who}{year} from the sheet; a [bracketed part] with an unknown is left out.

    Nothing is invented: an unknown outside brackets becomes empty.
    """
    unit, post = sheet.unit or "", sheet.post or ""
    who = post if unit and post.startswith(unit) else unit + post[_overlap(unit, post) :]
    values = {"unit": unit, "post": post, "who": who, "year": str(sheet.year or "")}

    def fill(text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], ""), text)

    def optional(match: re.Match[str]) -> str:
        used = re.findall(r"\{(\w+)\}", match[1])
        return fill(match[1]) if all(values.get(name) for name in used) else ""

    return fill(re.sub(r"\[([^\[\]]*)\]", optional, template))


def _overlap(unit: str, post: str) -> int:
    """How many characters the end of the unit shares with the start of the post: 某社区党委 and
    党委书记 make 某社区党委书记."""
    lengths = range(min(len(unit), len(post)), 1, -1)
    return next((n for n in lengths if unit.endswith(post[:n])), 0)


def opening_text(outline: Outline, sheet: FactSheet) -> str:
    """Return the opening sentence of the report."""
    return fill_template(outline.preamble, sheet)


def closing_text(outline: Outline, sheet: FactSheet) -> str:
    """Return the closing sentence of the report, "" where the kind has none."""
    return fill_template(outline.closing, sheet)


def lead_text(outline: Outline, role: Role, sheet: FactSheet) -> str:
    """Return the sentence before （一） of the section of that role, "" where there is none."""
    leads = (section.lead for section in outline.sections if section.role == role)
    return fill_template(next(leads, ""), sheet)


def section_numbers(levels: Sequence[int]) -> tuple[str, ...]:
    """Return the marks 一、 and （一） of sections by level; "" for level 0, which is not counted.

    Source: GB/T 9704-2012, 7.3.3 (第一层用“一、”，第二层用“（一）”).
    """
    marks: list[str] = []
    first = second = 0
    for level in levels:
        if level == 1:
            first, second = first + 1, 0
            marks.append(f"{chinese_number(first)}、")
        elif level == 2:
            second += 1
            marks.append(f"（{chinese_number(second)}）")
        else:
            marks.append("")
    return tuple(marks)


def numbered(sections: Sequence[Numberable]) -> tuple[str, ...]:
    """Return the mark of each section; one without a heading (导语, 结语) has none."""
    return section_numbers([section.level if section.heading else 0 for section in sections])


def chinese_number(number: int) -> str:
    """Return 1..99 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")


def _read_outline(path: Path) -> Outline:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        kind = next(kind for kind in get_args(ReportType) if kind == data["report_type"])
        outline = Outline(
            name=_text(data, "name"),
            label=_text(data, "label"),
            order=int(data.get("order", 100)),
            report_type=kind,
            types=tuple(data.get("types", ())),
            for_whom=tuple(data.get("for_whom", ())),
            title=_text(data, "title"),
            preamble=_text(data, "preamble"),
            closing=_text(data, "closing"),
            sections=tuple(_sections(data["section"])),
        )
        if not any(section.role == "成效" for section in outline.sections):
            raise ValueError("至少要有一个 role 为“成效”的 [[section]]")
    except StopIteration as error:
        raise _faulty(path, "report_type 只能是述职报告、工作汇报、工作总结") from error
    except KeyError as error:
        raise _faulty(path, f"缺少 {error.args[0]}") from error
    except (OSError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _faulty(path, str(error)) from error
    return outline


def _sections(items: Sequence[Mapping[str, Any]]) -> Iterator[OutlineSection]:
    for item in items:
        role = item["role"]
        if role not in ROLES:
            raise ValueError(f"没有“{role}”这个 role")
        if item.get("when_empty", "keep") not in ("keep", "skip"):
            raise ValueError("when_empty 只能是 keep 或 skip")
        yield OutlineSection(
            heading=_text(item, "heading"),
            role=role,
            when_empty=item.get("when_empty", "keep"),
            group_from=int(item.get("group_from", 5)),
            max_children=max(1, int(item.get("max_children", 6))),
            topics=tuple(item.get("topics", ())),
            core=tuple(item.get("core", ())),
            children=tuple(
                OutlineChild(_text(child, "heading"), tuple(child["topics"]))
                for child in item.get("child", ())
            ),
            lead=str(item.get("lead", "")),
            target_chars=int(item.get("target_chars", 200)),
            stretch=float(item.get("stretch", 1.2)),
        )


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} 要写成带引号的文字")
    for field in re.findall(r"\{(\w*)\}", value):
        if field not in _FIELDS:
            raise ValueError(f"{key} 里的 {{{field}}} 不能用，只能用 unit、post、who、year")
    return value


def _faulty(path: Path, reason: str) -> InputError:
    return InputError(
        f"提纲文件 {path.name} 有误：{reason}。",
        "请对照 bureau.toml 开头的说明改正，或移走这个文件。",
    )
