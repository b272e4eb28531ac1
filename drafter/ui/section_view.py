"""One section's card as HTML: its head, its tools, and the pane under the editor."""

from collections.abc import Sequence

from drafter.candidates import Variant
from drafter.locks import UNLOCKED, SectionLocks
from drafter.remarks import Remark
from drafter.tracing import Sentence
from drafter.types import Fact, SectionState
from drafter.ui.candidates_view import MOST, variants_html
from drafter.ui.findings_view import tally_html
from drafter.ui.marks import traced_html
from drafter.ui.sentence_view import locks_html, sentence_bar_html
from drafter.ui.text import count, esc, lines
from drafter.wishes import presets

LOCK = (
    '<svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true"><path fill="currentColor" '
    'd="M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7h1zm2 0h4V5a2 2 0 0 0-4 0v2z"/></svg>'
)


def head_html(state: SectionState, number: str, selected: bool) -> str:
    """Return the line above the editor: number, role, length, what was found."""
    section = state.section
    size = count(section.text)
    goal = f" / {state.target_chars}" if state.target_chars and section.fact_ids else ""
    amount = f'<span class="amount">{size}{goal} 字</span>' if size or goal else ""
    name = number or (
        "开头" if section.role == "导语" else "结尾" if section.role == "结语" else ""
    )
    lock = f'<span class="locked">{LOCK} 已锁定</span>' if section.locked else ""
    mark = " data-selected" if selected else ""
    found = tally_html(state.findings, section.id) if section.text.strip() else ""
    bare = "" if section.heading else " bare"  # its field for a heading is not displayed
    return (
        f'<div class="card-head level{section.level}{bare}" data-card="{esc(section.id)}"{mark} '
        f'data-do="select" data-id="{esc(section.id)}"><span class="number">{esc(name)}</span>'
        f'<span class="role role-{esc(section.role)}">{esc(section.role)}</span>{lock}{amount}'
        f"{found}</div>"
    )


def tools_html(state: SectionState, is_parent: bool, wanted: int = 1) -> str:
    """Return the buttons of a section; `wanted` is how many candidates were asked for last."""
    section = state.section
    sid = esc(section.id)
    verb = "重新生成" if section.text.strip() else "写这一节"
    formula = section.role in ("导语", "结语")
    writable = not section.locked and not is_parent and (bool(section.fact_ids) or formula)
    why = (
        "本节已锁定，先解锁"
        if section.locked
        else ""
        if writable
        else "本节没有要点，先把要点移进来"
    )
    wish = (
        ""
        if formula or not writable
        else '<input class="wish" name="wish" maxlength="120" autocomplete="off" '
        'placeholder="本次要求，可不填，如：再精练些" aria-label="对本节重写的要求">'
    )
    write = (
        ""
        if is_parent
        else f'<button type="button" class="mini strong needs-model" data-event="write" '
        f'data-do="rewrite" data-id="{sid}"{"" if writable else " disabled"} '
        f'title="{esc(why or "只写这一节，写到候选里，不动现稿")}">{verb}</button>'
    )
    lock = "解锁" if section.locked else "锁定"
    number, chips = (_numbers(wanted), _chips()) if wish else ("", "")
    return (
        f'<div class="tools" data-form>{write}{number}{wish}<span class="grow"></span>'
        f'<button type="button" class="mini" data-do="{"unlock" if section.locked else "lock"}" '
        f'data-id="{sid}" title="锁定后不会被重写">{lock}</button>'
        f'<button type="button" class="mini" data-do="history" data-id="{sid}">历史</button>'
        f"{_menu(state)}{chips}</div>"
    )


def _numbers(wanted: int) -> str:
    """Return the choice of how many candidates are written."""
    options = "".join(
        f'<option value="{n}"{" selected" if n == wanted else ""}>{n} 稿</option>'
        for n in range(1, MOST + 1)
    )
    return (
        f'<select class="variants-wanted" name="variants" aria-label="一次写几稿" '
        f'title="一次写几稿，并排比较">{options}</select>'
    )


def _chips() -> str:
    """Return the wishes that a click fills in."""
    chips = "".join(
        f'<button type="button" class="chip-wish" data-fill="{esc(wish)}">{esc(wish)}</button>'
        for wish in presets()
    )
    return f'<div class="wishes" role="group" aria-label="常用要求">{chips}</div>'


def _menu(state: SectionState) -> str:
    section = state.section
    if not section.heading:
        return ""
    items = [("up", "上移"), ("down", "下移"), ("add-after", "后面加一节")]
    items += [("split", "拆成两节…"), ("merge-next", "与下一节合并")]
    if section.level == 1:
        items.insert(2, ("add-child", "下面加一小节"))
    buttons = "".join(
        f'<button type="button" data-do="{do}" data-id="{esc(section.id)}">{label}</button>'
        for do, label in items
    )
    return (
        '<details class="menu"><summary class="mini">更多</summary><div class="menu-items">'
        f'{buttons}<button type="button" class="danger" data-do="drop" data-id="{esc(section.id)}" '
        'data-confirm="再点一次，删除本节">删除本节</button></div></details>'
    )


def marks_html(
    text: str,
    sentences: Sequence[Sentence],
    remarks: Sequence[Remark],
    locks: SectionLocks = UNLOCKED,
) -> str:
    """Return what is laid over the editor: its text unseen, with the marks of what was found."""
    open_ = [remark for remark in remarks if not remark.ignored]
    body = traced_html(text, sentences, open_, locked=locks.live)
    return f'<div class="overlay" aria-hidden="true">{body}</div>' if text else ""


def pane_html(
    state: SectionState,
    facts: Sequence[Fact],
    variants: Sequence[Variant] = (),
    locks: SectionLocks = UNLOCKED,
) -> str:
    """Return what stands under the editor: the bar for a sentence, the locked ones, the candidates;
    of an unwritten section without any its facts."""
    section = state.section
    bar = sentence_bar_html(state, locks) + locks_html(section.id, locks)
    if variants:
        return bar + variants_html(state, variants)
    if section.text.strip() or not facts:
        return bar
    rows = "".join(f"<li><b>{esc(f.id)}</b> {esc(f.text)}</li>" for f in facts)
    return f'{bar}<div class="waiting"><span>本节要点</span><ul>{rows}</ul></div>'


def first_html(text: str, message: str) -> str:
    """Return the pane while a section is written for the first time: read-only, growing."""
    return (
        f'<div class="live first"><div class="pane-head"><b>正在写</b>'
        f'<span>{esc(message)}</span></div><div class="pane-text" aria-live="off">'
        f'{esc(text).replace(chr(10), "<br>")}<i class="caret"></i></div></div>'
    )


def preview_lines(text: str, limit: int = 60) -> str:
    """Return the beginning of a text on one line."""
    flat = " ".join(text.split())
    return lines(flat[:limit] + ("…" if len(flat) > limit else ""))
