"""Findings as HTML: each with its reason, what it rests on, and what one click can do about it.

Three severities are told by shape and word as well as by colour, here and in the text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from drafter.fixes import Fix
from drafter.remarks import Matter, Origin, Remark
from drafter.tracing import Sentence
from drafter.types import Finding, SectionState
from drafter.ui.ignoring import reason_html
from drafter.ui.marks import traced_html
from drafter.ui.tags import NOTHING, empty, mini
from drafter.ui.text import esc, in_words

SEVERITY = {"error": "须改", "warning": "留意", "advice": "建议"}
SIGN = {"error": "▲", "warning": "◆", "advice": "○"}
CHECKS = {
    "untraced_number": "数字没有出处",
    "dropped_fact": "要点没有写进去",
    "changed_qualifier": "限定词变了",
    "untraced_name": "名称没有出处",
    "exemplar_leak": "与范例雷同",
    "stale_phrase": "提法过时",
    "arithmetic": "算不平",
    "term_form": "用语不规范",
    "structure": "结构",
    "placeholder": "占位没有填",
    "repetition": "重复",
    "unsupported": "要点里没有依据",
    "hostile_text": "不像写给人看的话",
    "pairing": "问题没有对应措施",
    "empty_phrase": "空话偏多",
    "short_name": "统一简称",
}
# Checks whose fact is the nearest one found, not one the check itself names.
_NEAREST = ("untraced_number", "untraced_name", "unsupported", "exemplar_leak", "arithmetic")


@dataclass(frozen=True, slots=True)
class Account:
    """What the page says of one section's findings: `remarks` of the section, `whole` of no single
    one; passages they copy and fixes by the remark's key; why ignored ones were set aside."""

    remarks: Sequence[Remark] = ()
    whole: Sequence[Remark] = ()
    sentences: Sequence[Sentence] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    fixes: Mapping[str, Sequence[Fix]] = field(default_factory=dict)
    reasons: Mapping[Matter, str] = field(default_factory=dict)
    locked: Sequence[str] = ()


def tally(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity that occurs, worst first."""
    counted = {level: sum(f.severity == level for f in findings) for level in SEVERITY}
    return {level: number for level, number in counted.items() if number}


def tally_html(findings: Sequence[Finding], section_id: str) -> str:
    """Return the count of a section's findings as a button that opens them; "" for none."""
    counted = tally(findings)
    if not counted:
        return ""
    told = "，".join(f"{SEVERITY[level]} {number} 处" for level, number in counted.items())
    signs = "".join(
        f'<i class="{level}">{SIGN[level]}{number}</i>' for level, number in counted.items()
    )
    return (
        f'<button type="button" class="found-count" data-do="issues" data-id="{esc(section_id)}" '
        f'title="{told}，点开逐条看" aria-label="{told}">{signs}</button>'
    )


def findings_html(state: SectionState | None, account: Account) -> str:
    """Return the findings of a section under its marked text, then those of the whole draft."""
    if state is None:
        return NOTHING.format(what="问题")
    text = state.section.text
    open_ = [remark for remark in account.remarks if not remark.ignored]
    open_.sort(key=lambda remark: list(SEVERITY).index(remark.finding.severity))
    parts = []
    if text.strip():
        numbers = {remark.key: number for number, remark in enumerate(open_, start=1)}
        marked = traced_html(text, account.sentences, open_, numbers, account.locked)
        parts.append(
            '<p class="note">点一句，看它出自哪条要点；编号对应下面的问题。</p>'
            f'<div class="preview" role="group" aria-label="本节标记稿">{marked}</div>'
        )
    parts += [_finding(remark, account, number) for number, remark in enumerate(open_, start=1)]
    if not open_:
        parts.append(
            '<p class="fine">这一节没有要处理的问题。</p>'
            if text.strip()
            else empty("写好之后，这里会列出数字、名称、提法等方面的问题。")
        )
    whole = [remark for remark in account.whole if not remark.ignored]
    if whole:
        parts.append('<h5 class="whole">全文</h5>')
        parts += [_finding(remark, account, 0) for remark in whole]
    return "".join(parts) + _set_aside([*account.remarks, *account.whole], account)


def _set_aside(remarks: Sequence[Remark], account: Account) -> str:
    ignored = [remark for remark in remarks if remark.ignored]
    if not ignored:
        return ""
    rows = "".join(_finding(remark, account, 0) for remark in ignored)
    return (
        f'<details class="ignored" data-keep="ignored"><summary>已忽略 {len(ignored)} 处</summary>'
        f"{rows}</details>"
    )


def _finding(remark: Remark, account: Account, number: int) -> str:
    finding = remark.finding
    slice_ = f'<span class="slice">{esc(finding.text[:60])}</span>' if finding.text else ""
    place = f'<i class="n">{number}</i>' if number else ""
    fact = f' data-facts="{esc(remark.fact.id)}"' if remark.fact else ""
    return (
        f'<div class="finding {finding.severity}" tabindex="0" data-key="{remark.key}"{fact}>'
        f'<b>{place}<i class="sign" aria-hidden="true">{SIGN[finding.severity]}</i>'
        f"{SEVERITY[finding.severity]}</b>"
        f"<span>{esc(CHECKS.get(finding.check, finding.check))}</span>{slice_}"
        f"<p>{esc(in_words(finding.message))}</p>{_source(remark, account.origins.get(remark.key))}"
        f'<div class="acts">{_acts(remark, account)}</div></div>'
    )


def _source(remark: Remark, origin: Origin | None) -> str:
    """Return what the finding is judged by: the fact in its words, the report it repeats."""
    parts = []
    if origin is not None:
        where = "，".join(part for part in (origin.report, origin.heading) if part)
        parts.append(f'<p class="source">出自样本：{esc(where)}<q>{esc(origin.run)}</q></p>')
    if remark.fact is not None and not (origin and remark.finding.check == "exemplar_leak"):
        label = "最接近的要点" if remark.finding.check in _NEAREST else "要点"
        parts.append(
            f'<p class="source">{label} <button type="button" class="link" '
            f'data-pick="{esc(remark.fact.id)}" title="看这条要点写在哪一句">{esc(remark.fact.id)}'
            f"</button>：{esc(remark.fact.text)}</p>"
        )
    return "".join(parts)


def _acts(remark: Remark, account: Account) -> str:
    if remark.ignored:
        why = reason_html(remark.key, account.reasons.get(remark.matter, ""))
        return mini("恢复提示", "heed", key=remark.key) + why
    buttons = [
        mini(fix.label, "fix", "strong", title=fix.words, key=remark.key, kind=fix.kind)
        for fix in account.fixes.get(remark.key, ())
    ]
    tip = "核实无误，以后不再提示这一处；可以随时恢复"
    return "".join([*buttons, mini("忽略", "ignore", title=tip, key=remark.key)])


def candidate_faults_html(findings: Sequence[Finding]) -> str:
    """Return what a candidate would be found at fault with, before anybody accepts it."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return ""
    rows = "".join(
        f'<li><i class="sign" aria-hidden="true">{SIGN["error"]}</i>'
        f"{esc(in_words(finding.message))}</li>"
        for finding in errors
    )
    return f'<div class="faults"><b>候选里须改 {len(errors)} 处</b><ul>{rows}</ul></div>'
