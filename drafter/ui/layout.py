"""The page's components and where they stand. No behaviour: that is wired in `page.py`."""

from collections.abc import Sequence

import gradio as gr

from drafter.ui.compare_view import asking_html
from drafter.ui.fact_wires import lay_out_fact_files
from drafter.ui.habits import lay_out_keys, lay_out_tour
from drafter.ui.history_view import HISTORY_LOOK
from drafter.ui.parts import ASSETS, HIDDEN, button, hidden, panel
from drafter.ui.showing import POOL
from drafter.ui.status_view import IDLE
from drafter.ui.tabs import lay_out_files, lay_out_library, lay_out_settings
from drafter.ui.whole_tab import lay_out_whole
from drafter.ui.wiring import Board

START = """
<div class="sheet-start"><h3>先有要点，再有文章</h3>
<ol><li><b>粘贴要点</b>：左边一行一条，做了什么、多少次、什么结果。</li>
<li><b>整理要点</b>：自动分到各节，提纲可以随意改。</li>
<li><b>生成全文</b>：本机模型逐节写，每个数字都来自您的要点。</li>
<li><b>核对修改</b>：“旁证”里有范例、问题和历史；改完导出 Word。</li></ol>
<p>内容只在装着拟稿台的电脑上处理，不联外网，也不传到外面。</p></div>
"""


def lay_out(board: Board, outlines: Sequence[tuple[str, str]]) -> None:
    """Build the whole page. `outlines` are (label, name)."""
    for name in ("doc_id", "selected", "offset", "ready", "beat"):
        hidden(board, name)
    board.add("live", gr.HTML("", elem_id="live", elem_classes=["unseen"]))
    board.add("timer", gr.Timer(1.0, active=True))
    board.add("watch", gr.Timer(5.0, active=True))
    gr.HTML('<h1 class="unseen-text">拟稿台</h1>')
    panel(board, "message")
    panel(board, "dialog")
    panel(board, "cards", classes="unseen")
    lay_out_keys(board)
    with gr.Tabs(elem_id="main"):
        with gr.Tab("写作", id="write"):
            _writing(board, outlines)
        with gr.Tab("通读", id="whole") as whole:
            board.add("whole_tab", whole)
            lay_out_whole(board)
        with gr.Tab("导出与收回", id="files") as files:
            board.add("files_tab", files)
            lay_out_files(board)
        with gr.Tab("样本库", id="library") as library:
            board.add("library_tab", library)
            lay_out_library(board)
        with gr.Tab("设置", id="settings") as settings:
            board.add("settings_tab", settings)
            lay_out_settings(board)
        with gr.Tab("帮助", id="help"):
            gr.HTML((ASSETS / "guide.html").read_text(encoding="utf-8"), elem_id="guide")


def _writing(board: Board, outlines: Sequence[tuple[str, str]]) -> None:
    with gr.Row(elem_id="docbar"):
        board.add(
            "docs",
            gr.Dropdown(
                [],
                label="文稿",
                show_label=False,
                elem_id="docs",
                container=False,
                filterable=False,
            ),
        )
        button(board, "new", "新建")
        button(board, "rename", "改名")
        button(board, "delete", "删除")
        board.add("saved", gr.HTML("", elem_id="saved"))
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="left", min_width=0):
            _left(board, outlines)
        with gr.Column(elem_id="middle", min_width=0):
            _middle(board)
        with gr.Column(elem_id="right", min_width=0):
            _right(board)
    panel(board, "compare")
    with gr.Row(elem_id="foot"):
        panel(board, "standing")
        board.add("progress", gr.HTML(IDLE, elem_id="progress"))
        button(board, "stop", "停止")
        button(board, "write_all", "生成全文", primary=True)
        for form, label in (("docx", "导出 Word"), ("pdf", "PDF"), ("txt", "txt"), ("md", "md")):
            button(board, f"export_{form}", label)
        board.add("download", gr.DownloadButton("下载", visible=HIDDEN, elem_id="download"))


def _left(board: Board, outlines: Sequence[tuple[str, str]]) -> None:
    gr.HTML('<h2 class="step"><i>1</i>要点</h2>')
    with gr.Accordion("粘贴要点", open=True, elem_id="paste_box") as box:
        board.add("paste_box", box)
        board.add(
            "paste",
            gr.Textbox(
                show_label=False,
                label="要点",
                lines=14,  # as many as may be: it grows by CSS, like editors
                max_lines=14,
                elem_id="paste",
                container=False,
                placeholder="一行一条，例如：\n单位：云岭区某局\n年度：2026\n"
                "1. 召开党组会研究党建工作12次\n2. ……\n"
                "问题：个别支部组织生活质量不高\n打算：每季度开展一次现场指导",
            ),
        )
        lay_out_fact_files(board)
    board.add(
        "outline",
        gr.Dropdown(list(outlines), value="", label="提纲", elem_id="outline", filterable=False),
    )
    with gr.Row(elem_id="paste-actions"):
        button(board, "example", "示例要点")
        button(board, "arrange", "整理要点", primary=True)
    with gr.Tabs(elem_id="left-tabs"):
        with gr.Tab("要点去向", id="facts"):
            panel(board, "facts")
        with gr.Tab("提纲", id="toc"):
            panel(board, "toc")


def _middle(board: Board) -> None:
    with gr.Row(elem_id="sheet-head"):
        gr.HTML('<h2 class="step"><i>2</i>正文</h2>')
        board.add("totals", gr.HTML("", elem_id="totals"))
    lay_out_tour()
    with gr.Column(elem_id="sheet"):
        board.add(
            "title",
            gr.Textbox(
                show_label=False,
                label="标题",
                elem_id="title",
                container=False,
                lines=2,
                max_lines=2,
            ),
        )
        board.add("start", gr.HTML(START, elem_id="start"))
        for card in range(POOL):
            _card(board, card)
        panel(board, "pager")


def _card(board: Board, card: int) -> None:
    # Never hidden by Gradio, which walks through the whole page for each column it shows: a card
    # without a head is not displayed (style.css).
    with gr.Column(elem_classes=["card"], elem_id=f"card-{card}", min_width=0):
        hidden(board, f"stamp.{card}")
        with gr.Row(elem_classes=["card-top"]):
            panel(board, f"head.{card}", classes="head", speaks=False)
            board.add(
                f"heading.{card}",
                gr.Textbox(
                    show_label=False,
                    label="标题",
                    container=False,
                    # As many lines as may be: Gradio then leaves its height alone (keys.js, CSS).
                    lines=2,
                    max_lines=2,
                    min_width=0,
                    interactive=True,  # "cards" tells what is in it: no event takes it as input
                    elem_classes=["heading"],
                    elem_id=f"heading-{card}",
                ),
            )
        with gr.Column(elem_classes=["paper"], min_width=0):
            board.add(
                f"editor.{card}",
                gr.Textbox(
                    show_label=False,
                    label="正文",
                    container=False,
                    # It grows with its text by CSS: Gradio's own way lays the whole page out
                    # twice for each editor, half a second for a long report.
                    lines=2,
                    max_lines=2,
                    autoscroll=False,
                    elem_classes=["editor"],
                    elem_id=f"editor-{card}",
                ),
            )
            panel(board, f"marks.{card}", classes="marks", speaks=False)
        panel(board, f"pane.{card}", classes="pane", speaks=False)
        panel(board, f"tools.{card}", classes="tools-panel", speaks=False)


def _right(board: Board) -> None:
    gr.HTML(
        '<h2 class="step"><i>3</i>旁证</h2><button type="button" id="fold">'
        '<span class="less">收起旁证</span><span class="more">展开旁证</span></button>'
    )
    board.add("ev_title", gr.HTML("", elem_id="ev_title"))
    with gr.Tabs(elem_id="ev-tabs") as tabs:
        board.add("ev_tabs", tabs)
        for name, label in (
            ("exemplars", "范例"),
            ("facts", "要点"),
            ("issues", "问题"),
            ("history", "历史"),
        ):
            with gr.Tab(label, id=name):
                if name == "history":
                    gr.HTML(HISTORY_LOOK)
                    panel(board, "ev_document", classes="evidence")
                panel(board, f"ev_{name}", classes="evidence")
                if name == "exemplars":
                    panel(board, "ev_ask", asking_html(), classes="evidence")
                    panel(board, "ev_found", classes="evidence")
