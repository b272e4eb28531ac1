"""The right column as HTML: exemplars, facts and history of the section in focus."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rapidfuzz.distance import Indel

from drafter.types import Fact, FactUse, SectionState, Version
from drafter.ui.facts_view import STATUS
from drafter.ui.marks import diff_html, shared_html
from drafter.ui.section_view import preview_lines
from drafter.ui.tags import NOTHING, badge, empty
from drafter.ui.text import count, esc, local_time
from index.types import Exemplar, ReportInfo

# Typing saves every second or so. Saves this close in time and in wording are one piece of work;
# a larger change (a paste, a deletion, a restore) always stays visible.
BURST = timedelta(seconds=20)
BURST_CHARACTERS = 24


def exemplars_html(
    state: SectionState | None, found: Sequence[tuple[Exemplar, ReportInfo | None]]
) -> str:
    """Return the exemplars of a section with where they come from and how close they are."""
    if state is None:
        return NOTHING.format(what="范例")
    if not found:
        return empty(
            "样本库里还没有合适的范例。",
            "到“样本库”上传本单位往年的述职报告，写出来会更像您那里的文风。",
        )
    note = "写这一节时参照的样本原文；标记处与现稿字面相同（8 字以上）。"
    articles = [_exemplar(n, *pair, state.section.text) for n, pair in enumerate(found, start=1)]
    return f'<p class="note">{note}</p>{"".join(articles)}'


def _exemplar(rank: int, exemplar: Exemplar, report: ReportInfo | None, text: str) -> str:
    section = exemplar.section
    title = report.title if report else section.report
    year = f"{report.year}年" if report and report.year else "年份不详"
    name = (section.number or "") + section.heading if section.heading else ""
    heading = f"<h5>{esc(name)}</h5>" if name else ""
    return (
        f'<article class="exemplar"><header><b>范例 {rank}</b>{badge(section.role)}'
        '<span class="score" title="与本节要点的相似程度，满分 1">'
        f'相似 {exemplar.score:.2f}</span></header><p class="source">{esc(title)} · {esc(year)}</p>'
        f'{heading}<div class="sample-text">{shared_html(section.text, text)}</div></article>'
    )


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


def history_html(state: SectionState | None, versions: Sequence[Version]) -> str:
    """Return the versions, newest first, each with what it changes against the text as it is."""
    if state is None:
        return NOTHING.format(what="历史")
    if not versions:
        return empty("还没有历史。每次生成和修改都会留下一个版本，不会被覆盖。")
    now = state.section.text
    rows = []
    for version, saves in bursts(versions):
        by = "模型" if version.author == "model" else "本人"
        same = version.text == now
        button = (
            '<span class="now">现稿</span>'
            if same
            else f'<button type="button" class="mini" data-do="restore" '
            f'data-id="{esc(version.section_id)}" data-version="{version.id}">恢复</button>'
        )
        more = f"，连续修改 {saves} 次" if saves > 1 else ""
        body = esc(version.text) if same else diff_html(now, version.text)
        rows.append(
            f'<details class="version {version.author}"><summary><span class="by">{by}</span>'
            f"<span>{esc(local_time(version.created_at))} · {count(version.text)} 字{more}</span>"
            f'<span class="grow"></span>{button}<p>{preview_lines(version.text)}</p></summary>'
            f'<div class="pane-text">{body.replace(chr(10), "<br>")}</div></details>'
        )
    note = '<p class="note">展开可看与现稿的差别；恢复也会存成新版本，不会丢掉现稿。</p>'
    return note + "".join(rows)


def bursts(versions: Sequence[Version]) -> list[tuple[Version, int]]:
    """Return (newest version, how many saves) of every stretch of typing; newest first."""
    groups: list[tuple[Version, int]] = []
    last: Version | None = None
    seen = Counter(version.text for version in versions)
    for version in versions:
        # A text that is there twice was restored: it is not typing, whatever it resembles.
        if last is not None and seen[last.text] == 1 and _continues(last, version):
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((version, 1))
        last = version
    return groups


def _continues(later: Version, earlier: Version) -> bool:
    """Say whether the later version is the same person typing on."""
    if not later.author == earlier.author == "human":
        return False
    gap = datetime.fromisoformat(later.created_at) - datetime.fromisoformat(earlier.created_at)
    if gap >= BURST:
        return False
    changed = Indel.distance(later.text, earlier.text, score_cutoff=BURST_CHARACTERS)
    return bool(changed <= BURST_CHARACTERS)
