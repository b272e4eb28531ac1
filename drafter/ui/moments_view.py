"""Milestones and snapshots of the whole document as HTML."""

from collections.abc import Sequence

from drafter.snapshots import Compared, MomentInfo
from drafter.types import DraftSection
from drafter.ui.history_view import comparison, dialog_html
from drafter.ui.tags import empty, mini
from drafter.ui.text import esc, lines, local_time

_NAMES = ("送审稿", "修改稿", "定稿", "上会稿", "报送稿")


def moments_html(moments: Sequence[MomentInfo], has_plan: bool) -> str:
    """Return the states of the document, newest first, under the form that names one."""
    if not has_plan:
        return empty("整理要点以后，可以把全文存成里程碑，如“送审稿”“定稿”，随时回来看或恢复。")
    names = "".join(f'<option value="{name}">' for name in _NAMES)
    form = (
        '<div class="chooser" data-form><input name="name" class="named" maxlength="40" '
        'list="milestone-names" autocomplete="off" placeholder="名字，如：送审稿" '
        f'aria-label="里程碑的名字"><datalist id="milestone-names">{names}</datalist>'
        f"{mini('存为里程碑', 'milestone', 'strong')}</div>"
        '<p class="note">生成全文、再次整理要点、收回修改稿、恢复、删除和合并之前，会自动留一份。'
        "恢复全文以前也会先留一份，可以撤销。</p>"
    )
    return form + "".join(_row(moment) for moment in moments)


def _row(moment: MomentInfo) -> str:
    kind = "milestone" if moment.milestone else "automatic"
    confirm = "再点一次，恢复全文"
    return (
        f'<div class="moment {kind}"><b>{esc(moment.name)}</b>'
        f"<span>{esc(local_time(moment.created_at))} · {moment.size:,} 字</span>"
        f'<span class="grow"></span>{mini("对比现稿", "compare-moment", id=moment.id)}'
        f"{mini('恢复', 'restore-moment', id=moment.id, confirm=confirm)}</div>"
    )


def compare_moment_html(moment: MomentInfo, pairs: Sequence[Compared]) -> str:
    """Return the sheet that compares a state of the document with now, section by section."""
    changed = [pair for pair in pairs if pair.changed]
    body = "".join(_section(pair) for pair in changed)
    same = len(pairs) - len(changed)
    note = f"{len(changed)} 节有改动，{same} 节一样。" if changed else "和现稿一样。"
    when = local_time(moment.created_at)
    head = f'<p class="note">“{esc(moment.name)}”（{esc(when)}）→ 现稿：{note}</p>'
    restore = mini("恢复这一份", "restore-moment", id=moment.id, confirm="再点一次，恢复全文")
    title = f"对比：{moment.name} 和现稿"
    return dialog_html(title, head + body, restore, with_modes=bool(changed))


def _section(pair: Compared) -> str:
    old, new = pair.old, pair.new
    if new is None and old is not None:
        heading, note = _name(old), "后来删去了"
        body = f'<div class="pane-text"><del>{lines(old.text)}</del></div>'
    elif old is None and new is not None:
        heading, note = _name(new), "后来加的"
        body = f'<div class="pane-text"><ins>{lines(new.text)}</ins></div>'
    elif old is not None and new is not None:
        renamed = old.heading != new.heading
        heading = _name(new)
        note = f"原标题：{_name(old)}" if renamed else ""
        body = comparison(old.text, new.text)
    else:
        return ""
    told = f"<span>{esc(note)}</span>" if note else ""
    return f'<section class="moment-section"><h5>{esc(heading)}{told}</h5>{body}</section>'


def _name(section: DraftSection) -> str:
    return section.heading or f"〔{section.role}〕"
