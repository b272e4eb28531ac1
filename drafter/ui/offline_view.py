"""The settings tab's part that shows whether the program stays within this machine.

One plain sentence at the top, the particulars folded below it.
"""

import threading
from collections.abc import Callable, Iterator

import gradio as gr

from drafter.offline import ModelLook, OfflineLook, hash_models, is_outward, look
from drafter.sockets import Socket
from drafter.ui.jobs import watched
from drafter.ui.parts import button, panel
from drafter.ui.showing import Updates
from drafter.ui.text import esc, megabytes
from drafter.ui.wiring import FREE, Board, Told
from drafter.workflow import Workspace

_WHERE = {
    "listening": "等待连接",
    "loopback": "本机内部",
    "incoming": "别的电脑连进来",
    "outward": "对外连接",
}


def lay_out_offline(board: Board) -> None:
    """Build the part."""
    gr.HTML(
        "<h3>离线检查</h3><p class='note'>看本程序此刻和谁有网络连接，模型文件是不是公布的那一份，"
        "公文字体齐不齐。检查本身不联网。</p>"
    )
    panel(board, "offline")
    with gr.Row(elem_id="offline-actions"):
        button(board, "offline_look", "现在检查")


def wire_offline(board: Board, offline: "Offline") -> None:
    """Connect it."""
    board.on([board.parts["settings_tab"].select], offline.show, (), ("offline",), **FREE)
    board.on(
        [board.parts["offline_look"].click],
        offline.check,
        (),
        ("offline",),
        trigger_mode="once",
        concurrency_limit=1,
    )


class Offline:
    """Looks, and reads the model files in the background while the page tells how far it is."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def show(self, _told: Told) -> Updates:
        """Show how things stand; model files not read yet are named as such."""
        return {"offline": offline_html(look(self._workspace.settings()))}

    def check(self, told: Told) -> Iterator[Updates]:
        """Look again, and hash what was not hashed yet."""
        stop = threading.Event()

        def work(tell: Callable[[str], None]) -> None:
            def progress(file: str, done: int, size: int) -> None:
                tell(f"正在核对模型文件 {file}：{done * 100 // max(1, size)}%")

            hash_models(progress, stop)

        now = look(self._workspace.settings())
        yield {"offline": offline_html(now, "正在检查…")}
        try:
            for message in watched(work):
                yield {"offline": offline_html(now, message)}
        finally:
            stop.set()
        yield self.show(told)


def offline_html(now: OfflineLook, doing: str = "") -> str:
    """Return the part as HTML: the sentence, then sockets, models, fonts, settings."""
    message, good = sentence(now)
    busy = f'<p class="doing">{esc(doing)}</p>' if doing else ""
    return (
        f'<div class="offline"><p class="verdict {"good" if good else "look"}">{esc(message)}</p>'
        f"{busy}{_models(now.models)}{_fonts(now)}{_settings(now)}{_sockets(now.sockets)}</div>"
    )


def sentence(now: OfflineLook) -> tuple[str, bool]:
    """Return the one sentence at the top, and whether it is good news."""
    if now.sockets is None:
        return (
            "这个系统不让程序列出自己的网络连接，这里看不到；"
            "可以在命令行用 netstat -ano 自行查看。本程序没有要求联网的功能在运行。"
            if not is_outward(now.server)
            else f"这个系统不让程序列出自己的网络连接。写作用的是别的电脑上的模型：{now.server}。",
            False,
        )
    places = sorted({f"{one.remote}:{one.remote_port}" for one in now.outward})
    if places:
        return f"有 {len(places)} 处对外连接：{'、'.join(places)}。", False
    if is_outward(now.server):
        return f"此刻没有对外连接；写作时会连到你设置的模型服务：{now.server}。", False
    guests = sorted({one.remote for one in now.incoming})
    if guests:
        return f"没有对外连接。另有 {len(guests)} 台电脑正在使用这里的页面。", True
    return "没有对外连接：本程序现在只和这台电脑自己通信。", True


def _models(models: tuple[ModelLook, ...]) -> str:
    if not models:
        return _line("模型文件", "这里还没有清单上的模型文件", None)
    told = {True: "与公布的一致", False: "与公布的不一致，请重新下载", None: "还没有核对"}
    rows = (
        _line(f"模型 {one.name}", f"{told[one.sound]}（{megabytes(one.bytes)}）", one.sound)
        for one in models
    )
    return "".join(rows)


def _fonts(now: OfflineLook) -> str:
    found, lacking = "、".join(now.fonts_found), "、".join(now.fonts_missing)
    if not lacking:
        return _line("公文字体", f"齐全：{found}", True)
    return _line("公文字体", f"有 {found}；缺 {lacking}" if found else f"都缺：{lacking}", None)


def _settings(now: OfflineLook) -> str:
    server = now.server or "不用（模型在本机运行）"
    rows = [_line("模型服务", server, not is_outward(now.server))]
    rows += [_line(what, "已关闭" if off else "没有关闭", off) for what, off in now.switches]
    if now.proxies:
        rows.append(_line("系统代理", "设了代理；本程序访问本机时不用它", None))
    return "".join(rows)


def _line(name: str, seen: str, good: bool | None) -> str:
    state = {True: "good", False: "bad", None: "plain"}[good]
    return f'<p class="fact {state}"><b>{esc(name)}</b><span>{esc(seen)}</span></p>'


def _sockets(found: tuple[Socket, ...] | None) -> str:
    if not found:
        return ""
    rows = "".join(
        f"<tr><td>{esc(_WHERE[one.where])}</td><td>{esc(one.protocol)}</td>"
        f"<td>{esc(one.local)}:{one.local_port}</td>"
        f"<td>{f'{esc(one.remote)}:{one.remote_port}' if one.remote_port else '—'}</td></tr>"
        for one in found
    )
    return (
        f"<details><summary>网络连接明细（{len(found)} 个）</summary>"
        "<table><thead><tr><th>性质</th>"
        f"<th>协议</th><th>本端</th><th>对端</th></tr></thead><tbody>{rows}</tbody></table></details>"
    )
