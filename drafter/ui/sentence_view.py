"""What belongs to one sentence on the page: a bar that acts on it, the list of locked ones."""

from drafter.locks import SectionLocks
from drafter.types import SectionState
from drafter.ui.tags import mini
from drafter.ui.text import esc


def sentence_bar_html(state: SectionState | None, locks: SectionLocks) -> str:
    """Return the bar for the sentence picked in a section: hidden until one is (sentence.js)."""
    if state is None or not state.section.text.strip():
        return ""
    section = state.section
    sid = esc(section.id)
    held = " disabled" if section.locked else ""
    why = "本节已锁定，先解锁" if section.locked else "只重写这一点，别处一字不动，写到候选里"
    locked = "".join(f'<i data-words="{esc(words)}"></i>' for words in dict.fromkeys(locks.live))
    return (
        f'<div class="sentence-bar" data-section="{sid}" role="group" aria-label="选中的这一句" '
        f'hidden><span class="locks-known" hidden>{locked}</span><span class="which"></span>'
        f'<button type="button" class="mini" data-do="lock-sentence" data-id="{sid}" '
        'title="怎么重写都一字不动、还在原处">锁定这句</button>'
        f"{mini('解锁', 'unlock-sentence', id=section.id)}"
        '<button type="button" class="mini needs-model" data-event="write" data-do="rewrite-point" '
        f'data-id="{sid}" title="{why}"{held}>重写这一点</button></div>'
    )


def locks_html(section_id: str, locks: SectionLocks) -> str:
    """Return the locked sentences of a section, and those whose sentence is gone."""
    if not locks.live and not locks.gone:
        return ""
    live = dict.fromkeys(locks.live)
    rows = "".join(_row(section_id, words, "解锁", "") for words in live)
    rows += "".join(_row(section_id, words, "移除", "gone") for words in locks.gone)
    gone = f"，失效 {len(locks.gone)} 句" if locks.gone else ""
    name = f"锁定 {len(live)} 句{gone}"
    return (
        f'<details class="locks" data-keep="locks-{esc(section_id)}"><summary>{name}</summary>'
        f'<ul aria-label="锁定的句子">{rows}</ul></details>'
    )


def _row(section_id: str, words: str, label: str, kind: str) -> str:
    button = mini(label, "unlock-sentence", id=section_id, words=words)
    note = '<b title="这一句已被改掉，锁定不再起作用">失效</b>' if kind else ""
    return f'<li class="{kind}">{note}<span>{esc(words)}</span>{button}</li>'
