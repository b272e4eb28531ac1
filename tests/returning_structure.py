"""Edits of a report's build, as people make them in Word: of sections and of paragraphs."""

import copy
from collections.abc import Callable

from tests.export_cases import W
from tests.returning_cases import NEW_TEXTS
from tests.returning_edits import Element, Row, WordFile, paragraph, put, retext, run, within

_HEADINGS = ("抓好新业态党建", "推动共建共治共享", "严肃党内政治生活", "强化典型示范引领")
_LEAVES = ("S3", "S4", "S5", "S7", "S8")


def heading_like(row: Row, number: str, text: str) -> Element:
    """Return a paragraph set as the heading of `row` is."""
    made = copy.deepcopy(row.element)
    for child in list(made):
        if child.tag != f"{W}pPr":
            made.remove(child)
    made.append(run(number + text))
    return made


def _new_owner(file: WordFile) -> str:
    return f"new{len({row.owner for row in file.rows if row.owner.startswith('new')})}"


def _heading(file: WordFile) -> str:
    used = {row.text for row in file.rows if row.is_heading}
    return file.rng.choice([text for text in _HEADINGS if text not in used])


def _leaves(file: WordFile) -> list[str]:
    return [name for name in _LEAVES if any(row.owner == name for row in file.rows)]


def section_added(file: WordFile) -> None:
    """A section of two paragraphs before another one's heading, or at the end of a part."""
    owner = file.rng.choice(_leaves(file))
    own = next(row for row in file.rows if row.owner == owner and row.is_heading)
    if file.rng.random() < 0.5:
        place = file.rows.index(own)
    else:
        place = max(n for n, row in enumerate(file.rows) if row.owner == owner) + 1
    new, heading = _new_owner(file), _heading(file)
    for text in file.rng.sample(NEW_TEXTS, 2):
        put(file, place, Row(paragraph(text), new, False, text))
    put(file, place, Row(heading_like(own, "（九）", heading), new, True, heading))


def section_dropped(file: WordFile) -> None:
    leaves = _leaves(file)
    if len(leaves) < 4:
        return
    owner = file.rng.choice(leaves)
    for row in [row for row in file.rows if row.owner == owner]:
        file.rows.remove(row)
        file.body.remove(row.element)


def section_split(file: WordFile) -> None:
    """A heading put in before a later paragraph of a section: the rest is a section of its own."""
    owner = file.rng.choice([name for name in ("S3", "S4", "S5") if name in _leaves(file)])
    lines = [n for n, row in enumerate(file.rows) if row.owner == owner and not row.is_heading]
    if len(lines) < 2:
        return
    place = file.rng.choice(lines[1:])
    own = next(row for row in file.rows if row.owner == owner and row.is_heading)
    new, heading = _new_owner(file), _heading(file)
    for n in lines:
        if n >= place:
            file.rows[n].owner = new
    put(file, place, Row(heading_like(own, "（八）", heading), new, True, heading))


def sections_joined(file: WordFile) -> None:
    """A heading taken out: its paragraphs go on the section before."""
    one, other = file.rng.choice((("S3", "S4"), ("S4", "S5"), ("S7", "S8")))
    at = next((n for n, r in enumerate(file.rows) if r.owner == other and r.is_heading), 0)
    if not at or file.rows[at - 1].owner != one:
        return
    file.body.remove(file.rows.pop(at).element)
    for row in file.rows:
        row.owner = one if row.owner == other else row.owner


def paragraph_cut(file: WordFile) -> None:
    row = file.rng.choice([row for row in file.body_rows(30) if "，" in row.text[8:-8]])
    at = row.text.index("，", 8) + 1
    first, second = row.text[:at], row.text[at:]
    retext(row, run(first))
    row.text = first
    place = file.rows.index(row) + 1
    if place == len(file.rows):
        element = paragraph(second)
        file.body.insert(list(file.body).index(row.element) + 1, element)
        file.rows.append(Row(element, row.owner, False, second))
    else:
        put(file, place, Row(paragraph(second), row.owner, False, second))


def paragraphs_joined(file: WordFile) -> None:
    place = within(file)
    before, row = file.rows[place - 1], file.rows[place]
    if before.is_heading:
        return
    before.text += row.text
    retext(before, run(before.text))
    file.body.remove(row.element)
    file.rows.pop(place)


BUILDS: tuple[Callable[[WordFile], None], ...] = (
    section_added, section_dropped, section_split, sections_joined, paragraph_cut,
    paragraphs_joined,
)  # fmt: skip
