"""What goes out, as HTML: which document, and the fonts its Word file asks for."""

from collections.abc import Sequence

from drafter.handing import MissingFont
from drafter.ui.text import esc


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
