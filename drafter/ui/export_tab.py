"""What goes out, on the tab of files: Word, PDF, preview, changes, evidence. No behaviour."""

import gradio as gr

from drafter.ui.parts import button, panel
from drafter.ui.preview_view import EMPTY
from drafter.ui.wiring import Board
from index.parse import EXTENSIONS

# Fonts of numbers and letters: that of the text around, or the one many offices ask for.
NUMBER_FONTS = (("与正文相同", ""), ("Times New Roman", "Times New Roman"))


def lay_out_export(board: Board) -> None:
    """Build what the person exports, and how it is set."""
    gr.HTML("<h3>导出</h3>")
    board.add("out_title", gr.HTML("", elem_id="out_title"))
    with gr.Row(elem_classes=["beside"]):
        board.add(
            "layout",
            gr.Dropdown([], label="版式", elem_id="layout", filterable=False, min_width=0, scale=3),
        )
        board.add(
            "number_font",
            gr.Dropdown(
                list(NUMBER_FONTS),
                value="",
                label="数字和字母的字体",
                elem_id="number_font",
                filterable=False,
                min_width=0,
                scale=2,
            ),
        )
    panel(board, "fonts")
    with gr.Row(elem_classes=["out-buttons"]):
        button(board, "files_docx", "导出 Word", primary=True)
        button(board, "files_pdf", "导出 PDF")
        button(board, "preview_make", "生成预览")
        board.add(
            "template",
            gr.UploadButton(
                "添加本单位模板…",
                file_count="single",
                file_types=[".dotx", ".docx"],
                elem_id="template",
                size="sm",
                min_width=0,
                scale=0,
            ),
        )
    gr.HTML("<h3>修订稿</h3><p class='note'>用 Word 自带的修订标出改了哪些字。</p>")
    with gr.Row(elem_classes=["beside"]):
        board.add(
            "redline_base",
            gr.Dropdown(
                [], label="与哪一稿相比", elem_id="redline_base", filterable=False, min_width=0
            ),
        )
        button(board, "redline", "导出修订稿")
    board.add(
        "against",
        gr.File(
            file_count="single",
            file_types=[kind for kind in sorted(EXTENSIONS) if kind != ".zip"],
            label="或上传一份旧稿来比（上传即导出）",
            elem_id="against",
            height=110,
        ),
    )
    gr.HTML(
        "<h3>证据附录</h3><p class='note'>每句话依据哪条要点、每条要点写在哪里、忽略了哪些提示、"
        "用的什么模型和样本。给自己留底，不随报告上交。</p>"
    )
    with gr.Row(elem_classes=["out-buttons"]):
        button(board, "appendix_docx", "附录 Word")
        button(board, "appendix_xlsx", "附录 Excel")


def lay_out_preview(board: Board) -> None:
    """Build the place of the print preview."""
    gr.HTML("<h3>打印预览</h3>")
    panel(board, "preview", EMPTY)
    board.add("preview_pages", gr.HTML("", elem_id="preview_pages"))
