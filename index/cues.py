"""What a line outside the numbered sections is: title, salutation, date, signature, closing.

Pure functions on single lines; the words are in `data/cues.toml`.
"""

import functools
import re
import tomllib
from pathlib import Path

from index.headings import find_mark, is_heading

DATA = Path(__file__).parent / "data"


@functools.cache
def cue(name: str) -> re.Pattern[str]:
    """Return the pattern `name` of `data/cues.toml`."""
    table: dict[str, str] = tomllib.loads((DATA / "cues.toml").read_text(encoding="utf-8"))
    return re.compile(table[name])


def bare(line: str) -> str:
    """Return `line` without white space: what counts as its characters."""
    return re.sub(r"\s+", "", line)


def is_title(line: str) -> bool:
    """Return whether `line` ends like a title: …报告, …汇报, a bracketed year or meeting after it."""
    text = bare(line)
    if not 4 <= len(text) <= 60 or re.search(r"[。；！？：:]", text) or find_mark(line):
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


def is_closing(line: str) -> bool:
    """Return whether the paragraph closes the report: 以上汇报，请批评指正。"""
    text = bare(line)
    if cue("closing_start").match(text):
        return True
    return len(text) <= 160 and cue("closing").search(text) is not None
