"""A section beside its exemplars, as HTML: what is shared, what was chosen, both texts in full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafter.choosing import Considered
from drafter.hostile import signs, told
from drafter.own_style import Kept
from drafter.patterns import Likeness, Span, compare, parallel
from drafter.types import SectionState
from drafter.ui.tags import NOTHING, badge, empty, mini
from drafter.ui.text import esc
from index.types import ROLES

FORMULA = empty("导语和结语按固定格式生成，不参照范例。")
NO_SAMPLES = empty(
    "样本库里还没有合适的范例。",
    "到“样本库”上传本单位往年的述职报告，写出来会更像您那里的文风。",
)
SAME_ROLE = "same"
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """A section with all that the tab 范例 shows of it. `own`: wording of its facts."""

    state: SectionState
    found: tuple[Considered, ...]
    aside: tuple[Considered, ...]
    kept: tuple[Kept, ...]
    own: tuple[str, ...]

    def likeness(self, one: Considered) -> Likeness:
        """Return what the section and an exemplar share."""
        return compare(self.state.section.text, one.exemplar.section.text, self.own)


def exemplars_html(beside: Beside | None) -> str:
    """Return the exemplars of a section: where from, how close, what they share with its text,
    what can be decided of them; what was set aside; what is kept of the section itself."""
    if beside is None:
        return NOTHING.format(what="范例")
    if not beside.found:
        return NO_SAMPLES + _aside(beside.aside) + _style(beside)
    written = bool(beside.state.section.text.strip())
    cards = "".join(_card(rank, one, beside) for rank, one in enumerate(beside.found, start=1))
    note = "" if written else '<p class="note">写这一节时参照的样本原文。</p>'
    return (
        f"{legend_html() if written else note}{cards}"
        f"{_again(beside.state)}{_aside(beside.aside)}{_style(beside)}"
    )


def legend_html() -> str:
    """Return what the two colours mean."""
    return (
        '<p class="legend"><span><mark class="pattern">句式</mark>与现稿相同，可以照用</span>'
        '<span title="固定提法和本节要点的原话不算"><mark class="copied">字面</mark>'
        "与现稿 8 字以上相同</span></p>"
    )


def marked_html(text: str, patterns: Iterable[Span], copied: Iterable[Span]) -> str:
    """Return the text with shared patterns and copied runs marked; copied ones are on top."""
    kinds = [""] * len(text)
    for css, spans in (("pattern", patterns), ("copied", copied)):
        for start, end in spans:
            kinds[start:end] = [css] * (end - start)
    parts: list[str] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and kinds[at] == kinds[start]:
            continue
        piece = esc(text[start:at]).replace("\n", "<br>")
        css = kinds[start]
        parts.append(f'<mark class="{css}">{piece}</mark>' if css else piece)
        start = at
    return "".join(parts)


def _card(rank: int, one: Considered, beside: Beside) -> str:
    section = one.exemplar.section
    shared = beside.likeness(one)
    css = " pinned" if one.choice == "pinned" else ""
    buttons = "".join(choice_buttons(one))
    look = mini(
        "并排对照", "compare", event="look", id=section.id, title="本节和这段样本并排看，Esc 关闭"
    )
    return (
        f'<article class="exemplar{css}" data-exemplar="{esc(section.id)}">'
        f"<header><b>范例 {rank}</b>{tags_html(one)}{score_html(one)}</header>{_source(one)}"
        f"{_heading(one, beside.state)}{_shared(shared)}"
        f'<div class="sample-text" tabindex="0" aria-label="样本原文">'
        f"{marked_html(section.text, shared.patterns_there, shared.copied_there)}</div>"
        f'<div class="acts">{buttons}{look}</div></article>'
    )


def tags_html(one: Considered) -> str:
    """Return role, and whether it is pinned or of the own unit."""
    pinned = '<span class="tag pin">已固定</span>' if one.choice == "pinned" else ""
    own = '<span class="tag own">本单位</span>' if one.own else ""
    return f"{badge(one.exemplar.section.role)}{pinned}{own}"


def score_html(one: Considered) -> str:
    """Return how close an exemplar is."""
    score = one.exemplar.score
    said = f"{score:.2f}" if score > 0 else "低"
    hint = "与本节标题和要点的相似程度，满分 1"
    if one.choice == "pinned":
        hint += "；固定的范例，相似度低也照用"
    return f'<span class="score" title="{hint}">相似 {said}</span>'


def _source(one: Considered) -> str:
    report = one.report
    title = report.title if report else one.exemplar.section.report
    year = f"{report.year}年" if report and report.year else "年份不详"
    note = "" if one.shot else " · 没有可作示范的整句，只参照句式"
    carried = signs(one.exemplar.section.text)
    if carried:
        note += f" · 里面有{told(carried[:2])}，只当文字看待"
    return f'<p class="source">{esc(title)} · {esc(year)}{esc(note)}</p>'


def _heading(one: Considered, state: SectionState) -> str:
    section = one.exemplar.section
    if not section.heading:
        return ""
    name = esc((section.number or "") + section.heading)
    why = parallel(state.section.heading, section.heading)
    return (
        f'<h5 title="{why}"><mark class="pattern">{name}</mark></h5>' if why else f"<h5>{name}</h5>"
    )


def _shared(shared: Likeness) -> str:
    names = [pattern.name for pattern in shared.patterns]
    if not names:
        return ""
    more = f"等 {len(names)} 种" if len(names) > MOST_NAMED else ""
    return f'<p class="shared">共同的句式：{esc("；".join(names[:MOST_NAMED]))}{more}</p>'


def choice_buttons(one: Considered) -> list[str]:
    """Return what can be decided of an exemplar."""
    exemplar = one.exemplar.section.id
    if one.choice == "pinned":
        pin = mini("取消固定", "unpin", id=exemplar, title="交还给检索决定")
    else:
        pin = mini("固定", "pin", id=exemplar, title="写这一节时一定用它，排在最前")
    return [
        pin,
        mini("换一个", "swap", id=exemplar, title="本节不用这一段，换成下一段最接近的"),
        mini("不再用", "ban", id=exemplar, title="本节以后也不用这一段"),
    ]


def _again(state: SectionState) -> str:
    section = state.section
    why = "本节已锁定，先解锁" if section.locked else "" if section.fact_ids else "本节没有要点"
    off = " disabled" if why else ""
    hint = why or "按上面的范例写到候选里，不动现稿"
    return (
        '<div class="again"><button type="button" class="mini strong needs-model" '
        f'data-event="write" data-do="rewrite" data-id="{esc(section.id)}"{off} '
        f'title="{hint}">用这些范例重写</button></div>'
    )


def _aside(aside: Sequence[Considered]) -> str:
    if not aside:
        return ""
    rows = "".join(
        f"<li><span>{esc(name_of(one))}</span>"
        f"{mini('恢复', 'unban', id=one.exemplar.section.id, title='交还给检索决定')}</li>"
        for one in aside
    )
    return (
        f'<details class="ignored" data-keep="aside"><summary>本节不用的 {len(aside)} 段</summary>'
        f'<ul class="aside">{rows}</ul></details>'
    )


def name_of(one: Considered) -> str:
    """Return report and heading of an exemplar."""
    section = one.exemplar.section
    title = one.report.title if one.report else section.report
    return f"{title} · {section.heading or section.role}"


def _style(beside: Beside) -> str:
    """Return how this section and this report become the style of the own unit."""
    section = beside.state.section
    mine = next((kept for kept in beside.kept if kept.section_id == section.id), None)
    said = ""
    if mine is not None:
        said = "本节已存入" + ("。" if mine.current else "，后来又改过。")
    elif beside.kept:
        said = f"本文稿已存入 {len(beside.kept)} 节。"
    buttons = mini("存入全文", "keep-report", title="除导语、结语外，各节现稿都存入")
    if section.text.strip() and not (mine and mine.current):
        label = "重新存入本节" if mine else "存入本节"
        buttons = mini(label, "keep-style", id=section.id) + buttons
    if mine is not None:
        buttons += mini("撤出本节", "drop-style", id=section.id)
    return (
        '<div class="own-style"><h5 class="whole">存入样本库（本单位文风）</h5>'
        '<p class="note">定稿的文字存进样本库，以后写别的文稿，同样接近时优先作范例。'
        f'{said}</p><div class="acts">{buttons}</div></div>'
    )


# searching by hand


def asking_html() -> str:
    """Return the form to search the library from the tab."""
    options = [(SAME_ROLE, "本节的作用"), ("", "不限"), *((role, role) for role in ROLES)]
    choices = "".join(f'<option value="{value}">{label}</option>' for value, label in options)
    return (
        '<div class="find" data-form><h5 class="whole">在样本库里找</h5><div class="find-row">'
        '<input class="ask" name="query" maxlength="300" autocomplete="off" '
        'placeholder="例如：推动支部标准化建设" aria-label="在样本库里查找">'
        f'<select name="role" aria-label="作用">{choices}</select>'
        f"{mini('查找', 'find-exemplar')}</div></div>"
    )


def found_html(found: Sequence[Considered], asked: str) -> str:
    """Return what a search by hand found; each can be pinned for the section in focus."""
    if not asked.strip():
        return ""
    if not found:
        return empty("没有找到。换个说法，或把作用改成“不限”。")
    return '<div class="found">' + "".join(_hit(one) for one in found) + "</div>"


def _hit(one: Considered) -> str:
    section = one.exemplar.section
    name = esc((section.number or "") + section.heading) if section.heading else ""
    pin = (
        mini("取消固定", "unpin", id=section.id)
        if one.choice == "pinned"
        else mini("固定", "pin", id=section.id, title="写这一节时一定用它，排在最前")
    )
    look = mini("并排对照", "compare", event="look", id=section.id)
    banned = '<span class="tag">本节不用</span>' if one.choice == "banned" else ""
    return (
        f'<article class="exemplar hit"><header>{tags_html(one)}{banned}{score_html(one)}</header>'
        f"{_source(one)}{f'<h5>{name}</h5>' if name else ''}"
        f'<div class="sample-text short" tabindex="0" aria-label="样本原文">'
        f"{marked_html(section.text, (), ())}</div>"
        f'<div class="acts">{pin}{look}</div></article>'
    )
