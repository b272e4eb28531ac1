"""A section and one exemplar side by side, as HTML: both to be read only."""

from collections.abc import Sequence

from drafter.choosing import Considered
from drafter.patterns import Likeness
from drafter.ui.compare_view import (
    Beside,
    choice_buttons,
    legend_html,
    marked_html,
    name_of,
    score_html,
    tags_html,
)
from drafter.ui.tags import mini
from drafter.ui.text import esc


def pane_html(beside: Beside, one: Considered, number: str) -> str:
    """Return section and exemplar side by side, both to be read only, with the way to the next."""
    shared = beside.likeness(one)
    section, sample = beside.state.section, one.exemplar.section
    ids = [other.exemplar.section.id for other in beside.found]
    at = ids.index(sample.id) if sample.id in ids else None
    text = marked_html(section.text, shared.patterns_here, shared.copied_here)
    here = text or '<span class="note">本节还没有现稿。</span>'
    there = marked_html(sample.text, shared.patterns_there, shared.copied_there)
    mine = _side("本节现稿（只读）", number + section.heading, here, section.id)
    heading = (sample.number or "") + (sample.heading or "")
    theirs = _side(name_of(one), heading, there, sample.id, one)
    return (
        '<div class="compare" role="dialog" aria-label="并排对照" tabindex="-1">'
        f"<header><b>并排对照</b>{_steps(ids, at)}{''.join(choice_buttons(one))}{legend_html()}"
        '<span class="grow"></span>'
        f"{mini('关闭', 'uncompare', event='look', title='Esc')}</header>"
        f'<div class="compare-body">{mine}{theirs}</div>{_named(shared)}</div>'
    )


def _side(label: str, heading: str, html: str, key: str, one: Considered | None = None) -> str:
    about = f"{tags_html(one)}{score_html(one)}" if one else ""
    return (
        f'<section class="compare-side"><p class="source">{esc(label)} {about}</p>'
        f"<h4>{esc(heading)}</h4>"
        f'<div class="compare-text" tabindex="0" data-scroll="{esc(key)}">{html}</div></section>'
    )


def _steps(ids: Sequence[str], at: int | None) -> str:
    if at is None or len(ids) < 2:
        return ""
    before, after = ids[at - 1], ids[(at + 1) % len(ids)]
    back = mini("上一段", "compare", event="look", id=before)
    on = mini("下一段", "compare", event="look", id=after)
    return f'<span class="note">第 {at + 1}/{len(ids)} 段</span>{back}{on}'


def _named(shared: Likeness) -> str:
    rows = "".join(
        f"<li>{esc(pattern.name)}"
        f"<i>本节 {len(pattern.here)} 处，样本 {len(pattern.there)} 处</i></li>"
        for pattern in shared.patterns
    )
    copied = (
        f'<li class="bad">字面相同 {len(shared.copied_here)} 处，'
        f"共 {sum(end - start for start, end in shared.copied_here)} 字</li>"
        if shared.copied_here
        else ""
    )
    none = "<li>没有共同的句式。</li>" if not rows and not copied else ""
    return f'<ul class="compare-named" aria-label="共同之处">{rows}{copied}{none}</ul>'
