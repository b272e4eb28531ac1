"""The sample library as HTML: its reports, one report taken apart, what a search found."""

from collections.abc import Collection, Sequence

from drafter.ui.tags import badge, empty, mini
from drafter.ui.text import count, esc, lines
from index.types import Exemplar, FileOutcome, ParsedReport, ReportInfo, ReportSection, Subsection

EMPTY = empty(
    "第一次启动时会自动导入随软件提供的样本；也可以在上面上传本单位往年的报告（txt、md、docx）。",
    "样本只存在这台电脑上，用来学习标题的写法和各节的文风。",
    heading="样本库还是空的",
)
NO_STRUCTURE = empty("点左边一篇样本，这里显示它被拆成了哪些节、每节是什么作用。")
_OUTCOMES = {"added": "已导入", "unchanged": "已在库中", "duplicate": "重复", "failed": "没有导入"}


def reports_html(reports: Sequence[ReportInfo], chosen: str = "", own: Collection[str] = ()) -> str:
    """Return the list of reports, newest year first; `own` are those of the own unit."""
    if not reports:
        return EMPTY
    newest = sorted(reports, key=lambda r: (-(r.year or 0), r.title))
    rows = "".join(_row(report, report.id == chosen, report.id in own) for report in newest)
    return (
        f'<p class="tally">共 {len(reports)} 篇样本</p><div class="scroll"><table class="reports">'
        "<thead><tr><th>标题</th><th>年份</th><th>节数</th><th>字数</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(report: ReportInfo, chosen: bool, own: bool) -> str:
    mark = (
        mini("取消本单位", "not-own", title="不再优先", id=report.id)
        if own
        else mini("本单位", "own", title="标为本单位的文风：同样接近时优先作范例", id=report.id)
    )
    tag = '<span class="tag own">本单位</span> ' if own else ""
    delete = mini("删除", "delete", "danger", id=report.id, confirm="再点一次，删除")
    return (
        f'<tr{" class=current" if chosen else ""}><td><button type="button" class="link" '
        f'data-do="show" data-id="{esc(report.id)}">{esc(report.title)}</button>'
        f'<span class="from">{tag}{esc(report.source)}</span></td><td>{report.year or "—"}</td>'
        f"<td>{report.sections}</td><td>{report.characters:,}</td>"
        f'<td class="row-acts">{mark}{delete}</td></tr>'
    )


def outcomes_html(outcomes: Sequence[FileOutcome], message: str = "") -> str:
    """Return what became of each uploaded file; `message` is what is going on now."""
    doing = f'<p class="doing">{esc(message)}</p>' if message else ""
    rows = "".join(
        f'<li class="{outcome.status}"><b>{_OUTCOMES[outcome.status]}</b> '
        f"{esc(outcome.path)}<span>{esc(outcome.message)}</span></li>"
        for outcome in outcomes
    )
    return f'<ul class="outcomes">{rows}</ul>{doing}' if rows or doing else ""


def parsed_html(report: ReportInfo, parsed: ParsedReport) -> str:
    """Return the structure of one report as the library understands it."""
    left_out = "<br>".join(esc(line) for line in parsed.dropped_lines)
    dropped = (
        '<details class="dropped"><summary>识别为与报告无关、已剔除的 '
        f"{len(parsed.dropped_lines)} 行</summary>{left_out}</details>"
        if parsed.dropped_lines
        else ""
    )
    opening = "".join(
        f"<p>{lines(part)}</p>" for part in (parsed.salutation, parsed.preamble) if part
    )
    body = "".join(_section(section) for section in parsed.sections)
    return (
        f'<article class="parsed"><h3>{esc(parsed.title)}</h3><p class="note">'
        f"{esc(report.source)} · {report.characters:,} 字</p>{dropped}{opening}{body}</article>"
    )


def _section(section: ReportSection) -> str:
    head = (section.number or "") + (section.heading or "（没有标题）")
    lead = f"<p>{lines(section.lead)}</p>" if section.lead else ""
    return (
        f"<h4>{esc(head)}{badge(section.role)}</h4>"
        f"{lead}{''.join(_subsection(part) for part in section.subsections)}"
    )


def _subsection(part: Subsection) -> str:
    head = (
        f"<h5>{esc((part.number or '') + part.heading)}"
        f'<span class="role role-{esc(part.role)}">{esc(part.role)}</span></h5>'
        if part.heading
        else ""
    )
    points = f'<span class="note">分 {len(part.points)} 点</span>' if part.points else ""
    return f"{head}<p>{lines(part.text)}{points}</p>"


def found_html(found: Sequence[Exemplar], titles: dict[str, ReportInfo], asked: str) -> str:
    """Return what a search found."""
    if not asked.strip():
        return '<p class="note">写一句话或一条要点，看样本里哪些段落与它最接近。</p>'
    if not found:
        return empty("没有找到。换个说法，或把作用改成“不限”。")
    hits = "".join(_hit(rank, exemplar, titles) for rank, exemplar in enumerate(found, start=1))
    return f'<div class="hits">{hits}</div>'


def _hit(rank: int, exemplar: Exemplar, titles: dict[str, ReportInfo]) -> str:
    section = exemplar.section
    report = titles.get(section.report)
    year = f" · {report.year}年" if report and report.year else ""
    heading = f"<h5>{esc((section.number or '') + section.heading)}</h5>" if section.heading else ""
    return (
        f'<article class="exemplar"><header><b>{rank}</b><span class="role '
        f'role-{esc(section.role)}">{esc(section.role)}</span><span class="score">相似 '
        f'{exemplar.score:.2f}</span></header><p class="source">'
        f"{esc(report.title if report else section.report)}{year} · {count(section.text)} 字</p>"
        f'{heading}<div class="sample-text">{lines(section.text)}</div></article>'
    )
