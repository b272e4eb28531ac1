"""The right column as HTML: the facts of the section in focus."""

from collections.abc import Iterable, Sequence

from drafter.types import Fact, FactUse, SectionState
from drafter.ui.facts_view import STATUS
from drafter.ui.tags import NOTHING, empty
from drafter.ui.text import esc


def section_facts_html(
    state: SectionState | None, facts: Sequence[Fact], uses: Iterable[FactUse]
) -> str:
    """Return the facts of one section: which are in its text and what is missing of the others."""
    if state is None:
        return NOTHING.format(what="要点")
    if not facts:
        return empty("这一节没有分到要点。在左边点开一条要点，可以把它移过来。")
    by_id = {use.fact_id: use for use in uses}
    written = bool(state.section.text.strip())
    rows = []
    for fact in facts:
        use = by_id.get(fact.id)
        kind = (use.status if use else "used") if written else "open"
        lost = use is not None and kind == "dropped"
        missing = (
            f'<p class="missing">缺：{esc("、".join(use.missing))}</p>'
            if lost and use and use.missing
            else ""
        )
        css, label = STATUS[kind]
        rows.append(
            f'<li data-fact="{esc(fact.id)}" role="button" tabindex="0" '
            f'title="看它写在哪一句"><span class="chip {css}">{label}</span>'
            f'<span class="fid">{esc(fact.id)}</span>{_anchored(fact)}{missing}</li>'
        )
    return f'<ul class="section-facts">{"".join(rows)}</ul>'


def _anchored(fact: Fact) -> str:
    """Return the fact with the parts a faithful draft must keep set off."""
    parts, position = [], 0
    for anchor in sorted(fact.anchors, key=lambda a: (a.start, -a.end)):
        if anchor.start < position:
            continue
        parts.append(esc(fact.text[position : anchor.start]))
        parts.append(f'<b class="anchor">{esc(fact.text[anchor.start : anchor.end])}</b>')
        position = anchor.end
    return "".join(parts) + esc(fact.text[position:])
