"""The left column as HTML: the facts and where each one went, and the outline as a list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from drafter.tracing import Sentence
from drafter.types import FactSheet, FactUse, Plan, PlannedSection, SectionState
from drafter.ui.tags import empty, mini
from drafter.ui.text import count, esc

EMPTY_FACTS = empty(
    "把要点粘贴到上面的框里，一行一条，有数字就写数字。点“整理要点”后，"
    "这里会列出每条要点分到了哪一节。",
    "没有现成材料？点“示例要点”看看整个过程，20 条要点写成一篇大约需要两三分钟。",
    heading="从要点开始",
)
# A fact's status: the class of its chip, and what the chip says. Signs differ in shape, not only in
# colour. "open" is a fact whose section is not written yet.
STATUS = {
    "used": ("used", "✓ 已用"),
    "merged": ("merged", "∪ 并入"),
    "dropped": ("lost", "! 遗漏"),
    "unplaced": ("unplaced", "? 未安排"),
    "open": ("open", "→ 待写"),
}
UNKNOWN = "没有写明单位、职务和年度。可以在要点最前面加“单位：…”“职务：…”“年度：…”。"


def facts_html(
    sheet: FactSheet | None,
    plan: Plan | None,
    uses: Sequence[FactUse],
    labels: Mapping[str, str],
    states: Sequence[SectionState],
    told: Mapping[str, Sequence[Sentence]] = MappingProxyType({}),
) -> str:
    """Return the facts with their status. `labels` are what sections are called in short, `told`
    the sentences of each fact."""
    if sheet is None or plan is None:
        return EMPTY_FACTS
    home = {fact_id: section.id for section in plan.sections for fact_id in section.fact_ids}
    written = {state.section.id for state in states if state.section.text.strip()}
    by_id = {use.fact_id: use for use in uses}
    options = _options(plan, labels)
    rows, tally = [], Counter[str]()
    for fact in sheet.facts:
        place = home.get(fact.id)
        status, where, note = _status(by_id.get(fact.id), place, place in written, labels)
        if status == "merged":
            note = _company(fact.id, told)
        tally[status] += 1
        kind, label = STATUS[status]
        chip = f"{label} {where}".rstrip()
        rows.append(
            f'<details class="fact {kind}" data-fact="{esc(fact.id)}" data-keep="{esc(fact.id)}">'
            f'<summary title="{esc(chip)}"><span class="chip {kind}">{esc(chip)}</span>'
            f'<span class="fid">{esc(fact.id)}</span><span class="ftext">{esc(fact.text)}</span>'
            f"</summary>{_controls(fact.id, place, options, note)}</details>"
        )
    return _summary(len(sheet.facts), tally, sheet) + "".join(rows)


def _status(
    use: FactUse | None, place: str | None, is_written: bool, labels: Mapping[str, str]
) -> tuple[str, str, str]:
    """Return (status, where, note) of one fact."""
    if place is None:
        return "unplaced", "", "还没有放进任何一节，写作时用不到。"
    label = labels.get(place, "")
    if not is_written:
        return "open", label, "这一节还没有写。"
    if use is None:
        return "used", label, ""
    if use.status in ("used", "merged"):
        return use.status, labels.get(use.section_id or place, label), ""
    missing = "、".join(use.missing)
    note = f"正文里没有找到：{missing}。" if missing else "正文里没有找到这一条。"
    return "dropped", label, note


def _company(fact_id: str, told: Mapping[str, Sequence[Sentence]]) -> str:
    """Return which facts are told in the same sentence."""
    mates = {other for sentence in told.get(fact_id, ()) for other in sentence.fact_ids}
    names = "、".join(sorted(mates - {fact_id}, key=lambda name: (len(name), name)))
    return f"与 {names} 写在同一句里。" if names else "与别的要点写在同一句里。"


def _controls(fact_id: str, place: str | None, options: str, note: str) -> str:
    jump = (
        f'<button type="button" class="link" data-goto="{esc(place)}">看这一节</button>'
        if place
        else ""
    )
    chosen = options.replace(f'value="{esc(place)}"', f'value="{esc(place)}" selected', 1)
    return (
        f'<div class="fact-more" data-form>{f"<p>{esc(note)}</p>" if note else ""}'
        f'<label>移到 <select name="to" aria-label="把 {esc(fact_id)} 移到哪一节">{chosen}</select>'
        f"</label>{mini('移动', 'move-fact', id=fact_id)}{jump}</div>"
    )


def _options(plan: Plan, labels: Mapping[str, str]) -> str:
    return (
        "".join(
            f'<option value="{esc(section.id)}">{esc(labels.get(section.id, ""))} '
            f"{esc(section.heading[:16])}</option>"
            for section in plan.sections
            if section.heading and not _has_children(plan, section)
        )
        + '<option value="">不用这一条（移出提纲）</option>'
    )


def _has_children(plan: Plan, section: PlannedSection) -> bool:
    at = plan.sections.index(section)
    following = plan.sections[at + 1 : at + 2]
    return section.level == 1 and bool(following) and following[0].level == 2


def _summary(total: int, tally: Mapping[str, int], sheet: FactSheet) -> str:
    parts = [f"共 {total} 条"]
    parts += [
        f"{label[2:]} {tally[status]}" for status, (_, label) in STATUS.items() if tally[status]
    ]
    said = [sheet.unit, sheet.post, f"{sheet.year}年度" if sheet.year else None]
    who = " · ".join(esc(part) for part in said if part)
    left_out = (
        f'<p class="note">有 {len(sheet.duplicates)} 条与前面重复或只是合计，已略去：'
        f"{esc('；'.join(text[:24] for text in sheet.duplicates[:3]))}</p>"
        if sheet.duplicates
        else ""
    )
    about = f'<p class="note">{who or UNKNOWN}</p>'
    return f'<p class="tally">{"　".join(parts)}</p>{about}{left_out}'


def outline_html(
    states: Sequence[SectionState], numbers: Sequence[str], selected: str, running: str
) -> str:
    """Return the outline as a list to jump from, with how far each section is."""
    if not states:
        return empty("整理要点之后，这里是全文的提纲，点一下就到那一节。")
    rows = []
    for state, number in zip(states, numbers, strict=True):
        section = state.section
        name = (number + section.heading) if section.heading else f"〔{section.role}〕"
        kind, label = _progress(state, running)
        current = " current" if section.id == selected else ""
        rows.append(
            f'<li class="level{section.level}{current}"><button type="button" '
            f'data-goto="{esc(section.id)}" data-do="select" data-id="{esc(section.id)}">'
            f'{esc(name)}</button><span class="dot {kind}">{label}</span></li>'
        )
    return f'<ol class="toc">{"".join(rows)}</ol>'


def _progress(state: SectionState, running: str) -> tuple[str, str]:
    if state.section.id == running:
        return "busy", "在写"
    if state.candidate is not None:
        return "offered", "有候选"
    if state.section.locked:
        return "locked", "已锁定"
    if state.section.text.strip():
        errors = sum(finding.severity == "error" for finding in state.findings)
        return (
            ("bad", f"{errors} 处问题") if errors else ("done", f"{count(state.section.text)} 字")
        )
    return ("open", "待写") if state.section.fact_ids or not state.section.heading else ("none", "")
