"""Facts from files, as lines to be put under what is in the paste already.

A table gives a line for each row, everything else its own lines. What a person typed is never
changed: a file's lines go to the end, under a line that parts them from the group above.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from drafter.errors import InputError, UserFacingError
from drafter.facts import read_facts
from drafter.paste import MAX_CHARS, clean_paste, read_header, totals_of
from index.parse import read_file_bytes

MAX_FILES = 10  # at once
# Without it the file's lines would count to the last group of the paste (问题, 打算 …).
PART = "以下读自文件："
# The name of a table stands alone over its head; a sentence is none.
_CAPTION = re.compile(
    r"[^。；，,：:\t]{2,40}(?:台账|清单|明细|汇总|统计|一览|表)(?:[（(][^）)]{1,12}[）)])?"
)


@dataclass(frozen=True, slots=True)
class FactFile:
    """A file's facts: its lines as they go into a paste, how many facts they hold, what a person
    should know (Chinese sentences). `error` says why there is nothing of it."""

    name: str
    text: str = ""
    facts: int = 0
    notes: tuple[str, ...] = ()
    error: UserFacingError | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A paste with files put under it: the whole text, what was added to its end, and what became
    of each file."""

    text: str
    added: str
    files: tuple[FactFile, ...] = field(default_factory=tuple)


def read_fact_file(name: str, data: bytes) -> FactFile:
    """Return the facts of one file (docx, xlsx, csv, txt, md …), or why there are none."""
    try:
        reading = read_file_bytes(name, data, markdown=False)
        plain, captions = _without_captions(reading.text)
        lines = [line.rstrip() for line in clean_paste(plain).split("\n")]
        text = "\n".join(line for line in lines if line.strip())
        notes = reading.notes
        if captions:
            notes = (*notes, f"表名没有算作要点：{'、'.join(captions)}。")
        sums = totals_of(plain)
        if sums:
            notes = (*notes, f"合计行没有算作要点：{'；'.join(sums)}。")
        return FactFile(name, text, len(read_facts(text).facts), notes)
    except UserFacingError as error:
        return FactFile(name, error=error)


def _without_captions(text: str) -> tuple[str, list[str]]:
    """Return a text without the names of its tables (2026年党建工作台账), and those names."""
    lines = text.split("\n")
    captions, kept = [], []
    for at, line in enumerate(lines):
        after = next((later for later in lines[at + 1 :] if later.strip()), "")
        if "\t" in after.strip() and _CAPTION.fullmatch(line.strip()):
            captions.append(line.strip())
        else:
            kept.append(line)
    return "\n".join(kept), captions


def fill(paste: str, files: Sequence[FactFile]) -> Filled:
    """Return a paste with the files' lines under it.

    Lines like 单位：… count only at the top of a paste, so under other text they are left out, and
    said so. Raises InputError when there would be more than a paste may hold.
    """
    whole, told = paste, list[FactFile]()
    for file in files:
        if file.error is not None:
            told.append(file)
            continue
        text, notes = file.text, file.notes
        if whole.strip():
            text, left = _without_header(text)
            if left:
                said = f"“{'”“'.join(left)}”没有读入：这几项写在粘贴框最前面才算，请核对。"
                notes = (*notes, said)
            text = f"{PART}\n{text}"
        gap = "" if not whole or whole.endswith("\n") else "\n"
        whole = f"{whole}{gap}{text}\n"
        told.append(FactFile(file.name, text, file.facts, notes))
    if len(whole) > MAX_CHARS:
        raise InputError(
            f"读入以后有 {len(whole)} 个字，超过上限 {MAX_CHARS} 个字，没有读入。",
            "请只留下本次报告要用的要点，再读一次。",
        )
    return Filled(whole, whole[len(paste) :], tuple(told))


def taken_out(paste: str, added: str) -> str:
    """Return a paste without what a reading added. Raises InputError when it was changed since."""
    at = paste.rfind(added)
    if not added or at < 0:
        raise InputError("读入以后那几行又改过，不能整块撤销。", "请直接在粘贴框里删去不要的行。")
    return paste[:at] + paste[at + len(added) :]


def _without_header(text: str) -> tuple[str, list[str]]:
    """Return a text without the lines at its top that only say unit, post or year."""
    lines = text.split("\n")
    left = []
    while lines and read_header(lines[0]):
        left.append(lines.pop(0))
    return "\n".join(lines), left
