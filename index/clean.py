"""Leave out what is not the report: notices, watermarks, advertisements, page numbers, headers.

Rules, tables of patterns (`data/notices.toml`) and position: a block of notices before the title
goes as a whole, brands and slogans in it included. No rule may lose a character: every character of
the file is in the kept text or in a dropped line, and a line of which only a part is a notice is
split. What looks like a notice but may be the report's own stays.
"""

import bisect
import re
from collections import Counter
from dataclasses import dataclass

from index.cues import (
    bare,
    cue,
    is_brand,
    is_closing,
    is_prose,
    is_salutation,
    is_signature,
    is_slogan,
    is_title,
    notice_words,
    report_words,
)
from index.headings import find_mark, is_heading

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
# A notice alone on its line is shorter than this; a longer line is prose unless it says so itself.
_SHORT = 60
# How a file is filed, above its title.
_FILING = re.compile(r"附件\s*[\d一二三四五]*\s*[：:]?|(机密|秘密|绝密|内部)(★.*)?")
_UNIT = re.compile(
    r"【[^】]{0,120}】\s*|[^。！？!?\s【]*[。！？!?]+[”’）)]*\s*|[^。！？!?\s【]+\s*|.", re.S
)


@dataclass(slots=True)
class _Row:
    """A line under judgement: what is kept of it, what is dropped, and how sure that is."""

    text: str
    kept: str
    dropped: tuple[str, ...] = ()
    notice: bool = False
    own: bool = False

    def drop(self) -> None:
        self.kept, self.dropped, self.notice = "", (self.text,), True


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the report's own lines (stripped, blank runs as one) and the lines left out, in order.

    Zero-width characters and white space at line ends are not characters of the report. A part of
    a line that was left out is listed as it stood.
    """
    lines = re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", _INVISIBLE.sub("", text))
    rows = [_Row(line.strip(), line.strip()) for line in lines]
    for row in rows:
        _judge_alone(row)
    filled = [row for row in rows if row.text]
    if filled and _FILING.fullmatch(filled[0].text):
        filled[0].kept, filled[0].dropped = "", (filled[0].text,)
    _drop_block_before_title(filled)
    _drop_repeated(filled)
    _drop_bare_page_numbers(filled)
    while _drop_beside(filled):
        pass
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(row.kept for row in rows)).strip("\n")
    return kept, tuple(part for row in rows for part in row.dropped if part)


def _judge_alone(row: _Row) -> None:
    text = row.text
    if len(text) <= 2 * _SHORT and notice_words("page").search(text):
        row.drop()
        return
    sure = notice_words("sure").search(text) is not None
    if not text or (is_heading(text) and not sure):
        return
    alone = len(bare(text)) <= _SHORT and notice_words("line").search(text) is not None
    if not sure and not (alone and not is_prose(text)):
        return
    own, notices = _split_glued(text)
    if not bare("".join(own)):
        row.drop()
    elif any(_is_reports(part) for part in own):
        if sure:
            row.kept = "".join(own).strip()
            row.dropped = tuple(part.strip() for part in notices)
    elif len(bare(text)) <= 4 * max(1, len(bare("".join(notices)))):
        row.drop()


def _split_glued(text: str) -> tuple[list[str], list[str]]:
    """Part a line into runs that are the report's own and runs that are notices."""
    spans = [match.span() for match in notice_words("sure").finditer(text)]
    ends = [end for _, end in spans]
    prose = len(bare(text)) > _SHORT
    own: list[str] = []
    notices: list[str] = []
    last_own = True
    for unit in _units(text):
        start, end = unit.span()
        nearest = bisect.bisect_right(ends, start)
        hit = nearest < len(spans) and spans[nearest][0] < end
        if not hit and not prose:
            hit = notice_words("line").search(unit[0]) is not None
        if hit == (not last_own) and (own if last_own else notices):
            (notices if hit else own)[-1] += unit[0]
        else:
            (notices if hit else own).append(unit[0])
        last_own = not hit
    return own, notices


def _units(text: str) -> list[re.Match[str]]:
    """Part `text` into sentences, bracketed notes and words between spaces; clauses if long."""
    units: list[re.Match[str]] = []
    clause = re.compile(r"[^，,；;]*[，,；;]|[^，,；;]+")
    for unit in _UNIT.finditer(text):
        if len(unit[0]) > 40 and notice_words("sure").search(unit[0]) and _is_reports(unit[0]):
            units += clause.finditer(text, unit.start(), unit.end())
        else:
            units.append(unit)
    return units


def _is_reports(part: str) -> bool:
    text = part.strip()
    if is_heading(text) or is_title(text) or is_salutation(text) or is_closing(text):
        return True
    if re.search(r"[。！？；]$", text) and (
        not notice_words("weak").search(text) or is_prose(text)
    ):
        return True
    words = sum(word in text for word in report_words())
    return words >= 3 or (words >= 1 and len(bare(text)) > _SHORT)


def _is_own(text: str) -> bool:
    """Return whether a line may never go by its place alone."""
    return (
        find_mark(text) is not None
        or is_title(text)
        or is_salutation(text)
        or is_signature(text)
        or is_closing(text)
        or len(bare(text)) > _SHORT
        or is_prose(text)
    )


def _drop_block_before_title(rows: list[_Row]) -> None:
    head: list[_Row] = []
    for row in rows:
        if not row.notice and _opens_text(row.text):
            break
        head.append(row)
    titles = [n for n, row in enumerate(head) if row.kept and _is_title_here(row)]
    notices = [n for n, row in enumerate(head) if row.notice]
    if not notices:
        return
    if titles:
        first = titles[0]
        if notices[0] > first:
            return
        while first > notices[0] and titles[0] - first < 2 and _is_title_part(head[first - 1]):
            first -= 1
    else:
        first = _untypical_title(head, notices)
        head[first].own = not head[first].notice
    for row in head[:first]:
        if row.kept:
            row.drop()


def _opens_text(text: str) -> bool:
    """Return whether the text of the report has begun: heading, salutation, sentence."""
    return (
        is_heading(text)
        or is_salutation(text)
        or len(bare(text)) > _SHORT
        or is_prose(text)
        or re.search("如下[：:。]?$", text) is not None
    )


def _untypical_title(head: list[_Row], notices: list[int]) -> int:
    """Return which line of the block is a title without the usual words.

    The last line long enough that is neither a slogan nor a brand. If none is: the last notice,
    or the first line of the file where notices only follow it.
    """
    texts = [head[n].text for n in notices]
    for place in range(len(head) - 1, -1, -1):
        text = head[place].text
        slogan = len(bare(text)) < 8 or notice_words("weak").search(text) or is_brand(text, texts)
        if head[place].kept and not slogan and not head[place].notice:
            return place
    return notices[-1] if notices[0] == 0 else 0


def _is_title_here(row: _Row) -> bool:
    slogan = "、" in row.text and notice_words("weak").search(row.text) is not None
    adverts = re.search("各类|一站式|海量|精选|汇编|合集|大全|模板|范文", row.text) is not None
    return is_title(row.kept) and not slogan and not adverts


def _is_title_part(row: _Row) -> bool:
    return (
        bool(row.kept)
        and not row.notice
        and cue("title_part").search(row.text) is not None
        and notice_words("weak").search(row.text) is None
    )


def _drop_repeated(rows: list[_Row]) -> None:
    """Drop running headers and footers: the same short line three times, or the title again."""

    def key(row: _Row) -> str:
        return re.sub(r"(?<=[\s\-—–])\d+[\s\-—–]*$|^[\s\-—–]*\d+(?=[\s\-—–])", "#", row.text)

    counts = Counter(key(row) for row in rows if row.kept)
    seen: set[str] = set()
    for row in rows:
        if not row.kept or not _may_be_running(row.text):
            continue
        title = is_title(row.text) and len(bare(row.text)) >= 6
        if counts[key(row)] >= 3 or (title and counts[key(row)] == 2):
            if title and key(row) not in seen:
                seen.add(key(row))
            else:
                row.kept, row.dropped = "", (row.text,)


def _drop_bare_page_numbers(rows: list[_Row]) -> None:
    """Drop lines that are nothing but a number, if there are several and each is one more."""
    bare_numbers = [row for row in rows if re.fullmatch(r"\d{1,3}", row.text)]
    values = [int(row.text) for row in bare_numbers]
    if len(values) > 1 and values == list(range(values[0], values[0] + len(values))):
        for row in bare_numbers:
            row.kept, row.dropped = "", (row.text,)


def _may_be_running(text: str) -> bool:
    if not 4 <= len(bare(text)) <= 40 or re.search(r"[。；：:，,;\t]", text) or find_mark(text):
        return False
    return is_title(text) or not (notice_words("label").search(text) or is_salutation(text))


def _drop_beside(rows: list[_Row]) -> bool:
    """Drop brands and slogans beside notices; return whether any line went."""
    notices = [row.text for row in rows if row.notice]
    changed = False
    for place, row in enumerate(rows):
        if not row.kept or row.dropped or row.own or _is_own(row.text):
            continue
        before = place > 0 and rows[place - 1].notice
        after = place + 1 < len(rows) and rows[place + 1].notice
        weak = is_slogan(row.text)
        if (weak and (before or after)) or (before and after) or is_brand(row.text, notices):
            row.drop()
            changed = True
    return changed
