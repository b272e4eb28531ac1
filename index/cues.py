"""What a line outside the numbered sections is: title, salutation, signature, closing, notice.

Pure functions on single lines; the words are in `data/cues.toml` and `data/notices.toml`.
"""

import functools
import re
import tomllib
from pathlib import Path

from index.headings import find_mark, is_heading

DATA = Path(__file__).parent / "data"

_OPENER = re.compile(r"[一二三四五六七八九十]{1,3}是|(另|还有)?一个是|(首先|其次|最后)[，,]")
_QUANTITY = re.compile(r"[0-9XＸx×*]\s{0,3}[余多]?[次个名条起户份册场篇期项万人件家元%]")


@functools.cache
def cue(name: str) -> re.Pattern[str]:
    """Return the pattern `name` of `data/cues.toml`."""
    table: dict[str, str] = tomllib.loads((DATA / "cues.toml").read_text(encoding="utf-8"))
    return re.compile(table[name])


def bare(line: str) -> str:
    """Return `line` without white space: what counts as its characters."""
    return re.sub(r"\s+", "", line)


def is_title(line: str) -> bool:
    """Return whether `line` ends like a title: …报告, …汇报 (a year in brackets may follow)."""
    text = bare(line)
    if not 2 <= len(text) <= 60 or re.search(r"[。；！？：:]", text) or find_mark(line):
        return False
    text = re.sub(r"([（(][^（）()]*[）)]|[\d一二三])*[》”]?$", "", text)
    return re.search(cue("title").pattern + r"[》”]?$", text) is not None


def is_salutation(line: str) -> bool:
    """Return whether `line` addresses its readers: “各位领导、同志们：”, “区委组织部：”."""
    text = bare(line)
    if not 2 <= len(text) <= 40 or text[-1] not in "：:！!，," or is_heading(line):
        return False
    if cue("not_salutation").search(text) or "。" in text:
        return False
    if text[-1] in "！!，,":
        return re.match(r"尊敬的|各位|同志们|领导们?", text) is not None and len(text) <= 30
    return cue("salutation").search(text) is not None


def is_date(line: str) -> bool:
    """Return whether `line` is a date and nothing else, in brackets or not."""
    return cue("date").match(bare(line).strip("（）()")) is not None


def is_signature(line: str, beside_date: bool = False) -> bool:
    """Return whether `line` signs the report: a date, a unit, 述职人：…, a name beside those."""
    text = bare(line)
    if len(text) > 40 or re.search(r"[。；！？]", text) or is_heading(line):
        return False
    if is_date(line) or cue("signer").match(text) or (cue("unit").match(text) and len(text) <= 28):
        return True
    return beside_date and cue("person").match(text) is not None


def is_dated_unit(line: str) -> bool:
    """Return whether `line` names a unit, where a date stands beside it: 云岭区总工会, …组织部."""
    text = bare(line)
    return len(text) <= 28 and not is_heading(line) and cue("unit_dated").match(text) is not None


def is_cause(line: str, strictly: bool = False) -> bool:
    """Return whether a paragraph after the problems tells their causes: “究其原因，一是…”.

    Loosely, its first sentence speaks of the causes of those problems, in whatever words.
    """
    text = bare(line)
    if cue("cause").match(text):
        return True
    first = re.split("[。！：:]|一是", text)[0]
    return not strictly and len(first) <= 45 and cue("cause_said").search(first) is not None


def is_closing(line: str) -> bool:
    """Return whether the paragraph closes the report: 以上汇报，请批评指正。"""
    text = bare(line)
    if cue("closing_start").match(text):
        return True
    return len(text) <= 160 and cue("closing").search(text) is not None


@functools.cache
def notice_words(name: str) -> re.Pattern[str]:
    """Return the patterns of one list of `data/notices.toml` as one, capitals or not."""
    tables = tomllib.loads((DATA / "notices.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in tables[name]), re.IGNORECASE)


@functools.cache
def report_words() -> tuple[str, ...]:
    """Return words of the genre: what speaks for a sentence of the report."""
    tables = tomllib.loads((DATA / "notices.toml").read_text(encoding="utf-8"))
    return tuple(tables["report_words"])


def is_prose(text: str) -> bool:
    """Return whether a short line reads like a sentence of the report for all its notice words."""
    if is_heading(text) or _OPENER.match(text):
        return True
    words = sum(word in text for word in report_words())
    evidence = words + (_QUANTITY.search(text) is not None)
    if words <= 1 and len(notice_words("line").findall(text)) > 1:
        return False
    return (evidence >= 1 and text[-1] in "。；") or (evidence >= 3 and "，" in text)


def is_slogan(text: str) -> bool:
    """Return whether a line beside a notice is one too: its words, no sentence of the report."""
    hits = len(notice_words("weak").findall(text))
    words = sum(word in text for word in report_words())
    sentence = re.search("[。；：:]$", text) is not None
    return hits > words and (hits > 1 or not sentence) and not _QUANTITY.search(text)


def is_brand(text: str, notices: list[str]) -> bool:
    """Return whether a short line is a name that the notices of the file repeat."""
    name = bare(text).strip("【】[]（）()《》“”*-—")
    if not 3 <= len(name) <= 12:
        return False
    return any(name in notice and len(notice) > len(name) + 2 for notice in notices)
