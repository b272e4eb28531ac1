"""Titles, quoted names, bodies and people that no fact has. Published formulas are free to use
(data/formulas.toml: 党内法规 titles, set phrases)."""

from collections.abc import Iterator

from drafter.anchors import new_names
from drafter.checks.untraced_number import allowed_strings
from drafter.types import Draft, Finding, Sources


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each name of a section that no fact has; nothing without facts."""
    if not sources.facts:
        return
    allowed = (*allowed_strings(draft, sources), *(fact.group or "" for fact in sources.facts))
    for section in draft.sections:
        for name in new_names(section.text, sources.facts, allowed):
            kind = "文件名" if name.kind == "title" else "名称"
            yield Finding(
                "untraced_name",
                "error",
                section.id,
                (name.start, name.end),
                name.text,
                f"{kind}{name.text}在要点中没有出处，请核实或删去。",
                None,
            )
