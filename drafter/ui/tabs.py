"""The tabs of files, sample library and settings. No behaviour: that is in `page.py`."""

import gradio as gr

from drafter.ui.choices import ENGINES
from drafter.ui.copies import lay_out_copies
from drafter.ui.export_tab import lay_out_export, lay_out_preview
from drafter.ui.library_view import NO_STRUCTURE
from drafter.ui.offline_view import lay_out_offline
from drafter.ui.parts import ASSETS, button, panel
from drafter.ui.reading_ahead import lay_out_reading_ahead
from drafter.ui.returned_view import EMPTY
from drafter.ui.shelf import ANY_ROLE
from drafter.ui.wiring import Board
from index.parse import EXTENSIONS
from index.types import ROLES


def lay_out_files(board: Board) -> None:
    """Build the tab of what goes out and what comes back."""
    with gr.Row(elem_classes=["two"]):
        with gr.Column(elem_classes=["sheet-block"], min_width=0, scale=2):
            lay_out_export(board)
        with gr.Column(elem_classes=["sheet-block"], min_width=0, scale=3):
            lay_out_preview(board)
            gr.HTML(
                "<h3>收回修改稿</h3><p class='note'>上传领导或同事改过的 Word 文件（修订、批注、"
                "直接改的都可以），逐处决定采用还是不用。</p>"
            )
            _file(board, "edited", "上传改过的 Word 文件", [".docx", ".docm"])
            panel(board, "returned", EMPTY)


def _file(board: Board, name: str, label: str, kinds: list[str]) -> None:
    board.add(
        name,
        gr.File(file_count="single", file_types=kinds, label=label, elem_id=name, height=110),
    )


def lay_out_library(board: Board) -> None:
    """Build the sample library's tab."""
    with gr.Row(elem_classes=["two"]):
        with gr.Column(elem_classes=["sheet-block"], min_width=0):
            gr.HTML("<h3>样本</h3><p class='note'>上传往年的述职报告、汇报、总结；只存在本机。</p>")
            board.add(
                "upload",
                gr.File(
                    file_count="multiple",
                    file_types=sorted(EXTENSIONS),
                    label="上传样本（Word、PDF、WPS、txt、md、zip，可多选）",
                    elem_id="upload",
                    height=120,
                ),
            )
            board.add("outcomes", gr.HTML("", elem_id="outcomes"))
            panel(board, "reports")
            with gr.Row(elem_id="library-actions"):
                button(board, "learn", "学习文风")
                button(board, "stop_learning", "停止学习")
                button(board, "rebuild", "重建样本库")
        with gr.Column(elem_classes=["sheet-block"], min_width=0):
            gr.HTML("<h3>查找</h3>")
            with gr.Row(elem_id="search-row"):
                board.add(
                    "query",
                    gr.Textbox(
                        show_label=False,
                        label="查找",
                        container=False,
                        elem_id="query",
                        placeholder="例如：推动支部标准化建设",
                    ),
                )
                board.add(
                    "role",
                    gr.Dropdown(
                        [ANY_ROLE, *ROLES],
                        value=ANY_ROLE,
                        show_label=False,
                        label="作用",
                        container=False,
                        filterable=False,
                        elem_id="role",
                        min_width=100,
                    ),
                )
                button(board, "search", "查找", primary=True)
            board.add("hits", gr.HTML("", elem_id="hits"))
            gr.HTML("<h3>结构</h3>")
            board.add("parsed", gr.HTML(NO_STRUCTURE, elem_id="parsed"))


def lay_out_settings(board: Board) -> None:
    """Build the settings tab."""
    with gr.Column(elem_classes=["sheet-block", "narrow"], elem_id="settings"):
        gr.HTML(
            "<h3>写作模型</h3><p class='note'>默认模型在普通办公电脑上即可运行。"
            "换更大的模型，文字会更好，也更慢。</p>"
        )
        board.add(
            "set_model",
            gr.Dropdown(
                [],
                label="模型",
                info="可选清单里的模型，也可填 .gguf 文件、模型文件夹的路径，或服务地址（http://…）",
                allow_custom_value=True,
                elem_id="set_model",
            ),
        )
        board.add(
            "set_engine",
            gr.Dropdown(
                list(ENGINES), value="auto", label="引擎", filterable=False, elem_id="set_engine"
            ),
        )
        with gr.Accordion("模型服务（用服务地址时才填）", open=False):
            board.add(
                "set_server_model", gr.Textbox(label="服务上的模型名", elem_id="set_server_model")
            )
            board.add("set_key", gr.Textbox(label="密钥", type="password", elem_id="set_key"))
        gr.HTML("<h3>检索模型</h3>")
        board.add(
            "set_embedder",
            gr.Textbox(
                label="检索模型",
                info="默认 multilingual-e5-small；也可填 sentence-transformers 模型文件夹"
                "（如 bge-small-zh）的路径",
                elem_id="set_embedder",
            ),
        )
        with gr.Row(elem_id="set-actions"):
            button(board, "keep", "保存设置", primary=True)
            button(board, "prepare", "下载并装入模型")
            button(board, "stop_download", "停止下载")
        lay_out_reading_ahead(board)
        gr.HTML("<h3>状态</h3>")
        panel(board, "standing_long")
        gr.HTML((ASSETS / "look.html").read_text(encoding="utf-8"))
        lay_out_offline(board)
        lay_out_copies(board)
