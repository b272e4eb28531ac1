"""The candidates of a section as HTML: side by side, each with its difference, faults and facts."""

from collections.abc import Sequence

from drafter.candidates import Variant
from drafter.sentences import bare_sentences
from drafter.types import SectionState
from drafter.ui.findings_view import candidate_faults_html, tally_html
from drafter.ui.marks import diff, growing_html
from drafter.ui.tags import mini
from drafter.ui.text import count, esc, local_time

MOST = 3


def variants_html(state: SectionState, variants: Sequence[Variant]) -> str:
    """Return the candidates side by side, with what can be done with each and with all."""
    if not variants:
        return ""
    section = state.section
    written = bool(section.text.strip())
    hint = "与现稿对比：底色为新增，删除线为去掉" if written else "本节还没有现稿"
    every = (
        mini("全部放弃", "discard-all", id=section.id, title="都收进“历史”，现稿不动")
        if len(variants) > 1
        else ""
    )
    first: dict[str, int] = {}
    panes = ""
    for number, variant in enumerate(variants, start=1):
        twin = first.setdefault(variant.version.text.strip(), number)
        panes += (
            _variant(state, variant, number, len(variants))
            if twin == number
            else _twin(state, variant, number, twin)
        )
    return (
        f'<div class="candidates" role="group" aria-label="候选"><div class="pane-head">'
        f"<b>候选{f' {len(variants)} 稿' if len(variants) > 1 else ''}</b><span>{hint}</span>"
        f'<span class="grow"></span>{every}</div><div class="variants">{panes}</div></div>'
    )


def _variant(state: SectionState, variant: Variant, number: int, total: int) -> str:
    section, version = state.section, variant.version
    name = f"第 {number} 稿" if total > 1 else "候选"
    confirm = {"confirm": "少锁定的句子，再点仍采用"} if variant.lacking else {}
    choice = mini("采用", "accept", "strong", id=section.id, version=version.id, **confirm) + mini(
        "放弃", "discard", id=section.id, version=version.id
    )
    return (
        f'<article class="candidate" aria-label="{name}"><div class="pane-head"><b>{name}</b>'
        f'<span title="{esc(local_time(version.created_at))}">{_amounts(variant)}</span>'
        f"{tally_html(variant.findings, section.id)}"
        f'<span class="grow"></span><span class="choice">{choice}</span></div>'
        f"{_half(variant)}{_lacking(variant)}"
        f"{candidate_faults_html(variant.findings)}"
        f'<div class="pane-text">{_compared(state, variant)}</div></article>'
    )


def _twin(state: SectionState, variant: Variant, number: int, twin: int) -> str:
    """Return a candidate that says, letter for letter, what an earlier one does: it is not shown
    twice."""
    away = mini("放弃", "discard", id=state.section.id, version=variant.version.id)
    return (
        f'<article class="candidate twin" aria-label="第 {number} 稿"><div class="pane-head">'
        f"<b>第 {number} 稿</b><span>与第 {twin} 稿一字不差，不再列出</span>"
        f'<span class="grow"></span>{away}</div></article>'
    )


def _half(variant: Variant) -> str:
    """Return the note on a text that was stopped before it was whole."""
    if not variant.half:
        return ""
    return (
        '<p class="note">停止时写到一半的稿：可以采用后接着写，也可以放弃；再点'
        "“重新生成”，写好的新稿会换下它。</p>"
    )


def _amounts(variant: Variant) -> str:
    """Return length and coverage: “要点 5/5 · 212 字”."""
    told = f"要点 {variant.told}/{variant.facts}"
    short = variant.told < variant.facts
    cover = f'<i class="short">{told}</i>' if short else told
    return (
        f"{cover} · {count(variant.version.text)} 字"
        if variant.facts
        else (f"{count(variant.version.text)} 字")
    )


def _lacking(variant: Variant) -> str:
    if not variant.lacking:
        return ""
    rows = "".join(f"<li>{esc(words)}</li>" for words in variant.lacking)
    return f'<div class="faults"><b>少了锁定的句子</b><ul>{rows}</ul></div>'


def _compared(state: SectionState, variant: Variant) -> str:
    """Return the candidate with its difference, cut into sentences that can be taken one by one."""
    now, text = state.section.text, variant.version.text
    sentences = bare_sentences(text)
    standing = {one.text for one in bare_sentences(now)}
    pieces = diff(now, text) if now.strip() else [("=", text)]
    parts: list[str] = []
    at = position = 0
    for kind, words in pieces:
        if kind == "-":
            parts.append(f"<del>{esc(words)}</del>")
            continue
        while words:
            end = sentences[at].end if at < len(sentences) else len(text)
            here = words[: max(1, end - position)]
            parts.append(f"<ins>{esc(here)}</ins>" if kind == "+" else esc(here))
            words, position = words[len(here) :], position + len(here)
            if at < len(sentences) and position >= end:
                if now.strip() and sentences[at].text not in standing:
                    parts.append(_take(state, variant, at, sentences[at].text))
                at += 1
    return "".join(parts).replace("\n", "<br>")


def _take(state: SectionState, variant: Variant, at: int, words: str) -> str:
    facts = "、".join(variant.sentences[at].fact_ids) if at < len(variant.sentences) else ""
    tip = f"只把这一句放进现稿{f'（{facts}）' if facts else ''}：{words[:40]}"
    label = f"采用这一句：{words[:30]}"
    return (
        f'<button type="button" class="take" data-do="take" data-id="{esc(state.section.id)}" '
        f'data-version="{variant.version.id}" data-at="{at}" title="{esc(tip)}" '
        f'aria-label="{esc(label)}">采用这一句</button>'
    )


def live_html(current: str, text: str, message: str, name: str, before: Sequence[Variant]) -> str:
    """Return the pane while a candidate is written: those finished, and the growing one."""
    panes = "".join(
        f'<article class="candidate"><div class="pane-head"><b>第 {number} 稿</b>'
        f"<span>{_amounts(variant)}</span></div>"
        f'<div class="pane-text">{growing_html(current, variant.version.text)}</div></article>'
        for number, variant in enumerate(before, start=1)
    )
    panes = panes.replace("\n", "<br>")
    body = growing_html(current, text).replace("\n", "<br>")
    return (
        f'<div class="candidates"><div class="variants">{panes}'
        f'<article class="live"><div class="pane-head"><b>{esc(name)}</b>'
        f'<span>{esc(message)}</span></div><div class="pane-text" aria-live="off">{body}'
        '<i class="caret"></i></div></article></div></div>'
    )
