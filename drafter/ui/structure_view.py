"""Changes of structure as HTML: where a section can be split, what can be undone, and facts told in
a section they no longer belong to."""

from collections.abc import Mapping, Sequence

from drafter.structure import Cut, Line, Stray
from drafter.ui.history_view import dialog_html
from drafter.ui.tags import mini
from drafter.ui.text import esc

_OPENING = 46  # characters shown of a sentence


def line_html(line: Line) -> str:
    """Return the buttons that undo and redo changes of structure; "" where there are none yet."""
    if line.undo is None and line.redo is None:
        return ""
    undo = redo = ""
    if line.undo is not None:
        more = f"，共 {line.undo_depth} 步" if line.undo_depth > 1 else ""
        undo = mini(
            f"撤销：{line.undo.label}", "undo-step", title=f"退回上一步{more}", id=line.undo.id
        )
    if line.redo is not None:
        redo = mini(
            f"重做：{line.redo.label}", "redo-step", title="再做一次刚撤销的", id=line.redo.id
        )
    return f'<div class="steps">{undo}{redo}</div>'


def split_html(section_id: str, name: str, rev: int, opening: str, cuts: Sequence[Cut]) -> str:
    """Return the sheet on which a place to split a section is chosen."""
    rows = "".join(
        f'<li><span class="cut-text">{esc(_short(cut.text))}</span>'
        f'<span class="cut-facts">{_facts(cut)}</span>'
        f"{mini('从这里分成两节', 'split-at', 'strong', id=section_id, rev=rev, at=cut.at)}</li>"
        for cut in cuts
    )
    body = (
        '<div data-form><label class="cut-heading">后一节的标题'
        '<input name="heading" class="named" maxlength="60" autocomplete="off" '
        'placeholder="例如：从严教育管理党员"></label>'
        '<p class="note">选一句作后一节的开头：这一句和后面的文字归后一节，写在那里的要点跟着过去。'
        "可以撤销。</p>"
        f'<ol class="cuts"><li class="first">{esc(_short(opening))}</li>{rows}</ol></div>'
    )
    return dialog_html(f"拆成两节：{name}", body)


def _facts(cut: Cut) -> str:
    return f"{'、'.join(cut.fact_ids)} 归后一节" if cut.fact_ids else "没有要点过去"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat[:_OPENING] + ("…" if len(flat) > _OPENING else "")


def strays_html(
    section_id: str,
    strays: Sequence[Stray],
    labels: Mapping[str, str],
    writable: bool,
) -> str:
    """Return the note under a section's editor about facts that are out of place there.

    `labels` are what sections are called in short; `writable` says whether the section may be
    written anew.
    """
    if not strays:
        return ""
    rows = "".join(_stray(stray, labels) for stray in strays)
    again = (
        '<button type="button" class="mini needs-model" data-event="write" data-do="rewrite" '
        f'data-id="{esc(section_id)}" title="按现在的要点写一稿候选，不动现稿">'
        "重新生成本节</button>"
        if writable
        else ""
    )
    return f'<div class="strays" role="status"><ul>{rows}</ul>{again}</div>'


def _stray(stray: Stray, labels: Mapping[str, str]) -> str:
    place = labels.get(stray.other or "", "")
    there = (
        f'<button type="button" class="link" data-goto="{esc(stray.other)}" data-do="select" '
        f'data-id="{esc(stray.other)}">{esc(place)}</button>'
        if stray.other and place
        else ""
    )
    see = (
        f'<button type="button" class="link" data-pick="{esc(stray.fact_id)}" '
        'title="看这条要点写在哪一句">看这一句</button>'
    )
    if stray.kind == "missing":
        return f"<li><b>{esc(stray.fact_id)} 未写</b>，还写在 {there} 里。{see}</li>"
    home = f"，它已归 {there}" if there else "，它已不在提纲里"
    return f"<li><b>仍写着 {esc(stray.fact_id)}</b>{home}。{see}</li>"
