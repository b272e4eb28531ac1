"""The history of a section as HTML: every version with who, when and from what, and two of them
side by side. What a window saved against another one is told here too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rapidfuzz.distance import Indel

from drafter.snapshots import Entry
from drafter.types import SectionState, Version
from drafter.ui.marks import diff, diff_html
from drafter.ui.section_view import preview_lines
from drafter.ui.tags import NOTHING, empty, mini
from drafter.ui.text import count, esc, lines, local_time

# Typing saves every second or so. Saves this close in time and in wording are one piece of work;
# a larger change (a paste, a deletion, a restore) always stays visible.
BURST = timedelta(seconds=20)
BURST_CHARACTERS = 24
# Older versions are compared on demand: working out hundreds of differences would slow down typing.
COMPARED_AT_ONCE = 30
NOW = "now"
_TYPED = ("手工修改", "")
_STATUS = {
    "current": "生成全文时写入",
    "candidate": "候选，还没有决定",
    "accepted": "采用的候选",
    "discarded": "放弃的候选",
    "conflict": "另一个窗口写的，还没有决定",
}
UNKNOWN = "旧版本，没有记下从何而来"


def who(version: Version) -> str:
    """Return who wrote a version: the model by name, the genre's formula, or the person."""
    if version.author == "human":
        return "本人"
    return f"模型 {version.run.model}" if version.run else "程序（固定格式）"


def came(entry: Entry, by_id: Mapping[int, Entry]) -> str:
    """Return from what a version came."""
    version = entry.version
    if version.author == "model":
        return _STATUS[entry.status] if version.run or entry.status != "current" else "按格式写入"
    words = entry.came or UNKNOWN
    source = by_id.get(entry.of or 0)
    if source is not None and entry.came:
        words += f"（{local_time(source.version.created_at)} 的版本）"
    if entry.status == "conflict":
        words = _STATUS["conflict"]
    return words


def history_html(
    state: SectionState | None,
    entries: Sequence[Entry],
    milestones: Mapping[int, Sequence[str]],
) -> str:
    """Return the versions, newest first, each with what it changes against the text as it is.

    `milestones` are the names of those a version stood in. What is shown of them is narrowed by the
    page (`HISTORY_LOOK`).
    """
    if state is None:
        return NOTHING.format(what="历史")
    if not entries:
        return empty("还没有历史。每次生成和修改都会留下一个版本，不会被覆盖。")
    by_id = {entry.version.id: entry for entry in entries}
    rows, groups = [], bursts(entries)
    same = [group[0].version.text == state.section.text for group in groups]
    for at, group in enumerate(groups):
        named = [name for entry in group for name in milestones.get(entry.version.id, ())]
        twin = "与现稿相同" if any(same[:at]) else "现稿"  # an old text may have been restored
        rows.append(_row(state, group, by_id, named, at < COMPARED_AT_ONCE, twin))
    note = '<p class="note">展开可看与现稿的差别；恢复也会存成新版本，不会丢掉现稿。</p>'
    return _chooser(state, [group[0] for group in groups], by_id) + note + "".join(rows)


def _row(
    state: SectionState,
    group: Sequence[Entry],
    by_id: Mapping[int, Entry],
    named: Sequence[str],
    at_once: bool,
    twin: str,
) -> str:
    entry, section = group[0], state.section
    version, same = entry.version, entry.version.text == section.text
    restore = (
        f'<span class="now">{twin}</span>'
        if same
        else mini("恢复", "restore", id=section.id, version=version.id)
    )
    stars = "".join(f'<span class="milestone-tag">{esc(name)}</span>' for name in named)
    kind = "milestone " if named else ""
    if same:
        body = lines(version.text)
    elif at_once:
        body = lines_of(diff_html(section.text, version.text))
    else:
        body = mini("看与现稿的差异", "compare", id=section.id, a=NOW, b=version.id)
    was = f"<span>原属《{esc(entry.heading)}》</span>" if entry.heading else ""
    return (
        f'<details class="version {kind}{version.author}" data-keep="v{version.id}"><summary>'
        f'<span class="by">{esc(who(version))}</span>'
        f"<span>{esc(local_time(version.created_at))} · {count(version.text)} 字</span>"
        f'<span class="came">{esc(came(entry, by_id))}</span>{was}{stars}'
        f'<span class="grow"></span>{restore}<p>{preview_lines(version.text)}</p></summary>'
        f'<div class="pane-text">{body}</div>{_burst(section.id, group)}</details>'
    )


def _burst(section_id: str, group: Sequence[Entry]) -> str:
    """Return the saves that one stretch of typing was folded from, to be opened."""
    if len(group) < 2:
        return ""
    rows = "".join(
        f"<li><span>{esc(local_time(entry.version.created_at, seconds=True))} · "
        f'{count(entry.version.text)} 字</span><span class="grow"></span>'
        f"{mini('看差异', 'compare', id=section_id, a=NOW, b=entry.version.id)}"
        f"{mini('恢复', 'restore', id=section_id, version=entry.version.id)}</li>"
        for entry in group
    )
    newest = group[0].version.id
    return (
        f'<details class="burst" data-keep="b{newest}"><summary>连续修改 {len(group)} 次，'
        f"展开逐次看</summary><ul>{rows}</ul></details>"
    )


def _chooser(state: SectionState, newest: Sequence[Entry], by_id: Mapping[int, Entry]) -> str:
    """Return the choice of any two versions to compare."""
    if len(newest) < 2:
        return ""
    labels = [(NOW, "现稿")] + [
        (
            str(entry.version.id),
            f"{local_time(entry.version.created_at)} {who(entry.version)}，{came(entry, by_id)}",
        )
        for entry in newest
    ]
    old, new = str(newest[1].version.id), NOW

    def options(chosen: str) -> str:
        return "".join(
            f'<option value="{value}"{" selected" if value == chosen else ""}>{esc(label)}</option>'
            for value, label in labels
        )

    return (
        f'<div class="chooser" data-form><select name="a" aria-label="旧的一版">{options(old)}'
        f'</select><span>比</span><select name="b" aria-label="新的一版">{options(new)}</select>'
        f"{mini('对比', 'compare', id=state.section.id)}</div>"
    )


def bursts(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the versions, newest first, with every stretch of typing as one group."""
    groups: list[list[Entry]] = []
    seen = Counter(entry.version.text for entry in entries)
    for entry in entries:
        last = groups[-1][-1] if groups else None
        # A text that is there twice was restored: it is not typing, whatever it resembles.
        if last is not None and seen[last.version.text] == 1 and _continues(last, entry):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _continues(later: Entry, earlier: Entry) -> bool:
    """Say whether the later version is the same person typing on in the same section."""
    new, old = later.version, earlier.version
    if not new.author == old.author == "human" or new.section_id != old.section_id:
        return False
    if later.came not in _TYPED or earlier.came not in _TYPED or later.status != earlier.status:
        return False
    gap = datetime.fromisoformat(new.created_at) - datetime.fromisoformat(old.created_at)
    if gap >= BURST:
        return False
    changed = Indel.distance(new.text, old.text, score_cutoff=BURST_CHARACTERS)
    return bool(changed <= BURST_CHARACTERS)


def lines_of(html: str) -> str:
    """Return HTML with its line breaks shown."""
    return html.replace("\n", "<br>")


# What the page shows of the history: narrowed by the browser alone, so that nothing is asked twice.
HISTORY_LOOK = (
    '<div class="look"><span role="radiogroup" aria-label="看哪里的历史">'
    '<label><input type="radio" name="look-scope" value="section" checked>本节</label>'
    '<label><input type="radio" name="look-scope" value="document">全文</label></span>'
    '<span class="look-filter" role="radiogroup" aria-label="只看哪些版本">'
    + "".join(
        f'<label><input type="radio" name="look-history" value="{value}"{on}>{label}</label>'
        for value, label, on in (
            ("all", "全部", " checked"),
            ("model", "模型", ""),
            ("human", "本人", ""),
            ("milestone", "里程碑", ""),
        )
    )
    + "</span></div>"
)


def comparison(old: str, new: str) -> str:
    """Return two texts compared character by character: in one, and side by side."""
    left = right = ""
    for kind, text in diff(old, new):
        if kind in "=-":
            left += esc(text) if kind == "=" else f"<del>{esc(text)}</del>"
        if kind in "=+":
            right += esc(text) if kind == "=" else f"<ins>{esc(text)}</ins>"
    if old == new:
        return f'<p class="fine">两边一字不差。</p><div class="pane-text">{lines(new)}</div>'
    return (
        f'<div class="pane-text in-one">{lines_of(diff_html(old, new))}</div>'
        f'<div class="side-by-side"><div class="pane-text">{lines_of(left)}</div>'
        f'<div class="pane-text">{lines_of(right)}</div></div>'
    )


def dialog_html(title: str, body: str, acts: str = "", *, with_modes: bool = False) -> str:
    """Return a sheet laid over the page. It is closed by the page itself (`data-close-dialog`)."""
    modes = (
        '<span class="modes" role="radiogroup" aria-label="怎样看差异">'
        '<label><input type="radio" name="diff-mode" value="one" checked>合在一起</label>'
        '<label><input type="radio" name="diff-mode" value="two">左右并排</label></span>'
        if with_modes
        else ""
    )
    return (
        f'<div class="dialog" role="dialog" aria-modal="true" aria-label="{esc(title)}">'
        f'<div class="dialog-head"><b>{esc(title)}</b>{modes}<span class="grow"></span>{acts}'
        '<button type="button" class="close" data-close-dialog aria-label="关闭">×</button></div>'
        f'<div class="dialog-body">{body}</div></div>'
    )


def compare_html(section_id: str, name: str, old: Entry | None, new: Entry | None, now: str) -> str:
    """Return the sheet that compares two versions of a section; None stands for the text as it is.

    `now` is that text.
    """
    sides = [_side(entry) for entry in (old, new)]
    restore = "".join(
        mini(f"恢复{place}的", "restore", id=section_id, version=entry.version.id)
        for place, entry in (("旧", old), ("新", new))
        if entry is not None and entry.version.text != now
    )
    texts = [now if entry is None else entry.version.text for entry in (old, new)]
    head = f'<p class="note">{sides[0]}　→　{sides[1]}</p>'
    return dialog_html(f"对比：{name}", head + comparison(*texts), restore, with_modes=True)


def _side(entry: Entry | None) -> str:
    if entry is None:
        return "现稿"
    version = entry.version
    return f"{esc(local_time(version.created_at))} {esc(who(version))}（{esc(came(entry, {}))}）"


# two windows


def conflict_html(section_id: str, version: Version) -> str:
    """Return what stands under the editor while two windows' texts wait for a choice."""
    return (
        f'<div class="twins" role="status"><span>这一节在两个窗口里各存了一稿；后存的一稿 '
        f"{esc(local_time(version.created_at))} 存，{count(version.text)} 字，没有丢。</span>"
        f"{mini('看差异', 'compare', id=section_id, a=NOW, b=version.id)}"
        f"{mini('用后存的', 'settle', take=1, id=section_id, version=version.id)}"
        f"{mini('用先存的', 'settle', take=0, id=section_id, version=version.id)}</div>"
    )


def conflict_buttons(section_id: str, version_id: int) -> str:
    """Return the choice as the window is told whose text came second."""
    return (
        mini("看差异", "compare", id=section_id, a=NOW, b=version_id)
        + mini("用我的（后存）", "settle", take=1, id=section_id, version=version_id)
        + mini("用对方的（先存）", "settle", take=0, id=section_id, version=version_id)
    )
