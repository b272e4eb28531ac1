"""The upload of fact files beside the paste box: its components and its wiring."""

import gradio as gr

from drafter.ui.desk import Desk
from drafter.ui.fact_files import FactFiles
from drafter.ui.parts import panel
from drafter.ui.wiring import FREE, Board

KINDS = (".docx", ".xlsx", ".csv", ".txt", ".md")


def lay_out_fact_files(board: Board) -> None:
    """Build the button under the paste, and the place where it tells what it read."""
    with gr.Row(elem_id="facts-row"):
        board.add(
            "fact_files",
            gr.UploadButton(
                "从文件读入要点",
                file_count="multiple",
                file_types=list(KINDS),
                size="sm",
                elem_id="fact_files",
                min_width=0,
                scale=0,
            ),
        )
        gr.HTML('<p class="note">Word、Excel、csv、txt，可多选；接在后面。</p>')
    panel(board, "facts_in")


def wire_fact_files(board: Board, desk: Desk) -> None:
    """Connect the upload and the way back."""
    files = FactFiles(desk)
    board.on(
        [board.parts["fact_files"].upload],
        files.read,
        ("fact_files", "doc_id", "paste"),
        ("paste", "facts_in", "fact_files", "saved"),
        **FREE,
    )
    board.on(
        [(board.parts["facts_in"], "act")],
        files.act,
        ("doc_id", "paste"),
        ("paste", "facts_in", "saved"),
        **FREE,
    )
    board.on([board.parts["doc_id"].change], files.clear, (), ("facts_in",), **FREE)
