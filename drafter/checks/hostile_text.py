"""hostile_text: words of the draft that speak to a model or a program, not to the reader.

They came in with a fact (such a fact is written in its own words, never shown to the model), with a
file taken back, or by hand. Which words are such and why: data/hostile.toml. Outside the set of
`check --batch`, whose names are fixed.
"""

import re
from collections.abc import Iterator

from drafter.hostile import Sign, held, signs, told
from drafter.types import Draft, DraftSection, Finding, Sources

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield a warning for each sentence, or fact of a section, that carries such words."""
    by_id = {fact.id: fact for fact in sources.facts}
    for section in draft.sections:
        if not _grave(section.text):
            continue
        names = {fact.text: fact.id for i in section.fact_ids if (fact := by_id.get(i)) is not None}
        yield from _found(section, names)


def _grave(text: str) -> tuple[Sign, ...]:
    # Words that ordinary bullets use too were told of at the paste; here they would be noise.
    return tuple(sign for sign in signs(text) if sign.kind != "weak")


def _found(section: DraftSection, names: dict[str, str]) -> Iterator[Finding]:
    # A sign may run over a full stop (a fake end of the data): then the section is named as such.
    hit = False
    for match in _SENTENCE.finditer(section.text):
        found = _grave(match[0])
        if found:
            hit = True
            words = match[0].strip()
            yield _finding(section.id, (match.start(), match.end()), words, told(found), names)
    if not hit:
        size = len(section.text)
        words = told(_grave(section.text))
        yield _finding(section.id, (0, size), section.text, words, names)


def _finding(
    section_id: str, span: tuple[int, int], words: str, carried: str, names: dict[str, str]
) -> Finding:
    bare = words.rstrip("。；！？")
    source = next(((text, name) for text, name in names.items() if bare and bare in text), None)
    origin = f"来自要点 {source[1]}，" if source else ""
    kept = "没有交给模型，" if source and held(source[0]) else ""
    message = f"这里有{carried}，{origin}{kept}只当文字照录；不是报告要说的话就删去。"
    return Finding("hostile_text", "warning", section_id, span, words, message, None)
