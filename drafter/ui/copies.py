"""The settings tab's part about backups: the list, one more copy, the way back, all in one file."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from drafter.errors import InputError, UserFacingError
from drafter.ui.parts import HIDDEN, button, panel
from drafter.ui.showing import Updates
from drafter.ui.status_view import message_html
from drafter.ui.tags import empty, mini
from drafter.ui.text import esc
from drafter.ui.wiring import FREE, Board, Told
from drafter.workflow import Backup, Workspace

MOST_UPLOADED = 100 * 1024**2  # bytes; `MAX_UPLOAD` of drafter.ui.server
WHY = {"daily": "每日自动", "asked": "手动", "before": "替换之前"}
FETCH = "() => setTimeout(() => document.querySelector('#package')?.click(), 60)"


def lay_out_copies(board: Board) -> None:
    """Build the part."""
    gr.HTML(
        "<h3>备份</h3><p class='note'>文稿每天自动备份一次，只存在本机："
        "最近 14 天每天一份，再往前每月一份；"
        "手动的、替换之前的各留最近 10 份。"
        "恢复之前会把现在的文稿先存一份，恢复错了还能恢复回来。</p>"
    )
    panel(board, "copies")
    with gr.Row(elem_id="copies-actions"):
        button(board, "copy_now", "现在备份")
        button(board, "pack", "打包全部文稿")
        board.add("package", gr.DownloadButton("下载", visible=HIDDEN, elem_id="package"))
    board.add(
        "unpack",
        gr.File(
            file_count="single",
            file_types=[".zip"],
            label="导入打包文件（换电脑时用；现在的文稿会先备份）",
            elem_id="unpack",
            height=90,
        ),
    )


def wire_copies(board: Board, copies: "Copies") -> None:
    """Connect it."""
    board.on([board.parts["settings_tab"].select], copies.show, (), ("copies",), **FREE)
    board.on([board.parts["copy_now"].click], copies.make, (), ("copies",), **FREE)
    board.on([(board.parts["copies"], "act")], copies.act, (), ("copies",), **FREE)
    packed = board.on([board.parts["pack"].click], copies.pack, (), ("package",), **FREE)
    packed.success(None, None, None, js=FETCH)
    board.on([board.parts["unpack"].upload], copies.unpack, ("unpack",), ("unpack", "copies"))


class Copies:
    """What the person at the page can do about backups. `folder` is where downloads are laid."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder

    def show(self, _told: Told) -> Updates:
        """Show the copies there are, and what went wrong with the last one, if anything did."""
        keeping = self._workspace.keeping
        return {"copies": copies_html(keeping.backups.list(), keeping.keeper.trouble)}

    def make(self, told: Told) -> Updates:
        """Make one more copy."""
        made = self._workspace.keeping.backups.make()
        note = message_html("info", f"已备份，{made.made:%H:%M} 的一份在列表里。")
        return {**self.show(told), "message": note}

    def act(self, told: Told) -> Updates:
        """Restore a copy, the person having said so twice."""
        if told.get("do") != "restore-copy":
            raise InputError("页面与程序的版本不一致。", "请刷新页面。")
        backups = self._workspace.keeping.backups
        was_there = backups.database.exists()
        became = backups.what_became(backups.restore(told.get("id")), was_there)
        note = message_html("info", "已恢复这份备份。", f"请刷新页面查看。{became}")
        return {**self.show(told), "message": note}

    def pack(self, _told: Told) -> Updates:
        """Put everything into one file and have the browser fetch it."""
        package = self._workspace.keeping.pack(self._folder)
        size = package.stat().st_size
        if size <= MOST_UPLOADED:
            return {"package": str(package)}
        note = message_html(
            "info",
            f"打包文件有 {size / 1024**2:.0f} MB，页面上只能导入 {MOST_UPLOADED // 1024**2} MB"
            "以内的。",
            "在另一台电脑上请运行 python -m drafter backup unpack 加这个文件的名称来导入。",
        )
        return {"package": str(package), "message": note}

    def unpack(self, told: Told, path: str | None) -> Updates:
        """Take in what another computer packed."""
        if not path:
            return {}
        packed = self._workspace.keeping.unpack(Path(path))
        note = message_html(
            "info",
            f"已导入 {packed.documents} 篇文稿、{packed.reports} 篇样本。",
            f"请刷新页面查看。{packed.became}",
        )
        return {"unpack": None, **self.show(told), "message": note}


def copies_html(backups: Sequence[Backup], trouble: UserFacingError | None = None) -> str:
    """Return the list of copies, newest first."""
    warning = (
        f'<p class="missing" role="alert">{esc(trouble.message)}{esc(trouble.hint)}</p>'
        if trouble
        else ""
    )
    if not backups:
        return warning + empty("还没有备份。写下第一篇文稿后，会自动备份。")
    rows = "".join(_row(one) for one in backups)
    return (
        f'{warning}<table class="reports"><thead><tr><th scope="col">时间</th><th scope="col">来由'
        f'</th><th scope="col">大小</th><th></th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(one: Backup) -> str:
    again = mini("恢复", "restore-copy", id=one.name, confirm="再点一次，恢复这份")
    return (
        f"<tr><td>{one.made:%Y-%m-%d %H:%M}</td><td>{WHY[one.why]}</td>"
        f"<td>{one.size / 1024**2:.1f} MB</td><td>{again}</td></tr>"
    )
