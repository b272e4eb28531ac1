"""How reports are kept in the library: what is cleaned off, the year, the units that are embedded.

Pure functions between texts, dataclasses and the plain values SQLite holds.
"""

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from index.errors import UserFacingError
from index.types import ParsedReport, ReportInfo, ReportSection, Section, Subsection

UNIT_CHARACTERS = 160  # a topic shows at once, and the time to embed grows with length

# Zero-width characters and direction marks; soft hyphen; variation selectors stay (emoji only).
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Marks that chat templates give a meaning to: ChatML, Llama, Mistral, DeepSeek, XLM-R.
_TEMPLATE = re.compile(
    r"<[|｜][^<>|｜\n]{1,40}[|｜]>|</?(?:s|pad|unk|mask|bos|eos)>|<</?SYS>>|\[/?INST\]"
    r"|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?:\s*年|(?!\d))")
_YEAR_WITH_MARK = re.compile(r"(?<!\d)(20[0-4]\d)\s*年")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"二[〇○零][〇○零一二三四][〇○零一二三四五六七八九](?=年)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What identifies a report: `source` is the file name people see, `origin` the whole path of
    a file, or again the name of an upload."""

    id: str
    title: str
    source: str
    origin: str


def harmless(text: str) -> str:
    """Return the text without zero-width characters and without marks of chat templates.

    What a sample says reaches a model's prompt later; it must not be able to end a turn there.
    Repeated until nothing is left to remove, so that a mark cannot be hidden inside another.
    """
    while True:
        plain = _TEMPLATE.sub("", _INVISIBLE.sub("", text))
        if plain == text:
            return text
        text = plain


def year_of(report: ParsedReport, text: str) -> int | None:
    """Return the year a report is about: its title's, else its preamble's, else the commonest."""
    title = _years(report.title, _YEAR)
    preamble = _years(report.preamble or "", _YEAR_WITH_MARK)
    found = title or preamble or _years(text, _YEAR_WITH_MARK)
    if not found:
        return None
    if title:
        return max(title)  # 2024—2025年度: the report closes the later year
    counts = Counter(found)
    return max(counts, key=lambda year: (counts[year], year))


def _years(text: str, pattern: re.Pattern[str]) -> list[int]:
    plain = unicodedata.normalize("NFKC", text)
    plain = _CHINESE_YEAR.sub(lambda m: m.group().translate(_CHINESE_DIGITS), plain)
    return [int(year) for year in pattern.findall(plain)]


def units_of(section: Section) -> tuple[str, ...]:
    """Return all texts embedded for a section: heading, whole, points.

    A section without text of its own (only a heading) has none and is never found.
    """
    if not section.text.strip():
        return ()
    return (*heading_of(section), whole_of(section), *points_of(section))


def heading_of(section: Section) -> tuple[str, ...]:
    """Return the heading as embedded, nothing where there is none."""
    heading = (section.heading or "").strip()[:UNIT_CHARACTERS]
    return (heading,) if heading else ()


def whole_of(section: Section) -> str:
    """Return heading and start of the text, as embedded."""
    whole = f"{section.heading}。{section.text}" if section.heading else section.text
    return whole.strip()[:UNIT_CHARACTERS]


def points_of(section: Section) -> tuple[str, ...]:
    """Return the points as embedded."""
    return tuple(point.strip()[:UNIT_CHARACTERS] for point in section.points)


def hash_of(text: str) -> str:
    """Return the sha256 of a text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def to_json(value: object) -> str:
    """Return compact JSON that keeps Chinese readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Any:  # noqa: ANN401 - what was written
    """Return what `to_json` wrote. Raises UserFacingError where damage made nonsense of it."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserFacingError(
            "样本库里有一条记录已损坏，读不出来。",
            "文稿不受影响。请删除并重新导入有问题的样本，或用 backup restore 恢复样本库的备份。",
        ) from error


def parsed_to_json(report: ParsedReport) -> str:
    """Return a parsed report as JSON."""
    return to_json(asdict(report))


def parsed_from_json(text: str) -> ParsedReport:
    """Return the parsed report that `parsed_to_json` wrote."""
    data = from_json(text)
    return ParsedReport(
        title=data["title"],
        salutation=data["salutation"],
        preamble=data["preamble"],
        dropped_lines=tuple(data["dropped_lines"]),
        sections=tuple(_report_section(section) for section in data["sections"]),
    )


def _report_section(data: dict[str, Any]) -> ReportSection:
    below = tuple(
        Subsection(**{**sub, "points": tuple(sub["points"])}) for sub in data["subsections"]
    )
    return ReportSection(**{**data, "subsections": below})


def section_from(row: sqlite3.Row) -> Section:
    """Return the section of a row of `sections`."""
    return Section(
        id=row["id"],
        report=row["report"],
        number=row["number"],
        heading=row["heading"],
        role=row["role"],
        level=row["level"],
        text=row["text"],
        points=tuple(from_json(row["points"])),
    )


def section_row(section: Section) -> tuple[object, ...]:
    """Return the values of a section in the order of the columns, without its position."""
    place = (section.id, section.report, section.number, section.heading, section.role)
    return (*place, section.level, section.text, to_json(section.points))


def report_from(row: sqlite3.Row) -> ReportInfo:
    """Return the listing of a row of `reports` with its number of sections as `sections`."""
    return ReportInfo(
        id=row["id"],
        title=row["title"],
        source=row["source"],
        year=row["year"],
        sections=row["sections"],
        characters=row["characters"],
        content_sha256=row["content_sha256"],
    )
