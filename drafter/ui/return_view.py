"""What goes out and what came back, as HTML: fonts, and changes section by section."""

import hashlib
from collections.abc import Collection, Iterator, Sequence

from drafter.handing import Change, Comment, MissingFont, Returned, ReturnedSection
from drafter.ui.tags import mini
from drafter.ui.text import esc

AROUND = 14  # characters shown before and after a change
EMPTY = (
    '<div class="empty"><p>上传别人改过的 Word 文件，这里逐处列出改了什么。</p>'
    "<p>没开修订、直接改的也认得出；采用哪些由您定，原来的文字都在“历史”里。</p></div>"
)
_KINDS = {
    "edited": "",
    "same": "",
    "moved": "位置变了：到“写作”里这一节的“更多”，用上移、下移调整。",
    "merged": "这一节的文字并进了《{}》：两处要一起采用，否则会缺一段或重一段。",
    "removed": "这一节被删去了：采用后本节变空，要连标题一起去掉，到“更多”里删除本节。",
    "split": "从《{}》分出来的文字，文稿里没有这一节：需要时复制到正文，或先加一节。",
    "new": "文稿里没有这一节：需要时复制到正文，或先加一节。",
}


def outgoing_title(title: str) -> str:
    """Return which document this tab is about."""
    return f'<p class="note">当前文稿：<b>{esc(title)}</b></p>' if title else ""


def fonts_html(missing: Sequence[MissingFont]) -> str:
    """Return in one line which fonts this machine lacks and what is shown instead."""
    if not missing:
        return '<p class="note">这个版式用到的字体，本机都有。</p>'
    named = "、".join(
        f"{esc(font.name)}（以{esc(font.stand_in)}代替）" if font.stand_in else esc(font.name)
        for font in missing
    )
    return (
        f'<p class="note">本机缺少字体：{named}。文件里写的仍是规定的字体，在装有这些字体的电脑上'
        "显示如常；每页行数、每行字数不受影响。</p>"
    )


def change_key(section: ReturnedSection, number: int) -> str:
    """Return what a change is remembered by: its words and its place in the text that came back,
    which stays the same when other changes are taken."""
    shift = sum(len(c.after) - len(c.before) for c in section.changes[:number])
    change = section.changes[number]
    return _key(str(section.section_id), str(change.start + shift), change.before, change.after)


def heading_key(section: ReturnedSection) -> str:
    """Return what a changed heading is remembered by."""
    return _key(str(section.section_id), "heading", section.heading)


def title_key(title: str) -> str:
    """Return what a changed title is remembered by."""
    return _key("title", title)


def _key(*parts: str) -> str:
    written = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(written, digest_size=8).hexdigest()


def offers_heading(section: ReturnedSection) -> bool:
    """Say whether a section came back under another heading that can be taken."""
    gone = section.kind in ("removed", "merged")
    return bool(section.section_id and section.heading and section.heading_changed and not gone)


def open_changes(section: ReturnedSection, refused: Collection[str]) -> tuple[int, ...]:
    """Return the places of the changes that were neither taken nor refused."""
    return tuple(n for n in range(len(section.changes)) if change_key(section, n) not in refused)


def returned_html(
    name: str, back: Returned, refused: Collection[str], untouched: Collection[str]
) -> str:
    """Return everything that came back in a file and is still to be decided."""
    headings: dict[str | None, str] = {
        s.section_id: s.old_heading or s.heading for s in back.sections if s.section_id
    }
    blocks = [_title(back, refused)] if back.title and back.title != back.old_title else []
    for section in back.sections:
        if section.section_id not in untouched:
            blocks.append(_section(section, refused, headings))
    body = "".join(block for block in blocks if block)
    notes = "".join(f'<p class="note">{esc(note)}</p>' for note in back.notes)
    kept = "、".join(f"《{esc(headings[i] or '开头或结尾')}》" for i in headings if i in untouched)
    alone = (
        f'<p class="note">{kept}：对方没有改，是您导出以后自己改的，保持现稿。</p>' if kept else ""
    )
    loose = "".join(_comment(comment) for comment in back.comments)
    done = '<p class="doing">没有待定的修改了。</p>' if not body else ""
    return (
        f'<div class="returned"><div class="pane-head"><b>{esc(name)}</b><span class="grow"></span>'
        f"{mini('收起这份文件', 'close-return')}</div>{notes}{alone}{loose}{done}{body}</div>"
    )


def _title(back: Returned, refused: Collection[str]) -> str:
    key = title_key(back.title)
    if key in refused:
        return ""
    change = f"<del>{esc(back.old_title)}</del><ins>{esc(back.title)}</ins>"
    return f'<div class="back-section"><b>标题</b>{_row(change, "", "title", "", key)}</div>'


def _section(
    section: ReturnedSection, refused: Collection[str], headings: dict[str | None, str]
) -> str:
    rows = list(_rows(section, refused))
    rows += [_comment(comment) for comment in section.comments]
    told = _KINDS[section.kind].format(esc(headings.get(section.partner, "") or "别的一节"))
    undecided = section.section_id is None or section.kind == "moved"
    if section.section_id is None:
        rows.append(f"<blockquote>{esc(section.new).replace(chr(10), '<br>')}</blockquote>")
    if not rows and not undecided:
        return ""
    name = section.number + (section.heading or section.old_heading) or "开头或结尾"
    count = len(open_changes(section, refused))
    every = (
        mini(f"本节 {count} 处全部采用", "take-section", id=section.section_id)
        if section.section_id and count > 1
        else ""
    )
    note = f'<p class="note">{told}</p>' if told else ""
    return (
        f'<div class="back-section"><div class="pane-head"><b>{esc(name)}</b>'
        f'<span class="grow"></span>{every}</div>{note}{"".join(rows)}</div>'
    )


def _rows(section: ReturnedSection, refused: Collection[str]) -> Iterator[str]:
    if section.section_id is None:
        return
    key = heading_key(section)
    if offers_heading(section) and key not in refused:
        change = f"标题：<del>{esc(section.old_heading)}</del><ins>{esc(section.heading)}</ins>"
        yield _row(change, "", "heading", section.section_id, key)
    for number in open_changes(section, refused):
        change_ = section.changes[number]
        key = change_key(section, number)
        yield _row(_shown(section, change_), _who(change_), "change", section.section_id, key)


def _row(change: str, who: str, what: str, section_id: str, key: str) -> str:
    return (
        f'<div class="back-change"><div>{change}{who}</div><span class="grow"></span>'
        f"{mini('采用', 'take', id=section_id, what=what, key=key)}"
        f"{mini('不用', 'refuse', id=section_id, what=what, key=key)}</div>"
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


def _comment(comment: Comment) -> str:
    about = f"“{esc(comment.quoted)}”：" if comment.quoted else ""
    who = esc(comment.author or "未署名")
    return f'<p class="back-comment">批注（{who}）{about}{_line(comment.text)}</p>'
