"""An edited text cut into blocks, and which section of the draft each block is. Pure.

A block is a heading with the lines under it. A section without a heading (导语, 结语) is
known by its lines alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from drafter.export.layout import Paragraph
from drafter.outlines import numbered
from drafter.returning.matching import Known, Match, key_of, likeness, match_lines, without_mark
from drafter.returning.types import Line
from drafter.types import Draft
from index.headings import find_mark

# A block is a section when they share this much (see `_score`), and either the heading or the text
# is recognisable by itself.
_SAME_SECTION = 0.3
_SAME_HEADING = 0.5
_SAME_TEXT = 0.25
_FROM = 0.5  # share of a text from which it counts as another section's
_LEVELS = {"part": 1, "one": 1, "paren": 2}


@dataclass(slots=True)
class Block:
    """A heading (None for none) and its lines, as places in the edited text; `owner` is the
    section of the draft it is, `source` the one it was split from."""

    heading: int | None
    level: int
    number: str
    title: str
    lines: list[int] = field(default_factory=list)
    owner: int | None = None
    source: int | None = None
    is_ending: bool = False

    @property
    def places(self) -> tuple[int, ...]:
        """All its lines, the heading first."""
        return (*(() if self.heading is None else (self.heading,)), *self.lines)


@dataclass(frozen=True, slots=True)
class Placed:
    """An edited text in blocks. `gone` says of each section without a block which section its text
    stands in now, None where it stands nowhere."""

    blocks: tuple[Block, ...]
    matches: tuple[Match | None, ...]
    gone: dict[int, int | None]


def known_lines(draft: Draft, bodies: Sequence[Sequence[str]]) -> tuple[Known, ...]:
    """Return the draft's lines in order; `bodies` are the lines of each section's text."""
    made = []
    for at, (section, body) in enumerate(zip(draft.sections, bodies, strict=True)):
        if section.heading.strip():
            made.append(Known(at, True, section.heading, key_of(section.heading)))
        made += [Known(at, False, line, key_of(line)) for line in body]
    return tuple(made)


def place_blocks(
    draft: Draft, known: Sequence[Known], lines: Sequence[Line], laid_out: Sequence[Paragraph]
) -> Placed:
    """Return the blocks of an edited text (without its title) and whose they are.

    `laid_out` are the same lines as a report that is read: which of them look like headings.
    """
    looks = [
        line.level in (1, 2) or paragraph.kind in ("heading1", "heading2")
        for line, paragraph in zip(lines, laid_out, strict=True)
    ]
    keys, looks = _compared_by(known, lines, looks)
    matches = match_lines(known, keys, looks)
    blocks = _cut(draft, known, lines, looks, matches)
    _cut_ending(draft, known, matches, blocks)
    _assign(draft, known, keys, blocks, matches)
    return Placed(tuple(blocks), matches, _gone(draft, known, keys, blocks, matches))


def _compared_by(
    known: Sequence[Known], lines: Sequence[Line], looks: Sequence[bool]
) -> tuple[list[str], list[bool]]:
    """Return what each line is compared by, and whether it may be a heading: a line of the draft's
    text never is, whatever it looks like; one of its headings always, number or not."""
    headings = {line.key for line in known if line.is_heading}
    bodies = {line.key for line in known if not line.is_heading}
    keys, may_be = [], []
    for line, look in zip(lines, looks, strict=True):
        full, bare = key_of(line.text), key_of(without_mark(line.text)[1])
        is_heading = full not in bodies and (look or bare in headings)
        keys.append(bare if is_heading else full)
        may_be.append(is_heading)
    return keys, may_be


def _cut(
    draft: Draft,
    known: Sequence[Known],
    lines: Sequence[Line],
    looks: Sequence[bool],
    matches: Sequence[Match | None],
) -> list[Block]:
    headless = {at for at, section in enumerate(draft.sections) if not section.heading.strip()}
    listed = {(k.section, m.kind) for k in known if not k.is_heading and (m := find_mark(k.text))}
    blocks = [Block(None, 1, "", "")]
    at: int | None = None  # the section of the line before
    for place, line in enumerate(lines):
        match = matches[place]
        was = known[match.known] if match else None
        mark = find_mark(line.text)
        is_listed = mark is not None and (at, mark.kind) in listed
        is_whole = was is not None and match is not None and not match.is_part
        if was.is_heading if was and is_whole else looks[place] and not is_listed:
            number, title = without_mark(line.text)
            level = (_LEVELS.get(mark.kind, 0) if mark else 0) or line.level
            level = level or (draft.sections[was.section].level if was else 1)
            blocks.append(Block(place, min(level, 2), number, title))
            at = was.section if was and is_whole else None
            continue
        is_other = was is not None and was.section in headless and was.section != at
        is_begun = blocks[-1].heading is not None or at is not None
        if is_other and is_begun and not _goes_back(known, matches, place, headless):
            blocks.append(Block(None, 1, "", ""))
        blocks[-1].lines.append(place)
        at = was.section if was else at
    return [block for block in blocks if block.heading is not None or block.lines]


def _cut_ending(
    draft: Draft,
    known: Sequence[Known],
    matches: Sequence[Match | None],
    blocks: list[Block],
) -> None:
    """Cut off an ending (结语) that was rewritten: what is new after the last line before it."""
    last = len(draft.sections) - 1
    if not blocks or last < 1 or draft.sections[last].heading.strip():
        return
    owners = [known[match.known].section for match in matches if match is not None]
    ends = [n for n, line in enumerate(known) if line.section < last]
    if last in owners or not ends or all(line.section < last for line in known):
        return
    lines = blocks[-1].lines
    for n, place in enumerate(lines):
        match = matches[place]
        if match is not None and match.known == ends[-1]:
            rest = lines[n + 1 :]
            if rest and all(matches[place] is None for place in rest):
                del lines[n + 1 :]
                blocks.append(Block(None, 1, "", "", rest, is_ending=True))
            return


def _goes_back(
    known: Sequence[Known], matches: Sequence[Match | None], place: int, headless: set[int]
) -> bool:
    """Return whether lines of the section before come again after a line without a heading: then
    that line was moved into it, and its own section is not here."""
    for match in matches[place + 1 :]:
        if match is not None:
            line = known[match.known]
            return not line.is_heading and line.section not in headless
    return False


def _shares(
    known: Sequence[Known],
    keys: Sequence[str],
    block: Block,
    matches: Sequence[Match | None],
) -> dict[int, float]:
    """Return, by section, how many letters of a block's text are its."""
    found: dict[int, float] = {}
    for place in block.lines:
        match = matches[place]
        if match is not None:
            section = known[match.known].section
            found[section] = found.get(section, 0.0) + len(keys[place]) * match.likeness
    return found


def _letters(known: Sequence[Known]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for line in known:
        if not line.is_heading:
            sizes[line.section] = sizes.get(line.section, 0) + len(line.key)
    return sizes


def _assign(
    draft: Draft,
    known: Sequence[Known],
    keys: Sequence[str],
    blocks: Sequence[Block],
    matches: Sequence[Match | None],
) -> None:
    """Give each section the block that is most like it, then those that only their place tells."""
    sizes, numbers = _letters(known), numbered(draft.sections)
    scored = []
    for place, block in enumerate(blocks):
        shares = _shares(known, keys, block, matches)
        size = sum(len(keys[line]) for line in block.lines)
        match = matches[block.heading] if block.heading is not None else None
        for at, section in enumerate(draft.sections):
            text = 2 * shares.get(at, 0.0) / ((size + sizes.get(at, 0)) or 1)
            heading = likeness(key_of(block.title), key_of(section.heading))
            if not block.title and not section.heading.strip():
                is_there = (place == at == 0) or (block.is_ending and at == len(draft.sections) - 1)
                heading = 1.0 if text >= _SAME_TEXT or is_there else 0.0
            if heading >= _SAME_HEADING or text >= _SAME_TEXT:
                both = bool(size and sizes.get(at, 0))
                score = 0.45 * (heading + text) if both else 0.8 * heading
                score += 0.05 * (block.level == section.level)
                score += 0.05 * (bool(block.number) and block.number == numbers[at])
                # Of two sections under one heading, the one whose heading this line is.
                score += 0.1 * (match is not None and known[match.known].section == at)
                scored.append((score, -abs(place - at), place, at))
    taken: set[int] = set()
    for score, _, place, at in sorted(scored, reverse=True):
        if score >= _SAME_SECTION and blocks[place].owner is None and at not in taken:
            blocks[place].owner = at
            taken.add(at)
    _assign_by_place(draft, blocks, taken)
    for block in blocks:
        size = sum(len(keys[line]) for line in block.lines)
        shares = _shares(known, keys, block, matches)
        if block.owner is None and shares:
            most = max(shares, key=lambda at: shares[at])
            block.source = most if shares[most] >= _FROM * size else None


def _assign_by_place(draft: Draft, blocks: Sequence[Block], taken: set[int]) -> None:
    """A section rewritten from its heading on: the only one between two that are known."""
    for place, block in enumerate(blocks):
        if block.owner is not None or block.heading is None:
            continue
        before = blocks[place - 1].owner if place else -1
        after = blocks[place + 1].owner if place + 1 < len(blocks) else len(draft.sections)
        if before is None or after is None or after - before != 2:
            continue
        at = before + 1
        section = draft.sections[at]
        if at not in taken and section.heading.strip() and section.level == block.level:
            block.owner = at
            taken.add(at)


def _gone(
    draft: Draft,
    known: Sequence[Known],
    keys: Sequence[str],
    blocks: Sequence[Block],
    matches: Sequence[Match | None],
) -> dict[int, int | None]:
    sizes = _letters(known)
    owners = {block.owner for block in blocks}
    gone: dict[int, int | None] = {
        at: None for at in range(len(draft.sections)) if at not in owners
    }
    for block in blocks:
        if block.owner is not None:
            for at, letters in _shares(known, keys, block, matches).items():
                if at in gone and 0 < _FROM * sizes.get(at, 0) <= letters:
                    gone[at] = block.owner
    return gone
