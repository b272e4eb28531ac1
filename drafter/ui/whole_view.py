"""The whole report as HTML: read through as it will be printed, and what is still to be seen to."""

import re
from collections.abc import Sequence

from drafter.remarks import Remark
from drafter.ui.facts_view import STATUS
from drafter.ui.findings_view import CHECKS, SEVERITY, SIGN
from drafter.ui.marks import diff_html
from drafter.ui.snapshot import Snapshot
from drafter.ui.tags import empty, mini
from drafter.ui.text import count, esc, in_words, spoken
from drafter.whole import Comparison, Item, Paragraph, Promise, Recycled, Unmoved

NO_REPORT = empty("整理要点、写出正文以后，这里可以从头到尾通读一遍。", heading="还没有正文")
NO_EARLIER = empty(
    "上传去年的报告，这里会列出：照搬去年的句子、没有变化的数字、去年说了今年没有交代的打算。"
)
_YEAR = re.compile(r"\d{4}年度?")
MARKS = {"done": "✓", "open": "!", "look": "○"}
WORDS = {"done": "已好", "open": "要处理", "look": "看一看"}


def report_html(paragraphs: Sequence[Paragraph], size: int) -> str:
    """Return the report as one sheet to read, in the order and the kinds of type of the print.

    `size` is its length as it is told everywhere: the sections' texts, without headings.
    """
    if not any(p.kind not in ("title", "heading1", "heading2") for p in paragraphs):
        return NO_REPORT
    parts = []
    for one in paragraphs:
        lead, rest = one.full[: one.lead], one.full[one.lead :]
        text = f'<span class="{one.lead_kind}">{esc(lead)}</span>{esc(rest)}' if lead else esc(rest)
        if one.kind == "title":  # a line does not end inside “2026年度”
            text = _YEAR.sub(r'<span class="unbroken">\g<0></span>', text)
        tag = {"title": "h2", "heading1": "h3", "heading2": "h4"}.get(one.kind, "p")
        parts.append(f'<{tag} class="{one.kind}">{text}</{tag}>')
    return (
        f'<p class="note">全文 {size:,} 字，{spoken(size)}。版式以导出的 Word 为准。</p>'
        f'<article class="printed" tabindex="0" aria-label="通读全文">{"".join(parts)}</article>'
    )


def checklist_html(items: Sequence[Item], own: Sequence[tuple[str, bool]]) -> str:
    """Return what the tool can tell, then what the person ticks off."""
    rows = "".join(_item(item) for item in items)
    ticks = "".join(
        f'<li class="tick{" done" if done else ""}">'
        f'<button type="button" class="box" role="checkbox" aria-checked="{str(done).lower()}" '
        f'data-do="{"untick" if done else "tick"}" data-id="{esc(label)}" '
        f'aria-label="{esc(label)}">{"✓" if done else ""}</button><span>{esc(label)}</span></li>'
        for label, done in own
    )
    return (
        f'<ul class="checklist">{rows}</ul><h5>请您确认</h5><ul class="checklist own">{ticks}</ul>'
    )


def _item(item: Item) -> str:
    note = f'<span class="aside">{esc(item.note)}</span>' if item.note else ""
    go = _go(item.section_id) if item.section_id and item.state != "done" else ""
    return (
        f'<li class="{item.state}"><i title="{WORDS[item.state]}" aria-hidden="true">'
        f'{MARKS[item.state]}</i><span><span class="unseen-text">{WORDS[item.state]}：</span>'
        f"{esc(item.label)}</span>{note}{go}</li>"
    )


def _go(section_id: str, label: str = "去看") -> str:
    return (
        f'<button type="button" class="mini" data-goto="{esc(section_id)}" data-open="select">'
        f"{label}</button>"
    )


def lengths_html(snapshot: Snapshot) -> str:
    """Return the sections with their length, what it was planned to be, and the speaking time."""
    rows = []
    for place, (state, number) in enumerate(zip(snapshot.states, snapshot.numbers, strict=True)):
        section = state.section
        size = count(section.text)
        goal = state.target_chars if section.fact_ids else 0
        if not size and (not goal or snapshot.is_parent(place)):
            continue
        name = number + (section.heading or f"〔{section.role}〕")
        share = min(100, round(100 * size / goal)) if goal else 0
        bar = f'<span class="bar"><i style="width:{share}%"></i></span>' if goal else ""
        rows.append(
            f'<tr><td>{esc(name)}</td><td class="n">{size}</td>'
            f'<td class="n">{goal or "—"}</td><td>{bar}</td></tr>'
        )
    if not rows:
        return ""
    return (
        '<h5>各节篇幅</h5><table class="reports"><thead><tr><th scope="col">节</th>'
        '<th scope="col">字数</th><th scope="col">建议</th><th></th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def walk_html(snapshot: Snapshot) -> str:
    """Return all open findings in the report's order; the list is walked with the arrow keys."""
    labels = snapshot.labels()
    order = {state.section.id: at for at, state in enumerate(snapshot.states)}
    open_ = [remark for remark in snapshot.reviewed.remarks if not remark.ignored]
    open_.sort(key=lambda r: (order.get(r.finding.section_id or "", len(order)),))
    if not open_:
        return '<p class="fine">没有要处理的问题。</p>'
    return "".join(_walked(remark, labels.get(remark.finding.section_id or "", "全文"))
                   for remark in open_)  # fmt: skip


def _walked(remark: Remark, place: str) -> str:
    finding = remark.finding
    sid = finding.section_id or ""
    go = f' data-goto="{esc(sid)}" data-open="issues" role="button"' if sid else ""
    return (
        f'<article class="finding {finding.severity}" tabindex="0"{go}><header>'
        f'<i class="sign">{SIGN[finding.severity]}</i><b>{CHECKS[finding.check]}</b>'
        f'<span class="aside">{SEVERITY[finding.severity]} · {esc(place)}</span></header>'
        f"<p>{esc(in_words(finding.message))}</p></article>"
    )


def facts_table_html(snapshot: Snapshot) -> str:
    """Return where every fact went."""
    if snapshot.sheet is None or not snapshot.uses:
        return '<p class="fine">还没有要点。</p>'
    labels, texts = snapshot.labels(), {fact.id: fact.text for fact in snapshot.sheet.facts}
    rows = []
    written = {state.section.id for state in snapshot.states if state.section.text.strip()}
    for use in snapshot.uses:
        unwritten = use.status == "dropped" and use.section_id not in written
        css, label = STATUS["open" if unwritten else use.status]
        missing = () if unwritten else use.missing
        lost = f'<p class="missing">缺：{esc("、".join(missing))}</p>' if missing else ""
        go = _go(use.section_id, labels.get(use.section_id, "")) if use.section_id else ""
        rows.append(
            f"<tr><td>{esc(use.fact_id)}</td><td>{esc(texts.get(use.fact_id, ''))}{lost}</td>"
            f'<td><span class="chip {css}">{label}</span></td><td>{go}</td></tr>'
        )
    return (
        '<table class="reports facts-table"><thead><tr><th scope="col">编号</th><th scope="col">'
        '要点</th><th scope="col">去向</th><th scope="col">在哪一节</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def earlier_html(name: str, compared: Comparison | None, labels: dict[str, str]) -> str:
    """Return the comparison with last year's report."""
    if compared is None:
        return NO_EARLIER
    open_ = [promise for promise in compared.promises if promise.open]
    told = [promise for promise in compared.promises if not promise.open]
    away = mini("不再对照", "drop-earlier", confirm="再点一次，不再对照")
    parts = [
        f'<p class="note earlier-acts">与《{esc(name)}》对照。 {away}</p>',
        _group("去年说了，今年没有交代", [_promise(one, labels) for one in open_]),
        _group("没有变化的数字", [_unmoved(one, labels) for one in compared.unmoved]),
        _group("与去年相同的句子", [_recycled(one, labels) for one in compared.recycled]),
        _group("已经交代的打算", [_promise(one, labels) for one in told], folded=True),
    ]
    return "".join(parts)


def _group(title: str, rows: Sequence[str], folded: bool = False) -> str:
    if not rows:
        return "" if folded else f'<h5>{title}</h5><p class="fine">没有。</p>'
    shut = "" if folded else " open"
    return (
        f'<details class="group"{shut} data-keep="{title}"><summary>{title}（{len(rows)}）'
        f"</summary>{''.join(rows)}</details>"
    )


def _place(section_id: str, labels: dict[str, str]) -> str:
    return _go(section_id, labels.get(section_id, "去看"))


def _promise(one: Promise, labels: dict[str, str]) -> str:
    if one.section_id is not None:
        said = f'<p class="aside">今年：{esc(one.told)}{_place(one.section_id, labels)}</p>'
    elif one.told:
        said = f'<p class="aside">有这条要点，正文还没有写到：{esc(one.told)}</p>'
    else:
        said = '<p class="aside">今年的正文和要点里都没有找到。确实做了，请补一条要点。</p>'
    return f'<div class="pair"><p>{esc(one.text)}</p>{said}</div>'


def _unmoved(one: Unmoved, labels: dict[str, str]) -> str:
    return (
        f'<div class="pair"><p><b>{esc(one.number)}</b>　{esc(one.clause)}'
        f"{_place(one.section_id, labels)}</p>"
        f'<p class="aside">去年：{esc(one.last)}</p></div>'
    )


def _recycled(one: Recycled, labels: dict[str, str]) -> str:
    kind = "只换了数字" if one.numbers_changed else f"相似 {one.likeness:.2f}"
    return (
        f'<div class="pair"><p>{diff_html(one.last, one.text)}</p>'
        f'<p class="aside">{kind}{_place(one.section_id, labels)}</p></div>'
    )
