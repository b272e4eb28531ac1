"""The file that came back, as HTML: what changed, section by section, and the comments."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from drafter.receiving import Change, Comment, Received, Returned, ReturnedSection
from drafter.returned_parts import (
    change_key,
    comment_key,
    heading_key,
    offers_heading,
    offers_title,
    open_changes,
    open_keys,
    part_key,
    part_of,
    sentence_of,
    title_key,
)
from drafter.ui.tags import mini
from drafter.ui.text import esc, local_time

AROUND = 14  # characters shown before and after a change
EMPTY = (
    '<div class="empty"><p>上传别人改过的 Word 文件，这里逐处列出改了什么。</p>'
    "<p>没开修订、直接改的也认得出；采用哪些由您定，原来的文字都在“历史”里。</p></div>"
)
# What is said of a section as a whole, and the words on its two buttons.
_PARTS = {
    "new": ("对方新加的一节。", "加进文稿", "不加"),
    "split": ("从《{}》分出来的一节；原处的那段文字会一并移过来。", "另立一节", "不分"),
    "removed": ("这一节在收回的文件里没有了。", "删去这一节", "保留"),
    "merged": ("这一节并进了《{}》，文字也到了那里。", "照此合并", "不合并"),
    "moved": ("这一节的位置变了，现在排在《{}》后面。", "移过去", "不移"),
}
_NAMELESS = "开头或结尾"


@dataclass(frozen=True, slots=True)
class _View:
    """What every part of the list is shown by. `names` are sections' headings by id."""

    received: Received
    back: Returned
    names: dict[str | None, str]

    def is_open(self, key: str) -> bool:
        """Say whether a thing was not refused."""
        return key not in self.received.refused


def closed_html(received: Received) -> str:
    """Return how to take up a file that was put away."""
    when = esc(local_time(received.at))
    again = mini("重新打开", "reopen-return")
    return f'{EMPTY}<p class="note">收起的文件：{esc(received.name)}（{when} 上传） {again}</p>'


def returned_html(received: Received, back: Returned, untouched: Collection[str]) -> str:
    """Return everything that came back in a file and is still to be decided."""
    names: dict[str | None, str] = {
        s.section_id: s.old_heading or s.heading for s in back.sections if s.section_id
    }
    view = _View(received, back, names)
    blocks = [_title(view)] if offers_title(back) else []
    blocks += [_section(view, s, s.section_id in untouched) for s in back.sections]
    body = "".join(block for block in blocks if block)
    notes = "".join(f'<p class="note">{esc(note)}</p>' for note in back.notes)
    kept = "、".join(f"《{esc(names[i] or _NAMELESS)}》" for i in names if i in untouched)
    alone = (
        f'<p class="note">{kept}：正文对方没有改，是您导出以后自己改的，保持现稿；'
        "标题和位置也照现稿。</p>"
        if kept
        else ""
    )
    loose = "".join(_comments(view, None, back.comments, ""))
    waiting = len(open_keys(back, received.refused, untouched))
    done = "" if waiting else f'<p class="doing">{_nothing(view, bool(notes or alone))}</p>'
    head = _head(view, waiting) + _doubt(back)
    return f'<div class="returned">{head}{notes}{alone}{loose}{done}{body}{_aside(view)}</div>'


def _doubt(back: Returned) -> str:
    """Return why the file cannot be taken whole, "" for an edit of the report."""
    if not back.doubt:
        return ""
    hint = "请看是不是传错了文件。“全部采用”和删去一节在这里不提供；下面的各处可以逐处采用。"
    return f'<p class="doubt" role="alert">{esc(back.doubt)}{hint}</p>'


def _nothing(view: _View, is_noted: bool) -> str:
    """Say why nothing is listed: all was decided, or there was nothing."""
    if view.received.is_begun or view.received.refused:
        return "没有待定的修改了。"
    return f"{'除上面说明的以外，' if is_noted else ''}这份文件与现稿没有不同。"


def _head(view: _View, waiting: int) -> str:
    """Return the file's name, how much is open, and what can be done with all of it."""
    comments = sum(1 for key in _comment_keys(view.back) if key not in view.received.handled)
    told = [f"待定 {waiting} 处"] if waiting else []
    told += [f"批注 {comments} 条"] if comments else []
    every = mini("全部不用", "refuse-all", confirm="确定全部不用？") if waiting else ""
    if waiting and not view.back.doubt:
        every = mini("全部采用", "take-all", "strong", confirm="确定全部采用？") + every
    return (
        f'<div class="pane-head"><b>{esc(view.received.name)}</b>'
        f"<span>{esc(local_time(view.received.at))} 上传　{'　'.join(told)}</span>"
        f'<span class="grow"></span>{every}{mini("收起", "close-return")}</div>'
    )


def _aside(view: _View) -> str:
    """Return what was refused and which comments were dealt with, with the way back."""
    parts = []
    if view.received.refused:
        count = len(view.received.refused)
        parts.append(
            f'<p class="note">不用的修改：{count} 处 {mini("重新列出", "relist-return")}</p>'
        )
    handled = [
        (s.section_id if s else None, comment)
        for s, comment in _all_comments(view.back)
        if comment_key(s.section_id if s else None, comment) in view.received.handled
    ]
    if handled:
        rows = "".join(
            f'<p class="back-comment">{_said(comment)} '
            f"{mini('恢复', 'comment-open', key=comment_key(section_id, comment))}</p>"
            for section_id, comment in handled
        )
        parts.append(
            f'<details class="ignored" data-keep="handled"><summary>已处理的批注 {len(handled)} 条'
            f"</summary>{rows}</details>"
        )
    return "".join(parts)


def _title(view: _View) -> str:
    key = title_key(view.back.title)
    if not view.is_open(key):
        return ""
    change = f"<del>{esc(view.back.old_title)}</del><ins>{esc(view.back.title)}</ins>"
    return f'<div class="back-section"><b>标题</b>{_row(change, "title", "", key)}</div>'


def _section(view: _View, section: ReturnedSection, is_kept: bool) -> str:
    """Return what is open in a section; of one that stays as it is, the comments alone."""
    rows = [] if is_kept else [*_part(view, section), *_rows(view, section)]
    rows += _comments(view, section.section_id, section.comments, section.new)
    if not rows:
        return ""
    name = section.number + (section.heading or section.old_heading) or _NAMELESS
    count = len(open_changes(section, view.received.refused))
    every = (
        mini(f"本节 {count} 处全部采用", "take-section", id=section.section_id)
        if section.section_id and count > 1 and not is_kept and not view.back.doubt
        else ""
    )
    return (
        f'<div class="back-section"><div class="pane-head"><b>{esc(name)}</b>'
        f'<span class="grow"></span>{every}</div>{"".join(rows)}</div>'
    )


def _part(view: _View, section: ReturnedSection) -> Iterator[str]:
    """Yield what there is to decide of a section as a whole, with the words it is about."""
    part, key = part_of(section), part_key(section)
    if part is None or not view.is_open(key):
        return
    said, take, refuse = _PARTS[section.kind]
    partner = section.partner or _before(view.back, section)
    about = said.format(esc(view.names.get(partner) or "别的一节"))
    if partner is None and section.kind == "moved":
        about = "这一节的位置变了，现在排在最前面。"
    take = "" if part == "drop" and view.back.doubt else take
    yield _row(about, part, section.section_id or "", key, take, refuse)
    text = section.new if section.section_id is None else section.old
    if part in ("add", "drop") and text.strip():
        words = esc(text.strip()).replace("\n", "<br>")
        mark = "ins" if part == "add" else "del"
        yield f"<blockquote><{mark}>{words}</{mark}></blockquote>"


def _before(back: Returned, section: ReturnedSection) -> str | None:
    """Return the section of the draft that a section follows in the file."""
    at = back.sections.index(section)
    return next((s.section_id for s in reversed(back.sections[:at]) if s.section_id), None)


def _rows(view: _View, section: ReturnedSection) -> Iterator[str]:
    if section.section_id is None:
        return
    key = heading_key(section)
    if offers_heading(section) and view.is_open(key):
        change = f"标题：<del>{esc(section.old_heading)}</del><ins>{esc(section.heading)}</ins>"
        yield _row(change, "heading", section.section_id, key)
    for number in open_changes(section, view.received.refused):
        change_ = section.changes[number]
        shown = _shown(section, change_) + _who(change_)
        yield _row(shown, "change", section.section_id, change_key(section, number))


def _row(
    change: str, what: str, section_id: str, key: str, take: str = "采用", refuse: str = "不用"
) -> str:
    return (
        f'<div class="back-change"><div>{change}</div><span class="grow"></span>'
        f"{mini(take, 'take', id=section_id, what=what, key=key) if take else ''}"
        f"{mini(refuse, 'refuse', id=section_id, what=what, key=key)}</div>"
    )


def _shown(section: ReturnedSection, change: Change) -> str:
    before = section.old[max(0, change.start - AROUND) : change.start]
    after = section.old[change.end : change.end + AROUND]
    gone = f"<del>{_line(change.before)}</del>" if change.before else ""
    come = f"<ins>{_line(change.after)}</ins>" if change.after else ""
    lead = "…" if change.start > AROUND else ""
    tail = "…" if change.end + AROUND < len(section.old) else ""
    return f"{lead}{_line(before)}{gone}{come}{_line(after)}{tail}"


def _line(text: str) -> str:
    return esc(text).replace("\n", "↵")


def _who(change: Change) -> str:
    who = f"{change.author} {change.date[:10]}".strip()
    return f' <span class="who">（{esc(who)}）</span>' if who else ""


def _all_comments(back: Returned) -> Iterator[tuple[ReturnedSection | None, Comment]]:
    yield from ((None, comment) for comment in back.comments)
    yield from ((s, comment) for s in back.sections for comment in s.comments)


def _comment_keys(back: Returned) -> Iterator[str]:
    for section, comment in _all_comments(back):
        yield comment_key(section.section_id if section else None, comment)


def _comments(
    view: _View, section_id: str | None, comments: Collection[Comment], text: str
) -> Iterator[str]:
    """Yield the comments that are open, each by the sentence it hangs on."""
    for comment in comments:
        key = comment_key(section_id, comment)
        if key in view.received.handled:
            continue
        sentence = ""
        if text and comment.quoted and not comment.in_heading and comment.end > comment.start:
            before, words, after = sentence_of(text, comment.start, comment.end)
            sentence = f"<p>{_line(before)}<mark>{_line(words)}</mark>{_line(after)}</p>"
        elif comment.quoted:
            sentence = f"<p><mark>{_line(comment.quoted)}</mark></p>"
        yield (
            f'<div class="back-comment"><div>{sentence}<p>{_said(comment)}</p></div>'
            f'<span class="grow"></span>{mini("已处理", "comment-done", key=key)}</div>'
        )


def _said(comment: Comment) -> str:
    who = f"{comment.author or '未署名'} {comment.date[:10]}".strip()
    return f'<span class="who">批注（{esc(who)}）：</span>{_line(comment.text)}'
