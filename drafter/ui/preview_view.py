"""The report as it will be printed, and the office's own template, as HTML."""

import base64
from collections.abc import Sequence

from drafter.layouts import KeptTemplate, TemplateReport
from drafter.printing import Picture
from drafter.ui.tags import mini
from drafter.ui.text import esc

EMPTY = (
    '<div class="empty"><p>点左边的“生成预览”，这里按顺序显示打印出来的每一页。</p>'
    "<p>与导出的 Word 是同一个版式，由本机的 LibreOffice 排出，一般几秒钟。</p></div>"
)
NO_OFFICE = (
    '<div class="empty"><p>打印预览和 PDF 要用 LibreOffice，这台电脑上没有装。</p>'
    "<p>可以先点“导出 Word”，在 Word 或 WPS 的打印预览里看，或另存为 PDF；"
    "装上免费的 LibreOffice 以后，这里就能用。</p></div>"
)


def working_html(doing: str, done: int = 0, total: int = 0) -> str:
    """Return what is being done, how far it is, and the button that stops it."""
    share = done / total if total else 0.05
    return (
        f'<div class="preview-head" role="status"><span>{esc(doing)}</span>'
        f'<i class="track"><i style="width:{share:.0%}"></i></i><span class="grow"></span>'
        f"{mini('停止', 'stop-preview')}</div>"
    )


def head_html(at: str, shown: int, pages: int, why_stale: str) -> str:
    """Return the line above a preview: when it was made, how many pages, whether it is old."""
    size = f"共 {pages} 页" if shown >= pages else f"共 {pages} 页，只显示前 {shown} 页"
    again = mini("重新生成", "make-preview", "strong" if why_stale else "")
    stale = f'<b class="stale" role="status">{esc(why_stale)}</b>' if why_stale else ""
    return (
        f'<div class="preview-head"><span>{esc(at)} 生成 · {size}</span>{stale}'
        f'<span class="grow"></span>{again}{mini("收起预览", "close-preview")}</div>'
    )


def pages_html(pictures: Sequence[Picture]) -> str:
    """Return the pages in order, each with its number, as pictures that need no other address."""
    pages = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(p.png).decode()}" '
        f'width="{p.width}" height="{p.height}" alt="第 {p.number} 页的样子">'
        f"<figcaption>第 {p.number} 页，共 {p.pages} 页</figcaption></figure>"
        for p in pictures
    )
    return (
        f'<div class="preview-pages" tabindex="0" role="region" aria-label="打印预览">{pages}</div>'
    )


def template_html(template: KeptTemplate, report: TemplateReport | None) -> str:
    """Return what the chosen template gives, and the button that removes it."""
    remove = mini(
        "删除这个模板", "remove-template", "danger", key=template.key, confirm="再点一次，删除模板"
    )
    told = " ".join(report.told()) if report else "这个模板现在读不出来，请换一种版式。"
    return f'<p class="note">{esc(told)}</p><div>{remove}</div>'
